"""How rates change with the arrays of each kind of step, at a fixed state.

Each function takes the arrays `x` and, in a record alike, their derivatives `dx` by one parameter;
what no parameter moves has no meaning there. That of meetings, which cost most, takes those by many
parameters at once. Rates are products of arrays, so that this is exact.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from alloyscope.reaction.kinetics import among_pools, conversion, growth, loss
from alloyscope.reaction.kinetics.along import add
from alloyscope.reaction.kinetics.among_pools import PoolArrays
from alloyscope.reaction.kinetics.conversion import ConversionArrays
from alloyscope.reaction.kinetics.exchange import ExchangeArrays, sums
from alloyscope.reaction.kinetics.growth import GrowthArrays, drawn
from alloyscope.reaction.kinetics.loss import LossArrays
from alloyscope.reaction.kinetics.meeting import NEGLIGIBLE, MeetingArrays
from alloyscope.reaction.kinetics.parts import Drive, activity, product

Floats = NDArray[np.float64]
loss_rates, conversion_rates = loss.add_rates, conversion.add_rates
growth_rates, pool_rates = growth.add_rates, among_pools.add_rates


@njit(cache=True, error_model="numpy")
def with_actor(x: Drive, actor: Floats) -> Drive:
    """A drive with another `actor`."""
    return Drive(x.forward, x.backward, x.constant, actor, x.column, x.stoich)


@njit(cache=True, error_model="numpy")
def _moved(x: Drive, dx: Drive, s: int) -> bool:
    """Whether the activity of a step moves."""
    return x.column[s] >= 0 and _any(dx.actor[s])


@njit(cache=True, error_model="numpy")
def _any(x: Floats) -> bool:
    """Whether any is not 0."""
    found = False
    for value in x.flat:
        found |= value != 0.0
    return found


@njit(cache=True, error_model="numpy")
def _any_moved(x: Drive, dx: Drive) -> bool:
    found = False
    for s in range(x.column.size):
        found |= _moved(x, dx, s)
    return found


@njit(cache=True, error_model="numpy")
def add_exchange(y: Floats, x: ExchangeArrays, dx: ExchangeArrays, rates: Floats) -> None:
    """Add what exchange gives."""
    (up, down), (dup, ddown) = sums(y, x), _sums(y, x, dx)
    forth, back = np.empty(x.gain.size), np.empty(x.gain.size)
    dforth, dback = np.empty(x.gain.size), np.empty(x.gain.size)
    for p in range(x.gain.size):
        taken, given = y[x.gain[p]], y[x.lose[p]]
        forth[p], back[p] = x.kx * down[p] + x.kp * taken, x.kx * up[p] + x.kp * given
        dforth[p] = dx.kx * down[p] + x.kx * ddown[p] + dx.kp * taken
        dback[p] = dx.kx * up[p] + x.kx * dup[p] + dx.kp * given
        net = (dx.kp * (up[p] * taken - down[p] * given)
               + x.kp * (dup[p] * taken - ddown[p] * given))  # fmt: skip
        rates[x.gain[p]] -= net
        rates[x.lose[p]] += net
    for e in range(x.low.size):
        p = x.pair[e]
        flux = ((dx.up[e] * forth[p] + x.up[e] * dforth[p]) * y[x.low[e]]
                - (dx.down[e] * back[p] + x.down[e] * dback[p]) * y[x.high[e]])  # fmt: skip
        rates[x.low[e]] -= flux
        rates[x.high[e]] += flux


@njit(cache=True, error_model="numpy")
def _sums(y: Floats, x: ExchangeArrays, dx: ExchangeArrays) -> tuple[Floats, Floats]:
    up, down = np.zeros(x.gain.size), np.zeros(x.gain.size)
    for e in range(x.low.size):
        up[x.pair[e]] += dx.up[e] * y[x.low[e]]
        down[x.pair[e]] += dx.down[e] * y[x.high[e]]
    return up, down


@njit(cache=True, error_model="numpy")
def add_loss(y: Floats, x: LossArrays, dx: LossArrays, rates: Floats) -> None:
    """Add what decomposition gives."""
    loss_rates(y, LossArrays(x.span, dx.target, x.counts, x.into, x.drive), rates)
    if _any_moved(x.drive, dx.drive):
        target = x.target.copy()
        for s in range(target.shape[0]):
            if not _moved(x.drive, dx.drive, s):
                target[s] = 0.0
        loss_rates(y, LossArrays(x.span, target, x.counts, x.into, dx.drive), rates)


@njit(cache=True, error_model="numpy")
def add_conversion(y: Floats, x: ConversionArrays, dx: ConversionArrays, rates: Floats) -> None:
    """Add what conversions give."""
    conversion_rates(y, ConversionArrays(x.source, x.target, x.step, dx.forward, dx.backward,
                                         x.drive), rates)  # fmt: skip
    if _any_moved(x.drive, dx.drive):
        forward, backward = x.forward.copy(), x.backward.copy()
        for k in range(x.step.size):
            if not _moved(x.drive, dx.drive, x.step[k]):
                forward[k], backward[k] = 0.0, 0.0
        conversion_rates(y, ConversionArrays(x.source, x.target, x.step, forward, backward,
                                             dx.drive), rates)  # fmt: skip


@njit(cache=True, error_model="numpy")
def add_pools(y: Floats, x: PoolArrays, dx: PoolArrays, rates: Floats) -> None:
    """Add what steps among pools give."""
    pool_rates(y, PoolArrays(dx.forward, dx.backward, x.drive), rates)
    if _any_moved(x.drive, dx.drive):
        forward, backward = x.forward.copy(), x.backward.copy()
        for s in range(forward.size):
            if not _moved(x.drive, dx.drive, s):
                forward[s], backward[s] = 0.0, 0.0
        pool_rates(y, PoolArrays(forward, backward, dx.drive), rates)


@njit(cache=True, error_model="numpy")
def add_growth(y: Floats, x: GrowthArrays, dx: GrowthArrays, rates: Floats) -> None:
    """Add what growth gives."""
    if _any(dx.rate):
        growth_rates(y, GrowthArrays(x.span, x.weight, dx.rate, x.size, x.counts, x.drive), rates)
    moved = np.zeros(x.rate.size)
    for s in range(x.rate.size):
        if _moved(x.drive, dx.drive, s):
            moved[s] = x.rate[s]
    if moved.any():
        growth_rates(y, GrowthArrays(x.span, x.weight, moved, x.size, x.counts, dx.drive), rates)
    for s in range(x.rate.size):
        start, stop = x.span[s]
        if _any(dx.weight[start:stop]):
            share = drawn(y, x, s)
            tilt = share * (dx.weight[start:stop] - (share * dx.weight[start:stop]).sum())
            _tilted(y, x, s, tilt, rates)


@njit(cache=True, error_model="numpy")
def _tilted(y: Floats, x: GrowthArrays, s: int, tilt: Floats, rates: Floats) -> None:
    """Add what growth gives where the shares of compositions change, which sum to 1."""
    n, n_metals = x.counts.shape
    metals = 0.0
    for m in range(n_metals):
        metals += y[n + m]
    rate = x.rate[s] * activity(y, x.drive, s) * metals / x.size[s]
    for z in range(n_metals, x.drive.stoich.shape[1]):
        if x.drive.stoich[s, z] < 0:
            rate *= y[n + z] / -x.drive.stoich[s, z]
    for k in range(tilt.size):
        flux, at = rate * tilt[k], x.span[s, 0] + k
        rates[at] += flux
        for m in range(n_metals):
            rates[n + m] -= x.counts[at, m] * flux


@njit(cache=True, error_model="numpy")
def add_meetings(
    y: Floats, x: MeetingArrays, alpha: Floats, beta: Floats, weight: Floats, back_weight: Floats,
    actor: Floats, rates: Floats,
) -> None:  # fmt: skip
    """Add what meetings give, for q parameters at once.

    alpha ...  : (..., q) derivatives of the arrays of these names
    rates      : (n + n_z, q)
    """
    n, q = actor.shape[1], rates.shape[1]
    for s in range(x.span.shape[0]):
        acting, moved = activity(y, x.drive, s), np.zeros(q)
        for k in range(n if x.drive.column[s] >= 0 else 0):
            add(y[k], actor[s, k], moved)
        for way in range(2 if x.beta[s].max() > 0.0 else 1):
            bare = product(y, x.drive.backward[s] if way else x.drive.forward[s])
            slope = (beta[s] if way else alpha[s]) * (acting * bare)
            constant = x.beta[s] if way else x.alpha[s]
            for t in range(constant.size):
                add(constant[t] * bare, moved, slope[t])
            pairs = _lose(y, x, s, way, slope, rates)
            flux = np.empty((pairs.size, q))
            for t in range(pairs.size):
                flux[t] = pairs[t] * slope[t]
            whole = flux.sum(axis=0)
            for z in range(x.drive.stoich.shape[1]):
                add((1.0 - 2.0 * way) * x.drive.stoich[s, z], whole, rates[n + z])
            pairs *= constant * (acting * bare)
            _make(x, s, way, flux, pairs, back_weight[s] if way else weight[s], rates)


@njit(cache=True, error_model="numpy")
def _lose(y: Floats, x: MeetingArrays, s: int, way: int, slope: Floats, rates: Floats) -> Floats:
    """Take what pairs lose; (n_keys,) products of populations by total composition.

    slope : (n_keys, q) of constant times drive
    """
    first = 2 * way
    a0, a1 = x.span[s, first]
    b0, b1 = x.span[s, first + 1]
    pairs = np.zeros(slope.shape[0])
    for i in range(a1 - a0):
        ya = y[a0 + i]
        if abs(ya) < NEGLIGIBLE:
            continue
        for j in range(b1 - b0):
            both = ya * y[b0 + j]
            if both != 0.0:
                total = x.key[s, first, i] + x.key[s, first + 1, j]
                pairs[total] += both
                add(-both, slope[total], rates[a0 + i])
                add(-both, slope[total], rates[b0 + j])
    return pairs


@njit(cache=True, error_model="numpy")
def _make(
    x: MeetingArrays, s: int, way: int, flux: Floats, still: Floats, slope: Floats, rates: Floats
) -> None:
    """Give what is made.

    flux, still : (n_keys, q) how fluxes change, and (n_keys,) these
    slope       : (n_most, n_most, q) of the shares of products
    """
    first, weight = 2 - 2 * way, x.back_weight[s] if way else x.weight[s]
    c0, c1 = x.span[s, first]
    d0, d1 = x.span[s, first + 1]
    made = np.empty(flux.shape[1])
    for k in range(c1 - c0):
        of_c = rates[c0 + k]
        for m in range(d1 - d0):
            total = x.key[s, first, k] + x.key[s, first + 1, m]
            w, still_made, moved, own = weight[k, m], still[total], flux[total], slope[k, m]
            of_d = rates[d0 + m]
            for c in range(made.size):
                made[c] = w * moved[c] + still_made * own[c]
                of_c[c] += made[c]
            for c in range(made.size):
                of_d[c] += made[c]
