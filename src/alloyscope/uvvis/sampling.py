"""A spectrum made ready for its bands: as fine as needed, without what is saturated."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alloyscope.constants import EV_NM
from alloyscope.spectra.absorption_spectrum import AbsorptionSpectrum

Floats = NDArray[np.float64]
MOST_POINTS = 600
COARSEST_NM = 1.0
"""Averaging goes no further: the narrowest bands of clusters are some 15 nm wide."""
SATURATED = 3.0
"""Absorbance beyond which stray light rather than the sample decides in most spectrometers."""
PLATEAU = 5
"""Equal values in a row, at the top of the spectrum, that mean a detector at its end."""
SHARP_SDS, STEP_SDS = 4.0, 6.0
EVEN = 1.5
"""Gaps between points that differ by more than this factor are no place to see a step."""
BESIDE = 7
"""Points on each side of a place from which a step there is judged."""
MOST_STEPS = 2
SPIKE_SDS, ALONE = 12.0, 1.25
MOST_SPIKES = 5


@dataclass(frozen=True, eq=False)
class Sampled:
    """Points in the order of wavelength, averaged where the file had more than needed.

    wavelength_nm, absorbance : (n_points,)
    averaged                  : (n_points,) how many of the file's points each is the mean of
    notes                     : what was left out or averaged
    """

    wavelength_nm: Floats
    absorbance: Floats
    averaged: Floats
    notes: tuple[str, ...]

    @property
    def energy_ev(self) -> Floats:
        """(n_points,) descending."""
        return EV_NM / self.wavelength_nm


def sample(spectrum: AbsorptionSpectrum) -> Sampled:
    """Points of a spectrum that bands are to be found in."""
    notes: list[str] = []
    wavelength, absorbance = spectrum.wavelength_nm, spectrum.absorbance
    kept = ~saturated(absorbance)
    if not kept.all():
        low, high = wavelength[~kept][[0, -1]]
        notes.append(
            f"{int((~kept).sum())} points between {low:.0f} and {high:.0f} nm are saturated and"
            " were left out; dilute the solution or take a shorter path to see bands there."
        )
    wavelength, absorbance, count = averaged(wavelength[kept], absorbance[kept])
    if (count > 1).any():
        notes.append(f"Averaged to {wavelength.size} points, which bands of clusters need at most.")
    return Sampled(wavelength, absorbance, count, tuple(notes))


def saturated(absorbance: Floats) -> NDArray[np.bool_]:
    """(n_points,) whether the detector was at its end: a flat top, or above absorbance 3."""
    at_top = absorbance == absorbance.max(initial=-np.inf)
    runs = np.diff(np.flatnonzero(np.diff(np.concatenate(([0], at_top.astype(int), [0])))))[::2]
    flat = runs.max(initial=0) >= PLATEAU and at_top.mean() < 0.6 and absorbance.max() > 0.5
    return np.asarray((at_top & flat) | (absorbance > SATURATED))


def averaged(wavelength: Floats, absorbance: Floats) -> tuple[Floats, Floats, Floats]:
    """Means within steps so fine that 600 points or 1 nm are left, and how many points each is."""
    if wavelength.size <= MOST_POINTS:
        return wavelength, absorbance, np.ones(wavelength.size)
    step = min(np.ptp(wavelength) / MOST_POINTS, COARSEST_NM)
    # A hair off the lattice, so that rounding does not push points to and fro between bins.
    bins = np.floor((wavelength - wavelength[0]) / step + 1e-6)
    starts = np.flatnonzero(np.diff(bins, prepend=-1))
    count = np.diff(np.append(starts, wavelength.size)).astype(float)
    return (
        np.add.reduceat(wavelength, starts) / count, np.add.reduceat(absorbance, starts) / count,
        count,
    )  # fmt: skip


def without_spikes(sampled: Sampled, sd: float) -> Sampled:
    """The spectrum without single points far off the cubic through their four neighbours.

    Dust and sparks make them; no band does. A point must lie 12 sd off, and further than either
    neighbour, which a step would put as far off.
    """
    y, gaps = sampled.absorbance, np.diff(sampled.wavelength_nm)
    if y.size < 2 * BESIDE:
        return sampled
    off = np.zeros(y.size)
    off[2:-2] = np.abs(y[2:-2] - (4 * (y[1:-3] + y[3:-1]) - y[:-4] - y[4:]) / 6)
    uneven = np.ptp([gaps[i : gaps.size - 3 + i] for i in range(4)], axis=0) > 0.5 * gaps[1:-2]
    off[2:-2][uneven] = 0
    beside = np.maximum(np.roll(off, 1), np.roll(off, -1))
    kept = ~((off > SPIKE_SDS * sd) & (off > ALONE * beside))
    if kept.all() or (~kept).sum() > MOST_SPIKES:
        return sampled
    where = ", ".join(f"{x:.0f}" for x in sampled.wavelength_nm[~kept])
    note = f"Single points far off their neighbours were left out, at {where} nm."
    return Sampled(
        sampled.wavelength_nm[kept], y[kept], sampled.averaged[kept], (*sampled.notes, note)
    )


def steps(wavelength: Floats, absorbance: Floats, sd: float) -> tuple[float, ...]:
    """Wavelengths at which the absorbance jumps, as where lamps or detectors change.

    A step stands above noise in two ways: between two neighbours, more than between their
    neighbours, by 4 sd; and in a parabola with a step through seven points on each side, by 6 sd,
    where that fits within noise.
    """
    difference = np.diff(absorbance)
    if difference.size < 2 * BESIDE:
        return ()
    sharp = np.abs(difference[1:-1] - (difference[:-2] + difference[2:]) / 2) / (np.sqrt(5) * sd)
    likely = [int(i) + 1 for i in np.argsort(-sharp)[: 3 * MOST_STEPS] if sharp[i] > SHARP_SDS]
    found = [
        float(wavelength[i] + wavelength[i + 1]) / 2
        for i in likely
        if BESIDE <= i + 1 <= wavelength.size - BESIDE and is_step(wavelength, absorbance, sd, i)
    ]
    return tuple(sorted(found[:MOST_STEPS]))


def is_step(wavelength: Floats, absorbance: Floats, sd: float, i: int) -> bool:
    """Whether there is a step, and nothing but a step and a parabola, behind point i."""
    part = slice(i + 1 - BESIDE, i + 1 + BESIDE)
    gaps = np.diff(wavelength[part])
    if gaps.max() > EVEN * gaps.min():
        return False
    x = (wavelength[part] - (wavelength[i] + wavelength[i + 1]) / 2) / np.ptp(wavelength[part])
    columns = np.stack([x > 0, np.ones(x.size), x, x**2], axis=1).astype(float)
    to_terms = np.linalg.pinv(columns)
    terms = to_terms @ absorbance[part]
    left = float(np.sqrt(np.mean((absorbance[part] - columns @ terms) ** 2)))
    noise = sd * float(np.sqrt((to_terms[0] ** 2).sum()))
    return bool(abs(terms[0]) > STEP_SDS * noise and left < 2 * sd)
