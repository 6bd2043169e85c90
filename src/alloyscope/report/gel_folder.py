"""The folder of a gel: tables, records, figures and the page."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from alloyscope.places import check_folder
from alloyscope.report.folder import as_json
from alloyscope.report.gel_page import gel_page
from alloyscope.report.gel_tables import gel_csvs
from alloyscope.report.outputs import Write
from alloyscope.report.written_folder import write_folder
from alloyscope.results import Results
from alloyscope.results.gel import GelRun

FIGURES = ("lanes", "orders", "ferguson", "match")
TABLES = ("orders.csv", "ranges.csv", "bands.csv")


def write_gel(out: Path | None, *, figures: bool, overwrite: bool) -> Write:
    """Check the place, and return what will write to it. Raises OutputError."""
    if out:
        check_folder(out, overwrite=overwrite)

    def write(results: Results) -> None:
        if out and results.gel:
            _write(out, results, results.gel, figures)

    return write


def _write(out: Path, results: Results, found: GelRun, figures: bool) -> None:
    texts = gel_csvs(found) | {"gel.json": as_json(results.as_json())}
    draw = partial(_draw, out, found) if figures else None
    write_folder(out, results, texts, gel_page, draw, tables=TABLES, figures=FIGURES)


def _draw(out: Path, found: GelRun) -> dict[str, str]:
    """Draw every figure that has something to show, and return their SVG elements by name."""
    from alloyscope.report.gel_figures import (
        ferguson_figure,
        lane_figure,
        match_figure,
        order_figure,
    )
    from alloyscope.report.style import save_both

    drawing = {"lanes": lane_figure}
    if len(found.chosen) > 1 and found.draws:
        drawing["orders"] = order_figure
    if "charge-to-radius" in found.mobility:
        drawing["ferguson"] = ferguson_figure
    if found.match:
        drawing["match"] = match_figure
    return {name: save_both(draw(found), out / name) for name, draw in drawing.items()}
