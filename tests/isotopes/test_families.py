import numpy as np
import pytest

from alloyscope import isotopes
from alloyscope.chemistry import Formula, parse_ion
from alloyscope.errors import NotationError, UnknownElement
from alloyscope.isotopes import distribution, family, family_of_counts


def assert_same(found, formulas, prune):
    assert len(found) == len(formulas)
    for one, formula in zip(found, formulas, strict=True):
        expected = distribution(formula, prune=prune)
        np.testing.assert_array_equal(one.nucleons, expected.nucleons)
        np.testing.assert_allclose(one.probability, expected.probability, rtol=1e-9, atol=1e-15)
        np.testing.assert_allclose(one.mass, expected.mass, rtol=0, atol=1e-8)


def alloys(framework, ligands, counts):
    return [Formula.of({"Au": x, "Ag": 44 - x}) + Formula.parse(ligands) * framework
            for x in counts]  # fmt: skip


CASES = {
    "a ladder": alloys(30, "C7H5O2S", range(45)),
    "a ladder downwards": alloys(30, "C7H5O2S", range(44, -1, -1)),
    "any order": alloys(26, "C7H5O2S", [3, 44, 0, 17, 17, 1]),
    "one": alloys(30, "C7H5O2S", [12]),
    "duplicates": alloys(30, "C7H5O2S", [12, 12, 12]),
    "all of one isotope": [Formula.parse(t) for t in ("Au", "Au25P2", "AuNaF2")],
    "some of one isotope": [Formula.parse(t) for t in ("Au2", "Ag", "Au", "AgCl", "Cs")],
    "big jumps": [Formula.parse(t) for t in ("Ag", "Ag500", "C2000H3000", "Ag2", "Sn20")],
    "two ladders": alloys(30, "C7H5O2S", range(0, 44, 9)) + alloys(27, "C6H4NO2S", range(0, 44, 9)),
    "labelled": [Formula.parse("[13C]6H6Ag"), Formula.parse("C6H6Ag")],
}


@pytest.mark.parametrize("prune", [0.0, 1e-9, 1e-4])
@pytest.mark.parametrize("name", CASES)
def test_a_family_is_its_members_one_by_one(name, prune):
    if prune == 0.0:  # rounding decides which of the least likely peaks are kept
        for one, formula in zip(family(CASES[name], prune=0.0), CASES[name], strict=True):
            expected = distribution(formula)
            at = one.probability_at(expected.nucleons)
            np.testing.assert_allclose(at, expected.probability, rtol=1e-9, atol=1e-16)
            assert one.probability.sum() == pytest.approx(1, abs=1e-11)
    else:
        assert_same(family(CASES[name], prune=prune), CASES[name], prune)


def test_no_formulas_are_no_family():
    assert len(family([])) == 0
    assert list(family_of_counts(["Ag"], np.zeros((0, 1), np.int64))) == []


def test_members_are_had_by_number():
    found = family(CASES["a ladder"])
    assert np.array_equal(found[-1].mass, found[44].mass)
    with pytest.raises(IndexError):
        found[45]


def test_each_member_has_its_charge():
    ions = [parse_ion(t) for t in ("[Ag44(p-MBA)30]4-", "[Au25(PET)18]+")]
    found = family([ion.formula for ion in ions])
    mz = found.mz(np.array([ion.charge for ion in ions]))
    for i, ion in enumerate(ions):
        own = mz[found.bounds[i] : found.bounds[i + 1]]
        np.testing.assert_allclose(own, found[i].mz(ion.charge), rtol=1e-14)


def test_what_is_no_count_is_refused():
    with pytest.raises(NotationError, match="row 1 of the counts"):
        family_of_counts(["Ag", "Au"], np.array([[1, 2], [1, -1]]))
    with pytest.raises(NotationError, match="row 0"):
        family([Formula.of({})])
    with pytest.raises(NotationError, match="row 0"):
        family([Formula.of({}), Formula.parse("Au")])
    with pytest.raises(UnknownElement):
        family_of_counts(["Xx"], np.array([[1]]))


def test_the_package_has_no_other_name():
    with pytest.raises(AttributeError, match="families_of"):
        _ = isotopes.families_of
