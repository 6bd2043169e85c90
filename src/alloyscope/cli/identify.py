"""`alloyscope identify`: what could this peak be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from alloyscope.cli.options import Shared, build_case, given, run_and_report, shared_options


@click.command()
@click.argument("mz", nargs=-1, type=float, metavar="[MZ]...")
@click.option("--ppm", type=float, metavar="PPM", help="How far off it may be. [default: 20]")
@click.option("--charge", type=str, metavar="Z", help="Its charge, if that is known: 4-.")
@click.option(
    "--polarity",
    type=click.Choice(["negative", "positive"]),
    help="Of the spectrum. [default: the charge's, or negative]",
)
@click.option("--most", type=int, metavar="N", help="List so many ions of each peak. [default: 10]")
@click.option(
    "--ions",
    "ions",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A list of ions in place of the case's search space: one a line, or a CSV.",
)
@click.option(
    "--csv",
    "csv_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write what is listed, one row an ion.",
)
@shared_options
def identify(
    mz: tuple[float, ...],
    ppm: float | None,
    charge: str | None,
    polarity: str | None,
    most: int | None,
    ions: Path | None,
    csv_file: Path | None,
    **shared: Any,
) -> None:
    """Say what a peak could be, and what would tell.

    Ions of the case with an isotope peak at MZ that is not small, the simplest and nearest first.

    \b
    alloyscope identify 2602.65 --case au44-ag44
    alloyscope identify 1921.3 1537.1 --case au25-ag25 --ligand MHA --ppm 10 --csv peaks.csv
    """
    from alloyscope.case.ion_list import parse_charge, read_ion_list
    from alloyscope.errors import CaseError, message
    from alloyscope.report.identified import write_identified

    options = Shared(**shared)
    case = build_case(
        options,
        identify=given(mz=mz, ppm=ppm, charge=parse_charge(charge), polarity=polarity, most=most),
        assign=given(ions=read_ion_list(ions) if ions else ()),
    ).only("space", "assign", "identify")
    if not case.identify.mz:
        raise CaseError(
            message("identify", found="no m/z", expected="at least one",
                    do="For example: alloyscope identify 2602.65 --case au44-ag44.")
        )  # fmt: skip
    run_and_report(case, options, write_identified(csv_file, overwrite=options.overwrite))
