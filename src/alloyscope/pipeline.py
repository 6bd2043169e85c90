"""The one pipeline: `run(case) -> Results`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from alloyscope.assignment.identify import Identification, identify
from alloyscope.assignment.overlay import overlay
from alloyscope.case import Case
from alloyscope.case.space import search_space
from alloyscope.chemistry.electron_count import electron_count
from alloyscope.chemistry.element import IsotopeTable, isotope_table
from alloyscope.chemistry.ligand import Vocabulary, default_vocabulary, ligand_from
from alloyscope.chemistry.notation import parse_ion
from alloyscope.chemistry.species import AnyIon, Ion, mz
from alloyscope.errors import ElectronCountError, EmptySpectrum
from alloyscope.isotopes.distribution import distribution
from alloyscope.isotopes.envelope import envelope
from alloyscope.isotopes.fine_structure import fine_structure
from alloyscope.results import IonFacts, Look, OverlaidIon, Pattern, Results
from alloyscope.spectra import (
    CentroidSpectrum,
    ProfileSpectrum,
    ScanRange,
    centroid,
    read_mass_spectrum,
    resolving_power,
)

Observe = Callable[[str, int, int | None], None]
"""Told of progress: what is being done, how much is done, and of how much."""


def run(case: Case, observe: Observe | None = None) -> Results:
    """Do all that the case asks for.

    Raises an AlloyscopeError with one clear line for anything that cannot be done.
    """
    vocabulary = vocabulary_of(case)
    table = isotope_table(case.chemistry.isotope_table or None)
    patterns = tuple(_pattern(text, case, vocabulary, table) for text in case.isotopes.ions)
    look = _look(case, vocabulary, table, observe) if case.spectrum.file else None
    identified = _identified(case, vocabulary, table)
    return Results(case, patterns, look, identified=identified)


def vocabulary_of(case: Case) -> Vocabulary:
    """The names that the case's notation may use.

    Raises TableError for a ligand that contradicts itself, UnknownLigand for SR's.
    """
    own = (entry.model_dump(exclude_none=True) for entry in case.chemistry.ligand)
    vocabulary = default_vocabulary().with_ligands(ligand_from(entry) for entry in own)
    return vocabulary.binding(case.chemistry.thiolate or None)


def _facts(text: str, ion: AnyIon, case: Case, table: IsotopeTable) -> IonFacts:
    electrons, why = None, "a plain formula has no count"
    if isinstance(ion, Ion):
        try:
            electrons, why = electron_count(ion, case.chemistry.valence), ""
        except ElectronCountError as error:
            why = str(error)
    formula, charge = ion.formula, ion.charge

    def seen(mass: float) -> float:
        return mz(mass, charge) if charge else mass

    return IonFacts(
        asked=text, ion=ion, electrons=electrons, electrons_remark=why,
        monoisotopic_mz=seen(formula.monoisotopic_mass(table)),
        most_abundant_mz=seen(distribution(formula, table).most_abundant_mass),
        average_mz=seen(formula.average_mass(table)),
        average_mz_sd=formula.average_mass_sd(table) / max(abs(charge), 1),
    )  # fmt: skip


def _pattern(text: str, case: Case, vocabulary: Vocabulary, table: IsotopeTable) -> Pattern:
    ion = parse_ion(text, vocabulary, case.isotopes.charge or None)
    asked, instrument = case.isotopes, case.instrument
    if asked.fine_structure:
        fine = fine_structure(ion.formula, table, coverage=asked.fine_structure)
        mass, probability = fine.mass, fine.probability
    else:
        peaks = distribution(ion.formula, table, prune=asked.prune)
        mass, probability = peaks.mass, peaks.probability
    drawn = None
    if instrument.resolving_power and ion.charge:
        drawn = envelope(
            ion, instrument.resolving_power, table,
            shape=instrument.peak_shape, tail=instrument.tail,
        )  # fmt: skip
    places = mz(mass, ion.charge) if ion.charge else mass
    return Pattern(_facts(text, ion, case, table), places, probability, drawn,
                   fine=asked.fine_structure > 0)  # fmt: skip


def _identified(
    case: Case, vocabulary: Vocabulary, table: IsotopeTable
) -> tuple[Identification, ...]:
    asked = case.identify
    if not asked.mz:
        return ()
    space = search_space(case, vocabulary, asked.seen_as)
    power = case.instrument.resolving_power
    return tuple(
        identify(mz, space, asked.ppm, asked.charge or None, power, table, asked.most,
                 case.chemistry.valence)
        for mz in asked.mz
    )  # fmt: skip


def _look(case: Case, vocabulary: Vocabulary, table: IsotopeTable, observe: Observe | None) -> Look:
    asked = case.spectrum
    ions = [
        (text, parse_ion(text, vocabulary, case.show.charge or None)) for text in case.show.ions
    ]

    def progress(done: int, total: int | None) -> None:
        if observe is not None:
            observe("reading scans", done, total)

    whole = read_mass_spectrum(
        Path(asked.file),
        scans=ScanRange.parse(asked.scans) if asked.scans else None,
        ms_level=asked.ms_level or None,
        polarity=asked.polarity or None,
        mode=asked.mode or None,
        progress=progress,
    )
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
    facts = _facts(text, ion, case, table)
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
