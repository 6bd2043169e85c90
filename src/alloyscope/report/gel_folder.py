"""The folder of a gel: tables, records, figures and the page."""

from __future__ import annotations

from pathlib import Path

from alloyscope.case import write_case
from alloyscope.places import check_folder, write_text
from alloyscope.report.folder import FORMATS, as_json
from alloyscope.report.gel_page import gel_page
from alloyscope.report.gel_tables import gel_csvs
from alloyscope.report.outputs import Write
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
    # What an earlier run wrote and this one does not would be taken for this one's.
    for stale in (*(out / t for t in TABLES), *(out / (f + e) for f in FIGURES for e in FORMATS)):
        stale.unlink(missing_ok=True)
    for name, text in texts.items():
        write_text(out / name, text)
    write_case(results.case, out / "case.resolved.toml", overwrite=True)
    drawn = _draw(out, found) if figures else {}
    files = [*texts, "case.resolved.toml", *(name + e for name in drawn for e in FORMATS)]
    write_text(out / "index.html", gel_page(results, drawn, files))


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
