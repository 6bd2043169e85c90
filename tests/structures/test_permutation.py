import numpy as np
import pytest

from alloyscope.errors import StructureError
from alloyscope.structures.permutation import PermutationGroup, of_operations, permutation_group
from alloyscope.structures.point_group import name_of, point_group, rotation
from alloyscope.structures.symmetry import symmetry_of

OCTAHEDRON = np.vstack((np.eye(3), -np.eye(3))) * 2.0


def test_generators_in_cycle_notation_make_a_group():
    group = permutation_group(5, ["(1 2 3 4 5)"], ["(2 5)(3 4)"])
    assert group.order == 10
    assert group.rotations.order == 5
    assert group.orbits() == ((0, 1, 2, 3, 4),)


def test_no_generators_make_the_group_that_leaves_all_where_it_is():
    assert permutation_group(3, []).order == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [("(1 2)(2 3)", "site 2 twice"), ("(1 9)", "site 9"), ("1 2", "cycle notation"),
     ("(0 1)", "site 0"), ("", "cycle notation")],
)  # fmt: skip
def test_what_is_no_permutation_is_refused(text, said):
    with pytest.raises(StructureError, match=said):
        permutation_group(4, [text])


def test_too_large_a_group_is_refused():
    with pytest.raises(StructureError, match="more than 20,000"):
        permutation_group(9, ["(1 2 3 4 5 6 7 8 9)", "(1 2)"])


def test_rows_that_are_no_group_are_refused():
    with pytest.raises(StructureError, match="product of two"):
        PermutationGroup(np.array([[0, 1, 2], [1, 2, 0]]), np.array([False, False]))
    with pytest.raises(StructureError, match="misses a site"):
        PermutationGroup(np.array([[0, 0, 2]]), np.array([False]))


def test_operations_that_miss_a_site_are_refused():
    with pytest.raises(StructureError, match="where there is none"):
        of_operations(point_group("D3").operations, OCTAHEDRON, ["a"] * 6)
    assert of_operations(point_group("Oh").operations, OCTAHEDRON, ["a"] * 6).order == 48


@pytest.mark.parametrize(
    ("kinds", "name"), [("aaaaaa", "Oh"), ("aabaab", "D4h"), ("aaaaab", "C4v")]
)
def test_symmetry_is_found_in_coordinates_in_any_place(kinds, name):
    turned = OCTAHEDRON @ rotation((1.0, 0.4, 0.2), 9).T + np.array([5.0, -3.0, 1.0])
    group = symmetry_of(turned, list(kinds))
    assert name_of(group.operations) == name
    assert group.order == point_group(name).order


def test_symmetry_bears_noise_within_its_tolerance():
    noise = np.random.default_rng(1).normal(0, 0.01, OCTAHEDRON.shape)
    assert name_of(symmetry_of(OCTAHEDRON + noise, ["a"] * 6).operations) == "Oh"
    assert symmetry_of(OCTAHEDRON + 20 * noise, ["a"] * 6, 0.02).order == 1


def test_sites_on_a_line_are_refused():
    with pytest.raises(StructureError, match="one line"):
        symmetry_of(np.array([[0.0, 0, 0], [0, 0, 2], [0, 0, 4]]), ["a"] * 3)
