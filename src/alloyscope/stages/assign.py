"""A spectrum assigned."""

from __future__ import annotations

from pathlib import Path

from alloyscope.assignment.assignment import Assignment
from alloyscope.assignment.listing import IonListing
from alloyscope.assignment.space import SearchSpace
from alloyscope.case import Case
from alloyscope.case.space import search_space
from alloyscope.chemistry.element import IsotopeTable
from alloyscope.chemistry.ligand import Vocabulary
from alloyscope.chemistry.notation import parse_ion
from alloyscope.chemistry.species import AnyIon, Ion
from alloyscope.errors import AlloyscopeError, CaseError, message
from alloyscope.results import Assigned, Columns
from alloyscope.stages.progress import Observe
from alloyscope.stages.spectrum import profile


def assigned(
    case: Case, vocabulary: Vocabulary, table: IsotopeTable, observe: Observe | None
) -> Assigned:
    """The case's spectrum assigned. Raises SpectrumError for a peak list, CaseError for a key."""
    from alloyscope.assignment.assign import Hints, assign

    asked, instrument = case.assign, case.instrument
    whole = profile(case.spectrum.file, case.spectrum.scans, case, observe)
    spectrum = whole.window(*case.spectrum.mz) if case.spectrum.mz else whole
    taken = spectrum.acquisition
    polarity = case.spectrum.polarity or taken.polarity
    space = search_space(case, vocabulary, polarity or "negative", taken.ms_level or 1)
    hints = Hints(
        resolving_power=instrument.resolving_power,
        resolving_power_at=asked.resolving_power_at,
        mass_accuracy_ppm=asked.mass_accuracy,
        transform=transform_of(asked.analyzer or taken.analyzer or ""), lock=asked.lock,
    )  # fmt: skip
    found = assign(
        spectrum, space, hints=hints,
        require=_named(asked.require, "require", vocabulary),
        exclude=_named(asked.exclude, "exclude", vocabulary),
        blank=profile(asked.blank, "", case, observe) if asked.blank else None,
        q=asked.q, table=table, observe=observe,
    )  # fmt: skip
    remarks = () if polarity else ("The file does not state its polarity: taken for negative.",)
    return Assigned(found, columns_of(space, found), space.aliases, Path(asked.blank).name, remarks)


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


def transform_of(analyzer: str) -> bool | None:
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
