import pytest

from alloyscope.chemistry import Formula, FormulaIon, Ion, Species, default_vocabulary, mz
from alloyscope.constants import ELECTRON_MASS
from alloyscope.errors import ChargeError, NotationError

KNOWN = default_vocabulary()
PMBA, NTP, CL = (KNOWN.ligand(name) for name in ("p-MBA", "NTP", "Cl"))
H, NA = KNOWN.adduct_names["H"], KNOWN.adduct_names["Na"]


def test_units_are_brought_to_one_order():
    species = Species.of({"Ag": 32, "Au": 12, "Cu": 0}, {CL: 1, PMBA: 25, NTP: 4}, -4)
    assert str(species) == "[Au12Ag32(NTP)4(p-MBA)25Cl]4-"
    assert (species.n_metals, species.n_ligands) == (44, 30)
    assert (species.count("Ag"), species.count("p-MBA"), species.count("Pt")) == (32, 25, 0)


@pytest.mark.parametrize(
    ("metals", "ligands", "charge", "error"),
    [
        ({}, {}, 0, NotationError),
        ({"C": 2}, {}, 0, NotationError),
        ({"Ag": -1}, {}, 0, NotationError),
        ({"Ag": 10**10}, {}, 0, NotationError),
        ({"Ag": 2}, {PMBA: 1}, -7, ChargeError),
    ],
)
def test_a_species_that_cannot_be_is_refused(metals, ligands, charge, error):
    with pytest.raises(error):
        Species.of(metals, ligands, charge)


def test_the_charge_follows_from_core_and_adducts():
    ion = Ion.of(Species.of({"Au": 44}, {PMBA: 26}, -2), {H: -16, NA: 12})
    assert (ion.charge, ion.remark, ion.delta("Na"), ion.delta("K")) == (-6, "", 12, 0)
    assert ion.formula == Formula.parse("Au44(C7H5O2S)26Na12") - Formula.parse("H16")


def test_adducts_that_cancel_leave_nothing():
    core = Species.of({"Au": 44}, {PMBA: 26}, -2)
    assert Ion.of(core, [(NA, 2), (NA, -2)]) == Ion.of(core)


def test_more_cannot_be_lost_than_there_is():
    with pytest.raises(NotationError, match="taken away"):
        Ion.of(Species.of({"Ag": 2}, {PMBA: 1}, -1), {H: -6})


def test_the_electrons_have_mass():
    assert mz(107.0, 1) == 107.0 - ELECTRON_MASS
    assert mz(214.0, -2) == (214.0 + 2 * ELECTRON_MASS) / 2
    with pytest.raises(ChargeError, match="no m/z"):
        mz(107.0, 0)


def test_a_formula_cannot_hold_any_charge():
    with pytest.raises(ChargeError):
        FormulaIon(Formula.parse("H2O"), 7)
