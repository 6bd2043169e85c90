"""One step in time of the shells: ligands carried by the reaction, then exchanged."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from alloyscope.reaction.ligand_flows import Flow, LigandFlows
from alloyscope.reaction.mixed_ligands import LigandExchange, LigandFeed
from alloyscope.reaction.reaction import DARK, DISULFIDE, LIGAND
from alloyscope.reaction.trajectory import Trajectory
from alloyscope.shells.equilibrium import common_ratio
from alloyscope.shells.statistics import (
    binomial,
    hypergeometric,
    mean_of,
    occupations,
    renewed,
    site_shell,
    tilted,
    variance_of,
)

Floats = NDArray[np.float64]
SWEEPS = 3
"""Times that shells which turn into one another are mixed anew in one step."""

LEAST = 1e-12
"""Ligands of a reservoir, per `reaction.size` metal atoms, below which it counts as empty."""


@dataclass
class ShellState:
    """What reservoirs hold at one time; frameworks come first.

    held   : (n_reservoirs,) ligands
    share  : (n_reservoirs,) of them that is foreign
    shells : of each framework, (L + 1,) probability of k foreign ligands
    """

    held: Floats
    share: Floats
    shells: list[Floats]

    def copy(self) -> ShellState:
        """As it is now."""
        return ShellState(self.held.copy(), self.share.copy(), [p.copy() for p in self.shells])


def begin(run: Trajectory, feed: LigandFeed, flows: LigandFlows, held: Floats) -> ShellState:
    """Shells of what is mixed."""
    reaction = run.reaction
    mixed = {name: np.zeros(f.ligands + 1) for name, f in reaction.by_name.items()}
    fed = dict(zip((p.name for p in reaction.parents), run.experiment.ratio, strict=True))
    for addition in run.experiment.additions:
        fed[str(addition.what)] += addition.amount
    for parent in reaction.parents:
        n = reaction.by_name[parent.framework].ligands
        mixed[parent.framework] += fed[parent.name] * _fed_shell(n, feed, parent.name)
    shells = [p / p.sum() if p.sum() > 0 else binomial(p.size - 1, 0.0) for p in mixed.values()]
    share = np.zeros(held.size)
    share[: len(shells)] = [mean_of(p) / (p.size - 1) for p in shells]
    return ShellState(held.copy(), share, shells)


def _fed_shell(n_sites: int, feed: LigandFeed, parent: str) -> Floats:
    mean = float(feed.held.get(parent, 0.0))
    if feed.random:
        return binomial(n_sites, mean / n_sites)
    found, below = np.zeros(n_sites + 1), int(mean)
    found[below] = 1.0 - (mean - below)
    if mean > below:
        found[below + 1] = mean - below
    return found


def carry_along(
    state: ShellState, flows: LigandFlows, extents: Floats, exchange: LigandExchange
) -> None:
    """Ligands carried by the steps, implicitly: shares stay between 0 and 1, sums as they are."""
    n = state.held.size
    matrix, gained = np.zeros((n, n)), np.zeros(n)
    for flow, events in zip(flows.flows, extents, strict=True):
        whole = sum(m * ligands for _, m, ligands in flow.taken)
        for to, m, ligands in flow.made:
            gained[to] += events * m * ligands
            for start, often, size in flow.taken:
                matrix[to, start] += events * m * ligands * often * size / whole
    there = state.held + gained > LEAST
    after = np.where(there, state.held + gained, 1.0)
    share = np.linalg.solve(np.diag(after) - np.where(there[:, None], matrix, 0.0),
                            np.where(there, state.held, 1.0) * state.share)  # fmt: skip
    if exchange.half_life > 0:
        _renew_shells(state, flows, extents, share)
    state.share = share
    state.held = state.held + flows.stoichiometry @ extents


def _renew_shells(state: ShellState, flows: LigandFlows, extents: Floats, share: Floats) -> None:
    """Shells of what is made mix with those there were; what is used up leaves as it is."""
    old = [p.copy() for p in state.shells]
    acting = [(flow, float(events)) for flow, events in zip(flows.flows, extents, strict=True)
              if events > 0 and any(to < len(old) for to, _, _ in flow.made)]  # fmt: skip
    for _ in range(SWEEPS if acting else 0):
        mixed = [p * held / (p.size - 1) for p, held in zip(old, state.held, strict=False)]
        for flow, events in acting:
            total = _together(flow, state.shells, share)
            for to, m, ligands in flow.made:
                if to < len(old):
                    thin = _thinning(total.size - 1, ligands)
                    mixed[to] = mixed[to] + events * m * (total @ thin)
        state.shells = [p / p.sum() if p.sum() > LEAST / p.size else q
                        for p, q in zip(mixed, old, strict=True)]  # fmt: skip


def _together(flow: Flow, shells: list[Floats], share: Floats) -> Floats:
    """Foreign ligands among all that one event uses up."""
    found = np.ones(1)
    for start, often, size in flow.taken:
        if start < len(shells):
            for _ in range(often):
                found = np.convolve(found, shells[start])
        else:
            occupied = float(np.clip(share[start], 0.0, 1.0))
            found = np.convolve(found, binomial(often * size, occupied))
    return found


@lru_cache(maxsize=64)
def _thinning(whole: int, kept: int) -> Floats:
    return hypergeometric(whole, kept)


def exchange_ligands(
    state: ShellState, flows: LigandFlows, exchange: LigandExchange, minutes: float
) -> None:
    """Exchange among clusters and free thiolate, towards the equilibrium of what they hold."""
    if np.isinf(exchange.half_life) or (exchange.half_life > 0 and minutes == 0):
        return
    names = flows.reservoirs
    rows = [k for k, name in enumerate(names) if name not in (DISULFIDE, DARK + LIGAND)]
    classes = [exchange.of(names[k], flows.sizes[k]) if k < len(state.shells)
               else (np.ones(1), np.ones(1)) for k in rows]  # fmt: skip
    ratio = _free_ratio(state.held[rows], state.share[rows], classes)
    done = 1.0 if exchange.half_life == 0 else -float(np.expm1(-minutes * np.log(2.0)
                                                               / exchange.half_life))  # fmt: skip
    for k, (counts, constants) in zip(rows, classes, strict=True):
        occupied = occupations(constants, ratio)
        theta = float(counts @ occupied / counts.sum())
        state.share[k] += done * (theta - state.share[k])
        if k < len(state.shells) and done == 1.0:
            state.shells[k] = site_shell(counts.astype(int).tolist(), occupied.tolist())
        elif k < len(state.shells):
            state.shells[k] = renewed(state.shells[k], done, theta)


def _free_ratio(held: Floats, share: Floats, classes: list[tuple[Floats, Floats]]) -> float:
    """Free foreign over own ligand at equilibrium, of reservoirs with these sites and constants."""
    foreign, whole = float(held @ share), float(held.sum())
    if all((constants == 1.0).all() for _, constants in classes):
        return foreign / (whole - foreign) if foreign < whole * (1 - 1e-14) else float("inf")
    shells = held / np.array([counts.sum() for counts, _ in classes])
    return common_ratio(shells, [c for _, c in classes], [n for n, _ in classes], foreign)


def agree(state: ShellState, flows: LigandFlows) -> None:
    """Shells whose means are those of the ligands carried, which they are near by themselves."""
    for k, shell in enumerate(state.shells):
        mean = float(np.clip(state.share[k], 0.0, 1.0)) * flows.sizes[k]
        off = abs(mean_of(shell) - mean)
        if 1e-12 < off < 0.5 and variance_of(shell) > 1e-6:
            state.shells[k] = tilted(shell, mean)
