"""The folder of a simulation: tables, records, figures and the page."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from alloyscope.places import check_folder
from alloyscope.reaction.simulated import Simulated
from alloyscope.report.folder import as_json
from alloyscope.report.reaction_page import reaction_page
from alloyscope.report.reaction_tables import reaction_csvs
from alloyscope.report.shell_tables import mixed_csvs
from alloyscope.report.written_folder import write_folder
from alloyscope.results import Results

FIGURES = ("compositions", "spectra", "frameworks", "mean-x")
MIXED = ("shells.csv", "shell_distribution.csv", "shells.svg", "shells.png")


def write_simulation(
    out: Path | None, *, figures: bool, overwrite: bool
) -> Callable[[Results], None]:
    """Check the place, and return what will write to it. Raises OutputError."""
    if out:
        check_folder(out, overwrite=overwrite)

    def write(results: Results) -> None:
        if out and results.simulated:
            _write(out, results, results.simulated, figures)

    return write


def _write(out: Path, results: Results, seen: Simulated, figures: bool) -> None:
    texts = reaction_csvs(seen) | (mixed_csvs(results.mixed) if results.mixed else {})
    texts["simulation.json"] = as_json(results.as_json())
    draw = partial(_draw, out, results, seen) if figures else None
    write_folder(out, results, texts, reaction_page, draw, tables=MIXED, figures=FIGURES)


def _draw(out: Path, results: Results, seen: Simulated) -> dict[str, str]:
    """Draw every figure, and return their SVG elements by name."""
    from alloyscope.report.reaction_figures import (
        composition_figure,
        framework_figure,
        mean_x_figure,
        waterfall_figure,
    )
    from alloyscope.report.style import save_both

    drawing = (composition_figure, waterfall_figure, framework_figure, mean_x_figure)
    drawn = {
        name: save_both(draw(seen), out / name) for name, draw in zip(FIGURES, drawing, strict=True)
    }
    if results.mixed:
        from alloyscope.report.shell_figures import mixed_figure

        drawn["shells"] = save_both(mixed_figure(results.mixed, seen), out / "shells")
    return drawn
