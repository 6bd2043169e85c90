"""Clusters put together from the pools, with a composition that the pools' metals decide.

rate = constant * activity * product over what is taken up of (pool / number taken up), the metals
together; composition p(n) ~ exp(-G(n)) prod z_m^n_m. Irreversible and empirical: see the theory.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from alloyscope.reaction.kinetics.parts import Drive, Parts, activity, add_activity_row

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
LEAST = 1e-200
"""A pool's logarithm is taken of no less."""


class GrowthArrays(NamedTuple):
    """Steps by which clusters grow.

    span   : (n_s, 2) populations of the framework
    weight : (n,) -G of every population
    rate   : (n_s,) constant
    size   : (n_s,) metal atoms taken up
    counts : (n, n_metals)
    """

    span: Ints
    weight: Floats
    rate: Floats
    size: Floats
    counts: Floats
    drive: Drive


@njit(cache=True)
def drawn(y: Floats, x: GrowthArrays, s: int) -> Floats:
    """(n_states of the framework,) share of each composition."""
    n, n_metals = x.counts.shape
    start, stop = x.span[s]
    logs = np.empty(stop - start)
    for k in range(start, stop):
        logs[k - start] = x.weight[k]
    for m in range(n_metals):
        log = np.log(max(y[n + m], LEAST))
        for k in range(start, stop):
            logs[k - start] += x.counts[k, m] * log
    share: Floats = np.exp(logs - logs.max())
    share /= share.sum()
    return share


@njit(cache=True)
def _taken(y: Floats, x: GrowthArrays, s: int, left_out: int) -> float:
    """Product of what is taken up, each over its number, but for one; -1 the metals, -2 none."""
    n, n_metals = x.counts.shape
    found = 1.0
    if left_out != -1:
        metals = 0.0
        for m in range(n_metals):
            metals += y[n + m]
        found *= metals / x.size[s]
    for z in range(n_metals, x.drive.stoich.shape[1]):
        if x.drive.stoich[s, z] < 0 and z != left_out:
            found *= y[n + z] / -x.drive.stoich[s, z]
    return found


@njit(cache=True)
def add_rates(y: Floats, x: GrowthArrays, rates: Floats) -> None:
    """Add what growth changes."""
    n, n_metals = x.counts.shape
    for s in range(x.rate.size):
        rate = x.rate[s] * activity(y, x.drive, s) * _taken(y, x, s, -2)
        share = drawn(y, x, s)
        start, stop = x.span[s]
        for k in range(start, stop):
            flux = rate * share[k - start]
            rates[k] += flux
            for m in range(n_metals):
                rates[n + m] -= x.counts[k, m] * flux
        for z in range(n_metals, x.drive.stoich.shape[1]):
            rates[n + z] += x.drive.stoich[s, z] * rate


@njit(cache=True)
def add_jacobian(y: Floats, x: GrowthArrays, parts: Parts) -> None:
    """Add growth to the Jacobian."""
    n, n_metals = x.counts.shape
    for s in range(x.rate.size):
        add_activity_row(x.drive, s, parts)
        acting, share = activity(y, x.drive, s), drawn(y, x, s)
        whole = _taken(y, x, s, -2)
        _add_column(x, s, share, x.rate[s] * whole, x.drive.column[s], parts)
        for z in range(n_metals, x.drive.stoich.shape[1]):
            if x.drive.stoich[s, z] < 0:
                slope = x.rate[s] * acting * _taken(y, x, s, z) / -x.drive.stoich[s, z]
                _add_column(x, s, share, slope, z, parts)
        rest = x.rate[s] * acting * _taken(y, x, s, -1) / x.size[s]
        start, stop = x.span[s]
        for m in range(n_metals):
            _add_column(x, s, share, rest, m, parts)
            if y[n + m] <= LEAST:
                continue
            mean = 0.0
            for k in range(start, stop):
                mean += share[k - start] * x.counts[k, m]
            tilt = np.empty(share.size)
            for k in range(start, stop):
                tilt[k - start] = share[k - start] * (x.counts[k, m] - mean)
            _add_column(x, s, tilt, x.rate[s] * acting * whole / y[n + m], m, parts)


@njit(cache=True)
def _add_column(
    x: GrowthArrays, s: int, share: Floats, slope: float, column: int, parts: Parts
) -> None:
    if column < 0:
        return
    n_metals, start, whole = x.counts.shape[1], x.span[s, 0], 0.0
    for k in range(share.size):
        flux = slope * share[k]
        parts.right[parts.place[start + k], column] += flux
        whole += flux
        for m in range(n_metals):
            parts.corner[m, column] -= x.counts[start + k, m] * flux
    for z in range(n_metals, x.drive.stoich.shape[1]):
        parts.corner[z, column] += x.drive.stoich[s, z] * whole
