"""Intervals of quantities that cannot be negative, from estimates that can."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LEVEL = 0.95
FAR = 8.0
"""Standard deviations above the bound from which it is no longer felt."""


def above_zero(estimate: Floats, sd: Floats) -> tuple[Floats, Floats]:
    """Ends of the 95 % interval of quantities of 0 or more; one-sided near 0, and never empty.

    estimate : unbounded estimates, normal about the truth; may be below 0
    sd       : their standard deviations

    Truths are accepted in order of the likelihood over the best that the bound allows, which holds
    the level exactly for every truth. G. J. Feldman, R. D. Cousins, Phys. Rev. D 1998, 57, 3873.
    """
    truth, least, most = _belt()
    x = estimate / np.maximum(sd, 1e-300)
    near = np.minimum(x, FAR)
    low, high = np.interp(near, most, truth), np.interp(near, least, truth)
    half = truth[-1] - least[-1]
    low, high = np.where(x > FAR, x - half, low), np.where(x > FAR, x + half, high)
    return np.asarray(np.where(low <= truth[1], 0.0, low) * sd), np.asarray(high * sd)


def within_one(estimate: Floats, sd: Floats) -> tuple[Floats, Floats]:
    """Ends of the 95 % interval of shares, from 0 to 1, that feel the bound which is nearer."""
    low, high = above_zero(estimate, sd)
    rest_low, rest_high = above_zero(1.0 - estimate, sd)
    upper = estimate > 0.5
    low, high = np.where(upper, 1.0 - rest_high, low), np.where(upper, 1.0 - rest_low, high)
    return np.asarray(np.clip(low, 0.0, 1.0)), np.asarray(np.clip(high, 0.0, 1.0))


@cache
def _belt() -> tuple[Floats, Floats, Floats]:
    """Truths, and the least and most estimate that each accepts, in standard deviations."""
    from scipy.special import ndtr

    truth = np.concatenate(([0.0], np.geomspace(1e-4, 0.05, 60), np.linspace(0.06, FAR + 4, 1200)))
    low, high = np.full(truth.size, -60.0), truth.copy()
    low[1:] = np.minimum(low[1:], -60.0 / truth[1:].clip(max=1.0))
    for _ in range(200):
        middle = (low + high) / 2
        odds = np.where(middle >= 0, -((middle - truth) ** 2) / 2, truth * middle - truth**2 / 2)
        inside = ndtr(np.sqrt(-2 * odds)) - ndtr(middle - truth)
        low, high = np.where(inside > LEVEL, middle, low), np.where(inside > LEVEL, high, middle)
    odds = np.where(low >= 0, -((low - truth) ** 2) / 2, truth * low - truth**2 / 2)
    most = truth + np.sqrt(-2 * odds)
    low[0], most[0] = low[1] - 1.0, 1.6448536269514722
    return truth, np.maximum.accumulate(low), np.maximum.accumulate(most)
