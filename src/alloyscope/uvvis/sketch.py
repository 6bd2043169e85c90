"""Spectra drawn from the positions of bands: to look at, never to measure with."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from alloyscope.chemistry import Species
from alloyscope.constants import EV_NM
from alloyscope.errors import SpectrumError, message
from alloyscope.numerics.band_shapes import curves
from alloyscope.spectra.absorption_spectrum import AbsorptionSpectrum
from alloyscope.uvvis.library import ReferenceBands, reference_bands, reference_library

Floats = NDArray[np.float64]
HEIGHTS = {"band": 1.0, "hump": 0.5}
"""Relative to one another: an assumption, for papers state positions alone."""
LESS_STEEP = 0.35
"""A shoulder's rise over the fall of the tail where it sits, so that it stays a shoulder."""
RED_FALL_EV = 1.5
"""Bands fall by e for each so many eV towards the red, as clusters' do roughly: an assumption."""
WIDEST_EV, OF_SPACING = 0.25, 0.7
"""Full width at half maximum: 0.7 of the spacing to the nearest neighbour, 0.25 eV at most."""
TAIL_HEIGHT, TAIL_EV = 1.0, 0.8
"""Of the tail towards the ultraviolet: height at 4.1 eV (302 nm), and eV for a fall by e."""
NOTE = (
    "Sketch from band positions: heights, widths and background are assumed, nothing is measured."
)


def sketch(
    species: str | Species | ReferenceBands,
    wavelength_nm: Floats | Sequence[float] | None = None,
    *,
    peak: float = 1.0,
) -> AbsorptionSpectrum:
    """A spectrum drawn from the stated positions of a cluster's bands, marked as a sketch.

    species       : a cluster of the library, or its entry
    wavelength_nm : (n_points,) nm, ascending; 300 to 1000 in steps of 1 if not given
    peak          : absorbance of the highest point within the axis
    Only positions are data. `sketch` of the spectrum is True, and its notes say what was assumed.
    Raises SpectrumError where the library has no such cluster, or for an axis that is none.
    """
    entry = _entry(species)
    axis = np.arange(300.0, 1001.0) if wavelength_nm is None else np.asarray(wavelength_nm, float)
    energy = EV_NM / axis
    centre = EV_NM / np.array(entry.positions_nm)
    width = widths(centre)
    heights = np.array([HEIGHTS.get(band.kind, 0.0) for band in entry.bands])
    heights *= np.exp((centre - EV_NM / 480) / RED_FALL_EV)
    shoulder = np.array([band.kind == "shoulder" for band in entry.bands])
    heights = np.where(shoulder, LESS_STEEP * width / TAIL_EV * tail(centre), heights)
    drawn = tail(energy) + heights @ curves(energy, centre, width).value
    return AbsorptionSpectrum(
        axis, drawn * (peak / drawn.max(initial=1e-300)), f"{entry.species}, sketch",
        f"{entry.source}, {entry.figure}", notes=(NOTE,), sketch=True,
    )  # fmt: skip


def tail(energy: Floats) -> Floats:
    """What rises towards the ultraviolet."""
    return np.asarray(TAIL_HEIGHT * np.exp((energy - 4.1) / TAIL_EV))


def widths(centre: Floats) -> Floats:
    """Widths (n_bands,) eV that keep neighbours apart."""
    if centre.size < 2:
        return np.full(centre.size, WIDEST_EV)
    gaps = np.abs(centre[:, None] - centre[None, :]) + np.diag(np.full(centre.size, np.inf))
    return np.asarray(np.minimum(WIDEST_EV, OF_SPACING * gaps.min(axis=1)))


def _entry(species: str | Species | ReferenceBands) -> ReferenceBands:
    found = species if isinstance(species, ReferenceBands) else reference_bands(species)
    if found is None:
        known = ", ".join(str(entry.species) for entry in reference_library())
        raise SpectrumError(
            message(f'sketch of "{species}"', found="no stated bands",
                    expected=f"one of {known}", do="A measured spectrum needs no sketch.")
        )  # fmt: skip
    return found
