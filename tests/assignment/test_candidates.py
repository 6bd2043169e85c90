"""The candidates of a search space are those that its rules allow, all of them, each once."""

from itertools import product

import numpy as np
import pytest

from alloyscope.assignment.candidates import candidates, compositions
from alloyscope.assignment.space import (
    Framework,
    SearchSpace,
    complexes,
    neighbours,
    unique,
    with_fragments,
)
from alloyscope.chemistry import default_vocabulary, electron_count, parse_ion
from alloyscope.errors import CaseError

NAMES = default_vocabulary()
PMBA, CL, PET = NAMES.ligand("p-MBA"), NAMES.ligand("Cl"), NAMES.ligand("PET")
NA = NAMES.adduct_names["Na"]


def space(**changes):
    given = {
        "metals": ("Au", "Ag"), "ligands": (PMBA,), "frameworks": (Framework("F", 3, 2, -1),),
        "charges": (-1, -2), "substitutes": ((CL, 1),), "cations": ((NA, 2),), "core_off": 6.0,
    }  # fmt: skip
    return SearchSpace(**{**given, **changes})


def test_every_combination_the_rules_allow_and_no_other():
    found = candidates(space(), 1.0, 1e6)
    got = {str(found.ion(k)) for k in range(len(found))}
    expected = set()
    for au, cl, na, z, off in product(range(4), range(2), range(3), (-1, -2), (-1, 0, 1)):
        protons = z - (-1 + off) - na
        if protons <= 2 and -protons <= 2 - cl:
            metals = f"Au{au}Ag{3 - au}".replace("Au0", "").replace("Ag0", "")
            shell = f"(p-MBA){2 - cl}" + ("Cl" if cl else "")
            adducts = (f"+{na}Na" if na else "") + (f"{protons:+d}H" if protons else "")
            expected.add(str(parse_ion(f"[{metals}{shell}{adducts}]{-z}-")))
    assert got == expected
    assert len(found) == len(got)


def test_the_charge_rule_and_the_mean_mass_hold():
    found = candidates(space(), 300.0, 500.0)
    for k in range(len(found)):
        ion = found.ion(k)
        assert ion.remark == ""
        assert 300 <= ion.formula.average_mass() / abs(ion.charge) <= 501
        assert ion.charge == int(found.charge[k])


def test_ligands_without_acids_lose_no_protons():
    found = candidates(space(ligands=(PET,), substitutes=()), 1.0, 1e6)
    assert len(found) > 0
    assert all(found.ion(k).delta("H") >= 0 for k in range(len(found)))


def test_formulas_are_those_of_the_ions():
    found = candidates(space(), 1.0, 1e6)
    symbols, counts = found.formulas
    for k in range(0, len(found), 7):
        formula = found.ion(k).formula
        assert dict(zip(symbols, counts[k], strict=True)) == {s: formula.get(s, 0) for s in symbols}


def test_simple_ions_cost_nothing_and_odd_ones_more():
    found = candidates(space(), 1.0, 1e6)
    cost = {str(found.ion(k)): found.penalty[k] for k in range(len(found))}
    assert cost["[AuAg2(p-MBA)2]-"] == 0
    assert cost["[AuAg2(p-MBA)2+Na-H]-"] == pytest.approx(0.25)
    assert cost["[AuAg2(p-MBA)Cl]-"] == pytest.approx(2.0)
    assert cost["[AuAg2(p-MBA)2]2-"] == pytest.approx(6.0)


def test_nothing_in_range_is_nothing():
    assert len(candidates(space(), 1e5, 2e5)) == 0


def test_three_metals_and_two_ligands():
    found = candidates(space(metals=("Au", "Ag", "Cu"), ligands=(PMBA, PET), cations=(),
                             substitutes=(), core_off=None, charges=(-1,)), 1.0, 1e6)  # fmt: skip
    assert len(found) == 10 * 3


def test_fragments_keep_the_electrons():
    parent = Framework("A", 44, 30, -4)
    for piece in with_fragments(parent, 3):
        assert piece.n_metals - piece.n_ligands - piece.core_charge == 18
    assert (43, 28, -3) in {piece.size for piece in with_fragments(parent, 1)}


def test_neighbours_close_a_shell_and_complexes_have_no_electrons():
    for piece in neighbours(range(42, 45), range(24, 31), (18, 20), 6.0):
        assert piece.n_metals - piece.n_ligands - piece.core_charge in (18, 20)
    for piece in complexes(range(1, 11), (0, 1, 2)):
        assert piece.n_metals - piece.n_ligands == piece.core_charge


def test_of_two_that_look_the_same_the_likelier_stays():
    pair = (Framework("odd", 43, 28, -3, penalty=6.0), Framework("known", 43, 28, -3, penalty=1.0))
    (kept,) = unique(pair)
    assert kept.name == "known"


def test_the_flagship_system_is_in_its_space():
    parts = [with_fragments(Framework("A", 44, 30, -4), 2), (Framework("C", 44, 26, -2),)]
    whole = space(frameworks=unique(f for part in parts for f in part), cations=((NA, 16),),
                  charges=tuple(range(-8, 0)), substitutes=())  # fmt: skip
    found = candidates(whole, 2100.0, 3000.0)
    names = {str(found.ion(k)) for k in np.flatnonzero(found.units[:, 0] % 44 == 0)}
    wanted = ("[Ag44(p-MBA)30]4-", "[Ag43(p-MBA)28]3-", "[Au44(p-MBA)26+12Na-16H]6-")
    assert set(wanted) <= names
    assert [electron_count(parse_ion(text)) for text in wanted] == [18, 18, 20]


@pytest.mark.parametrize("fault", [{"charges": (0,)}, {"metals": ()}, {"frameworks": ()}])
def test_a_space_without_ions_is_refused(fault):
    with pytest.raises(CaseError, match="search space"):
        space(**fault)


def test_compositions_are_counted():
    assert len(compositions(44, 3)) == 46 * 45 // 2
    assert (compositions(7, 3).sum(axis=1) == 7).all()
