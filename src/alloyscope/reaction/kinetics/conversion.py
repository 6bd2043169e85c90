"""One framework becomes another of the same composition: C + SR <-> B.

flux = activity * (forward (product of pools) n_from - backward (product of pools) n_to)
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from alloyscope.reaction.kinetics.parts import (
    Drive,
    Parts,
    activity,
    add_activity_row,
    add_band,
    product,
    product_but,
)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class ConversionArrays(NamedTuple):
    """Pairs of populations of equal composition.

    source, target    : (n_pairs,) populations
    step              : (n_pairs,) which step
    forward, backward : (n_pairs,) rate constants, in detailed balance where reversible
    """

    source: Ints
    target: Ints
    step: Ints
    forward: Floats
    backward: Floats
    drive: Drive


@njit(cache=True)
def add_rates(y: Floats, x: ConversionArrays, rates: Floats) -> None:
    """Add what conversions change."""
    n, n_steps = x.drive.actor.shape[1], x.drive.constant.size
    forth, back, whole = np.empty(n_steps), np.empty(n_steps), np.zeros(n_steps)
    for s in range(n_steps):
        acting = activity(y, x.drive, s)
        forth[s] = acting * product(y, x.drive.forward[s])
        back[s] = acting * product(y, x.drive.backward[s])
    for k in range(x.source.size):
        s = x.step[k]
        flux = (x.forward[k] * forth[s] * y[x.source[k]]
                - x.backward[k] * back[s] * y[x.target[k]])  # fmt: skip
        rates[x.source[k]] -= flux
        rates[x.target[k]] += flux
        whole[s] += flux
    for s in range(n_steps):
        for z in range(x.drive.stoich.shape[1]):
            rates[n + z] += x.drive.stoich[s, z] * whole[s]


@njit(cache=True)
def add_jacobian(y: Floats, x: ConversionArrays, parts: Parts) -> None:
    """Add conversions to the Jacobian."""
    n = parts.place.size
    for s in range(x.drive.constant.size):
        add_activity_row(x.drive, s, parts)
    for k in range(x.source.size):
        s, a, b = x.step[k], x.source[k], x.target[k]
        acting = activity(y, x.drive, s)
        pools = product(y, x.drive.forward[s]), product(y, x.drive.backward[s])
        for column, slope in ((a, x.forward[k] * pools[0]), (b, -x.backward[k] * pools[1])):
            add_band(parts, a, column, -acting * slope)
            add_band(parts, b, column, acting * slope)
            for z in range(x.drive.stoich.shape[1]):
                parts.below[z, parts.place[column]] += x.drive.stoich[s, z] * acting * slope
        bare = x.forward[k] * pools[0] * y[a] - x.backward[k] * pools[1] * y[b]
        _add_column(x, k, bare, x.drive.column[s], parts)
        for at in range(4):
            i, j = x.drive.forward[s, at], x.drive.backward[s, at]
            if i >= 0:
                slope = product_but(y, x.drive.forward[s], at) * x.forward[k] * y[a]
                _add_column(x, k, acting * slope, i - n, parts)
            if j >= 0:
                slope = product_but(y, x.drive.backward[s], at) * x.backward[k] * y[b]
                _add_column(x, k, -acting * slope, j - n, parts)


@njit(cache=True)
def _add_column(x: ConversionArrays, k: int, slope: float, column: int, parts: Parts) -> None:
    if column >= 0:
        parts.right[parts.place[x.source[k]], column] -= slope
        parts.right[parts.place[x.target[k]], column] += slope
        for z in range(x.drive.stoich.shape[1]):
            parts.corner[z, column] += x.drive.stoich[x.step[k], z] * slope
