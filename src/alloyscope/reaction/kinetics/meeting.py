"""Two clusters meet and become two others: A + C <-> 2 B + RSSR.

What a pair holds together, its total composition s, decides: forward constant alpha(s), products
(k, l) with the Boltzmann weight w(k, l | s); backward beta(s), reactants (i, j) with v(i, j | s).
alpha + beta is one constant, and beta / alpha the equilibrium of the two channels.
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
NEGLIGIBLE = 1e-15
"""Populations that meet nobody."""


class MeetingArrays(NamedTuple):
    """Steps in which two clusters become two.

    span            : (n_s, 4, 2) populations of the first and second reactant and product
    key             : (n_s, 4, n_most) of each of these; keys of two clusters add up to that of the
                      total composition
    alpha, beta     : (n_s, n_keys) rate constants forth and back by total composition
    weight, back_weight : (n_s, n_most, n_most) of products, and of reactants
    column          : (n_s, 4) of the sums of the four in the border
    plain           : whether the keys of each kind are 0, 1, 2 ..., as they are for two metals
    """

    span: Ints
    key: Ints
    alpha: Floats
    beta: Floats
    weight: Floats
    back_weight: Floats
    column: Ints
    plain: bool
    drive: Drive


@njit(cache=True, fastmath=True, error_model="numpy")
def _meet_in_order(
    a: Floats, b: Floats, constant: Floats, flux: Floats, loss_a: Floats, loss_b: Floats
) -> None:
    """Two kinds meet whose keys are 0, 1, 2 ...; loops begin at 0 so that they are vectorized."""
    for i in range(a.size):
        seen = 0.0
        for j in range(b.size):
            seen += constant[i + j] * b[j]
            loss_b[j] += constant[i + j] * a[i]
        loss_a[i] = seen
    for i in range(a.size):
        for j in range(b.size):
            flux[i + j] += a[i] * b[j]
    for key in range(flux.size):
        flux[key] *= constant[key]


@njit(cache=True, fastmath=True, error_model="numpy")
def _make_in_order(weight: Floats, flux: Floats, gain_c: Floats, gain_d: Floats) -> None:
    """Two kinds are made whose keys are 0, 1, 2 ..."""
    for k in range(gain_c.size):
        gained = 0.0
        for m in range(gain_d.size):
            made = weight[k, m] * flux[k + m]
            gained += made
            gain_d[m] += made
        gain_c[k] = gained


@njit(cache=True)
def _populated(kind: Floats) -> tuple[int, int]:
    """The first, and behind the last, of the populations that meet anybody."""
    low, high = 0, kind.size
    while low < high and abs(kind[low]) < NEGLIGIBLE:
        low += 1
    while high > low and abs(kind[high - 1]) < NEGLIGIBLE:
        high -= 1
    return low, high


@njit(cache=True)
def _one_way(
    y: Floats, x: MeetingArrays, s: int, first: int, constant: Floats, weight: Floats,
    loss_a: Floats, loss_b: Floats, gain_c: Floats, gain_d: Floats,
) -> float:  # fmt: skip
    """Rates, per unit of drive, of the pairs that meet: 0 + 1 -> 2 + 3, or 2 + 3 -> 0 + 1.

    loss_a, loss_b : per cluster of each kind; gain_c, gain_d of the products. Returns the whole.
    """
    a, b, c, d = first, first + 1, 2 - first, 3 - first
    a0, na = x.span[s, a, 0], x.span[s, a, 1] - x.span[s, a, 0]
    b0, nb = x.span[s, b, 0], x.span[s, b, 1] - x.span[s, b, 0]
    nc, nd = x.span[s, c, 1] - x.span[s, c, 0], x.span[s, d, 1] - x.span[s, d, 0]
    loss_a[:], loss_b[:], gain_c[:], gain_d[:] = 0.0, 0.0, 0.0, 0.0
    flux, whole = np.zeros(constant.size), 0.0
    if x.plain:
        (i, i_end), (j, j_end) = _populated(y[a0 : a0 + na]), _populated(y[b0 : b0 + nb])
        keys = slice(i + j, max(i_end + j_end - 1, i + j))
        _meet_in_order(y[a0 + i : a0 + i_end], y[b0 + j : b0 + j_end], constant[keys], flux[keys],
                       loss_a[i:i_end], loss_b[j:j_end])  # fmt: skip
        _make_in_order(weight, flux, gain_c[:nc], gain_d[:nd])
        for k in range(na):
            whole += loss_a[k] * y[a0 + k]
        return whole
    for i in range(na):
        own, key, seen = y[a0 + i], x.key[s, a, i], 0.0
        if abs(own) < NEGLIGIBLE:
            continue
        for j in range(nb):
            total = key + x.key[s, b, j]
            seen += constant[total] * y[b0 + j]
            flux[total] += constant[total] * y[b0 + j] * own
            loss_b[j] += constant[total] * own
        loss_a[i] = seen
        whole += seen * own
    for k in range(nc):
        key = x.key[s, c, k]
        for m in range(nd):
            made = weight[k, m] * flux[key + x.key[s, d, m]]
            gain_c[k] += made
            gain_d[m] += made
    return whole


@njit(cache=True)
def _amount(y: Floats, span: Ints) -> float:
    """Sum of populations; 0 where it is no more than the solver's noise about 0."""
    found, noise = 0.0, NEGLIGIBLE
    for k in range(span[0], span[1]):
        found += y[k]
        noise += 0.1 * abs(y[k])
    return found if found > noise else 0.0


@njit(cache=True)
def _directions(x: MeetingArrays, s: int) -> int:
    return 2 if x.beta[s].max() > 0.0 else 1


@njit(cache=True)
def add_rates(y: Floats, x: MeetingArrays, rates: Floats) -> None:
    """Add what meetings change."""
    n, most = x.drive.actor.shape[1], x.key.shape[2]
    la, lb, gc, gd = np.empty(most), np.empty(most), np.empty(most), np.empty(most)
    for s in range(x.span.shape[0]):
        acting = activity(y, x.drive, s)
        for way in range(_directions(x, s)):
            first = 2 * way
            pools = x.drive.backward[s] if way else x.drive.forward[s]
            drive = acting * product(y, pools)
            constant = x.beta[s] if way else x.alpha[s]
            weight = x.back_weight[s] if way else x.weight[s]
            whole = drive * _one_way(y, x, s, first, constant, weight, la, lb, gc, gd)
            for member, lost in ((first, la), (first + 1, lb)):
                for k in range(x.span[s, member, 0], x.span[s, member, 1]):
                    rates[k] -= drive * lost[k - x.span[s, member, 0]] * y[k]
            for member, got in ((2 - first, gc), (3 - first, gd)):
                for k in range(x.span[s, member, 0], x.span[s, member, 1]):
                    rates[k] += drive * got[k - x.span[s, member, 0]]
            sign = -1.0 if way else 1.0
            for z in range(x.drive.stoich.shape[1]):
                rates[n + z] += sign * x.drive.stoich[s, z] * whole


@njit(cache=True)
def add_jacobian(y: Floats, x: MeetingArrays, parts: Parts) -> None:
    """Add meetings to the Jacobian, products by the sums of what meets: right on average.

    The exact block is dense; Newton's iteration converges with this one.
    """
    n, most = x.drive.actor.shape[1], x.key.shape[2]
    la, lb, gc, gd = np.empty(most), np.empty(most), np.empty(most), np.empty(most)
    for s in range(x.span.shape[0]):
        add_activity_row(x.drive, s, parts)
        for member in range(4):
            for k in range(x.span[s, member, 0], x.span[s, member, 1]):
                parts.below[x.column[s, member], parts.place[k]] = 1.0
        acting = activity(y, x.drive, s)
        for way in range(_directions(x, s)):
            first, sign = 2 * way, (-1.0 if way else 1.0)
            pools = x.drive.backward[s] if way else x.drive.forward[s]
            constant = x.beta[s] if way else x.alpha[s]
            weight = x.back_weight[s] if way else x.weight[s]
            whole = _one_way(y, x, s, first, constant, weight, la, lb, gc, gd)
            bare = product(y, pools)
            _add_column(y, x, s, first, bare, sign * whole * bare, x.drive.column[s],
                        la, lb, gc, gd, True, parts)  # fmt: skip
            for at in range(4):
                if pools[at] >= 0:
                    slope = acting * product_but(y, pools, at)
                    _add_column(y, x, s, first, slope, sign * whole * slope, pools[at] - n,
                                la, lb, gc, gd, True, parts)  # fmt: skip
            for member, lost, other in ((first, la, first + 1), (first + 1, lb, first)):
                amount = _amount(y, x.span[s, other])
                for k in range(x.span[s, member, 0], x.span[s, member, 1]):
                    rate = acting * bare * lost[k - x.span[s, member, 0]]
                    add_band(parts, k, k, -rate)
                    if amount > 0.0:
                        column = x.column[s, other]
                        parts.right[parts.place[k], column] -= rate * y[k] / amount
                if amount > 0.0:
                    slope = acting * bare / amount
                    _add_column(y, x, s, first, slope, sign * whole * slope, x.column[s, other],
                                la, lb, gc, gd, False, parts)  # fmt: skip


@njit(cache=True)
def _add_column(
    y: Floats, x: MeetingArrays, s: int, first: int, slope: float, whole: float, column: int,
    la: Floats, lb: Floats, gc: Floats, gd: Floats, losses: bool, parts: Parts,
) -> None:  # fmt: skip
    if column < 0:
        return
    for member, rate in ((first, la), (first + 1, lb)):
        for k in range(x.span[s, member, 0], x.span[s, member, 1]):
            if losses:
                lost = slope * rate[k - x.span[s, member, 0]] * y[k]
                parts.right[parts.place[k], column] -= lost
    for member, got in ((2 - first, gc), (3 - first, gd)):
        for k in range(x.span[s, member, 0], x.span[s, member, 1]):
            parts.right[parts.place[k], column] += slope * got[k - x.span[s, member, 0]]
    for z in range(x.drive.stoich.shape[1]):
        parts.corner[z, column] += x.drive.stoich[s, z] * whole


@njit(cache=True)
def add_exact(y: Floats, x: MeetingArrays, jacobian: Floats) -> None:
    """Add meetings to a dense Jacobian (n + n_z, n + n_z), exactly."""
    n = x.drive.actor.shape[1]
    for s in range(x.span.shape[0]):
        for way in range(_directions(x, s)):
            _add_exact_one_way(y, x, s, way, n, jacobian)


@njit(cache=True)
def _made(x: MeetingArrays, s: int, way: int, size: int) -> Floats:
    """(n_keys, n + n_z) what one meeting of each total composition makes, pools included."""
    c, d = 2 - 2 * way, 3 - 2 * way
    weight = x.back_weight[s] if way else x.weight[s]
    c0, d0 = x.span[s, c, 0], x.span[s, d, 0]
    found = np.zeros((x.alpha.shape[1], size))
    for k in range(c0, x.span[s, c, 1]):
        for m in range(d0, x.span[s, d, 1]):
            total = x.key[s, c, k - c0] + x.key[s, d, m - d0]
            found[total, k] += weight[k - c0, m - d0]
            found[total, m] += weight[k - c0, m - d0]
    n = x.drive.actor.shape[1]
    for z in range(x.drive.stoich.shape[1]):
        found[:, n + z] += (-1.0 if way else 1.0) * x.drive.stoich[s, z]
    return found


@njit(cache=True)
def _add_exact_one_way(
    y: Floats, x: MeetingArrays, s: int, way: int, n: int, jacobian: Floats
) -> None:
    first = 2 * way
    pools = x.drive.backward[s] if way else x.drive.forward[s]
    constant = x.beta[s] if way else x.alpha[s]
    acting, bare = activity(y, x.drive, s), product(y, pools)
    a0, b0 = x.span[s, first, 0], x.span[s, first + 1, 0]
    made = _made(x, s, way, jacobian.shape[0])
    rates = np.zeros(jacobian.shape[0])
    for i in range(a0, x.span[s, first, 1]):
        for j in range(b0, x.span[s, first + 1, 1]):
            total = x.key[s, first, i - a0] + x.key[s, first + 1, j - b0]
            if constant[total] == 0.0:
                continue
            rate = constant[total] * acting * bare
            for column, slope in ((i, rate * y[j]), (j, rate * y[i])):
                for k in range(rates.size):
                    jacobian[k, column] += made[total, k] * slope
                jacobian[i, column] -= slope
                jacobian[j, column] -= slope
            met = constant[total] * y[i] * y[j]
            rates += made[total] * met
            rates[i] -= met
            rates[j] -= met
    if x.drive.column[s] >= 0:
        for k in range(n):
            jacobian[:, k] += rates * (bare * x.drive.actor[s, k])
    for at in range(4):
        if pools[at] >= 0:
            jacobian[:, pools[at]] += rates * (acting * product_but(y, pools, at))
