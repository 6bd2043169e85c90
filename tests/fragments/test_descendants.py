"""Descendants: which there are, how they are reached, and what is refused."""

from __future__ import annotations

import pytest

from alloyscope.chemistry import Ion, default_vocabulary, parse_ion
from alloyscope.chemistry.cleavage import Cleavage, named_cleavages
from alloyscope.errors import CaseError, ChargeError
from alloyscope.fragments.descendants import Fragment, descendants, only

PMBA = default_vocabulary().binding("p-MBA")


def ion(text: str) -> Ion:
    found = parse_ion(text, PMBA)
    assert isinstance(found, Ion)
    return found


def by_name(found: tuple[Fragment, ...]) -> dict[str, Fragment]:
    return {str(one.ion): one for one in found}


def cleavages(text: str) -> tuple[Cleavage, ...]:
    return named_cleavages([text])


def test_one_loss_of_one_kind() -> None:
    found = by_name(descendants(ion("[Ag44(SR)30]4-"), cleavages("[M(SR)2]-"), 1))
    assert set(found) == {"[Ag44(p-MBA)30]4-", "[Ag43(p-MBA)28]3-", "[Ag(p-MBA)2]-"}
    part = found["[Ag43(p-MBA)28]3-"]
    assert (part.steps, part.leaving, part.framework, part.electrons) == (1, False, "M43S28", 18)
    assert found["[Ag(p-MBA)2]-"].leaving
    assert not part.ambiguous


def test_two_ways_to_one_ion_are_said() -> None:
    found = by_name(descendants(ion("[Ag44(SR)30]4-"), cleavages("M(SR)2-, M2(SR)3-, M(SR)"), 2))
    part = found["[Ag42(p-MBA)27]3-"]
    assert part.ambiguous
    assert [str(route) for route in part.routes] == [
        "[Ag44(p-MBA)30]4- - [Ag2(p-MBA)3]-",
        "[Ag44(p-MBA)30]4- - [Ag(p-MBA)2]- - Ag(p-MBA)",
    ]
    assert part.steps == 1
    assert part.penalty == part.routes[0].penalty < part.routes[1].penalty


def test_what_left_breaks_further() -> None:
    found = by_name(descendants(ion("[Ag44(SR)30]4-"), cleavages("M2(SR)3-, M(SR)"), 2))
    piece = found["[Ag(p-MBA)2]-"]
    assert piece.leaving
    assert [str(route) for route in piece.routes] == ["[Ag2(p-MBA)3]- - Ag(p-MBA)"]
    assert piece.steps == 2


def test_a_ladder_goes_down_in_charge() -> None:
    found = descendants(ion("[Ag44(SR)30]4-"), cleavages("[M(SR)2]-"), 12)
    charges = sorted(one.ion.charge for one in found if not one.leaving)
    assert charges == [-4, -3, -2, -1]


def test_electrons_stay_behind_or_do_not() -> None:
    found = by_name(descendants(ion("[Ag44(SR)30]4-"), cleavages("M(SR)2-, RSSR, SR., M+"), 1))
    assert found["[Ag43(p-MBA)28]3-"].electrons == 18
    assert found["[Ag44(p-MBA)28]4-"].electrons == 20
    assert found["[Ag44(p-MBA)29]4-"].electrons == 19
    assert found["[Ag43(p-MBA)30]5-"].electrons == 18


def test_carbon_dioxide_comes_from_acids_and_no_more_often() -> None:
    found = by_name(descendants(ion("[Ag(SR)2]-"), cleavages("CO2"), 4))
    assert set(found) == {"[Ag(p-MBA)2]-", "[Ag(p-MBA)2-CO2]-", "[Ag(p-MBA)2-2CO2]-"}
    assert parse_ion("[Ag(p-MBA)2-2CO2]-") == found["[Ag(p-MBA)2-2CO2]-"].ion
    with pytest.raises(CaseError, match="CO2"):
        descendants(ion("[Ag(SC6H13)2]-"), cleavages("CO2"), 1)


def test_chloride_leaves_where_there_is_some() -> None:
    assert "[Ag44(p-MBA)29]3-" in by_name(descendants(ion("[Ag44(SR)29Cl]4-"), None, 1))
    with pytest.raises(CaseError, match=r"Cl-.*pieces that \[Ag44"):
        descendants(ion("[Ag44(SR)30]4-"), cleavages("[M(SR)2]-, Cl-"), 1)


def test_sodium_stays_or_goes() -> None:
    found = by_name(descendants(ion("[Ag44(SR)30+Na-H]4-"), cleavages("[M(SR)2]-"), 1))
    assert {"[Ag43(p-MBA)28+Na-H]3-", "[Ag43(p-MBA)28]3-", "[Ag(p-MBA)2+Na-H]-"} <= set(found)
    all_gone = descendants(ion("[Au25(SR)18+17Na-17H]-"), cleavages("[M(SR)]"), 2)
    for one in all_gone:
        assert -one.ion.delta("H") <= one.ion.species.count("p-MBA")


def test_cations_lose_neutral_ligands() -> None:
    found = by_name(descendants(ion("[Au11(PPh3)8Cl2]+"), None, 2))
    assert {"[Au11(PPh3)7Cl2]+", "[Au11(PPh3)6Cl2]+"} <= set(found)
    assert all(one.ion.charge > 0 for one in found.values())


def test_what_cannot_be_asked() -> None:
    with pytest.raises(ChargeError, match="without a charge"):
        descendants(ion("Ag44(SR)30"))
    for depth in (0, -1, 13):
        with pytest.raises(CaseError, match="1 to 12 losses"):
            descendants(ion("[Ag44(SR)30]4-"), None, depth)
    with pytest.raises(CaseError, match="cleavages: found none"):
        descendants(ion("[Ag44(SR)30]4-"), (), 1)
    many = cleavages("M(SR)2-,M2(SR)3-,M(SR),[M(SR)]4,RSSR,SR.,SR-,M+,CO2,H2O")
    with pytest.raises(CaseError, match="ways to lose something"):
        descendants(ion("[Au12Ag32(SR)30+6Na-6H]4-"), many, 6)


def test_only_some_of_them() -> None:
    found = descendants(ion("[Ag44(SR)30]4-"), None, 2)
    wanted = [ion("[Ag43(SR)28]3-"), ion("[Ag44(SR)30]4-")]
    assert [str(one.ion) for one in only(found, wanted)] == [
        "[Ag44(p-MBA)30]4-", "[Ag43(p-MBA)28]3-",
    ]  # fmt: skip
