"""Absorption spectra of known bands, and how an analysis compares with them.

Bands have random places, widths and heights on an energy axis, on a tail, an offset and noise.
Six in ten spectra are of Gaussian bands, two of bands part Lorentzian, two of log-normal ones, so
that the model of the analysis is not the truth.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from alloyscope.constants import EV_NM
from alloyscope.spectra.absorption_spectrum import AbsorptionSpectrum
from alloyscope.uvvis.band_fit import Measured
from alloyscope.uvvis.bands import Band, BandAnalysis
from alloyscope.uvvis.derivative import derivatives, minima

SHAPES = ("gaussian", "voigt", "lognormal")
SEEN_SDS = 3.0
CLOSEST_EV = 0.08
SHARED = 0.2


@dataclass(frozen=True, eq=False)
class Absorbing:
    """One simulated spectrum.

    energy, width, height : (n_bands,) eV, eV, absorbance
    each                  : (n_bands, n_points)
    """

    spectrum: AbsorptionSpectrum
    energy: np.ndarray
    width: np.ndarray
    height: np.ndarray
    shape: str
    noise: float
    clean: np.ndarray
    each: np.ndarray


def lognormal(energy, centre, width, skew):
    """Of height 1, full width `width`, steeper on one side."""
    b = np.log(skew)
    z = 1 + 2 * np.sinh(b) * (energy - centre) / width
    inside = z > 1e-9
    return np.where(inside, np.exp(-np.log(2) * (np.log(np.where(inside, z, 1)) / b) ** 2), 0.0)


def band(shape, energy, centre, width, extra):
    """One band of height 1; extra: Lorentzian share, or the log-normal's ratio of half widths."""
    gaussian = np.exp(-4 * np.log(2) * ((energy - centre) / width) ** 2)
    if shape == "voigt":
        return (1 - extra) * gaussian + extra / (1 + 4 * ((energy - centre) / width) ** 2)
    return lognormal(energy, centre, width, extra) if shape == "lognormal" else gaussian


def absorbing(seed: int) -> Absorbing:
    """The simulated spectrum of a seed."""
    rng = np.random.default_rng(seed)
    low, high = rng.choice([300, 320, 350, 400]), rng.choice([800, 900, 1000, 1100])
    step = rng.choice([0.2, 0.5, 1.0, 2.0], p=[0.1, 0.2, 0.5, 0.2])
    wavelength = np.arange(low, high + step / 2, step)
    energy = EV_NM / wavelength
    n = int(rng.integers(2, 7))
    centre = _apart(rng, n, EV_NM / (high - 20), EV_NM / (low + 30))
    width = rng.uniform(0.1, 0.5, n)
    height = np.exp(rng.uniform(np.log(0.05), np.log(0.8), n))
    shape = str(rng.choice(SHAPES, p=[0.6, 0.2, 0.2]))
    extra = {"gaussian": 0.0, "voigt": rng.uniform(0.1, 0.5),
             "lognormal": rng.uniform(1.1, 1.5) ** rng.choice([-1, 1])}[shape]  # fmt: skip
    each = np.array(
        [h * band(shape, energy, c, w, extra)
         for c, w, h in zip(centre, width, height, strict=True)]
    )  # fmt: skip
    tail = rng.uniform(0.1, 1.0) * np.exp((energy - energy[0]) / rng.uniform(0.3, 1.0))
    clean = each.sum(axis=0) + tail + rng.uniform(-0.02, 0.05)
    noise = float(np.exp(rng.uniform(np.log(0.0005), np.log(0.005))))
    measured = clean + rng.normal(0, noise, wavelength.size)
    spectrum = AbsorptionSpectrum(wavelength, measured, f"seed {seed}")
    return Absorbing(spectrum, centre, width, height, shape, noise, clean, each)


def _apart(rng, n, low, high):
    while True:
        found = np.sort(rng.uniform(low, high, n))
        if np.diff(found).min() > CLOSEST_EV:
            return found


def visible(truth: Absorbing) -> np.ndarray:
    """(n_bands,) whether a minimum of the second derivative is its own and 3 sd above noise.

    The derivative is that of the curve without noise, at the width that shows most minima, each
    3 sd below zero and below what parts it from others. A minimum belongs to one band; where
    another band without one lies in it, curved a fifth as much, it is neither's.
    """
    energy = EV_NM / truth.spectrum.wavelength_nm
    measured = Measured(energy, truth.clean, np.full(energy.size, truth.noise), 0.0)
    if energy.size > 1500:  # as fine steps only cost time here
        every = energy.size // 700
        measured = Measured(
            energy[::every], truth.clean[::every],
            np.full(energy[::every].size, truth.noise / np.sqrt(every)), 0.0,
        )  # fmt: skip
    places = max((minima(one, SEEN_SDS) for one in derivatives(measured)), key=len)
    at = np.array([place.energy for place in places])
    apart = np.abs(at[:, None] - truth.energy[None, :]) / truth.width
    own = {k: i for i, k in paired(apart)}
    strength = truth.height / truth.width**2
    seen = np.zeros(truth.energy.size, bool)
    for k, i in own.items():
        others = [j for j in range(seen.size) if j not in own and apart[i, j] < 0.5]
        seen[k] = all(strength[j] < SHARED * strength[k] for j in others)
    return seen


def paired(apart: np.ndarray) -> list[tuple[int, int]]:
    """Pairs nearer than half a width, each row and column once, the nearest that can be."""
    rows, columns = linear_sum_assignment(np.where(apart < 0.5, apart, 1e3))
    return [(i, k) for i, k in zip(rows, columns, strict=True) if apart[i, k] < 0.5]


@dataclass(frozen=True)
class Comparison:
    """An analysis beside the truth.

    visible : bands that could be seen; found: those of them that were
    offsets : nm, found less true, of those found; sds: as the analysis states
    false   : bands called sure where none is; missed_nm: visible, but not found
    """

    visible: int
    offsets: tuple[float, ...]
    sds: tuple[float, ...]
    grouped: tuple[bool, ...]
    false: int
    n_sure: int
    missed_nm: tuple[float, ...]


def compare(truth: Absorbing, found: BandAnalysis) -> Comparison:
    """Bands called sure, each to one true band nearer than half its width, so many as can be."""
    sure: tuple[Band, ...] = found.sure
    seen = visible(truth)
    apart = np.abs(
        np.array([b.energy_ev for b in sure])[:, None] - truth.energy[None, :]
    ) / truth.width  # fmt: skip
    pairs = paired(apart)
    right = [(i, k) for i, k in pairs if seen[k]]
    nm = EV_NM / truth.energy
    matched = {k for _, k in pairs}
    return Comparison(
        int(seen.sum()),
        tuple(sure[i].position_nm - nm[k] for i, k in right),
        tuple(sure[i].position_sd for i, _ in right),
        tuple(sure[i].group is not None for i, _ in right),
        len(sure) - len(pairs), len(sure),
        tuple(nm[k] for k in np.flatnonzero(seen) if k not in matched),
    )  # fmt: skip
