"""Every ion of a search space inside an m/z range, as arrays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from alloyscope.assignment.space import Framework, SearchSpace
from alloyscope.chemistry.element import IsotopeTable, default_isotope_table
from alloyscope.chemistry.ligand import default_vocabulary
from alloyscope.chemistry.species import Ion, Species
from alloyscope.constants import ELECTRON_MASS

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
MOST_PROTONS = 2
"""Protons that a core may take up beyond its own."""


@dataclass(frozen=True)
class Candidates:
    """Ions of a search space, one row each.

    framework : (n_ions,) index into space.frameworks
    units     : (n_ions, n_units) counts of metals, ligands, substitutes, H (signed), cations, in
                this order
    charge    : (n_ions,) signed
    core_off  : (n_ions,) core charge less the framework's
    penalty   : (n_ions,) nats
    """

    space: SearchSpace
    framework: Integers
    units: Integers
    charge: Integers
    core_off: Integers
    penalty: Floats

    def __len__(self) -> int:
        return int(self.charge.size)

    def take(self, rows: NDArray[np.intp] | NDArray[np.bool_]) -> Candidates:
        """These rows."""
        return Candidates(self.space, self.framework[rows], self.units[rows], self.charge[rows],
                          self.core_off[rows], self.penalty[rows])  # fmt: skip

    @cached_property
    def formulas(self) -> tuple[tuple[str, ...], Integers]:
        """Element symbols, and (n_ions, n_elements) atoms."""
        symbols, per_unit = _atoms_per_unit(self.space)
        return symbols, self.units @ per_unit

    def ion(self, row: int) -> Ion:
        """The ion of one row."""
        space, counts = self.space, [int(n) for n in self.units[row]]
        n_metals = len(space.metals)
        kinds = [*space.ligands, *(ligand for ligand, _ in space.substitutes)]
        framework = space.frameworks[int(self.framework[row])]
        species = Species.of(
            dict(zip(space.metals, counts, strict=False)),
            dict(zip(kinds, counts[n_metals:], strict=False)),
            framework.core_charge + int(self.core_off[row]),
        )
        proton = default_vocabulary().adduct_names["H"]
        added = [proton, *(adduct for adduct, _ in space.cations)]
        rest = counts[n_metals + len(kinds) :]
        return Ion.of(species, zip(added, rest, strict=True), int(self.charge[row]))


def candidates(
    space: SearchSpace, low: float, high: float, table: IsotopeTable | None = None
) -> Candidates:
    """All ions of the space whose mean m/z lies between `low` and `high`.

    Ions that have the same units and charge by two ways (a framework with its core charge one off
    is another's neighbour) are one, at the smaller penalty.
    """
    masses = _unit_masses(space, table or default_isotope_table())
    parts = [
        part for index, framework in enumerate(space.frameworks)
        for part in _of_framework(space, index, framework, masses, low, high)
    ]  # fmt: skip
    columns = [np.concatenate([part[k] for part in parts]) for k in range(5)] if parts else None
    if columns is None:
        nothing = np.zeros(0, np.int64)
        return Candidates(space, nothing, np.zeros((0, masses.size), np.int64), nothing, nothing,
                          np.zeros(0))  # fmt: skip
    framework, units, charge, core_off, penalty = columns
    keys = np.column_stack((units, charge))
    order = np.lexsort((penalty, *keys.T))
    first = np.ones(order.size, bool)
    first[1:] = (np.diff(keys[order], axis=0) != 0).any(axis=1)
    kept = np.sort(order[first])
    return Candidates(
        space, framework[kept], units[kept], charge[kept], core_off[kept], penalty[kept]
    )


def compositions(total: int, kinds: int) -> Integers:
    """(n, kinds) all ways to divide `total` units among so many kinds.

    >>> compositions(2, 2).tolist()
    [[0, 2], [1, 1], [2, 0]]
    """
    if kinds == 1:
        return np.array([[total]], np.int64)
    return np.concatenate([
        np.column_stack((np.full(len(rest), first), rest))
        for first in range(total + 1)
        for rest in (compositions(total - first, kinds - 1),)
    ])  # fmt: skip


def _bodies(space: SearchSpace, framework: Framework) -> Integers:
    """(n, metals + ligands + substitutes) compositions of a framework."""
    metals = compositions(framework.n_metals, len(space.metals))
    most = [n if framework.substituted else 0 for _, n in space.substitutes]
    shells = []
    for swapped in np.ndindex(*(n + 1 for n in most)):
        left = framework.n_ligands - sum(swapped)
        if left >= 0:
            own = compositions(left, len(space.ligands))
            shells.append(np.column_stack((own, np.tile(swapped, (len(own), 1)))))
    shell = np.concatenate(shells).astype(np.int64)
    return np.column_stack(
        (np.repeat(metals, len(shell), axis=0), np.tile(shell, (len(metals), 1)))
    )


def _of_framework(
    space: SearchSpace, index: int, framework: Framework, masses: Floats, low: float, high: float
) -> Iterator[tuple[Integers, Integers, Integers, Integers, Floats]]:
    bodies = _bodies(space, framework)
    n_metals, n_ligands = len(space.metals), len(space.ligands)
    own = bodies[:, n_metals : n_metals + n_ligands]
    acids = own @ np.array([ligand.acids for ligand in space.ligands])
    swapped = bodies[:, n_metals + n_ligands :].sum(axis=1)
    body_mass = bodies @ masses[: bodies.shape[1]]
    body_penalty = framework.penalty + space.per_substitute * swapped
    cation_charge = np.array([adduct.charge for adduct, _ in space.cations], np.int64)
    rungs = list(np.ndindex(*(min(n, framework.cations) + 1 for _, n in space.cations)))
    ladders = np.array(rungs, np.int64).reshape(len(rungs), len(space.cations))
    offs = (0,) if space.core_off is None else (0, -1, 1)
    for charge in space.charges:
        for off in offs:
            protons = charge - framework.core_charge - off - ladders @ cation_charge
            mass = body_mass[:, None] + ladders @ masses[masses.size - len(space.cations) :]
            mass = mass + protons * masses[bodies.shape[1]] - charge * ELECTRON_MASS
            mean = mass / abs(charge)
            fits = (mean >= low) & (mean <= high)
            fits &= (protons <= MOST_PROTONS) & (-protons <= acids[:, None])
            body, ladder = np.nonzero(fits)
            if body.size == 0:
                continue
            penalty = body_penalty[body] + space.per_cation * ladders[ladder].sum(axis=1)
            penalty += space.per_proton * np.maximum(protons[ladder], 0)
            penalty += (space.core_off or 0.0) * abs(off)
            same = np.ones(body.size, np.int64)
            units = np.column_stack((bodies[body], protons[ladder], ladders[ladder]))
            yield index * same, units, charge * same, off * same, penalty


def _atoms_per_unit(space: SearchSpace) -> tuple[tuple[str, ...], Integers]:
    """Element symbols, and (n_units, n_elements) atoms of each unit."""
    formulas = [
        *({metal: 1} for metal in space.metals),
        *(dict(ligand.formula) for ligand in space.ligands),
        *(dict(ligand.formula) for ligand, _ in space.substitutes),
        {"H": 1},
        *(dict(adduct.formula) for adduct, _ in space.cations),
    ]
    symbols = tuple(sorted({symbol for formula in formulas for symbol in formula}))
    return symbols, np.array([[f.get(s, 0) for s in symbols] for f in formulas], np.int64)


def _unit_masses(space: SearchSpace, table: IsotopeTable) -> Floats:
    """(n_units,) mean mass of each unit, Da; of the proton its hydrogen atom."""
    symbols, per_unit = _atoms_per_unit(space)
    return np.asarray(per_unit @ np.array([table[symbol].mean_mass for symbol in symbols]))
