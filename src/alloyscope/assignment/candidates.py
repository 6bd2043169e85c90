"""Every ion of a search space, or of a list, inside an m/z range, as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from alloyscope.assignment.enumeration import Columns, of_framework
from alloyscope.assignment.listing import IonListing
from alloyscope.assignment.space import SearchSpace
from alloyscope.chemistry.element import IsotopeTable, default_isotope_table
from alloyscope.chemistry.species import AnyIon
from alloyscope.constants import ELECTRON_MASS
from alloyscope.errors import CaseError, message

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

MOST_IONS = 2_000_000
"""Ions beyond which a space is refused: their isotope patterns would not fit into memory."""


@dataclass(frozen=True, eq=False)
class Candidates:
    """Ions of a search space or a list, one row each.

    framework : (n_ions,) index into space.frameworks, or into the list's ions
    units     : (n_ions, n_units) counts of metals, ligands, substitutes, neutral ligands, H
                (signed), cations, neutral molecules, in this order; of a list, of elements
    charge    : (n_ions,) signed
    core_charge : (n_ions,) of the species; 0 in a list
    core_off  : (n_ions,) core charge less the framework's
    penalty   : (n_ions,) nats
    """

    space: SearchSpace | IonListing
    framework: Integers
    units: Integers
    charge: Integers
    core_charge: Integers
    core_off: Integers
    penalty: Floats

    def __len__(self) -> int:
        return int(self.charge.size)

    def take(self, rows: NDArray[np.intp] | NDArray[np.bool_]) -> Candidates:
        """These rows."""
        return Candidates(
            self.space, self.framework[rows], self.units[rows], self.charge[rows],
            self.core_charge[rows], self.core_off[rows], self.penalty[rows],
        )  # fmt: skip

    @property
    def metals(self) -> tuple[str, ...]:
        """Symbols; the first one is counted as x."""
        return self.space.metals

    @cached_property
    def formulas(self) -> tuple[tuple[str, ...], Integers]:
        """Element symbols, and (n_ions, n_elements) atoms."""
        symbols, per_unit = self.space.unit_atoms
        return symbols, self.units @ per_unit

    @cached_property
    def known(self) -> NDArray[np.bool_]:
        """(n_ions,) whether the framework costs nothing and its core charge is the usual one."""
        if isinstance(self.space, IonListing):
            return np.ones(len(self), np.bool_)
        free = np.array([framework.penalty == 0 for framework in self.space.frameworks])
        return np.asarray(free[self.framework] & (self.core_off == 0))

    def ion(self, row: int) -> AnyIon:
        """The ion of one row."""
        return self.space.ion(int(self.framework[row]), self.units[row].tolist(),
                              int(self.charge[row]), int(self.core_charge[row]))  # fmt: skip

    def framework_name(self, row: int) -> str:
        """Numbers of metals and of anionic ligands, `M44S30`; "" for a plain formula."""
        return self.space.framework_name(int(self.framework[row]))


def candidates(
    space: SearchSpace | IonListing, low: float, high: float, table: IsotopeTable | None = None
) -> Candidates:
    """All ions of the space whose mean m/z lies between `low` and `high`.

    Of ions with one formula and charge, which no mass spectrum can tell apart (a framework with its
    core charge one off is another's neighbour, NH4 is NH3 and H), the one of smallest penalty is
    kept, or the first.

    Raises CaseError for a space with too many combinations.

    >>> from alloyscope.chemistry import parse_ion
    >>> found = candidates(IonListing((parse_ion("[Au25(p-MBA)18-H]2-"),)), 3800, 3850)
    >>> len(found), found.framework_name(0), str(found.ion(0))
    (1, 'M25S18', '[Au25(p-MBA)18-H]2-')
    """
    table = table or default_isotope_table()
    symbols, per_unit = space.unit_atoms
    masses = np.asarray(per_unit @ np.array([table[symbol].mean_mass for symbol in symbols]))
    if isinstance(space, IonListing):
        parts = [_of_list(space, masses, low, high)]
    else:
        parts = _of_space(space, masses, low, high)
    entry, units, charge, core_charge, core_off, penalty = (
        np.concatenate([part[k] for part in parts]) for k in range(6)
    )
    kept = _first_of_each(units @ per_unit, charge, penalty)
    return Candidates(space, entry[kept], units[kept], charge[kept], core_charge[kept],
                      core_off[kept], penalty[kept])  # fmt: skip


def _of_space(space: SearchSpace, masses: Floats, low: float, high: float) -> list[Columns]:
    parts, n_ions = [_nothing(len(masses))], 0
    for index in range(len(space.frameworks)):
        for part in of_framework(space, index, masses, (low, high)):
            parts.append(part)
            n_ions += part[0].size
            if n_ions > MOST_IONS:
                raise CaseError(
                    message("search space", found=f"more than {MOST_IONS:,} ions at these m/z",
                            expected="fewer",
                            do="Give ranges of metals and ligands, fewer adducts or frameworks.")
                )  # fmt: skip
    return parts


def _nothing(n_units: int) -> Columns:
    none = np.zeros(0, np.int64)
    return none, np.zeros((0, n_units), np.int64), none, none, none, np.zeros(0)


def _of_list(listing: IonListing, masses: Floats, low: float, high: float) -> Columns:
    symbols, _ = listing.unit_atoms
    units = np.array([[ion.formula.get(s, 0) for s in symbols] for ion in listing.ions], np.int64)
    charge = np.array([ion.charge for ion in listing.ions], np.int64)
    mean = (units @ masses - charge * ELECTRON_MASS) / np.abs(charge)
    entry = np.flatnonzero((mean >= low) & (mean <= high))
    none = np.zeros(entry.size, np.int64)
    penalty = np.array(listing.penalties or (0.0,) * len(listing.ions))
    return entry, units[entry], charge[entry], none, none, penalty[entry]


def _first_of_each(atoms: Integers, charge: Integers, penalty: Floats) -> NDArray[np.intp]:
    """Rows of different formula or charge, of those alike the cheapest, in their order.

    Rows are told apart by a random linear hash of 64 bits, which a million rows share by chance
    with a probability of 1e-7.
    """
    weights = np.random.default_rng(0).integers(1 << 62, size=atoms.shape[1] + 1, dtype=np.int64)
    key = atoms @ (2 * weights[1:] + 1) + charge * (2 * weights[0] + 1)
    order = np.lexsort((penalty, key))
    first = np.ones(order.size, np.bool_)
    first[1:] = np.diff(key[order]) != 0
    return np.sort(order[first])
