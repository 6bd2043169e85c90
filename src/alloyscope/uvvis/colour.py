"""The colour of a solution, looked at against a white light, from its absorption spectrum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alloyscope.errors import SpectrumError, message
from alloyscope.spectra.absorption_spectrum import (
    AbsorptionSeries,
    AbsorptionSpectrum,
    as_spectrum,
)
from alloyscope.uvvis.colour_names import colour_name

Floats = NDArray[np.float64]
WHOLE = (380.0, 780.0)
NEEDED = (400.0, 700.0)
"""nm: what lies beyond adds less than 0.3 % to Y and 3 % to X and Z of white."""
COARSEST_NM = 20.0
GLARE = -0.01
"""Absorbance below which a baseline is so wrong that the user must know."""
TWO_DEGREES = "CIE 1931 2 Degree Standard Observer"
TEN_DEGREES = "CIE 1964 10 Degree Standard Observer"


@dataclass(frozen=True)
class Colour:
    """A colour as seen through a solution.

    name      : in plain words, "deep red"
    hex       : sRGB, "#8a1c12", brought into its gamut where `in_gamut` is False
    xyz       : tristimulus values, Y = 100 for the light itself
    xy        : chromaticity
    lab       : CIE L*, a*, b* against that light
    in_gamut  : whether sRGB can show it
    illuminant, observer
    path_cm   : depth of solution; None where it is that of the measurement and not known
    dilution  : concentration over that of the measurement
    sketch    : whether the spectrum is one
    notes     : what was assumed
    """

    name: str
    hex: str
    xyz: tuple[float, float, float]
    xy: tuple[float, float]
    lab: tuple[float, float, float]
    in_gamut: bool
    illuminant: str
    observer: str
    path_cm: float | None
    dilution: float
    sketch: bool = False
    notes: tuple[str, ...] = ()


def colour_of(
    spectrum: AbsorptionSpectrum | AbsorptionSeries,
    *,
    illuminant: str = "D65",
    observer: str = TWO_DEGREES,
    path_cm: float | None = None,
    dilution: float = 1.0,
    solvent: AbsorptionSpectrum | None = None,
) -> Colour:
    """Colour of a solution by CIE colorimetry of its transmittance 10^-A.

    spectrum   : or a series of one
    illuminant : the light, a name of CIE: "D65" (daylight), "A" (lamp), "D50"
    observer   : of 2 or 10 degrees, by the name of its colour-matching functions
    path_cm    : depth looked through; that of the measurement if not given
    dilution   : concentration over that of the measurement
    solvent    : what the solvent absorbs over the measured path, where it was subtracted
    Raises SpectrumError for a spectrum that does not reach from 400 to 700 nm or leaves gaps of
    more than 20 nm there, for a light or observer that is not known, for a path or dilution that is
    not above 0, and for a path where the measured one is not known and so no ratio can be taken.
    """
    spectrum = as_spectrum(spectrum)
    deeper = depth_ratio(spectrum, path_cm)
    if not (np.isfinite(dilution) and dilution > 0):
        raise SpectrumError(message("dilution", found=str(dilution), expected="more than 0"))
    wavelength, light, matching = tables(illuminant, observer)
    absorbance, notes = on_axis(spectrum, wavelength)
    absorbance = absorbance * (deeper * dilution)
    if solvent is not None:
        more, remarks = on_axis(solvent, wavelength)
        absorbance, notes = absorbance + deeper * more, (*notes, *remarks)
    transmitted = np.minimum(10.0**-absorbance, 1.0)
    white = tristimulus(np.ones(wavelength.size), light, matching)
    xyz = tristimulus(transmitted, light, matching)
    return Colour(
        **_shown(xyz, white), illuminant=illuminant, observer=observer,
        path_cm=spectrum.path_cm if path_cm is None else path_cm, dilution=dilution,
        sketch=spectrum.sketch, notes=(*spectrum.notes, *notes),
    )  # fmt: skip


def colours_by_depth(
    spectrum: AbsorptionSpectrum,
    factors: Sequence[float],
    *,
    illuminant: str = "D65",
    observer: str = TWO_DEGREES,
) -> tuple[Colour, ...]:
    """Colours at so many times the measured concentration, or depth, which is the same.

    A solution changes its hue with depth where several bands share the visible. Raises what
    `colour_of` raises.
    """
    return tuple(
        colour_of(spectrum, illuminant=illuminant, observer=observer, dilution=factor)
        for factor in factors
    )


def depth_ratio(spectrum: AbsorptionSpectrum, path_cm: float | None) -> float:
    """Depth looked through over the measured path. Raises SpectrumError where it is not known."""
    if path_cm is None:
        return 1.0
    if not (np.isfinite(path_cm) and path_cm > 0):
        raise SpectrumError(message("path", found=f"{path_cm} cm", expected="more than 0 cm"))
    if spectrum.path_cm is None:
        raise SpectrumError(
            message(spectrum.source or spectrum.name or "spectrum", found="no path of the cuvette",
                    expected="it, for a colour at another one", do="Give the path, in cm.")
        )  # fmt: skip
    return path_cm / spectrum.path_cm


def on_axis(
    spectrum: AbsorptionSpectrum, wavelength: Floats
) -> tuple[Floats, tuple[str, ...]]:  # fmt: skip
    """Absorbance (n,) at these wavelengths, level beyond the measured, and what was assumed."""
    where = spectrum.source or spectrum.name or "spectrum"
    low, high = (float(x) for x in spectrum.wavelength_nm[[0, -1]])
    if low > NEEDED[0] or high < NEEDED[1]:
        raise SpectrumError(
            message(where, found=f"{low:.0f} to {high:.0f} nm",
                    expected="400 to 700 nm at least for a colour")
        )  # fmt: skip
    seen = spectrum.window(*NEEDED)
    widest = float(np.diff(seen.wavelength_nm).max())
    if widest > COARSEST_NM:
        raise SpectrumError(
            message(where, found=f"a gap of {widest:.0f} nm in the visible",
                    expected=f"steps of {COARSEST_NM:.0f} nm or less for a colour")
        )  # fmt: skip
    notes = []
    if low > WHOLE[0] or high < WHOLE[1]:
        notes.append(f"Measured from {low:.0f} to {high:.0f} nm, and held level to 380 and 780.")
    if float(seen.absorbance.min()) < GLARE:
        notes.append("The absorbance falls below 0 in the visible, which was read as 0.")
    return np.interp(wavelength, spectrum.wavelength_nm, spectrum.absorbance), tuple(notes)


def colour_science() -> Any:
    """colour-science; here, since it takes three seconds to import.

    It changes how numpy prints, for everybody: that is put back.
    """
    with np.printoptions():
        import colour
    return colour


def tables(illuminant: str, observer: str) -> tuple[Floats, Floats, Floats]:
    """Wavelengths (n,) in steps of 1 nm, power of the light (n,), matching functions (n, 3).

    Raises SpectrumError for a name that is none.
    """
    colour = colour_science()
    for name, known, what in (
        (illuminant, colour.SDS_ILLUMINANTS, "light"),
        (observer, colour.MSDS_CMFS, "observer"),
    ):
        if name not in known:
            names = ", ".join(sorted(known)[:40])
            raise SpectrumError(message(what, found=f'"{name}"', expected=f"one of {names}"))
    light, matching = colour.SDS_ILLUMINANTS[illuminant], colour.MSDS_CMFS[observer]
    wavelength = np.arange(WHOLE[0], WHOLE[1] + 0.5)
    power = np.interp(wavelength, light.wavelengths, light.values)
    values = np.stack(
        [np.interp(wavelength, matching.wavelengths, matching.values[:, k]) for k in range(3)],
        axis=1,
    )
    return wavelength, np.asarray(power, float), values


def tristimulus(transmitted: Floats, light: Floats, matching: Floats) -> Floats:
    """X, Y, Z (3,) with Y = 100 where all light passes."""
    weights = light[:, None] * matching
    return np.asarray(100 * (transmitted @ weights) / weights[:, 1].sum())


def _shown(xyz: Floats, white: Floats) -> dict[str, Any]:
    """Chromaticity, CIELAB, sRGB and a name."""
    colour = colour_science()
    xy_white = white[:2] / white.sum()
    total = float(xyz.sum())
    xy = xyz[:2] / total if total > 1e-6 else xy_white
    lab = colour.XYZ_to_Lab(xyz / 100, xy_white)
    rgb = np.asarray(colour.XYZ_to_sRGB(xyz / 100, xy_white))
    chroma, hue = float(np.hypot(lab[1], lab[2])), float(np.degrees(np.arctan2(lab[2], lab[1])))
    levels = np.rint(255 * np.clip(rgb, 0, 1)).astype(int)
    return {
        "name": colour_name(float(lab[0]), chroma, hue % 360),
        "hex": "#" + "".join(f"{level:02x}" for level in levels),
        "xyz": tuple(float(v) for v in xyz),
        "xy": tuple(float(v) for v in xy),
        "lab": tuple(float(v) for v in lab),
        "in_gamut": bool(((rgb > -0.002) & (rgb < 1.002)).all()),
    }
