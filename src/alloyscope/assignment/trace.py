"""A measured profile made ready for a fit: complete, with its baseline and noise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alloyscope.spectra.lattice import local_spacing
from alloyscope.spectra.mass_spectrum import ProfileSpectrum

Floats = NDArray[np.float64]
NOT_RECORDED = 25.0
"""Gaps wider than this, m/z, were not recorded; narrower ones are zeros that were left out."""

MARGIN = 2.0
MODEL_ERROR = 0.02
"""Share of the signal by which templates may be wrong: isotope table, peak shape."""


@dataclass(frozen=True)
class Trace:
    """Points of a profile with suppressed zeros put back.

    mz, signal : (n_points,); signal less the baseline
    step       : (n_points,) m/z that each point stands for
    gain       : variance per signal of counting noise, in the signal's unit
    floor      : (n_points,) variance where there is no signal
    """

    mz: Floats
    signal: Floats
    step: Floats
    gain: float
    floor: Floats

    def variance(self, model: Floats) -> Floats:
        """(n_points,) variance of each point for an expected signal."""
        expected = np.maximum(model, 0.0)
        return self.floor + self.gain * expected + (MODEL_ERROR * expected) ** 2


def trace_of(spectrum: ProfileSpectrum) -> Trace:
    """Put back the zeros that were left out, take off the baseline, and measure the noise."""
    mz, signal = np.asarray(spectrum.mz), np.asarray(spectrum.intensity)
    spacing = local_spacing(mz)
    if spacing is not None:
        mz, signal = _filled(mz, signal, spacing.at(mz))
    step = np.gradient(mz) if mz.size > 1 else np.ones(1)
    if spacing is not None:
        step = np.minimum(step, 1.5 * spacing.at(mz))
    base, floor = _quiet(signal)
    signal = signal - base
    gain = _gain(signal, floor)
    # A chance count of one pulse must not look impossible where nothing at all was counted.
    return Trace(mz, signal, step, gain, np.maximum(floor, 0.1 * gain**2))


def _filled(mz: Floats, signal: Floats, step: Floats) -> tuple[Floats, Floats]:
    gaps = np.diff(mz)
    holes = np.flatnonzero(gaps > 1.6 * step[:-1])
    more_mz, places = [], []
    for hole in holes:
        width = step[hole]
        if gaps[hole] <= NOT_RECORDED:
            count = round(gaps[hole] / width) - 1
            fill = mz[hole] + gaps[hole] / (count + 1) * np.arange(1, count + 1)
        else:
            count = int(MARGIN / width)
            fill = np.concatenate((mz[hole] + width * np.arange(1, count),
                                   mz[hole + 1] - width * np.arange(count - 1, 0, -1)))  # fmt: skip
        more_mz.append(fill)
        places.append(np.full(fill.size, hole + 1))
    if not more_mz:
        return mz, signal
    at, fill = np.concatenate(places), np.concatenate(more_mz)
    return np.insert(mz, at, fill), np.insert(signal, at, 0.0)


def _quiet(signal: Floats) -> tuple[Floats, Floats]:
    """Baseline and variance where there is no signal, from the quietest stretches of each part."""
    size, parts = 25, 8
    n = signal.size // size
    if n < 4:
        return np.zeros(signal.size), np.full(signal.size, max(float(np.var(signal)) * 0.01, 1e-12))
    blocks = signal[: n * size].reshape(n, size)
    mean, variance = blocks.mean(axis=1), blocks.var(axis=1)
    centres, base, floor = [], [], []
    for rows in np.array_split(np.arange(n), min(parts, n // 4 or 1)):
        quiet = rows[np.argsort(mean[rows] + np.sqrt(variance[rows]))[: max(2, rows.size // 20)]]
        centres.append(float(rows.mean()) * size)
        base.append(float(mean[quiet].mean()))
        floor.append(float(variance[quiet].mean()))
    lower = np.sort(base)[: max(1, len(base) // 2)].mean()
    spread = np.sort(floor)[: max(1, (len(floor) + 1) // 2)].mean()
    return np.full(signal.size, lower), np.full(signal.size, max(float(spread), 1e-12))


def _gain(signal: Floats, floor: Floats) -> float:
    """Counting variance per signal, from second differences that smooth peaks hardly have."""
    if signal.size < 20:
        return max(float(np.max(signal)) * 0.01, 1e-9)
    middle = signal[1:-1]
    local = (signal[:-2] + signal[1:-1] + signal[2:]) / 3
    second = (signal[:-2] - 2 * middle + signal[2:]) ** 2 / 6
    seen = local > 3 * np.sqrt(floor[1:-1])
    if seen.sum() < 20:
        return max(float(np.sqrt(floor.max())), 1e-9)
    order = np.argsort(local[seen])
    weak = order[: max(20, order.size // 2)]
    ratio = (second[seen][weak] - floor[1:-1][seen][weak]) / local[seen][weak]
    return max(float(np.median(ratio)) / 0.45, 0.2 * float(np.mean(ratio)), 1e-9)
