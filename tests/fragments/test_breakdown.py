"""Breakdown curves: the truth of the simulated series, and curves by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from alloyscope.errors import CaseError, SpectrumError
from alloyscope.fragments.breakdown import Breakdown, breakdown, com_share, leaving_in
from alloyscope.fragments.descendants import descendants
from alloyscope.fragments.leaving import leaving_of, surfaces
from tests.fragments.example import ENERGIES, PRECURSOR, assigned, ion


def curves() -> Breakdown:
    return breakdown(assigned(), ENERGIES)


def test_e50_is_that_of_the_simulation() -> None:
    found = curves()
    assert found.half is not None
    assert abs(found.half.centre - 18.0) < 3 * found.half.along((1.0, 0.0))
    assert abs(found.half.width - 2.0) < 3 * found.half.along((0.0, 1.0))
    assert found.half.along((1.0, 0.0)) < 0.2
    expected = 1 / (1 + np.exp((np.array(ENERGIES) - 18.0) / 2.0))
    assert (np.abs(found.survival - expected) < 4 * found.survival_sd + 0.01).all()


def test_fractions_are_shares_with_a_covariance() -> None:
    found = curves()
    np.testing.assert_allclose(found.fraction.sum(axis=1), 1.0, atol=1e-9)
    assert (found.fraction_sd > 0).all()
    members = found.members
    np.testing.assert_allclose(found.per_precursor[:, members].sum(axis=1), 1.0)
    np.testing.assert_allclose(found.per_precursor[:, 0], found.survival)
    np.testing.assert_allclose(found.per_precursor_sd[:, 0], found.survival_sd, rtol=1e-6)


def test_energies_are_those_of_ion_and_gas() -> None:
    found = curves()
    np.testing.assert_allclose(found.lab, 4 * np.array(ENERGIES))
    share = com_share(PRECURSOR, "N2")
    assert share == pytest.approx(28.014 / (28.014 + PRECURSOR.formula.average_mass()), rel=1e-4)
    np.testing.assert_allclose(found.com, found.lab * share)
    whole = breakdown(assigned(), ENERGIES, gas="Ar", per_charge=False)
    np.testing.assert_allclose(whole.lab, ENERGIES)
    assert whole.com[0] > found.com[0] / 4
    assert found.degrees_of_freedom == 3 * (44 + 30 * 15) - 6
    with pytest.raises(CaseError, match='"Ne"'):
        com_share(PRECURSOR, "Ne")


def test_gold_leaves_less_readily_by_the_odds_of_the_simulation() -> None:
    found = curves().leaving
    assert found is not None
    assert found.metals == ("Au", "Ag")
    assert found.piece == "[M(p-MBA)2]-"
    assert abs(np.log(found.odds_ratio / 0.40)) < 3 * found.log_sd
    assert found.interval[1] < 0.6
    assert found.p < 1e-6
    assert found.surface is not None
    assert found.surface.sites == 12
    implied = found.implied
    assert implied is not None
    assert implied[0] == pytest.approx(12 * found.share[0])
    k, mean, sd = found.steps[-1]
    assert k == 2
    assert abs(mean - found.share[0]) < 5 * sd + 0.02
    one = leaving_in(assigned()[2])
    assert one is not None
    assert one.interval[0] < 0.40 < one.interval[1]


def test_onsets_of_both_metals_stand_together() -> None:
    found = curves()
    first = {str(one.ion) for one in found.order[0]}
    assert {"[Au12Ag31(p-MBA)28]3-", "[Au11Ag32(p-MBA)28]3-"} <= first
    assert all(not trend.told for trend in found.trends
               if trend.first.framework == "M43S28")  # fmt: skip
    assert all(one.fragment.steps == 1 and not one.fragment.leaving for one in found.onsets)


def test_the_order_of_spectra_does_not_matter() -> None:
    there, back = curves(), breakdown(assigned()[::-1], ENERGIES[::-1])
    np.testing.assert_array_equal(there.survival, back.survival)
    assert there.sources == back.sources


def test_what_does_not_go_together_is_refused() -> None:
    with pytest.raises(SpectrumError, match="no spectra"):
        breakdown((), ())
    for wrong in ((5.0,), (1.0, 2.0, 3.0, -4.0), (1.0, 2.0, 3.0, float("nan"))):
        with pytest.raises(CaseError, match="collision energies"):
            breakdown(assigned(), wrong)
    other = replace(assigned()[0], precursor=ion("[Ag44(SR)30]4-"))
    with pytest.raises(SpectrumError, match="several precursors"):
        breakdown((other, *assigned()[1:]), ENERGIES)


def test_a_survival_that_does_not_reach_one_half_is_an_extrapolation() -> None:
    found = breakdown(assigned()[2:], ENERGIES[2:])
    assert found.half is None
    assert any("No E50" in note for note in found.notes)


def ratio(gold: float, silver: float, sd: float = 0.002, text: str = "[Au12Ag32(SR)30]4-"):
    """Which metal leaves first when so much has lost gold, and so much silver, at two energies."""
    fragments = [one for one in descendants(ion(text), None, 1) if not one.leaving]
    names = {str(one.ion): k for k, one in enumerate(fragments)}
    fraction = np.zeros((2, len(fragments)))
    fraction[:, 0] = 0.5
    for name, k in names.items():
        if "(p-MBA)28" in name:
            fraction[:, k] = silver if name.startswith("[Au12") else gold
    covariance = np.tile(np.eye(len(fragments)) * sd**2, (2, 1, 1))
    return leaving_of(ion(text), fragments, fraction, covariance)


def test_atoms_chosen_at_random_have_odds_of_one() -> None:
    found = ratio(0.12, 0.32)
    assert found is not None
    assert found.odds_ratio == pytest.approx(1.0)
    assert found.p == pytest.approx(1.0)
    assert found.log_sd == pytest.approx(np.hypot(0.002 / 0.12, 0.002 / 0.32) / np.sqrt(2))
    assert found.share[0] == pytest.approx(12 / 44)


def test_placements_give_the_shares_that_room_allows() -> None:
    mount = next(one for one in surfaces() if one.framework == "M44S30")
    assert dict(mount.expected(12, 44)) == {
        "elsewhere first": 0.0, "anywhere": 12 / 44, "in this class first": 1.0,
    }  # fmt: skip
    assert dict(mount.expected(38, 44))["elsewhere first"] == pytest.approx(6 / 12)
    assert {one.sites for one in surfaces()} == {12, 15}


def test_nothing_is_said_where_there_is_nothing_to_compare() -> None:
    assert ratio(0.12, 0.32, text="[Ag44(SR)30]4-") is None
    assert ratio(0.0, 0.32) is None
    assert ratio(0.001, 0.32) is None  # below two of its sd
