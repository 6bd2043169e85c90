"""What kind of step an equation is, and whether its rate law can be computed."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

import numpy as np

from alloyscope.errors import ReactionError, message
from alloyscope.reaction.reaction import DARK, METAL, Reaction, Step

Kind = Literal["loss", "conversion", "meeting", "growth", "pools"]
MOST_FACTORS = 4
"""Pool species whose product one side of a step may have."""

Side = tuple[tuple[str, int], ...]


def kind_of(step: Step, reaction: Reaction) -> Kind:
    """What kind of step an equation is.

    Raises ReactionError for one that is none of them, and for one whose rate law would leave out
    something that the equation says.
    """
    change, frameworks = step.equation.change, reaction.by_name
    lost = [f for f, n in change.items() if f in frameworks for _ in range(-n)]
    made = [f for f, n in change.items() if f in frameworks for _ in range(n)]
    metals = change.get(METAL, 0) + max(change.get(DARK + METAL, 0), 0)
    kinds: dict[tuple[int, int, int], Kind] = {
        (1, 0, 1): "loss", (1, 1, 0): "conversion", (2, 2, 0): "meeting", (0, 1, -1): "growth",
        (0, 0, 0): "pools",
    }  # fmt: skip
    kind = kinds.get((len(lost), len(made), int(np.sign(metals))))
    if kind is None:
        raise _refused(
            step, f"{len(lost)} clusters used up, {len(made)} made, {metals:+d} M",
            "1 lost to the pools, 1 become another of equal metals, 2 become 2, 1 made from the "
            "pools, or pools alone",
        )  # fmt: skip
    if kind in ("loss", "growth") and step.equation.reversible:
        raise _refused(step, '"<->"', '"->": a cluster of many atoms does not form from or fall '
                       "into its pools in one reversible step")  # fmt: skip
    if step.slope != 0.0 and kind not in ("loss", "conversion"):
        raise _refused(step, "a slope", "one only where a single cluster is used up")
    _check_metals(step, kind)
    _check_spectators(step, kind, reaction)
    _check_factors(step, kind, reaction)
    return kind


def pools_of(side: Side, known: Collection[str]) -> list[str]:
    """Pools of one side of an equation, each as often as it stands there.

    >>> pools_of((("A", 1), ("e", 2), ("SR", 1)), ("SR", "e"))
    ['e', 'e', 'SR']
    """
    return [name for name, n in side if name in known for _ in range(n)]


def _refused(step: Step, found: str, expected: str) -> ReactionError:
    return ReactionError(message(f'step "{step.equation}"', found=found, expected=expected))


def _check_metals(step: Step, kind: Kind) -> None:
    """M is a cluster's own metals: where it comes from or goes to is one place."""
    left, right = ([name for name, _ in side if name in (METAL, DARK + METAL)]
                   for side in (step.equation.left, step.equation.right))  # fmt: skip
    usual = {"loss": len(left) == 0 and len(right) == 1,
             "growth": left == [METAL] and not right}.get(kind, not (left or right))  # fmt: skip
    if not usual:
        raise _refused(
            step, " and ".join([f"{name} on the left" for name in left]
                               + [f"{name} on the right" for name in right]),
            "M as what one cluster is made from; M or dark M as what one falls into; else metals "
            "by name",
        )  # fmt: skip


def _check_spectators(step: Step, kind: Kind, reaction: Reaction) -> None:
    """What stands on both sides: at most one cluster, and pools if the rate is their product."""
    left, right = dict(step.equation.left), dict(step.equation.right)
    acting = [name for name in step.equation.spectators if name in reaction.by_name]
    if len(acting) > 1:
        raise _refused(step, " and ".join(acting) + " on both sides",
                       "at most one cluster that is not used up")  # fmt: skip
    for name in step.equation.spectators:
        often = min(left[name], right[name])
        if name in acting and often > 1:
            raise _refused(step, f"{often} {name} on both sides", f"1 {name}")
        if kind == "growth" and name not in acting:
            raise _refused(step, f"{name} on both sides", "no pool there where a cluster grows")
    if step.quench and not acting:
        raise _refused(step, "a quench", "one only where a cluster stands on both sides")


def _check_factors(step: Step, kind: Kind, reaction: Reaction) -> None:
    """A rate is a product of few pools; growth has a rate law of its own."""
    sides = [("left", step.equation.left)] if kind != "growth" else []
    if step.equation.reversible:
        sides.append(("right", step.equation.right))
    pools = reaction.contents.keys() - reaction.by_name.keys()
    for where, side in sides:
        many = len(pools_of(side, pools))
        if many > MOST_FACTORS:
            raise _refused(step, f"{many} of the pools on the {where}",
                           f"{MOST_FACTORS} at most, since the rate is their product")  # fmt: skip
