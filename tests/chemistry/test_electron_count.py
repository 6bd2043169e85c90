import pytest

from alloyscope.chemistry import (
    Formula,
    Ligand,
    default_vocabulary,
    electron_count,
    parse_ion,
    parse_species,
)
from alloyscope.chemistry.electron_count import other_hydride_count
from alloyscope.errors import ElectronCountError


@pytest.mark.parametrize(
    ("species", "electrons"),
    [
        ("[Ag44(p-MBA)30]4-", 18),
        ("[Au12Ag32(p-MBA)30]4-", 18),
        ("[Au21Ag23(p-MBA)27]3-", 20),
        ("[Au44(p-MBA)26]2-", 20),
        ("[Au25(p-MBA)18]-", 8),
        ("[Ag29(BDT)12]3-", 8),
        ("[PtAg24(2,4-DMBT)18]2-", 8),
        ("[HgAu24(PET)18]", 8),
        ("[Ag50S13(StBu)20]4+", 0),
        ("Au2Cu6(PPh3)2(SPh)6", 2),
    ],
)
def test_the_superatom_count(species, electrons):
    assert electron_count(parse_species(species)) == electrons


@pytest.mark.parametrize(
    "ion",
    ["[Au44(p-MBA)26+12Na-16H]6-", "[Au44(p-MBA)26-4H]6-", "[Au44(p-MBA)26+Cl-H+DMF]4-"],
)
def test_what_the_spray_adds_does_not_count(ion):
    assert electron_count(parse_ion(ion)) == 20


def test_a_metal_of_unknown_valence_is_asked_for():
    species = parse_species("[Ag24Ir(p-MBA)18]-")
    with pytest.raises(ElectronCountError, match=r"\[chemistry\] valence = \{ Ir = \.\.\. \}"):
        electron_count(species)
    assert electron_count(species, {"Ir": 1}) == 8


def test_a_hydride_counts_as_it_is_declared():
    text = "[Au9H(PPh3)8]2+"
    given = default_vocabulary().with_ligands([Ligand("H", Formula.parse("H"), 1, electrons=-1)])
    for known, counted, other in ((default_vocabulary(), 6, 8), (given, 8, 6)):
        species = parse_species(text, known)
        assert electron_count(species) == counted
        assert other_hydride_count(species, counted) == other


def test_without_hydride_there_is_one_count():
    assert other_hydride_count(parse_species("[Au25(p-MBA)18]-"), 8) is None
