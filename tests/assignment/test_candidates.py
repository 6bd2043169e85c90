"""The candidates of a search space are those that its rules allow, all of them, each once."""

from itertools import product

import numpy as np
import pytest

from alloyscope.assignment.candidates import candidates
from alloyscope.assignment.enumeration import compositions
from alloyscope.assignment.listing import IonListing
from alloyscope.assignment.space import (
    Framework,
    SearchSpace,
    complexes,
    losses,
    neighbours,
    unique,
    with_fragments,
)
from alloyscope.chemistry import default_vocabulary, electron_count, parse_ion
from alloyscope.errors import CaseError

NAMES = default_vocabulary()
PMBA, CL, PET = NAMES.ligand("p-MBA"), NAMES.ligand("Cl"), NAMES.ligand("PET")
NTP, PPH3, BDT = (NAMES.ligand(name) for name in ("NTP", "PPh3", "BDT"))
NA, CS, DMF = (NAMES.adduct_names[name] for name in ("Na", "Cs", "DMF"))


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
    # Au, Ag and Cu on three sites; two, one or no p-MBA beside PET.
    assert len(found) == 10 * 3


def test_a_range_holds_for_metals_and_ligands():
    held = space(metals=("Ag", "Pt"), ligands=(PMBA, PET), ranges=(("Pt", 0, 1), ("PET", 1, 2)),
                 substitutes=(), cations=(), core_off=None, charges=(-1,))  # fmt: skip
    found = candidates(held, 1.0, 1e6)
    assert {tuple(row) for row in found.units[:, :4].tolist()} == {
        (*metals, *shell) for metals in ((3, 0), (2, 1)) for shell in ((1, 1), (0, 2))
    }


def test_a_frameworks_own_range_goes_before_the_spaces():
    narrow = Framework("A", 3, 2, -1, ranges=(("Au", 2, 3),))
    found = candidates(space(frameworks=(narrow,), ranges=(("Au", 0, 1),)), 1.0, 1e6)
    assert set(found.units[:, 0]) == {2, 3}


def test_the_core_charge_follows_from_the_electrons_where_they_are_given():
    doped = space(metals=("Ag", "Pt"), ranges=(("Pt", 0, 1),), valence=(1, 0), cations=(),
                  frameworks=(Framework("M25S18", 25, 18, -1, electrons=8),),
                  substitutes=(), core_off=None)  # fmt: skip
    found = candidates(doped, 1.0, 1e6)
    ions = [found.ion(k) for k in range(len(found))]
    assert {ion.species.charge for ion in ions if ion.species.count("Pt")} == {-2}
    assert {ion.species.charge for ion in ions if not ion.species.count("Pt")} == {-1}
    assert {electron_count(ion) for ion in ions} == {8}


def test_neutral_ligands_and_dithiolates():
    held = Framework("Ag29", 29, 12, -3, neutral=((PPH3, 0, 4),))
    found = candidates(space(metals=("Ag",), ligands=(BDT,), frameworks=(held,), charges=(-3,),
                             substitutes=(), cations=(), core_off=None), 1.0, 1e6)  # fmt: skip
    assert {str(found.ion(k)) for k in range(len(found))} >= {
        "[Ag29(BDT)12]3-", "[Ag29(BDT)12(PPh3)]3-", "[Ag29(BDT)12(PPh3)4]3-"}  # fmt: skip
    assert {found.framework_name(k) for k in range(len(found))} == {"M29S12"}
    assert found.space.aliases == {"M29S12": "Ag29"}
    assert electron_count(found.ion(0)) == 8


def test_several_cations_share_the_limit_and_neutral_molecules_are_added():
    held = Framework("F", 3, 2, -1, cations=2)
    found = candidates(space(frameworks=(held,), cations=((NA, 2), (CS, 1)), neutrals=((DMF, 2),),
                             substitutes=()), 1.0, 1e6)  # fmt: skip
    ions = [found.ion(k) for k in range(len(found))]
    assert {(ion.delta("Na"), ion.delta("Cs")) for ion in ions} == {
        (0, 0), (1, 0), (2, 0), (0, 1), (1, 1)}  # fmt: skip
    assert {ion.delta("DMF") for ion in ions} == {0, 1, 2}
    cost = {str(ion): found.penalty[k] for k, ion in enumerate(ions)}
    assert cost["[Ag3(p-MBA)2+DMF]-"] == 2.0


def test_positive_ions_gain_cations():
    found = candidates(space(ligands=(PET,), substitutes=(), charges=(1, 2)), 1.0, 1e6)
    cost = {str(found.ion(k)): found.penalty[k] for k in range(len(found))}
    assert cost["[Ag3(PET)2+2Na]+"] == 0.5
    assert all(found.ion(k).charge > 0 and not found.ion(k).remark for k in range(len(found)))


def test_shells_with_further_ligands_are_kept_simple():
    held = Framework("M8S8", 8, 8, -2)
    found = candidates(space(ligands=(PMBA, NTP), frameworks=(held,), charges=(-3,),
                             cations=((NA, 6),)), 1.0, 1e6)  # fmt: skip
    mixed = found.units[:, 3] > 0
    assert set(found.units[mixed, 3]) == set(range(1, 8))  # eight NTP have no acid left
    assert (found.units[mixed, 4] == 0).all()
    assert (found.core_off[mixed] == 0).all()
    assert found.units[mixed, -1].max() == 4
    assert found.units[~mixed, -1].max() == 6
    assert found.penalty[mixed].min() == 1.0


def test_ions_of_one_formula_and_charge_are_one():
    water, names = NAMES.adduct_names["H2O"], NAMES.adduct_names
    neutrals = ((names["NH3"], 1), (water, 1))
    found = candidates(space(cations=((names["NH4"], 1),), neutrals=neutrals), 1.0, 1e6)
    _, counts = found.formulas
    assert len(np.unique(np.column_stack((counts, found.charge)), axis=0)) == len(found)
    ions = {str(found.ion(k)) for k in range(len(found))}
    assert "[Ag3(p-MBA)2+NH4-H]-" in ions
    assert "[Ag3(p-MBA)2+NH3]-" not in ions


def test_no_ion_costs_more_than_the_most():
    found = candidates(space(most_penalty=3.0), 1.0, 1e6)
    assert 0 < len(found) < len(candidates(space(), 1.0, 1e6))
    assert found.penalty.max() <= 3.0


def test_known_are_free_frameworks_with_their_own_core_charge():
    other = Framework("M3S1", 3, 1, -1, penalty=1.0)
    found = candidates(space(frameworks=(*space().frameworks, other)), 1.0, 1e6)
    names = np.array([found.framework_name(k) for k in range(len(found))])
    assert (found.known == ((names == "M3S2") & (found.core_off == 0))).all()
    assert found.known.any()


def test_rows_taken_are_the_same_ions():
    found = candidates(space(), 1.0, 1e6)
    rows = np.flatnonzero(found.charge == -2)
    taken = found.take(rows)
    assert [str(taken.ion(k)) for k in range(5)] == [str(found.ion(k)) for k in rows[:5]]
    assert taken.metals == ("Au", "Ag")


def test_a_list_of_ions_is_a_space():
    texts = ("[Au25(p-MBA)18-H]2-", "[AuCl2]-", "[C6H12O6Cl]-", "[Ag29(BDT)12(PPh3)4]3-")
    listing = IonListing(tuple(parse_ion(text) for text in texts))
    found = candidates(listing, 1.0, 1e6)
    assert [str(found.ion(k)) for k in range(4)] == [str(parse_ion(text)) for text in texts]
    names = [found.framework_name(k) for k in range(4)]
    assert names == ["M25S18", "M1S2", "", "M29S12"]
    assert found.metals == ("Au", "Ag")
    assert found.known.all()
    assert not found.penalty.any()
    symbols, counts = found.formulas
    assert dict(zip(symbols, counts[1], strict=True))["Cl"] == 2
    assert len(candidates(listing, 200.0, 300.0)) == 2


@pytest.mark.parametrize("texts", [(), ("Au25(PET)18",), ("[AuCl2]-", "[Na]+")])
def test_a_list_without_ions_of_one_polarity_is_refused(texts):
    with pytest.raises(CaseError, match="list of ions"):
        IonListing(tuple(parse_ion(text) for text in texts))


def test_fragments_keep_the_electrons():
    parent = Framework("A", 44, 30, -4)
    for piece in with_fragments(parent, 3):
        assert piece.n_metals - piece.n_ligands - piece.core_charge == 18
    assert (43, 28, -3) in {piece.size[:3] for piece in with_fragments(parent, 1)}


def test_what_leaves_is_an_anion_of_closed_shells():
    for withdrawn in (1, 2):
        for m, s in losses(withdrawn):
            assert m - withdrawn * s == -1
    (_, piece, _) = with_fragments(Framework("Ag29", 29, 12, -3), 1, losses(2), withdrawn=2)
    assert piece.n_metals - 2 * piece.n_ligands - piece.core_charge == 8
    (_, neutral) = with_fragments(Framework("Au25", 25, 18, -1), 1, ((4, 4),))
    assert neutral.size[:3] == (21, 14, -1)


def test_neighbours_close_a_shell_and_complexes_have_no_electrons():
    for piece in neighbours(range(42, 45), range(24, 31), (18, 20), 6.0):
        assert piece.n_metals - piece.n_ligands - piece.core_charge == piece.electrons
        assert piece.electrons in (18, 20)
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


@pytest.mark.parametrize(
    "fault",
    [{"charges": (0,)}, {"metals": ()}, {"frameworks": ()}, {"charges": (-1, 1)},
     {"ligands": (PMBA, PMBA)}, {"ranges": (("Pt", 0, 1),)}],
)  # fmt: skip
def test_a_space_without_ions_is_refused(fault):
    with pytest.raises(CaseError, match="search space"):
        space(**fault)


def test_compositions_are_counted():
    assert len(compositions(44, (0, 0, 0), (44, 44, 44))) == 46 * 45 // 2
    rows = compositions(7, (1, 0, 2), (3, 7, 4))
    assert {tuple(row) for row in rows.tolist()} == {
        (a, 7 - a - c, c) for a in range(1, 4) for c in range(2, 5) if a + c <= 7
    }
    assert len(compositions(3, (0,), (2,))) == 0


def test_a_space_too_large_is_refused():
    huge = space(metals=("Au", "Ag", "Cu", "Pt"), frameworks=(Framework("A", 44, 30, -4),),
                 ligands=(PMBA, NTP, PET))  # fmt: skip
    with pytest.raises(CaseError, match=r"framework A: found .* combinations"):
        candidates(huge, 2000.0, 3000.0)


def test_a_space_of_too_many_ions_is_refused(monkeypatch):
    monkeypatch.setattr("alloyscope.assignment.candidates.MOST_IONS", 50)
    with pytest.raises(CaseError, match="more than 50 ions"):
        candidates(space(), 1.0, 1e6)
    assert len(candidates(space(), 300.0, 400.0)) < 50


def test_the_flagship_space_is_enumerated_whole():
    """Every ion of a pure shell that the rule gives for two x, found among all."""
    parts = with_fragments(Framework("A", 44, 30, -4), 1)
    whole = space(frameworks=parts, cations=((NA, 16),), charges=(-3, -4, -5))
    found = candidates(whole, 2160.0, 3900.0)
    rows = (found.units[:, 0] == 12) & (found.units[:, 1] == 32) & (found.units[:, 3] == 0)
    got = {str(found.ion(k)) for k in np.flatnonzero(rows)}
    expected = set()
    for z, off, na in product((-3, -4, -5), (-1, 0, 1), range(17)):
        protons = z + 4 - off - na
        text = "[Au12Ag32(p-MBA)30" + (f"+{na}Na" if na else "")
        ion = parse_ion(text + (f"{protons:+d}H" if protons else "") + f"]{-z}-")
        fits = 2160 <= ion.formula.average_mass() / -z <= 3900
        cost = 6 * abs(off) + 0.25 * na + 2 * max(protons, 0)
        if -30 <= protons <= 2 and fits and cost <= 16:
            expected.add(str(ion))
    assert got == expected
