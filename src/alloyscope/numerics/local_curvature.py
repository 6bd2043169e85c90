"""Second derivative of a sampled curve by local polynomials, with its noise."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
DEGREE = 3
REACH = 3.0
"""Points further away than so many widths have no weight."""
FEWEST = 7
"""Points a local polynomial needs."""


def curvature_weights(x: FloatArray, at: FloatArray, width: float) -> FloatArray:
    """Rows (n_at, n_points) that give the second derivative at each place: c @ y.

    x     : (n_points,) in order, up or down, steps may differ
    at    : (n_at,) places
    width : sd of the Gaussian that weighs points about each place, in the unit of x
    Cubics are fitted there by weighted least squares, as Savitzky and Golay do on a uniform grid
    with equal weights. Rows of NaN where fewer than seven points are in reach.
    """
    u = (x[None, :] - at[:, None]) / width
    kernel = np.where(np.abs(u) <= REACH, np.exp(-0.5 * u**2), 0.0)
    powers = np.stack([u**k for k in range(DEGREE + 1)])
    moments = np.einsum("kij,lij,ij->ikl", powers, powers, kernel, optimize=True)
    enough = (kernel > 0).sum(axis=1) >= FEWEST
    enough &= (u.min(axis=1) < -0.5) | (u.max(axis=1) > 0.5)
    rows = np.full((at.size, x.size), np.nan)
    if enough.any():
        unit = np.zeros((int(enough.sum()), DEGREE + 1, 1))
        unit[:, 2, 0] = 2.0 / width**2
        combined = np.linalg.solve(moments[enough], unit)[..., 0]
        rows[enough] = np.einsum("ik,kij->ij", combined, powers[:, enough]) * kernel[enough]
    return rows


def noise_through(rows: FloatArray, sd: FloatArray, correlation: float) -> FloatArray:
    """Standard deviation (n_rows,) of rows @ y, exact for noise correlated by r^k.

    rows : (n_rows, n_points); sd : (n_points,) of the noise of y
    The noise is written as a recursion over independent steps, and the rows are carried through it.
    """
    weighted = np.where(np.isnan(rows), 0.0, rows) * sd
    if correlation:
        from scipy.signal import lfilter  # here: scipy.signal takes a second to import

        through = lfilter([1.0], [1.0, -correlation], weighted[:, ::-1], axis=1)[:, ::-1]
        through[:, 1:] *= np.sqrt(1 - correlation**2)
        weighted = through
    return np.where(np.isnan(rows[:, 0]), np.inf, np.sqrt((weighted**2).sum(axis=1)))
