"""A curve that falls from 1 to 0: where, how steeply, and how well that is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

Floats = NDArray[np.float64]
FEWEST = 3


@dataclass(frozen=True, eq=False)
class Sigmoid:
    """y = 1 / (1 + exp((x - centre) / width)).

    covariance : (2, 2) of centre and width, scaled up where the points scatter more than their sd
    chi2       : squared residuals over their variance, per degree of freedom
    """

    centre: float
    width: float
    covariance: Floats
    chi2: float

    def at(self, x: Floats) -> Floats:
        """The curve at each x, (n,)."""
        return np.asarray(1.0 / (1.0 + np.exp(np.clip((x - self.centre) / self.width, -700, 700))))

    def along(self, slope: tuple[float, float]) -> float:
        """1 sd of slope[0] centre + slope[1] width."""
        weights = np.array(slope)
        return float(np.sqrt(max(float(weights @ self.covariance @ weights), 0.0)))


def fit_sigmoid(x: Floats, y: Floats, sd: Floats) -> Sigmoid | None:
    """The falling sigmoid through points (n,), by weighted least squares; None where none does.

    sd : (n,) of y, above 0
    """
    if x.size < FEWEST or not np.ptp(x) > 0 or not np.ptp(y) > 0:
        return None
    span = float(np.ptp(x))
    near = float(np.interp(0.5, np.sort(y), x[np.argsort(y)]))

    def residual(at: Floats) -> Floats:
        width = np.exp(at[1])
        return np.asarray((1.0 / (1.0 + np.exp(np.clip((x - at[0]) / width, -700, 700))) - y) / sd)

    found = least_squares(residual, np.array([near, np.log(span / 8)]), x_scale=[span / 8, 0.3],
                          bounds=([x.min() - 9 * span, np.log(span / 1e4)],
                                  [x.max() + 9 * span, np.log(span * 1e2)]))  # fmt: skip
    normal = found.jac.T @ found.jac
    if not found.success or np.linalg.matrix_rank(normal) < 2:
        return None
    width = float(np.exp(found.x[1]))
    chi2 = float(2.0 * found.cost / max(x.size - 2, 1))
    scale = np.array([1.0, width])
    covariance = np.linalg.inv(normal) * np.outer(scale, scale) * max(chi2, 1.0)
    return Sigmoid(float(found.x[0]), width, covariance, chi2)


@dataclass(frozen=True)
class Crossing:
    """Where a rising curve first reaches a level, between the points below and above.

    sd         : from that of the two points
    low, high  : the two points; low is minus infinity where the first point is above already
    """

    at: float
    sd: float
    low: float
    high: float


def first_crossing(x: Floats, y: Floats, sd: Floats, level: float) -> Crossing | None:
    """Where y (n,) first reaches a level, by linear interpolation; None where it never does."""
    above = np.flatnonzero(y >= level)
    if not above.size:
        return None
    k = int(above[0])
    if k == 0:
        return Crossing(float(x[0]), 0.0, -np.inf, float(x[0]))
    step, rise = float(x[k] - x[k - 1]), float(y[k] - y[k - 1])
    part = (level - float(y[k - 1])) / rise
    spread = float(np.hypot((1.0 - part) * sd[k - 1], part * sd[k])) * step / rise
    return Crossing(float(x[k - 1]) + part * step, spread, float(x[k - 1]), float(x[k]))
