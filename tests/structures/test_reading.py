import numpy as np
import pytest

from alloyscope.errors import StructureError
from alloyscope.structures import framework_structure
from alloyscope.structures.homotop import sample_homotop
from alloyscope.structures.reading import geometry_of, parse_xyz
from alloyscope.structures.writing import xyz_text

M25S18 = framework_structure("M25S18")
TEXT = xyz_text(sample_homotop(M25S18, 4, seed=2))


def test_what_we_write_is_read_with_its_classes_in_any_order():
    head, rows = TEXT.splitlines()[:2], TEXT.splitlines()[2:]
    mixed = np.random.default_rng(1).permutation(rows).tolist()
    atoms = parse_xyz("\n".join([*head, *mixed]), "own.xyz")
    geometry, remarks = geometry_of(atoms, M25S18.classes, 18, "own.xyz")
    assert geometry.kinds[:25] == M25S18.site_classes
    assert set(geometry.donors) == {"S"}
    assert remarks == ()


def test_plain_xyz_is_read_in_its_order_and_other_atoms_are_left_out():
    rows = [row.rsplit(maxsplit=2)[0] for row in TEXT.splitlines()[2:]]
    far = ["C 9.0 9.0 9.0", "H 9.0 9.0 8.0"]
    text = "\n".join([str(len(rows) + 2), "comment", *rows, *far])
    geometry, remarks = geometry_of(parse_xyz(text, "a"), M25S18.classes, 18, "a")
    assert geometry.positions == pytest.approx(M25S18.geometry.positions, abs=1e-6)
    assert remarks == ("2 atoms of ligands that bind no metal are left out.",)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "line 1"),
        ("x\n\nAu 0 0 0", "the number of atoms"),
        ("3\n\nAu 0 0 0\nAu 3 0 0", "found 2 atoms; expected 3"),
        ("1\n\nAu 0 zero 0", "line 3"),
        ("1\n\nAu 0 0", "three coordinates"),
        ("1\n\nAu 0 0 nan", "three coordinates"),
    ],
)
def test_damaged_files_are_refused(text, said):
    with pytest.raises(StructureError, match=said):
        parse_xyz(text, "own.xyz")


def test_a_wrong_number_of_metals_is_refused():
    text = "\n".join(["24", "", *TEXT.splitlines()[2:26]])
    with pytest.raises(StructureError, match="24 metal atoms; expected 25"):
        geometry_of(parse_xyz(text, "own.xyz"), M25S18.classes, 18, "own.xyz")


def test_a_wrong_number_in_a_class_is_refused():
    text = TEXT.replace(" centre ", " staple ")
    with pytest.raises(StructureError, match="0 metal atoms of class centre"):
        geometry_of(parse_xyz(text, "own.xyz"), M25S18.classes, 18, "own.xyz")


def test_atoms_on_one_another_are_refused():
    with pytest.raises(StructureError, match="Å apart"):
        geometry_of(parse_xyz("2\n\nAu 0 0 0\nAu 0 0 1", "a"),
                    [type(M25S18.classes[0])("all", 2)], 0, "a")  # fmt: skip
