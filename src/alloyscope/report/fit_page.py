"""The page of a fit: what it meets, what it misses, what is known of the parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from alloyscope.case import case_toml
from alloyscope.report.fit_text import (
    BOARD,
    FAILURES,
    PARAMETERS,
    baseline_line,
    board_rows,
    failure_rows,
    fate_columns,
    fate_rows,
    headline,
    interval_line,
    notes,
    parameter_rows,
)
from alloyscope.report.page import render
from alloyscope.results import Results


def fit_page(results: Results, figures: Mapping[str, str], files: Sequence[str]) -> str:
    """The page as HTML.

    figures : SVG elements by name, where they are drawn
    files   : names of the files that lie beside the page
    """
    found = results.fitted
    assert found is not None
    return render(
        "fit.html.j2", title=f"Fit: {results.case.title}".removesuffix(": "),
        headline=headline(found), baselines=baseline_line(found), notes=notes(found),
        board=(BOARD, board_rows(found)), failures=(FAILURES, failure_rows(found)),
        parameters=(PARAMETERS, parameter_rows(found)), intervals=interval_line(found),
        fates=(fate_columns(found), fate_rows(found)), files=files,
        figures={name: Markup(svg) for name, svg in figures.items()},
        case_toml=case_toml(results.case),
    )  # fmt: skip
