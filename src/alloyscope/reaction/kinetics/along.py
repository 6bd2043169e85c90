"""How rates change along given changes of the state, many at a time: the Jacobian times a matrix.

The pieces of a Jacobian are multiplied as they are; meetings, which they hold only on average, are
differentiated exactly, pair by pair.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from alloyscope.reaction.kinetics.meeting import MeetingArrays
from alloyscope.reaction.kinetics.parts import Drive, Parts, activity, product, product_but

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
TINY = 1e-13
"""Populations and shares of products that no tangent depends on."""


@njit(cache=True, error_model="numpy")
def add_pieces(parts: Parts, along: Floats, change: Floats) -> None:
    """Add what the pieces give, all of them exact.

    along, change : (n + n_z, p) of the state, and of its rates
    """
    n, m = parts.right.shape
    p, z, width = along.shape[1], along.shape[0] - n, parts.band.shape[1] // 2
    order = np.empty(n, np.int64)
    for k in range(n):
        order[parts.place[k]] = k
    border = np.zeros((m, p))
    border[:z] = along[n:]
    for a in range(m):
        into = change[n + a] if a < z else border[a]
        for i in range(n):
            add(parts.below[a, i], along[order[i]], into)
    for i in range(n):
        into = change[order[i]]
        for j in range(max(i - width, 0), min(i + width + 1, n)):
            add(parts.band[i, width + j - i], along[order[j]], into)
        for a in range(m):
            add(parts.right[i, a], border[a], into)
    for a in range(z):
        for b in range(m):
            add(parts.corner[a, b], border[b], change[n + a])


@njit(cache=True, error_model="numpy", inline="always")
def add(factor: float, row: Floats, into: Floats) -> None:
    """Add a multiple of one row to another."""
    if factor != 0.0:
        for c in range(into.size):
            into[c] += factor * row[c]


@njit(cache=True, error_model="numpy")
def add_meetings(y: Floats, x: MeetingArrays, along: Floats, change: Floats) -> None:
    """Add what meetings give.

    along, change : (n + n_z, p) of the state, and of its rates
    """
    n = x.drive.actor.shape[1]
    for s in range(x.span.shape[0]):
        acting, acting_along = activity(y, x.drive, s), _activity_along(x.drive, s, along)
        for way in range(2 if x.beta[s].max() > 0.0 else 1):
            pools = x.drive.backward[s] if way else x.drive.forward[s]
            bare = product(y, pools)
            moved = bare * acting_along
            for at in range(pools.size):
                if pools[at] >= 0:
                    add(acting * product_but(y, pools, at), along[pools[at]], moved)
            flux, own = _pairs(y, x, s, way, acting * bare, moved, along, change)
            flux *= acting * bare
            for t in range(own.size):
                add(own[t], moved, flux[t])
            _products(x, s, way, flux, change)
            whole = flux.sum(axis=0)
            for z in range(x.drive.stoich.shape[1]):
                add((1.0 - 2.0 * way) * x.drive.stoich[s, z], whole, change[n + z])


@njit(cache=True, error_model="numpy")
def _activity_along(drive: Drive, s: int, along: Floats) -> Floats:
    found = np.zeros(along.shape[1])
    if drive.column[s] >= 0:
        for k in range(drive.actor.shape[1]):
            add(drive.actor[s, k], along[k], found)
    return found


@njit(cache=True, error_model="numpy")
def _pairs(
    y: Floats, x: MeetingArrays, s: int, way: int, drive: float, moved: Floats, along: Floats,
    change: Floats,
) -> tuple[Floats, Floats]:  # fmt: skip
    """Take from `change` what pairs lose.

    drive, moved : what drives the step, and (p,) how that changes
    Returns (n_keys, p) how the flux of each total composition changes at a drive of 1, and
    (n_keys,) that flux.
    """
    first, constant = 2 * way, x.beta[s] if way else x.alpha[s]
    a0, a1 = x.span[s, first]
    b0, b1 = x.span[s, first + 1]
    p, alike = along.shape[1], a0 == b0
    flux, own = np.zeros((constant.size, p)), np.zeros(constant.size)
    lost_b, rate_b = np.zeros((b1 - b0, p)), np.zeros(b1 - b0)
    lost = np.empty(p)
    for i in range(a1 - a0):
        ya, rate = y[a0 + i], 0.0
        lost[:] = 0.0
        of_a = along[a0 + i]
        for j in range(b1 - b0):
            total = x.key[s, first, i] + x.key[s, first + 1, j]
            k, yb, of_b, into = constant[total], y[b0 + j], along[b0 + j], flux[total]
            own[total] += k * ya * yb
            rate += k * yb
            of_lost = lost_b[j]
            rate_b[j] += k * ya
            if alike and abs(yb) > TINY:
                for c in range(p):
                    into[c] += 2.0 * k * yb * of_a[c]
            elif not alike and abs(yb) > TINY:
                for c in range(p):
                    into[c] += k * yb * of_a[c]
                    of_lost[c] += k * of_a[c]
            if not alike and abs(ya) > TINY:
                for c in range(p):
                    into[c] += k * ya * of_b[c]
            if abs(ya) > TINY:
                for c in range(p):
                    lost[c] += k * of_b[c]
        often = 2.0 if alike else 1.0
        _lose(often * drive, often * rate, ya, lost, of_a, moved, drive, change[a0 + i])
    for j in range(0 if alike else b1 - b0):
        _lose(drive, rate_b[j], y[b0 + j], lost_b[j], along[b0 + j], moved, drive, change[b0 + j])
    return flux, own


@njit(cache=True, error_model="numpy")
def _lose(
    share: float, rate: float, held: float, lost: Floats, own: Floats, moved: Floats, drive: float,
    change: Floats,
) -> None:  # fmt: skip
    for c in range(change.size):
        change[c] -= share * held * lost[c] + rate * (drive * own[c] + held * moved[c])


@njit(cache=True, error_model="numpy")
def _products(x: MeetingArrays, s: int, way: int, flux: Floats, change: Floats) -> None:
    """Give what is made; flux : (n_keys, p)."""
    first, weight = 2 - 2 * way, x.back_weight[s] if way else x.weight[s]
    c0, c1 = x.span[s, first]
    d0, d1 = x.span[s, first + 1]
    for k in range(c1 - c0):
        of_c = change[c0 + k]
        for m in range(d1 - d0):
            into = flux[x.key[s, first, k] + x.key[s, first + 1, m]]
            w = weight[k, m]
            if w < TINY:
                continue
            of_d = change[d0 + m]
            for c in range(flux.shape[1]):
                of_c[c] += w * into[c]
            for c in range(flux.shape[1]):
                of_d[c] += w * into[c]
