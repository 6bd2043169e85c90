"""The folder of electrons: tables, the record, the figure and the page."""

from __future__ import annotations

from pathlib import Path

from alloyscope.case import write_case
from alloyscope.places import check_folder, write_text
from alloyscope.report.electrons_page import electrons_page
from alloyscope.report.electrons_tables import electrons_csvs
from alloyscope.report.folder import FORMATS, as_json
from alloyscope.report.outputs import Write
from alloyscope.results import Results

FIGURE, TABLES = "fed", ("species.csv", "fed.csv", "frameworks.csv")


def write_electrons(out: Path | None, *, figures: bool, overwrite: bool) -> Write:
    """Check the place, and return what will write to it. Raises OutputError."""
    if out:
        check_folder(out, overwrite=overwrite)

    def write(results: Results) -> None:
        if out and results.electrons:
            _write(out, results, figures)

    return write


def _write(out: Path, results: Results, figures: bool) -> None:
    found = results.electrons
    assert found is not None
    # What an earlier run wrote and this one does not would be taken for this one's.
    for stale in (*(out / t for t in TABLES), *(out / (FIGURE + e) for e in FORMATS)):
        stale.unlink(missing_ok=True)
    texts = electrons_csvs(found) | {"electrons.json": as_json(results.as_json())}
    for name, text in texts.items():
        write_text(out / name, text)
    write_case(results.case, out / "case.resolved.toml", overwrite=True)
    drawn: dict[str, str] = {}
    if figures and found.fed:
        from alloyscope.report.electrons_figure import electrons_figure
        from alloyscope.report.style import save_both

        drawn[FIGURE] = save_both(electrons_figure(found), out / FIGURE)
    files = [*texts, "case.resolved.toml", *(name + e for name in drawn for e in FORMATS)]
    write_text(out / "index.html", electrons_page(results, drawn, files))
