"""Cleavages: how they are written, what they take, and what is refused."""

from __future__ import annotations

import pytest

from alloyscope.chemistry import Ion, default_vocabulary, parse_ion
from alloyscope.chemistry.cleavage import (
    Cleavage,
    bundled_cleavages,
    cleavage_from,
    losses,
    named_cleavages,
    parse_cleavage,
)
from alloyscope.errors import AlloyscopeError, CaseError, NotationError, UnknownLigand

PMBA = default_vocabulary().binding("p-MBA")


def ion(text: str) -> Ion:
    found = parse_ion(text, PMBA)
    assert isinstance(found, Ion)
    return found


@pytest.mark.parametrize(
    ("text", "units", "charge"),
    [
        ("M(SR)2-", {"M": 1, "SR": 2}, -1),
        ("[M(SR)2]-", {"M": 1, "SR": 2}, -1),
        ("[ M (SR)2 ]−", {"M": 1, "SR": 2}, -1),
        ("[M2(SR)3]-", {"M": 2, "SR": 3}, -1),
        ("[M(SR)]4", {"M": 4, "SR": 4}, 0),
        ("M(SR)", {"M": 1, "SR": 1}, 0),
        ("RSSR", {"SR": 2}, 0),
        ("SR.", {"SR": 1}, 0),
        ("SR·", {"SR": 1}, 0),
        ("SR-", {"SR": 1}, -1),
        ("M+", {"M": 1}, 1),
        ("Au+", {"Au": 1}, 1),
        ("Cl-", {"Cl": 1}, -1),
        ("X-", {"X": 1}, -1),
        ("L", {"L": 1}, 0),
        ("PPh3", {"PPh3": 1}, 0),
        ("[Ag(p-MBA)2]-", {"Ag": 1, "p-MBA": 2}, -1),
        ("[M(SR)2-H]2-", {"M": 1, "SR": 2}, -2),
    ],
)
def test_what_is_read(text: str, units: dict[str, int], charge: int) -> None:
    found = parse_cleavage(text)
    assert dict(found.units) == units
    assert found.charge == charge
    assert parse_cleavage(str(found)).same == found.same


@pytest.mark.parametrize("text", ["CO2", "H2O", "C6H4"])
def test_a_molecule_is_its_formula(text: str) -> None:
    found = parse_cleavage(text)
    assert found.units == ()
    assert [(str(a.formula), n) for a, n in found.adducts] == [(text, 1)]
    assert parse_cleavage(str(found)).same == found.same


def test_the_table_reads_back_and_says_why() -> None:
    table = bundled_cleavages()
    assert len(table) >= 10
    for one in table:
        assert one.reason
        assert one.source
        assert parse_cleavage(one.name) == one
    assert {"[M(SR)2]-", "[M2(SR)3]-", "[M(SR)]"} <= {one.name for one in table if one.usual}


def test_a_cleavage_of_the_table_brings_what_the_table_says() -> None:
    assert parse_cleavage("CO2").acid
    assert parse_cleavage("[M(SR)2]-").usual
    assert not parse_cleavage("[Ag(SR)2]-").usual


@pytest.mark.parametrize("text", ["", "M0", "4-", "[M", "Foo-", "Qq(SR)2-", "M" * 90, "()-"])
def test_what_cannot_be_read_is_one_line(text: str) -> None:
    with pytest.raises(AlloyscopeError) as refused:
        parse_cleavage(text)
    assert isinstance(refused.value, NotationError | CaseError)
    assert "\n" not in str(refused.value)


def test_an_unknown_ligand_has_its_nearest_names() -> None:
    with pytest.raises(UnknownLigand, match="p-MBA"):
        parse_cleavage("[M(p-MAB)2]-")


def test_pieces_are_all_compositions_that_the_ion_holds() -> None:
    found = losses(parse_cleavage("[M2(SR)3]-"), ion("[Au12Ag32(SR)30]4-"))
    assert {str(loss.leaving) for loss in found} == {
        "[Ag2(p-MBA)3]-", "[AuAg(p-MBA)3]-", "[Au2(p-MBA)3]-",
    }  # fmt: skip
    assert {loss.charge for loss in found} == {-1}
    single = losses(parse_cleavage("[M2(SR)3]-"), ion("[AuAg32(SR)30]4-"))
    assert len(single) == 2


def test_a_piece_takes_sodium_along_for_its_acids() -> None:
    held = ion("[Ag44(SR)30+3Na-3H]4-")
    found = losses(parse_cleavage("[M(SR)2]-"), held)
    assert {str(loss.leaving) for loss in found} == {
        "[Ag(p-MBA)2]-", "[Ag(p-MBA)2+Na-H]-", "[Ag(p-MBA)2+2Na-2H]-",
    }  # fmt: skip
    (bare,) = losses(parse_cleavage("M+"), held)
    assert str(bare.leaving) == "[Ag]+"


def test_what_an_ion_does_not_hold_cannot_leave() -> None:
    assert losses(parse_cleavage("Cl-"), ion("[Ag44(SR)30]4-")) == ()
    assert losses(parse_cleavage("X-"), ion("[Ag44(SR)29Cl]4-")) != ()
    assert losses(parse_cleavage("L"), ion("[Ag44(SR)30]4-")) == ()


def test_names_are_a_list_and_the_users_own_go_first() -> None:
    own = cleavage_from({"name": "RSSR", "penalty": 0.5})
    found = named_cleavages(["M(SR)2-, M+; RSSR", "M+"], own=[own])
    assert [one.name for one in found] == ["[M(SR)2]-", "M+", "RSSR"]
    assert found[2].penalty == 0.5
    usual = named_cleavages([], own=[own])
    assert own in usual
    assert {"[M(SR)2]-", "X-"} <= {one.name for one in usual}


def test_a_cleavage_that_is_nothing_is_refused() -> None:
    with pytest.raises(CaseError, match="nothing that leaves"):
        Cleavage("empty", (), (), 0)
    with pytest.raises(CaseError, match="penalty"):
        cleavage_from({"name": "M+", "penalty": -1.0})
