"""Every descendant conserves atoms and charge along each of its routes, and reads back."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from alloyscope.chemistry import Ion, Species, default_vocabulary, electron_count, parse_ion
from alloyscope.chemistry.cleavage import bundled_cleavages
from alloyscope.chemistry.formula import Formula
from alloyscope.fragments.descendants import Route, descendants, undergoes

VOCABULARY = default_vocabulary()
PMBA, CHLORIDE, PHOSPHINE = (VOCABULARY.ligand(name) for name in ("p-MBA", "Cl", "PPh3"))
NA, H = (VOCABULARY.adduct_names[name] for name in ("Na", "H"))


@st.composite
def precursors(draw: st.DrawFn) -> Ion:
    gold, silver = draw(st.integers(0, 12)), draw(st.integers(4, 32))
    ligands = {PMBA: draw(st.integers(6, 30)), CHLORIDE: draw(st.integers(0, 2)),
               PHOSPHINE: draw(st.integers(0, 2))}  # fmt: skip
    sodium, proton = draw(st.integers(0, 3)), draw(st.integers(-3, 0))
    charge = draw(st.sampled_from([-4, -3, -2, -1, 1, 2]))
    core = charge - sodium - proton
    return Ion.of(Species.of({"Au": gold, "Ag": silver}, ligands, core),
                  [(NA, sodium), (H, proton)], charge)  # fmt: skip


def gone(route: Route) -> tuple[Formula, int]:
    total, charge = Formula.of({}), 0
    for piece, n in route.losses:
        total, charge = total + piece.formula * n, charge + piece.charge * n
    return total, charge


@settings(deadline=None, max_examples=60)
@given(precursors(), st.data())
def test_atoms_and_charge_are_conserved(precursor: Ion, data: st.DataObject) -> None:
    possible = [one for one in bundled_cleavages() if undergoes(precursor, one)]
    chosen = data.draw(st.lists(st.sampled_from(possible), min_size=1, max_size=3, unique=True))
    found = descendants(precursor, chosen, data.draw(st.integers(1, 2)))
    assert found[0].ion == precursor
    keys = {(one.ion.formula, one.ion.charge) for one in found}
    assert len(keys) == len(found)
    for one in found:
        assert one.ion.remark == ""
        assert one.ion.charge * precursor.charge > 0
        assert parse_ion(str(one.ion)) == one.ion
        assert isinstance(electron_count(one.ion), int)
        for route in one.routes:
            lost, charge = gone(route)
            assert route.start.formula - lost == one.ion.formula
            assert route.start.charge - charge == one.ion.charge
            assert one.leaving or route.start == precursor or len(one.routes) > 1
