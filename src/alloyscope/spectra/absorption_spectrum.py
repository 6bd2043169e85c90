"""Absorption spectra as records: one, and a series on one axis."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from alloyscope.errors import EmptySpectrum, SpectrumError, message

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class AbsorptionSpectrum:
    """Absorbance against wavelength.

    wavelength_nm : (n_points,) nm, ascending, positive
    absorbance    : (n_points,) decadic, without unit; below 0 where the baseline is
    name          : of the sample, as the file or the user says
    source        : file name, without its folder
    time_min      : minutes from the start of the reaction; None where there is none
    path_cm       : length of the cuvette, cm; None where it is not known
    notes         : what was dropped or assumed, one sentence each
    sketch        : drawn from the positions of bands, not measured
    Raises EmptySpectrum for fewer than 2 points, SpectrumError for values that are not finite, or
    wavelengths that do not ascend from above 0.
    """

    wavelength_nm: Floats
    absorbance: Floats
    name: str = ""
    source: str = ""
    time_min: float | None = None
    path_cm: float | None = None
    notes: tuple[str, ...] = ()
    sketch: bool = False

    def __post_init__(self) -> None:
        _check(self.source or self.name or "absorption spectrum", self.wavelength_nm,
               self.absorbance[None, :])  # fmt: skip

    def __len__(self) -> int:
        return self.wavelength_nm.size

    def window(self, low_nm: float, high_nm: float) -> Self:
        """The part between two wavelengths. Raises EmptySpectrum when fewer than 2 points are."""
        inside = (self.wavelength_nm >= low_nm) & (self.wavelength_nm <= high_nm)
        return replace(
            self, wavelength_nm=self.wavelength_nm[inside], absorbance=self.absorbance[inside]
        )


@dataclass(frozen=True, eq=False)
class AbsorptionSeries:
    """Spectra on one axis of wavelengths: a time course, a series of feeds, or one alone.

    wavelength_nm : (n_points,) nm, ascending, positive
    absorbance    : (n_spectra, n_points)
    names         : (n_spectra,) of the samples
    time_min      : (n_spectra,) minutes, ascending; None where the series is no time course
    source        : file or folder name, without its path
    path_cm       : length of the cuvette, cm; None where it is not known
    notes         : what was dropped or assumed, one sentence each
    sketch        : drawn from the positions of bands, not measured
    Raises EmptySpectrum for no spectrum or fewer than 2 points, SpectrumError for values that are
    not finite, wavelengths or times that do not ascend, or numbers that do not fit.
    """

    wavelength_nm: Floats
    absorbance: Floats
    names: tuple[str, ...]
    time_min: Floats | None = None
    source: str = ""
    path_cm: float | None = None
    notes: tuple[str, ...] = ()
    sketch: bool = False

    def __post_init__(self) -> None:
        where = self.source or "absorption spectra"
        _check(where, self.wavelength_nm, self.absorbance)
        if len(self.names) != len(self):
            raise SpectrumError(
                message(where, found=f"{len(self)} spectra with {len(self.names)} names",
                        expected="a name for each")
            )  # fmt: skip
        times = self.time_min
        if times is not None and (times.shape != (len(self),) or not (np.diff(times) > 0).all()):
            raise SpectrumError(
                message(where, found="times that do not ascend, or not one for each spectrum",
                        expected="one time for each spectrum, ascending")
            )  # fmt: skip

    def __len__(self) -> int:
        return int(self.absorbance.shape[0])

    def __getitem__(self, index: int) -> AbsorptionSpectrum:
        return self.spectrum(index)

    def spectrum(self, index: int) -> AbsorptionSpectrum:
        """One of the spectra; `series[index]` is the same."""
        time = None if self.time_min is None else float(self.time_min[index])
        return AbsorptionSpectrum(
            self.wavelength_nm, self.absorbance[index], self.names[index], self.source, time,
            self.path_cm, self.notes, self.sketch,
        )  # fmt: skip

    def window(self, low_nm: float, high_nm: float) -> Self:
        """The part between two wavelengths. Raises EmptySpectrum when fewer than 2 points are."""
        inside = (self.wavelength_nm >= low_nm) & (self.wavelength_nm <= high_nm)
        return replace(
            self, wavelength_nm=self.wavelength_nm[inside], absorbance=self.absorbance[:, inside]
        )


def as_spectrum(given: AbsorptionSpectrum | AbsorptionSeries) -> AbsorptionSpectrum:
    """A spectrum, or the only one of a series. Raises SpectrumError for a series of several."""
    if isinstance(given, AbsorptionSpectrum):
        return given
    if len(given) > 1:
        raise SpectrumError(
            message(given.source or "absorption spectra", found=f"{len(given)} spectra",
                    expected="one", do="Take one of them: series[0].")
        )  # fmt: skip
    return given.spectrum(0)


def as_series(given: AbsorptionSpectrum | AbsorptionSeries) -> AbsorptionSeries:
    """A series, or one of a single spectrum."""
    if isinstance(given, AbsorptionSeries):
        return given
    times = None if given.time_min is None else np.array([given.time_min])
    return AbsorptionSeries(
        given.wavelength_nm, given.absorbance[None, :], (given.name,), times, given.source,
        given.path_cm, given.notes, sketch=given.sketch,
    )  # fmt: skip


def _check(where: str, wavelength: Floats, absorbance: Floats) -> None:
    if wavelength.size < 2 or not absorbance.shape[0]:
        found = f"{absorbance.shape[0]} spectra of {wavelength.size} points"
        raise EmptySpectrum(message(where, found=found, expected="a spectrum of 2 or more points"))
    if wavelength.ndim != 1 or absorbance.shape[1:] != wavelength.shape:
        found = f"arrays of shapes {wavelength.shape} and {absorbance.shape}"
        raise SpectrumError(message(where, found=found, expected="one absorbance per wavelength"))
    if not (np.isfinite(wavelength).all() and np.isfinite(absorbance).all()):
        raise SpectrumError(
            message(where, found="values that are not finite", expected="finite numbers")
        )
    if wavelength[0] <= 0 or not (np.diff(wavelength) > 0).all():
        raise SpectrumError(
            message(where, found="wavelengths that do not ascend from above 0",
                    expected="wavelengths in nm, ascending, each once")
        )  # fmt: skip
