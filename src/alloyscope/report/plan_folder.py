"""The folder of a plan: tables, records, figures and the page."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from alloyscope.places import check_folder
from alloyscope.reaction.design import Plan
from alloyscope.report.folder import as_json
from alloyscope.report.outputs import Write
from alloyscope.report.plan_page import plan_page
from alloyscope.report.plan_tables import plan_csvs
from alloyscope.report.written_folder import write_folder
from alloyscope.results import Results

FIGURES = ("map", "products")


def write_plan(out: Path | None, *, figures: bool, overwrite: bool) -> Write:
    """Check the place, and return what will write to it. Raises OutputError."""
    if out:
        check_folder(out, overwrite=overwrite)

    def write(results: Results) -> None:
        if out and results.planned:
            _write(out, results, results.planned, figures)

    return write


def _write(out: Path, results: Results, found: Plan, figures: bool) -> None:
    texts = plan_csvs(found) | {"plan.json": as_json(results.as_json())}
    draw = partial(_draw, out, found) if figures else None
    write_folder(out, results, texts, plan_page, draw, tables=("draws.csv",), figures=FIGURES)


def _draw(out: Path, found: Plan) -> dict[str, str]:
    """Draw every figure, and return their SVG elements by name."""
    from alloyscope.report.plan_figures import map_figure, product_figure
    from alloyscope.report.style import save_both

    return {
        name: save_both(draw(found), out / name)
        for name, draw in zip(FIGURES, (map_figure, product_figure), strict=True)
    }
