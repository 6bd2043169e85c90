from dataclasses import replace
from itertools import product
from math import comb

import numpy as np
import pytest

from alloyscope.chemistry import Formula, isotope_table
from alloyscope.chemistry.element import Element, IsotopeTable
from alloyscope.errors import ChargeError, NotationError, UnknownElement
from alloyscope.isotopes import distribution, probability_sd

PMBA_CLUSTER = Formula.parse("Ag44(C7H5O2S)30")


def one_by_one(formula):
    """Every isotopologue counted as an ordered list of atoms: the definition itself."""
    atoms = [isotope_table()[s].isotopes for s, n in formula.atoms for _ in range(n)]
    p, moment = {}, {}
    for chosen in product(*atoms):
        share = np.prod([i.abundance for i in chosen])
        nucleons = sum(i.nucleons for i in chosen)
        p[nucleons] = p.get(nucleons, 0.0) + share
        moment[nucleons] = moment.get(nucleons, 0.0) + share * sum(i.mass for i in chosen)
    return {a: (p[a], moment[a] / p[a]) for a in sorted(p)}


@pytest.mark.parametrize("text", ["Ag2Cl", "Ag3S2", "Pd2H2", "SnC2", "H2O", "Au3", "PtCuO"])
def test_a_small_formula_is_what_counting_gives(text):
    formula = Formula.parse(text)
    found, expected = distribution(formula), one_by_one(formula)
    kept = {a: v for a, v in expected.items() if v[0] >= 1e-16}
    at = np.searchsorted(found.nucleons, list(kept))
    np.testing.assert_array_equal(found.nucleons[at], list(kept))
    np.testing.assert_allclose(found.probability[at], [p for p, _ in kept.values()], atol=1e-15)
    np.testing.assert_allclose(found.mass[at], [m for _, m in kept.values()], atol=2e-10)


def test_silver_alone_is_a_binomial():
    found = distribution(Formula.parse("Ag44"), prune=1e-9)
    heavy = isotope_table()["Ag"].isotopes[1].abundance
    n109 = (found.nucleons - 44 * 107) // 2
    expected = [comb(44, n) * heavy**n * (1 - heavy) ** (44 - n) for n in n109.tolist()]
    np.testing.assert_allclose(found.probability, expected, rtol=1e-12)


def test_a_labelled_atom_does_not_spread():
    found = distribution(Formula.parse("[13C]6"))
    assert found.nucleons.tolist() == [78]
    assert found.mass[0] == pytest.approx(6 * 13.0033548353, abs=1e-9)


def test_pruning_leaves_out_and_changes_nothing_else():
    whole, pruned = distribution(PMBA_CLUSTER), distribution(PMBA_CLUSTER, prune=1e-6)
    kept = whole.pruned(1e-6)
    np.testing.assert_array_equal(pruned.nucleons, kept.nucleons)
    np.testing.assert_array_equal(pruned.mass, kept.mass)
    assert 1 - 1e-4 < pruned.probability.sum() < 1


def test_a_large_formula_keeps_its_digits():
    formula = Formula.parse("Ag144(C7H5O2S)60")
    found = distribution(formula)
    assert found.probability.sum() == pytest.approx(1, abs=1e-12)
    assert found.mean_mass == pytest.approx(formula.average_mass(), rel=1e-12)


def test_the_tallest_peak_and_the_charge():
    found = distribution(PMBA_CLUSTER)
    assert found.most_abundant_mass == found.mass[np.argmax(found.probability)]
    assert found.mz(-4)[0] == pytest.approx(found.mass[0] / 4 + 0.000548579909)
    with pytest.raises(ChargeError):
        found.mz(0)


def test_what_has_no_pattern_is_refused():
    with pytest.raises(NotationError):
        distribution(Formula.of({}))
    with pytest.raises(UnknownElement):
        distribution(Formula.of({"Xx": 1}))


def with_changed_abundance(symbol: str, nucleons: int, change: float) -> IsotopeTable:
    table = isotope_table()
    element = table[symbol]
    common = element.most_abundant.nucleons
    shift = {nucleons: change, common: -change}
    isotopes = tuple(
        replace(i, abundance=i.abundance + shift.get(i.nucleons, 0.0)) for i in element.isotopes
    )
    changed = Element(symbol, element.atomic_number, element.name, isotopes)
    return IsotopeTable("changed", "", {**table.elements, symbol: changed})


@pytest.mark.parametrize("text", ["Ag44(C7H5O2S)30", "Ag3S2", "SnCl2", "Ag", "Au25(C8H9S)18"])
def test_the_sd_of_a_probability_is_that_of_finite_differences(text):
    formula = Formula.parse(text)
    nucleons = distribution(formula, prune=1e-9).nucleons
    variance = np.zeros(nucleons.size)
    for symbol in formula:
        element = isotope_table()[symbol]
        for isotope in element.isotopes:
            if isotope is not element.most_abundant:
                step = 1e-6
                up, down = (
                    distribution(
                        formula, with_changed_abundance(symbol, isotope.nucleons, by)
                    ).probability_at(nucleons)
                    for by in (step, -step)
                )
                variance += (isotope.abundance_sd * (up - down) / (2 * step)) ** 2
    found = probability_sd(formula, prune=1e-9)
    np.testing.assert_allclose(found, np.sqrt(variance), rtol=1e-5, atol=1e-10)


def test_one_isotope_leaves_nothing_open():
    assert probability_sd(Formula.parse("Au25P2")).tolist() == [0.0]
