"""Where results go: the terminal, figures, tables and pages.

What is asked for is checked before anything is computed, so that no minute of work ends in
"the file exists".
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from rich.console import Console

from alloyscope.chemistry.ligand import Vocabulary
from alloyscope.places import check_figure_path, check_free, write_text
from alloyscope.report.tables import (
    adduct_table,
    ligand_table,
    look_summary,
    overlay_table,
    pattern_csv,
    pattern_tables,
    peak_csv,
)
from alloyscope.results import Results

Write = Callable[[Results], None]


def write_patterns(figure: Path | None, csv: Path | None, *, overwrite: bool) -> Write:
    """Check the places, and return what will write to them. Raises OutputError."""
    if figure:
        check_figure_path(figure, overwrite=overwrite)
    if csv:
        check_free(csv, overwrite=overwrite)

    def write(results: Results) -> None:
        if csv:
            write_text(csv, pattern_csv(results.patterns))
        if figure:
            from alloyscope.report.figures import pattern_figure
            from alloyscope.report.style import save

            save(pattern_figure(results.patterns), figure)

    return write


def write_look(
    figure: Path | None, peaks: Path | None, page: Path | None, *, overwrite: bool
) -> Write:
    """Check the places, and return what will write to them. Raises OutputError."""
    if figure:
        check_figure_path(figure, overwrite=overwrite)
    for path in (peaks, page):
        if path:
            check_free(path, overwrite=overwrite)

    def write(results: Results) -> None:
        if figure and results.look:
            from alloyscope.report.figures import look_figure
            from alloyscope.report.style import save

            save(look_figure(results.look, results.case.show), figure)
        if peaks and results.look:
            write_text(peaks, peak_csv(results.look))
        if page:
            from alloyscope.report.document import look_page

            write_text(page, look_page(results))

    return write


def print_json(results: Results) -> None:
    """The result as JSON on standard output."""
    print(json.dumps(results.as_json(), indent=1, ensure_ascii=False, allow_nan=False))


def print_tables(results: Results) -> None:
    """The result as tables on standard output."""
    console = _console()
    if results.patterns:
        console.print(pattern_tables(results.patterns))
    if results.identified:
        from alloyscope.report.identified import identified_text

        console.print(identified_text(results.identified, results.case.space.aliases))
    if results.assigned:
        from alloyscope.report.assignment_text import assignment_text

        console.print(assignment_text(results.assigned))
    if results.simulated:
        from alloyscope.report.reaction_text import reaction_text

        console.print(reaction_text(results.simulated))
    if results.mixed:
        from alloyscope.report.shell_text import mixed_text

        console.print(mixed_text(results.mixed))
    if results.shells:
        from alloyscope.report.shell_text import shells_text

        console.print(shells_text(results.shells))
    if results.fitted:
        from alloyscope.report.fit_text import fit_text

        console.print(fit_text(results.fitted))
    if results.compared:
        from alloyscope.report.compare_tables import compare_text

        console.print(compare_text(results.compared))
    if results.audited:
        from alloyscope.report.audit_tables import audit_text

        console.print(audit_text(results.audited))
    if results.planned:
        from alloyscope.report.plan_text import plan_text

        console.print(plan_text(results.planned))
    if results.msms:
        from alloyscope.report.msms_text import msms_text

        console.print(msms_text(results.msms))
    if results.gel:
        from alloyscope.report.gel_text import gel_text

        console.print(gel_text(results.gel))
    if results.electrons:
        from alloyscope.report.electrons_text import electrons_text

        console.print(electrons_text(results.electrons))
    if results.uvvis:
        from alloyscope.report.uvvis_text import uvvis_text

        console.print(uvvis_text(results.uvvis))
    if results.structure:
        from alloyscope.report.structure_text import structure_text

        console.print(structure_text(results.structure))
    if results.homotops:
        from alloyscope.report.structure_text import homotop_text

        console.print(homotop_text(results.homotops))
    look = results.look
    if look is None:
        return
    console.print(look_summary(look))
    if look.ions:
        console.print()
        console.print(overlay_table(look.ions))
        console.print(
            "m/z of the most abundant peak; error of the whole envelope; * width fitted here",
            style="dim",
        )
    for ion in look.ions:
        for said in ion.remarks:
            console.print(f"note: {said}", style="yellow")


def print_vocabulary(vocabulary: Vocabulary) -> None:
    """Ligands and adducts on standard output."""
    console = _console()
    console.print(ligand_table(vocabulary))
    console.print()
    console.print(adduct_table(vocabulary))


def _console() -> Console:
    """A terminal's own width; wide enough for whole rows where the output is a file or a pipe."""
    console = Console(highlight=False, markup=False)
    return console if console.is_terminal else Console(highlight=False, markup=False, width=160)
