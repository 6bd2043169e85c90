"""`alloyscope isotopes`: patterns of ions and formulas."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from alloyscope.cli.options import Shared, build_case, given, run_and_report, shared_options


@click.command()
@click.argument("ions", nargs=-1, metavar="[ION]...")
@click.option(
    "--file",
    "file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A list of ions: one a line, or a CSV with the column ion or formula, and "
    "charge if it is not written in the ion.",
)
@click.option(
    "--charge", type=str, metavar="Z", help="Charge of ions written without one: -1, 4-, 2+."
)
@click.option(
    "--prune",
    type=float,
    metavar="P",
    help="Leave out peaks with less probability. [default: 1e-06]",
)
@click.option(
    "--fine-structure",
    type=float,
    metavar="SHARE",
    help="List isotopologues one by one, so many that they hold this share: 0.999.",
)
@click.option(
    "--figure",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Draw the patterns: .svg, .pdf or .png.",
)
@click.option(
    "--csv",
    "csv_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write mz,probability of every peak; of several ions, ion,charge too.",
)
@shared_options
def isotopes(
    ions: tuple[str, ...],
    file: Path | None,
    charge: str | None,
    prune: float | None,
    fine_structure: float | None,
    figure: Path | None,
    csv_file: Path | None,
    **shared: Any,
) -> None:
    """Compute isotope patterns of ions.

    Exact, aggregated by nucleon number; each ION in any notation, or a plain formula.

    \b
    alloyscope isotopes "[Au12Ag32(p-MBA)30]4-" --resolving-power 20000 --figure f.svg
    alloyscope isotopes Au25C126H90O36S18 --charge -1 --csv f.csv
    alloyscope isotopes --file ions.csv --csv patterns.csv
    """
    from alloyscope.case.ion_list import parse_charge, read_ion_list
    from alloyscope.errors import CaseError, message
    from alloyscope.report.outputs import write_patterns

    options = Shared(**shared)
    asked = given(ions=ions + (read_ion_list(file) if file else ()), charge=parse_charge(charge),
                  prune=prune, fine_structure=fine_structure)  # fmt: skip
    case = build_case(options, isotopes=asked).only("isotopes")
    if not case.isotopes.ions:
        raise CaseError(
            message("isotopes", found="no ion", expected="at least one",
                    do='For example: alloyscope isotopes "[Au25(p-MBA)18]-".')
        )  # fmt: skip
    run_and_report(case, options, write_patterns(figure, csv_file, overwrite=options.overwrite))
