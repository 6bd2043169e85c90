"""Noise of a smooth curve, from its high differences: standard deviation and correlation.

Noise is modelled as stationary and of first order: points k apart are correlated by r^k.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
MAD_TO_SIGMA = 1.4826
SEGMENTS = 6
CORRELATIONS = np.linspace(0.0, 0.95, 96)
CHANCE = 3.0
"""Standard deviations by which differences far apart must exceed near ones."""
SMOOTH, RESIDUAL = (6, 2), (2, 4)
"""Order of the differences, and every so-many-th point that the far ones take: of a spectrum, in
which a band of 20 nm on a grid of 1 nm then leaves 1e-5 of its height; of what a fit leaves."""


def differences(x: FloatArray, y: FloatArray, order: int, every: int) -> FloatArray:
    """Divided differences of every so-many-th point, scaled to the noise of one.

    x, y : (n_points,), x ascending, steps may differ
    (n_points - order every,): their sd is that of y where its noise is white. Empty for too few.
    """
    n = x.size - order * every
    if n < 1:
        return np.empty(0)
    at = [x[k * every : k * every + n] for k in range(order + 1)]
    span = at[-1] - at[0]
    weights = np.array(
        [1.0 / np.prod([(a - b) / span for j, b in enumerate(at) if j != k], axis=0)
         for k, a in enumerate(at)]
    )  # fmt: skip
    weights /= np.sqrt((weights**2).sum(axis=0))
    values = np.array([y[k * every : k * every + n] for k in range(order + 1)])
    return np.asarray((weights * values).sum(axis=0))


def spread(values: FloatArray) -> float:
    """Standard deviation about zero by the median of absolute values; 0 for none."""
    return MAD_TO_SIGMA * float(np.median(np.abs(values))) if values.size else 0.0


def noise_and_correlation(
    x: FloatArray, y: FloatArray, orders: tuple[int, int] = SMOOTH
) -> tuple[float, float]:
    """Standard deviation of the noise of y, and its correlation between neighbours.

    x, y   : (n_points,), x ascending
    orders : `SMOOTH` of a spectrum, `RESIDUAL` of what a fit has left
    Differences of neighbours see less of correlated noise than those of points further apart. Their
    ratio is taken in six parts of the curve and its median counts, for narrow bands raise it too.
    No correlation is seen where chance may have made the ratio.
    """
    order, every = orders
    near, far = differences(x, y, order, 1), differences(x, y, order, every)
    if far.size < 8 * SEGMENTS or not spread(near):
        return spread(near), 0.0
    ratio = float(np.median([
        spread(b) / max(spread(a), 1e-3 * spread(near))
        for a, b in zip(np.array_split(near, SEGMENTS), np.array_split(far, SEGMENTS), strict=True)
    ]))  # fmt: skip
    if ratio < 1 + CHANCE * (0.75 + 0.3 * order) / np.sqrt(near.size):
        return spread(near), 0.0
    seen = seen_by_differences(CORRELATIONS, order, 1)
    expected = seen_by_differences(CORRELATIONS, order, every) / seen
    # Beyond some correlation the ratio rises no more; the least that gives it is taken.
    rising = np.maximum.accumulate(expected)
    found = min(int(np.searchsorted(rising, ratio)), CORRELATIONS.size - 1)
    return spread(near) / float(seen[found]), float(CORRELATIONS[found])


def seen_by_differences(correlation: FloatArray, order: int, every: int) -> FloatArray:
    """Sd of the differences over that of the noise, for correlations (n,) between neighbours."""
    weights = np.array([1.0])
    for _ in range(order):
        weights = np.convolve(weights, [1.0, -1.0])
    weights /= np.sqrt((weights**2).sum())
    products = np.convolve(weights, weights[::-1])
    lags = np.abs(np.arange(-order, order + 1)) * every
    return np.asarray(np.sqrt((products * correlation[:, None] ** lags).sum(axis=1)))


def whitened(values: FloatArray, correlation: float) -> FloatArray:
    """Values (n_points, ...) with unit noise correlated by r^k, as ones of white unit noise."""
    if correlation == 0:
        return values
    out = values.copy()
    out[1:] = (values[1:] - correlation * values[:-1]) / np.sqrt(1 - correlation**2)
    return out
