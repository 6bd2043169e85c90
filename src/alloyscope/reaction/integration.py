"""Integration in time: backward differentiation of order 1 to 5 with quasi-constant steps.

L. F. Shampine and M. W. Reichelt, SIAM J. Sci. Comput. 18, 1 (1997): history as backward
differences, which are rescaled when the step changes; Newton's iteration with the banded and
bordered Jacobian; kappa makes it the more stable variant (NDF). Each balance is closed exactly in
every step by the pool that closes it, so that no solver's tolerance leaks metal.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from alloyscope.numerics.bordered_band import factor, solve_one
from alloyscope.reaction.kinetics.parts import Parts
from alloyscope.reaction.network import Network
from alloyscope.reaction.rates import empty_parts, fill_parts, fill_rates

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
HIGHEST = 5
KAPPA = np.array([0.0, -0.1850, -1 / 9, -0.0823, -0.0415, 0.0])
GAMMA = np.array([0.0, 1.0, 3 / 2, 11 / 6, 25 / 12, 137 / 60])
ALPHA = (1 - KAPPA) * GAMMA
ERROR = KAPPA * GAMMA + 1 / np.arange(1, HIGHEST + 2)
MOST_ITERATIONS, SHRINK_MOST, GROW_MOST = 5, 0.2, 10.0
DONE, TOO_MANY_STEPS, STEP_TOO_SMALL = 0, 1, 2
RESCALED, STEPPED, SAMPLED = 0, 1, 2


class Record(NamedTuple):
    """What an integration did, so that tangents can follow.

    deeds  : (n_deeds, 4) in order; the deed, the order of the method, and of
             RESCALED the ratio of the steps; STEPPED c = h / alpha;
             SAMPLED where between -1 and 0 the sample stands in the last step, and which it is
    states : (n_steps, n + n_z) after each step
    first  : length of the first step, before it was ever rescaled
    """

    deeds: Floats
    states: Floats
    first: float


def integrate(
    net: Network, y: Floats, start: float, samples: Floats, rtol: float, atol: float,
    most_steps: int, out: Floats,
) -> tuple[int, int, int]:  # fmt: skip
    """Integrate from `start` and sample.

    y       : (n + n_z,) at the start
    samples : (n_samples,) minutes, ascending, none before `start`
    out     : (n_samples, n + n_z), filled
    Returns a status, steps and factorisations; y is what there is where it stopped.
    """
    status, steps, factorisations, _ = integrate_recorded(
        net, y, start, samples, rtol, atol, most_steps, out, False
    )
    return status, steps, factorisations


@njit(cache=True, error_model="numpy")
def integrate_recorded(
    net: Network, y: Floats, start: float, samples: Floats, rtol: float, atol: float,
    most_steps: int, out: Floats, recording: bool,
) -> tuple[int, int, int, Record]:  # fmt: skip
    """Integrate as `integrate` does, and record it where `recording`."""
    size = y.size
    end = samples[-1] if samples.size else start
    rates = np.empty(size)
    fill_rates(y, net, rates)
    scale = atol + rtol * np.abs(y)
    h = _first_step(y, rates, scale, end - start)
    d = np.zeros((HIGHEST + 3, size))
    d[0] = y
    d[1] = rates * h
    parts, work, pivots = empty_parts(net), empty_parts(net), np.zeros(net.n_border, np.int64)
    rows, border = np.zeros(net.place.size), np.zeros(net.n_border)
    deeds, states = np.zeros((256 * recording, 4)), np.zeros((128 * recording, size))
    n_deeds, first, status = 0, h, DONE
    fill_parts(y, net, parts)
    usual = np.ones(1)
    order, equal, at, t = 1, 0, 0, start
    factored, fresh, steps, factorisations = 0.0, True, 0, 0
    tolerance = max(10 * 2.2e-16 / rtol, min(0.03, np.sqrt(rtol)))
    at, deeds, n_deeds = _sampled(d, 0, samples, at, t, h, out, deeds, n_deeds)
    while at < samples.size:
        if steps >= most_steps:
            status = TOO_MANY_STEPS
            break
        if h < 1e-14 * max(abs(t), 1e-8):
            status = STEP_TOO_SMALL
            break
        if t + h > end:
            deeds, n_deeds = _rescaled(d, order, (end - t) / h, deeds, n_deeds)
            h, equal = end - t, 0
        guess, psi = predict(d, order)
        scale = atol + rtol * np.abs(guess)
        c = h / ALPHA[order]
        correction = np.zeros(size)
        converged, iterations, refreshed, more = _corrected(
            net, parts, work, pivots, guess, psi, c, factored, fresh, scale, tolerance, rows,
            border, rates, correction, usual,
        )  # fmt: skip
        factored, fresh, factorisations = c, fresh or refreshed, factorisations + more
        if not converged:
            deeds, n_deeds = _rescaled(d, order, 0.5, deeds, n_deeds)
            h, equal = 0.5 * h, 0
            continue
        new = guess + correction
        scale = atol + rtol * np.abs(new)
        safety = 0.9 * (2 * MOST_ITERATIONS + 1) / (2 * MOST_ITERATIONS + iterations)
        error = _norm(ERROR[order] * correction, scale)
        if error > 1:
            shrink = max(SHRINK_MOST, safety * error ** (-1 / (order + 1)))
            deeds, n_deeds = _rescaled(d, order, shrink, deeds, n_deeds)
            h, equal = h * shrink, 0
            continue
        _hold_at_zero(net, guess, psi, correction)
        deeds, n_deeds = _noted(deeds, n_deeds, STEPPED, order, c, steps)
        states = _kept(states, steps, guess + correction)
        steps, equal = steps + 1, equal + 1
        t += h
        if t + 1e-13 * abs(t) > end:
            t = end
        advance(d, order, correction)
        fresh = False
        at, deeds, n_deeds = _sampled(d, order, samples, at, t, h, out, deeds, n_deeds)
        if iterations > 2 and steps % 3 == 0:
            fill_parts(new, net, parts)
            fresh, factored = True, 0.0
        if equal < order + 1:
            continue
        order, grow = _next_order(d, order, error, scale, safety)
        deeds, n_deeds = _rescaled(d, order, grow, deeds, n_deeds)
        h, equal = h * grow, 0
        fill_parts(new, net, parts)
        fresh, factored = True, 0.0
    if status == DONE:
        y[:] = d[0]
    return status, steps, factorisations, Record(deeds[:n_deeds], states[:steps], first)


@njit(cache=True, error_model="numpy")
def _corrected(
    net: Network, parts: Parts, work: Parts, pivots: Ints, guess: Floats, psi: Floats, c: float,
    factored: float, fresh: bool, scale: Floats, tolerance: float, rows: Floats, border: Floats,
    rates: Floats, correction: Floats, usual: Floats,
) -> tuple[bool, int, bool, int]:  # fmt: skip
    """Newton's iteration, once more with a new Jacobian where an old one does not lead there.

    factored : c of the factors at hand; fresh: whether the Jacobian is of this step
    Returns whether it converged, iterations, whether the Jacobian was renewed, factorisations.
    """
    size, factorisations, renewed = guess.size, 0, False
    while True:
        if factored != c:
            factor_newton(parts, work, pivots, size - net.place.size, c)
            factored, usual[0] = c, 0.9
            factorisations += 1
        converged, iterations = _newton(net, guess, c, psi, scale, tolerance, work, pivots,
                                        rows, border, rates, correction, usual)  # fmt: skip
        if converged or fresh or renewed:
            return converged, iterations, renewed, factorisations
        fill_parts(guess, net, parts)
        renewed, factored = True, 0.0


@njit(cache=True, error_model="numpy")
def _sampled(
    d: Floats, order: int, samples: Floats, at: int, t: float, h: float, out: Floats,
    deeds: Floats, n_deeds: int,
) -> tuple[int, Floats, int]:  # fmt: skip
    """Fill in the samples up to t; how many there are now, and the record."""
    while at < samples.size and samples[at] <= t:
        interpolate(d, order, (samples[at] - t) / h, out[at])
        deeds, n_deeds = _noted(deeds, n_deeds, SAMPLED, order, (samples[at] - t) / h, at)
        at += 1
    return at, deeds, n_deeds


@njit(cache=True, error_model="numpy")
def _rescaled(
    d: Floats, order: int, ratio: float, deeds: Floats, n_deeds: int
) -> tuple[Floats, int]:
    """Rescale the differences, and note it in the record."""
    rescale(d, order, ratio)
    return _noted(deeds, n_deeds, RESCALED, order, ratio, 0)


@njit(cache=True, error_model="numpy")
def _noted(
    deeds: Floats, at: int, deed: int, order: int, value: float, which: int
) -> tuple[Floats, int]:
    """Add a deed to a record, unless nothing is recorded."""
    if deeds.shape[0] == 0:
        return deeds, at
    if at == deeds.shape[0]:
        deeds = np.concatenate((deeds, np.zeros_like(deeds)))
    deeds[at, 0], deeds[at, 1], deeds[at, 2], deeds[at, 3] = deed, order, value, which
    return deeds, at + 1


@njit(cache=True, error_model="numpy")
def _kept(states: Floats, at: int, new: Floats) -> Floats:
    """Add a state to a record, unless nothing is recorded."""
    if states.shape[0] > 0:
        if at == states.shape[0]:
            states = np.concatenate((states, np.zeros_like(states)))
        states[at] = new
    return states


@njit(cache=True, error_model="numpy")
def _first_step(y: Floats, rates: Floats, scale: Floats, span: float) -> float:
    size, speed = _norm(y, scale), _norm(rates, scale)
    h = 0.01 * size / speed if speed > 1e-10 else 0.1 * span
    return float(min(h / max(size, 1.0) ** 0.5, 0.01 * span))


@njit(cache=True, error_model="numpy")
def _norm(x: Floats, scale: Floats) -> float:
    whole = 0.0
    for k in range(x.size):
        whole += (x[k] / scale[k]) ** 2
    return float(np.sqrt(whole / x.size))


@njit(cache=True, error_model="numpy")
def predict(d: Floats, order: int) -> tuple[Floats, Floats]:
    """The extrapolated state, and the history's part of the corrector's equation."""
    guess, psi = d[0].copy(), np.zeros(d.shape[1])
    for k in range(1, order + 1):
        guess += d[k]
        psi += (GAMMA[k] / ALPHA[order]) * d[k]
    return guess, psi


@njit(cache=True, error_model="numpy")
def factor_newton(parts: Parts, work: Parts, pivots: Ints, z: int, c: float) -> None:
    """Factor I - c J into `work`; z is the number of pools, the border's other rows define sums."""
    n, m = parts.right.shape
    work.band[:] = -c * parts.band
    work.right[:] = -c * parts.right
    work.below[:z] = -c * parts.below[:z]
    work.below[z:] = -parts.below[z:]
    work.corner[:] = -c * parts.corner
    middle = parts.band.shape[1] // 2
    for i in range(n):
        work.band[i, middle] += 1.0
    for i in range(m):
        work.corner[i, i] += 1.0
    factor(work.band, work.right, work.below, work.corner, pivots)


@njit(cache=True, error_model="numpy")
def _newton(
    net: Network, guess: Floats, c: float, psi: Floats, scale: Floats, tolerance: float,
    work: Parts, pivots: Ints, rows: Floats, border: Floats, rates: Floats, correction: Floats,
    usual: Floats,
) -> tuple[bool, int]:  # fmt: skip
    """Solve for the correction to the extrapolated state; whether it converged, iterations.

    usual : (1,) the rate of convergence seen with this factorisation; kept up to date
    """
    n, size = net.place.size, guess.size
    correction[:] = 0.0
    y = guess.copy()
    before = -1.0
    change = np.empty(size)
    for iteration in range(MOST_ITERATIONS):
        fill_rates(y, net, rates)
        for k in range(n):
            rows[net.place[k]] = c * rates[k] - psi[k] - correction[k]
        border[:] = 0.0
        for k in range(n, size):
            border[k - n] = c * rates[k] - psi[k] - correction[k]
        solve_one(work.band, work.right, work.below, work.corner, pivots, rows, border)
        for k in range(n):
            change[k] = rows[net.place[k]]
        for k in range(n, size):
            change[k] = border[k - n]
        length = _norm(change, scale)
        if not np.isfinite(length):
            return False, iteration + 1
        rate = usual[0]
        if before > 0:
            rate = length / before
            if rate >= 1 or rate ** (MOST_ITERATIONS - iteration) / (1 - rate) * length > tolerance:
                return False, iteration + 1
            usual[0] = max(0.3 * usual[0], rate)
        correction += change
        y = guess + correction
        if length == 0 or (rate < 1 and rate / (1 - rate) * length < tolerance):
            _close(net, psi, correction)
            return True, iteration + 1
        before = length
    return False, MOST_ITERATIONS


@njit(cache=True, error_model="numpy")
def _close(net: Network, psi: Floats, correction: Floats) -> None:
    """Let the closing pools take up what Newton's iteration left of each balance."""
    for b in range(net.closing.size):
        left = 0.0
        for k in range(psi.size):
            left += net.contents[k, b] * (correction[k] + psi[k])
        correction[net.closing[b]] -= left


@njit(cache=True, error_model="numpy")
def _hold_at_zero(net: Network, guess: Floats, psi: Floats, correction: Floats) -> None:
    """Let no population end a step below 0, where one that feeds on others would grow downward."""
    for k in range(net.place.size):
        correction[k] = max(correction[k], -guess[k])
    _close(net, psi, correction)


@njit(cache=True, error_model="numpy")
def advance(d: Floats, order: int, correction: Floats) -> None:
    """The differences one step on."""
    d[order + 2] = correction - d[order + 1]
    d[order + 1] = correction
    for k in range(order, -1, -1):
        d[k] += d[k + 1]


@njit(cache=True, error_model="numpy")
def interpolate(d: Floats, order: int, s: float, out: Floats) -> None:
    """The state at s steps from the newest one, s in -1..0."""
    out[:] = d[0]
    p = 1.0
    for k in range(order):
        p *= (s + k) / (k + 1)
        out += p * d[k + 1]


@njit(cache=True, error_model="numpy")
def _next_order(
    d: Floats, order: int, error: float, scale: Floats, safety: float
) -> tuple[int, float]:
    """The order that allows the longest step, and how much longer that is."""
    best, grow = order, max(error, 1e-12) ** (-1 / (order + 1))
    if order > 1:
        lower = max(_norm(ERROR[order - 1] * d[order], scale), 1e-12) ** (-1 / order)
        if lower > grow:
            best, grow = order - 1, lower
    if order < HIGHEST:
        higher = max(_norm(ERROR[order + 1] * d[order + 2], scale), 1e-12) ** (-1 / (order + 2))
        if higher > grow:
            best, grow = order + 1, higher
    return best, min(GROW_MOST, safety * grow)


@njit(cache=True, error_model="numpy")
def _transfer(order: int, ratio: float) -> Floats:
    m = np.zeros((order + 1, order + 1))
    m[0] = 1.0
    for i in range(1, order + 1):
        for j in range(1, order + 1):
            m[i, j] = m[i - 1, j] * (i - 1 - ratio * j) / i
    return m


@njit(cache=True, error_model="numpy")
def rescale(d: Floats, order: int, ratio: float) -> None:
    """The differences for steps `ratio` times as long."""
    both = _transfer(order, ratio) @ _transfer(order, 1.0)
    old = d[: order + 1].copy()
    for i in range(order + 1):
        d[i] = 0.0
        for k in range(order + 1):
            if both[k, i] != 0.0:
                d[i] += both[k, i] * old[k]
