"""Absorption spectra looked at: bands, mixtures, time courses, colour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alloyscope.case.populations import Populations
from alloyscope.spectra.absorption_spectrum import AbsorptionSeries
from alloyscope.uvvis.band_kinetics import BandCourse, BandKinetics, RateConstant
from alloyscope.uvvis.band_matching import BandMatch
from alloyscope.uvvis.bands import BandAnalysis
from alloyscope.uvvis.colour import Colour
from alloyscope.uvvis.hard import SpeciesSpectra
from alloyscope.uvvis.isosbestic import Crossing, IsosbesticPoints
from alloyscope.uvvis.rank import Rank
from alloyscope.uvvis.reference import Reference
from alloyscope.uvvis.unmixing import Unmixing

Floats = NDArray[np.float64]
DEPTHS = (0.25, 0.5, 1.0, 2.0, 4.0)
"""Depths of solution at which its colour is told, over that of the cuvette."""


@dataclass(frozen=True, eq=False)
class TimeCourse:
    """What a series says as a whole.

    kinetics : None where the series has no times
    """

    rank: Rank
    isosbestic: IsosbesticPoints
    kinetics: BandKinetics | None


@dataclass(frozen=True, eq=False)
class UvvisRun:
    """Absorption spectra looked at.

    series     : read, and cut to the case's window
    path_cm    : length of the cuvette, as stated or assumed
    analysed   : indices of the spectra in which bands were sought
    bands      : of each of these
    matches    : known clusters beside the bands of each, the least likely by chance first
    course     : None of a spectrum alone
    references : what was looked for; among them sketches, where these were allowed
    unmixed    : None where neither references nor unknown components were asked for
    populations, species : species' spectra from populations, where these were given
    colours    : of each spectrum, at each of `DEPTHS`; none where 400 to 700 nm are not measured
    notes      : what the user must know, one sentence each
    """

    series: AbsorptionSeries
    path_cm: float
    analysed: tuple[int, ...]
    bands: tuple[BandAnalysis, ...]
    matches: tuple[tuple[BandMatch, ...], ...] = ()
    course: TimeCourse | None = None
    references: tuple[Reference, ...] = ()
    unmixed: Unmixing | None = None
    populations: Populations | None = None
    species: SpeciesSpectra | None = None
    colours: tuple[tuple[Colour, ...], ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def sketched(self) -> frozenset[str]:
        """Names of references that are sketches from band positions."""
        return frozenset(one.name for one in self.references if one.spectrum.sketch)

    def as_json(self) -> dict[str, Any]:
        """Everything in plain types, without the spectra's points."""
        series, course = self.series, self.course
        return {
            "source": series.source, "spectra": list(series.names),
            "time_min": None if series.time_min is None else series.time_min.tolist(),
            "window_nm": [float(series.wavelength_nm[0]), float(series.wavelength_nm[-1])],
            "points": series.wavelength_nm.size, "path_cm": self.path_cm,
            "bands": [plain(one.as_json()) for one in self.bands],
            "rank": rank_json(course.rank) if course else None,
            "isosbestic": isosbestic_json(course.isosbestic) if course else None,
            "kinetics": kinetics_json(course.kinetics) if course and course.kinetics else None,
            "unmixing": unmixing_json(self.unmixed, self.sketched) if self.unmixed else None,
            "species_spectra": species_json(self) if self.species else None,
            "matches": [[_match(one) for one in some] for some in self.matches],
            "colour": [[plain(vars(one)) for one in row] for row in self.colours],
            "notes": list(self.notes),
        }  # fmt: skip


def _match(found: BandMatch) -> dict[str, Any]:
    return _plain_table({
        "cluster": str(found.reference.species), "verdict": found.verdict, "chance": found.chance,
        "stated_nm": list(found.reference.positions_nm), "offsets_nm": found.offsets,
        "missing_nm": [band.nm for band in found.missing], "source": found.reference.source,
    })  # fmt: skip


def rank_json(rank: Rank) -> dict[str, Any]:
    """Components in plain types."""
    return _plain_table({
        "rank": rank.rank, "without_baseline": rank.without_baseline, "most": rank.most,
        "false_alarm": rank.false_alarm, "noise_sd": rank.noise_sd,
        "noise_length_points": rank.noise.length, "singular_values": rank.singular_values,
        "threshold": rank.threshold, "p": rank.p, "smoothness": rank.smoothness,
        "smooth": rank.smooth, "notes": rank.notes,
    })  # fmt: skip


def isosbestic_json(found: IsosbesticPoints) -> dict[str, Any]:
    """Crossings in plain types."""
    return _plain_table({
        "first": found.first, "last": found.last, "verdict": found.verdict,
        "points": [_crossing(point) for point in found.points],
        "parts": [isosbestic_json(part) for part in found.parts], "notes": found.notes,
    })  # fmt: skip


def _crossing(point: Crossing) -> dict[str, Any]:
    return vars(point)


def kinetics_json(kinetics: BandKinetics) -> dict[str, Any]:
    """Rate constants in plain types."""
    return _plain_table({
        "together": [_constant(one) for one in kinetics.constants],
        "bands": [_course(one) for one in kinetics.each],
        "bands_together": [_course(one) for one in kinetics.together], "notes": kinetics.notes,
    })  # fmt: skip


def _course(course: BandCourse) -> dict[str, Any]:
    return {**vars(course), "constants": [_constant(one) for one in course.constants],
            "half": vars(course.half),
            "turn": vars(course.turn) if course.turn else None}  # fmt: skip


def _constant(constant: RateConstant) -> dict[str, Any]:
    return dict(vars(constant))


def unmixing_json(found: Unmixing, sketched: frozenset[str] = frozenset()) -> dict[str, Any]:
    """Amounts in plain types."""
    low, high = found.fraction_interval
    return _plain_table({
        "verdict": found.verdict, "something_else": found.goodness.something_else,
        "p_series": found.goodness.p_series, "p": found.goodness.p_value,
        "structures": [vars(one) for one in found.goodness.structures],
        "components": list(found.names),
        "species": [None if one is None else str(one) for one in found.species],
        "sketches": sorted(sketched), "unknown": found.n_unknown, "unique": found.unique,
        "unit": found.unit, "denominator": found.denominator,
        "amount": found.amounts, "amount_sd": found.sd, "covariance": found.covariance,
        "fraction": found.fraction, "fraction_sd": found.fraction_sd,
        "fraction_low": low, "fraction_high": high,
        "unresolved": [[found.names[k] for k in group.members] for group in found.unresolved],
        "nuisance": {name: found.nuisance[:, k]
                     for k, name in enumerate(found.nuisance_terms.names)},
        "noise_source": found.noise_source, "notes": found.notes,
    })  # fmt: skip


def species_json(run: UvvisRun) -> dict[str, Any]:
    """What was solved for with populations, without the spectra's points."""
    found, known = run.species, run.populations
    assert found is not None
    assert known is not None
    return _plain_table({
        "verdict": found.verdict, "species": list(known.names),
        "representative": [str(one) for one in known.speciation.species],
        "populations": known.speciation.amount, "unit": found.unit,
        "condition": found.condition, "p_series": found.goodness.p_series,
        "unresolved": [[known.names[k] for k in group.members] for group in found.unresolved],
        "notes": [*known.notes, *found.notes],
    })  # fmt: skip


def _plain_table(content: dict[str, Any]) -> dict[str, Any]:
    return {key: plain(value) for key, value in content.items()}


def plain(content: Any) -> Any:
    """Arrays as lists, and numbers that are none as null."""
    if isinstance(content, dict):
        return {str(key): plain(value) for key, value in content.items()}
    if isinstance(content, np.ndarray):
        return plain(content.tolist())
    if isinstance(content, list | tuple | frozenset):
        return [plain(value) for value in content]
    if isinstance(content, float | np.floating):
        return float(content) if np.isfinite(content) else None
    if isinstance(content, np.integer | np.bool_):
        return content.item()
    return content
