"""Where atoms are: coordinates with classes, distances and bonds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alloyscope.errors import StructureError, message

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

METAL_METAL = 3.25
"""Å between two metals, at most, for them to count as neighbours."""

METAL_SULFUR = 2.85
CLASH = {"metals": 2.45, "metal and sulfur": 2.1, "sulfurs": 3.0}
"""Å: atoms that are nearer than this cannot be."""


@dataclass(frozen=True)
class Distance:
    """A distance that a source states, and what was built.

    stated, found : (least, most) Å
    neighbours    : so many of the second class to each of the first
    """

    between: tuple[str, str]
    neighbours: int
    stated: tuple[float, float]
    found: tuple[float, float]

    @property
    def off(self) -> float:
        """Å beyond what is stated; 0 within it."""
        return max(self.stated[0] - self.found[0], self.found[1] - self.stated[1], 0.0)


@dataclass(frozen=True, eq=False)
class Geometry:
    """Coordinates of metals, then of the atoms that bind them, sulfur as a rule.

    positions : (n_atoms, 3) Å, about the centre
    kinds     : (n_atoms,) class of each
    n_metals  : how many of the atoms are metals
    distances : those that a source states
    donors    : element of each atom that is no metal; () for sulfur
    Raises StructureError for atoms that are nearer to one another than atoms can be.
    """

    positions: Floats
    kinds: tuple[str, ...]
    n_metals: int
    distances: tuple[Distance, ...] = ()
    donors: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for what, (n, apart) in self.nearest.items():
            if apart < CLASH[what]:
                raise StructureError(
                    message("coordinates", found=f"{what} {apart:.2f} Å apart, atom {n + 1}",
                            expected=f"{CLASH[what]:.2f} Å or more")
                )  # fmt: skip

    @property
    def nearest(self) -> dict[str, tuple[int, float]]:
        """For each kind of pair: one of its nearest atoms, and how far apart they are, Å."""
        m, apart = self.n_metals, self._apart()
        blocks = {"metals": apart[:m, :m], "metal and sulfur": apart[:m, m:],
                  "sulfurs": apart[m:, m:]}  # fmt: skip
        return {what: (int(block.min(axis=1).argmin()), float(block.min()))
                for what, block in blocks.items() if block.size}  # fmt: skip

    def _apart(self) -> Floats:
        apart = np.linalg.norm(self.positions[:, None] - self.positions[None], axis=2)
        np.fill_diagonal(apart, np.inf)
        return np.asarray(apart)

    def bonds(self) -> Ints:
        """(n_bonds, 2) atoms that are neighbours, each pair once."""
        apart, m = self._apart(), self.n_metals
        limit = np.zeros_like(apart)
        limit[:m, :m], limit[:m, m:], limit[m:, :m] = METAL_METAL, METAL_SULFUR, METAL_SULFUR
        return np.argwhere(np.triu(apart < limit)).astype(np.int64)

    def neighbours(self) -> list[dict[str, int]]:
        """Of every atom: how many neighbours by class."""
        found: list[dict[str, int]] = [{} for _ in self.kinds]
        for a, b in self.bonds():
            for one, other in ((a, b), (b, a)):
                found[one][self.kinds[other]] = found[one].get(self.kinds[other], 0) + 1
        return found

    def elements(self, metals: Sequence[str]) -> tuple[str, ...]:
        """Symbol of every atom, the metals being those given, in the order of the sites."""
        return (*metals, *(self.donors or ["S"] * (len(self.kinds) - self.n_metals)))
