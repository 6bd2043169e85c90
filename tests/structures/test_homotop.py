from math import comb

import numpy as np
import pytest

from alloyscope.errors import StructureError
from alloyscope.structures import framework_structure, homotops
from alloyscope.structures.homotop import Homotop, placed_homotop, sample_homotop

M44S30 = framework_structure("M44S30")
M25S18 = framework_structure("M25S18")


def with_gold(framework, sites):
    return Homotop(framework, tuple("Au" if k in sites else "Ag" for k in range(framework.metals)),
                   ("Au", "Ag"))  # fmt: skip


def test_orbits_of_all_pairs_add_up_and_their_canonical_forms_are_the_homotops():
    sizes = {}
    for a in range(25):
        for b in range(a):
            homotop = with_gold(M25S18, {a, b})
            sizes.setdefault(homotop.canonical.sites, set()).add(homotop.orbit_size)
    assert all(len(size) == 1 for size in sizes.values())
    assert sum(size.pop() for size in sizes.values()) == comb(25, 2)
    assert len(sizes) == homotops(M25S18, [2])[0].homotops


def test_a_filled_class_keeps_the_whole_group():
    homotop = placed_homotop(M44S30, {"icosahedron": 12})
    assert (homotop.point_group, homotop.orbit_size, homotop.chiral) == ("Th", 1, False)
    assert homotop.by_class == {"icosahedron": (12, 0), "cube": (0, 8), "edge": (0, 12),
                                "mount": (0, 12)}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "group"), [("icosahedron", "Cs"), ("cube", "C3"), ("edge", "Cs"), ("mount", "Cs")]
)
def test_one_atom_keeps_the_symmetry_of_its_site(name, group):
    homotop = placed_homotop(M44S30, {name: 1})
    assert homotop.point_group == group
    assert homotop.orbit_size == len(M44S30.sites_of(name))


def test_chiral_homotops_are_as_many_as_counted():
    seen = {}
    for a in range(25):
        for b in range(a):
            homotop = with_gold(M25S18, {a, b})
            seen[homotop.canonical.sites] = homotop.chiral
    assert sum(seen.values()) == homotops(M25S18, [2])[0].pairs


def test_the_canonical_form_is_the_same_for_every_image():
    homotop = sample_homotop(M44S30, 9, seed=3)
    image = M44S30.group.images[17]
    moved = [""] * 44
    for k, metal in enumerate(homotop.sites):
        moved[image[k]] = metal
    other = Homotop(M44S30, tuple(moved), homotop.metals)
    assert other.canonical.sites == homotop.canonical.sites
    assert homotop.canonical.canonical.sites == homotop.canonical.sites


def test_samples_repeat_with_their_seed_and_hold_x():
    assert sample_homotop(M44S30, 12, seed=5).sites == sample_homotop(M44S30, 12, seed=5).sites
    assert sample_homotop(M44S30, 12, seed=5).sites != sample_homotop(M44S30, 12, seed=6).sites
    assert sample_homotop(M44S30, (3, 4, 37), ("Au", "Cu", "Ag")).composition == (3, 4, 37)


def test_x_is_drawn_from_a_distribution():
    drawn = {sample_homotop(M25S18, {3: 0.5, 4: 0.5}, seed=k).composition[0] for k in range(20)}
    assert drawn == {3, 4}
    with pytest.raises(StructureError, match="distribution of x"):
        sample_homotop(M25S18, {3: -1.0, 4: 0.5})


def test_numbers_of_sites_count_from_one():
    assert placed_homotop(M25S18, {"centre": 1}).numbered("Au") == (1,)


@pytest.mark.parametrize("x", [45, -1])
def test_x_out_of_range_is_refused(x):
    with pytest.raises(StructureError, match="expected 0 to 44"):
        sample_homotop(M44S30, x)


def test_classes_that_are_not_there_or_too_small_are_refused():
    with pytest.raises(StructureError, match="one of icosahedron, cube, edge, mount"):
        placed_homotop(M44S30, {"staple": 1})
    with pytest.raises(StructureError, match="0 to 8"):
        placed_homotop(M44S30, {"cube": 9})
    with pytest.raises(StructureError, match="44 of Au, Ag"):
        Homotop(M44S30, ("Au",) * 43, ("Au", "Ag"))


def test_a_framework_without_symmetry_can_be_sampled_and_one_without_classes_cannot():
    assert sample_homotop(framework_structure("M44S26"), 40).composition == (40, 4)
    with pytest.raises(StructureError, match="Not known: the structure"):
        sample_homotop(framework_structure("M44S27"), 20)


def test_samples_without_preference_are_uniform_over_labelled_placements():
    seen = np.zeros(25)
    for seed in range(400):
        seen[[s == "Au" for s in sample_homotop(M25S18, 5, seed=seed).sites]] += 1
    # 2000 atoms on 25 sites: 80 each, with a standard deviation of 8.
    assert abs(seen - 80).max() < 5 * 8
