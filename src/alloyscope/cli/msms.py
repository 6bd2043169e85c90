"""`alloyscope msms`: fragments of a precursor, breakdown curves, what leaves first."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from alloyscope.cli.options import (
    Shared,
    build_case,
    given,
    instrument_options,
    mz_window,
    out_options,
    run_and_report,
    run_options,
    say_where,
    spectrum_options,
    spectrum_settings,
)
from alloyscope.errors import CaseError, message


@click.command()
@click.argument("file", required=False, metavar="[FILE|FOLDER]")
@click.option("--precursor", metavar="ION", help='What was isolated: "[Au12Ag32(p-MBA)30]4-".')
@click.option(
    "--cleavages",
    multiple=True,
    metavar="NAME,...",
    help='What may leave: "M(SR)2-, M2(SR)3-, RSSR"; M is any metal, SR any thiolate, X any '
    "halide. [default: the usual ones]",
)
@click.option("--depth", type=int, metavar="N", help="Losses in a row, at most. [default: 3]")
@click.option(
    "--energy",
    "energies",
    type=float,
    multiple=True,
    metavar="EV",
    help="Collision energy, once for each spectrum in the order of the files' names. [default: "
    "what the files state]",
)
@click.option(
    "--per-ion",
    is_flag=True,
    help="Energies are those of the whole ion, in eV, not voltages that each charge falls through.",
)
@click.option(
    "--gas",
    type=click.Choice(["He", "N2", "Ar", "Kr", "Xe", "CO2", "SF6"]),
    help="Of the collisions. [default: N2]",
)
@click.option(
    "--window",
    metavar="LOW-HIGH",
    help="m/z that the isolation let through. [default: what the file states]",
)
@instrument_options
@click.option("--seed", type=int, metavar="N", help="Of the decoys' masses. [default: 0]")
@out_options()
@spectrum_options
@run_options
def msms(
    file: str | None, out: Path | None, no_figures: bool, per_ion: bool, seed: int | None,
    depth: int | None, mass_accuracy: float | None, resolving_power_at: float | None,
    analyzer: str | None, q: float | None, **options: Any,
) -> None:  # fmt: skip
    """Say which fragments of a precursor tandem spectra hold, and how it breaks.

    A folder holds one spectrum a collision energy; one file may hold scans of several. What was
    looked for is what the precursor can become by the cleavages named, so many in a row.

    \b
    alloyscope msms run.mzML --ligand p-MBA --precursor "[Au12Ag32(SR)30]4-" --out result
    alloyscope msms folder --precursor "[Ag44(p-MBA)30]4-" --cleavages "M(SR)2-, CO2" --depth 2
    """
    from alloyscope.report.msms_folder import write_msms

    asked = given(
        **{name: options.pop(name) for name in ("precursor", "cleavages", "energies", "gas")},
        window=mz_window(options.pop("window")),
    )  # fmt: skip
    asked |= {} if depth is None else {"depth": depth}
    asked |= {} if seed is None else {"seed": seed}
    asked |= {"per_charge": False} if per_ion else {}
    spectrum, shared = spectrum_settings(file, options), Shared(**options)
    known = given(mass_accuracy=mass_accuracy, resolving_power_at=resolving_power_at,
                  analyzer=analyzer, q=q)  # fmt: skip
    case = build_case(shared, spectrum=spectrum, assign=known, msms=asked)
    case = case.only("spectrum", "assign", "msms")
    lacks = [what for what, there in (("precursor", case.msms.precursor),
                                      ("file", case.spectrum.file)) if not there]  # fmt: skip
    if lacks:
        raise CaseError(
            message("msms", found=f"no {lacks[0]}", expected="a spectrum or a folder of them, and "
                    "the ion that was isolated",
                    do='alloyscope msms run.mzML --precursor "[Ag44(p-MBA)30]4-"')
        )  # fmt: skip
    write = write_msms(out, figures=not no_figures, overwrite=shared.overwrite)
    run_and_report(case, shared, write)
    say_where(out, shared)
