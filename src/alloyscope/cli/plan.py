"""`alloyscope plan`: which feed gives a wanted product."""

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


@click.command()
@click.option("--framework", metavar="NAME", help="Framework that is wanted: B, or M44S27.")
@click.option(
    "--x", metavar="N", help="Atoms of the first metal that are wanted: 12, or a range, 20-22."
)
@click.option(
    "--for",
    "aim",
    type=click.Choice(["both", "purity", "yield"]),
    help="What is made as large as possible; both: purity times yield. [default: both]",
)
@click.option(
    "--time",
    metavar="T",
    help="Stop then, 20h; or somewhere between, 2min-20h. [default: 1min-24h]",
)
@click.option("--times", metavar="T,T", help="In place of --time: stop at one of these.")
@click.option("--ratios", metavar="LOW-HIGH", help="Feeds that are searched. [default: 1:40-40:1]")
@click.option("--total", metavar="V", help='Give volumes for so much of the mixture: "5 mL".')
@click.option(
    "--metal-concentration",
    metavar="C",
    help='Of metal in both stocks, for amounts: "1 mM". [default: the case\'s]',
)
@click.option(
    "--draws",
    type=int,
    metavar="N",
    help="Parameters are drawn so often for the uncertainty; 0 for none. [default: 100]",
)
@click.option("--seed", type=int, metavar="N", help="Of the draws. [default: 1]")
@out_options()
@case_options
def plan(out: Path | None, no_figures: bool, **options: Any) -> None:
    """Say which feed, stopped when, gives a wanted product, and how sure that is.

    Purity is the share of clusters that are the product, yield the clusters of it per cluster fed.

    \b
    alloyscope plan --case au44-ag44 --framework B --total "5 mL" --out plan
    alloyscope plan --case au44-ag44 --x 12
    alloyscope plan --case au44-ag44 --framework B --x 20-22 --time 20h --for purity
    """  # fmt: skip
    from alloyscope.report.plan_folder import write_plan

    asked = {name: options.pop(name) for name in (
        "framework", "x", "aim", "time", "times", "ratios", "total", "metal_concentration",
        "draws", "seed",
    )}  # fmt: skip
    shared = Shared(**options)
    case = _case(shared, asked)
    run_and_report(
        case, shared, write_plan(out, figures=not no_figures, overwrite=shared.overwrite)
    )
    say_where(out, shared)


def _case(shared: Shared, asked: dict[str, Any]) -> Case:
    from alloyscope.case.asks import asks_plan

    if len(shared.ligands) > 1:
        raise CaseError(
            message("--ligand", found=", ".join(shared.ligands), expected="one thiolate")
        )
    time, times = asked.pop("time"), asked.pop("times")
    if time and times:
        raise CaseError(message("plan", found="--time and --times", expected="one of them"))
    stop = (time,) if time else _listed(times)
    x, ratios = _range(asked.pop("x")), _ratios(asked.pop("ratios"))
    case = build_case(shared, plan=given(x=x, ratios=ratios, times=stop, **asked))
    case = case.only("space", "reaction", "plan")
    if not asks_plan(case):
        raise CaseError(
            message("plan", found="neither --framework nor --x", expected="what is wanted",
                    do="For example --case au44-ag44 --framework B.")
        )  # fmt: skip
    return case


def _listed(times: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in times.split(",") if part.strip()) if times else ()


def _range(text: str | None) -> tuple[int, ...]:
    """`20-22`, or `12`, as two numbers."""
    if not text:
        return ()
    low, _, high = text.replace("–", "-").partition("-")
    try:
        return int(low), int(high or low)
    except ValueError:
        raise CaseError(
            message("--x", found=f'"{text}"', expected="a number, 12, or a range, 20-22")
        ) from None


def _ratios(text: str | None) -> tuple[str, ...]:
    """`1:40-40:1` as two ratios; one stands for itself."""
    if not text:
        return ()
    low, sign, high = text.replace("–", "-").partition("-")
    if sign and not high.strip():
        raise CaseError(
            message("--ratios", found=f'"{text}"', expected="two ratios, as in 1:40-40:1")
        )
    return low.strip(), high.strip() or low.strip()
