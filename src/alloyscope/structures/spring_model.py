"""Coordinates from distances: a spring model solved in the asymmetric unit of a point group.

One atom of each class is moved, within the points that its site symmetry leaves free; all others
are its images, so the symmetry is exact whatever the springs do. What is made least is

E = sum over springs, and over the pairs of each, of stiffness (|r_a - R r_b| - length)^2
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from alloyscope.errors import StructureError, message
from alloyscope.structures.point_group import PointGroup

Floats = NDArray[np.float64]

ON_SITE = 1e-3
"""Å that an operation may move an atom that it is taken to leave in place."""

FARTHEST = 1.0
"""Å that atoms may end from where they began; beyond it the springs contradict one another."""


@dataclass(frozen=True)
class Orbit:
    """Atoms that symmetry makes alike.

    at : (3,) Å, of one of them, roughly; what symmetry fixes of it is taken as exact
    """

    name: str
    count: int
    at: tuple[float, float, float]


@dataclass(frozen=True)
class Spring:
    """Pulls an atom of one class and its nearest atoms of another to a distance.

    neighbours : so many of the second class, nearest before relaxation
    length     : Å
    stated     : (least, most) Å that a source states; () for a spring that only keeps a shape
    """

    between: tuple[str, str]
    neighbours: int
    length: float
    stiffness: float = 1.0
    stated: tuple[()] | tuple[float, float] = ()
    source: str = ""


@dataclass(frozen=True, eq=False)
class Pairs:
    """Pairs of one spring: the first class's atom, and images of the second's.

    first, second : places in the list of orbits
    images        : (n_pairs, 3, 3) operations that make the second atom of its orbit's first
    """

    spring: Spring
    first: int
    second: int
    images: Floats


def relaxed(
    group: PointGroup, orbits: tuple[Orbit, ...], springs: tuple[Spring, ...]
) -> dict[str, Floats]:
    """(count, 3) Å of each orbit's atoms, the springs at rest as far as they can be.

    Raises StructureError for an orbit of another count than stated, and springs that contradict one
    another or leave an atom free.
    """
    free = [_free(group, np.array(orbit.at)) for orbit in orbits]
    start = np.concatenate(
        [basis.T @ np.array(o.at) for basis, o in zip(free, orbits, strict=True)]
    )
    cuts = np.cumsum([basis.shape[1] for basis in free])[:-1]
    begun = _placed(start, free, cuts)
    images = [_images(group, orbit, at) for orbit, at in zip(orbits, begun, strict=True)]
    pairs = [_pairs(spring, orbits, begun, images) for spring in springs]

    def residuals(q: Floats) -> Floats:
        return _residuals(_placed(q, free, cuts), pairs)

    def jacobian(q: Floats) -> Floats:
        return _jacobian(_placed(q, free, cuts), pairs, free, cuts)

    found = least_squares(residuals, start, jacobian, method="lm", xtol=1e-12, ftol=1e-12)
    _check(found.x, start, np.linalg.matrix_rank(found.jac))
    ended = _placed(found.x, free, cuts)
    # The images are operations, so every atom lies exactly where symmetry puts it.
    return {orbit.name: ops @ at for orbit, ops, at in zip(orbits, images, ended, strict=True)}


def _check(found: Floats, start: Floats, rank: int) -> None:
    if rank < start.size:
        raise StructureError(
            message("spring model", found=f"{rank} independent distances",
                    expected=f"{start.size}, as many as coordinates are free")
        )  # fmt: skip
    if abs(found - start).max() > FARTHEST:
        raise StructureError(
            message("spring model", found=f"an atom {abs(found - start).max():.1f} Å from where it "
                    "began", expected="distances that agree with one another and with the start")
        )  # fmt: skip


def _free(group: PointGroup, at: Floats) -> Floats:
    """(3, n_free) orthonormal directions in which an atom may move with its site symmetry kept."""
    kept = group.operations[np.linalg.norm(group.operations @ at - at, axis=1) < ON_SITE]
    values, vectors = np.linalg.eigh(kept.mean(axis=0))
    return np.asarray(vectors[:, values > 0.5])


def _placed(q: Floats, free: list[Floats], cuts: NDArray[np.int64]) -> list[Floats]:
    return [basis @ part for basis, part in zip(free, np.split(q, cuts), strict=True)]


def _images(group: PointGroup, orbit: Orbit, at: Floats) -> Floats:
    """(count, 3, 3) one operation for each atom of the orbit."""
    kept: list[Floats] = []
    for operation in group.operations:
        if all(np.linalg.norm((operation - other) @ at) > ON_SITE for other in kept):
            kept.append(operation)
    if len(kept) != orbit.count:
        raise StructureError(
            message(f"class {orbit.name} at {list(orbit.at)}", found=f"{len(kept)} atoms in "
                    f"{group.name}", expected=f"{orbit.count}")
        )  # fmt: skip
    return np.array(kept)


def _pairs(
    spring: Spring, orbits: tuple[Orbit, ...], at: list[Floats], images: list[Floats]
) -> Pairs:
    names = [orbit.name for orbit in orbits]
    first, second = (names.index(name) for name in spring.between)
    apart = np.linalg.norm(images[second] @ at[second] - at[first], axis=1)
    apart[apart < ON_SITE] = np.inf
    near = np.argsort(apart, kind="stable")[: spring.neighbours]
    return Pairs(spring, first, second, images[second][near])


def _residuals(at: list[Floats], pairs: list[Pairs]) -> Floats:
    return np.concatenate([
        np.sqrt(p.spring.stiffness)
        * (np.linalg.norm(at[p.first] - p.images @ at[p.second], axis=1) - p.spring.length)
        for p in pairs
    ])  # fmt: skip


def _jacobian(
    at: list[Floats], pairs: list[Pairs], free: list[Floats], cuts: NDArray[np.int64]
) -> Floats:
    ends = [0, *cuts.tolist(), sum(basis.shape[1] for basis in free)]
    rows = []
    for p in pairs:
        across = at[p.first] - p.images @ at[p.second]
        along = across / np.linalg.norm(across, axis=1)[:, None] * np.sqrt(p.spring.stiffness)
        row = np.zeros((len(along), ends[-1]))
        row[:, ends[p.first] : ends[p.first + 1]] += along @ free[p.first]
        turned = np.einsum("ki,kij->kj", along, p.images)
        row[:, ends[p.second] : ends[p.second + 1]] -= turned @ free[p.second]
        rows.append(row)
    return np.concatenate(rows)


def spring_lengths(positions: Mapping[str, Floats], spring: Spring) -> Floats:
    """(n_first * neighbours,) Å, of all atoms of a class to their nearest of another."""
    first, second = (positions[name] for name in spring.between)
    apart = np.linalg.norm(first[:, None] - second[None], axis=2)
    apart[apart < ON_SITE] = np.inf
    return np.asarray(np.sort(apart, axis=1)[:, : spring.neighbours].ravel())
