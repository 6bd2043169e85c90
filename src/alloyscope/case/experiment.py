"""From what a case says to what is mixed, what is added later, and when it is looked at."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from alloyscope.case.experiment_section import ExperimentStep
from alloyscope.case.schema import Case
from alloyscope.errors import CaseError, ReactionError, message
from alloyscope.reaction.experiment import (
    AMOUNT,
    Addition,
    Experiment,
    Product,
    parse_addition,
    parse_ratio,
    parse_time,
    ratio_of_volumes,
)
from alloyscope.reaction.reaction import Reaction

Made = TypeVar("Made")

TIMES = (2.0, 10.0, 30.0, 60.0, 120.0, 180.0, 1200.0)
"""Minutes from the start, and from every addition, where a case states no times."""


def experiment_of(case: Case, reaction: Reaction) -> Experiment:
    """What the case mixes at the start and adds later.

    Volumes become clusters in units that keep those of the largest framework as they are.
    Raises CaseError that names the key.
    """
    asked = case.experiment
    if asked.volumes:
        ratio = _placed("volumes", lambda: ratio_of_volumes(asked.volumes, reaction))
        ratio = tuple(n * reaction.size for n in ratio)
    elif asked.ratio:
        ratio = _placed("ratio", lambda: parse_ratio(asked.ratio, reaction))
    else:
        names = ":".join(parent.name for parent in reaction.parents)
        raise CaseError(
            message("case [experiment]", found="neither ratio nor volumes",
                    expected=f"what is mixed, {names}", do="For example --ratio 3:1.")
        )  # fmt: skip
    additions = tuple(
        _addition(step, number, reaction, in_volumes=bool(asked.volumes))
        for number, step in enumerate(asked.step, 1)
    )
    return _placed("", lambda: Experiment(ratio, additions))


def times_of(case: Case, experiment: Experiment) -> tuple[float, ...]:
    """Minutes at which the case samples, ascending. Raises CaseError."""
    if not case.experiment.times:
        return _usual(experiment)
    for text in case.experiment.times:
        if text.strip().startswith(("-", "−")):
            raise CaseError(
                message("case [experiment] times", found=f'"{text}", before the start',
                        expected="times from the start on")
            )  # fmt: skip
    found = _placed("times", lambda: {parse_time(text) for text in case.experiment.times})
    return tuple(sorted(found))


def _usual(experiment: Experiment) -> tuple[float, ...]:
    starts = sorted({0.0, *(addition.at_min for addition in experiment.additions)})
    ends = [*starts[1:], float("inf")]
    return tuple(sorted({start + time for start, end in zip(starts, ends, strict=True)
                         for time in TIMES if start + time <= end}))  # fmt: skip


def _addition(
    step: ExperimentStep, number: int, reaction: Reaction, *, in_volumes: bool
) -> Addition:
    where = f"[[experiment.step]] {number}"
    added = _placed(where, lambda: parse_addition(step.add, reaction, step.at))
    if not in_volumes:
        return added
    amount = AMOUNT.fullmatch(step.add)
    if isinstance(added.what, Product) and not (amount and amount[1]):
        raise CaseError(
            message(f"case {where}", found=f'"{step.add}" without an amount',
                    expected="its volume, since the feed is in volumes")
        )  # fmt: skip
    per_cluster = _metals(added.what, reaction)
    return Addition(added.what, added.amount * reaction.size / per_cluster, added.at_min)


def _metals(what: str | Product, reaction: Reaction) -> float:
    """Metal atoms per cluster, or per cluster that had been fed."""
    if isinstance(what, str):
        return reaction.by_name[reaction.parent(what).framework].metals
    counts = [reaction.by_name[parent.framework].metals for parent in reaction.parents]
    held = sum(n * size for n, size in zip(what.ratio, counts, strict=True))
    return held / sum(what.ratio)


def _placed(where: str, made: Callable[[], Made]) -> Made:
    """What a function makes; an error names the key of [experiment]."""
    table = where if where.startswith("[[") else f"[experiment] {where}".strip()
    try:
        return made()
    except ReactionError as error:
        raise CaseError(f"case {table}: {error}") from error
