"""The page of a plan: what to mix and when to stop, what that gives, and how sure it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from alloyscope.case import case_toml
from alloyscope.report.page import render
from alloyscope.report.plan_text import (
    FIGURE_COLUMNS,
    PART_COLUMNS,
    feed_line,
    figure_rows,
    part_rows,
    range_line,
    reading_line,
    target_words,
    volume_line,
)
from alloyscope.results import Results


def plan_page(results: Results, figures: Mapping[str, str], files: Sequence[str]) -> str:
    """The page as HTML.

    figures : SVG elements by name, where they are drawn
    files   : names of the files that lie beside the page
    """
    found = results.planned
    assert found is not None
    return render(
        "plan.html.j2", title=f"{target_words(found)}: {feed_line(found)}",
        volumes=volume_line(found), notes=found.remarks, reading=reading_line(found),
        ranges=range_line(found), figure_columns=FIGURE_COLUMNS, figure_rows=figure_rows(found),
        part_columns=PART_COLUMNS, part_rows=part_rows(found),
        figures={name: Markup(svg) for name, svg in figures.items()}, files=files,
        case_toml=case_toml(results.case),
    )  # fmt: skip
