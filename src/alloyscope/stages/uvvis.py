"""Absorption spectra: bands, mixtures, time courses, colour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from alloyscope.case import Case
from alloyscope.case.populations import populations_of
from alloyscope.case.reference_spectra import references_of, sketches_for
from alloyscope.chemistry.ligand import Vocabulary
from alloyscope.errors import CaseError, EmptySpectrum, ReactionError, SpectrumError, message
from alloyscope.reaction.experiment import parse_time
from alloyscope.results.uvvis import DEPTHS, TimeCourse, UvvisRun
from alloyscope.spectra.absorption_spectrum import AbsorptionSeries
from alloyscope.spectra.read_absorption import read_absorption
from alloyscope.stages.progress import Observe
from alloyscope.uvvis.band_kinetics import band_kinetics
from alloyscope.uvvis.band_matching import match_bands
from alloyscope.uvvis.bands import BandAnalysis
from alloyscope.uvvis.colour import Colour, colours_by_depth
from alloyscope.uvvis.find_bands import find_bands
from alloyscope.uvvis.hard import species_spectra
from alloyscope.uvvis.isosbestic import isosbestic_points
from alloyscope.uvvis.nuisance import Nuisance
from alloyscope.uvvis.rank import significant_rank
from alloyscope.uvvis.reference import Reference
from alloyscope.uvvis.unmix import unmix
from alloyscope.uvvis.unmixing import Unmixing

SAME_NM = 20.0
"""Bands of two spectra nearer than this are followed as one."""

PATH_CM = 1.0
"""Length of a cuvette where none is stated."""


def uvvis_run(case: Case, vocabulary: Vocabulary, observe: Observe | None) -> UvvisRun:
    """The case's absorption spectra looked at.

    Raises SpectrumError, UnmixingError, CaseError that names the key.
    """
    asked = case.uvvis
    series, notes = read_series(case, observe)
    references = references_of(case, vocabulary)
    if asked.sketches:
        references = (*references, *sketches_for(case, series, references))
    populations = (
        populations_of(case, vocabulary, series) if asked.populations or asked.ratio else None
    )
    unmixed = _unmixed(case, series, references) if references or asked.unknown else None
    analysed = _analysed(len(series), asked.analysed)
    bands = _bands(case, series, analysed, observe)
    course = _course(case, series, bands, observe) if len(series) > 1 else None
    species = None
    if populations and course:
        # The noise of the series: what a spectrum leaves that alone tells a species is no measure.
        species = species_spectra(series, populations.speciation, noise=course.rank.noise_sd,
                                  false_alarm=asked.false_alarm)  # fmt: skip
    colours, why = _colours(case, series)
    return UvvisRun(
        series, series.path_cm or PATH_CM, analysed, bands,
        tuple(match_bands(one) for one in bands), course, references, unmixed, populations,
        species, colours, (*series.notes, *notes, *why),
    )  # fmt: skip


def read_series(case: Case, observe: Observe | None) -> tuple[AbsorptionSeries, tuple[str, ...]]:
    """The case's spectra, cut to its window, and what to say of the cuvette.

    Raises SpectrumError, CaseError that names the key.
    """
    asked = case.uvvis

    def progress(done: int, total: int | None) -> None:
        if observe is not None:
            observe("reading spectra", done, total)

    whole = read_absorption(Path(asked.file), times=_times(asked.times), progress=progress)
    series = _window(whole, asked.window)
    _check_bands(series, asked.bands)
    if asked.path:
        return replace(series, path_cm=asked.path), ()
    said = "" if series.path_cm else f"Length of the cuvette taken for {PATH_CM:g} cm."
    return series, (said,) if said else ()


def _colours(
    case: Case, series: AbsorptionSeries
) -> tuple[tuple[tuple[Colour, ...], ...], tuple[str, ...]]:
    """Colours of each spectrum at each depth, and why there are none."""
    try:
        found = [
            colours_by_depth(series.spectrum(k), DEPTHS, illuminant=case.uvvis.illuminant)
            for k in range(len(series))
        ]
    except SpectrumError as error:
        return (), (f"No colour is told: {error}",)
    return tuple(found), tuple(dict.fromkeys(
        note for row in found for one in row for note in one.notes if note not in series.notes
    ))  # fmt: skip


def _times(texts: Sequence[str]) -> list[float] | None:
    if not texts:
        return None
    try:
        return [parse_time(text) for text in texts]
    except ReactionError as error:
        raise CaseError(f"case [uvvis] times: {error}") from error


def _check_bands(series: AbsorptionSeries, bands: Sequence[float]) -> None:
    low, high = series.wavelength_nm[[0, -1]]
    outside = [at for at in bands if not low <= at <= high]
    if outside:
        raise CaseError(
            message("case [uvvis] bands", found=f"{outside[0]:g} nm",
                    expected=f"wavelengths of {series.source}, {low:g} to {high:g} nm")
        )  # fmt: skip


def _window(series: AbsorptionSeries, window: tuple[float, ...]) -> AbsorptionSeries:
    if not window:
        return series
    low, high = window
    try:
        return series.window(low, high)
    except EmptySpectrum:
        first, last = series.wavelength_nm[[0, -1]]
        raise CaseError(
            message("case [uvvis] window", found=f"{low:g} to {high:g} nm",
                    expected=f"a part of {series.source}, {first:g} to {last:g} nm")
        ) from None  # fmt: skip


def _unmixed(case: Case, series: AbsorptionSeries, references: Sequence[Reference]) -> Unmixing:
    asked = case.uvvis
    terms = Nuisance(offset=asked.offset, slope=asked.slope, scatter=asked.scatter)
    return unmix(
        series, references, unknown=asked.unknown, nuisance=terms, noise=asked.noise or None,
        seed=asked.seed, allow_sketches=asked.sketches, false_alarm=asked.false_alarm,
    )  # fmt: skip


def _analysed(n: int, most: int) -> tuple[int, ...]:
    """Indices of the spectra in which bands are sought, evenly from the first to the last."""
    if not most or most >= n:
        return tuple(range(n))
    if most == 1:
        return (n - 1,)
    return tuple(sorted({round(k) for k in np.linspace(0, n - 1, most)}))


def _bands(
    case: Case, series: AbsorptionSeries, analysed: Sequence[int], observe: Observe | None
) -> tuple[BandAnalysis, ...]:
    found = []
    for done, index in enumerate(analysed):
        if observe is not None:
            observe("looking for bands", done, len(analysed))
        found.append(find_bands(series.spectrum(index), noise=case.uvvis.noise or None,
                                scatter=case.uvvis.scatter))  # fmt: skip
    return tuple(found)


def _course(
    case: Case, series: AbsorptionSeries, bands: Sequence[BandAnalysis], observe: Observe | None
) -> TimeCourse:
    asked = case.uvvis
    if observe is not None:
        observe("following the series", 0, None)
    rank = significant_rank(series, asked.noise or None, false_alarm=asked.false_alarm,
                            seed=asked.seed)  # fmt: skip
    crossings = isosbestic_points(series, rank.noise)
    if series.time_min is None:
        return TimeCourse(rank, crossings, None)
    followed = asked.bands or followed_bands(bands)
    return TimeCourse(rank, crossings, band_kinetics(series, followed, rank.noise))


def followed_bands(bands: Sequence[BandAnalysis]) -> tuple[float, ...]:
    """Centres of the maxima and shoulders of several spectra, each once, maxima first."""
    seen = sorted(
        (band for one in bands for band in one.bands if band.sure or band.kind == "peak"),
        key=lambda band: (band.kind != "peak", -band.significance),
    )
    kept: list[float] = []
    for band in seen:
        if all(abs(band.position_nm - other) > SAME_NM for other in kept):
            kept.append(band.position_nm)
    return tuple(sorted(round(at, 1) for at in kept))
