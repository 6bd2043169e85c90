"""What a peak could be: the true ion is among the first, and what is said of rivals is true."""

from pathlib import Path

import numpy as np
import pytest

from alloyscope.assignment.candidates import candidates
from alloyscope.assignment.distinction import Envelope, distinguish, mates
from alloyscope.assignment.identify import REACH, TALL, identify
from alloyscope.assignment.listing import IonListing
from alloyscope.case import read_case
from alloyscope.case.space import search_space
from alloyscope.chemistry import default_vocabulary, parse_ion
from alloyscope.chemistry.element import default_isotope_table
from alloyscope.errors import CaseError
from alloyscope.isotopes import distribution

SPACE = search_space(read_case(Path("au44-ag44")), default_vocabulary().binding("p-MBA"))


def envelope(text):
    ion = parse_ion(text)
    pattern = distribution(ion.formula, prune=1e-5)
    return Envelope(ion, pattern.mz(ion.charge), pattern.probability)


def tallest(text):
    return envelope(text).tallest


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("[Ag44(p-MBA)30]4-", 0),
        ("[Au12Ag32(p-MBA)30]4-", 0),
        ("[Au21Ag23(p-MBA)27]3-", 0),
        ("[Au25(p-MBA)18-H]2-", 0),
        ("[Ag43(p-MBA)28]3-", 1),
        ("[Ag5(p-MBA)6]-", 4),
        ("[Au44(p-MBA)26+12Na-16H]6-", 120),
    ],
)
def test_the_true_ion_is_found_and_simple_ones_first(text, place):
    found = identify(tallest(text) * (1 + 3e-6), SPACE, most=300)
    names = [str(it.ion) for it in found.possibilities]
    at = names.index(str(parse_ion(text)))
    assert at <= place
    it = found.possibilities[at]
    assert it.error_ppm == pytest.approx(3.0, abs=0.01)
    assert it.height == 1
    assert it.mz_theory == it.mz_peak == pytest.approx(tallest(text), abs=1e-6)


def test_every_ion_with_a_tall_peak_in_reach_is_counted_and_no_other():
    mz, ppm = 2602.65, 8.0
    found = identify(mz, SPACE, ppm, most=1000)
    rows = candidates(SPACE, mz - REACH, mz + REACH)
    expected = {}
    for k in range(0, len(rows), 3):
        own = distribution(rows.ion(k).formula)
        places = own.mz(int(rows.charge[k]))
        tall = own.probability >= TALL * own.probability.max()
        error = 1e6 * (mz / places[tall] - 1)
        if np.abs(error).min() <= ppm:
            expected[str(rows.ion(k))] = error[np.abs(error).argmin()]
    listed = {str(it.ion): it.error_ppm for it in found.possibilities}
    assert len(expected) > 10
    assert {name: listed[name] for name in expected} == pytest.approx(expected, abs=1e-6)
    assert found.n_fitting == len(listed)
    every_third = {str(rows.ion(k)) for k in range(0, len(rows), 3)}
    assert every_third & set(listed) == set(expected)


def test_the_score_is_what_it_says_and_odds_sum_to_one():
    found = identify(2602.65, SPACE, 20.0, most=1000)
    score = np.array([it.score for it in found.possibilities])
    stated = [it.penalty + 0.5 * (it.error_ppm / 10.0) ** 2 - np.log(it.height)
              for it in found.possibilities]  # fmt: skip
    assert score == pytest.approx(stated)
    assert (np.diff(score) >= 0).all()
    odds = np.array([it.odds for it in found.possibilities])
    assert odds.sum() == pytest.approx(1.0)
    assert odds / odds[0] == pytest.approx(np.exp(score[0] - score))


def test_a_known_charge_leaves_no_other():
    found = identify(2602.65, SPACE, charge=-4)
    assert {it.ion.charge for it in found.possibilities} == {-4}
    assert str(found.possibilities[0].ion) == "[Au12Ag32(p-MBA)30]4-"
    assert all(apart.offset_ppm is not None for apart in found.distinctions)


def test_where_isotopes_are_not_resolved_the_mean_is_compared():
    text = "[Au12Ag32(p-MBA)30]4-"
    blurred = identify(envelope(text).centre, SPACE, 5.0, charge=-4, resolving_power=5000.0)
    assert str(blurred.possibilities[0].ion) == str(parse_ion(text))
    assert blurred.possibilities[0].error_ppm == pytest.approx(0.0, abs=0.2)
    sharp = identify(envelope(text).centre, SPACE, 5.0, charge=-4, resolving_power=50000.0)
    assert str(parse_ion(text)) not in [str(it.ion) for it in sharp.possibilities]


def test_nothing_that_fits_is_said_with_the_nearest():
    listing = IonListing((parse_ion("[Au25(p-MBA)18-H]2-"),))
    mz = tallest("[Au25(p-MBA)18-H]2-")
    found = identify(mz * (1 + 50e-6), listing)
    assert found.possibilities == ()
    assert found.nearest.error_ppm == pytest.approx(50, abs=0.1)
    assert "no ion of this search space" in found.verdict
    assert "[Au25(p-MBA)18-H]2-, +50.0 ppm" in found.verdict
    assert identify(500.0, listing).verdict.endswith("of m/z 500")
    assert identify(mz, listing).verdict.startswith("1 ion has")
    with pytest.raises(CaseError, match="-2"):
        identify(mz, listing, charge=-3)


def test_rivals_of_another_charge_differ_in_the_spacing():
    one, other = envelope("[Au12Ag32(p-MBA)30]4-"), envelope("[Au41Ag3(p-MBA)30+Na-2H]5-")
    apart = distinguish(one, other, 2602.65)
    assert apart.spacing == (0.25, 0.2)
    assert apart.offset_ppm is None
    (said,) = apart.signs
    assert said.startswith("isotope peaks 0.200 apart at 5-, not 0.250 as at 4-")
    assert 2602.65 / apart.resolving_power == pytest.approx(0.7 * 0.2)


def test_the_classic_near_isobars_differ_in_shape_alone():
    """Au = SR + 2 Na - 2 H: the peaks coincide, the envelope is wider and its centre elsewhere."""
    one, other = envelope("[Au21Ag23(p-MBA)27]3-"), envelope("[Au20Ag23(p-MBA)28+2Na-2H]3-")
    apart = distinguish(one, other, one.tallest)
    assert abs(apart.offset_ppm) < 0.5
    assert apart.signs[1] == "peaks of both coincide within 0.5 ppm"
    assert "centre of the envelope" in apart.signs[0]
    assert 100 < apart.ions_needed < 100_000


def test_the_number_of_ions_that_decide_is_right():
    """Draw so many ions of the first, and its shape is favoured by 3 nats on average."""
    rng = np.random.default_rng(3)
    one, other = envelope("[Au21Ag23(p-MBA)27]3-"), envelope("[Au20Ag23(p-MBA)28+2Na-2H]3-")
    apart = distinguish(one, other, one.tallest)
    step = int(np.abs(other.mz - one.tallest).argmin()) - int(np.abs(one.mz - one.tallest).argmin())
    q = np.full(one.mz.size, 1e-4)
    places = np.arange(one.mz.size) + step
    inside = (places >= 0) & (places < other.mz.size)
    q[inside] += other.probability[places[inside]]
    p = one.probability + 1e-4
    p, q = p / p.sum(), q / q.sum()
    gains = [(rng.multinomial(round(apart.ions_needed), p) * np.log(p / q)).sum()
             for _ in range(400)]  # fmt: skip
    assert np.mean(gains) == pytest.approx(3.0, abs=0.5)


def test_isomers_have_one_shape():
    apart = distinguish(envelope("[Au25(p-MBA)18]-"), envelope("[Au25(m-MBA)18]-"), 7683.0)
    assert apart.ions_needed == float("inf")
    assert apart.signs[0] == "envelopes of one shape"


def test_mates_are_what_should_be_there_too():
    table = default_isotope_table()
    found = mates(parse_ion("[Au11Ag33(p-MBA)30+4Na-5H]5-"), SPACE.charges, table)
    assert [str(ion) for ion, _ in found] == [
        "[Au11Ag33(p-MBA)30-H]5-", "[Au11Ag33(p-MBA)30+4Na-4H]4-"]  # fmt: skip
    for ion, mz in found:
        assert mz == pytest.approx(tallest(str(ion)))
    assert mates(parse_ion("[Ag44(p-MBA)30]4-"), SPACE.charges, table) == ()
    (_, (fewer, _)) = mates(parse_ion("[Au25(PET)18+3Na]2+"), (1, 2), table)
    assert str(fewer) == "[Au25(PET)18+2Na]+"
    assert mates(parse_ion("[C6H12O6Cl]-"), (-1,), table) == ()
