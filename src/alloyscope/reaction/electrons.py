"""Valence electrons that a feed brings, against its ratio, and which frameworks came of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alloyscope.errors import ReactionError, message
from alloyscope.reaction.observation import Observation
from alloyscope.reaction.ratio import fed, ratio_name
from alloyscope.reaction.reaction import Reaction

Floats = NDArray[np.float64]
LEAST = 0.05
"""Share of the clusters from which a predicted framework counts as there."""

FOUND = ("framework_present", "framework_dominant", "dominant_x", "x_range", "coexist", "max_x")
"""Kinds of observation that say a framework was there."""


@dataclass(frozen=True)
class FrameworkAt:
    """A framework that was there at one ratio.

    ratio   : of the first parent to the second
    share   : of the clusters; None where it was seen and not measured
    source  : "predicted", or where it was reported
    """

    ratio: float
    framework: str
    share: float | None
    source: str


@dataclass(frozen=True, eq=False)
class ElectronsFed:
    """Mean valence electrons of what is fed.

    ratios      : (n,) of the first parent to the second, ascending
    per_cluster : (n,) electrons per cluster fed
    per_metals  : (n,) electrons per `size` metal atoms fed
    size        : metal atoms of the largest framework
    parents     : (name, electrons) of each
    frameworks  : (name, electrons) of each
    middle      : electrons halfway between the fewest and the most of any framework
    crossing    : ratio at which `per_cluster` is `middle`; None where no ratio brings it
    seen        : frameworks that were there, by observation or prediction
    """

    ratios: Floats
    per_cluster: Floats
    per_metals: Floats
    size: int
    parents: tuple[tuple[str, int], ...]
    frameworks: tuple[tuple[str, int], ...]
    middle: float
    crossing: float | None
    seen: tuple[FrameworkAt, ...] = ()

    def at(self, ratio: float) -> float:
        """Electrons per cluster fed at any ratio."""
        first, second = fed(ratio)
        return first * self.parents[0][1] + second * self.parents[1][1]

    def follows(self, one: FrameworkAt) -> bool | None:
        """Whether a framework stands where the rule puts it; None at the crossing itself.

        The rule: less than `middle` electrons fed give the frameworks with fewer, more of them
        those with more.
        """
        gap, held = self.at(one.ratio) - self.middle, dict(self.frameworks)[one.framework]
        return None if abs(gap) < 1e-9 else (held > self.middle) == (gap > 0)

    def as_json(self) -> dict[str, Any]:
        """In plain types."""
        return {
            "parents": [{"name": name, "electrons": n} for name, n in self.parents],
            "frameworks": [{"name": name, "electrons": n} for name, n in self.frameworks],
            "middle": self.middle, "crossing_ratio": self.crossing, "metals": self.size,
            "fed": [{"ratio": float(r), "electrons_per_cluster": float(c),
                     "electrons_per_metals": float(m)}
                    for r, c, m in zip(self.ratios, self.per_cluster, self.per_metals,
                                       strict=True)],
            "frameworks_seen": [
                {"ratio": one.ratio, "framework": one.framework, "share": one.share,
                 "source": one.source, "follows_rule": self.follows(one)} for one in self.seen
            ],
        }  # fmt: skip


def electrons_fed(
    reaction: Reaction, ratios: Sequence[float] | Floats, seen: Sequence[FrameworkAt] = ()
) -> ElectronsFed:
    """Mean valence electrons fed by a reaction's two parents: sum of n_parent times its share.

    ratios : of the first parent to the second, 0 to infinity
    seen   : frameworks that were there
    Raises ReactionError for other than two parents, and for ratios that are none.

    >>> from pathlib import Path
    >>> from alloyscope.case import read_case
    >>> from alloyscope.case.reaction import reaction_of
    >>> from alloyscope.chemistry import default_vocabulary
    >>> reaction = reaction_of(read_case(Path("au44-ag44")), default_vocabulary().binding("p-MBA"))
    >>> found = electrons_fed(reaction, [1 / 3, 1.0, 3.0])
    >>> found.per_cluster.tolist(), found.crossing
    ([18.5, 19.0, 19.5], 1.0)
    """
    if len(reaction.parents) != 2:
        raise ReactionError(
            message("electrons fed", found=f"a reaction of {len(reaction.parents)} parents",
                    expected="two, since R is the ratio of the first to the second")
        )  # fmt: skip
    asked = np.unique(np.array(ratios, float))
    if not asked.size or np.isnan(asked).any() or (asked < 0).any():
        raise ReactionError(
            message("electrons fed", found="no ratios" if not asked.size else "a ratio below 0",
                    expected="ratios such as 1/3 and 3")
        )  # fmt: skip
    own = [reaction.by_name[parent.framework] for parent in reaction.parents]
    electrons, metals = (np.array([getattr(f, key) for f in own], float)
                         for key in ("electrons", "metals"))  # fmt: skip
    shares = np.array([fed(float(ratio)) for ratio in asked])
    held = [f.electrons for f in reaction.frameworks]
    middle = (min(held) + max(held)) / 2
    return ElectronsFed(
        asked, shares @ electrons, reaction.size * (shares @ electrons) / (shares @ metals),
        reaction.size, tuple((p.name, f.electrons) for p, f in zip(reaction.parents, own,
                                                                   strict=True)),
        tuple((f.name, f.electrons) for f in reaction.frameworks), middle,
        _crossing(electrons, middle), tuple(sorted(seen, key=lambda one: one.ratio)),
    )  # fmt: skip


def _crossing(electrons: Floats, middle: float) -> float | None:
    first, second = electrons - middle
    return float(-second / first) if first * second < 0 else None


def observed_frameworks(
    statements: Sequence[Observation], reaction: Reaction
) -> tuple[FrameworkAt, ...]:
    """Frameworks that statements say were there when the reaction had come to its end.

    That is at the latest time that any of them is about.
    """
    last = max((one.t_min for one in statements), default=0.0)
    found: dict[tuple[float, str], FrameworkAt] = {}
    for one in statements:
        if one.kind not in FOUND or one.t_min != last:
            continue
        for ratio in one.ratios:
            for name in one.f:
                if name in reaction.by_name and math.isfinite(ratio):
                    found.setdefault((ratio, name), FrameworkAt(ratio, name, None, one.figure))
    return tuple(found.values())


def wrong_side(found: ElectronsFed) -> tuple[str, ...]:
    """Frameworks that stand where the rule does not put them, and from which ratio to which."""
    off: dict[str, list[float]] = {}
    for one in found.seen:
        if found.follows(one) is False:
            off.setdefault(one.framework, []).append(one.ratio)
    return tuple(f"{name} at R = {_span(ratios)}" for name, ratios in off.items())


def _span(ratios: Sequence[float]) -> str:
    low, high = ratio_name(min(ratios)), ratio_name(max(ratios))
    return low if low == high else f"{low} to {high}"
