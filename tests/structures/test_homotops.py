from itertools import combinations, product
from math import comb

import pytest

from alloyscope.errors import StructureError
from alloyscope.structures import class_homotops, framework_structure, homotops
from alloyscope.structures.homotops import (
    _burnside,
    cycle_index,
    every_composition,
    multinomial,
)
from alloyscope.structures.permutation import permutation_group

M44S30 = framework_structure("M44S30")
M25S18 = framework_structure("M25S18")

COUNTS = {
    "M44S30": [
        1, 4, 54, 608, 5913, 45974, 296582, 1602574, 7400127, 29570514, 103455400, 319680282,
        879013105, 2163518678, 4790437738, 9580516950, 17364384778, 28599685602, 42899222026,
        58703732958, 73379493164, 83861977888, 87673945424,
    ],
    "M25S18": [1, 3, 20, 120, 596, 2356, 7696, 20564, 45935, 86369, 137856, 187664, 218836],
}  # fmt: skip
CORE = [1, 1, 5, 13, 27, 38, 50, 38, 27, 13, 5, 1, 1]


def orbits(group, sites, x):
    """Placements of x atoms on sites, those that symmetry turns into one another in one set."""
    left = set(combinations(sites, x))
    while left:
        one = next(iter(left))
        alike = {tuple(sorted(image[list(one)].tolist())) for image in group.images}
        left -= alike
        yield alike


@pytest.mark.parametrize("name", COUNTS)
def test_counts_are_those_known(name):
    found = homotops(framework_structure(name), range(len(COUNTS[name])))
    assert [count.homotops for count in found] == COUNTS[name]


def test_counts_of_the_core_alone_are_those_known():
    found = homotops(M44S30, range(13), only=["icosahedron"])
    assert [count.homotops for count in found] == CORE


def test_counts_are_symmetric_in_the_two_metals():
    found = homotops(M44S30, range(45))
    assert [c.homotops for c in found] == [c.homotops for c in reversed(found)]
    assert [c.placements for c in found] == [comb(44, x) for x in range(45)]


@pytest.mark.parametrize(("framework", "most"), [(M44S30, 3), (M25S18, 4)])
def test_brute_force_finds_the_same_and_orbits_add_up_to_the_binomial(framework, most):
    for x in range(most + 1):
        count = homotops(framework, [x])[0]
        found = list(orbits(framework.group, range(framework.metals), x))
        assert len(found) == count.homotops
        assert sum(len(one) for one in found) == comb(framework.metals, x) == count.placements
        turned = list(orbits(framework.group.rotations, range(framework.metals), x))
        assert len(turned) == count.apart


def test_orbit_sizes_of_the_core_add_up():
    core = M44S30.sites_of("icosahedron")
    for x, expected in enumerate(CORE[:7]):
        found = list(orbits(M44S30.group, core, x))
        assert len(found) == expected
        assert sum(map(len, found)) == comb(12, x)


def test_chirality_counts_agree():
    for count in homotops(M44S30, range(45)):
        assert 0 <= count.pairs <= count.homotops
        assert count.achiral + 2 * count.pairs == count.apart


def test_classes_add_up_to_the_whole():
    for x in (0, 1, 5, 12):
        parts = class_homotops(M44S30, x)
        whole = homotops(M44S30, [x])[0]
        for kind in ("homotops", "apart", "placements"):
            assert sum(getattr(part, kind) for part in parts) == getattr(whole, kind)
        assert all(sum(first for first, _ in part.split) == x for part in parts)


def test_one_atom_has_one_homotop_in_each_class():
    assert [part.homotops for part in class_homotops(M25S18, 1)] == [1, 1, 1]


def test_three_metals_by_brute_force():
    square = permutation_group(4, ["(1 2 3 4)"], ["(1 3)"])
    framework = type(M44S30)("square", 4, 4, 0, 0, M25S18.classes[:0], unknown="x", group=None)
    for composition in every_composition(4, 3):
        colours = [c for c in product(range(3), repeat=4)
                   if tuple(c.count(k) for k in range(3)) == composition]  # fmt: skip
        seen = {min(tuple(c[k] for k in image) for image in square.images) for c in colours}
        assert _burnside(cycle_index(square, [range(4)]), (composition,)) == len(seen)
        assert multinomial(composition) == len(colours)
    with pytest.raises(StructureError, match="none that is known"):
        homotops(framework, [1])


def test_three_metals_of_which_one_is_absent_are_two():
    two = [count.homotops for count in homotops(M25S18, range(8))]
    three = [count.homotops for count in homotops(M25S18, [(x, 0, 25 - x) for x in range(8)])]
    assert two == three


@pytest.mark.parametrize("x", [-1, 45, (1, 2), (50, -6)])
def test_compositions_that_do_not_fill_the_sites_are_refused(x):
    with pytest.raises(StructureError, match="composition of M44S30"):
        homotops(M44S30, [x])


def test_what_is_not_known_is_said():
    with pytest.raises(StructureError, match="bi-icosahedral core of 29"):
        homotops(framework_structure("M44S26"), [1])
    with pytest.raises(StructureError, match="known are 44 metals"):
        class_homotops(framework_structure("M44S27"), 1)


def test_too_many_ways_of_sharing_out_are_refused():
    with pytest.raises(StructureError, match="ways of sharing"):
        class_homotops(M44S30, (15, 15, 14))
