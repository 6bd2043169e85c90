"""Other solutions of nearly the same worth, where bands run into one another.

Two bands nearer than their width can often share out the absorbance in two ways: the left one broad
and the right one weak, or the other way round. The covariance about one of them knows nothing of
the other, so it is widened by it.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from alloyscope.uvvis.band_fit import BandFit, Measured, fit

Floats = NDArray[np.float64]
OVERLAPPING = 0.9
"""Of their mean width: bands nearer than this may share in another way."""
WORSE = 12.0
"""Of cost, over the misfit: solutions worse than this do not count."""


def with_other_modes(measured: Measured, found: BandFit) -> BandFit:
    """The best of the solutions, its covariance widened by the others, each with its weight."""
    modes = [found]
    for left, right in neighbours(found):
        other = exchanged(measured, found, left, right)
        if all(np.abs(other.theta - one.theta).max() > 1e-2 for one in modes):
            modes.append(other)
    best = min(modes, key=lambda one: one.cost)
    worse = np.array([(one.cost - best.cost) / best.misfit for one in modes])
    weights = np.where(worse < WORSE, np.exp(-worse / 2), 0.0)
    covariance = np.zeros_like(best.covariance)
    for one, weight in zip(modes, weights / weights.sum(), strict=True):
        if weight:
            apart = one.theta - best.theta
            covariance += weight * (one.covariance + np.outer(apart, apart) / best.misfit)
    return replace(best, covariance=covariance)


def neighbours(found: BandFit) -> list[tuple[int, int]]:
    """Pairs of neighbouring bands that overlap so much that they may share in another way."""
    _, centre, log_width = found.model.bands(found.theta).T
    order = np.argsort(centre)
    width = np.exp(log_width)
    return [
        (int(a), int(b))
        for a, b in pairwise(order)
        if centre[b] - centre[a] < OVERLAPPING * (width[a] + width[b]) / 2
    ]


def exchanged(measured: Measured, found: BandFit, left: int, right: int) -> BandFit:
    """The fit begun with heights and widths of two bands exchanged; they keep their order."""
    first = found.model.n_background
    a, b = (slice(first + 3 * k, first + 3 * k + 3) for k in (left, right))
    start = found.theta.copy()
    start[a], start[b] = found.theta[b], found.theta[a]
    start[a.start + 1], start[b.start + 1] = found.theta[a.start + 1], found.theta[b.start + 1]
    other = fit(measured, found.model, start, found.begun)
    if other.theta[a.start + 1] <= other.theta[b.start + 1]:
        return other
    order = np.arange(start.size)
    order[a], order[b] = np.arange(b.start, b.stop), np.arange(a.start, a.stop)
    return replace(
        other, theta=other.theta[order], covariance=other.covariance[np.ix_(order, order)]
    )
