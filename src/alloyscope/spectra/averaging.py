"""The mean of many scans, held in memory as one spectrum however many there are."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from alloyscope.errors import SpectrumError, message
from alloyscope.spectra.lattice import (
    LARGEST_LATTICE,
    Lattice,
    Spacing,
    local_spacing,
    with_gaps_closed,
)
from alloyscope.spectra.mass_spectrum import FloatArray

IndexArray = NDArray[np.intp]
# Scans share a lattice when their points coincide to this share of the spacing.
SAME_POINT = 0.1
# Points that are new wait until there are this many, as a share of the known ones: giving each
# scan's few their places moves all the others.
MOST_FRESH = 0.05
# 64 MB. Narrower cells than these would be needed for more than a million points; two points may
# then share a cell, and the one that is not found is searched.
MOST_CELLS = 8_000_000
CENTROID_TOLERANCE_PPM = 5.0


class Average(Protocol):
    """Takes scans one after another and gives their mean."""

    def add(self, mz: FloatArray, intensity: FloatArray) -> None:
        """Add a cleaned scan: m/z (n_points,) strictly ascending and its intensity."""

    def mean(self) -> tuple[FloatArray, FloatArray]:
        """Mean intensity over the scans added, against m/z; a point a scan lacks is 0 there."""

    def note(self) -> str:
        """How the scans were brought together, in one sentence."""


class ProfileAverage:
    """Mean of profile scans: exact while they share a lattice, else linear interpolation."""

    def __init__(self) -> None:
        self._average: _SharedLattice | _Interpolated = _SharedLattice()
        self._n_scans = 0

    def add(self, mz: FloatArray, intensity: FloatArray) -> None:
        """Add a cleaned scan; one without points counts as zero everywhere."""
        self._n_scans += 1
        if mz.size == 0:
            return
        if not self._average.add(mz, intensity):
            self._average = _Interpolated(*self._average.sums())
            self._average.add(mz, intensity)

    def mean(self) -> tuple[FloatArray, FloatArray]:
        """Mean of the scans added."""
        mz, total = self._average.sums()
        return mz, total / max(self._n_scans, 1)

    def note(self) -> str:
        """How the scans were brought together."""
        return f"{self._n_scans} scans {self._average.note}."


class _Finder:
    """Finds points among known ones by a table of equal cells, several times as fast as a search.

    A cell is narrower than the narrowest gap, so it holds one point at most, and a point that is
    known falls into the cell it was put in.
    """

    def __init__(self, mz: FloatArray) -> None:
        self._mz = mz
        if mz.size < 2:
            return
        self._first, span = mz[0], mz[-1] - mz[0]
        n_cells = int(min(1.1 * span / np.diff(mz).min() + 2, MOST_CELLS))
        self._per_unit = (n_cells - 1) / span
        self._table = np.zeros(n_cells, np.intp)
        self._table[self._cell(mz)] = np.arange(mz.size)

    def _cell(self, mz: FloatArray) -> IndexArray:
        cell: IndexArray = ((mz - self._first) * self._per_unit).astype(np.intp)
        if cell[0] < 0 or cell[-1] >= self._table.size:
            np.clip(cell, 0, self._table.size - 1, out=cell)
        return cell

    def find(self, mz: FloatArray) -> IndexArray:
        """Index of each known point (n_points,) of ascending m/z; of an unknown one, any index."""
        if self._mz.size < 2:
            return np.zeros(mz.size, np.intp)
        return self._table[self._cell(mz)]


class _SharedLattice:
    """Scans whose points lie on one lattice, zeros left out or not: no interpolation."""

    note = "averaged point by point on their common m/z lattice"

    def __init__(self) -> None:
        self.mz = np.empty(0)
        self.total = np.empty(0)
        self._finder = _Finder(self.mz)
        self._fresh: list[tuple[FloatArray, FloatArray]] = []
        self._n_fresh = 0
        self._spacing: Spacing | None = None
        self._widest = 0

    def add(self, mz: FloatArray, intensity: FloatArray) -> bool:
        """Add a scan; False, and nothing is added, if its points lie between those so far."""
        if np.array_equal(mz, self.mz):
            self.total += intensity
            return True
        if mz.size > self._widest:
            self._spacing, self._widest = local_spacing(mz) or self._spacing, mz.size
        if self.mz.size == 0:
            self.mz, self.total = mz.copy(), intensity.copy()
            self._finder = _Finder(self.mz)
            return True
        index = self._finder.find(mz)
        other = np.flatnonzero(self.mz[index] != mz)
        if other.size == 0:
            self.total[index] += intensity
            return True
        place = np.searchsorted(self.mz, mz[other])
        nearest, offset = self._nearest(mz[other], np.minimum(place, self.mz.size - 1))
        known = np.abs(offset) < 0.5
        n_exact = mz.size - other.size
        n_on_point = n_exact + (np.abs(offset) < SAME_POINT).sum()
        if n_on_point < 0.95 * (n_exact + known.sum()):
            return False
        exact = np.ones(mz.size, bool)
        exact[other] = False
        self.total[index[exact]] += intensity[exact]
        np.add.at(self.total, nearest[known], intensity[other[known]])
        if not known.all():
            self._fresh.append((mz[other[~known]], intensity[other[~known]]))
            self._n_fresh += int((~known).sum())
            if self._n_fresh > MOST_FRESH * self.mz.size:
                self._flush()
        return True

    def _flush(self) -> None:
        """Give the points that were new their places; one that came several times is one point."""
        mz, intensity = (np.concatenate(parts) for parts in zip(*self._fresh, strict=True))
        self._fresh, self._n_fresh = [], 0
        order = np.argsort(mz, kind="stable")
        mz, intensity = mz[order], intensity[order]
        step = self._spacing.at(mz[1:]) if self._spacing else mz[1:] * 1e-6
        first = np.flatnonzero(np.concatenate(([True], np.diff(mz) > 0.5 * step)))
        mz, intensity = mz[first], np.add.reduceat(intensity, first)
        place = np.searchsorted(self.mz, mz)
        self.mz = np.insert(self.mz, place, mz)
        self.total = np.insert(self.total, place, intensity)
        self._finder = _Finder(self.mz)

    def _nearest(self, mz: FloatArray, right: IndexArray) -> tuple[IndexArray, FloatArray]:
        """Index of the nearest point so far, and how far off it is in spacings."""
        left = np.maximum(right - 1, 0)
        index = np.where(mz - self.mz[left] < self.mz[right] - mz, left, right)
        step = self._spacing.at(mz) if self._spacing else mz * 1e-6
        return index, (mz - self.mz[index]) / step

    def sums(self) -> tuple[FloatArray, FloatArray]:
        if self._fresh:
            self._flush()
        return self.mz, self.total


class _Interpolated:
    """Scans whose points do not coincide, brought onto one lattice by linear interpolation."""

    note = (
        "have different m/z points and were averaged by linear interpolation on one grid of "
        "the same spacing"
    )

    def __init__(self, mz: FloatArray, total: FloatArray) -> None:
        self._lattice = Lattice(mz, _own_spacing(mz))
        self._first = 0
        self._total, self._touched = np.empty(0), np.empty(0, bool)
        self.add(mz, total)

    def add(self, mz: FloatArray, intensity: FloatArray) -> bool:
        """Add a scan; always possible."""
        if not self._lattice.covers(mz):
            self._lattice.extend(mz, _own_spacing(mz))
        number, intensity, own = with_gaps_closed(self._lattice.number(mz), intensity)
        lowest, highest = self._lattice.ends
        first = max(int(np.ceil(number[0])), lowest)
        last = min(int(np.floor(number[-1])), highest)
        if last < first:
            return True
        self._cover(first, last)
        at = np.arange(first, last + 1)
        here = slice(first - self._first, last + 1 - self._first)
        self._total[here] += np.interp(at, number, intensity)
        self._touched[here] |= np.interp(at, number, own) > 0.5
        return True

    def _cover(self, first: int, last: int) -> None:
        """Make room for the numbers first to last."""
        if self._total.size == 0:
            self._first = first
        start = min(first, self._first)
        stop = max(last + 1, self._first + self._total.size)
        if stop - start > LARGEST_LATTICE:
            raise SpectrumError(
                message(
                    "averaging",
                    found=f"scans that need a grid of {stop - start:,} points",
                    expected=f"at most {LARGEST_LATTICE:,}",
                    do="Choose fewer scans, or one.",
                )
            )
        around = (self._first - start, stop - self._first - self._total.size)
        if any(around):
            self._total = np.pad(self._total, around)
            self._touched = np.pad(self._touched, around)
            self._first = start

    def sums(self) -> tuple[FloatArray, FloatArray]:
        # As a detector that suppresses zeros does: one is kept at each side of a signal.
        keep = self._touched.copy()
        keep[1:] |= self._touched[:-1]
        keep[:-1] |= self._touched[1:]
        at = self._first + np.flatnonzero(keep)
        return self._lattice.mz(at.astype(np.float64)), self._total[keep]


def _own_spacing(mz: FloatArray) -> Spacing:
    """Spacing of one scan; 10 ppm for fewer than three points, which show none."""
    return local_spacing(mz) or Spacing(np.log(mz[:1]), np.log(mz[:1] * 1e-5))


class CentroidAverage:
    """Mean of peak lists: peaks within a tolerance are one, at their intensity-weighted m/z."""

    def __init__(self, tolerance_ppm: float = CENTROID_TOLERANCE_PPM) -> None:
        self._tolerance = tolerance_ppm
        # m/z where each peak was first met, and the moment of intensity about it: a single list
        # comes out as it went in.
        self._mz = np.empty(0)
        self._total = np.empty(0)
        self._moment = np.empty(0)
        self._n_scans = 0

    def add(self, mz: FloatArray, intensity: FloatArray) -> None:
        """Add a cleaned peak list."""
        self._n_scans += 1
        known = np.zeros(mz.size, bool)
        if self._mz.size:
            right = np.minimum(np.searchsorted(self._mz, mz), self._mz.size - 1)
            left = np.maximum(right - 1, 0)
            index = np.where(mz - self._mz[left] < self._mz[right] - mz, left, right)
            known = np.abs(mz - self._mz[index]) <= 1e-6 * self._tolerance * mz
            np.add.at(self._total, index[known], intensity[known])
            away = (mz - self._mz[index]) * intensity
            np.add.at(self._moment, index[known], away[known])
        place = np.searchsorted(self._mz, mz[~known])
        self._mz = np.insert(self._mz, place, mz[~known])
        self._total = np.insert(self._total, place, intensity[~known])
        self._moment = np.insert(self._moment, place, 0.0)

    def mean(self) -> tuple[FloatArray, FloatArray]:
        """Mean of the peak lists added."""
        shift = np.zeros(self._mz.size)
        np.divide(self._moment, self._total, out=shift, where=self._total > 0)
        mean = self._total / max(self._n_scans, 1)
        mz = self._mz + shift
        order = np.argsort(mz, kind="stable")
        if not (np.diff(mz[order]) > 0).all():  # two peaks have moved onto one m/z
            return self._mz, mean
        return mz[order], mean[order]

    def note(self) -> str:
        """How the peak lists were brought together."""
        return (
            f"{self._n_scans} peak lists averaged; peaks within {self._tolerance:g} ppm are one, "
            "at their intensity-weighted m/z."
        )
