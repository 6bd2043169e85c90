"""From what a case says to a framework and the metals on it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from alloyscope.case.schema import Case
from alloyscope.case.structure_section import StructureFramework
from alloyscope.chemistry.electron_count import electron_count
from alloyscope.chemistry.ligand import Ligand, Vocabulary
from alloyscope.chemistry.species import Species, is_metal
from alloyscope.data import csv_rows, read_table
from alloyscope.errors import AlloyscopeError, CaseError, message
from alloyscope.structures.framework import Motif, StructuralFramework
from alloyscope.structures.framework import SiteClass as Sites
from alloyscope.structures.geometry import Geometry
from alloyscope.structures.library import (
    UNIT_LIGAND,
    check_electrons,
    check_neighbours,
    framework_structure,
    known_frameworks,
    unknown_framework,
)
from alloyscope.structures.permutation import PermutationGroup, permutation_group
from alloyscope.structures.reading import geometry_of, parse_xyz
from alloyscope.structures.symmetry import symmetry_of

BESIDE = {"Au": "Ag", "Ag": "Au"}
"""Metal that is placed on a framework of another where nobody says."""


def structure_named(case: Case, vocabulary: Vocabulary, name: str) -> StructuralFramework:
    """A framework of the case's own, or a bundled one; aliases of [space] are understood.

    Raises StructureError for a name that is not known, CaseError for a framework that contradicts
    itself.
    """
    own = {entry.name: entry for entry in case.structure.framework}
    if name in own:
        return _own(own[name], case, vocabulary)
    aliases = {alias: label for label, alias in case.space.aliases.items()}
    known = (*own, *known_frameworks())
    try:
        return framework_structure(aliases.get(name, name))
    except AlloyscopeError:
        raise unknown_framework(name, known) from None


def _own(entry: StructureFramework, case: Case, vocabulary: Vocabulary) -> StructuralFramework:
    where = f"case [[structure.framework]] {entry.name}"
    try:
        return _made(entry, case, vocabulary)
    except CaseError:
        raise
    except AlloyscopeError as error:
        raise CaseError(f"{where}: {error}") from error


def _made(entry: StructureFramework, case: Case, vocabulary: Vocabulary) -> StructuralFramework:
    sites = tuple(Sites(s.name, s.count, s.motif, s.neighbours, s.place) for s in entry.site)
    motifs = tuple(Motif(m.name, m.count, m.metals, m.ligands, m.formula) for m in entry.motif)
    names = [s.name for s in sites for _ in range(s.count)]
    group: PermutationGroup | None = None
    geometry: Geometry | None = None
    notes: tuple[str, ...] = ()
    if entry.coordinates:
        where = Path(entry.coordinates).name
        atoms = parse_xyz(read_table(Path(entry.coordinates)), where)
        geometry, notes = geometry_of(atoms, sites, entry.ligands, where)
        n = geometry.n_metals
        group = symmetry_of(geometry.positions[:n], geometry.kinds[:n], entry.tolerance)
    elif entry.generators or entry.reflections:
        group = permutation_group(len(names), entry.generators, entry.reflections)
    ligand = _ligand(entry, case, vocabulary)
    valence = case.chemistry.valence
    species = Species.of({entry.parent: entry.metals}, {ligand: entry.ligands}, entry.charge)
    counted = electron_count(species, valence)
    framework = StructuralFramework(
        entry.name, entry.metals, entry.ligands, entry.charge,
        counted if entry.electrons is None else entry.electrons, sites, (), motifs, entry.parent,
        group, geometry, "" if group else "coordinates and symmetry", notes,
    )  # fmt: skip
    check_electrons(framework, entry.parent, ligand, valence)
    check_neighbours(framework)
    return framework


def _ligand(entry: StructureFramework, case: Case, vocabulary: Vocabulary) -> Ligand:
    return vocabulary.ligand(entry.ligand or case.chemistry.thiolate or UNIT_LIGAND)


def ligand_of(case: Case, vocabulary: Vocabulary, framework: StructuralFramework) -> Ligand:
    """What is bound to a framework; where nobody names it, one that is called SR."""
    own = {entry.name: entry.ligand for entry in case.structure.framework}
    name = own.get(framework.name) or case.chemistry.thiolate
    return vocabulary.ligand(name) if name else replace(vocabulary.ligand(UNIT_LIGAND), name="SR")


def metals_of(case: Case, framework: StructuralFramework) -> tuple[str, ...]:
    """Metals that are placed, the first counted as x. Raises CaseError for what is no metal."""
    stated = case.structure.metals or case.reaction.metals
    if not stated:
        parent = framework.parent or "Ag"
        stated = (BESIDE.get(parent, "Au"), parent)
    for metal in stated:
        if not is_metal(metal):
            raise CaseError(
                message("case [structure] metals", found=f'"{metal}"', expected="symbols of metals")
            )
    return stated


def distribution_of(case: Case, framework: StructuralFramework) -> dict[int, float]:
    """How much there is of each x by [structure] distribution, at the last time that it has.

    Raises CaseError for a file without columns x and fraction, or without this framework.
    """
    path = Path(case.structure.distribution)
    rows = csv_rows(read_table(path))
    where = f"{path.name}, [structure] distribution"
    if not rows or not {"x", "fraction"} <= set(rows[0]):
        raise CaseError(
            message(where, found=f"columns {', '.join(rows[0]) if rows else 'none'}",
                    expected="x and fraction, as distribution.csv of assign and speciation.csv of "
                    "simulate have them")
        )  # fmt: skip
    own = [row for row in rows if row.get("framework", framework.name) == framework.name]
    times = {row.get("time_min", "") for row in own}
    last = max(times, key=lambda text: float(text or 0), default="")
    try:
        found = {int(row["x"]): float(row["fraction"]) for row in own
                 if row.get("time_min", "") == last}  # fmt: skip
    except ValueError as error:
        raise CaseError(
            message(where, found=str(error), expected="a whole x and a fraction in each row")
        ) from error
    if not found or sum(found.values()) <= 0:
        raise CaseError(
            message(where, found=f"no {framework.name}", expected="rows of that framework")
        )
    return found
