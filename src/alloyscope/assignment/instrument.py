"""The instrument as a spectrum shows it: calibration, resolving power, peak shape."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from alloyscope.isotopes.peak_shape import gaussian, lorentzian, tailed
from alloyscope.numerics.templates import SHAPE_STEPS

Floats = NDArray[np.float64]
PARAMETERS = ("offset", "drift", "curvature", "log_power", "power_exponent", "shape")
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
                the shape: on TOF the tail's decay length over the Gaussian's standard deviation,
                on Fourier transform the Lorentzian's share
    centre    : (6,) prior means
    reference : m/z at which the offset holds
    spread    : (6,) 1 sd of the priors, infinite where there is none
    transform : Fourier transform, whose signal is proportional to the charge
    """

    theta: Floats
    centre: Floats
    reference: float
    spread: Floats = field(default_factory=PRIOR_SD.copy)
    transform: bool = False

    @property
    def stiffness(self) -> Floats:
        """(6,) 1 / variance of the priors."""
        return np.asarray(self.spread**-2.0)

    def moved(self, step: Floats) -> Instrument:
        """With theta changed by `step`, cut to what an iteration and the limits allow."""
        cut = np.clip(step, -STEPS, STEPS)
        low, high = self.centre - LIMITS, self.centre + LIMITS
        theta = np.clip(self.theta + cut, low, high)
        theta[5] = np.clip(theta[5], *((0.0, 1.0) if self.transform else (0.03, 1.5)))
        return replace(self, theta=theta)

    def at_offset(self, offset: float) -> Instrument:
        """With another calibration offset, ppm."""
        theta = self.theta.copy()
        theta[0] = offset
        return replace(self, theta=theta)

    @cached_property
    def shape(self) -> tuple[Floats, float]:
        """Table of the peak shape, and the x of its first entry, in widths."""
        table = mixed_table if self.transform else tailed_table
        low, high = (0.0, 1.0) if self.transform else (0.03, 1.5)
        return table(round(float(np.clip(self.theta[5], low, high)), 3))

    @property
    def prior(self) -> float:
        """Negative log prior, nats."""
        z = (self.theta - self.centre) / self.spread
        return 0.5 * float(z @ z)

    def width(self, mz: float) -> float:
        """Full width at half maximum at an m/z."""
        power = np.exp(self.theta[3]) * (mz / 2500.0) ** self.theta[4]
        return float(mz / power)


@lru_cache(maxsize=512)
def tailed_table(tail: float) -> tuple[Floats, float]:
    """The tailed shape from 2 widths before its apex to where it has died out."""
    low, high = -2.2, 2.5 + 3.0 * tail
    x = _grid(low, high)
    return tailed(x, tail) if tail > 0.05 else gaussian(x), low


@lru_cache(maxsize=512)
def mixed_table(share: float) -> tuple[Floats, float]:
    """A Gaussian and a Lorentzian of one width, mixed, as far as the Lorentzian's share asks."""
    reach = 1.5 + 20.0 * share**0.5
    x = _grid(-reach, reach)
    return (1.0 - share) * gaussian(x) + share * lorentzian(x), -reach


def _grid(low: float, high: float) -> Floats:
    return low + np.arange(int((high - low) * SHAPE_STEPS) + 2) / SHAPE_STEPS


def prior_instrument(
    reference: float, power: float, power_mz: float, transform: bool, offset: float = 0.0
) -> Instrument:
    """The instrument before the spectrum is fitted.

    power, power_mz : resolving power and the m/z at which it is stated
    transform       : Fourier transform, whose resolving power falls as 1 / sqrt(m/z)
    """
    exponent = -0.5 if transform else 0.0
    log_power = np.log(power) + exponent * np.log(2500.0 / power_mz)
    shape = 0.1 if transform else 0.45
    theta = np.array([offset, 0.0, 0.0, log_power, exponent, shape])
    return Instrument(theta, theta.copy(), reference, transform=transform)
