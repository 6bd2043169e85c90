"""What an ion's neighbours say of it: adduct ladders, neighbouring x, shells with one Cl less.

Na for H is gained one at a time, so an ion with three of them has company with two. Where the data
are silent this is what tells rivals apart: x + 1 lies 18 ppm from 4 Na - 4 H, and only one of the
two has a ladder below it. What is asked is how much of a neighbour the data allow, never whether
the present fit holds it, so that the answer does not depend on the order of the search.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alloyscope.assignment.candidates import Candidates
from alloyscope.assignment.space import SearchSpace

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

RUNG = (0.1, 5.0)
ROOT = (0.02, 3.0)
X_NEIGHBOUR = (0.03, 3.0)
SUBSTITUTE = (0.05, 4.0)
"""Share of an ion's own amount below which a neighbour is missing, and nats for that."""


@dataclass(frozen=True)
class Company:
    """Rows of each candidate's neighbours, -1 where there is none in the search space.

    rung       : (n_ions, n_cations) one cation less
    next_rung  : (n_ions, n_cations) one cation more
    root       : (n_ions,) no cations
    x          : (n_ions, 2) one atom more and one less of the first metal
    substitute : (n_ions, n_substitutes) one substitute less
    """

    rung: Integers
    next_rung: Integers
    root: Integers
    x: Integers
    substitute: Integers

    def missing(self, most: Floats) -> Floats:
        """(n_ions,) nats for company that the data do not allow, most : (n_ions,) of each ion."""
        own = np.where(np.isfinite(most), most, 0.0)

        def lacks(rows: Integers, share: float) -> NDArray[np.bool_]:
            there = np.where(rows >= 0, most[rows], np.inf)
            return np.asarray(there < share * own.reshape(-1, *(1,) * (rows.ndim - 1)))

        nats = RUNG[1] * lacks(self.rung, RUNG[0]).any(axis=1)
        nats = nats + ROOT[1] * lacks(self.root, ROOT[0])
        nats = nats + X_NEIGHBOUR[1] * lacks(self.x, X_NEIGHBOUR[0]).all(axis=1)
        return np.asarray(nats + SUBSTITUTE[1] * lacks(self.substitute, SUBSTITUTE[0]).any(axis=1))

    def sides(self, called: NDArray[np.bool_]) -> tuple[Integers, NDArray[np.bool_]]:
        """On how many of four sides (n_ions,) a neighbour is called, and whether two are opposite.

        called : (n_ions,); the sides are one rung down and up, one x down and up
        """

        def holds(rows: Integers) -> NDArray[np.bool_]:
            return np.asarray((rows >= 0) & called[rows])

        down, up = holds(self.rung).any(axis=1), holds(self.next_rung).any(axis=1)
        more, less = holds(self.x).T
        number = down.astype(np.int64) + up + more + less
        return number, (down & up) | (more & less)

    def joined(self, other: Company, n: int) -> Company:
        """These candidates' company, n of them, and after them the others'."""

        def both(own: Integers, others: Integers) -> Integers:
            return np.concatenate((own, np.where(others >= 0, others + n, -1)))

        return Company(*(both(a, b) for a, b in zip(self.columns, other.columns, strict=True)))

    @property
    def columns(self) -> tuple[Integers, ...]:
        """The fields in order."""
        return self.rung, self.next_rung, self.root, self.x, self.substitute

    def gaps(self, called: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """(n_ions,) whether a rung below is in the search space and not called, (n_ions,)."""
        return np.asarray(((self.rung >= 0) & ~called[self.rung]).any(axis=1))


def company(found: Candidates) -> Company:
    """Neighbours of all candidates; none in a list, which need not be regular."""
    n, space = len(found), found.space
    if not isinstance(space, SearchSpace):
        none = np.full((n, 1), -1)
        return Company(none, none, none[:, 0], np.full((n, 2), -1), none)
    weights = np.random.default_rng(0).integers(1 << 60, size=found.units.shape[1] + 1)
    weights = 2 * weights + 1
    key = found.units @ weights[1:] + found.charge * weights[0]
    order = np.argsort(key)
    ranked = key[order]

    def row_of(wanted: Integers, exists: NDArray[np.bool_]) -> Integers:
        at = np.minimum(np.searchsorted(ranked, wanted), n - 1)
        return np.where(exists & (ranked[at] == wanted), order[at], -1)

    unit = _places(space)
    proton = weights[1 + unit["proton"]]
    everywhere = np.ones(n, np.bool_)
    rungs, nexts, root, cations = [], [], key.copy(), np.zeros(n, np.int64)
    for k, (adduct, _) in enumerate(space.cations):
        column = unit["cations"] + k
        step = weights[1 + column] - adduct.charge * proton
        held = found.units[:, column]
        rungs.append(row_of(key - step, held > 0))
        nexts.append(row_of(key + step, everywhere))
        root -= held * step
        cations += held
    return Company(
        _columns(rungs, n), _columns(nexts, n), row_of(root, cations > 0),
        _x_neighbours(found, key, weights, row_of),
        substitute=_columns([
            row_of(key - weights[1 + unit["substitutes"] + k] + weights[1 + unit["ligands"]],
                   found.units[:, unit["substitutes"] + k] > 0)
            for k in range(len(space.substitutes))
        ], n),
    )  # fmt: skip


def _places(space: SearchSpace) -> dict[str, int]:
    """First column of each kind of unit."""
    metals, kinds = len(space.metals), len(space.kinds)
    return {"ligands": metals, "substitutes": metals + len(space.ligands),
            "proton": metals + kinds, "cations": metals + kinds + 1}  # fmt: skip


def _columns(rows: list[Integers], n: int) -> Integers:
    return np.column_stack(rows) if rows else np.full((n, 1), -1)


def _x_neighbours(found: Candidates, key: Integers, weights: Integers, row_of) -> Integers:  # type: ignore[no-untyped-def]
    """(n_ions, 2) rows with one atom of the first metal more and less, for another metal's."""
    n, n_metals = len(found), len(found.metals)
    out = np.full((n, 2), -1)
    for other in range(1, n_metals):
        step = weights[1] - weights[1 + other]
        up = row_of(key + step, found.units[:, other] > 0)
        down = row_of(key - step, found.units[:, 0] > 0)
        out[:, 0] = np.where(out[:, 0] < 0, up, out[:, 0])
        out[:, 1] = np.where(out[:, 1] < 0, down, out[:, 1])
    return out
