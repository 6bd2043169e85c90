"""Frameworks from tables: the bundled ones, and those that a case declares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from typing import Any

import numpy as np

from alloyscope.chemistry.electron_count import electron_count
from alloyscope.chemistry.ligand import Ligand, default_vocabulary
from alloyscope.chemistry.species import Species
from alloyscope.data import bundled_names, toml_table
from alloyscope.errors import StructureError, TableError, message
from alloyscope.structures.framework import Motif, SiteClass, SiteEnergies, StructuralFramework
from alloyscope.structures.geometry import Distance, Geometry
from alloyscope.structures.permutation import PermutationGroup, of_operations
from alloyscope.structures.point_group import point_group
from alloyscope.structures.spring_model import Orbit, Spring, relaxed, spring_lengths

FOLDER = "frameworks"
UNIT_METAL, UNIT_LIGAND = "Au", "p-MBA"
"""One electron given, one withdrawn: what M and SR stand for where nobody says."""


def known_frameworks() -> tuple[str, ...]:
    """Names of the bundled frameworks."""
    return tuple(name.removesuffix(".toml").upper() for name in bundled_names(FOLDER))


@cache
def framework_structure(name: str) -> StructuralFramework:
    """A bundled framework, its coordinates built.

    Raises StructureError for a name that is not known, TableError for a table that contradicts
    itself.

    >>> framework = framework_structure("M44S30")
    >>> [(c.name, c.count) for c in framework.classes], framework.point_group
    ([('icosahedron', 12), ('cube', 8), ('edge', 12), ('mount', 12)], 'Th')
    """
    wanted = name.upper().replace("(SR)", "S")
    if wanted not in known_frameworks():
        raise unknown_framework(name, known_frameworks())
    return framework_from(toml_table(f"{FOLDER}/{wanted.lower()}.toml"))


def unknown_framework(name: str, known: Sequence[str]) -> StructureError:
    """The error that says which frameworks there are."""
    near = get_close_matches(name.upper(), known, n=1)
    return StructureError(
        message("framework", found=f'"{name}"', expected=f"one of {', '.join(known)}",
                do=f"Nearest: {near[0]}." if near else "Declare your own in a case: "
                "[[structure.framework]].")
    )  # fmt: skip


def framework_from(table: Mapping[str, Any]) -> StructuralFramework:
    """A framework from a table; its counts, electrons and neighbours are checked.

    Raises TableError.
    """
    classes = tuple(_site_class(entry) for entry in table.get("class", ()))
    sulfur = tuple(_site_class(entry) for entry in table.get("sulfur", ()))
    motifs = tuple(Motif(**entry) for entry in table.get("motif", ()))
    parent = table.get("parent", "")
    try:
        group, geometry = _built(table) if "point_group" in table else (None, None)
    except StructureError as error:
        raise TableError(f"framework {table['name']}: {error}") from error
    framework = StructuralFramework(
        table["name"], table["metals"], table["ligands"], table["charge"], table["electrons"],
        classes, sulfur, motifs, parent, group, geometry, table.get("unknown", ""),
        tuple(table.get("notes", ())), tuple(_energies(e) for e in table.get("site_energy", ())),
    )  # fmt: skip
    check_electrons(framework, parent or UNIT_METAL, default_vocabulary().ligand(UNIT_LIGAND))
    check_neighbours(framework)
    return framework


def check_electrons(
    framework: StructuralFramework, metal: str, ligand: Ligand,
    valence: Mapping[str, int] | None = None,
) -> None:  # fmt: skip
    """Raise TableError unless the electrons stated follow from metals, ligands and charge."""
    species = Species.of({metal: framework.metals}, {ligand: framework.ligands}, framework.charge)
    counted = electron_count(species, valence)
    if counted != framework.electrons:
        raise TableError(
            message(f"framework {framework.name}", found=f"{framework.electrons} electrons",
                    expected=f"{counted}, as {species} has")
        )  # fmt: skip


def check_neighbours(framework: StructuralFramework) -> None:
    """Raise TableError unless the coordinates show the neighbours that are stated."""
    if framework.geometry is None:
        return
    stated = {c.name: dict(c.neighbours) for c in (*framework.classes, *framework.sulfur)}
    found = framework.geometry.neighbours()
    for kind, seen in zip(framework.geometry.kinds, found, strict=True):
        if stated.get(kind) and seen != stated[kind]:
            raise TableError(
                message(f"framework {framework.name}, neighbours of {kind}", found=f"{seen}",
                        expected=f"{stated[kind]}")
            )  # fmt: skip


def _site_class(entry: Mapping[str, Any]) -> SiteClass:
    return SiteClass(entry["name"], entry["count"], entry.get("motif", ""),
                     dict(entry.get("neighbours", {})), entry.get("place", ""))  # fmt: skip


def _energies(entry: Mapping[str, Any]) -> SiteEnergies:
    ranges = {name: (float(low), float(high)) for name, (low, high) in entry["energy"].items()}
    return SiteEnergies(entry["method"], entry["metal"], ranges, entry["note"])


def _built(table: Mapping[str, Any]) -> tuple[PermutationGroup, Geometry]:
    """Coordinates from the table's springs, and what its point group does to the metals."""
    group = point_group(table["point_group"])
    entries = [*table["class"], *table["sulfur"]]
    orbits = tuple(Orbit(e["name"], e["count"], tuple(e["at"])) for e in entries)
    springs = tuple(_spring(entry) for entry in table["spring"])
    placed = relaxed(group, orbits, springs)
    kinds = tuple(orbit.name for orbit in orbits for _ in range(orbit.count))
    distances = tuple(
        Distance(s.between, s.neighbours, s.stated, (float(found.min()), float(found.max())))
        for s in springs if s.stated for found in (spring_lengths(placed, s),)
    )  # fmt: skip
    positions = np.concatenate([placed[orbit.name] for orbit in orbits])
    n = sum(entry["count"] for entry in table["class"])
    geometry = Geometry(positions, kinds, n, distances)
    return of_operations(group.operations, positions[:n], kinds[:n]), geometry


def _spring(entry: Mapping[str, Any]) -> Spring:
    first, second = entry["between"]
    return Spring((first, second), entry["neighbours"], entry["length"],
                  entry.get("stiffness", 1.0), tuple(entry.get("stated", ())))  # fmt: skip
