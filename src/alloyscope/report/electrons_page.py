"""The page of electrons: counts of species, and what is fed against the ratio."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from alloyscope.case import case_toml
from alloyscope.report.electrons_text import (
    SPECIES_COLUMNS,
    fed_columns,
    fed_rows,
    headline,
    species_rows,
)
from alloyscope.report.page import render
from alloyscope.results import Results


def electrons_page(results: Results, figures: Mapping[str, str], files: Sequence[str]) -> str:
    """The page as HTML.

    figures : SVG elements by name, where they are drawn
    files   : names of the files that lie beside the page
    """
    found = results.electrons
    assert found is not None
    return render(
        "electrons.html.j2", title=headline(found), notes=found.notes,
        species=(SPECIES_COLUMNS, species_rows(found)) if found.counted else None,
        fed=(fed_columns(found), fed_rows(found)) if found.fed else None,
        figures={name: Markup(svg) for name, svg in figures.items()}, files=files,
        case_toml=case_toml(results.case),
    )  # fmt: skip
