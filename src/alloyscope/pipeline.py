"""The one pipeline: `run(case) -> Results`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from alloyscope.assignment.assignment import Assignment
from alloyscope.assignment.identify import Identification, identify
from alloyscope.assignment.listing import IonListing
from alloyscope.assignment.overlay import overlay
from alloyscope.assignment.space import SearchSpace
from alloyscope.case import Case
from alloyscope.case.experiment import experiment_of, times_of
from alloyscope.case.observations import read_observations
from alloyscope.case.plan import concentration_of, search_of, target_of, total_of
from alloyscope.case.reaction import reaction_of
from alloyscope.case.space import search_space
from alloyscope.chemistry.electron_count import electron_count
from alloyscope.chemistry.element import IsotopeTable, isotope_table
from alloyscope.chemistry.ligand import Vocabulary, default_vocabulary, ligand_from
from alloyscope.chemistry.notation import parse_ion
from alloyscope.chemistry.species import AnyIon, Ion, mz
from alloyscope.errors import (
    AlloyscopeError,
    CaseError,
    ElectronCountError,
    EmptySpectrum,
    ReactionError,
    SpectrumError,
    message,
)
from alloyscope.fitting import compared, fitted
from alloyscope.isotopes.distribution import distribution
from alloyscope.isotopes.envelope import envelope
from alloyscope.isotopes.fine_structure import fine_structure
from alloyscope.reaction.design import Plan, plan
from alloyscope.reaction.mass_balance import MassBalance, audit
from alloyscope.reaction.simulated import Simulated, simulated
from alloyscope.results import (
    Assigned,
    Columns,
    IonFacts,
    Look,
    OverlaidIon,
    Pattern,
    Results,
)
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


def run(
    case: Case, observe: Observe | None = None, *, processes: int = 1, journal: Path | None = None
) -> Results:
    """Do all that the case asks for.

    processes : that fits share
    journal   : of what fits have finished, so that they can be taken up again
    Raises an AlloyscopeError with one clear line for anything that cannot be done.
    """
    vocabulary = vocabulary_of(case)
    table = isotope_table(case.chemistry.isotope_table or None)
    patterns = tuple(_pattern(text, case, vocabulary, table) for text in case.isotopes.ions)
    assigned = _assigned(case, vocabulary, table, observe) if asks_assignment(case) else None
    looked = bool(case.spectrum.file) and (assigned is None or bool(case.show.ions))
    look = _look(case, vocabulary, table, observe) if looked else None
    identified = _identified(case, vocabulary, table)
    simulation = _simulated(case, vocabulary, observe) if asks_simulation(case) else None
    seen, use = bool(case.observations.file), case.observations.use
    audited = _audited(case, vocabulary) if use == "audit" and seen else None
    how = (case, vocabulary, observe, processes, journal)
    fit = fitted(*how) if use == "fit" else None
    comparison = compared(*how) if use == "compare" else None
    planned = _planned(case, vocabulary, observe) if asks_plan(case) else None
    return Results(case, patterns, look, identified=identified, assigned=assigned,
                   simulated=simulation, audited=audited,
                   fitted=fit, compared=comparison, planned=planned)  # fmt: skip


def asks_assignment(case: Case) -> bool:
    """Whether the case has a spectrum and says what to look for in it."""
    sought = case.assign.ions or case.space.framework or case.space.complexes.metals
    return bool(case.spectrum.file and sought)


def asks_simulation(case: Case) -> bool:
    """Whether the case says what is mixed."""
    return bool(case.experiment.ratio or case.experiment.volumes)


def asks_plan(case: Case) -> bool:
    """Whether the case says what product is wanted."""
    return bool(case.plan.framework or case.plan.x)


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

    whole = _read(asked.file, asked.scans, case, observe)
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


def _read(
    file: str, scans: str, case: Case, observe: Observe | None
) -> ProfileSpectrum | CentroidSpectrum:
    def progress(done: int, total: int | None) -> None:
        if observe is not None:
            observe("reading scans", done, total)

    return read_mass_spectrum(
        Path(file),
        scans=ScanRange.parse(scans) if scans else None,
        ms_level=case.spectrum.ms_level or None,
        polarity=case.spectrum.polarity or None,
        mode=case.spectrum.mode or None,
        progress=progress,
    )


def _profile(file: str, scans: str, case: Case, observe: Observe | None) -> ProfileSpectrum:
    found = _read(file, scans, case, observe)
    if not isinstance(found, ProfileSpectrum):
        raise SpectrumError(
            message(found.acquisition.source, found="a peak list", expected="a profile, whose "
                    "peaks span several points", do="Assignment weighs the shape of each envelope.")
        )  # fmt: skip
    return found


def _assigned(
    case: Case, vocabulary: Vocabulary, table: IsotopeTable, observe: Observe | None
) -> Assigned:
    from alloyscope.assignment.assign import Hints, assign

    asked, instrument = case.assign, case.instrument
    whole = _profile(case.spectrum.file, case.spectrum.scans, case, observe)
    spectrum = whole.window(*case.spectrum.mz) if case.spectrum.mz else whole
    taken = spectrum.acquisition
    polarity = case.spectrum.polarity or taken.polarity
    space = search_space(case, vocabulary, polarity or "negative", taken.ms_level or 1)
    hints = Hints(
        resolving_power=instrument.resolving_power,
        resolving_power_at=asked.resolving_power_at,
        mass_accuracy_ppm=asked.mass_accuracy,
        transform=_transform(asked.analyzer or taken.analyzer or ""), lock=asked.lock,
    )  # fmt: skip
    found = assign(
        spectrum, space, hints=hints,
        require=_named(asked.require, "require", vocabulary),
        exclude=_named(asked.exclude, "exclude", vocabulary),
        blank=_profile(asked.blank, "", case, observe) if asked.blank else None,
        q=asked.q, table=table, observe=observe,
    )  # fmt: skip
    remarks = () if polarity else ("The file does not state its polarity: taken for negative.",)
    return Assigned(found, columns_of(space, found), space.aliases, Path(asked.blank).name, remarks)


def _simulated(case: Case, vocabulary: Vocabulary, observe: Observe | None) -> Simulated:
    reaction = reaction_of(case, vocabulary)
    experiment = experiment_of(case, reaction)
    return simulated(reaction, experiment, times_of(case, experiment), observe)


def _planned(case: Case, vocabulary: Vocabulary, observe: Observe | None) -> Plan:
    reaction, asked = reaction_of(case, vocabulary), case.plan
    return plan(
        reaction, target_of(case, reaction), asked.aim, search_of(case, reaction), asked.draws,
        asked.seed, total_of(case), concentration_of(case), observe,
    )  # fmt: skip


def _audited(case: Case, vocabulary: Vocabulary) -> MassBalance:
    """Whether the reported products hold what was fed. Raises CaseError that names the file."""
    reaction, file = reaction_of(case, vocabulary), Path(case.observations.file)
    statements = read_observations(file, reaction).statements
    try:
        return audit(reaction, statements)
    except ReactionError as error:
        raise CaseError(f"{file.name}: {error}") from error


def _transform(analyzer: str) -> bool | None:
    """Whether an analyser is a Fourier transform one; None where its name does not say."""
    name = analyzer.lower()
    if any(word in name for word in ("tof", "flight")):
        return False
    return True if any(word in name for word in ("ft", "orbi", "fourier", "icr", "cycl")) else None


def _named(texts: tuple[str, ...], key: str, vocabulary: Vocabulary) -> tuple[AnyIon, ...]:
    """Ions of the case's [assign]. Raises CaseError that names the key."""
    found = []
    for text in texts:
        try:
            ion = parse_ion(text, vocabulary)
        except AlloyscopeError as error:
            raise CaseError(f"case [assign] {key}: {error}") from error
        if not ion.charge:
            raise CaseError(
                message(f"case [assign] {key}", found=f'"{text}" without a charge',
                        expected="one such as [Ag44(SR)30]4-")
            )  # fmt: skip
        found.append(ion)
    return tuple(found)


def columns_of(space: SearchSpace | IonListing, found: Assignment) -> Columns:
    """All that ions of the space can be made of, and what else those found are made of."""
    metals = dict.fromkeys(space.metals)
    ligands: dict[str, None] = {}
    adducts: dict[str, None] = {"H": None}
    ions = [member.ion for call in found.called for member in call.members]
    if isinstance(space, IonListing):
        ions += space.ions
    else:
        ligands |= dict.fromkeys(ligand.name for ligand in space.kinds)
        adducts |= dict.fromkeys(adduct.name for adduct in space.added)
    for ion in ions:
        if isinstance(ion, Ion):
            metals |= dict.fromkeys(symbol for symbol, _ in ion.species.metals)
            ligands |= dict.fromkeys(ligand.name for ligand, _ in ion.species.ligands)
            adducts |= dict.fromkeys(adduct.name for adduct, _ in ion.adducts)
    return Columns(tuple(metals), tuple(ligands), tuple(adducts))


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
