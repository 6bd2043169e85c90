"""Spectra brought onto one axis of wavelengths."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from alloyscope.errors import SpectrumError, message
from alloyscope.spectra.absorption_cleaning import Cleaned

Floats = NDArray[np.float64]

# Instruments repeat a wavelength to about a hundredth of this step.
SAME_NM = 1e-4
# A gap of more steps than this is a hole in the data, over which nothing is interpolated.
WIDEST_GAP = 3.0
# Spectra with this share of their wavelengths in common were measured on one grid.
MOSTLY = 0.5


def on_one_axis(spectra: Sequence[Cleaned], where: str) -> tuple[Floats, Floats, tuple[str, ...]]:
    """Axis (n_points,), absorbances (n_spectra, n_points), and what was done.

    Where all spectra have most of their wavelengths in common, those are kept as they are.
    Otherwise spectra are interpolated linearly on the points of the coarsest, the first of them
    where several are as coarse, within the range that all share. Nothing is extrapolated, nor
    drawn across a hole. Raises SpectrumError where they share fewer than two points.
    """
    axes = [spectrum.wavelength_nm for spectrum in spectra]
    if all(_same(axes[0], axis) for axis in axes):
        return axes[0], np.array([spectrum.absorbance for spectrum in spectra]), ()
    common = np.logical_and.reduce([_own(axes[0], axis) for axis in axes])
    fewest = min(axis.size for axis in axes)
    if common.sum() >= max(2, MOSTLY * fewest):
        kept, notes = axes[0][common], _cut_note(axes, axes[0][common])
    else:
        kept, notes = _shared(axes, [spectrum.name for spectrum in spectra], where)
    values = [np.interp(kept, spectrum.wavelength_nm, spectrum.absorbance) for spectrum in spectra]
    return kept, np.array(values), notes


def _shared(axes: list[Floats], names: list[str], where: str) -> tuple[Floats, tuple[str, ...]]:
    """Points of the coarsest axis that every spectrum covers."""
    steps = [float(np.median(np.diff(axis))) for axis in axes]
    coarsest = int(np.argmax(np.array(steps) > max(steps) * (1 - 1e-6)))
    axis = axes[coarsest]
    low, high = max(a[0] for a in axes), min(a[-1] for a in axes)
    inside = (axis >= low - SAME_NM) & (axis <= high + SAME_NM)
    covered = inside.copy()
    for other, step in zip(axes, steps, strict=True):
        covered &= _covered(axis, other, WIDEST_GAP * max(step, steps[coarsest]))
    if covered.sum() < 2:
        ranges = ", ".join(f"{a[0]:.6g} to {a[-1]:.6g} nm" for a in axes[:4])
        raise SpectrumError(
            message(where, found=f"spectra that share no wavelengths: {ranges}",
                    expected="ranges that overlap", do="Read them one by one.")
        )  # fmt: skip
    kept = axis[covered]
    n_others = sum(not _own(kept, other).all() for other in axes)
    note = (f"{n_others} of {len(axes)} spectra interpolated linearly on the wavelengths of "
            f"'{names[coarsest]}', the coarsest.")  # fmt: skip
    holes = int((inside & ~covered).sum())
    hole = f"{holes} wavelengths left out, where a spectrum has a hole."
    return kept, (note, *_cut_note(axes, kept), *((hole,) if holes else ()))


def _cut_note(axes: list[Floats], kept: Floats) -> tuple[str, ...]:
    """What of the spectra was left out: their ends, or single points."""
    if any(axis[0] < kept[0] - SAME_NM or axis[-1] > kept[-1] + SAME_NM for axis in axes):
        return (f"Cut to what all spectra share: {kept[0]:.6g} to {kept[-1]:.6g} nm.",)
    fullest = max(axes, key=len)
    if _own(kept, fullest).all() and fullest.size > kept.size:
        n = fullest.size - kept.size
        return (f"{n} wavelength{'s' * (n > 1)} left out that not all spectra have.",)
    return ()


def _same(a: Floats, b: Floats) -> bool:
    return a.size == b.size and bool(np.abs(a - b).max() <= SAME_NM)


def _covered(axis: Floats, wavelength: Floats, widest: float) -> NDArray[np.bool_]:
    """Points of the axis that lie on, or between near neighbours of, a spectrum's own points."""
    right = np.clip(np.searchsorted(wavelength, axis), 1, wavelength.size - 1)
    gap = wavelength[right] - wavelength[right - 1]
    return np.asarray((gap <= widest) | _own(axis, wavelength))


def _own(axis: Floats, wavelength: Floats) -> NDArray[np.bool_]:
    """Which points of an axis are wavelengths of a spectrum."""
    right = np.clip(np.searchsorted(wavelength, axis), 1, wavelength.size - 1)
    off = np.minimum(np.abs(wavelength[right] - axis), np.abs(axis - wavelength[right - 1]))
    return np.asarray(off <= SAME_NM)
