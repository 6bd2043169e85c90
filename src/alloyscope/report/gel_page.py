"""The page of a gel: in which order species run, how sure that is, and which band is which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from alloyscope.case import case_toml
from alloyscope.report.gel_text import (
    BAND_COLUMNS,
    MODELS,
    ORDER_COLUMNS,
    all_notes,
    band_rows,
    conditions_line,
    headline,
    match_line,
    missing_lines,
    mobility_columns,
    mobility_rows,
    order_headline,
    order_line,
    order_rows,
    particle_columns,
    particle_rows,
    range_lines,
    reading_line,
)
from alloyscope.report.page import render
from alloyscope.results import Results


def gel_page(results: Results, figures: Mapping[str, str], files: Sequence[str]) -> str:
    """The page as HTML.

    figures : SVG elements by name, where they are drawn
    files   : names of the files that lie beside the page
    """
    found = results.gel
    assert found is not None
    several = len(found.chosen) > 1
    lines = [f"{MODELS[model]}: {order_line(found, model)}" for model in found.mobility]
    return render(
        "gel.html.j2", title=results.case.title if found.mixture else order_headline(found),
        headline=headline(found), conditions=conditions_line(found.conditions),
        notes=all_notes(found), orders=lines if several else [],
        particles=(particle_columns(), particle_rows(found)),
        mobilities=(mobility_columns(found), mobility_rows(found)),
        certainty=(ORDER_COLUMNS, order_rows(found)) if several else None,
        ranges=range_lines(found) if several else [], reading=reading_line(found),
        match=(match_line(found.match), BAND_COLUMNS, band_rows(found.match),
               missing_lines(found.match)) if found.match else None,
        figures={name: Markup(svg) for name, svg in figures.items()}, files=files,
        case_toml=case_toml(results.case),
    )  # fmt: skip
