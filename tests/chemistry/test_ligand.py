from dataclasses import replace

import pytest

from alloyscope.chemistry import Formula, Ligand, default_vocabulary
from alloyscope.chemistry.ligand import ligand_from, valid_cas
from alloyscope.errors import TableError, UnknownLigand

LIGANDS = default_vocabulary().ligands
# Groups of a line formula, and what each is made of: the derivation of the formulas below.
GROUPS = {
    "Ph": "C6H5", "C6H4": "C6H4", "C6H3": "C6H3", "Me": "CH3", "tBu": "C4H9", "CH2": "CH2",
    "COOH": "CHO2", "NO2": "NO2", "CF3": "CF3", "F": "F", "S": "S", "P": "P", "C": "C", "H": "H",
    "NH2": "H2N", "CH": "CH", "CO": "CO", "NH": "HN", "N": "N", "Cl": "Cl", "Br": "Br", "I": "I",
}  # fmt: skip
BUILT = {
    "p-MBA": "S C6H4 COOH",
    "m-MBA": "S C6H4 COOH",
    "o-MBA": "S C6H4 COOH",
    "NTP": "S C6H4 NO2",
    "MHA": "S CH2 CH2 CH2 CH2 CH2 COOH",
    "PET": "S CH2 CH2 Ph",
    "2,4-DMBT": "S C6H3 Me Me",
    "TBBT": "S C6H4 tBu",
    "SPhF": "S C6H4 F",
    "SPhF2": "S C6H3 F F",
    "SPhCF3": "S C6H4 CF3",
    "SC6H13": "S CH2 CH2 CH2 CH2 CH2 Me",
    "SC12H25": "S" + " CH2" * 11 + " Me",
    # glutamyl, cysteinyl, glycine: the acids in the order of the chain
    "GSH": "COOH CH NH2 CH2 CH2 CO NH CH CH2 S CO NH CH2 COOH",
    "Cys": "S CH2 CH NH2 COOH",
    # 3-mercapto-2-methylpropanoyl on proline, a ring of N, CH and three CH2
    "Capt": "S CH2 CH Me CO N CH CH2 CH2 CH2 COOH",
    "BDT": "S C6H4 S",
    "PPh3": "P Ph Ph Ph",
    "dppe": "Ph Ph P CH2 CH2 P Ph Ph",
    "dppm": "Ph Ph P CH2 P Ph Ph",
    "C2Ph": "C C Ph",
    "Cl": "Cl",
    "Br": "Br",
    "I": "I",
    "H": "H",
    "S": "S",
}


@pytest.mark.parametrize("name", BUILT)
def test_a_ligand_has_the_atoms_of_its_groups(name):
    built = sum((Formula.parse(GROUPS[g]) for g in BUILT[name].split()), Formula.of({}))
    assert default_vocabulary().ligand(name).formula == built


@pytest.mark.parametrize("ligand", LIGANDS, ids=str)
def test_a_ligand_is_a_closed_shell(ligand):
    """Hydrogen, halogen and odd-valent atoms, less the charge, are even in a closed shell."""
    odd = {"H", "F", "Cl", "Br", "I", "N", "P"}
    valences = sum(n for symbol, n in ligand.formula.items() if symbol in odd)
    assert (valences - ligand.charge) % 2 == 0
    assert ligand.electrons == -ligand.charge
    assert ligand.cas
    assert ligand.free is not None


def test_no_name_means_two_ligands():
    names = [name for ligand in LIGANDS for name in (ligand.name, *ligand.aliases)]
    assert len(names) == len(set(names))


def test_adducts_are_what_their_charge_says():
    """An ion with an even number of electrons: protons less the charge."""
    from alloyscope.chemistry import isotope_table

    for adduct in default_vocabulary().adducts:
        protons = sum(isotope_table()[s].atomic_number * n for s, n in adduct.formula.items())
        assert (protons - adduct.charge) % 2 == 0, adduct


def test_a_wrong_check_digit_names_the_ligand():
    with pytest.raises(TableError, match=r"ligand p-MBA.*1074-36-9"):
        replace(default_vocabulary().ligand("p-MBA"), cas="1074-36-9")
    assert not valid_cas("107²-36-8")


def test_a_formula_that_is_not_the_free_ligand_less_its_hydrogen_is_refused():
    entry = {"name": "PET", "formula": "C8H10S", "free": "C8H10S", "charge": -1}
    with pytest.raises(TableError, match=r"ligand PET.*C8H10S"):
        ligand_from(entry)
    with pytest.raises(TableError, match=r"ligand PET.*C7H9S"):
        ligand_from(entry | {"formula": "C7H9S"})


@pytest.mark.parametrize(
    "entry",
    [
        {"name": "X"},
        {"name": "X", "formula": "Q2", "charge": -1},
        {"name": "X", "formula": "H", "charge": -1, "colour": "red"},
        {"name": "X", "formula": "H", "charge": -9},
        {"name": "a[b", "formula": "H", "charge": -1},
        {"formula": "H", "charge": -1},
    ],
)
def test_an_entry_that_is_no_ligand_is_refused(entry):
    with pytest.raises(TableError, match="ligand"):
        ligand_from(entry)


def test_names_are_read_whatever_their_capitals_when_they_leave_no_doubt():
    known = default_vocabulary()
    assert known.ligand("PMBA").name == "p-MBA"
    with pytest.raises(UnknownLigand, match="Nearest: "):
        known.ligand("p-MBB")


def test_a_ligand_of_ones_own_goes_before_the_table():
    own = Ligand("H", Formula.parse("H"), 1, electrons=-1, kind="hydride")
    known = default_vocabulary().with_ligands([own])
    assert known.ligand("H") is own
    assert known.binding("PET").ligand("SR").name == "PET"
