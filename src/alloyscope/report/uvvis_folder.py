"""The folder of absorption spectra: tables, records, figures and the page."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from alloyscope.places import check_folder
from alloyscope.report.folder import as_json
from alloyscope.report.outputs import Write
from alloyscope.report.uvvis_page import uvvis_page
from alloyscope.report.uvvis_tables import uvvis_csvs
from alloyscope.report.written_folder import write_folder
from alloyscope.results import Results
from alloyscope.results.uvvis import UvvisRun

FIGURES = ("series", "differences", "unmixing", "components", "fractions", "species", "bands",
           "singular-values", "kinetics", "colour")  # fmt: skip
TABLES = ("bands.csv", "band_curves.csv", "differences.csv", "spectra.csv", "fractions.csv",
          "components.csv", "singular_values.csv", "isosbestic.csv", "kinetics.csv",
          "band_courses.csv", "species_spectra.csv",
          "populations.csv", "colour.csv")  # fmt: skip


def write_uvvis(out: Path | None, *, figures: bool, overwrite: bool) -> Write:
    """Check the place, and return what will write to it. Raises OutputError."""
    if out:
        check_folder(out, overwrite=overwrite)

    def write(results: Results) -> None:
        if out and results.uvvis:
            _write(out, results, results.uvvis, figures)

    return write


def _write(out: Path, results: Results, run: UvvisRun, figures: bool) -> None:
    texts = uvvis_csvs(run) | {"uvvis.json": as_json(results.as_json())}
    draw = partial(_draw, out, run) if figures else None
    write_folder(out, results, texts, uvvis_page, draw, tables=TABLES, figures=FIGURES)


def _draw(out: Path, run: UvvisRun) -> dict[str, str]:
    """Draw every figure that has something to show, and return their SVG elements by name."""
    from alloyscope.report.style import save_both
    from alloyscope.report.uvvis_figures import figures_of

    return {name: save_both(draw(run), out / name) for name, draw in figures_of(run).items()}
