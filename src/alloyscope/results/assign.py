"""A spectrum assigned, and what its report names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alloyscope.assignment.assignment import Assignment, CalledIon
from alloyscope.assignment.instrument import PARAMETERS
from alloyscope.results.columns import Columns
from alloyscope.results.shells import ShellSeen, shells_within
from alloyscope.speciation import FrameworkShare

Floats = NDArray[np.float64]
POWER_MZ = 2500.0
"""m/z at which an assignment's resolving power is stated."""


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

    @cached_property
    def shells(self) -> tuple[ShellSeen, ...]:
        """How two kinds of ligand share the shells of each framework; none where there is one."""
        return shells_within(self.assignment.speciation(), self.x_of)

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
            "shells": [one.as_json() for one in self.shells],
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
