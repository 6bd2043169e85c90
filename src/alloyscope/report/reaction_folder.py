"""The folder of a simulation: tables, records, figures and the page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from alloyscope.case import write_case
from alloyscope.places import check_folder, write_text
from alloyscope.reaction.simulated import Simulated
from alloyscope.report.folder import FORMATS, as_json
from alloyscope.report.reaction_page import reaction_page
from alloyscope.report.reaction_tables import reaction_csvs
from alloyscope.report.shell_tables import mixed_csvs
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
    # What an earlier run wrote and this one does not would be taken for this one's.
    for stale in (*MIXED, *(name + ending for name in FIGURES for ending in FORMATS)):
        (out / stale).unlink(missing_ok=True)
    for name, text in texts.items():
        write_text(out / name, text)
    write_case(results.case, out / "case.resolved.toml", overwrite=True)
    drawn = _draw(out, seen) if figures else {}
    if figures and results.mixed:
        from alloyscope.report.shell_figures import mixed_figure
        from alloyscope.report.style import save_both

        drawn["shells"] = save_both(mixed_figure(results.mixed, seen), out / "shells")
    files = [*texts, "case.resolved.toml", *(name + e for name in drawn for e in FORMATS)]
    write_text(out / "index.html", reaction_page(results, drawn, files))


def _draw(out: Path, seen: Simulated) -> dict[str, str]:
    """Draw every figure, and return their SVG elements by name."""
    from alloyscope.report.reaction_figures import (
        composition_figure,
        framework_figure,
        mean_x_figure,
        waterfall_figure,
    )
    from alloyscope.report.style import save_both

    drawn = (composition_figure, waterfall_figure, framework_figure, mean_x_figure)
    return {
        name: save_both(draw(seen), out / name) for name, draw in zip(FIGURES, drawn, strict=True)
    }
