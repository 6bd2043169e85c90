"""From what a case says to the search space of an assignment, or to its list of ions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from difflib import get_close_matches
from typing import Literal

from alloyscope.assignment.listing import IonListing
from alloyscope.assignment.space import (
    Framework,
    Range,
    SearchSpace,
    complexes,
    losses,
    neighbours,
    unique,
    with_fragments,
)
from alloyscope.case.schema import Case
from alloyscope.case.space_section import FrameworkEntry, Space
from alloyscope.chemistry.electron_count import bundled_valence
from alloyscope.chemistry.ligand import Adduct, Ligand, Vocabulary
from alloyscope.chemistry.notation import parse_ion
from alloyscope.chemistry.species import AnyIon, Ion, is_metal
from alloyscope.errors import AlloyscopeError, CaseError, message

Polarity = Literal["negative", "positive"]
PROTONS = {"negative": 2, "positive": 8}
"""Most protons beyond the core's own."""


def search_space(
    case: Case, vocabulary: Vocabulary, polarity: Polarity = "negative", ms_level: int = 1
) -> SearchSpace | IonListing:
    """The ions that the case looks for: a list where [assign] has one, or else its [space].

    polarity : of the spectrum; the list's ions of the other one are left out
    ms_level : from 2 on, fragments have lost one piece more, at half the penalty

    Raises CaseError that names the key, UnknownLigand.

    >>> from pathlib import Path
    >>> from alloyscope.case import read_case
    >>> from alloyscope.chemistry import default_vocabulary
    >>> case = read_case(Path("au44-ag44"))
    >>> space = search_space(case, default_vocabulary().binding("p-MBA"))
    >>> space.metals, space.aliases
    (('Au', 'Ag'), {'M44S26': 'C', 'M44S27': 'B', 'M44S30': 'A'})
    """
    if case.assign.ions:
        return _listing(case, vocabulary, polarity)
    asked, costs = case.space, case.space.penalties
    _check(case)
    ligands = _ligands(asked, vocabulary)
    frameworks = _frameworks(asked, vocabulary, ligands, polarity, ms_level)
    adducts = [(_adduct(name, vocabulary), n) for name, n in asked.adducts.items() if n]
    sign = -1 if polarity == "negative" else 1
    substitutes = ((vocabulary.ligand(name), n) for name, n in asked.substitutes.items() if n)
    return _settled(SearchSpace(
        metals=asked.metals, ligands=ligands, frameworks=frameworks,
        charges=tuple(sign * z for z in range(asked.charges[0], asked.charges[1] + 1)),
        substitutes=tuple(substitutes),
        cations=tuple((adduct, n) for adduct, n in adducts if adduct.charge),
        neutrals=tuple((adduct, n) for adduct, n in adducts if not adduct.charge),
        ranges=_ranges(asked.ranges, vocabulary),
        valence=_valence(case, asked),
        core_off=costs.core_charge, per_cation=costs.cation, per_substitute=costs.substitute,
        per_neutral=costs.neutral, mixed=costs.mixed, most_penalty=costs.most,
        per_proton=costs.proton if polarity == "negative" else costs.cation,
        most_protons=PROTONS[polarity],
    ))  # fmt: skip


def _check(case: Case) -> None:
    """Raise CaseError where there is no space to search."""
    asked = case.space
    if not asked.metals or not (asked.framework or asked.complexes.metals):
        lacks = "metals" if not asked.metals else "framework"
        raise CaseError(
            message("case [space]", found=f"no {lacks}", expected="metals and a framework",
                    do="Start from a bundled case, --case au44-ag44, or list ions, --ions FILE.")
        )  # fmt: skip
    for metal in asked.metals:
        if not is_metal(metal):
            raise CaseError(
                message("case [space] metals", found=f'"{metal}"', expected="symbols of metals")
            )


def _ligands(asked: Space, vocabulary: Vocabulary) -> tuple[Ligand, ...]:
    """Anionic ligands, the thiolate first; one that is a substitute already stays that."""
    swapped = {vocabulary.ligand(name) for name in asked.substitutes}
    found = [vocabulary.ligand(name) for name in asked.ligands]
    kept = [ligand for k, ligand in enumerate(found) if not k or ligand not in swapped]
    for ligand in kept:
        if ligand.charge >= 0:
            raise CaseError(
                message("case [space] ligands", found=f"{ligand} of charge {ligand.charge}",
                        expected="anionic ligands",
                        do=f"Neutral ones belong to a framework: neutral = {{ {ligand} = [0, 4] }}")
            )  # fmt: skip
    if not kept:
        raise CaseError(message("case [space] ligands", found="none", expected='["SR"] or others'))
    return tuple(kept)


def _frameworks(
    asked: Space, vocabulary: Vocabulary, ligands: tuple[Ligand, ...], polarity: str, ms_level: int
) -> tuple[Framework, ...]:
    withdrawn, tandem = ligands[0].electrons, ms_level > 1
    pieces = asked.losses or losses(withdrawn)
    per_loss = asked.penalties.loss * (0.5 if tandem else 1.0)
    found: list[Framework] = []
    for entry in asked.framework:
        found += with_fragments(
            _framework(entry, vocabulary, withdrawn), entry.fragments + tandem, pieces, withdrawn,
            per_loss,
        )  # fmt: skip
    near, bare = asked.neighbours, asked.complexes
    if near.metals and near.ligands:
        found += neighbours(range(near.metals[0], near.metals[1] + 1),
                            range(near.ligands[0], near.ligands[1] + 1),
                            near.electrons, near.penalty, withdrawn)  # fmt: skip
    excess = bare.excess if polarity == "negative" else {*bare.excess, *(-k for k in bare.excess)}
    found += complexes(range(1, bare.metals + 1), sorted(excess), withdrawn, bare.penalty)
    return unique(found)


def _framework(entry: FrameworkEntry, vocabulary: Vocabulary, withdrawn: int) -> Framework:
    charge = entry.charge
    if charge is None:
        charge = entry.metals - withdrawn * entry.ligands - (entry.electrons or 0)
    neutral = []
    for name, (low, high) in entry.neutral.items():
        ligand = vocabulary.ligand(name)
        if ligand.charge:
            raise CaseError(
                message("case [[space.framework]] neutral", found=f"{ligand}, {ligand.charge:+d}",
                        expected="neutral ligands such as PPh3")
            )  # fmt: skip
        neutral.append((ligand, low, high))
    return Framework(
        entry.name or f"M{entry.metals}S{entry.ligands}", entry.metals, entry.ligands, charge,
        entry.penalty, entry.cations, electrons=entry.electrons, core_steps=entry.core_steps,
        ranges=_ranges(entry.ranges, vocabulary), neutral=tuple(neutral),
    )  # fmt: skip


def _ranges(ranges: Mapping[str, tuple[int, int]], vocabulary: Vocabulary) -> tuple[Range, ...]:
    return tuple(
        (name if is_metal(name) else str(vocabulary.ligand(name)), low, high)
        for name, (low, high) in ranges.items()
    )


def _adduct(name: str, vocabulary: Vocabulary) -> Adduct:
    """An adduct by name, or as notation writes it after a sign: C6H5NO3, [C2F3O2]-."""
    found = vocabulary.adduct_names.get(name)
    why = ""
    if found is None:
        try:
            ion = parse_ion(f"[Au+{name}]+", vocabulary)
            found = ion.adducts[0][0] if isinstance(ion, Ion) and len(ion.adducts) == 1 else None
        except AlloyscopeError as error:
            why = str(error)
    if found is None or found.name == "H":
        near = get_close_matches(name, vocabulary.adduct_names, n=3)
        raise CaseError(
            message("case [space] adducts", found=f'"{name}"',
                    expected="a known adduct or a formula, not H, which follows from the charge",
                    do=f"Nearest: {', '.join(near)}." if near and not found else why)
        )  # fmt: skip
    return found


def _valence(case: Case, asked: Space) -> tuple[int, ...]:
    """Valence electrons of each metal; needed where they set a core charge."""
    known = {**bundled_valence(), **case.chemistry.valence}
    lacks = [metal for metal in asked.metals if metal not in known]
    if lacks and (asked.neighbours.metals or any(f.charge is None for f in asked.framework)):
        raise CaseError(
            message("case [space]", found=f"no valence for {', '.join(lacks)}",
                    expected="the valence electrons of every metal",
                    do=f"Give it: [chemistry] valence = {{ {lacks[0]} = 1 }}.")
        )  # fmt: skip
    return tuple(known.get(metal, 1) for metal in asked.metals)


def _settled(space: SearchSpace) -> SearchSpace:
    """The space with frameworks by core charge alone, where that is the same whatever the metals.

    Then a fragment and a neighbour of the same size are seen to be one.
    """
    withdrawn = {ligand.electrons for ligand in space.kinds if ligand.charge}
    if set(space.valence) != {1} or len(withdrawn) > 1:
        return space
    return replace(space, frameworks=unique(replace(f, electrons=None) for f in space.frameworks))


def _listing(case: Case, vocabulary: Vocabulary, polarity: str) -> IonListing:
    ions = [_listed(text, vocabulary) for text in case.assign.ions]
    sign = -1 if polarity == "negative" else 1
    fits = tuple(ion for ion in ions if ion.charge * sign > 0)
    if not fits:
        raise CaseError(
            message("case [assign] ions", found=f"no {polarity} ion among {len(ions)}",
                    expected=f"ions of a {polarity} spectrum", do="State the other polarity.")
        )  # fmt: skip
    return IonListing(fits, _metals_first(case.space.metals, fits))


def _listed(text: str, vocabulary: Vocabulary) -> AnyIon:
    try:
        ion = parse_ion(text, vocabulary)
    except AlloyscopeError as error:
        raise CaseError(f"case [assign] ions: {error}") from error
    if not ion.charge:
        raise CaseError(
            message("case [assign] ions", found=f'"{text}" without a charge',
                    expected="one in the ion, or in the column charge")
        )  # fmt: skip
    return ion


def _metals_first(stated: Iterable[str], ions: tuple[AnyIon, ...]) -> tuple[str, ...]:
    """Metals of the ions, those that the case states first; heaviest first when it states none."""
    held = {m for ion in ions if isinstance(ion, Ion) for m, _ in ion.species.metals}
    rest = IonListing(ions).metals
    return tuple(dict.fromkeys((*(metal for metal in stated if metal in held), *rest)))
