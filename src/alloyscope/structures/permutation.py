"""Groups of permutations of sites: from generators in cycle notation, or from coordinates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alloyscope.errors import StructureError, message

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

MOST = 20_000
"""Permutations of a group at most."""


@dataclass(frozen=True, eq=False)
class PermutationGroup:
    """A group of permutations of n sites.

    images   : (order, n) where each permutation takes every site, the identity first
    improper : (order,) whether it turns left into right
    operations : (order, 3, 3) in space, where they are known
    Raises StructureError for rows that are no permutations, or no group.
    """

    images: Ints
    improper: Bools
    operations: Floats | None = None

    def __post_init__(self) -> None:
        n = self.images.shape[1]
        if (np.sort(self.images, axis=1) != np.arange(n)).any():
            raise StructureError(
                message("permutation group", found="a row that misses a site or repeats one",
                        expected="permutations")
            )  # fmt: skip
        known = {(row.tobytes(), bool(odd)) for row, odd in zip(self.images, self.improper,
                                                               strict=True)}  # fmt: skip
        # A finite set that is closed under multiplication by each of its members is a group.
        for row, odd in zip(self.images, self.improper, strict=True):
            products = np.ascontiguousarray(row[self.images])
            parities = self.improper ^ odd
            if any((p.tobytes(), bool(q)) not in known
                   for p, q in zip(products, parities, strict=True)):  # fmt: skip
                raise StructureError(
                    message("permutation group", found="a product of two permutations that is not "
                            "among them", expected="a group")
                )  # fmt: skip

    @property
    def order(self) -> int:
        """How many permutations there are, those that do the same to the sites counted apart."""
        return len(self.images)

    @property
    def size(self) -> int:
        """Sites."""
        return int(self.images.shape[1])

    @property
    def rotations(self) -> PermutationGroup:
        """Those that keep left and right apart."""
        kept = ~self.improper
        operations = None if self.operations is None else self.operations[kept]
        return PermutationGroup(self.images[kept], self.improper[kept], operations)

    def orbits(self) -> tuple[tuple[int, ...], ...]:
        """Sites that the group takes into one another, by their first."""
        return tuple(sorted({tuple(np.unique(column).tolist()) for column in self.images.T}))


def permutation_group(
    size: int, generators: Iterable[str], reflections: Iterable[str] = ()
) -> PermutationGroup:
    """The group that permutations in cycle notation generate, sites counted from 1.

    reflections : generators that turn left into right
    Raises StructureError for what is no permutation, and for groups without bound.

    >>> permutation_group(4, ["(1 2 3)"], ["(1 2)"]).order
    6
    """
    steps = [(_parsed(text, size), False) for text in generators]
    steps += [(_parsed(text, size), True) for text in reflections]
    found: dict[tuple[tuple[int, ...], bool], None] = {(tuple(range(size)), False): None}
    waiting = list(found)
    while waiting:
        row, odd = waiting.pop()
        for step, turns in steps:
            product = (tuple(step[k] for k in row), odd ^ turns)
            if product not in found:
                found[product] = None
                waiting.append(product)
        if len(found) > MOST:
            raise StructureError(
                message("permutation group", found=f"more than {MOST:,} permutations",
                        expected="the symmetry of a cluster")
            )  # fmt: skip
    images = np.array([row for row, _ in found], np.int64).reshape(len(found), size)
    return PermutationGroup(images, np.array([odd for _, odd in found]))


def _parsed(text: str, size: int) -> tuple[int, ...]:
    """`(1 2 3)(4 5)` as images counted from 0."""
    where = f'generator "{text}"'
    if not re.fullmatch(r"\s*(\(\s*\d+([\s,]+\d+)*\s*\)\s*)+", text):
        raise StructureError(
            message(where, found="no cycles", expected="cycle notation, such as (1 2 3)(4 5)")
        )
    image = list(range(size))
    used: set[int] = set()
    for cycle in re.findall(r"\(([^)]*)\)", text):
        sites = [int(number) for number in re.findall(r"\d+", cycle)]
        for site in sites:
            if not 1 <= site <= size or site in used:
                found = f"site {site} twice" if site in used else f"site {site}"
                raise StructureError(
                    message(where, found=found, expected=f"every site at most once, 1 to {size}")
                )
            used.add(site)
        for site, image_of in zip(sites, [*sites[1:], sites[0]], strict=True):
            image[site - 1] = image_of - 1
    return tuple(image)


def of_operations(
    operations: Floats, positions: Floats, kinds: Sequence[str], tolerance: float = 1e-6
) -> PermutationGroup:
    """The permutations that operations in space do to sites.

    positions : (n_sites, 3) Å, about the fixed point
    kinds     : of the sites; one never becomes another
    Raises StructureError for an operation that takes a site to where there is none.
    """
    images = [image_of(operation, positions, kinds, tolerance) for operation in operations]
    if any(image is None for image in images):
        raise StructureError(
            message("symmetry", found="an operation that moves a site to where there is none",
                    expected="one that maps the sites on themselves")
        )  # fmt: skip
    return PermutationGroup(
        np.array(images, np.int64), np.asarray(np.linalg.det(operations) < 0), operations
    )


def image_of(
    operation: Floats, positions: Floats, kinds: Sequence[str], tolerance: float
) -> Ints | None:
    """(n_sites,) where an operation takes each site; None where it does not map them."""
    moved = positions @ operation.T
    apart = np.linalg.norm(moved[:, None] - positions[None], axis=2)
    image = apart.argmin(axis=1)
    names = np.asarray(kinds)
    near = apart[np.arange(len(image)), image] <= tolerance
    fits = near.all() and (names[image] == names).all() and len(set(image.tolist())) == len(image)
    return image.astype(np.int64) if fits else None
