"""One homotop: which metal at which site, and its symmetry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from alloyscope.errors import StructureError, message
from alloyscope.structures.framework import StructuralFramework
from alloyscope.structures.homotops import Composition, whole_composition
from alloyscope.structures.occupancy import SitePreference, drawn_sites, no_preference
from alloyscope.structures.point_group import name_of

Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Homotop:
    """Metals on the sites of a framework.

    sites  : the metal at every site, in the order of the classes
    metals : those there are, the one that is counted first
    Raises StructureError for another number of sites than the framework has.
    """

    framework: StructuralFramework
    sites: tuple[str, ...]
    metals: tuple[str, ...]

    def __post_init__(self) -> None:
        if len(self.sites) != self.framework.metals or not set(self.sites) <= set(self.metals):
            raise StructureError(
                message(f"placement on {self.framework.name}", found=f"{len(self.sites)} metals, "
                        f"{', '.join(sorted(set(self.sites)))}",
                        expected=f"{self.framework.metals} of {', '.join(self.metals)}")
            )  # fmt: skip

    @property
    def composition(self) -> Composition:
        """Atoms of each metal."""
        counts = Counter(self.sites)
        return tuple(counts[metal] for metal in self.metals)

    @property
    def by_class(self) -> dict[str, Composition]:
        """Atoms of each metal in each class."""
        found = {}
        for site_class in self.framework.classes:
            held = Counter(self.sites[k] for k in self.framework.sites_of(site_class.name))
            found[site_class.name] = tuple(held[metal] for metal in self.metals)
        return found

    @cached_property
    def _images(self) -> Ints:
        """(order, n_sites) the placement after every operation, metals by number."""
        colours = np.array([self.metals.index(metal) for metal in self.sites])
        images = self.framework.known_group().images
        moved = np.empty_like(images)
        np.put_along_axis(moved, images, np.broadcast_to(colours, images.shape), axis=1)
        return moved

    @property
    def canonical(self) -> Homotop:
        """The first of all placements that symmetry makes the same, mirror images included."""
        first = min(map(tuple, self._images.tolist()))
        return Homotop(self.framework, tuple(self.metals[k] for k in first), self.metals)

    @cached_property
    def _kept(self) -> NDArray[np.bool_]:
        """(order,) which operations leave it as it is; the first is the identity."""
        return np.asarray((self._images == self._images[0]).all(axis=1))

    @property
    def symmetry_order(self) -> int:
        """How many operations leave it as it is."""
        return int(self._kept.sum())

    @property
    def orbit_size(self) -> int:
        """Labelled placements that are this homotop, mirror images included."""
        return self.framework.known_group().order // self.symmetry_order

    @property
    def point_group(self) -> str:
        """Schoenflies symbol of what leaves it as it is; "" where only the order is known."""
        operations = self.framework.known_group().operations
        return "" if operations is None else name_of(operations[self._kept])

    @property
    def chiral(self) -> bool:
        """Whether it differs from its mirror image, as all do on a framework that has a hand."""
        return not self.framework.known_group().improper[self._kept].any()

    def numbered(self, metal: str) -> tuple[int, ...]:
        """Sites of a metal, counted from 1."""
        return tuple(k for k, own in enumerate(self.sites, 1) if own == metal)


def sample_homotop(
    framework: StructuralFramework, x: int | Composition | Mapping[int, float],
    metals: Sequence[str] = ("Au", "Ag"), preferences: Sequence[SitePreference] = (), seed: int = 1,
) -> Homotop:  # fmt: skip
    """A homotop drawn at random, with Boltzmann weights of the site energies.

    x           : atoms of the first metal; or of every metal; or the probability of each x
    metals      : of the framework, in the order of the composition
    preferences : site energies in kT; () for none, every labelled placement equally likely
    Raises StructureError for an x that the framework does not hold, unknown classes.

    >>> from alloyscope.structures import framework_structure
    >>> sample_homotop(framework_structure("M44S30"), 12, seed=1).composition
    (12, 32)
    """
    random = np.random.default_rng(seed)
    if isinstance(x, Mapping):
        x = _drawn_x(x, random)
    check_classes(framework)
    whole = whole_composition(x, framework.metals, framework.name)
    if len(whole) != len(metals):
        raise StructureError(
            message("composition", found=f"{len(whole)} counts", expected=f"{len(metals)}, of "
                    f"{', '.join(metals)}")
        )  # fmt: skip
    chosen = preferences or no_preference(framework)
    sites = drawn_sites(framework, chosen, metals, whole, random)
    return Homotop(framework, sites, tuple(metals))


def check_classes(framework: StructuralFramework) -> None:
    """Raise StructureError for a framework of which no sites are known."""
    if not framework.classes:
        raise StructureError(
            message(f"sites of {framework.name}", found="none that is known",
                    expected="a framework with site classes",
                    do=f"Not known: {framework.unknown}.")
        )  # fmt: skip


def _drawn_x(chances: Mapping[int, float], random: np.random.Generator) -> int:
    values = np.array([chances[x] for x in chances], float)
    if not len(values) or (values < 0).any() or not values.sum() > 0:
        raise StructureError(
            message("distribution of x", found=f"{dict(chances)}", expected="chances, not negative")
        )
    return int(random.choice(list(chances), p=values / values.sum()))


def placed_homotop(
    framework: StructuralFramework, counts: Mapping[str, int],
    metals: Sequence[str] = ("Au", "Ag"), seed: int = 1,
) -> Homotop:  # fmt: skip
    """A homotop with so many atoms of the first metal in each class, on sites drawn at random.

    Raises StructureError for a class that the framework lacks, or that holds less.
    """
    random = np.random.default_rng(seed)
    sites = [metals[-1]] * framework.metals
    for name, n in counts.items():
        own = framework.sites_of(name)
        if not 0 <= n <= len(own):
            raise StructureError(
                message(f"class {name} of {framework.name}", found=f"{n} {metals[0]}",
                        expected=f"0 to {len(own)}",
                        do=f"Put the rest into other classes: {_others(framework, name)}.")
            )  # fmt: skip
        for site in random.permutation(own)[:n]:
            sites[site] = metals[0]
    return Homotop(framework, tuple(sites), tuple(metals))


def _others(framework: StructuralFramework, name: str) -> str:
    """Names and numbers of sites of the other classes."""
    others = [f"{c.name}, {c.count}" for c in framework.classes if c.name != name]
    return "; ".join(others) or "there is none"
