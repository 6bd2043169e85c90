"""From a trace as a file holds it to wavelengths in nm and decadic absorbances."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alloyscope.constants import EV_NM
from alloyscope.errors import EmptySpectrum, UnreadableSpectrum, message
from alloyscope.spectra.formats.absorption_layout import HIGHEST_NM, LOWEST_NM
from alloyscope.spectra.formats.absorption_trace import Trace
from alloyscope.spectra.formats.absorption_units import XUnit

Floats = NDArray[np.float64]

# No detector tells more; larger numbers are counts, percentages or another instrument's.
HIGHEST_ABSORBANCE = 20.0
# Above this, one photon in three thousand passes, and stray light decides what is read.
STRAY_LIGHT_ABSORBANCE = 3.5
# So many neighbouring points with the one highest value are a limit, not a band.
PLATEAU_POINTS = 5
LOWEST_PLATEAU = 1.0
# A fraction this large is a percentage, whatever the heading says.
LARGEST_FRACTION = 1.5
FEW = 0.05

_TO_NM = {"um": 1e3, "angstrom": 0.1, "eV": EV_NM, "cm-1": 1e7}
_SAID = {"um": "micrometres", "angstrom": "ångströms", "eV": "eV", "cm-1": "cm⁻¹"}


@dataclass(frozen=True, eq=False)
class Cleaned:
    """One spectrum in nm and absorbance, ascending, with what was dropped or converted.

    wavelength_nm, absorbance : (n_points,)
    """

    wavelength_nm: Floats
    absorbance: Floats
    name: str
    time_min: float | None
    path_cm: float | None
    notes: tuple[str, ...]


def clean_absorption(trace: Trace, where: str) -> Cleaned:
    """Convert, sort and check one spectrum.

    Points without a number are dropped, one wavelength with two values gets their mean; each is
    said. Raises UnreadableSpectrum for wavelengths outside 150-3500 nm and for values no
    absorbance has, EmptySpectrum when fewer than two points are left.
    """
    notes: list[str] = []
    x, y = _finite(trace.x, trace.y, notes)
    if x.size < 2:
        found = f"{x.size} points with a wavelength and a value"
        raise EmptySpectrum(message(where, found=found, expected="a spectrum of 2 or more points"))
    wavelength = _in_nm(x, trace.x_unit, notes)
    wavelength, y = _in_range(wavelength, y, x, where, notes)
    wavelength, y = _in_order(wavelength, y, notes)
    wavelength, absorbance = _absorbance(wavelength, y, trace, where, notes)
    if wavelength.size < 2:
        raise EmptySpectrum(
            message(where, found="fewer than 2 points above zero transmittance",
                    expected="a spectrum of 2 or more points")
        )  # fmt: skip
    _note_saturation(wavelength, absorbance, notes)
    return Cleaned(wavelength, absorbance, trace.name, trace.time_min, trace.path_cm, tuple(notes))


def points(n: int) -> str:
    """A number of points in words: "1 point", "3 points"."""
    return f"{n} point" if n == 1 else f"{n} points"


def _finite(x: Floats, y: Floats, notes: list[str]) -> tuple[Floats, Floats]:
    """Points with both numbers; a value is missing only where a wavelength stands."""
    good = np.isfinite(x) & np.isfinite(y)
    stands = np.flatnonzero(np.isfinite(x))
    # Cells below the end of a shorter column are not missing values.
    last = np.flatnonzero(good)[-1] if good.any() else -1
    n_bad = int((~good[: last + 1]).sum()) + int((stands > last).sum())
    if n_bad:
        notes.append(f"{points(n_bad)} without a number dropped (over range or empty).")
    return x[good], y[good]


def _in_nm(x: Floats, unit: XUnit, notes: list[str]) -> Floats:
    if unit == "nm":
        return x
    notes.append(f"Converted from {_SAID[unit]} to nm.")
    factor = _TO_NM[unit]
    if unit in ("um", "angstrom"):
        return x * factor
    with np.errstate(divide="ignore", over="ignore"):
        return np.asarray(np.where(x > 0, factor / x, np.nan))


def _in_range(
    wavelength: Floats, y: Floats, x: Floats, where: str, notes: list[str]
) -> tuple[Floats, Floats]:
    """Points between 150 and 3500 nm; a few others are dropped, more are another kind of file."""
    with np.errstate(invalid="ignore"):
        inside = (wavelength >= LOWEST_NM) & (wavelength <= HIGHEST_NM)
    outside = int((~inside).sum())
    if outside > FEW * inside.size or inside.sum() < 2:
        raise UnreadableSpectrum(
            message(where, found=f"an axis from {x.min():.6g} to {x.max():.6g}",
                    expected=f"wavelengths of {LOWEST_NM:.0f} to {HIGHEST_NM:.0f} nm",
                    do="If it is in eV, cm-1 or um, head the column 'Energy (eV)', 'Wavenumber "
                       "(cm-1)' or 'Wavelength (um)'. Mass spectra are for alloyscope assign.")
        )  # fmt: skip
    if outside:
        notes.append(f"{points(outside)} outside {LOWEST_NM:.0f}-{HIGHEST_NM:.0f} nm dropped.")
    return wavelength[inside], y[inside]


def _in_order(wavelength: Floats, y: Floats, notes: list[str]) -> tuple[Floats, Floats]:
    """Ascending, each wavelength once."""
    steps = np.diff(wavelength)
    if not ((steps >= 0).all() or (steps <= 0).all()):
        notes.append("Wavelengths out of order: sorted.")
    axis, where, counts = np.unique(wavelength, return_inverse=True, return_counts=True)
    if axis.size == wavelength.size:
        order = np.argsort(wavelength)
        return axis, y[order]
    twice = int((counts > 1).sum())
    notes.append(f"{twice} wavelength{'s' * (twice > 1)} with several values: their mean taken.")
    # Halves first, so that the largest doubles do not run over.
    return axis, np.bincount(where, weights=y / counts[where]).astype(np.float64)


def _absorbance(
    wavelength: Floats, y: Floats, trace: Trace, where: str, notes: list[str]
) -> tuple[Floats, Floats]:
    if trace.y_unit in ("transmittance", "percent"):
        wavelength, y = _from_transmittance(wavelength, y, trace.y_unit == "percent", notes)
    elif trace.y_unit == "milliabsorbance":
        notes.append("Converted from thousandths of an absorbance unit.")
        y = y / 1000
    elif trace.y_unit == "molar":
        notes.append("Headed as molar absorption coefficients: only the shape is an absorbance's.")
        return wavelength, y
    largest = float(np.abs(y).max()) if y.size else 0.0
    if largest > HIGHEST_ABSORBANCE:
        raise UnreadableSpectrum(
            message(where, found=f"values up to {largest:.6g}",
                    expected=f"absorbances, below {HIGHEST_ABSORBANCE:.0f}",
                    do="If they are transmittance or mAU, head the column '%T' or 'mAU'; counts "
                       "need a reference, and mass spectra are for alloyscope assign.")
        )  # fmt: skip
    return wavelength, y


def _from_transmittance(
    wavelength: Floats, y: Floats, percent: bool, notes: list[str]
) -> tuple[Floats, Floats]:
    """A = -log10 T; where nothing passes there is no absorbance."""
    if not percent and y.size and y.max() > LARGEST_FRACTION:
        notes.append("Transmittances above 1.5: taken as percent.")
        percent = True
    fraction = y / 100 if percent else y
    passes = fraction > 0
    if not passes.all():
        notes.append(f"{points(int((~passes).sum()))} with no transmittance above zero dropped.")
    notes.append("Converted from transmittance: A = -log10 T.")
    return wavelength[passes], -np.log10(fraction[passes])


def _note_saturation(wavelength: Floats, absorbance: Floats, notes: list[str]) -> None:
    """Say where the detector, not the sample, sets the value."""
    top = absorbance.max()
    flat = _longest_run(absorbance >= top * (1 - 1e-9)) if top > LOWEST_PLATEAU else None
    if flat is not None and flat[1] - flat[0] >= PLATEAU_POINTS:
        low, high = wavelength[flat[0]], wavelength[flat[1] - 1]
        notes.append(f"Saturated: all values from {low:.6g} to {high:.6g} nm are {top:.4g}, "
                     "the detector's limit.")  # fmt: skip
    elif top > STRAY_LIGHT_ABSORBANCE:
        high_ones = wavelength[absorbance > STRAY_LIGHT_ABSORBANCE]
        notes.append(
            f"Absorbance above {STRAY_LIGHT_ABSORBANCE} at {points(high_ones.size)} from "
            f"{high_ones[0]:.6g} to {high_ones[-1]:.6g} nm, where stray light limits it."
        )


def _longest_run(mask: NDArray[np.bool_]) -> tuple[int, int] | None:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], mask.astype(np.int8), [0]))))
    runs = list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))
    return max(runs, key=lambda run: run[1] - run[0], default=None)
