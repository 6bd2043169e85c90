"""Shells of two kinds of ligand on top of a simulated reaction.

The reaction does not know kinds of ligand, and need not: which of them a cluster carries changes
none of its amounts. Ligands are carried along by the steps, and exchanged between all clusters
and free thiolate.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from alloyscope.reaction.ligand_flows import LigandFlows
from alloyscope.reaction.mixed_ligands import (
    LigandExchange,
    LigandFeed,
    check_feed,
    check_shells,
)
from alloyscope.reaction.shell_steps import (
    LEAST,
    agree,
    begin,
    carry_along,
    exchange_ligands,
)
from alloyscope.reaction.trajectory import Trajectory
from alloyscope.shells.statistics import variance_of

Floats = NDArray[np.float64]
SUBSTEPS = 8
"""Parts of the time between two samples of a trajectory."""


@dataclass(frozen=True, eq=False)
class ShellTrajectory:
    """The shells of every framework over time.

    reservoirs : frameworks, then the pools that hold ligands
    ligands, foreign_ligands : (n_times, n_reservoirs) all, and the foreign ones, per so much of the
                 mixture as holds `reaction.size` metal atoms
    shells     : by framework, (n_times, L + 1) probability of k foreign ligands
    """

    run: Trajectory
    feed: LigandFeed
    exchange: LigandExchange
    reservoirs: tuple[str, ...]
    ligands: Floats
    foreign_ligands: Floats
    shells: Mapping[str, Floats]

    @property
    def times(self) -> Floats:
        """(n_times,) minutes from the start."""
        return self.run.times

    def mean(self, framework: str) -> Floats:
        """(n_times,) mean number of foreign ligands; nan where there is none of the framework."""
        return self.share(framework) * self.run.reaction.by_name[framework].ligands

    def share(self, reservoir: str) -> Floats:
        """(n_times,) foreign ligands of all in a framework or pool; nan where it is empty."""
        k = self.reservoirs.index(reservoir)
        there = self.ligands[:, k] > LEAST
        own = np.where(there, self.ligands[:, k], 1.0)
        return np.where(there, self.foreign_ligands[:, k] / own, np.nan)

    def sd(self, framework: str) -> Floats:
        """(n_times,) standard deviation of the number among clusters; nan where there are none."""
        found = [variance_of(p) for p in self.shells[framework]]
        there = np.isfinite(self.share(framework))
        return np.where(there, np.sqrt(np.maximum(found, 0.0)), np.nan)

    @cached_property
    def balance(self) -> Floats:
        """(n_times,) foreign ligands in all less those fed, over all ligands fed."""
        held = self.foreign_ligands.sum(axis=1)
        return np.asarray((held - held[0]) / self.ligands[0].sum())


def shells_of(
    run: Trajectory, feed: LigandFeed, exchange: LigandExchange | None = None, clock: float = 1.0
) -> ShellTrajectory:
    """The shells of a simulated reaction.

    run   : with times close enough together to follow it; from 0 on
    clock : factor by which all rates of the reaction were changed, and the run's times with them
    Raises ReactionError for parents or frameworks that are none, more ligands than a shell has, and
    for additions: shells are followed from direct mixing only.
    """
    reaction, exchange = run.reaction, exchange or LigandExchange()
    check_feed(reaction, feed)
    check_shells(run, exchange)
    flows = LigandFlows.of(reaction, run.layout)
    held = flows.held(run)
    extents = flows.extents(run, held, clock)
    state = begin(run, feed, flows, held[0])
    exchange_ligands(state, flows, exchange, 0.0)
    every = [state.copy()]
    for ends, minutes in zip(extents, np.diff(run.times), strict=True):
        for _ in range(SUBSTEPS):
            carry_along(state, flows, ends / SUBSTEPS, exchange)
            exchange_ligands(state, flows, exchange, float(minutes) / SUBSTEPS)
        agree(state, flows)
        every.append(state.copy())
    names = list(reaction.by_name)
    return ShellTrajectory(
        run, feed, exchange, flows.reservoirs, np.array([one.held for one in every]),
        np.array([one.held * one.share for one in every]),
        {name: np.array([one.shells[k] for one in every]) for k, name in enumerate(names)},
    )  # fmt: skip
