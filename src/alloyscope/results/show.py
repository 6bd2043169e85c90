"""A spectrum looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from alloyscope.assignment.overlay import Overlay
from alloyscope.results.isotopes import IonFacts
from alloyscope.spectra import CentroidSpectrum, ProfileSpectrum, ResolvingPower


@dataclass(frozen=True, eq=False)
class OverlaidIon:
    """An ion and how its envelope lies over the spectrum; `absent` says why it does not."""

    facts: IonFacts
    overlay: Overlay | None
    absent: str = ""

    @property
    def remarks(self) -> tuple[str, ...]:
        """What the user must know of this ion, one sentence each."""
        own = (self.facts.ion.remark, self.overlay.remark if self.overlay else "")
        return tuple(f"{self.facts.ion}: {said}." for said in own if said) + (
            (self.absent,) if self.absent else ()
        )

    def as_json(self) -> dict[str, Any]:
        """The comparison in plain types."""
        found = self.facts.as_json()
        if self.overlay is None:
            return found | {"absent": self.absent}
        lay = self.overlay
        return found | {
            "mz_measured": lay.mz_measured, "error_ppm": lay.error_ppm,
            "resolving_power": lay.resolving_power, "remark": lay.remark or self.facts.ion.remark,
            "resolving_power_fitted": lay.resolving_power_fitted, "coverage": lay.coverage,
            "cosine_free_scale": lay.as_placed.cosine, "r2_free_scale": lay.as_placed.r2,
            "cosine_free_scale_and_shift": lay.shifted.cosine,
            "r2_free_scale_and_shift": lay.shifted.r2,
        }  # fmt: skip


@dataclass(frozen=True, eq=False)
class Look:
    """A spectrum looked at.

    spectrum        : read, averaged, and cut to the case's m/z window
    peaks           : its centroids; None where none stands above the noise
    resolving_power : as its own peaks show it, None where they do not
    """

    spectrum: ProfileSpectrum | CentroidSpectrum
    peaks: CentroidSpectrum | None
    resolving_power: ResolvingPower | None
    ions: tuple[OverlaidIon, ...]

    def as_json(self) -> dict[str, Any]:
        """The look in plain types, without the spectrum's points."""
        taken, power = self.spectrum.acquisition, self.resolving_power
        return {
            "file": taken.source, "format": taken.file_format, "polarity": taken.polarity,
            "ms_level": taken.ms_level, "scans_read": taken.scans_read,
            "scans_in_file": taken.scans_in_file, "time_min": taken.time_min,
            "mode": "profile" if isinstance(self.spectrum, ProfileSpectrum) else "centroid",
            "points": len(self.spectrum), "mz_range": self.spectrum.mz_range,
            "precursor_mz": taken.precursor_mz, "instrument": taken.instrument,
            "analyzer": taken.analyzer,
            "resolving_power": None if power is None else power.value,
            "resolving_power_spread": None if power is None else power.spread,
            "notes": taken.notes, "ions": [ion.as_json() for ion in self.ions],
        }  # fmt: skip
