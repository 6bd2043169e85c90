"""How alike two curves are, one measured and one simulated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Model = Callable[[float, float], Floats]
"""The simulated curve at the measured points, for a shift and the logarithm of a width ratio."""

STEPS_PER_WIDTH = 4
"""Shifts tried per peak width; a quarter never misses the optimum's basin."""


@dataclass(frozen=True)
class Likeness:
    """What a fit of one scaled curve to another reaches.

    scale, shift, log_width : the fitted parameters; shift in the unit of x
    cosine : of the angle between the curves, 1 for proportional ones
    r2     : 1 - residual over total sum of squares about the measured mean
    """

    scale: float
    shift: float
    log_width: float
    cosine: float
    r2: float


def likeness(measured: Floats, simulated: Floats, shift: float = 0.0, log_width: float = 0.0
             ) -> Likeness:  # fmt: skip
    """Cosine, and R2 with the scale that makes it largest; 0 where a curve is all zero.

    measured, simulated : (n_points,) at the same points
    """
    # In units of the largest value, so that no square of a huge or tiny one is lost.
    unit = float(np.abs(measured).max(initial=0.0))
    if not 0 < unit < np.inf:
        return Likeness(0.0, shift, log_width, 0.0, 0.0)
    measured = measured / unit
    cross, square = float(measured @ simulated), float(simulated @ simulated)
    norm = float(measured @ measured)
    spread = norm - measured.size * float(np.mean(measured)) ** 2
    if square <= 0 or norm <= 0:
        return Likeness(0.0, shift, log_width, 0.0, 0.0)
    scale = max(cross / square, 0.0)
    residual = norm - 2 * scale * cross + scale**2 * square
    r2 = 1 - residual / spread if spread > 1e-12 * norm else 0.0
    return Likeness(scale * unit, shift, log_width, cross / np.sqrt(square * norm), r2)


def best_likeness(
    measured: Floats, model: Model, limit: float, width: float, log_widths: Floats
) -> Likeness:
    """The scale, shift and width for which the simulated curve is nearest the measured one.

    measured   : (n_points,)
    model      : see `Model`
    limit      : shifts from -limit to limit are searched
    width      : full width at half maximum of a simulated peak at log_width 0
    log_widths : (n_widths,) tried on a grid; one value is kept fixed, more are refined

    A grid finds the basin, since shifted isotope peaks make many; least squares with the scale
    projected out ends in it.
    """
    from scipy.optimize import least_squares

    unit = float(np.abs(measured).max(initial=0.0)) or 1.0
    measured = measured / unit
    best = Likeness(0.0, 0.0, float(log_widths[0]), 0.0, -np.inf)
    for log_width in log_widths:
        step = width * np.exp(log_width) / STEPS_PER_WIDTH
        count = int(np.ceil(limit / step))
        for shift in np.linspace(-limit, limit, 2 * count + 1):
            tried = likeness(measured, model(shift, log_width), shift, log_width)
            if tried.r2 > best.r2:
                best = tried
    free_width = log_widths.size > 1
    ends = [limit, 1.0 + np.ptp(log_widths)] if free_width else [limit]
    start = [best.shift, best.log_width] if free_width else [best.shift]

    def at(parameters: Floats) -> tuple[float, float, Floats]:
        log_width = float(parameters[1]) if free_width else best.log_width
        return float(parameters[0]), log_width, model(float(parameters[0]), log_width)

    def residual(parameters: Floats) -> Floats:
        simulated = at(parameters)[2]
        scale = max(likeness(measured, simulated).scale, 0.0)
        return np.asarray(measured - scale * simulated)

    inside = np.clip(start, np.multiply(-0.999, ends), np.multiply(0.999, ends))
    scales = [width, 0.3] if free_width else [width]
    solved = least_squares(residual, inside, bounds=(np.negative(ends), ends), x_scale=scales)
    shift, log_width, simulated = at(solved.x)
    refined = likeness(measured, simulated, shift, log_width)
    found = refined if refined.r2 >= best.r2 else best
    return replace(found, scale=found.scale * unit)
