"""What a run gives back: records that reports, the store and `--json` read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alloyscope.assignment.assignment import Assignment, CalledIon
from alloyscope.assignment.identify import Identification
from alloyscope.assignment.instrument import PARAMETERS
from alloyscope.assignment.overlay import Overlay
from alloyscope.case import Case
from alloyscope.chemistry.species import AnyIon, Ion
from alloyscope.isotopes.envelope import Envelope
from alloyscope.reaction.compare import Comparison
from alloyscope.reaction.design import Plan
from alloyscope.reaction.judged import Judged
from alloyscope.reaction.mass_balance import MassBalance
from alloyscope.reaction.simulated import Simulated
from alloyscope.speciation import FrameworkShare
from alloyscope.spectra import CentroidSpectrum, ProfileSpectrum, ResolvingPower

Floats = NDArray[np.float64]
POWER_MZ = 2500.0
"""m/z at which an assignment's resolving power is stated."""


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


@dataclass(frozen=True)
class Columns:
    """What ions are made of, in the order of a table's columns.

    metals, ligands : names, of substitutes such as Cl too
    adducts         : names of what is added or lost, H first
    """

    metals: tuple[str, ...]
    ligands: tuple[str, ...]
    adducts: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """As they head a table: n_Au, n_p-MBA, delta_H."""
        counts = tuple(f"n_{name}" for name in self.metals + self.ligands)
        return counts + tuple(f"delta_{name}" for name in self.adducts)

    def of(self, ion: AnyIon) -> dict[str, int | None]:
        """Counts of one ion by column; None where a plain formula does not say."""
        if not isinstance(ion, Ion):
            found: dict[str, int | None] = dict.fromkeys(self.names)
            return found | {f"n_{metal}": ion.formula.get(metal, 0) for metal in self.metals}
        counts = [ion.species.count(name) for name in self.metals + self.ligands]
        counts += [ion.delta(name) for name in self.adducts]
        return dict(zip(self.names, counts, strict=True))


@dataclass(frozen=True, eq=False)
class Assigned:
    """A spectrum assigned, with what its report needs to name things.

    aliases : names that the case gives to frameworks: {"M44S30": "A"}
    blank   : file whose signal was taken off; "" for none
    remarks : what the user must know of how the file was taken
    """

    assignment: Assignment
    columns: Columns
    aliases: Mapping[str, str] = field(default_factory=dict)
    blank: str = ""
    remarks: tuple[str, ...] = ()

    @cached_property
    def shares(self) -> tuple[FrameworkShare, ...]:
        """Distribution of x in every framework; its amount is the share of all assigned ions."""
        return self.assignment.speciation().distribution(self.x_of)

    @property
    def x_of(self) -> str:
        """The metal whose count is x."""
        return self.assignment.metals[0] if self.assignment.metals else ""

    @property
    def notes(self) -> tuple[str, ...]:
        """What the user must know, of the file and of the assignment."""
        read = self.assignment.spectrum.acquisition.notes
        return tuple(dict.fromkeys(read + self.remarks + self.assignment.notes))

    def framework_name(self, framework: str) -> str:
        """A framework's name with the case's alias for it: "M44S30 (A)"."""
        alias = self.aliases.get(framework, "")
        return f"{framework} ({alias})" if alias else framework

    def as_json(self) -> dict[str, Any]:
        """The assignment in plain types, without the spectrum's points."""
        found, taken = self.assignment, self.assignment.spectrum.acquisition
        return {
            "verdict": found.verdict, "file": taken.source, "polarity": taken.polarity,
            "scans_read": taken.scans_read, "blank": self.blank, "explained": found.explained,
            "n_candidates": found.n_candidates, "q": found.q, "notes": self.notes,
            "instrument": instrument_json(found),
            "frameworks": [self._framework(share) for share in self.shares],
            "ions": [self._ion(call) for call in found.called],
            "abundance_covariance": _rounded(found.covariance),
            "unexplained": [vars(peak) for peak in found.unexplained],
            "limits": [{"ion": str(low.ion), "framework": low.framework,
                        "mz_theory": low.mz_theory, "abundance_below": low.abundance}
                       for low in found.limits],
        }  # fmt: skip

    def _framework(self, share: FrameworkShare) -> dict[str, Any]:
        return {
            "framework": share.framework, "alias": self.aliases.get(share.framework, ""),
            "share": share.amount, "share_sd": share.amount_sd, "x_of": self.x_of,
            "mean_x": share.mean_x, "mean_x_sd": share.mean_x_sd,
            "ratio": _finite(share.ratio), "ratio_sd": _finite(share.ratio_sd),
            "x": share.x.tolist(), "fraction": share.fraction.tolist(),
            "fraction_sd": share.fraction_sd.tolist(), "covariance": _rounded(share.covariance),
        }  # fmt: skip

    def _ion(self, call: CalledIon) -> dict[str, Any]:
        plain = ("mz_theory", "mz_measured", "error_ppm", "raw_error_ppm", "n_ions", "n_ions_sd",
                 "abundance", "abundance_sd", "score", "q_value", "group")  # fmt: skip
        return {
            "ion": str(call.ion), "formula": str(call.ion.formula), "framework": call.framework,
            "alias": self.aliases.get(call.framework, ""), **self.columns.of(call.ion),
            "charge": call.ion.charge, "electrons": call.electrons, "remark": call.ion.remark,
            **{name: getattr(call, name) for name in plain},
            "members": [{"ion": str(one.ion), "framework": one.framework, "odds": one.odds}
                        for one in call.members],
        }  # fmt: skip


def instrument_json(found: Assignment) -> dict[str, Any]:
    """The instrument as learned, in plain types; each `_sd` is 1 sd, None where it is not known."""
    instrument = found.instrument
    sd = np.sqrt(np.maximum(np.diag(found.instrument_covariance), 0.0))
    offset, drift, curvature, log_power, exponent, shape = map(float, instrument.theta)
    spread = [_finite(value) for value in sd]
    power = float(np.exp(log_power))
    return {
        "analyzer": "ft" if instrument.transform else "tof",
        "offset_ppm": offset, "offset_ppm_sd": spread[0], "offset_at_mz": instrument.reference,
        "drift_ppm_per_1000": drift, "drift_ppm_per_1000_sd": spread[1],
        "curvature_ppm_per_1000_squared": curvature,
        "curvature_ppm_per_1000_squared_sd": spread[2],
        "resolving_power": power,
        "resolving_power_sd": None if spread[3] is None else power * spread[3],
        "resolving_power_at_mz": POWER_MZ,
        "resolving_power_exponent": exponent, "resolving_power_exponent_sd": spread[4],
        PARAMETERS[5]: shape, f"{PARAMETERS[5]}_sd": spread[5], "chi2": found.chi2,
        "parameters": PARAMETERS,
        "covariance": _rounded(found.instrument_covariance),
    }  # fmt: skip


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _rounded(matrix: Floats) -> list[list[float | None]]:
    """Six digits of each entry, which is more than a covariance is known to."""
    return [[_finite(float(f"{value:.6g}")) for value in row] for row in matrix.tolist()]


@dataclass(frozen=True, eq=False)
class Results:
    """All that a case asked for."""

    case: Case
    patterns: tuple[Pattern, ...] = ()
    look: Look | None = None
    assigned: Assigned | None = None
    identified: tuple[Identification, ...] = ()
    simulated: Simulated | None = None
    audited: MassBalance | None = None
    fitted: Judged | None = None
    compared: Comparison | None = None
    planned: Plan | None = None

    def as_json(self) -> dict[str, Any]:
        """Everything in plain types, with the case that made it."""
        return {
            "case": self.case.model_dump(mode="json"),
            "isotopes": [pattern.as_json() for pattern in self.patterns],
            "show": None if self.look is None else self.look.as_json(),
            "identify": [found.as_json() for found in self.identified],
            "assign": None if self.assigned is None else self.assigned.as_json(),
            "simulate": None if self.simulated is None else self.simulated.as_json(),
            "audit": None if self.audited is None else self.audited.as_json(),
            "fit": None if self.fitted is None else self.fitted.as_json(),
            "compare": None if self.compared is None else self.compared.as_json(),
            "plan": None if self.planned is None else self.planned.as_json(),
        }
