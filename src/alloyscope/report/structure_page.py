"""The page of a framework: what is known of it, what is drawn, and how many others there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from alloyscope.case import case_toml
from alloyscope.report.page import render
from alloyscope.report.structure_text import (
    CLASS_COLUMNS,
    DISTANCE_COLUMNS,
    ENERGY_COLUMNS,
    MOTIF_COLUMNS,
    class_rows,
    distance_rows,
    energy_rows,
    fact_line,
    heading,
    homotop_lines,
    motif_rows,
    occupancy_columns,
    occupancy_rows,
)
from alloyscope.results import Results


def structure_page(results: Results, figures: Mapping[str, str], files: Sequence[str]) -> str:
    """The page as HTML.

    figures : SVG elements by name, where they are drawn
    files   : names of the files that lie beside the page
    """
    found = results.structure
    assert found is not None
    drawn = bool(found.drawn)
    return render(
        "structure.html.j2", title=heading(found), facts=fact_line(found), notes=found.notes,
        tables=[(title, columns, rows) for title, columns, rows in (
            ("Site classes", CLASS_COLUMNS, class_rows(found)),
            ("Motifs", MOTIF_COLUMNS, motif_rows(found)),
            ("Distances", DISTANCE_COLUMNS, distance_rows(found)),
            ("Site energies that were computed", ENERGY_COLUMNS, energy_rows(found)),
        ) if rows],
        occupancy_columns=occupancy_columns(found), lines=homotop_lines(found) if drawn else [],
        occupancy_rows=occupancy_rows(found) if drawn else [],
        figures={name: Markup(svg) for name, svg in figures.items()}, files=files,
        case_toml=case_toml(results.case),
    )  # fmt: skip
