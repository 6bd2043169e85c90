"""Shapes of one peak on an instrument, each of unit area and with its apex at zero.

Every shape takes x in units of its full width at half maximum, so one number, the resolving power,
sets the width of all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from alloyscope.errors import AlloyscopeError, message

Floats = NDArray[np.float64]
ShapeName = Literal["gaussian", "lorentzian", "tailed"]
SIGMA = 1 / (2 * np.sqrt(2 * np.log(2)))
"""Standard deviation of a Gaussian whose full width at half maximum is 1."""

REACH = {"gaussian": 4.0, "lorentzian": 60.0, "tailed": 12.0}
"""Widths from the apex beyond which a shape is less than 1e-4 of it."""


def gaussian(x: Floats) -> Floats:
    """A Gaussian of unit area and unit full width at half maximum."""
    return np.asarray(np.exp(-0.5 * (x / SIGMA) ** 2) / (SIGMA * np.sqrt(2 * np.pi)))


def lorentzian(x: Floats) -> Floats:
    """A Lorentzian of unit area and unit full width at half maximum."""
    return np.asarray(2 / np.pi / (1 + 4 * x**2))


def tailed(x: Floats, tail: float) -> Floats:
    """A Gaussian with an exponential tail to high m/z, unit area, apex at 0, unit width.

    tail : decay length over the Gaussian's standard deviation

    E. Grushka, Anal. Chem. 44, 1733 (1972), doi 10.1021/ac60319a011.
    """
    apex, width = _apex_and_width(tail)
    return _tailed_raw(apex + x * width, tail) * width


def _tailed_raw(t: Floats, tail: float) -> Floats:
    """The convolution for a Gaussian of standard deviation 1, by the scaled erfc."""
    from scipy.special import erfcx

    argument = (1 / tail - t) / np.sqrt(2)
    # erfcx grows as exp(u^2) for u << 0, where the plain form exp(...) erfc(...) is exact.
    low = np.maximum(argument, -20.0)
    scaled = np.exp(-0.5 * t**2) * erfcx(low)
    plain = 2 * np.exp(np.minimum(0.5 / tail**2 - t / tail, 0.0))
    return np.asarray(np.where(argument > -20.0, scaled, plain) / (2 * tail))


@lru_cache(maxsize=64)
def _apex_and_width(tail: float) -> tuple[float, float]:
    """Place of the apex and full width at half maximum, in standard deviations."""
    t = np.linspace(-6.0, 12.0 + 8.0 * tail, 40001)
    y = _tailed_raw(t, tail)
    above = np.flatnonzero(y >= 0.5 * y.max())
    left = np.interp(0.5 * y.max(), y[above[0] - 1 : above[0] + 1], t[above[0] - 1 : above[0] + 1])
    right = np.interp(-0.5 * y.max(), -y[above[-1] : above[-1] + 2], t[above[-1] : above[-1] + 2])
    return float(t[np.argmax(y)]), float(right - left)


def shape_function(name: str, tail: float = 1.0) -> Callable[[Floats], Floats]:
    """The shape called `name`. Raises AlloyscopeError for another name or a tail not above 0."""
    if name not in get_args(ShapeName) or not tail > 0:
        raise AlloyscopeError(
            message("peak shape", found=f"{name}, tail {tail}",
                    expected=f"one of {', '.join(get_args(ShapeName))}, and a tail above 0")
        )  # fmt: skip
    if name == "tailed":
        return lambda x: tailed(x, tail)
    return gaussian if name == "gaussian" else lorentzian
