"""Fragments that are reported, computed: losses of [M(SR)2]- from the clusters of the paper.

Lin, Cao, Yao and Xie, Chem. Sci. 13, 4598 (2022), doi 10.1039/d1sc06296d; SR = p-MBA.
"""

from __future__ import annotations

import json
import math
import tomllib

import pytest

from alloyscope import Hints, assign_fragments, descendants, parse_cleavage, read_mass_spectrum
from alloyscope.chemistry import Ion
from alloyscope.fragments.descendants import Fragment
from tests.golden.test_paper_mz import PAPER, ion, tallest
from tests.spectra.written import SHARED

MOTIF = parse_cleavage("[M(SR)2]-")
PRACTICE = SHARED / "practice" / "cases" / "practice_01"


def ladder(precursor: str, depth: int) -> dict[str, Fragment]:
    """What remains after losses of [M(SR)2]-, by name."""
    found = descendants(ion(precursor), (MOTIF,), depth)
    return {str(one.ion): one for one in found if not one.leaving}


def balanced(whole: Ion, one: Fragment) -> bool:
    lost = one.route.losses
    atoms = one.ion.formula
    for piece, n in lost:
        atoms = atoms + piece.formula * n
    charge = one.ion.charge + sum(piece.charge * n for piece, n in lost)
    return atoms == whole.formula and charge == whole.charge


def test_ag43_is_ag44_less_a_motif_and_lies_where_it_is_printed() -> None:
    part = ladder("[Ag44(SR)30]4-", 1)["[Ag43(p-MBA)28]3-"]
    assert [str(piece) for piece, _ in part.route.losses] == ["[Ag(p-MBA)2]-"]
    # 2975 is the tallest peak cut off after the point, as tests/golden/test_paper_mz.py finds.
    assert math.floor(tallest(part.ion)) == 2975
    assert part.electrons == 18
    assert balanced(ion("[Ag44(SR)30]4-"), part)


def test_au12_loses_motifs_of_both_metals_one_after_another() -> None:
    whole = "[Au12Ag32(SR)30]4-"
    found = ladder(whole, 2)
    assert set(found) == {
        "[Au12Ag32(p-MBA)30]4-",
        "[Au12Ag31(p-MBA)28]3-", "[Au11Ag32(p-MBA)28]3-",
        "[Au12Ag30(p-MBA)26]2-", "[Au11Ag31(p-MBA)26]2-", "[Au10Ag32(p-MBA)26]2-",
    }  # fmt: skip
    for name, one in found.items():
        assert balanced(ion(whole), one), name
        assert one.electrons == 18
        assert one.steps == 4 + one.ion.charge
    assert tallest(found["[Au12Ag31(p-MBA)28]3-"].ion) == pytest.approx(3331.895, abs=1e-3)
    assert tallest(found["[Au12Ag30(p-MBA)26]2-"].ion) == pytest.approx(4791.388, abs=1e-3)


def test_au21_less_a_proton_loses_gold_with_two_ligands() -> None:
    whole = "[Au21Ag23(SR)27-H]4-"
    found = ladder(whole, 1)
    part = found["[Au20Ag23(p-MBA)25-H]3-"]
    assert [str(piece) for piece, _ in part.route.losses] == ["[Au(p-MBA)2]-"]
    assert balanced(ion(whole), part)
    assert part.electrons == 20


def listed(name: str) -> dict[str, object]:
    if not PAPER.exists():
        pytest.skip("the list of what the paper reports is not beside this checkout")
    entries = tomllib.loads(PAPER.read_text(encoding="utf-8"))["observation"]
    return next(entry for entry in entries if entry["id"] == name)


def test_the_list_of_fragments_says_what_is_computed_here() -> None:
    assert "Au21Ag23(SR)27 -H" in str(listed("s22")["species"])
    assert listed("s22")["lost"] == "[Au(SR)2]-"
    assert "Au20Ag23(SR)25 -H" in str(listed("s22")["product"])
    assert listed("s07")["mz"] == 2975
    assert "[M(SR)2]-" in str(listed("s21")["lost"])


@pytest.mark.skipif(not PRACTICE.is_dir(), reason="no practice spectra beside the checkout")
def test_a_practice_spectrum_has_the_fragments_that_are_there() -> None:
    known = json.loads((PRACTICE / "case.json").read_text())
    truth = json.loads((PRACTICE / "truth.json").read_text())["ions"]
    spectrum = read_mass_spectrum(PRACTICE / "spectrum.mzML")
    hints = Hints(known["nominal_resolving_power"], known["resolving_power_at"],
                  known["stated_mass_accuracy_ppm"], False)  # fmt: skip
    found = assign_fragments(spectrum, ion("[Au4Ag40(SR)30]4-"), hints=hints)

    def counts(one: Ion) -> tuple[int, int, int, int]:
        species = one.species
        return (*(species.count(name) for name in ("Au", "Ag", "p-MBA")), one.charge)  # type: ignore[return-value]

    called = {counts(one.ion) for one in found.fragments if one.sure}
    there = {(t["n_Au"], t["n_Ag"], t["n_SR"], t["charge"]) for t in truth}
    assert called == there  # recall 11 of 11, precision 11 of 11
    for one in found.fragments:
        true = next(t for t in truth if counts(one.ion) == (t["n_Au"], t["n_Ag"], t["n_SR"],
                                                            t["charge"]))  # fmt: skip
        assert abs(one.call.abundance - true["abundance"]) < 4 * one.call.abundance_sd
    assert any("taken for whole" in note for note in found.notes)
