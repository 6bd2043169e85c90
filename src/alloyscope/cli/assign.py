"""`alloyscope assign`: which ions are in a spectrum, how much of each, how sure."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from alloyscope.cli.options import (
    Shared,
    build_case,
    given,
    instrument_options,
    out_options,
    run_and_report,
    run_options,
    say_where,
    spectrum_options,
    spectrum_settings,
)


@click.command()
@click.argument("file", required=False, metavar="FILE")
@out_options()
@click.option(
    "--ions",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Look for these ions in place of the case's search space: one a line, or a CSV with "
    "ion or formula, and charge.",
)
@click.option(
    "--require", multiple=True, metavar="ION", help="This ion is present; repeat for more."
)
@click.option(
    "--exclude", multiple=True, metavar="ION", help="This ion is not present; repeat for more."
)
@click.option("--blank", metavar="FILE", help="A spectrum to take off, of the solvent perhaps.")
@click.option(
    "--lock",
    type=float,
    multiple=True,
    metavar="MZ",
    help="m/z of a peak whose place is known; repeat for more.",
)
@instrument_options
@spectrum_options
@run_options
def assign(
    file: str | None,
    out: Path | None,
    no_figures: bool,
    ions: Path | None,
    require: tuple[str, ...],
    exclude: tuple[str, ...],
    blank: str | None,
    lock: tuple[float, ...],
    mass_accuracy: float | None,
    resolving_power_at: float | None,
    analyzer: str | None,
    q: float | None,
    **options: Any,
) -> None:
    """Say which ions are in a spectrum, and how much of each.

    Calibration, peak width and abundances are fitted together; what cannot be told apart is said,
    and so is what stays unexplained.

    \b
    alloyscope assign run.mzML --case au44-ag44 --out result
    alloyscope assign run.mzML --case au25-ag25 --ligand MHA --mass-accuracy 20
    alloyscope assign run.txt --ions ions.csv --polarity negative --json
    """
    from alloyscope.case.asks import asks_assignment
    from alloyscope.case.ion_list import read_ion_list
    from alloyscope.errors import CaseError, message
    from alloyscope.report.folder import write_assignment

    spectrum, shared = spectrum_settings(file, options), Shared(**options)
    asked = given(
        ions=read_ion_list(ions) if ions else (), require=require, exclude=exclude, blank=blank,
        lock=lock, mass_accuracy=mass_accuracy, resolving_power_at=resolving_power_at,
        analyzer=analyzer, q=q,
    )  # fmt: skip
    case = build_case(shared, spectrum=spectrum, assign=asked).only("spectrum", "space", "assign")
    if not case.spectrum.file:
        raise CaseError(
            message("assign", found="no file", expected="a spectrum",
                    do="Give it on the command line, or as [spectrum] file in the case.")
        )  # fmt: skip
    if not asks_assignment(case):
        raise CaseError(
            message("assign", found="nothing to look for", expected="a search space or a list",
                    do="For example --case au44-ag44, or --ions FILE.")
        )  # fmt: skip
    run_and_report(
        case, shared, write_assignment(out, figures=not no_figures, overwrite=shared.overwrite)
    )
    say_where(out, shared)
