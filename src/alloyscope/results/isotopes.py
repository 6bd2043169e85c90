"""Isotope patterns of ions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alloyscope.chemistry.species import AnyIon
from alloyscope.isotopes.envelope import Envelope

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
