"""`alloyscope isotopes`: patterns of ions and formulas."""

from __future__ import annotations

from pathlib import Path

import click

from alloyscope.cli.options import build_case, chemistry_options, given, instrument_options


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
@instrument_options
@click.option(
    "--figure",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Draw the patterns: .svg, .pdf or .png.",
)
@click.option("--csv", "csv_file", type=click.Path(path_type=Path), metavar="FILE",
              help="Write mz,probability of every aggregated peak.")  # fmt: skip
@chemistry_options
def isotopes(
    ions: tuple[str, ...],
    file: Path | None,
    charge: str | None,
    prune: float | None,
    fine_structure: float | None,
    resolving_power: float | None,
    peak_shape: str | None,
    tail: float | None,
    figure: Path | None,
    csv_file: Path | None,
    case_file: Path | None,
    ligand: str | None,
    isotope_table: str | None,
    save_case: Path | None,
    as_json: bool,
    overwrite: bool,
) -> None:
    """Isotope pattern of each ION, exact, aggregated by nucleon number.

    \b
    alloyscope isotopes "[Au12Ag32(p-MBA)30]4-" --resolving-power 20000 --figure f.svg
    alloyscope isotopes Au25C126H90O36S18 --charge -1 --csv f.csv
    alloyscope isotopes --file ions.csv --csv patterns.csv
    """
    from alloyscope.case import write_case
    from alloyscope.case.ion_list import parse_charge, read_ion_list
    from alloyscope.errors import CaseError, message
    from alloyscope.pipeline import run
    from alloyscope.report.outputs import print_json, print_tables, write_patterns

    asked = ions + (read_ion_list(file) if file else ())
    case = build_case(
        case_file,
        chemistry=given(thiolate=ligand, isotope_table=isotope_table),
        instrument=given(resolving_power=resolving_power, peak_shape=peak_shape, tail=tail),
        isotopes=given(
            ions=asked, charge=parse_charge(charge), prune=prune, fine_structure=fine_structure
        ),
    )
    if not case.isotopes.ions:
        raise CaseError(
            message("isotopes", found="no ion", expected="at least one",
                    do='For example: alloyscope isotopes "[Au25(p-MBA)18]-".')
        )  # fmt: skip
    case = case.model_copy(update={"spectrum": type(case.spectrum)()})
    write = write_patterns(figure, csv_file, overwrite=overwrite)
    results = run(case)
    write(results)
    if save_case:
        write_case(case, save_case, overwrite=overwrite)
    if as_json:
        print_json(results)
    else:
        print_tables(results)
