"""Coordinates of a framework of one's own: XYZ, plain or extended."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alloyscope.chemistry.species import is_metal
from alloyscope.errors import StructureError, message
from alloyscope.structures.framework import SiteClass
from alloyscope.structures.geometry import Geometry

Floats = NDArray[np.float64]
DONORS = ("S", "Se", "Te", "P", "Cl", "Br", "I")
"""Elements that bind metals and are drawn; carbon and hydrogen of ligands are left out."""


@dataclass(frozen=True, eq=False)
class Atoms:
    """What an XYZ file holds.

    elements  : (n_atoms,)
    positions : (n_atoms, 3) Å
    classes   : (n_atoms,) of an extended file with a column `class`; () otherwise
    """

    elements: tuple[str, ...]
    positions: Floats
    classes: tuple[str, ...] = ()


def parse_xyz(text: str, where: str) -> Atoms:
    """Atoms of an XYZ file, the first frame of several.

    Raises StructureError that names `where` and the line.
    """
    lines = text.splitlines()
    count = lines[0].strip() if lines else ""
    if not count.isdecimal() or not int(count):
        raise StructureError(
            message(f"{where} line 1", found=f'"{count}"', expected="the number of atoms")
        )
    rows = [line.split() for line in lines[2 : 2 + int(count)] if line.strip()]
    if len(rows) != int(count):
        raise StructureError(
            message(where, found=f"{len(rows)} atoms", expected=f"{count}, as line 1 says")
        )
    column = _class_column(lines[1])
    elements, positions = [], []
    for number, row in enumerate(rows, 3):
        try:
            elements.append(row[0].capitalize())
            positions.append([float(cell) for cell in row[1:4]])
            if len(positions[-1]) < 3 or not np.isfinite(positions[-1]).all():
                raise ValueError
        except ValueError:
            raise StructureError(
                message(f"{where} line {number}", found=f'"{" ".join(row)}"',
                        expected="an element and three coordinates")
            ) from None  # fmt: skip
    named = column is not None and all(len(row) > column for row in rows)
    classes = tuple(row[column] for row in rows) if named and column is not None else ()
    return Atoms(tuple(elements), np.array(positions), classes)


def _class_column(head: str) -> int | None:
    """Place of the column `class` by the Properties of an extended file."""
    stated = re.search(r"Properties=(\S+)", head)
    if not stated:
        return None
    fields = stated[1].strip('"').split(":")
    at = 0
    for name, _, width in zip(fields[0::3], fields[1::3], fields[2::3], strict=False):
        if name == "class":
            return at
        at += int(width) if width.isdecimal() else 1
    return None


def geometry_of(
    atoms: Atoms, classes: Sequence[SiteClass], ligands: int, where: str
) -> tuple[Geometry, tuple[str, ...]]:
    """Coordinates in the order of the classes, and what should be said of them.

    Metals are told by their class where the file has it, else classes follow in the file's order.
    Raises StructureError for another number of metals than the classes hold.
    """
    metal = [k for k, element in enumerate(atoms.elements) if is_metal(element)]
    donor = [k for k, element in enumerate(atoms.elements) if element in DONORS]
    wanted = [c.name for c in classes for _ in range(c.count)]
    if len(metal) != len(wanted):
        raise StructureError(
            message(where, found=f"{len(metal)} metal atoms", expected=f"{len(wanted)}, as the "
                    "site classes hold")
        )  # fmt: skip
    if atoms.classes:
        metal = _by_class(metal, atoms, classes, where)
    centre = atoms.positions[metal].mean(axis=0)
    kinds = (*wanted, *(atoms.elements[k] for k in donor))
    placed = Geometry(
        atoms.positions[[*metal, *donor]] - centre, kinds, len(metal),
        donors=tuple(atoms.elements[k] for k in donor),
    )  # fmt: skip
    return placed, _remarks(atoms, len(metal) + len(donor), len(donor), ligands)


def _by_class(
    metal: list[int], atoms: Atoms, classes: Sequence[SiteClass], where: str
) -> list[int]:
    found = []
    for site_class in classes:
        # A name in a column cannot hold a space; ours are written with an underscore.
        own = [k for k in metal if atoms.classes[k].replace("_", " ") == site_class.name]
        if len(own) != site_class.count:
            raise StructureError(
                message(where, found=f"{len(own)} metal atoms of class {site_class.name}",
                        expected=f"{site_class.count}")
            )  # fmt: skip
        found += own
    return found


def _remarks(atoms: Atoms, kept: int, donors: int, ligands: int) -> tuple[str, ...]:
    said = []
    if left := len(atoms.elements) - kept:
        said.append(f"{left} atoms of ligands that bind no metal are left out.")
    if donors != ligands:
        said.append(
            f"The coordinates have {donors} binding atoms, the framework {ligands} ligands."
        )
    return tuple(said)
