"""The folder of tandem spectra: tables, records, figures and the page."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from alloyscope.places import check_folder
from alloyscope.report.folder import as_json
from alloyscope.report.msms_page import msms_page
from alloyscope.report.msms_tables import msms_csvs
from alloyscope.report.outputs import Write
from alloyscope.report.written_folder import write_folder
from alloyscope.results import Results
from alloyscope.results.msms import TandemMS

FIGURES = ("ladder", "breakdown", "leaving")
TABLES = ("breakdown.csv", "survival.csv")


def write_msms(out: Path | None, *, figures: bool, overwrite: bool) -> Write:
    """Check the place, and return what will write to it. Raises OutputError."""
    if out:
        check_folder(out, overwrite=overwrite)

    def write(results: Results) -> None:
        if out and results.msms:
            _write(out, results, results.msms, figures)

    return write


def _write(out: Path, results: Results, seen: TandemMS, figures: bool) -> None:
    texts = msms_csvs(seen) | {"msms.json": as_json(results.as_json())}
    draw = partial(_draw, out, seen) if figures else None
    write_folder(out, results, texts, msms_page, draw, tables=TABLES, figures=FIGURES)


def _draw(out: Path, seen: TandemMS) -> dict[str, str]:
    """Draw every figure that there is something for, and return their SVG elements by name."""
    from alloyscope.report.msms_figures import breakdown_figure, leaving_figure
    from alloyscope.report.msms_ladder import ladder_figure
    from alloyscope.report.style import save_both

    draw = {"ladder": ladder_figure}
    if seen.breakdown is not None:
        draw["breakdown"] = breakdown_figure
        if seen.breakdown.leaving is not None:
            draw["leaving"] = leaving_figure
    return {name: save_both(figure(seen), out / name) for name, figure in draw.items()}
