"""Tell profile data from a list of peaks by the numbers alone."""

from __future__ import annotations

import numpy as np

from alloyscope.spectra.mass_spectrum import FloatArray, Mode

# Below this many points neither shows its nature.
FEWEST_POINTS = 5
FEWEST_TO_CONTRADICT = 50
# Neighbouring gaps of a lattice agree to this, rounding of the written m/z apart.
EQUAL_GAPS = 0.02
NEUTRON = 1.0027
HIGHEST_CHARGE = 12
LONGEST_ENVELOPE = 80


def mode_of(mz: FloatArray, intensity: FloatArray) -> Mode | None:
    """Profile or centroid, from the data; None with too few points to tell.

    mz, intensity : (n_points,) cleaned: m/z strictly ascending
    A detector's points lie on a lattice: neighbouring gaps are equal, suppressed zeros apart.
    So do the peaks of one isotope envelope, 1/z apart, which is why a short run at such a
    spacing, without a zero in it, is a peak list. Curves read off a figure have uneven points,
    but closer together than any instrument separates peaks, and their intensity is smooth.
    """
    if mz.size < FEWEST_POINTS:
        return None
    gaps = np.diff(mz)
    equal = _equal_neighbours(mz, gaps)
    if equal.mean() > 0.2:
        ladder = _isotope_ladder(gaps, equal, intensity, _written_step(mz))
        return "centroid" if ladder else "profile"
    return "profile" if _dense_and_smooth(mz, gaps, intensity) else "centroid"


def contradicted(mode: Mode, mz: FloatArray, intensity: FloatArray) -> bool:
    """Whether the data show beyond doubt that they are not what the file declares."""
    if mz.size < FEWEST_TO_CONTRADICT or mode_of(mz, intensity) in (mode, None):
        return False
    share = _equal_neighbours(mz, np.diff(mz)).mean()
    return bool(share > 0.5 if mode == "centroid" else share < 0.1)


def _equal_neighbours(mz: FloatArray, gaps: FloatArray) -> np.ndarray:
    """Whether each gap equals the one after it, (n_points - 2,) bool."""
    rounding = 2 * _written_step(mz)
    return np.asarray(
        np.abs(np.diff(gaps)) <= EQUAL_GAPS * np.minimum(gaps[1:], gaps[:-1]) + rounding
    )


def _written_step(mz: FloatArray) -> float:
    """Last decimal place the m/z values use, up to six: 0.0001 for 2504.1755; 0 if more."""
    sample = mz[:: max(1, mz.size // 200)]
    for places in range(2, 7):
        if np.abs(np.round(sample, places) - sample).max() < 1e-9:
            return float(10.0**-places)
    return 0.0


def _isotope_ladder(
    gaps: FloatArray, equal: np.ndarray, intensity: FloatArray, written_step: float
) -> bool:
    """Whether the equal gaps are those between isotope peaks: 1.003/z, in short runs."""
    if (intensity <= 0).any():
        return False
    rungs = gaps[:-1][equal]
    step = NEUTRON / np.clip(np.round(NEUTRON / rungs), 1, HIGHEST_CHARGE)
    isotopic = np.abs(rungs - step) < 0.015 * step + written_step
    breaks = np.flatnonzero(np.concatenate(([True], ~equal, [True])))
    longest = int(np.diff(breaks).max())
    return bool(isotopic.mean() > 0.8 and longest < LONGEST_ENVELOPE)


def _dense_and_smooth(mz: FloatArray, gaps: FloatArray, intensity: FloatArray) -> bool:
    """Whether points lie closer than resolved peaks can and neighbours resemble each other."""
    near = gaps < 4 * np.median(gaps)
    if np.median(gaps / mz[1:]) > 4e-5 or near.sum() < FEWEST_POINTS:
        return False
    spread = intensity - intensity.mean()
    variance = float(np.mean(spread**2))
    if variance == 0:
        return False
    return bool(np.mean((spread[1:] * spread[:-1])[near]) / variance > 0.5)
