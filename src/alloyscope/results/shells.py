"""Shells of two kinds of ligand: measured distributions, and those of a simulation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alloyscope.reaction.shells import ShellTrajectory
from alloyscope.reaction.trajectory import column_name
from alloyscope.shells.compare import ShellComparison, compare_shells
from alloyscope.shells.distribution import ligand_distribution
from alloyscope.shells.fit import ShellFit, finite
from alloyscope.shells.independence import JointDistribution, metal_and_ligand
from alloyscope.shells.series import ShellSeries
from alloyscope.shells.sites import sites_of
from alloyscope.speciation import Speciation, framework_of

Floats = NDArray[np.float64]
LEAST_SITES, MOST = 10, 8
"""Ligands of a shell whose distribution says something, and distributions judged at most."""


@dataclass(frozen=True, eq=False)
class ShellSeen:
    """One measured distribution.

    source : file or folder it comes from
    shown  : the model that is drawn beside the random one
    joint  : with x of a metal, where that was counted
    """

    source: str
    comparison: ShellComparison
    shown: ShellFit
    joint: JointDistribution | None = None

    def as_json(self) -> dict[str, Any]:
        """In plain types."""
        return {
            "source": self.source, **self.comparison.as_json(), "shown": self.shown.model,
            "joint": None if self.joint is None else self.joint.as_json(),
        }  # fmt: skip


@dataclass(frozen=True, eq=False)
class ShellsSeen:
    """Measured distributions, and the series they make."""

    each: tuple[ShellSeen, ...]
    series: ShellSeries | None = None

    def as_json(self) -> dict[str, Any]:
        """In plain types."""
        return {
            "distributions": [one.as_json() for one in self.each],
            "series": None if self.series is None else self.series.as_json(),
        }  # fmt: skip


def shells_within(speciation: Speciation, metal: str) -> tuple[ShellSeen, ...]:
    """Every framework of some size whose shells hold a second kind of anionic ligand.

    metal : whose count is x
    The own ligand of a framework is the one that most of its sites hold. Of the others each is
    judged against all that is not it. Frameworks of more amount come first.
    """
    held: dict[str, dict[str, float]] = {}
    for species, amount in zip(speciation.species, speciation.amount[0], strict=True):
        own = held.setdefault(framework_of(species), {})
        for kind, n in species.ligands:
            if kind.charge < 0:
                own[str(kind)] = own.get(str(kind), 0.0) + n * float(amount)
    found: list[ShellSeen] = []
    for framework in sorted(held, key=lambda name: -sum(held[name].values())):
        kinds = sorted(held[framework], key=lambda name: -held[framework][name])
        for ligand in kinds[1:] if sites_of(framework) >= LEAST_SITES else ():
            if len(found) < MOST:
                found.append(_judged(speciation, metal, ligand, framework))
    return tuple(found)


def _judged(speciation: Speciation, metal: str, ligand: str, framework: str) -> ShellSeen:
    compared = compare_shells(ligand_distribution(speciation, ligand, framework))
    joint = metal_and_ligand(speciation, metal, ligand, framework) if metal else None
    told = joint is not None and joint.x.size > 1 and not compared.distribution.blurred
    varies = joint if told else None
    return ShellSeen(framework, compared, compared.best, varies)


@dataclass(frozen=True, eq=False)
class MixedShells:
    """The shells of a simulation.

    every   : at the times asked for and those that are drawn
    sampled : (n,) places among its times of those asked for
    clock   : factor on all rates of the reaction
    notes   : what the user must know
    """

    every: ShellTrajectory
    sampled: NDArray[np.int64]
    clock: float = 1.0
    notes: tuple[str, ...] = ()

    @property
    def frameworks(self) -> tuple[str, ...]:
        """Names in equations."""
        return tuple(self.every.run.reaction.by_name)

    def reservoir_name(self, name: str) -> str:
        """A framework or pool as tables name it."""
        frameworks = self.every.run.reaction.by_name
        if name in frameworks:
            return frameworks[name].label
        return column_name(name, self.every.run.reaction)

    def as_json(self) -> dict[str, Any]:
        """At the times asked for, in plain types; None where there is none of a framework."""
        found, reaction = self.every, self.every.run.reaction
        return {
            "own": reaction.ligand, "foreign": found.feed.foreign,
            "parents": dict(found.feed.held), "half_life_min": finite(found.exchange.half_life),
            "rate_factor": self.clock, "largest_imbalance": float(np.abs(found.balance).max()),
            "notes": self.notes,
            "samples": [
                {"time_min": float(found.times[k]),
                 "frameworks": [self._framework(name, int(k)) for name in self.frameworks]}
                for k in self.sampled
            ],
        }  # fmt: skip

    def _framework(self, name: str, k: int) -> dict[str, Any]:
        found = self.every
        mean = float(found.mean(name)[k])
        there = bool(np.isfinite(mean))
        return {
            "framework": self.reservoir_name(name), "name": name,
            "mean_k": mean if there else None,
            "sd_k": float(found.sd(name)[k]) if there else None,
            "fraction": found.shells[name][k].tolist() if there else None,
        }  # fmt: skip
