"""`alloyscope shells`: how two kinds of ligand share the shells of a framework."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from alloyscope.cli.options import (
    Shared,
    build_case,
    case_options,
    given,
    out_options,
    run_and_report,
    say_where,
)
from alloyscope.errors import CaseError, message


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE|FOLDER]...")
@click.option("--framework", metavar="NAME", help="M44S30 and the like, or the case's name for it. "
              "[default: the one of most signal]")  # fmt: skip
@click.option("--sites", metavar="N", help="Ligands of a shell, 18, or of each class of its sites, "
              "12+6. [default: what is known of the framework]")  # fmt: skip
@click.option(
    "--model",
    type=click.Choice(["random", "two-site", "cooperative", "two populations"]),
    help="Drawn beside the random shell. [default: what the data choose]",
)
@click.option(
    "--counts", "counted", is_flag=True, help="Amounts of a CSV without sd are numbers of ions."
)
@click.option("--at", type=float, multiple=True, metavar="VALUE", help="What was varied, a number "
              "for each file: a series.")  # fmt: skip
@click.option("--free-ratio", "free_ratios", type=float, multiple=True, metavar="R",
              help="Free foreign over own ligand at the end, [Cl-]/[RSH] say, of each "
              "file.")  # fmt: skip
@out_options()
@case_options
def shells(
    files: tuple[str, ...], counted: bool, out: Path | None, no_figures: bool, **options: Any
) -> None:
    """Say whether two kinds of ligand share the shells of a framework at random.

    Each FILE is a folder of `alloyscope assign`, its ions.csv, or a CSV of k, amount and sd, k
    being the number of foreign ligands. --ligand names the foreign one. Several with --at make a
    series: its trend, and the constant of the exchange where --free-ratio is given.

    \b
    alloyscope shells result --ligand NTP --out shells
    alloyscope shells k.csv --sites 12+6 --ligand NTP --model two-site
    alloyscope shells a b c --ligand Cl --at 2 --at 30 --at 1200
    """
    from alloyscope.report.shell_folder import write_shells

    names = ("framework", "sites", "model", "at", "free_ratios")
    asked = {name: options.pop(name) for name in names}
    shared = Shared(**options)
    if len(shared.ligands) > 1:
        raise CaseError(message("--ligand", found=", ".join(shared.ligands),
                                expected="the foreign ligand alone"))  # fmt: skip
    ligand = shared.ligands[0] if shared.ligands else None
    plain = Shared(**{**options, "ligands": ()})
    settings = given(files=files, ligand=ligand, **asked) | ({"counted": True} if counted else {})
    case = build_case(plain, shells=settings).only("shells")
    if not case.shells.files:
        raise CaseError(
            message("shells", found="no file", expected="a folder of alloyscope assign, or a CSV",
                    do="Give it on the command line, or as [shells] files in the case.")
        )  # fmt: skip
    run_and_report(
        case, plain, write_shells(out, figures=not no_figures, overwrite=shared.overwrite)
    )
    say_where(out, shared)
