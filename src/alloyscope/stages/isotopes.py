"""Isotope patterns of the ions a case names."""

from __future__ import annotations

from alloyscope.case import Case
from alloyscope.chemistry.electron_count import electron_count
from alloyscope.chemistry.element import IsotopeTable
from alloyscope.chemistry.ligand import Vocabulary
from alloyscope.chemistry.notation import parse_ion
from alloyscope.chemistry.species import AnyIon, Ion, mz
from alloyscope.errors import ElectronCountError
from alloyscope.isotopes.distribution import distribution
from alloyscope.isotopes.envelope import envelope
from alloyscope.isotopes.fine_structure import fine_structure
from alloyscope.results import IonFacts, Pattern


def pattern_of(text: str, case: Case, vocabulary: Vocabulary, table: IsotopeTable) -> Pattern:
    """The isotope pattern of an ion, with its envelope where the case states a resolving power."""
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
    return Pattern(facts_of(text, ion, case, table), places, probability, drawn,
                   fine=asked.fine_structure > 0)  # fmt: skip


def facts_of(text: str, ion: AnyIon, case: Case, table: IsotopeTable) -> IonFacts:
    """What is known of an ion before any measurement."""
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
