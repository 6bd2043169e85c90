"""The folder of an assignment: tables, records, figures and the page."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from alloyscope.case import write_case
from alloyscope.places import check_folder, write_text
from alloyscope.report.assignment_page import assignment_page
from alloyscope.report.assignment_tables import assignment_csvs
from alloyscope.report.shell_tables import ligands_csv
from alloyscope.results import Assigned, Results, instrument_json

FIGURES = ("spectrum", "distribution", "ligands")
FORMATS = (".svg", ".png")


def write_assignment(
    out: Path | None, *, figures: bool, overwrite: bool
) -> Callable[[Results], None]:
    """Check the place, and return what will write to it. Raises OutputError."""
    if out:
        check_folder(out, overwrite=overwrite)

    def write(results: Results) -> None:
        if out and results.assigned:
            _write(out, results, results.assigned, figures)

    return write


def _write(out: Path, results: Results, seen: Assigned, figures: bool) -> None:
    texts = assignment_csvs(seen) | (
        {"ligands.csv": ligands_csv(seen.shells)} if seen.shells else {}
    )
    # What an earlier run wrote and this one does not would be taken for this one's.
    (out / "ligands.csv").unlink(missing_ok=True)
    texts["instrument.json"] = as_json(instrument_json(seen.assignment))
    texts["assignment.json"] = as_json(results.as_json())
    for name, text in texts.items():
        write_text(out / name, text)
    write_case(results.case, out / "case.resolved.toml", overwrite=True)
    # What an earlier run drew and this one does not would be taken for this one's.
    for stale in (*out.glob("ions/ions-[0-9]*.*"), *(out / (f + e) for f in FIGURES
                                                     for e in FORMATS)):  # fmt: skip
        if stale.suffix in FORMATS:
            stale.unlink(missing_ok=True)
    drawn, closeups = _draw(out, seen) if figures else ({}, {})
    files = [*texts, "case.resolved.toml"]
    files += [name + ending for name in (*drawn, *closeups) for ending in FORMATS]
    page = assignment_page(results, drawn, list(closeups.values()), files)
    write_text(out / "index.html", page)


def _draw(out: Path, seen: Assigned) -> tuple[dict[str, str], dict[str, str]]:
    """Draw every figure, and return their SVG elements by name."""
    from alloyscope.report.assignment_figures import distribution_figure, spectrum_figure
    from alloyscope.report.ion_panels import ion_figures
    from alloyscope.report.style import save_both

    drawn = {
        "spectrum": save_both(spectrum_figure(seen), out / "spectrum"),
        "distribution": save_both(distribution_figure(seen), out / "distribution"),
    }
    if seen.shells:
        from alloyscope.report.shell_figures import shells_figure

        drawn["ligands"] = save_both(shells_figure(seen.shells, sources=False), out / "ligands")
    closeups = {}
    for number, figure in enumerate(ion_figures(seen), 1):
        name = f"ions/ions-{number:02d}"
        closeups[name] = save_both(figure, out / name)
    return drawn, closeups


def as_json(content: object) -> str:
    """Plain types as JSON text."""
    return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
