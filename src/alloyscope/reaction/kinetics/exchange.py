"""Metal exchange among all clusters and with complexes, in O(n) instead of O(n^2) reactions.

flux low -> high = up n_low (kx D + kp z_gain) - down n_high (kx U + kp z_lose)
U = sum up n_low, D = sum down n_high over every edge of the same pair of metals
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from alloyscope.reaction.kinetics.parts import Parts, add_band

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class ExchangeArrays(NamedTuple):
    """Edges between compositions that differ by one swap.

    low, high, pair : (n_edges,) populations, and which pair of metals is swapped
    up, down        : (n_edges,) lability / (1 + e^dG), lability / (1 + e^-dG)
    gain, lose      : (n_pairs,) entries of y: pools of the metal that comes in, and that goes out
    column          : of the first U in the border; D stands behind it
    kx, kp          : rate constants among clusters, and with complexes
    """

    low: Ints
    high: Ints
    pair: Ints
    up: Floats
    down: Floats
    gain: Ints
    lose: Ints
    column: int
    kx: float
    kp: float


@njit(cache=True)
def sums(y: Floats, x: ExchangeArrays) -> tuple[Floats, Floats]:
    """(n_pairs,) U and D."""
    up, down = np.zeros(x.gain.size), np.zeros(x.gain.size)
    for e in range(x.low.size):
        up[x.pair[e]] += x.up[e] * y[x.low[e]]
        down[x.pair[e]] += x.down[e] * y[x.high[e]]
    return up, down


@njit(cache=True)
def add_rates(y: Floats, x: ExchangeArrays, rates: Floats) -> None:
    """Add what exchange changes."""
    up, down = sums(y, x)
    forth, back = np.empty(x.gain.size), np.empty(x.gain.size)
    for p in range(x.gain.size):
        taken, given = y[x.gain[p]], y[x.lose[p]]
        forth[p] = x.kx * down[p] + x.kp * taken
        back[p] = x.kx * up[p] + x.kp * given
        net = x.kp * (up[p] * taken - down[p] * given)
        rates[x.gain[p]] -= net
        rates[x.lose[p]] += net
    for e in range(x.low.size):
        p = x.pair[e]
        flux = x.up[e] * y[x.low[e]] * forth[p] - x.down[e] * y[x.high[e]] * back[p]
        rates[x.low[e]] -= flux
        rates[x.high[e]] += flux


@njit(cache=True)
def add_jacobian(y: Floats, x: ExchangeArrays, parts: Parts) -> None:
    """Add exchange to the Jacobian."""
    n = parts.place.size
    up, down = sums(y, x)
    for p in range(x.gain.size):
        i, j, u, d = x.gain[p] - n, x.lose[p] - n, x.column + 2 * p, x.column + 2 * p + 1
        taken, given = y[x.gain[p]], y[x.lose[p]]
        for row, sign in ((i, -1.0), (j, 1.0)):
            parts.corner[row, i] += sign * x.kp * up[p]
            parts.corner[row, j] -= sign * x.kp * down[p]
            parts.corner[row, u] += sign * x.kp * taken
            parts.corner[row, d] -= sign * x.kp * given
    for e in range(x.low.size):
        p, low, high = x.pair[e], x.low[e], x.high[e]
        i, j, u, d = x.gain[p] - n, x.lose[p] - n, x.column + 2 * p, x.column + 2 * p + 1
        forth = x.up[e] * (x.kx * down[p] + x.kp * y[x.gain[p]])
        back = x.down[e] * (x.kx * up[p] + x.kp * y[x.lose[p]])
        a, b = parts.place[low], parts.place[high]
        for row, sign in ((low, -1.0), (high, 1.0)):
            add_band(parts, row, low, sign * forth)
            add_band(parts, row, high, -sign * back)
        for row, sign in ((a, -1.0), (b, 1.0)):
            parts.right[row, i] += sign * x.kp * x.up[e] * y[low]
            parts.right[row, j] -= sign * x.kp * x.down[e] * y[high]
            parts.right[row, d] += sign * x.kx * x.up[e] * y[low]
            parts.right[row, u] -= sign * x.kx * x.down[e] * y[high]
        parts.below[u, a] += x.up[e]
        parts.below[d, b] += x.down[e]
