"""The folder of absorption spectra: tables, records, figures and the page."""

from __future__ import annotations

from pathlib import Path

from alloyscope.case import write_case
from alloyscope.places import check_folder, write_text
from alloyscope.report.folder import FORMATS, as_json
from alloyscope.report.outputs import Write
from alloyscope.report.uvvis_page import uvvis_page
from alloyscope.report.uvvis_tables import uvvis_csvs
from alloyscope.results import Results
from alloyscope.results.uvvis import UvvisRun

FIGURES = ("series", "unmixing", "components", "fractions", "species", "bands",
           "singular-values", "kinetics", "colour")  # fmt: skip
TABLES = ("bands.csv", "spectra.csv", "fractions.csv", "components.csv", "singular_values.csv",
          "isosbestic.csv", "kinetics.csv", "band_courses.csv", "species_spectra.csv",
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
    # What an earlier run wrote and this one does not would be taken for this one's.
    for stale in (*(out / t for t in TABLES), *(out / (f + e) for f in FIGURES for e in FORMATS)):
        stale.unlink(missing_ok=True)
    for name, text in texts.items():
        write_text(out / name, text)
    write_case(results.case, out / "case.resolved.toml", overwrite=True)
    drawn = _draw(out, run) if figures else {}
    files = [*texts, "case.resolved.toml", *(name + e for name in drawn for e in FORMATS)]
    write_text(out / "index.html", uvvis_page(results, drawn, files))


def _draw(out: Path, run: UvvisRun) -> dict[str, str]:
    """Draw every figure that has something to show, and return their SVG elements by name."""
    from alloyscope.report.style import save_both
    from alloyscope.report.uvvis_figures import figures_of

    return {name: save_both(draw(run), out / name) for name, draw in figures_of(run).items()}
