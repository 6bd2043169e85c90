"""Where a spectrum is curved as the top of a band is, beyond what noise does."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alloyscope.numerics.local_curvature import curvature_weights, noise_through
from alloyscope.uvvis.band_fit import Measured

Floats = NDArray[np.float64]
WIDTHS = (0.02, 0.03, 0.045, 0.067, 0.1, 0.15)
"""eV: standard deviations of the Gaussian that smooths before the second derivative is taken."""
PLACES = 300


@dataclass(frozen=True, eq=False)
class Derivative:
    """The second derivative of absorbance by energy, smoothed by so much.

    width      : eV
    energy     : (n_places,) eV, ascending
    curvature  : (n_places,) eV^-2; sd : of it from noise, infinite where points are too few
    """

    width: float
    energy: Floats
    curvature: Floats
    sd: Floats

    @property
    def significance(self) -> Floats:
        """(n_places,) how far curvature lies below zero, in standard deviations."""
        return -self.curvature / self.sd


@dataclass(frozen=True)
class Candidate:
    """A place where the second derivative is least and stands above noise."""

    energy: float
    width: float
    significance: float


def derivatives(measured: Measured) -> tuple[Derivative, ...]:
    """Second derivatives of every width, the noise of each point carried through exactly."""
    at = places(np.sort(measured.energy))
    found = []
    for width in WIDTHS:
        rows = derivative_rows(measured, at, width)
        noise = noise_through(rows, measured.sd, measured.correlation)
        value = np.where(np.isinf(noise), 0.0, rows @ measured.absorbance)
        found.append(Derivative(width, at, value, noise))
    return tuple(found)


def derivative_rows(measured: Measured, at: Floats, width: float) -> Floats:
    """Rows (n_at, n_points) that give the second derivative at these energies."""
    return curvature_weights(measured.energy, at, width)


def places(x: Floats) -> Floats:
    """Energies at which derivatives are taken: evenly, at most 300, none in a gap of the data."""
    at = np.linspace(x[0], x[-1], min(PLACES, 2 * x.size))
    nearest = np.abs(x[:, None] - at[None, :]).min(axis=0)
    return np.asarray(at[nearest < max(0.02, 2 * float(np.median(np.diff(x))))])


def minima(derivative: Derivative, least: float) -> list[Candidate]:
    """Minima that stand so many standard deviations below zero, and below what parts them.

    All of a band's top is curved beyond noise; noise on it makes minima, but no deep ones.
    """
    from scipy.signal import find_peaks  # here: scipy.signal takes a second to import

    z = np.concatenate(([0.0], np.maximum(derivative.significance, 0.0), [0.0]))
    at, _ = find_peaks(z, height=least, prominence=least)
    inner = at[(at > 1) & (at < z.size - 2)] - 1
    return [
        Candidate(float(derivative.energy[i]), derivative.width, float(z[i + 1])) for i in inner
    ]


def candidates(found: tuple[Derivative, ...], least: float) -> list[Candidate]:
    """Places from the finest width on; a wider one adds only what no finer one has near."""
    kept: list[Candidate] = []
    for derivative in found:
        for one in minima(derivative, least):
            if all(abs(one.energy - other.energy) > 1.3 * one.width for other in kept):
                kept.append(one)
    return sorted(kept, key=lambda one: one.energy)


def significance_near(found: tuple[Derivative, ...], energy: float, reach: float) -> float:
    """The most that any of the derivatives stands below zero within reach; 0 where none does."""
    near = [one.significance[np.abs(one.energy - energy) <= reach] for one in found]
    return max(0.0, *(float(z.max(initial=0.0)) for z in near))
