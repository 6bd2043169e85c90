"""Mass spectra as records: what was measured, and what the file says about how."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, Self, TypeAlias, final

import numpy as np
from numpy.typing import NDArray

from alloyscope.errors import EmptySpectrum, SpectrumError, message

FloatArray: TypeAlias = NDArray[np.float64]
Polarity: TypeAlias = Literal["negative", "positive"]
Mode: TypeAlias = Literal["profile", "centroid"]


@dataclass(frozen=True)
class Acquisition:
    """What the file says about how the spectrum was measured, and what reading it cost.

    source        : file name, without its folder
    file_format   : "mzML", "mzXML", "text", "Bruker peak list"
    polarity      : of the ions; None where the file does not say
    ms_level      : 1 for MS, 2 for MS/MS; None where the file does not say
    scans_read    : number of scans averaged; mean intensity x scans_read is the sum
    scans_in_file : number of scans the file declares; None where it declares none
    time_min      : start time of the first and the last scan averaged, minutes
    precursor_mz  : m/z selected for MS/MS, where all scans averaged share one
    isolation     : lowest and highest m/z let through for MS/MS, likewise
    collision_energy : eV, as it stands in the file, likewise
    instrument    : model as written in the file
    analyzer      : "time-of-flight", "orbitrap" ... as written in the file
    notes         : what was dropped or assumed, one sentence each
    """

    source: str
    file_format: str
    polarity: Polarity | None = None
    ms_level: int | None = None
    scans_read: int = 1
    scans_in_file: int | None = None
    time_min: tuple[float, float] | None = None
    precursor_mz: float | None = None
    isolation: tuple[float, float] | None = None
    collision_energy: float | None = None
    instrument: str | None = None
    analyzer: str | None = None
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.scans_read < 1:
            raise SpectrumError(
                message(
                    self.source,
                    found=f"scans_read = {self.scans_read}",
                    expected="1 or more scans averaged",
                )
            )


@dataclass(frozen=True, eq=False)
class MassSpectrum:
    """Intensity against m/z, checked when made; either profile or centroid.

    mz          : (n_points,) m/z, strictly ascending, above zero
    intensity   : (n_points,) finite, in the file's unit per scan; baseline-subtracted profiles
                  may dip below zero
    acquisition : what the file says about the measurement
    Both arrays are copied when they can be written to, and are read-only.
    Raises EmptySpectrum for no points, SpectrumError for arrays that break the rules above.
    """

    mz: FloatArray
    intensity: FloatArray
    acquisition: Acquisition

    def __post_init__(self) -> None:
        mz, intensity = _read_only(self.mz), _read_only(self.intensity)
        _check(mz, intensity, self.acquisition.source)
        object.__setattr__(self, "mz", mz)
        object.__setattr__(self, "intensity", intensity)

    def __len__(self) -> int:
        return int(self.mz.size)

    @property
    def mz_range(self) -> tuple[float, float]:
        """First and last m/z."""
        return float(self.mz[0]), float(self.mz[-1])

    def window(self, lo: float, hi: float) -> Self:
        """Cut out lo <= m/z <= hi.

        Raises EmptySpectrum, naming the range the file does cover, if no point is left, and
        SpectrumError if the two ends are the wrong way round or not numbers.
        """
        if not lo <= hi:
            raise SpectrumError(
                message(
                    self.acquisition.source,
                    found=f"m/z window {lo:g}-{hi:g}",
                    expected="a lower end below the upper end",
                )
            )
        first, stop = np.searchsorted(self.mz, lo), np.searchsorted(self.mz, hi, side="right")
        if stop <= first:
            start, end = self.mz_range
            raise EmptySpectrum(
                message(
                    self.acquisition.source,
                    found=f"no points in m/z {lo:g}-{hi:g}",
                    expected=f"a window within m/z {start:.4f}-{end:.4f}, which the file covers",
                    do="Choose another m/z window.",
                )
            )
        return replace(self, mz=self.mz[first:stop], intensity=self.intensity[first:stop])


@final
class ProfileSpectrum(MassSpectrum):
    """The detector's signal point by point: a peak spans several points."""


@final
class CentroidSpectrum(MassSpectrum):
    """A list of peaks: one m/z and one height for each."""


def _read_only(values: FloatArray) -> FloatArray:
    """Float64 array that nobody can change; copied unless it already is one."""
    array = np.asarray(values, dtype=np.float64)
    if array.flags.writeable:
        array = array.copy()
        array.setflags(write=False)
    return array


def _check(mz: FloatArray, intensity: FloatArray, source: str) -> None:
    if mz.ndim != 1 or mz.shape != intensity.shape:
        found, expected = f"m/z {mz.shape}, intensity {intensity.shape}", "two columns as long"
    elif mz.size == 0:
        raise EmptySpectrum(message(source, found="no points", expected="at least one point"))
    elif not (np.isfinite(mz).all() and np.isfinite(intensity).all()):
        found, expected = "values that are not finite", "finite m/z and intensities"
    elif mz[0] <= 0 or not (np.diff(mz) > 0).all():
        found, expected = "m/z out of order", "m/z above zero and strictly ascending"
    else:
        return
    raise SpectrumError(message(source, found=found, expected=expected))
