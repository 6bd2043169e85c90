"""Simulated absorption spectra of mixtures whose composition is known.

Independent of the code that takes mixtures apart: bands are Gaussians in energy, noise grows with
absorbance and towards the ends of the lamps where that is asked for, baselines drift as no term of
the fit does, and references are measured too, with noise of their own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alloyscope.spectra.absorption_spectrum import AbsorptionSeries, AbsorptionSpectrum
from alloyscope.uvvis.reference import Reference

Floats = NDArray[np.float64]
NM_EV = 1239.841984


@dataclass(frozen=True)
class Mixture:
    """A simulated measurement, its references, and the truth.

    fraction  : (n_spectra, n_components) true mole fractions of the references
    foreign   : (n_spectra,) height of an unknown component, absorbance; 0 without one
    spectra   : (n_components, n_points) true absorbance of each reference's solution
    unknown   : (n_points,) the unknown component at height 1
    noise     : (n_points,) sd at the middle of the absorbance
    """

    series: AbsorptionSeries
    references: tuple[Reference, ...]
    fraction: Floats
    foreign: Floats
    spectra: Floats
    unknown: Floats
    noise: Floats


def spectrum_of(rng: np.random.Generator, wavelength: Floats) -> Floats:
    """Three to six bands of 0.1 to 0.35 eV on a rise towards the blue, as clusters have it."""
    energy = NM_EV / wavelength
    out = np.exp((energy - 3.6) * rng.uniform(0.8, 2.0)) * rng.uniform(0.3, 0.8)
    for _ in range(rng.integers(3, 7)):
        centre, width = NM_EV / rng.uniform(390, 860), rng.uniform(0.1, 0.35) / 2.3548
        out += rng.uniform(0.1, 0.7) * np.exp(-0.5 * ((energy - centre) / width) ** 2)
    return np.asarray(out)


def kinetics(rng: np.random.Generator, n_spectra: int, n: int) -> Floats:
    """(n_spectra, n) populations that follow one another, or a random series."""
    if n_spectra == 1:
        return np.asarray(rng.dirichlet(np.full(n, 1.2), 1))
    t = np.linspace(0.0, 1.0, n_spectra)[:, None]
    centre = np.linspace(0.0, 1.0, n) + rng.normal(0, 0.05, n)
    height = np.exp(-0.5 * ((t - centre) / rng.uniform(0.18, 0.35)) ** 2) + 0.01
    return np.asarray(height / height.sum(axis=1, keepdims=True))


def measured(rng: np.random.Generator, true: Floats, noise: Floats, *, uneven: bool) -> Floats:
    """Noise of a photometer: from its detector, and from how little light is left."""
    sd = noise * np.sqrt(0.5 + 0.5 * 10 ** (2 * np.clip(true - 0.5, 0, 3))) if uneven else noise
    return np.asarray(true + rng.normal(0.0, 1.0, true.shape) * sd)


def mixture(
    seed: int, *, n: int | None = None, n_spectra: int = 1, foreign: float = 0.0,
    drift: float = 0.0, uneven: bool | None = None, smoothed_nm: float = 0.0,
    relative: float | None = None,
) -> Mixture:  # fmt: skip
    """A series of mixtures of `n` (2 to 4) references.

    foreign  : height of the unknown component in units of noise, where it is largest
    drift    : height of a baseline of no simple form, in units of noise
    uneven   : noise that differs along the spectrum; None leaves it to chance
    smoothed_nm : over which the spectrometer averages
    relative : noise over the tallest absorbance; None draws 3e-4 to 1e-2
    """
    rng = np.random.default_rng(seed)
    step = float(rng.choice((0.5, 1.0, 1.0, 2.0)))
    wavelength = np.arange(350.0, float(rng.choice((850.0, 900.0))) + 0.1, step)
    smoothed = 2 * int(smoothed_nm / step / 2) + 1
    n = n or int(rng.integers(2, 5))
    uneven = bool(rng.random() < 0.5) if uneven is None else uneven
    pure = np.array([spectrum_of(rng, wavelength) for _ in range(n)])
    molar = rng.uniform(4e-6, 2e-5, n)
    fraction = kinetics(rng, n_spectra, n)
    total = rng.uniform(5e-6, 2e-5) * (1 + 0.1 * rng.normal(size=n_spectra)).clip(0.5)
    true = (fraction * total[:, None]) @ (pure / molar[:, None])
    true *= rng.uniform(0.4, 1.5) / true.max()
    level = float((relative or 10 ** rng.uniform(-3.5, -2.0)) * true.max())
    ends = 1 + 2 * np.exp(-(wavelength - 350) / 20) + np.exp((wavelength - 900) / 30)
    noise = level * (ends if uneven else np.ones_like(wavelength))
    offset = rng.normal(0, 0.01, (n_spectra, 1))
    bend = drift * level * np.cos(np.pi * (wavelength - 350) / rng.uniform(250, 600)
                                  + rng.uniform(0, 6.28, (n_spectra, 1)))  # fmt: skip
    centre, width = NM_EV / rng.uniform(420, 800), rng.uniform(0.12, 0.3) / 2.3548
    unknown = np.exp(-0.5 * ((NM_EV / wavelength - centre) / width) ** 2)
    height = foreign * level * (0.2 + 0.8 * np.sin(np.pi * np.linspace(0.2, 0.8, n_spectra)))
    height = height / max(height.max(), 1e-300) * foreign * level
    seen = measured(rng, true + offset + bend + height[:, None] * unknown, noise, uneven=uneven)
    references = tuple(
        Reference(f"reference {k + 1}", AbsorptionSpectrum(
            wavelength, _averaged(measured(rng, pure[k], noise * 0.5 * pure[k].max() / true.max(),
                                           uneven=uneven)[None], smoothed)[0],
            path_cm=1.0), molar=float(molar[k]))
        for k in range(n)
    )  # fmt: skip
    series = AbsorptionSeries(wavelength, _averaged(seen, smoothed),
                              tuple(f"mixture {i + 1}" for i in range(n_spectra)),
                              np.arange(float(n_spectra)) if n_spectra > 1 else None, "simulated",
                              1.0)  # fmt: skip
    return Mixture(series, references, fraction, height, pure, unknown, noise)


def _averaged(rows: Floats, points: int) -> Floats:
    if points <= 1:
        return rows
    padded = np.pad(rows, ((0, 0), (points // 2, points - 1 - points // 2)), mode="reflect")
    return np.array([np.convolve(row, np.full(points, 1 / points), mode="valid") for row in padded])
