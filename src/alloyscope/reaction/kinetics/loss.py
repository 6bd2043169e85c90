"""Clusters that are lost, alone or attacked: metals of their composition go to the pools.

rate of a population = target * (product of pools) * activity * n
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


class LossArrays(NamedTuple):
    """Steps by which clusters decompose.

    span    : (n_s, 2) populations of the framework that is lost
    target  : (n_s, n) rate constant of each population
    counts  : (n, n_metals) composition
    into    : (n_s,) the first of the pools, one a metal, that the metals go to
    """

    span: Ints
    target: Floats
    counts: Floats
    into: Ints
    drive: Drive


@njit(cache=True)
def add_rates(y: Floats, x: LossArrays, rates: Floats) -> None:
    """Add what decomposition changes."""
    n, n_metals = x.counts.shape
    for s in range(x.span.shape[0]):
        drive = product(y, x.drive.forward[s]) * activity(y, x.drive, s)
        whole = 0.0
        for k in range(x.span[s, 0], x.span[s, 1]):
            flux = drive * x.target[s, k] * y[k]
            rates[k] -= flux
            whole += flux
            for m in range(n_metals):
                rates[n + x.into[s] + m] += x.counts[k, m] * flux
        for z in range(x.drive.stoich.shape[1]):
            rates[n + z] += x.drive.stoich[s, z] * whole


@njit(cache=True)
def _released(x: LossArrays, s: int, k: int, z: int) -> float:
    """Of a pool, when one cluster of a composition is lost."""
    metal = z - x.into[s]
    metals = x.counts[k, metal] if 0 <= metal < x.counts.shape[1] else 0.0
    return float(metals + x.drive.stoich[s, z])


@njit(cache=True)
def add_jacobian(y: Floats, x: LossArrays, parts: Parts) -> None:
    """Add decomposition to the Jacobian."""
    n = parts.place.size
    for s in range(x.span.shape[0]):
        pools, acting = product(y, x.drive.forward[s]), activity(y, x.drive, s)
        column = x.drive.column[s]
        add_activity_row(x.drive, s, parts)
        for k in range(x.span[s, 0], x.span[s, 1]):
            rate, row = x.target[s, k], parts.place[k]
            add_band(parts, k, k, -rate * pools * acting)
            for z in range(x.drive.stoich.shape[1]):
                parts.below[z, row] += _released(x, s, k, z) * rate * pools * acting
            _add_column(x, s, k, rate * pools * y[k], column, parts)
            for at in range(4):
                entry = x.drive.forward[s, at]
                if entry >= 0:
                    slope = rate * acting * product_but(y, x.drive.forward[s], at) * y[k]
                    _add_column(x, s, k, slope, entry - n, parts)


@njit(cache=True)
def _add_column(x: LossArrays, s: int, k: int, slope: float, column: int, parts: Parts) -> None:
    if column >= 0:
        parts.right[parts.place[k], column] -= slope
        for z in range(x.drive.stoich.shape[1]):
            parts.corner[z, column] += _released(x, s, k, z) * slope
