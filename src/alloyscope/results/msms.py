"""Tandem spectra of one precursor: fragments, breakdown curves, what leaves first."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alloyscope.fragments.assign import CalledFragment, FragmentAssignment
from alloyscope.fragments.breakdown import Breakdown, leaving_in
from alloyscope.fragments.descendants import Fragment
from alloyscope.fragments.leaving import Leaving
from alloyscope.results.assign import instrument_json

CANNOT_TELL = (
    "Which bond is weaker: an atom that leaves more readily may sit in the motifs more often, or "
    "sit there as often and be held less strongly. The odds ratio is the product of both.",
    "Where atoms were before the collision: in a hot ion metals may change places before one "
    "leaves.",
    "Solution: only the ions of this composition and charge that were sprayed and isolated.",
)  # fmt: skip
"""What no breakdown curve decides."""

OWN, CHOSEN = "Required, but", " eV."
"""How notes begin, and end, that only say what the series was asked to do."""


@dataclass(frozen=True, eq=False)
class TandemMS:
    """What the tandem spectra of a precursor say.

    found     : one assignment a spectrum, in the order of energies
    energies  : as stated; None where nobody does
    stated_by : "file", "name of the file" or "user", for each
    breakdown : of two or more spectra whose energies are known
    remarks   : what the user must know of the series
    per_charge : whether energies are voltages
    """

    found: tuple[FragmentAssignment, ...]
    energies: tuple[float | None, ...]
    stated_by: tuple[str, ...]
    breakdown: Breakdown | None = None
    remarks: tuple[str, ...] = ()
    per_charge: bool = True

    @property
    def precursor(self) -> str:
        """In notation."""
        return str(self.found[0].precursor)

    @cached_property
    def shown(self) -> int:
        """The spectrum that shows most: the largest entropy of the shares of what is called."""

        def entropy(k: int) -> float:
            share = np.array([one.call.abundance for one in self.found[k].fragments if one.sure])
            share = share[share > 0]
            return float(-(share @ np.log(share)))

        return max(range(len(self.found)), key=entropy)

    @cached_property
    def leaving(self) -> Leaving | None:
        """Which metal leaves first; None where two cannot be compared."""
        if self.breakdown is not None:
            return self.breakdown.leaving
        return leaving_in(self.found[self.shown])

    @property
    def verdict(self) -> str:
        """One sentence."""
        if len(self.found) == 1:
            return self.found[0].verdict
        names = {str(one.ion) for a in self.found for one in a.fragments
                 if one.sure and one.fragment.steps}  # fmt: skip
        if not names and all(one.survivor is None for one in self.found):
            return (f"nothing of {self.precursor} is found in {len(self.found)} spectra, neither "
                    "it nor any fragment")  # fmt: skip
        many = f"{len(names)} fragment{'s' * (len(names) != 1)}"
        return f"{many} of {self.precursor} called in {len(self.found)} spectra"

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What the user must know, each sentence once with the spectra that it holds for."""
        held: dict[str, list[int]] = {}
        for k, one in enumerate(self.found):
            for note in dict.fromkeys((*one.notes, *one.found.spectrum.acquisition.notes)):
                held.setdefault(note, []).append(k)
        notes = [note if len(rows) == len(self.found) else f"{self._where(rows)}: {note}"
                 for note, rows in held.items()
                 if not note.startswith(OWN) and not note.endswith(CHOSEN)]  # fmt: skip
        own = self.breakdown.notes if self.breakdown else ()
        return tuple(dict.fromkeys((*self.remarks, *own, *notes)))

    def _where(self, rows: list[int]) -> str:
        names = [self.name(k) for k in rows]
        return ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")

    def name(self, k: int) -> str:
        """A spectrum by its energy, or by its file."""
        energy = self.energies[k]
        source = self.found[k].found.spectrum.acquisition.source
        return source if energy is None else f"{energy:g} {self.unit}"

    @property
    def unit(self) -> str:
        """Of the energies."""
        return "V" if self.per_charge else "eV"

    def as_json(self) -> dict[str, Any]:
        """Everything in plain types, without the spectra's points."""
        first = self.found[0]
        return {
            "precursor": self.precursor, "verdict": self.verdict, "notes": self.notes,
            "cleavages": [str(one) for one in first.cleavages],
            "considered": [_fragment(one) for one in first.considered],
            "spectra": [self._spectrum(k) for k in range(len(self.found))],
            "breakdown": None if self.breakdown is None else _breakdown(self.breakdown),
            "leaving": None if self.leaving is None else _leaving(self.leaving),
            "cannot_be_told": CANNOT_TELL if self.leaving else [],
        }  # fmt: skip

    def _spectrum(self, k: int) -> dict[str, Any]:
        one = self.found[k]
        taken = one.found.spectrum.acquisition
        return {
            "file": taken.source, "energy": self.energies[k], "stated_by": self.stated_by[k],
            "ms_level": taken.ms_level, "verdict": one.verdict, "explained": one.found.explained,
            "isolation": None if one.isolation is None else [one.isolation.low, one.isolation.high],
            "let_through": one.let_through, "notes": one.notes,
            "instrument": instrument_json(one.found),
            "ions": [called_json(c) for c in one.fragments],
            "abundance_covariance": plain(one.found.covariance),
            "covariance_of": [str(call.ion) for call in one.found.called],
            "unexplained": [vars(peak) for peak in one.found.unexplained],
        }  # fmt: skip


def called_json(one: CalledFragment) -> dict[str, Any]:
    """A called fragment in plain types."""
    names = ("mz_theory", "mz_measured", "error_ppm", "raw_error_ppm", "n_ions", "n_ions_sd",
             "abundance", "abundance_sd", "score", "q_value")  # fmt: skip
    return {
        **_fragment(one.fragment), "called": one.sure,
        **{name: _finite(getattr(one.call, name)) for name in names},
        "rivals": [str(other.ion) for other in one.rivals],
    }  # fmt: skip


def _fragment(one: Fragment) -> dict[str, Any]:
    return {
        "ion": str(one.ion), "formula": str(one.ion.formula), "charge": one.ion.charge,
        "framework": one.framework, "electrons": one.electrons, "steps": one.steps,
        "leaving": one.leaving, "penalty": one.penalty,
        "routes": [str(route) for route in one.routes],
    }  # fmt: skip


def _breakdown(curve: Breakdown) -> dict[str, Any]:
    half = curve.half
    return {
        "energies": plain(curve.energies), "per_charge": curve.per_charge, "gas": curve.gas,
        "lab_ev": plain(curve.lab), "com_ev": plain(curve.com),
        "degrees_of_freedom": curve.degrees_of_freedom,
        "survival": plain(curve.survival), "survival_sd": plain(curve.survival_sd),
        "ions": [str(one.ion) for one in curve.fragments],
        "fraction": plain(curve.fraction), "fraction_sd": plain(curve.fraction_sd),
        "covariance": plain(curve.covariance),
        "e50": None if half is None else {
            "energy": half.centre, "sd": half.along((1.0, 0.0)), "width": half.width,
            "width_sd": half.along((0.0, 1.0)), "onset": half.centre - 2 * half.width,
            "onset_sd": half.along((1.0, -2.0)), "chi2": half.chi2,
            "com_ev": half.centre * curve.to_com,
        },
        "onsets": [{"ion": str(one.fragment.ion), "energy": one.crossing.at,
                    "sd": one.crossing.sd, "above": _finite(one.crossing.low),
                    "below": one.crossing.high} for one in curve.onsets],
        "order": [[str(one.ion) for one in group] for group in curve.order],
        "trends": [{"first": str(one.first.ion), "second": str(one.second.ion),
                    "per_ev": one.per_ev, "sd": one.sd, "chance": one.chance,
                    "compared": one.of, "told": one.told}
                   for one in curve.trends],
        "notes": curve.notes,
    }  # fmt: skip


def _leaving(one: Leaving) -> dict[str, Any]:
    surface = one.surface
    return {
        "metals": one.metals, "piece": one.piece, "ratio": one.ratio, "log_sd": one.log_sd,
        "odds_ratio": one.odds_ratio, "interval": one.interval, "z": one.z, "p": one.p,
        "share": one.share, "heterogeneity_p": _finite(one.heterogeneity_p),
        "per_energy": plain(one.per_energy),
        "steps": [{"losses": k, "share": mean, "sd": sd} for k, mean, sd in one.steps],
        "x": one.x, "n_metals": one.n_metals,
        "surface": None if surface is None else {
            "framework": surface.framework, "sites": surface.sites, "title": surface.title,
            "source": surface.source, "implied": one.implied,
            "expected_share": dict(surface.expected(one.x, one.n_metals)),
        },
    }  # fmt: skip


def plain(values: NDArray[np.float64]) -> Any:
    """An array as lists, six digits each, None for what is not finite."""
    if values.ndim > 1:
        return [plain(row) for row in values]
    return [_finite(float(f"{value:.6g}")) for value in values.tolist()]


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
