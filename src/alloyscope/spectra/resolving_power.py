"""How well a spectrum separates peaks, measured on the spectrum itself."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from alloyscope.numerics.peak_finding import (
    MAD_TO_SIGMA,
    FloatArray,
    IndexArray,
    apex_positions,
    half_height_widths,
    local_maxima,
    noise_level,
)
from alloyscope.spectra.mass_spectrum import ProfileSpectrum

FEWEST_PEAKS = 5
MOST_PEAKS = 50
# A peak weaker than this shows the noise's width as much as its own.
LOWEST_SNR = 20.0
# A neighbour this close to the half-maximum adds to the width it is measured at.
DEEPEST_SHARE = 0.15
FEWEST_POINTS_ACROSS = 2.5
# Isotope peaks lie 1/z or less apart, so a wider peak is a whole envelope that is not resolved.
WIDEST = 0.5


@dataclass(frozen=True)
class ResolvingPower:
    """Resolving power m/z / FWHM.

    value   : median over the peaks used
    spread  : 1.4826 x their median absolute deviation, one standard deviation if normal
    at_mz   : median m/z of the peaks used
    n_peaks : number of peaks used
    """

    value: float
    spread: float
    at_mz: float
    n_peaks: int


def resolving_power(spectrum: ProfileSpectrum) -> ResolvingPower | None:
    """Median m/z / FWHM over the strongest isolated peaks.

    A peak counts if it is 20 noise levels high, spans 2.5 points at half height, and falls to
    15 % on both sides before the next one rises: isotope peaks that overlap would look too wide,
    and one wider than 0.5 m/z is an envelope whose isotope peaks are not resolved.
    None, not a guess, with fewer than five such peaks or when they differ by more than half.
    """
    mz, intensity = spectrum.mz, spectrum.intensity
    noise = noise_level(intensity)
    if noise <= 0:
        return None
    peaks = local_maxima(intensity, height=LOWEST_SNR * noise, prominence=LOWEST_SNR * noise / 2)
    peaks = peaks[_isolated(intensity, peaks)]
    peaks = peaks[np.argsort(intensity[peaks])[::-1][:MOST_PEAKS]]
    widths = half_height_widths(mz, intensity, peaks)
    step = np.gradient(mz)[peaks] if mz.size > 1 else np.ones(peaks.size)
    usable = np.isfinite(widths) & (widths >= FEWEST_POINTS_ACROSS * step)
    usable &= widths <= WIDEST
    if usable.sum() < FEWEST_PEAKS:
        return None
    at = apex_positions(mz, intensity, peaks)[usable]
    return _summary(at, at / widths[usable])


def _summary(at: FloatArray, powers: FloatArray) -> ResolvingPower | None:
    value = float(np.median(powers))
    spread = MAD_TO_SIGMA * float(np.median(np.abs(powers - value)))
    if spread > value / 2:
        return None
    return ResolvingPower(value, spread, float(np.median(at)), int(powers.size))


def _isolated(intensity: FloatArray, peaks: IndexArray) -> np.ndarray:
    """Whether the curve falls to a small share of each maximum before it rises again."""
    edges = np.concatenate(([0], peaks, [intensity.size - 1])).astype(int)
    valleys = np.array([intensity[a : b + 1].min() for a, b in pairwise(edges)])
    lowest = np.maximum(valleys[:-1], valleys[1:])
    return np.asarray(lowest <= DEEPEST_SHARE * intensity[peaks])
