"""`alloyscope homotops`: how many different ways there are of placing metals."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from alloyscope.cli.options import Shared, build_case, case_options, given, run_and_report
from alloyscope.cli.structure import whole_numbers
from alloyscope.errors import CaseError, message

if TYPE_CHECKING:
    from alloyscope.case import Case

FILE = click.Path(path_type=Path)


@click.command()
@click.argument("name", required=False)
@click.option(
    "--x",
    metavar="N",
    help="Atoms of one of two metals, 12, or a range, 0-22; of three or more, those of "
    "all but the last, 12,4. [default: all]",
)
@click.option("--metals", type=int, metavar="N", help="How many metals. [default: 2]")
@click.option(
    "--classes",
    is_flag=True,
    help="One row for each way of sharing the metals out over the site classes.",
)
@click.option(
    "--only",
    metavar="CLASS",
    multiple=True,
    help="The metals counted are in this class alone; repeat for more.",
)
@click.option("--figure", type=FILE, metavar="FILE", help="Numbers against x: .png, .svg or .pdf.")
@click.option("--csv", type=FILE, metavar="FILE", help="Write the numbers as CSV.")
@case_options
def homotops(name: str | None, figure: Path | None, csv: Path | None, **options: Any) -> None:
    """Count homotops: ways of placing metals that no symmetry turns into one another.

    Mirror images are the same homotop, and are also counted apart; labelled placements are what an
    entropy counts. Numbers are exact.

    \b
    alloyscope homotops M44S30 --x 0-22
    alloyscope homotops M44S30 --x 12 --classes
    alloyscope homotops M25S18 --metals 3 --csv m25.csv
    """
    from alloyscope.report.structure_folder import write_homotops

    asked = {key: options.pop(key) for key in ("x", "metals", "classes", "only")}
    shared = Shared(**options)
    case = _case(shared, name, asked)
    run_and_report(case, shared, write_homotops(figure, csv, overwrite=shared.overwrite))


def _case(shared: Shared, name: str | None, asked: dict[str, Any]) -> Case:
    from alloyscope.case.asks import asks_homotops

    text, metals = asked.pop("x"), asked.pop("metals")
    several = metals is not None and metals > 2
    x = _range(text) if text and not several else ()
    exactly = whole_numbers("--x", text) if several else ()
    if asked["classes"] and (len(x) == 2 or asked["only"] or not (text or shared.case_file)):
        found = "--only" if asked["only"] else f"--x {text}" if text else "no --x"
        raise CaseError(
            message("--classes", found=found, expected="one composition and all classes",
                    do="Give one --x, such as --x 12 (--x 12,4 of three metals), and no --only.")
        )  # fmt: skip
    stated = given(name=name, x=x, exactly=exactly, metals=metals, **asked)
    case = build_case(shared, homotops=stated).only("space", "structure", "homotops")
    case = case.with_settings(structure={"name": ""})
    if not asks_homotops(case):
        raise CaseError(
            message("homotops", found="no framework", expected="its name",
                    do="For example: alloyscope homotops M44S30.")
        )  # fmt: skip
    return case


def _range(text: str) -> tuple[int, ...]:
    """`0-22`, or `12`, as two numbers or one."""
    parts = text.replace("–", "-").split("-")
    try:
        found = tuple(int(part) for part in parts)
    except ValueError:
        found = ()
    if len(found) not in (1, 2):
        raise CaseError(
            message("--x", found=f'"{text}"', expected="a number, 12, or a range, 0-22",
                    do="Of three metals and more: --metals 3 --x 12,4." if "," in text else "")
        )  # fmt: skip
    return found
