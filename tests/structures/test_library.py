from dataclasses import replace

import numpy as np
import pytest

from alloyscope.data import toml_table
from alloyscope.errors import StructureError, TableError
from alloyscope.structures import framework_structure, known_frameworks
from alloyscope.structures.geometry import CLASH
from alloyscope.structures.library import framework_from
from alloyscope.structures.permutation import image_of
from alloyscope.structures.point_group import point_group
from alloyscope.structures.symmetry import symmetry_of

BUILT = ("M44S30", "M25S18")
TH = point_group("Th").operations
STATED = {
    "M44S30": {("icosahedron", "icosahedron"): (2.91, 2.91), ("icosahedron", "cube"): (2.89, 2.99),
               ("icosahedron", "edge"): (2.89, 2.99), ("mount", "mount"): (3.11, 3.11),
               ("mount", "bridge"): (2.55, 2.64), ("mount", "leg"): (2.55, 2.64),
               ("edge", "leg"): (2.55, 2.64), ("cube", "leg"): (2.55, 2.64)},
    "M25S18": {("centre", "icosahedron"): (2.76, 2.81), ("centre", "staple"): (4.82, 4.99),
               ("staple", "apex"): (2.38, 2.38), ("staple", "foot"): (2.38, 2.38),
               ("icosahedron", "foot"): (2.38, 2.38)},
}  # fmt: skip


def table(name, **changed):
    return toml_table(f"frameworks/{name.lower()}.toml") | changed


def angle(a, b, c):
    """Degrees at b."""
    u, v = a - b, c - b
    return np.degrees(np.arccos(u @ v / np.linalg.norm(u) / np.linalg.norm(v)))


def atoms(framework, name):
    geometry = framework.geometry
    return geometry.positions[[kind == name for kind in geometry.kinds]]


def test_bundled_frameworks():
    assert known_frameworks() == ("M25S18", "M44S26", "M44S27", "M44S30")
    assert framework_structure("M44(SR)30") is not None
    with pytest.raises(StructureError, match=r"one of M25S18.*Nearest: M44S30"):
        framework_structure("M44S31")


@pytest.mark.parametrize("name", BUILT)
def test_every_operation_maps_the_structure_on_itself(name):
    geometry = framework_structure(name).geometry
    for operation in TH:
        assert image_of(operation, geometry.positions, geometry.kinds, 1e-6) is not None


@pytest.mark.parametrize("name", BUILT)
def test_symmetry_found_from_the_coordinates_is_no_higher_and_no_lower(name):
    framework = framework_structure(name)
    assert framework.point_group == "Th"
    found = symmetry_of(framework.geometry.positions, framework.geometry.kinds, 0.01)
    assert found.order == 24


@pytest.mark.parametrize("name", BUILT)
def test_distances_are_within_a_tenth_of_an_angstrom_of_those_stated(name):
    geometry = framework_structure(name).geometry
    assert {d.between: d.stated for d in geometry.distances} == STATED[name]
    for d in geometry.distances:
        assert d.off < 0.1
        first, second = (atoms(framework_structure(name), kind) for kind in d.between)
        apart = np.linalg.norm(first[:, None] - second[None], axis=2)
        nearest = np.sort(apart + 99 * (apart < 1e-6), axis=1)[:, : d.neighbours]
        assert d.found == pytest.approx((nearest.min(), nearest.max()))


@pytest.mark.parametrize("name", BUILT)
def test_no_atoms_clash(name):
    for what, (_, apart) in framework_structure(name).geometry.nearest.items():
        assert apart > CLASH[what] + 0.2


def test_counts_of_neighbours():
    framework = framework_structure("M44S30")
    assert {c.name: framework.ligands_at(c) for c in framework.classes} == {
        "icosahedron": 0, "cube": 3, "edge": 2, "mount": 3}  # fmt: skip
    for kind, seen in zip(framework.geometry.kinds, framework.geometry.neighbours(), strict=True):
        stated = {c.name: c.neighbours for c in (*framework.classes, *framework.sulfur)}
        assert seen == stated[kind]


def test_mounts_lie_across_the_edges_and_their_metals_are_trigonal():
    framework = framework_structure("M44S30")
    mount, edge = atoms(framework, "mount"), atoms(framework, "edge")
    partner = mount[np.argsort(np.linalg.norm(mount - mount[0], axis=1))[1]]
    below = edge[np.argsort(np.linalg.norm(edge - mount[0], axis=1))[:2]]
    assert abs((mount[0] - partner) @ (below[0] - below[1])) < 1e-9
    donors = np.vstack((atoms(framework, "bridge"), atoms(framework, "leg")))
    three = donors[np.argsort(np.linalg.norm(donors - mount[0], axis=1))[:3]]
    angles = [angle(three[i], mount[0], three[j]) for i, j in ((0, 1), (0, 2), (1, 2))]
    assert sum(angles) == pytest.approx(360, abs=3)
    assert min(angles) > 112


def test_staples_are_nearly_straight_at_the_metal_and_bent_at_sulfur():
    framework = framework_structure("M25S18")
    metal, apex, foot = (atoms(framework, name) for name in ("staple", "apex", "foot"))
    top = apex[np.argmin(np.linalg.norm(apex - metal[0], axis=1))]
    end = foot[np.argmin(np.linalg.norm(foot - metal[0], axis=1))]
    both = metal[np.argsort(np.linalg.norm(metal - top, axis=1))[:2]]
    assert 160 < angle(top, metal[0], end) < 180
    assert 80 < angle(both[0], top, both[1]) < 110


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"metals": 45}, "site classes of 44 metals"),
        ({"ligands": 29}, "sulfur in all"),
        ({"electrons": 20}, "20 electrons"),
        ({"charge": -3}, "expected 17"),
        ({"point_group": "Ih"}, "atoms in Ih"),
        ({"point_group": "T5"}, "Schoenflies"),
    ],
)
def test_tables_that_contradict_themselves_are_refused(changed, said):
    with pytest.raises(TableError, match=said):
        framework_from(table("M44S30", **changed))


def test_motifs_and_neighbours_must_add_up():
    whole = table("M44S30")
    motifs = [m | ({"count": 5} if m["name"] == "mount" else {}) for m in whole["motif"]]
    with pytest.raises(TableError, match="motifs of 42 metals"):
        framework_from(whole | {"motif": motifs})
    classes = [c | ({"neighbours": {"leg": 2}} if c["name"] == "cube" else {})
               for c in whole["class"]]  # fmt: skip
    with pytest.raises(TableError, match="pairs of"):
        framework_from(whole | {"class": classes})


def test_motifs_of_m44s26_are_known_and_its_coordinates_are_not():
    framework = framework_structure("M44S26")
    assert [(c.name, c.count) for c in framework.classes] == [
        ("core", 29), ("short staple", 3), ("long staple", 12)]  # fmt: skip
    assert sum(m.count * m.ligands for m in framework.motifs) == 26
    with pytest.raises(StructureError, match="2 terminal SR, 3 SR-M-SR"):
        framework.known_geometry()


def test_m44s27_is_unknown():
    framework = framework_structure("M44S27")
    assert framework.classes == ()
    with pytest.raises(StructureError, match="Not known: the structure"):
        framework.known_geometry()


def test_a_group_that_mixes_classes_is_refused():
    framework = framework_structure("M44S30")
    with pytest.raises(TableError, match="keeps each class to itself"):
        replace(framework, classes=tuple(reversed(framework.classes)), motifs=())


def test_tabulated_energies_have_their_method_and_a_warning():
    framework = framework_structure("M44S30")
    entry = framework.energies_by("gfn1-xtb")
    assert entry.energy["edge"] == (0.36, 0.39)
    assert "weak prior" in entry.note
    with pytest.raises(StructureError, match="GFN1-xTB, CHGNet"):
        framework.energies_by("DFT")
