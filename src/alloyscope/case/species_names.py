"""Species as a study names them: notation, or a framework of the case with its x."""

from __future__ import annotations

import re
from dataclasses import dataclass

from alloyscope.case.schema import Case
from alloyscope.chemistry.ligand import Vocabulary
from alloyscope.chemistry.notation import parse_ion
from alloyscope.chemistry.species import Ion, Species
from alloyscope.errors import CaseError, message

NAMED = re.compile(r"(\S+)\s+x\s*=\s*(\d+)(?:\s*(?:-|–|\.\.)\s*(\d+))?")
BARE = re.compile(r"(\S+)\s+x\b.*")


@dataclass(frozen=True)
class NamedSpecies:
    """What one name stands for.

    species : one, or several that differ in x
    remark  : what of the name was not taken up
    """

    name: str
    species: tuple[Species, ...]
    remark: str = ""


def named_species(text: str, case: Case, vocabulary: Vocabulary) -> NamedSpecies:
    """The species that a name stands for: `[Ag44(SR)30]4-`, `A x=12`, `M44S26 x=40-43`.

    The name of a parent of the case's reaction is that parent. x counts the case's first metal, the
    second makes up the rest. Of an ion, adducts are left out, and said. Raises CaseError that names
    what is wrong, NotationError for what cannot be read.

    >>> from pathlib import Path
    >>> from alloyscope.case import read_case
    >>> from alloyscope.chemistry import default_vocabulary
    >>> case, known = read_case(Path("au44-ag44")), default_vocabulary().binding("p-MBA")
    >>> [str(one) for one in named_species("C x=42-43", case, known).species]
    ['[Au42Ag2(p-MBA)26]2-', '[Au43Ag(p-MBA)26]2-']
    """
    text = " ".join(text.split())
    found = NAMED.fullmatch(text)
    if found:
        low, high = int(found[2]), int(found[3] or found[2])
        return NamedSpecies(text, _framework(text, found[1], low, high, case, vocabulary))
    parent = _parent(text, case, vocabulary)
    if parent is not None:
        # As bare metal it would be read without a word, which nobody with such a case means.
        return NamedSpecies(text, (parent,), f"{text} is read as the case's parent {parent}")
    if BARE.fullmatch(text) or text in _frameworks(case):
        raise CaseError(
            message(f'species "{text}"', found="a framework without the number of its atoms",
                    expected="one such as A x=12 or A x=1-12")
        )  # fmt: skip
    ion = parse_ion(text, vocabulary)
    if not isinstance(ion, Ion):
        raise CaseError(
            message(f'species "{text}"', found="a formula", expected="metals and ligands apart, as "
                    "in [Ag44(p-MBA)30]4-, or a framework of the case, A x=12")
        )  # fmt: skip
    remark = f"{text}: what the spray added or took away is left out" if ion.adducts else ""
    return NamedSpecies(str(ion.species), (ion.species,), remark)


def _frameworks(case: Case) -> dict[str, tuple[int, int, int]]:
    """Metals, ligands and charge of the case's frameworks, by every name."""
    found: dict[str, tuple[int, int, int]] = {}
    stated = [(f.called, f.metals, f.ligands, f.charge) for f in case.reaction.framework]
    for entry in case.space.framework:
        if entry.charge is not None:
            stated.append((entry.name, entry.metals, entry.ligands, entry.charge))
    for name, metals, ligands, charge in stated:
        for one in (name, f"M{metals}S{ligands}"):
            if one:
                found.setdefault(one, (metals, ligands, charge))
    return found


def _parent(text: str, case: Case, vocabulary: Vocabulary) -> Species | None:
    """The parent of the case's reaction that is called so."""
    entry = next((one for one in case.reaction.parent if one.name == text), None)
    if entry is None:
        return None
    known = _frameworks(case)
    if entry.framework not in known:
        return None
    _, ligands, charge = known[entry.framework]
    ligand = vocabulary.ligand(case.reaction.ligand)
    return Species.of(dict(entry.composition), {ligand: ligands}, charge)


def _framework(
    text: str, name: str, low: int, high: int, case: Case, vocabulary: Vocabulary
) -> tuple[Species, ...]:
    known = _frameworks(case)
    metals = case.space.metals or case.reaction.metals
    where = f'species "{text}"'
    if name not in known or len(metals) < 2:
        raise CaseError(
            message(where, found=f'"{name}"' if known else "no frameworks in the case",
                    expected=f"one of {', '.join(known)}" if known else "a case with frameworks",
                    do="" if known else "For example --case au44-ag44.")
        )  # fmt: skip
    n, ligands, charge = known[name]
    if not low <= high <= n:
        raise CaseError(
            message(where, found=f"x of {low} to {high}" if low != high else f"x of {low}",
                    expected=f"0 to {n}, ascending")
        )  # fmt: skip
    ligand = vocabulary.ligand(case.space.ligands[0] if case.space.framework else "SR")
    return tuple(
        Species.of({metals[0]: x, metals[1]: n - x}, {ligand: ligands}, charge)
        for x in range(low, high + 1)
    )
