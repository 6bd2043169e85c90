"""A spectrum looked at, with ions laid over it."""

from __future__ import annotations

from alloyscope.assignment.overlay import overlay
from alloyscope.case import Case
from alloyscope.chemistry.element import IsotopeTable
from alloyscope.chemistry.ligand import Vocabulary
from alloyscope.chemistry.notation import parse_ion
from alloyscope.chemistry.species import AnyIon
from alloyscope.errors import EmptySpectrum
from alloyscope.results import Look, OverlaidIon
from alloyscope.spectra import CentroidSpectrum, ProfileSpectrum, centroid, resolving_power
from alloyscope.stages.isotopes import facts_of
from alloyscope.stages.progress import Observe
from alloyscope.stages.spectrum import read


def look(case: Case, vocabulary: Vocabulary, table: IsotopeTable, observe: Observe | None) -> Look:
    """The case's spectrum and its peaks, with the ions the case names laid over it."""
    asked = case.spectrum
    ions = [
        (text, parse_ion(text, vocabulary, case.show.charge or None)) for text in case.show.ions
    ]

    whole = read(asked.file, asked.scans, case, observe)
    spectrum: ProfileSpectrum | CentroidSpectrum
    peaks: CentroidSpectrum | None
    if isinstance(whole, ProfileSpectrum):
        spectrum = whole.window(*asked.mz) if asked.mz else whole
        peaks, power = centroid(spectrum, reference=whole), resolving_power(spectrum)
    else:
        spectrum = peaks = whole.window(*asked.mz) if asked.mz else whole
        power = None
    laid = tuple(_overlaid(text, ion, case, table, whole) for text, ion in ions)
    return Look(spectrum, peaks, power, laid)


def _overlaid(
    text: str,
    ion: AnyIon,
    case: Case,
    table: IsotopeTable,
    spectrum: ProfileSpectrum | CentroidSpectrum,
) -> OverlaidIon:
    facts = facts_of(text, ion, case, table)
    instrument = case.instrument
    try:
        laid = overlay(
            spectrum, ion, instrument.resolving_power or None, table,
            shape=instrument.peak_shape, tail=instrument.tail,
            max_shift_ppm=case.show.max_shift_ppm,
        )  # fmt: skip
    except EmptySpectrum as error:
        return OverlaidIon(facts, None, str(error))
    return OverlaidIon(facts, laid)
