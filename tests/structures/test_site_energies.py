import sys

import numpy as np
import pytest

from alloyscope.errors import StructureError
from alloyscope.structures import framework_structure
from alloyscope.structures.site_energies import SULFUR_HYDROGEN, _with_hydrogen, site_energies

M25S18 = framework_structure("M25S18")


def test_without_the_package_it_says_which_extra_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "tblite.interface", None)
    with pytest.raises(StructureError, match=r"alloyscope\[energies\]"):
        site_energies(M25S18, "Ag")


def test_without_coordinates_nothing_is_computed():
    with pytest.raises(StructureError, match="no coordinates"):
        site_energies(framework_structure("M44S26"), "Ag")


def test_every_sulfur_gets_one_hydrogen_away_from_the_metals():
    geometry = M25S18.geometry
    whole = _with_hydrogen(geometry.positions, 25)
    sulfur, hydrogen = whole[25:43], whole[43:]
    assert np.linalg.norm(hydrogen - sulfur, axis=1) == pytest.approx(SULFUR_HYDROGEN)
    apart = np.linalg.norm(hydrogen[:, None] - whole[None, :25], axis=2)
    assert apart.min() > 2.5


class Pretended:
    """A calculator whose energy depends on where the silver is."""

    def __init__(self, method, numbers, positions, charge):
        self.numbers, self.positions, self.charge = numbers, positions, charge

    def set(self, key, value):
        pass

    def singlepoint(self):
        place = int(np.flatnonzero(self.numbers == 47)[0])
        assert (self.charge, len(self.numbers)) == (-1.0, 61)
        return {"energy": -100.0 + 0.01 * np.linalg.norm(self.positions[place])}


def test_energies_are_relative_to_the_best_class_and_labelled(monkeypatch):
    home = type(sys)("tblite.interface")
    home.Calculator = Pretended
    monkeypatch.setitem(sys.modules, "tblite", type(sys)("tblite"))
    monkeypatch.setitem(sys.modules, "tblite.interface", home)
    seen = []
    found = site_energies(M25S18, "Ag", observe=lambda *told: seen.append(told))
    assert found.method == "GFN1-xTB"
    assert found.energy["centre"] == (0.0, 0.0)
    assert 0 < found.energy["icosahedron"][0] < found.energy["staple"][0]
    # 0.01 hartree for each bohr from the centre, in eV.
    assert found.energy["icosahedron"][0] == pytest.approx(0.01 * 27.2114 * 2.785 / 0.529177, 1e-4)
    assert "weak prior" in found.note
    assert [done for _, done, _ in seen] == [0, 1, 2]
    with pytest.raises(StructureError, match="GFN1-xTB, GFN2-xTB"):
        site_energies(M25S18, "Ag", method="DFT")


def test_silver_in_gold_by_the_package_itself():
    pytest.importorskip("tblite")
    found = site_energies(M25S18, "Ag")
    assert min(found.energy.values()) == (0.0, 0.0)
    assert all(0 <= low < 1 for low, _ in found.energy.values())
