"""The folder of shells of two kinds of ligand, and what they add to other folders."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from alloyscope.places import check_folder
from alloyscope.report.folder import as_json
from alloyscope.report.outputs import Write
from alloyscope.report.shell_page import shells_page
from alloyscope.report.shell_tables import shell_csvs
from alloyscope.report.written_folder import write_folder
from alloyscope.results import Results
from alloyscope.results.shells import ShellsSeen

FIGURES = ("distribution", "series")


def write_shells(out: Path | None, *, figures: bool, overwrite: bool) -> Write:
    """Check the place, and return what will write to it. Raises OutputError."""
    if out:
        check_folder(out, overwrite=overwrite)

    def write(results: Results) -> None:
        if out and results.shells:
            _write(out, results, results.shells, figures)

    return write


def _write(out: Path, results: Results, seen: ShellsSeen, figures: bool) -> None:
    texts = shell_csvs(seen) | {"shells.json": as_json(results.as_json())}
    draw = partial(_draw, out, seen) if figures else None
    write_folder(out, results, texts, shells_page, draw, tables=("series.csv",), figures=FIGURES)


def _draw(out: Path, seen: ShellsSeen) -> dict[str, str]:
    from alloyscope.report.shell_figures import series_figure, shells_figure
    from alloyscope.report.style import save_both

    drawn = {"distribution": save_both(shells_figure(seen.each), out / "distribution")}
    if seen.series is not None:
        drawn["series"] = save_both(series_figure(seen.series), out / "series")
    return drawn
