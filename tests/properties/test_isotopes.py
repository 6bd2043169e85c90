"""Laws that every isotope distribution keeps, and the fast path beside the obvious one."""

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alloyscope.chemistry import Formula, isotope_table
from alloyscope.isotopes import distribution, family, probability_sd
from alloyscope.testing import formulas

FEW_SYMBOLS = ("Ag", "Au", "C", "H", "S", "P", "Cl", "Sn", "Pt", "F")
quick = settings(deadline=None, max_examples=120, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def families(draw: st.DrawFn) -> list[Formula]:
    """Ladders up, down and broken, duplicates, strangers and formulas of one isotope each."""
    core = draw(formulas(FEW_SYMBOLS, elements=4, atoms=40))
    metal = draw(st.sampled_from(["Ag", "Sn", "Au", "H"]))
    rungs = draw(st.lists(st.integers(0, 60), max_size=8))
    ladder = [Formula.of({**core, metal: core.get(metal, 0) + n}) for n in rungs]
    single = formulas(("Au", "P", "F", "Na"), elements=2)
    others = draw(st.lists(st.one_of(single, formulas(FEW_SYMBOLS, atoms=300)), max_size=4))
    mixed = draw(st.permutations([*ladder, *ladder[:1], *others]))
    return list(draw(st.sampled_from([ladder, sorted(ladder, key=str), mixed])))


@quick
@given(families())
def test_a_family_is_its_members_one_by_one(members):
    found = family(members, prune=0.0)
    assert len(found) == len(members)
    for one, formula in zip(found, members, strict=True):
        expected = distribution(formula)
        np.testing.assert_allclose(
            one.probability_at(expected.nucleons), expected.probability, rtol=1e-9, atol=1e-14
        )
        tall = expected.probability > 1e-9
        at = np.searchsorted(one.nucleons, expected.nucleons[tall])
        np.testing.assert_allclose(one.mass[at], expected.mass[tall], rtol=1e-12, atol=1e-9)
        assert abs(one.probability.sum() - 1) < 1e-11


@quick
@given(formulas(atoms=200))
def test_probabilities_sum_to_one_and_nucleons_ascend(formula):
    found = distribution(formula)
    assert abs(found.probability.sum() - 1) < 1e-11
    assert np.all(found.probability > 0)
    assert np.all(np.diff(found.nucleons) > 0)
    assert np.all(np.abs(found.mass - found.nucleons) < 0.2 * formula.n_atoms)


@quick
@given(formulas(atoms=200))
def test_the_mean_mass_is_the_sum_of_the_elements_means(formula):
    np.testing.assert_allclose(
        distribution(formula).mean_mass, formula.average_mass(), rtol=1e-9, atol=0
    )


@quick
@given(formulas(atoms=200))
def test_mean_and_variance_of_the_nucleons_are_the_sums_of_the_elements(formula):
    found = distribution(formula)
    mean = variance = 0.0
    for symbol, count in formula.atoms:
        isotopes = isotope_table()[symbol].isotopes
        a = np.array([i.nucleons for i in isotopes], float)
        p = np.array([i.abundance for i in isotopes])
        mean += count * (p @ a)
        variance += count * (p @ a**2 - (p @ a) ** 2)
    got = found.probability @ found.nucleons
    spread = found.probability @ (found.nucleons - got) ** 2
    np.testing.assert_allclose(got, mean, rtol=1e-10)
    np.testing.assert_allclose(spread, variance, rtol=1e-7, atol=1e-9)


@quick
@given(formulas(elements=3, atoms=20), formulas(elements=3, atoms=20))
def test_the_pattern_of_a_sum_is_the_sum_of_patterns(one, other):
    whole = distribution(one + other)
    a, b = distribution(one), distribution(other)
    dense = np.zeros(whole.nucleons[-1] - (a.nucleons[0] + b.nucleons[0]) + 1)
    for n, p in zip(a.nucleons - a.nucleons[0], a.probability, strict=True):
        at = n + b.nucleons - b.nucleons[0]
        fits = at < dense.size
        dense[at[fits]] += p * b.probability[fits]
    expected = dense[whole.nucleons - (a.nucleons[0] + b.nucleons[0])]
    np.testing.assert_allclose(whole.probability, expected, rtol=1e-9, atol=1e-15)


@quick
@given(formulas(elements=4, atoms=30))
def test_what_one_peak_may_gain_is_bounded(formula):
    sd = probability_sd(formula)
    assert sd.shape == distribution(formula).probability.shape
    assert np.all(sd >= 0)
    table = isotope_table()
    moved = [
        count * isotope.abundance_sd
        for symbol, count in formula.atoms
        for isotope in table[symbol].isotopes
        if isotope is not table[symbol].most_abundant
    ]
    # Probabilities differ by one at most, and an isotope moves no more than its own share.
    assert np.all(sd <= np.sqrt(np.sum(np.square(moved))) * (1 + 1e-9))
