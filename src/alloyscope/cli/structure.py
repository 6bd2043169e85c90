"""`alloyscope structure`: a framework, its site classes, and metals on them in three dimensions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

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

if TYPE_CHECKING:
    from alloyscope.case import Case

FILE = click.Path(path_type=Path)


@click.command()
@click.argument("name", required=False)
@click.option(
    "--x",
    metavar="N[,N]",
    help="Atoms of the first metal; of all metals but the last, where there are more.",
)
@click.option("--metal", metavar="M[,M]", help="Metals that are counted. [default: the case's]")
@click.option("--rest", metavar="M", help="The metal of all other sites. [default: the case's]")
@click.option(
    "--place",
    "places",
    metavar="CLASS=N",
    multiple=True,
    help="In place of --x: so many of the first metal in this class; repeat for more.",
)
@click.option(
    "--distribution",
    metavar="FILE",
    help="In place of --x: draw it from this CSV of assign or simulate, at its last time.",
)
@click.option(
    "--energies",
    metavar="NAME",
    help='Site energies: a tabulated method, GFN1-xTB, or "none". [default: those of '
    "the case's reaction, else none]",
)
@click.option(
    "--compute-energies",
    "compute",
    metavar="METHOD",
    type=click.Choice(["GFN1-xTB", "GFN2-xTB"]),
    help="Compute site energies now, and use them: GFN1-xTB or GFN2-xTB. Minutes; needs "
    "the extra alloyscope[energies].",
)
@click.option("--temperature", type=float, metavar="K", help="[default: the reaction's, 298.15]")
@click.option("--seed", type=int, metavar="N", help="Of the draw. [default: 1]")
@click.option("--html", type=FILE, metavar="FILE", help="A page that turns the structure: .html.")
@click.option(
    "--xyz", type=FILE, metavar="FILE", help="Coordinates as extended XYZ: .xyz or .extxyz."
)
@click.option("--cif", type=FILE, metavar="FILE", help="Coordinates as CIF, in an empty box: .cif.")
@click.option(
    "--figure", "--png", "figure", type=FILE, metavar="FILE", help="A picture: .png, .svg or .pdf."
)
@out_options(
    "Write all of it, tables and a page to this folder, new or empty.", without="figures and view"
)
@case_options
def structure(
    name: str | None, html: Path | None, xyz: Path | None, cif: Path | None, figure: Path | None,
    out: Path | None, no_figures: bool, **options: Any,
) -> None:  # fmt: skip
    """Show a framework: its site classes, motifs and distances, and metals drawn on its sites.

    NAME is M44S30, M25S18, M44S26, M44S27 or a framework of the case.

    \b
    alloyscope structure M44S30
    alloyscope structure M44S30 --x 12 --case au44-ag44 --html view.html
    alloyscope structure M44S30 --place icosahedron=12 --xyz au12ag32.xyz
    """
    from alloyscope.report.structure_folder import Files, write_structure

    asked = {key: options.pop(key) for key in (
        "x", "metal", "rest", "places", "distribution", "energies", "compute", "temperature",
        "seed",
    )}  # fmt: skip
    shared = Shared(**options)
    case = _case(shared, name, asked)
    files = Files(html, xyz, cif, figure)
    run_and_report(case, shared, write_structure(
        files, out, figures=not no_figures, overwrite=shared.overwrite
    ))  # fmt: skip
    say_where(out, shared)


def _case(shared: Shared, name: str | None, asked: dict[str, Any]) -> Case:
    from alloyscope.case.asks import asks_structure

    metal, rest, x, places = (asked.pop(key) for key in ("metal", "rest", "x", "places"))
    if bool(metal) != bool(rest):
        raise CaseError(
            message("structure", found="--metal without --rest, or --rest without it",
                    expected="both, --metal Au --rest Ag")
        )  # fmt: skip
    metals = (*(part.strip() for part in metal.split(",")), rest) if metal else ()
    stated = given(name=name, metals=metals, x=whole_numbers("--x", x), **asked)
    if places:
        stated["place"] = _places(places)
    # What the command line says of the metals goes before the case's other ways of saying it.
    ways: dict[str, Any] = {"x": (), "place": {}, "distribution": ""}
    if stated.keys() & ways:
        stated = ways | stated
    case = build_case(shared, structure=stated).only("space", "reaction", "structure")
    if not asks_structure(case):
        raise CaseError(
            message("structure", found="no framework", expected="its name",
                    do="For example: alloyscope structure M44S30.")
        )  # fmt: skip
    return case


def whole_numbers(option: str, text: str | None) -> tuple[int, ...]:
    """`12` or `12,4` as numbers. Raises CaseError for anything else."""
    if not text:
        return ()
    try:
        return tuple(int(part) for part in text.split(","))
    except ValueError:
        raise CaseError(
            message(option, found=f'"{text}"', expected="whole numbers, 12 or 12,4")
        ) from None


def _places(texts: tuple[str, ...]) -> dict[str, int]:
    found = {}
    for text in texts:
        name, sign, count = text.rpartition("=")
        if not sign or not count.strip().isdigit():
            raise CaseError(
                message("--place", found=f'"{text}"', expected="CLASS=N, such as icosahedron=12")
            )
        found[name.strip()] = int(count)
    return found
