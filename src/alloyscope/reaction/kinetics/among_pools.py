"""Steps among pools: e -> oxidised, RSSR + 2 e <-> 2 SR."""

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
    product,
    product_but,
)

Floats = NDArray[np.float64]


class PoolArrays(NamedTuple):
    """Steps among pools.

    forward, backward : (n_s,) rate constants
    """

    forward: Floats
    backward: Floats
    drive: Drive


@njit(cache=True)
def add_rates(y: Floats, x: PoolArrays, rates: Floats) -> None:
    """Add what steps among pools change."""
    n = x.drive.actor.shape[1]
    for s in range(x.forward.size):
        flux = (x.forward[s] * product(y, x.drive.forward[s])
                - x.backward[s] * product(y, x.drive.backward[s]))  # fmt: skip
        flux *= activity(y, x.drive, s)
        for z in range(x.drive.stoich.shape[1]):
            rates[n + z] += x.drive.stoich[s, z] * flux


@njit(cache=True)
def add_jacobian(y: Floats, x: PoolArrays, parts: Parts) -> None:
    """Add steps among pools to the Jacobian."""
    n = parts.place.size
    for s in range(x.forward.size):
        add_activity_row(x.drive, s, parts)
        acting = activity(y, x.drive, s)
        bare = (x.forward[s] * product(y, x.drive.forward[s])
                - x.backward[s] * product(y, x.drive.backward[s]))  # fmt: skip
        _add_column(x, s, bare, x.drive.column[s], parts)
        for at in range(4):
            i, j = x.drive.forward[s, at], x.drive.backward[s, at]
            if i >= 0:
                slope = acting * x.forward[s] * product_but(y, x.drive.forward[s], at)
                _add_column(x, s, slope, i - n, parts)
            if j >= 0:
                slope = acting * x.backward[s] * product_but(y, x.drive.backward[s], at)
                _add_column(x, s, -slope, j - n, parts)


@njit(cache=True)
def _add_column(x: PoolArrays, s: int, slope: float, column: int, parts: Parts) -> None:
    if column >= 0:
        for z in range(x.drive.stoich.shape[1]):
            parts.corner[z, column] += x.drive.stoich[s, z] * slope
