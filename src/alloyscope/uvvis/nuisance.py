"""What a mixture's spectrum holds besides absorbing species: offset, slope, scatter, a shift."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alloyscope.errors import UnmixingError, message

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

AT = 500.0
"""Wavelength, nm, at which scatter is stated."""

SHIFTS = (-3.0, 3.0)
"""nm within which a shift of the wavelengths is looked for."""

EXPONENTS = (0.5, 6.0)
"""Within which the exponent of scatter is looked for, where it is free."""


@dataclass(frozen=True)
class Nuisance:
    """Terms that are fitted beside the components, so that they are not taken for these.

    offset   : absorbance, the same at all wavelengths, of either sign
    slope    : absorbance per 100 nm about the middle of the range, of either sign
    scatter  : absorbance at 500 nm of light scattered, which goes with wavelength^-exponent
    exponent : 4 for particles far smaller than the wavelength; None fits one for the series
    shift    : mixtures' wavelengths less the references', nm, one for the series
    Raises UnmixingError for an exponent out of range.
    """

    offset: bool = True
    slope: bool = False
    scatter: bool = False
    exponent: float | None = 4.0
    shift: bool = False

    def __post_init__(self) -> None:
        if self.exponent is not None and not EXPONENTS[0] <= self.exponent <= EXPONENTS[1]:
            raise UnmixingError(
                message("nuisance", found=f"an exponent of {self.exponent:g}",
                        expected=f"{EXPONENTS[0]:g} to {EXPONENTS[1]:g}, or None")
            )  # fmt: skip

    @property
    def names(self) -> tuple[str, ...]:
        """Of the terms whose amounts are fitted in every spectrum."""
        terms = {"offset": self.offset, "slope": self.slope, "scatter": self.scatter}
        return tuple(name for name, wanted in terms.items() if wanted)

    @property
    def may_be_negative(self) -> Flags:
        """(n_terms,) all but scatter."""
        return np.array([name != "scatter" for name in self.names], np.bool_)

    @property
    def shared(self) -> tuple[str, ...]:
        """Names of what is one for the whole series."""
        free = self.scatter and self.exponent is None
        return (("shift",) if self.shift else ()) + (("exponent",) if free else ())

    def columns(self, wavelength: Floats, exponent: float | None = None) -> Floats:
        """(n_terms, n_points) absorbance of one unit of each."""
        n = exponent if exponent is not None else (self.exponent or 4.0)
        middle = (wavelength[0] + wavelength[-1]) / 2
        drawn = {
            "offset": np.ones_like(wavelength),
            "slope": (wavelength - middle) / 100.0,
            "scatter": (wavelength / AT) ** -n,
        }
        return np.array([drawn[name] for name in self.names]).reshape(-1, wavelength.size)
