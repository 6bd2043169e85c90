"""Which parents carry foreign ligands, and how ligands are exchanged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from alloyscope.errors import ReactionError, message
from alloyscope.reaction.reaction import Reaction
from alloyscope.reaction.trajectory import Trajectory

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class LigandFeed:
    """Which parents come with foreign ligands.

    foreign : its name
    held    : foreign ligands per cluster, by parent
    random  : whether clusters of a parent differ, each site being foreign at random; else all hold
              the same number, or the two whole numbers next to it
    """

    foreign: str
    held: Mapping[str, float]
    random: bool = True


@dataclass(frozen=True)
class LigandExchange:
    """Exchange of ligands among all clusters and free thiolate.

    half_life  : minutes until half of the ligands of a shell have been exchanged; 0 for at once,
                 infinite for never
    preference : exchange constant of frameworks not named in `constants`
    constants  : by framework: K of foreign for own, against free thiolate
    sites      : by framework: sites of each class and the constant of each; only where exchange
                 is at once
    Raises ReactionError for numbers below 0, and for sites where exchange takes time.
    """

    half_life: float = 0.0
    preference: float = 1.0
    constants: Mapping[str, float] = field(default_factory=dict)
    sites: Mapping[str, tuple[tuple[int, ...], tuple[float, ...]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        numbers = [self.preference, *self.constants.values(),
                   *(k for _, constants in self.sites.values() for k in constants)]  # fmt: skip
        if not self.half_life >= 0 or not all(0 < k < np.inf for k in numbers):
            raise ReactionError(
                message("exchange of ligands", found=f"a half-life of {self.half_life:g} min, "
                        "constants " + ", ".join(f"{k:g}" for k in numbers),
                        expected="a half-life of 0 or more, constants above 0")
            )  # fmt: skip
        if self.sites and self.half_life > 0:
            raise ReactionError(
                message("exchange of ligands", found="classes of sites and a half-life",
                        expected="classes of sites only where exchange is at once",
                        do="Give the framework one constant, or a half-life of 0.")
            )  # fmt: skip

    def of(self, framework: str, ligands: int) -> tuple[Floats, Floats]:
        """(n_classes,) sites and constants of a framework."""
        if framework in self.sites:
            counts, constants = self.sites[framework]
            return np.array(counts, float), np.array(constants, float)
        constant = self.constants.get(framework, self.preference)
        return np.array([float(ligands)]), np.array([constant])


def check_feed(reaction: Reaction, feed: LigandFeed) -> None:
    """Raise ReactionError for a parent that is none, or more ligands than its shell has."""
    for name, n in feed.held.items():
        most = reaction.by_name[reaction.parent(name).framework].ligands
        if not 0 <= n <= most:
            raise ReactionError(
                message(f"parent {name}", found=f"{n:g} {feed.foreign} ligands",
                        expected=f"0 to {most}, the ligands of its shell")
            )  # fmt: skip


def fed_share(reaction: Reaction, run: Trajectory, feed: LigandFeed) -> float:
    """Foreign ligands of all ligands fed."""
    parts = [(n, reaction.by_name[p.framework].ligands, feed.held.get(p.name, 0.0))
             for p, n in zip(reaction.parents, run.experiment.ratio, strict=True)]  # fmt: skip
    return sum(n * k for n, _, k in parts) / sum(n * whole for n, whole, _ in parts)


def check_shells(run: Trajectory, exchange: LigandExchange) -> None:
    """Raise ReactionError for what shells cannot be followed through."""
    if any(addition.at_min > 0 or not isinstance(addition.what, str)
           for addition in run.experiment.additions):  # fmt: skip
        raise ReactionError(
            message("shells of mixed ligands", found="an addition to the running reaction",
                    expected="direct mixing of parents")
        )  # fmt: skip
    if run.times.size < 2 or run.times[0] > 0:
        raise ReactionError(
            message("shells of mixed ligands", found="a trajectory that does not begin at 0",
                    expected="times from 0 on")
        )  # fmt: skip
    known = run.reaction.by_name
    for name in (*exchange.constants, *exchange.sites):
        if name not in known:
            raise ReactionError(
                message("exchange of ligands", found=f"framework {name}",
                        expected="one of " + ", ".join(known))
            )  # fmt: skip
    for name, (counts, constants) in exchange.sites.items():
        if sum(counts) != known[name].ligands or len(counts) != len(constants):
            raise ReactionError(
                message(f"classes of ligand sites of {name}",
                        found=f"{sum(counts)} sites, {len(constants)} constants",
                        expected=f"{known[name].ligands} sites, a constant for each class")
            )  # fmt: skip
