from pathlib import Path

import pytest

from alloyscope.case import Case, read_case
from alloyscope.case.species_names import named_species
from alloyscope.chemistry import default_vocabulary
from alloyscope.errors import AlloyscopeError, CaseError

CASE = read_case(Path("au44-ag44"))
PMBA = default_vocabulary().binding("p-MBA")


@pytest.mark.parametrize(
    ("text", "species"),
    [
        ("A x=12", ["[Au12Ag32(p-MBA)30]4-"]),
        ("A  x = 0", ["[Ag44(p-MBA)30]4-"]),
        ("M44S26 x=44", ["[Au44(p-MBA)26]2-"]),
        ("B x=20-21", ["[Au20Ag24(p-MBA)27]3-", "[Au21Ag23(p-MBA)27]3-"]),
        ("B x=20..21", ["[Au20Ag24(p-MBA)27]3-", "[Au21Ag23(p-MBA)27]3-"]),
        ("[Ag44(SR)30]4-", ["[Ag44(p-MBA)30]4-"]),
        ("M25S18 x=0", ["[Ag25(p-MBA)18]-"]),
    ],
)
def test_what_a_name_stands_for(text, species):
    assert [str(one) for one in named_species(text, CASE, PMBA).species] == species


def test_adducts_are_left_out_and_said():
    found = named_species("[Au44(SR)26+12Na-16H]6-", CASE, PMBA)
    assert str(found.species[0]) == "[Au44(p-MBA)26]2-"
    assert "left out" in found.remark


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("A", "without the number"),
        ("A x", "without the number"),
        ("E x=1", "expected one of"),
        ("A x=45", "0 to 44"),
        ("A x=12-3", "0 to 44, ascending"),
        ("C7H6O2S", "apart|metal"),
        ("[Au12Ag32", "Au12Ag32"),
    ],
)
def test_names_that_stand_for_nothing(text, said):
    with pytest.raises(AlloyscopeError, match=said):
        named_species(text, CASE, PMBA)


def test_a_case_without_frameworks_says_so():
    with pytest.raises(CaseError, match="no frameworks in the case"):
        named_species("A x=12", Case(), PMBA)
