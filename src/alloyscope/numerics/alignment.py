"""Where a trace's calibration lies: patterns laid over it at many offsets, foreign peaks and all.

A trace may hold peaks of unknown origin, so a pattern is judged by how many of its peaks it
accounts for, not by how much signal it takes. A peak of amplitude r +- s costs, while nothing
explains it,

    f(r) = min(r^2 / 2 s^2, cap) for r > 0,   r^2 / 2 s^2 for r < 0

since a line of unknown origin would explain it for `cap` nats, and nothing explains signal that is
missing. A pattern gains sum_q f(r_q) - f(r_q - a P_q) less its own cost. A foreign peak of any
height can so bring no more than `cap`.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from alloyscope.numerics.templates import calibrated, width_at

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

SIGMA = 0.42466090014400953
"""Standard deviation of a Gaussian of unit full width at half maximum."""

REACH = 0.8
"""Widths about a peak's centre that its amplitude is measured on."""

TALL = 0.1
"""Peaks below this share of a pattern's tallest are not looked at."""

MISFIT = 0.02
"""Share of a peak's amplitude by which a pattern may be off before the instrument is known."""

TRIED = 5
"""Tallest peaks of a pattern whose amplitude is tried as the pattern's own."""

Peaks = tuple[Integers, Floats, Floats]
"""Place in the trace, fraction to the next point, and share of a pattern's tall peaks."""


@njit(cache=True)
def matched(
    x: Floats, step: Floats, y: Floats, variance: Floats, theta: Floats
) -> tuple[Floats, Floats]:
    """Amplitude (n_points,) and its sd of a peak centred at each point, by the matched filter."""
    amplitude, sd = np.zeros(x.size), np.full(x.size, np.inf)
    low = 0
    for j in range(x.size):
        width = width_at(x[j], theta)
        while x[low] < x[j] - REACH * width:
            low += 1
        i, along, norm = low, 0.0, 0.0
        while i < x.size and x[i] <= x[j] + REACH * width:
            g = np.exp(-0.5 * ((x[i] - x[j]) / (SIGMA * width)) ** 2)
            g *= step[i] / (width * SIGMA * np.sqrt(2 * np.pi))
            along += g * y[i] / variance[i]
            norm += g * g / variance[i]
            i += 1
        if norm > 0.0:
            amplitude[j], sd[j] = along / norm, 1.0 / np.sqrt(norm)
    return amplitude, sd


@njit(cache=True)
def _seen(mz: Floats, share: Floats, width: float) -> Floats:
    """What the matched filter sees of each peak of a pattern, its neighbours' flanks included."""
    out = share.copy()
    for q in range(mz.size):
        other = q + 1
        while other < mz.size and mz[other] - mz[q] < 2.0 * width:
            flank = np.exp(-0.25 * ((mz[other] - mz[q]) / (SIGMA * width)) ** 2)
            out[q] += share[other] * flank
            out[other] += share[q] * flank
            other += 1
    return out


@njit(cache=True)
def _loss(r: float, s: float, cap: float) -> float:
    own = 0.5 * (r / s) ** 2
    return min(own, cap) if r > 0.0 else own


@njit(cache=True)
def _gain(
    rest: Floats, whole: Floats, sd: Floats, at: Integers, part: Floats, share: Floats, cap: float
) -> tuple[float, float]:
    """Largest gain of a pattern over what is left of the trace, and the amount that brings it."""
    n = at.size
    r, s = np.empty(n), np.empty(n)
    for q in range(n):
        j, f = at[q], part[q]
        r[q] = rest[j] + f * (rest[j + 1] - rest[j])
        a = whole[j] + f * (whole[j + 1] - whole[j])
        s[q] = np.sqrt(max(sd[j], sd[j + 1]) ** 2 + (MISFIT * a) ** 2)
    best, amount = 0.0, 0.0
    for top in np.argsort(-share)[:TRIED]:
        a = r[top] / share[top]
        if a <= 0.0:
            continue
        total = 0.0
        for q in range(n):
            total += _loss(r[q], s[q], cap) - _loss(r[q] - a * share[q], s[q], cap)
        if total > best:
            best, amount = total, a
    return best, amount


@njit(cache=True)
def _hopeless(
    x: Floats, amplitude: Floats, sd: Floats, mz: Floats, share: Floats,
    reference: float, theta: Floats,
) -> bool:  # fmt: skip
    """Whether there is no peak where the tallest of a pattern must be."""
    centre = calibrated(mz[np.argmax(share)], reference, theta)
    j = int(np.searchsorted(x, centre)) - 1
    if j < 0 or j + 1 >= x.size:
        return True
    return bool(max(amplitude[j], amplitude[j + 1]) < 2.0 * max(sd[j], sd[j + 1]))


@njit(cache=True)
def _placed(
    x: Floats, step: Floats, mz: Floats, share: Floats, reference: float, theta: Floats
) -> Peaks:
    """A pattern's tall peaks in the trace; none where a fifth of it or more was not recorded."""
    floor = TALL * share.max()
    seen = _seen(mz, share, width_at(mz[mz.size // 2], theta))
    at, part = np.empty(mz.size, np.int64), np.empty(mz.size)
    own = np.empty(mz.size)
    n, inside, whole = 0, 0.0, 0.0
    for q in range(mz.size):
        if share[q] < floor:
            continue
        whole += share[q]
        centre = calibrated(mz[q], reference, theta)
        j = int(np.searchsorted(x, centre)) - 1
        if j < 0 or j + 1 >= x.size or x[j + 1] - x[j] > 3.0 * step[j]:
            continue
        at[n], part[n], own[n] = j, (centre - x[j]) / (x[j + 1] - x[j]), seen[q]
        inside += share[q]
        n += 1
    if inside < 0.8 * whole:
        n = 0
    return at[:n], part[:n], own[:n]


@njit(cache=True)
def _take_away(
    rest: Floats, x: Floats, mz: Floats, share: Floats, amount: float,
    reference: float, theta: Floats,
) -> None:  # fmt: skip
    """Subtract what the matched filter sees of a pattern, in place."""
    for q in range(mz.size):
        centre = calibrated(mz[q], reference, theta)
        width = width_at(centre, theta)
        j = int(np.searchsorted(x, centre - 2.0 * width))
        while j < x.size and x[j] <= centre + 2.0 * width:
            rest[j] -= amount * share[q] * np.exp(-0.25 * ((x[j] - centre) / (SIGMA * width)) ** 2)
            j += 1


@njit(cache=True)
def aligned_gain(
    x: Floats, step: Floats, amplitude: Floats, sd: Floats,
    bounds: Integers, mz: Floats, share: Floats, cost: Floats,
    reference: float, theta: Floats, cap: float, most: int,
) -> float:  # fmt: skip
    """Nats that patterns, the best first, gain together at one calibration.

    amplitude, sd : (n_points,) of `matched`
    bounds        : (n_ions + 1,) of each pattern's peaks in mz, share
    cost          : (n_ions,) nats
    """
    n = bounds.size - 1
    if n == 0:
        return 0.0
    rest = amplitude.copy()
    gains = np.zeros(n)
    for k in range(n):
        own = slice(bounds[k], bounds[k + 1])
        if _hopeless(x, amplitude, sd, mz[own], share[own], reference, theta):
            continue
        at, part, seen = _placed(x, step, mz[own], share[own], reference, theta)
        if at.size:
            gains[k] = _gain(rest, amplitude, sd, at, part, seen, cap)[0] - cost[k]
    total, taken = 0.0, 0
    while taken < most:
        k = int(np.argmax(gains))
        if gains[k] <= 0.0:
            break
        own = slice(bounds[k], bounds[k + 1])
        at, part, seen = _placed(x, step, mz[own], share[own], reference, theta)
        gain, amount = _gain(rest, amplitude, sd, at, part, seen, cap)
        now = gain - cost[k]
        if now < 0.98 * gains[k]:  # what was taken since overlapped it
            gains[k] = now
            continue
        total += now
        taken += 1
        _take_away(rest, x, mz[own], share[own], amount, reference, theta)
        gains[k] = 0.0
    return total


@njit(cache=True)
def aligned_gains(
    x: Floats, step: Floats, amplitude: Floats, sd: Floats,
    bounds: Integers, mz: Floats, share: Floats, cost: Floats,
    reference: float, theta: Floats, offsets: Floats, cap: float, most: int,
) -> Floats:  # fmt: skip
    """(n_offsets,) `aligned_gain` at calibration offsets, ppm."""
    out, moved = np.empty(offsets.size), theta.copy()
    for i in range(offsets.size):
        moved[0] = offsets[i]
        out[i] = aligned_gain(x, step, amplitude, sd, bounds, mz, share, cost, reference, moved,
                              cap, most)  # fmt: skip
    return out
