"""Counts of homotops are those of a plain enumeration, for any group of permutations."""

from collections import Counter
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from alloyscope.structures import StructuralFramework, homotops
from alloyscope.structures.framework import SiteClass
from alloyscope.structures.homotop import Homotop
from alloyscope.structures.homotops import class_homotops, every_composition
from alloyscope.structures.permutation import PermutationGroup, permutation_group


def cycles(image: tuple[int, ...]) -> str:
    """A permutation in cycle notation, sites from 1."""
    left, text = set(range(len(image))), ""
    while left:
        at = first = min(left)
        text += "("
        while at in left:
            left.discard(at)
            text += f"{at + 1} "
            at = image[at]
        assert at == first
        text = text.strip() + ")"
    return text


@st.composite
def frameworks(draw: st.DrawFn) -> StructuralFramework:
    """A framework of one or two classes and any symmetry of them."""
    sizes = draw(st.lists(st.integers(1, 4), min_size=1, max_size=2))
    starts = [sum(sizes[:k]) for k in range(len(sizes))]

    def generator() -> str:
        parts = [draw(st.permutations(range(a, a + n))) for a, n in zip(starts, sizes, strict=True)]
        return cycles(tuple(site for part in parts for site in part))

    turns = [generator() for _ in range(draw(st.integers(0, 2)))]
    mirrors = [generator() for _ in range(draw(st.integers(0, 1)))]
    n = sum(sizes)
    classes = tuple(SiteClass(f"c{k}", size) for k, size in enumerate(sizes))
    group: PermutationGroup = permutation_group(n, turns, mirrors)
    return StructuralFramework("any", n, 0, 0, n, classes, group=group)


@settings(max_examples=60, deadline=None)
@given(frameworks(), st.integers(2, 3))
def test_counts_orbits_and_classes_agree_with_enumeration(framework, n_metals):
    metals = ("Au", "Ag", "Cu")[:n_metals]
    placed = [Homotop(framework, sites, metals)
              for sites in product(metals, repeat=framework.metals)]  # fmt: skip
    found: dict[tuple[int, ...], dict[tuple[str, ...], list[Homotop]]] = {}
    for one in placed:
        found.setdefault(one.composition, {}).setdefault(one.canonical.sites, []).append(one)
    for count in homotops(framework, every_composition(framework.metals, n_metals)):
        orbits = found[count.composition]
        assert count.homotops == len(orbits)
        assert count.placements == sum(map(len, orbits.values()))
        chiral = sum(members[0].chiral for members in orbits.values())
        assert count.pairs == (chiral if framework.known_group().improper.any() else 0)
        for members in orbits.values():
            assert {one.orbit_size for one in members} == {len(members)}
        splits = Counter(tuple(members[0].by_class.values()) for members in orbits.values())
        listed = {c.split: c.homotops for c in class_homotops(framework, count.composition)}
        assert listed == dict(splits)
