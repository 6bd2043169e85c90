"""`alloyscope simulate`: what becomes of clusters that are mixed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from alloyscope.cli.mixed import mixed_settings
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
@click.option("--ratio", metavar="N:M", help="Clusters mixed, in the order of the case's parents.")
@click.option(
    "--volume",
    "volumes",
    multiple=True,
    metavar='"V PARENT"',
    help="In place of a ratio: a volume of a parent's stock; repeat for the others.",
)
@click.option(
    "--times",
    metavar="T,T",
    help="Times of samples: 2min,10min,20h. [default: "
    "2, 10, 30, 60 min, 2, 3, 20 h from the start and from every addition]",
)
@click.option(
    "--add",
    "additions",
    multiple=True,
    metavar='"N PARENT @ T"',
    help='Add to what the case adds: "2 Au44 @ 20h", or "product of 1:3 after 20h @ 20h"; repeat '
    "for more. In the units of the ratio, or volumes where those are given.",
)
@click.option(
    "--set",
    "values",
    multiple=True,
    metavar="NAME=VALUE",
    help="Value of one of the case's parameters, in its unit; repeat for more.",
)
@click.option(
    "--mixed",
    multiple=True,
    metavar='"PARENT: N LIGAND"',
    help='A parent that carries foreign ligands: "Ag44: 5 NTP"; repeat for the others.',
)
@click.option(
    "--half-life",
    metavar="T",
    help='With --mixed: of a ligand before it is exchanged, 10min, or "never". [default: 0min, at '
    "once]",
)
@out_options()
@case_options
def simulate(
    ratio: str | None,
    volumes: tuple[str, ...],
    times: str | None,
    additions: tuple[str, ...],
    values: tuple[str, ...],
    mixed: tuple[str, ...],
    half_life: str | None,
    out: Path | None,
    no_figures: bool,
    **options: Any,
) -> None:
    """Say what becomes of clusters that are mixed, by the case's reaction.

    All amounts are clusters, not ions; metals, ligands and electrons are conserved.

    \b
    alloyscope simulate --case au44-ag44 --ratio 3:1 --times 2min,10min,20h --out result
    alloyscope simulate --case au44-ag44 --ratio 3:1 --add "2 Au44 @ 20h"
    alloyscope simulate --case au44-ag44 --volume "0.3 Au44" --volume "0.1 Ag44" --set kh=0.1
    alloyscope simulate --case au44-ag44 --ligand p-MBA --ratio 3:1 --mixed "Ag44: 30 NTP"
    """  # fmt: skip
    from alloyscope.report.reaction_folder import write_simulation

    shared = Shared(**options)
    shells = mixed_settings(shared, mixed, half_life)
    case = _case(shared, ratio, volumes, times, additions, values, shells)
    run_and_report(
        case, shared, write_simulation(out, figures=not no_figures, overwrite=shared.overwrite)
    )
    say_where(out, shared)


def _case(
    shared: Shared, ratio: str | None, volumes: tuple[str, ...], times: str | None,
    additions: tuple[str, ...], values: tuple[str, ...], shells: dict[str, Any],
) -> Case:  # fmt: skip
    from alloyscope.case.asks import asks_simulation

    if len(shared.ligands) > 1:
        raise CaseError(
            message("--ligand", found=", ".join(shared.ligands), expected="one thiolate")
        )
    if ratio and volumes:
        raise CaseError(message("simulate", found="--ratio and --volume", expected="one of them"))
    stated = build_case(shared)
    feed: dict[str, Any] = {"ratio": ratio, "volumes": {}} if ratio else {}
    if volumes:
        feed = {"ratio": "", "volumes": dict(_volume(text) for text in volumes)}
    added = tuple(_step(text) for text in additions)
    asked = feed | given(times=_listed(times))
    if added:
        steps = [step.model_dump() for step in stated.experiment.step]
        asked["step"] = (*steps, *added)
    over = stated.reaction.values | dict(_value(text) for text in values)
    case = build_case(shared, experiment=asked, reaction={"values": over}, shells=shells)
    case = case.only("space", "reaction", "experiment", "shells")
    if not asks_simulation(case):
        raise CaseError(
            message("simulate", found="neither --ratio nor --volume", expected="what is mixed",
                    do=f"For example --ratio {_example(case)}.")
        )  # fmt: skip
    return case


def _example(case: Case) -> str:
    names = ":".join(parent.name for parent in case.reaction.parent)
    return f"3:1, clusters of {names}" if names else "3:1, with --case au44-ag44"


def _listed(times: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in times.split(",") if part.strip()) if times else ()


def _volume(text: str) -> tuple[str, float]:
    size, _, name = text.strip().partition(" ")
    try:
        return name.strip(), float(size)
    except ValueError:
        raise CaseError(
            message("--volume", found=f'"{text}"', expected='a number and a parent: "0.3 Au44"')
        ) from None


def _step(text: str) -> dict[str, str]:
    what, _, when = text.rpartition("@")
    if not what.strip() or not when.strip():
        raise CaseError(
            message("--add", found=f'"{text}"', expected='an amount, a parent and a time: '
                    '"2 Au44 @ 20h"')
        )  # fmt: skip
    return {"at": when.strip(), "add": what.strip()}


def _value(text: str) -> tuple[str, float]:
    name, _, value = text.partition("=")
    try:
        return name.strip(), float(value)
    except ValueError:
        raise CaseError(
            message("--set", found=f'"{text}"', expected="a parameter and a number: kh=0.1")
        ) from None
