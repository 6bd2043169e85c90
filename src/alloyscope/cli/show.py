"""`alloyscope show`: a spectrum, and ions laid over it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from alloyscope.cli.options import (
    Shared,
    build_case,
    given,
    run_and_report,
    shared_options,
    spectrum_options,
    spectrum_settings,
)


@click.command()
@click.argument("file", required=False, metavar="FILE")
@click.option(
    "--ion",
    "ions",
    multiple=True,
    metavar="ION",
    help="Lay this ion's simulated envelope over the spectrum; repeat for more.",
)
@click.option(
    "--charge", type=str, metavar="Z", help="Charge of ions written without one: -1, 4-, 2+."
)
@click.option(
    "--view",
    type=click.Choice(["overlay", "mirror"]),
    help="Simulated envelopes over the measured, or mirrored below. [default: overlay]",
)
@click.option(
    "--normalise",
    type=click.Choice(["least-squares", "tallest", "area"]),
    help="How simulated envelopes are scaled. [default: least-squares]",
)
@click.option(
    "--max-shift",
    type=float,
    metavar="PPM",
    help="Largest free shift; below half an isotope spacing always. [default: 100]",
)
@click.option("--labels", type=int, metavar="N", help="Peaks to label. [default: 20]")
@click.option(
    "--figure",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Draw the spectrum (.svg, .pdf or .png), one panel an ion below it.",
)
@click.option(
    "--peaks",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the peak list, mz,intensity, as CSV.",
)
@click.option(
    "--page",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write all of it as one HTML page.",
)
@spectrum_options
@shared_options
def show(
    file: str | None,
    ions: tuple[str, ...],
    charge: str | None,
    view: str | None,
    normalise: str | None,
    max_shift: float | None,
    labels: int | None,
    figure: Path | None,
    peaks: Path | None,
    page: Path | None,
    **options: Any,
) -> None:
    """Look at a spectrum, and lay ions over it.

    Says what FILE holds and names its peaks; each --ion is compared with the measured signal.

    \b
    alloyscope show run.mzML
    alloyscope show run.mzML --ion "[Au12Ag32(p-MBA)30]4-" --mz 2590-2620 --figure f.svg
    """
    from alloyscope.case.ion_list import parse_charge
    from alloyscope.errors import CaseError, message
    from alloyscope.report.outputs import write_look

    spectrum, shared = spectrum_settings(file, options), Shared(**options)
    case = build_case(
        shared,
        spectrum=spectrum,
        show=given(ions=ions, charge=parse_charge(charge), view=view, normalise=normalise,
                   max_shift_ppm=max_shift, labels=labels),
    ).only("spectrum", "show")  # fmt: skip
    if not case.spectrum.file:
        raise CaseError(
            message("show", found="no file", expected="a spectrum",
                    do="Give it on the command line, or as [spectrum] file in the case.")
        )  # fmt: skip
    run_and_report(case, shared, write_look(figure, peaks, page, overwrite=shared.overwrite))
