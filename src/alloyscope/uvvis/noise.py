"""Noise of an absorption spectrum: found from it, or as stated."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alloyscope.numerics.correlated_noise import (
    SMOOTH,
    differences,
    noise_and_correlation,
    spread,
)

Floats = NDArray[np.float64]
UNEVEN = 2.0
"""A part of the spectrum whose noise is so many times the whole's has a noise of its own."""
FEWEST_IN_PART = 30
DIGITS = 1e-4
"""Of the range of absorbance: less noise than this no spectrometer has, nor its printed digits."""


@dataclass(frozen=True, eq=False)
class Noise:
    """Standard deviation of the noise, and how it was found.

    sd          : of most points, in absorbance
    at          : (n_points,) of each point
    correlation : of neighbouring points
    how         : one phrase
    """

    sd: float
    at: Floats
    correlation: float
    how: str


def find_noise(wavelength: Floats, absorbance: Floats, stated: float | None = None) -> Noise:
    """Noise of a spectrum from its sixth differences, or as stated.

    wavelength, absorbance : (n_points,), nm and decadic; stated: sd of one point
    Correlation of neighbours is found either way. Parts that are noisier, as where little light
    is left, are given a noise of their own.
    """
    found, correlation = noise_and_correlation(wavelength, absorbance)
    least = max(DIGITS * float(np.ptp(absorbance)), _rounding(absorbance), 1e-15)
    sd = stated if stated is not None else max(found, least)
    rise = _rise(wavelength, absorbance) if found > least else np.ones(wavelength.size)
    return Noise(sd, sd * rise, correlation, _how(sd, found, stated, correlation, rise))


def _how(sd: float, found: float, stated: float | None, correlation: float, rise: Floats) -> str:
    if stated is not None:
        how = "as stated"
    elif found < sd:
        how = "what rounding leaves, less being seen"
    else:
        how = "from sixth differences of neighbouring points"
    if correlation:
        how += f"; neighbours are correlated, {correlation:.2f}"
    if (rise > 1).any():
        how += f"; up to {rise.max():.1f} times as much in parts"
    return how


def _rounding(absorbance: Floats) -> float:
    """Noise of rounding to the digits the values have, where steps of it are seen."""
    levels = np.unique(absorbance)
    if levels.size < 2 or levels.size > 0.9 * absorbance.size:
        return 0.0
    return float(np.diff(levels).min() / np.sqrt(12))


def _rise(wavelength: Floats, absorbance: Floats) -> Floats:
    """Noise (n_points,) over the median part's, 1 where it is not clearly more."""
    order = SMOOTH[0]
    seen = differences(wavelength, absorbance, order, 1)
    n_parts = min(12, seen.size // FEWEST_IN_PART)
    if n_parts < 3:
        return np.ones(wavelength.size)
    parts = np.array_split(np.arange(seen.size) + order // 2, n_parts)
    sds = np.array([spread(seen[part - order // 2]) for part in parts])
    middle = float(np.median(sds))
    if not middle:
        return np.ones(wavelength.size)
    ratio = np.where(sds > UNEVEN * middle, sds / middle, 1.0)
    return np.interp(wavelength, [wavelength[part].mean() for part in parts], ratio)
