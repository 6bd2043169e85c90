"""Peaks of a sampled curve: noise level, maxima above it, apex and width of each."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IndexArray = NDArray[np.intp]
# Median absolute deviation to standard deviation of a normal distribution.
MAD_TO_SIGMA = 1.4826


def noise_level(intensity: FloatArray) -> float:
    """Standard deviation of the noise, robust against peaks and suppressed zeros.

    intensity : (n_points,)
    Where a baseline is recorded it is 1.4826 x the smaller of two medians: how far the lower half
    of the points lies below the median, which peaks widen where they crowd, and the second
    differences over sqrt(6), which peaks widen where they are narrow.
    Where zeros are suppressed there is no baseline to measure: then the lower quartile of the
    values above zero stands for the weakest signal recorded (one count).
    0 when no value is above zero, or all are the same.
    """
    positive = intensity[intensity > 0]
    if positive.size == 0:
        return 0.0
    if zeros_suppressed(intensity):
        return float(np.quantile(positive, 0.25))
    middle = np.median(intensity)
    below = float(np.median(middle - intensity[intensity <= middle]))
    if intensity.size < 3:
        return MAD_TO_SIGMA * below
    rough = float(np.median(np.abs(np.diff(intensity, 2)))) / np.sqrt(6)
    return MAD_TO_SIGMA * float(min(below, rough))


def zeros_suppressed(intensity: FloatArray) -> bool:
    """Whether so many points are exactly zero that what is below a threshold was left out."""
    return bool(np.mean(intensity == 0) > 0.2)


def baseline_level(intensity: FloatArray) -> float:
    """What is recorded where there is no peak: the lower fifth, 0 where zeros are suppressed."""
    return 0.0 if zeros_suppressed(intensity) else float(np.quantile(intensity, 0.2))


def local_maxima(intensity: FloatArray, height: float, prominence: float) -> IndexArray:
    """Indices (n_peaks,) of maxima at least `height` high that rise `prominence` above a valley.

    intensity : (n_points,); a flat top counts once, at its middle. Both ends count as valleys.
    """
    from scipy.signal import find_peaks  # here: scipy.signal takes a second to import

    padded = np.concatenate(([min(0.0, intensity.min(initial=0.0))], intensity, [0.0]))
    padded[-1] = padded[0]
    peaks, _ = find_peaks(padded, height=height, prominence=prominence)
    return np.asarray(peaks - 1, np.intp)


def apex_positions(x: FloatArray, y: FloatArray, peaks: IndexArray) -> FloatArray:
    """Position (n_peaks,) of each maximum: apex of the parabola through its three top points.

    x, y : (n_points,), x ascending, steps may differ
    peaks: (n_peaks,) indices of maxima
    Where a neighbour is missing, or lies more than twice as far on one side as on the other (a
    gap in the data), the maximum's own x is returned.
    """
    at = x[peaks].astype(np.float64)
    inner = (peaks > 0) & (peaks < x.size - 1)
    i = peaks[inner]
    left, right = x[i] - x[i - 1], x[i + 1] - x[i]
    fall_left, fall_right = y[i] - y[i - 1], y[i] - y[i + 1]
    # Vertex of the parabola through (-left, -fall_left), (0, 0), (right, -fall_right).
    top = left**2 * fall_right - right**2 * fall_left
    bottom = 2 * (left * fall_right + right * fall_left)
    even = (left < 2 * right) & (right < 2 * left) & (bottom > 0)
    shift = np.zeros(i.size)
    np.divide(-top, bottom, out=shift, where=even)
    at[inner] += np.clip(shift, -left / 2, right / 2)
    return at


def half_height_widths(x: FloatArray, y: FloatArray, peaks: IndexArray) -> FloatArray:
    """Full width at half maximum (n_peaks,) of each peak, linear between points.

    x, y : (n_points,), x ascending; peaks: (n_peaks,) indices of maxima
    NaN where the curve does not fall to half the maximum before it rises above it.
    """
    widths = np.full(peaks.size, np.nan)
    for k, peak in enumerate(peaks):
        left = _crossing(x, y, int(peak), -1)
        right = _crossing(x, y, int(peak), +1)
        widths[k] = right - left
    return widths


def _crossing(x: FloatArray, y: FloatArray, peak: int, step: int) -> float:
    """Where y falls through half the maximum on one side; NaN if it rises above the peak first."""
    half = y[peak] / 2
    i = peak
    while 0 <= i + step < x.size:
        i += step
        if y[i] > y[peak]:
            return float("nan")
        if y[i] <= half:
            share = (y[i - step] - half) / (y[i - step] - y[i])
            return float(x[i - step] + share * (x[i] - x[i - step]))
    return float("nan")
