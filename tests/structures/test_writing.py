import re

import numpy as np
import pytest

from alloyscope.errors import OutputError, StructureError
from alloyscope.structures import framework_structure
from alloyscope.structures.homotop import placed_homotop, sample_homotop
from alloyscope.structures.writing import cif_text, write_cif, write_xyz, xyz_text

M44S30 = framework_structure("M44S30")
HOMOTOP = placed_homotop(M44S30, {"icosahedron": 12})


def read_xyz(text):
    """As ASE reads extended XYZ: columns by the comment's Properties."""
    count, head, *rows = text.splitlines()
    assert len(rows) == int(count)
    fields = re.search(r"Properties=(\S+)", head)[1].split(":")
    assert fields[0::3] == ["species", "pos", "class", "site"]
    cells = [row.split() for row in rows]
    return ([c[0] for c in cells], np.array([c[1:4] for c in cells], float), [c[4] for c in cells])


def read_cif(text):
    """As ASE reads CIF: the atom loop, fractional coordinates times the cell."""
    edge = float(re.search(r"_cell_length_a (\S+)", text)[1])
    loop = text.split("loop_\n")[2].splitlines()
    names = [line for line in loop if line.startswith("_")]
    rows = [dict(zip(names, line.split(), strict=True)) for line in loop[len(names) :]]
    at = np.array([[row[f"_atom_site_fract_{axis}"] for axis in "xyz"] for row in rows], float)
    return [row["_atom_site_type_symbol"] for row in rows], at * edge, rows


def test_xyz_reads_back():
    elements, at, classes = read_xyz(xyz_text(HOMOTOP))
    assert (elements.count("Au"), elements.count("S")) == (12, 30)
    assert at == pytest.approx(M44S30.geometry.positions, abs=1e-6)
    assert tuple(classes) == M44S30.geometry.kinds


def test_cif_reads_back_with_the_class_in_each_label():
    elements, at, rows = read_cif(cif_text(HOMOTOP))
    assert (elements.count("Au"), elements.count("Ag"), elements.count("S")) == (12, 32, 30)
    centred = at - at.mean(axis=0)
    assert centred == pytest.approx(M44S30.geometry.positions, abs=1e-4)
    labels = [row["_atom_site_label"] for row in rows]
    assert len(set(labels)) == 74
    assert labels[0] == "Au1_icosahedron"
    assert all(0 < float(row["_atom_site_fract_x"]) < 1 for row in rows)


@pytest.mark.parametrize("write", [write_xyz, write_cif])
def test_files_that_are_there_stay(write, tmp_path):
    path = tmp_path / "cluster.txt"
    write(HOMOTOP, path)
    first = path.read_text()
    with pytest.raises(OutputError, match="--overwrite"):
        write(sample_homotop(M44S30, 3), path)
    assert path.read_text() == first
    write(sample_homotop(M44S30, 3), path, overwrite=True)
    assert path.read_text() != first


@pytest.mark.parametrize("name", ["M44S26", "M44S27"])
def test_no_coordinates_are_made_up(name, tmp_path):
    framework = framework_structure(name)
    if framework.classes:
        with pytest.raises(StructureError, match=r"no coordinates.*known are"):
            write_xyz(sample_homotop(framework, 3), tmp_path / "a.xyz")
    with pytest.raises(StructureError, match=r"no coordinates.*known are"):
        framework.known_geometry()
    assert not list(tmp_path.iterdir())
