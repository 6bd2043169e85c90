"""The instrument as a spectrum shows it: calibration, resolving power, peak shape."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from alloyscope.isotopes.peak_shape import gaussian, tailed
from alloyscope.numerics.templates import SHAPE_STEPS

Floats = NDArray[np.float64]
PARAMETERS = ("offset", "drift", "curvature", "log_power", "power_exponent", "tail")
PRIOR_SD = np.array([np.inf, 5.0, 3.0, 0.10, 0.08, 0.25])
"""1 sd of each parameter about its prior mean: ppm, ppm/1000, ppm/1000^2, -, -, -."""

LIMITS = np.array([130.0, 12.0, 6.0, 0.4, 0.3, 0.6])
"""Largest departure of each from its prior mean."""

STEPS = np.array([6.0, 4.0, 2.0, 0.08, 0.08, 0.15])
"""Largest step of each in one iteration."""


@dataclass(frozen=True)
class Instrument:
    """What turns an ion into a signal.

    theta     : (6,) `PARAMETERS`: calibration offset (ppm), drift (ppm per 1000 m/z), curvature
                (ppm per 1000^2), log of the resolving power at m/z 2500, its exponent in m/z, and
                the tail's decay length over the Gaussian's standard deviation
    centre    : (6,) prior means
    reference : m/z at which the offset holds
    """

    theta: Floats
    centre: Floats
    reference: float

    def moved(self, step: Floats) -> Instrument:
        """With theta changed by `step`, cut to what an iteration and the limits allow."""
        cut = np.clip(step, -STEPS, STEPS)
        low, high = self.centre - LIMITS, self.centre + LIMITS
        theta = np.clip(self.theta + cut, low, high)
        theta[5] = np.clip(theta[5], 0.03, 1.5)
        return replace(self, theta=theta)

    def at_offset(self, offset: float) -> Instrument:
        """With another calibration offset, ppm."""
        theta = self.theta.copy()
        theta[0] = offset
        return replace(self, theta=theta)

    @cached_property
    def shape(self) -> tuple[Floats, float]:
        """Table of the peak shape, and the x of its first entry, in widths."""
        return shape_table(round(float(self.theta[5]), 3))

    @property
    def prior(self) -> float:
        """Negative log prior, nats; of the offset apart from this."""
        z = (self.theta - self.centre)[1:] / PRIOR_SD[1:]
        return 0.5 * float(z @ z)

    def width(self, mz: float) -> float:
        """Full width at half maximum at an m/z."""
        power = np.exp(self.theta[3]) * (mz / 2500.0) ** self.theta[4]
        return float(mz / power)


@lru_cache(maxsize=512)
def shape_table(tail: float) -> tuple[Floats, float]:
    """The tailed shape from 2 widths before its apex to where it has died out."""
    low, high = -2.2, 2.5 + 3.0 * tail
    x = low + np.arange(int((high - low) * SHAPE_STEPS) + 2) / SHAPE_STEPS
    shape = tailed(x, tail) if tail > 0.05 else gaussian(x)
    return shape, low


def prior_instrument(
    reference: float, power: float, power_mz: float, transform: bool, offset: float = 0.0
) -> Instrument:
    """The instrument before the spectrum is fitted.

    power, power_mz : resolving power and the m/z at which it is stated
    transform       : Fourier transform, whose resolving power falls as 1 / sqrt(m/z)
    """
    exponent = -0.5 if transform else 0.0
    log_power = np.log(power) + exponent * np.log(2500.0 / power_mz)
    tail = 0.05 if transform else 0.45
    theta = np.array([offset, 0.0, 0.0, log_power, exponent, tail])
    return Instrument(theta, theta.copy(), reference)
