"""The folder of electrons: tables, the record, the figure and the page."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from alloyscope.places import check_folder
from alloyscope.report.electrons_page import electrons_page
from alloyscope.report.electrons_tables import electrons_csvs
from alloyscope.report.folder import as_json
from alloyscope.report.outputs import Write
from alloyscope.report.written_folder import write_folder
from alloyscope.results import Results
from alloyscope.results.electrons import Electrons

FIGURES, TABLES = ("fed",), ("species.csv", "fed.csv", "frameworks.csv")


def write_electrons(out: Path | None, *, figures: bool, overwrite: bool) -> Write:
    """Check the place, and return what will write to it. Raises OutputError."""
    if out:
        check_folder(out, overwrite=overwrite)

    def write(results: Results) -> None:
        if out and results.electrons:
            _write(out, results, results.electrons, figures)

    return write


def _write(out: Path, results: Results, found: Electrons, figures: bool) -> None:
    texts = electrons_csvs(found) | {"electrons.json": as_json(results.as_json())}
    draw = partial(_draw, out, found) if figures else None
    write_folder(out, results, texts, electrons_page, draw, tables=TABLES, figures=FIGURES)


def _draw(out: Path, found: Electrons) -> dict[str, str]:
    """Draw what was fed, if anything was, and return its SVG element by name."""
    if not found.fed:
        return {}
    from alloyscope.report.electrons_figure import electrons_figure
    from alloyscope.report.style import save_both

    return {"fed": save_both(electrons_figure(found), out / "fed")}
