"""What a run gives back: records that reports, the store and `--json` read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alloyscope.assignment.overlay import Overlay
from alloyscope.case import Case
from alloyscope.chemistry.species import AnyIon
from alloyscope.isotopes.envelope import Envelope
from alloyscope.spectra import CentroidSpectrum, ProfileSpectrum, ResolvingPower

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class IonFacts:
    """What is known of an ion before any measurement.

    asked            : as the user wrote it
    electrons        : valence electrons of the core; None where there is no count
    electrons_remark : why there is none
    average_mz_sd    : 1 sd that the isotopes' natural variation leaves open
    m/z fields are masses (Da) where the ion is neutral.
    """

    asked: str
    ion: AnyIon
    electrons: int | None
    electrons_remark: str
    monoisotopic_mz: float
    most_abundant_mz: float
    average_mz: float
    average_mz_sd: float

    def as_json(self) -> dict[str, Any]:
        """The facts in plain types."""
        return {
            "ion": str(self.ion), "asked": self.asked, "formula": str(self.ion.formula),
            "charge": self.ion.charge, "electrons": self.electrons,
            "electrons_remark": self.electrons_remark, "remark": self.ion.remark,
            "monoisotopic_mz": self.monoisotopic_mz, "most_abundant_mz": self.most_abundant_mz,
            "average_mz": self.average_mz, "average_mz_sd": self.average_mz_sd,
        }  # fmt: skip


@dataclass(frozen=True, eq=False)
class Pattern:
    """The isotope pattern of one ion.

    mz, probability : (n_peaks,); mass (Da) where the ion is neutral
    fine            : whether the peaks are single isotopologues, not aggregated
    envelope        : at the case's resolving power, None where none was given or no charge
    """

    facts: IonFacts
    mz: Floats
    probability: Floats
    envelope: Envelope | None
    fine: bool = False

    def as_json(self) -> dict[str, Any]:
        """The pattern in plain types."""
        peaks = {"mz": self.mz.tolist(), "probability": self.probability.tolist()}
        return self.facts.as_json() | {"peaks": peaks}


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


@dataclass(frozen=True, eq=False)
class Results:
    """All that a case asked for."""

    case: Case
    patterns: tuple[Pattern, ...] = ()
    look: Look | None = None

    def as_json(self) -> dict[str, Any]:
        """Everything in plain types, with the case that made it."""
        return {
            "case": self.case.model_dump(mode="json"),
            "isotopes": [pattern.as_json() for pattern in self.patterns],
            "show": None if self.look is None else self.look.as_json(),
        }
