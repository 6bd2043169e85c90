"""The ions of one framework, by rule: its compositions, and what may be done to each.

Every metal-ligand composition is a body; every charge with what is added for it is a state. Bodies
and states are crossed, and those kept that the acids, the m/z window and the penalty allow.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alloyscope.assignment.space import FEW_CATIONS, Framework, SearchSpace
from alloyscope.constants import ELECTRON_MASS
from alloyscope.errors import CaseError, message

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Columns = tuple[Integers, Integers, Integers, Integers, Integers, Floats]
"""Index of the framework, units, charge, core charge, how far that is off, penalty."""

MOST = 20_000_000
"""Combinations of one framework beyond which a space is refused."""


def compositions(total: int, lows: Sequence[int], highs: Sequence[int]) -> Integers:
    """(n, kinds) all ways to divide `total` units among kinds, each within its bounds.

    >>> compositions(2, (0, 0), (2, 1)).tolist()
    [[1, 1], [2, 0]]
    """
    if len(lows) < 2:
        fits = (lows[0] <= total <= highs[0]) if lows else total == 0
        return np.full((1 if fits else 0, len(lows)), total, np.int64)
    parts = [
        np.insert(compositions(total - first, lows[1:], highs[1:]), 0, first, axis=1)
        for first in range(lows[0], min(highs[0], total) + 1)
    ]
    return np.concatenate([np.zeros((0, len(lows)), np.int64), *parts])


def of_framework(
    space: SearchSpace, index: int, masses: Floats, window: tuple[float, float]
) -> Iterator[Columns]:
    """Ions of one framework whose mean m/z lies in the window.

    masses : (n_units,) mean mass of each unit of the space, Da

    Raises CaseError for too many combinations.
    """
    framework = space.frameworks[index]
    for bodies in _bodies(space, framework):
        states = _states(space, bodies)
        n_crossed = len(bodies.units) * len(states.charge)
        if n_crossed > MOST:
            raise CaseError(
                message(f"search space, framework {framework.name}",
                        found=f"{n_crossed:.0e} combinations", expected=f"at most {MOST:.0e}",
                        do="Give ranges of metals and ligands, or fewer adducts.")
            )  # fmt: skip
        if n_crossed:
            yield _crossed(space, index, bodies, states, masses, window)


@dataclass(frozen=True, eq=False)
class _Bodies:
    """Compositions of one framework with one core charge, and the most that may be done to them.

    units   : (n, metals + ligands)
    penalty : (n,) nats
    cations, steps : most cations, least and greatest step of the core charge
    """

    units: Integers
    penalty: Floats
    core_charge: int
    cations: int
    steps: tuple[int, int]


@dataclass(frozen=True, eq=False)
class _States:
    """What may be done to a body, one row each.

    charge, off : (n,) of the ion, signed; step of the core charge
    added       : (n, 1 + cations + neutral molecules), H first
    penalty     : (n,) nats
    """

    charge: Integers
    off: Integers
    added: Integers
    penalty: Floats


def _bodies(space: SearchSpace, framework: Framework) -> Iterator[_Bodies]:
    """Compositions of a framework; those with further ligands apart."""
    lows, highs = _bounds(space, framework, space.metals, framework.n_metals)
    metals = compositions(framework.n_metals, lows, highs)
    shells, mixed = _shells(space, framework)
    first = len(space.ligands)
    swapped = shells[:, first : first + len(space.substitutes)].sum(axis=1)
    penalty = framework.penalty + space.per_substitute * swapped + space.mixed * mixed
    few = min(framework.cations, FEW_CATIONS)
    for rows, cations, steps in (
        (~mixed, framework.cations, framework.core_steps), (mixed, few, (0, 0)),
    ):  # fmt: skip
        units = _crossing(metals, shells[rows])
        charge = _core_charges(space, framework, units)
        cost = np.tile(penalty[rows], len(metals))
        for core in np.unique(charge):
            own = charge == core
            yield _Bodies(units[own], cost[own], int(core), cations, steps)


def _bounds(
    space: SearchSpace, framework: Framework, names: Sequence[str], total: int
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Fewest and most of each metal or ligand; the framework's own ranges go first."""
    stated = {name: (low, high) for name, low, high in (*space.ranges, *framework.ranges)}
    pairs = [stated.get(name, (0, total)) for name in names]
    return tuple(low for low, _ in pairs), tuple(high for _, high in pairs)


def _shells(space: SearchSpace, framework: Framework) -> tuple[Integers, NDArray[np.bool_]]:
    """(n, anionic + substitutes + neutral) ligands, and whether further ones are among them."""
    names = [str(ligand) for ligand in space.ligands]
    lows, highs = _bounds(space, framework, names, framework.n_ligands)
    if not framework.mixed:
        highs = (*highs[:1], *lows[1:])
    limits = [n if framework.substituted else 0 for _, n in space.substitutes]
    parts = []
    for swapped in _rungs(limits, framework.n_ligands):
        few = (*highs[:1], *lows[1:]) if swapped.any() else highs
        own = compositions(framework.n_ligands - int(swapped.sum()), lows, few)
        parts.append(np.column_stack((own, np.tile(swapped, (len(own), 1)))))
    stated = {ligand: (low, high) for ligand, low, high in framework.neutral}
    ends = [stated.get(ligand, (0, 0)) for ligand in space.neutral_ligands]
    neutral = _grid([high - low + 1 for low, high in ends]) + np.array([e[0] for e in ends], int)
    shells = _crossing(np.concatenate(parts), neutral)
    further = shells[:, 1 : len(lows)] > np.array(lows[1:], np.int64)
    return shells, np.asarray(further.any(axis=1))


def _core_charges(space: SearchSpace, framework: Framework, units: Integers) -> Integers:
    """(n,) core charge of each composition."""
    if framework.electrons is None:
        return np.full(len(units), framework.core_charge)
    brought = space.valence or (1,) * len(space.metals)
    per_unit = np.array((*brought, *(-ligand.electrons for ligand in space.kinds)), np.int64)
    return np.asarray(units @ per_unit - framework.electrons)


def _states(space: SearchSpace, bodies: _Bodies) -> _States:
    cations = _rungs([n for _, n in space.cations], bodies.cations)
    neutrals = _grid([n + 1 for _, n in space.neutrals])
    least, most = (0, 0) if space.core_off is None else bodies.steps
    charges = np.array(space.charges, np.int64)[:, None]
    rows = _crossing(
        _crossing(charges, np.arange(least, most + 1)[:, None]), _crossing(cations, neutrals)
    )
    charge, off, rungs = rows[:, 0], rows[:, 1], rows[:, 2:]
    last = len(space.cations)
    carried = np.array([adduct.charge for adduct, _ in space.cations], np.int64)
    protons = charge - bodies.core_charge - off - rungs[:, :last] @ carried
    penalty = space.per_cation * rungs[:, :last].sum(axis=1)
    penalty = penalty + space.per_neutral * rungs[:, last:].sum(axis=1)
    penalty += space.per_proton * np.maximum(protons, 0) + (space.core_off or 0.0) * np.abs(off)
    fits = (protons <= space.most_protons) & (penalty <= space.most_penalty)
    return _States(charge[fits], off[fits], np.column_stack((protons, rungs))[fits], penalty[fits])


def _crossed(
    space: SearchSpace, index: int, bodies: _Bodies, states: _States, masses: Floats,
    window: tuple[float, float],
) -> Columns:  # fmt: skip
    """Every body in every state that the acids, the window and the penalty allow."""
    units, n_metals = bodies.units, len(space.metals)
    acids = units[:, n_metals:] @ np.array([ligand.acids for ligand in space.kinds], np.int64)
    mass = units @ masses[: units.shape[1]]
    added = states.added @ masses[units.shape[1] :] - states.charge * ELECTRON_MASS
    size = np.abs(states.charge)
    low, high = window[0] * size - added, window[1] * size - added
    near = (mass.min() <= high) & (mass.max() >= low) & (-states.added[:, 0] <= acids.max())
    state = np.flatnonzero(near)
    fits = (mass[:, None] >= low[state]) & (mass[:, None] <= high[state])
    fits &= -states.added[state, 0] <= acids[:, None]
    fits &= bodies.penalty[:, None] + states.penalty[state] <= space.most_penalty
    body, column = np.nonzero(fits)
    done = state[column]
    off = states.off[done]
    return (
        np.full(body.size, index), np.column_stack((units[body], states.added[done])),
        states.charge[done], bodies.core_charge + off, off,
        bodies.penalty[body] + states.penalty[done],
    )  # fmt: skip


def _grid(sizes: Sequence[int]) -> Integers:
    """(n, kinds) every combination of counts, each below its size."""
    if not sizes:
        return np.zeros((1, 0), np.int64)
    return np.asarray(np.indices(sizes).reshape(len(sizes), -1).T, np.int64)


def _rungs(limits: Sequence[int], most: int) -> Integers:
    """(n, kinds) every combination of counts, each within its limit, no more than `most` in all."""
    grid = _grid([min(n, most) + 1 for n in limits])
    return np.asarray(grid[grid.sum(axis=1) <= most], np.int64)


def _crossing(left: Integers, right: Integers) -> Integers:
    """Each row of one table beside each row of another."""
    return np.column_stack((np.repeat(left, len(right), axis=0), np.tile(right, (len(left), 1))))
