"""Homotops: how many ways of placing metals on sites are different, by Pólya counting.

By Burnside's lemma the number of placements that no operation of a group G turns into one
another is

N(composition) = 1/|G| sum over g of the placements that g leaves as they are,

and g leaves as they are those whose cycles are each of one metal. Counts are exact whole numbers.
G. Pólya, Acta Math. 68, 145 (1937), doi 10.1007/BF02546665.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from math import comb, prod

from alloyscope.errors import StructureError, message
from alloyscope.structures.framework import StructuralFramework
from alloyscope.structures.permutation import PermutationGroup

Composition = tuple[int, ...]
Cycles = tuple[tuple[int, int], ...]
"""(length, how many), by length."""

MOST_SPLITS = 20_000
"""Ways of sharing a composition out over the classes that are listed at most."""


@dataclass(frozen=True)
class HomotopCount:
    """Placements of a composition.

    composition : atoms of each metal
    homotops    : different placements, a mirror image being the same
    apart       : the same, mirror images counted apart
    placements  : of labelled sites; what an entropy counts
    split       : atoms of each metal in each class, where it is of one sharing-out alone
    """

    composition: Composition
    homotops: int
    apart: int
    placements: int
    split: tuple[Composition, ...] = ()

    @property
    def pairs(self) -> int:
        """Homotops whose mirror image is another placement; none where the framework has a hand."""
        return self.apart - self.homotops

    @property
    def achiral(self) -> int:
        """The others: their own mirror image, unless the framework itself has a hand."""
        return self.homotops - self.pairs


@dataclass(frozen=True)
class CycleIndex:
    """How often the operations of a group have which cycles, class by class.

    types : cycles in each class, and how many operations have them
    order : of the group
    """

    types: tuple[tuple[tuple[Cycles, ...], int], ...]
    order: int


def cycle_index(group: PermutationGroup, classes: Sequence[Sequence[int]]) -> CycleIndex:
    """The cycle index of a group that keeps classes of sites to themselves.

    classes : sites of each class
    """
    found = Counter(tuple(_cycles(image.tolist(), sites) for sites in classes)
                    for image in group.images)  # fmt: skip
    return CycleIndex(tuple(sorted(found.items())), group.order)


def _cycles(image: Sequence[int], sites: Sequence[int]) -> Cycles:
    lengths: Counter[int] = Counter()
    waiting = set(sites)
    while waiting:
        first = at = min(waiting)
        length = 0
        while at in waiting:
            waiting.discard(at)
            at, length = image[at], length + 1
        if at != first:
            raise StructureError(
                message("site classes", found=f"a symmetry that takes site {first + 1} out of its "
                        "class", expected="classes that the symmetry keeps")
            )  # fmt: skip
        lengths[length] += 1
    return tuple(sorted(lengths.items()))


def homotops(
    framework: StructuralFramework, compositions: Iterable[int | Composition],
    only: Sequence[str] = (),
) -> tuple[HomotopCount, ...]:  # fmt: skip
    """How many homotops each composition has.

    compositions : atoms of each metal, or of the first of two
    only : classes that hold the metals counted, the others being all of the last metal; () for all
    Raises StructureError for a composition that does not fill the sites, and where the symmetry is
    not known.

    >>> from alloyscope.structures import framework_structure
    >>> [count.homotops for count in homotops(framework_structure("M44S30"), range(5))]
    [1, 4, 54, 608, 5913]
    """
    group = framework.known_group()
    sites = [k for k, name in enumerate(framework.site_classes) if not only or name in only]
    for name in only:
        framework.sites_of(name)
    full, rotations = (cycle_index(g, [sites]) for g in (group, group.rotations))
    wanted = [whole_composition(c, len(sites), framework.name) for c in compositions]
    return tuple(
        HomotopCount(c, _burnside(full, (c,)), _burnside(rotations, (c,)), multinomial(c))
        for c in wanted
    )


def class_homotops(
    framework: StructuralFramework, composition: int | Composition
) -> tuple[HomotopCount, ...]:
    """Homotops of a composition by how its metals are shared out over the classes.

    Raises StructureError as `homotops` does, and for more than `MOST_SPLITS` ways.

    >>> from alloyscope.structures import framework_structure
    >>> one = class_homotops(framework_structure("M44S30"), 1)
    >>> [(count.split, count.homotops) for count in one][0]
    (((1, 11), (0, 8), (0, 12), (0, 12)), 1)
    """
    group = framework.known_group()
    classes = [framework.sites_of(c.name) for c in framework.classes]
    full, rotations = (cycle_index(g, classes) for g in (group, group.rotations))
    whole = whole_composition(composition, framework.metals, framework.name)
    found: list[HomotopCount] = []
    for split in _splits(whole, tuple(len(sites) for sites in classes)):
        if len(found) == MOST_SPLITS:
            raise StructureError(
                message(f"classes of {framework.name}", found=f"more than {MOST_SPLITS:,} ways of "
                        "sharing the metals out", expected="fewer",
                        do="Ask for two metals, or for a composition with less of the third.")
            )  # fmt: skip
        found.append(HomotopCount(whole, _burnside(full, split), _burnside(rotations, split),
                                  prod(map(multinomial, split)), split))  # fmt: skip
    return tuple(found)


def whole_composition(stated: int | Composition, n_sites: int, name: str) -> Composition:
    """Atoms of each metal, the last one filling the sites that are left where x alone is stated.

    Raises StructureError for one that does not fill the sites.
    """
    x = (stated, n_sites - stated) if isinstance(stated, int) else tuple(stated)
    if min(x) < 0 or sum(x) != n_sites:
        found = f"x = {stated}" if isinstance(stated, int) else f"{list(x)}, {sum(x)} atoms"
        expected = f"0 to {n_sites}" if isinstance(stated, int) else f"{n_sites} atoms in all"
        raise StructureError(
            message(f"composition of {name}", found=found, expected=expected,
                    do=f"There are {n_sites} sites; the last metal takes those that the others "
                    "leave.")
        )  # fmt: skip
    return x


def every_composition(n_sites: int, n_metals: int) -> tuple[Composition, ...]:
    """Every composition, the first metal's count ascending.

    >>> every_composition(2, 2)
    ((0, 2), (1, 1), (2, 0))
    """
    if n_metals == 1:
        return ((n_sites,),)
    return tuple((n, *rest) for n in range(n_sites + 1)
                 for rest in every_composition(n_sites - n, n_metals - 1))  # fmt: skip


def multinomial(composition: Composition) -> int:
    """Placements of a composition on labelled sites.

    >>> multinomial((2, 3))
    10
    """
    total, ways = 0, 1
    for n in composition:
        total += n
        ways *= comb(total, n)
    return ways


def _burnside(index: CycleIndex, split: tuple[Composition, ...]) -> int:
    fixed = sum(
        times * prod(_kept(cycles, n) for cycles, n in zip(of, split, strict=True))
        for of, times in index.types
    )
    return fixed // index.order


def _kept(cycles: Cycles, composition: Composition) -> int:
    """Placements on these cycles that have each cycle of one metal."""
    return _fixed(cycles, len(composition)).get(composition, 0)


@lru_cache(maxsize=4096)
def _fixed(cycles: Cycles, n_metals: int) -> Mapping[Composition, int]:
    """The same for every composition: products of one factor for each length of cycle."""
    whole: dict[Composition, int] = {(0,) * n_metals: 1}
    for length, times in cycles:
        ways = [(tuple(length * n for n in c), multinomial(c))
                for c in every_composition(times, n_metals)]  # fmt: skip
        grown: Counter[Composition] = Counter()
        for (held, count), (more, factor) in product(whole.items(), ways):
            grown[tuple(a + b for a, b in zip(held, more, strict=True))] += count * factor
        whole = grown
    return whole


def _splits(
    whole: Composition, counts: tuple[int, ...]
) -> Iterator[tuple[Composition, ...]]:  # fmt: skip
    """Every way of sharing a composition out over classes; first classes filled first."""
    if len(counts) == 1:
        yield (whole,)
        return
    for first in reversed(every_composition(counts[0], len(whole))):
        rest = tuple(a - b for a, b in zip(whole, first, strict=True))
        if min(rest) >= 0:
            for others in _splits(rest, counts[1:]):
                yield (first, *others)
