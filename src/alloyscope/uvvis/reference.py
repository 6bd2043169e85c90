"""Spectra of known species, on the axis of the mixtures they are looked for in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alloyscope.chemistry.species import Species
from alloyscope.errors import UnmixingError, message
from alloyscope.numerics.residual_space import difference_sd
from alloyscope.spectra.absorption_spectrum import AbsorptionSeries, AbsorptionSpectrum

Floats = NDArray[np.float64]

LEAST_OVERLAP = 10.0
"""nm that mixtures and all references must share."""

MOLAR = "mol/L"
AS_GIVEN = "parts of the reference as given"


@dataclass(frozen=True, eq=False)
class Reference:
    """The spectrum of one species, alone.

    species    : what it is; None where that is not known
    molar      : concentration of the solution measured, mol/L; None where it is not known
    molar_sd   : its standard deviation, mol/L
    extinction : the spectrum holds molar absorptivity, L/(mol cm), in place of absorbance
    Raises UnmixingError for a name that is empty, a spectrum that is nowhere above 0, or a
    concentration that is not above 0.
    """

    name: str
    spectrum: AbsorptionSpectrum
    species: Species | None = None
    molar: float | None = None
    molar_sd: float = 0.0
    extinction: bool = False

    def __post_init__(self) -> None:
        where = f"reference {self.name}".strip()
        if not self.name.strip():
            raise UnmixingError(message(where, found="no name", expected="a name for each"))
        if not (self.spectrum.absorbance > 0).any():
            raise UnmixingError(
                message(where, found="no absorbance above 0", expected="a spectrum of the species")
            )
        if self.molar is not None and not 0 < self.molar < np.inf:
            raise UnmixingError(
                message(where, found=f"a concentration of {self.molar:g} mol/L",
                        expected="one above 0, or None")
            )  # fmt: skip
        if not 0 <= self.molar_sd < np.inf:
            raise UnmixingError(
                message(where, found=f"a standard deviation of {self.molar_sd:g} mol/L",
                        expected="0 or more")
            )  # fmt: skip

    @property
    def is_molar(self) -> bool:
        """Whether amounts of this species can be told in mol/L."""
        return self.extinction or self.molar is not None


@dataclass(frozen=True, eq=False)
class Standards:
    """References on the axis of a series, cut to what all of them cover.

    series      : mixtures, cut
    spectra     : (n_references, n_points) what one unit of each adds to a mixture's absorbance
    sd          : (n_references, n_points) their noise
    relative_sd : (n_references,) of each unit, from the concentration of the reference
    unit        : of amounts
    """

    series: AbsorptionSeries
    spectra: Floats
    sd: Floats
    relative_sd: Floats
    unit: str
    notes: tuple[str, ...]


def standards(
    series: AbsorptionSeries, references: Sequence[Reference], *, allow_sketches: bool = False
) -> Standards:
    """References drawn on the mixtures' wavelengths.

    Raises UnmixingError for sketches unless they are allowed, for two of one name, and for fewer
    than 10 nm that the mixtures and all references share.
    """
    _check(references, allow_sketches)
    cut, notes = _overlap(series, references)
    molar = all(one.is_molar for one in references) and bool(references)
    if not molar and any(one.is_molar for one in references):
        notes.append(f"Amounts are {AS_GIVEN}: not every reference has a concentration.")
    notes += _about_paths(series, references)
    if sketches := [one.name for one in references if one.spectrum.sketch]:
        notes.append(f"Sketches from band positions, not measured: {', '.join(sketches)}. "
                     "Amounts are no better than they are.")  # fmt: skip
    drawn = [_drawn(one, cut, molar=molar) for one in references]
    n = cut.wavelength_nm.size
    spectra = np.array([one for one, _ in drawn]).reshape(-1, n)
    sd = np.array([spread for _, spread in drawn]).reshape(-1, n)
    relative = [one.molar_sd / one.molar if molar and one.molar else 0.0 for one in references]
    unit = MOLAR if molar else AS_GIVEN if references else ABSORBANCE
    return Standards(cut, spectra, sd, np.array(relative), unit, tuple(notes))


ABSORBANCE = "absorbance of the component at its maximum"


def _check(references: Sequence[Reference], allow_sketches: bool) -> None:
    names = [one.name for one in references]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise UnmixingError(
            message("references", found=f"{twice[0]} more than once", expected="each name once")
        )
    sketches = [one.name for one in references if one.spectrum.sketch]
    if sketches and not allow_sketches:
        raise UnmixingError(
            message(f"reference {sketches[0]}", found="a sketch from band positions",
                    expected="a measured spectrum",
                    do="Measure one, or allow sketches and read amounts as a rough guide.")
        )  # fmt: skip


def _overlap(
    series: AbsorptionSeries, references: Sequence[Reference]
) -> tuple[AbsorptionSeries, list[str]]:
    axis = series.wavelength_nm
    ends = [(float(one.spectrum.wavelength_nm[0]), float(one.spectrum.wavelength_nm[-1]))
            for one in references]  # fmt: skip
    low = max([float(axis[0]), *(end[0] for end in ends)])
    high = min([float(axis[-1]), *(end[1] for end in ends)])
    inside = (axis >= low) & (axis <= high)
    if high - low < LEAST_OVERLAP or inside.sum() < 2:
        shared = f"{max(high - low, 0.0):.3g} nm shared by the mixtures and all references"
        raise UnmixingError(
            message(series.source or "absorption spectra", found=shared,
                    expected=f"{LEAST_OVERLAP:g} nm or more",
                    do="Leave out the reference that ends too early.")
        )  # fmt: skip
    if inside.all():
        return series, []
    return series.window(low, high), [
        f"Only {low:g} to {high:g} nm is used, which all references cover."
    ]


def _about_paths(series: AbsorptionSeries, references: Sequence[Reference]) -> list[str]:
    absent = [one.name for one in references if not one.extinction and one.spectrum.path_cm is None]
    if series.path_cm is not None and not absent:
        return []
    if any(one.extinction for one in references) and series.path_cm is None:
        return ["The cuvette's length is not known: 1 cm is assumed."]
    if series.path_cm is None and len(absent) == len(references):
        return ["Mixtures and references are taken to be in cuvettes of one length."]
    return ["A cuvette's length is not known: it is taken to be that of the others."]


def _drawn(reference: Reference, series: AbsorptionSeries, *, molar: bool) -> tuple[Floats, Floats]:
    """What one unit adds to a mixture's absorbance, and the noise of that."""
    from scipy.interpolate import CubicSpline

    spectrum, axis = reference.spectrum, series.wavelength_nm
    same = spectrum.wavelength_nm.shape == axis.shape and np.allclose(spectrum.wavelength_nm, axis)
    inside = (spectrum.wavelength_nm >= axis[0]) & (spectrum.wavelength_nm <= axis[-1])
    noise = float(difference_sd(spectrum.absorbance[None, inside])[0])
    values = (spectrum.absorbance if same
              else CubicSpline(spectrum.wavelength_nm, spectrum.absorbance)(axis))  # fmt: skip
    factor = 1.0
    if reference.extinction:
        factor = series.path_cm or 1.0
    elif series.path_cm is not None and spectrum.path_cm is not None:
        factor = series.path_cm / spectrum.path_cm
    if molar and not reference.extinction and reference.molar is not None:
        factor /= reference.molar
    return np.asarray(factor * values), np.full(axis.size, factor * noise)
