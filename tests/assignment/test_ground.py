"""What a search stands on: which candidates have signal, and decoys that compete as equals."""

import numpy as np
import pytest

from alloyscope.assignment.candidates import candidates
from alloyscope.assignment.fit import library_of
from alloyscope.assignment.ground import (
    LEAST_SIGNAL,
    TOLERANCE,
    decoys_only,
    envelope_moments,
    ground_of,
    rows_of,
)
from alloyscope.assignment.listing import IonListing
from alloyscope.assignment.space import Framework, SearchSpace
from alloyscope.assignment.trace import trace_of
from alloyscope.chemistry import default_vocabulary, parse_ion
from alloyscope.chemistry.element import default_isotope_table
from alloyscope.isotopes import distribution
from tests.assignment.counted import TRUE, counted, flat

NAMES = default_vocabulary()
TABLE = default_isotope_table()
H, O = 1.00782503, 15.9949146  # noqa: E741
SPACE = SearchSpace(
    metals=("Au", "Ag"), ligands=(NAMES.ligand("p-MBA"),),
    frameworks=(Framework("B", 44, 27, -3), Framework("C", 44, 26, -2),
                Framework("D", 43, 28, -3, penalty=4.0)),
    charges=(-3, -4), cations=((NAMES.adduct_names["Na"], 2),), core_off=None,
)  # fmt: skip
EVERY = candidates(SPACE, 2500.0, 4200.0)
EVERYWHERE = flat(np.arange(2400.0, 4300.0, 0.3), np.full(6334, 1e3))
"""Signal at every m/z: nothing is left out."""


@pytest.fixture(scope="module")
def seen():
    return trace_of(counted(TRUE, window=(3440.0, 3800.0)))


def test_moments_are_those_of_the_patterns():
    mean, sd = envelope_moments(EVERY, TABLE)
    for k in range(0, len(EVERY), 57):
        ion = EVERY.ion(k)
        pattern = distribution(ion.formula)
        mz = pattern.mz(ion.charge)
        assert mean[k] == pytest.approx(np.average(mz, weights=pattern.probability), abs=1e-6)
        spread = np.average((mz - mean[k]) ** 2, weights=pattern.probability) ** 0.5
        assert sd[k] == pytest.approx(spread, rel=1e-3)


def test_candidates_are_those_with_signal_where_they_lie(seen):
    ground = ground_of(seen, EVERY, 10.0, TABLE)
    mean, sd = envelope_moments(EVERY, TABLE)
    noise = seen.floor + seen.gain * np.maximum(seen.signal, 0.0)
    expected = []
    for k in range(len(EVERY)):
        reach = max(sd[k], 0.3 / abs(EVERY.charge[k])) + TOLERANCE * mean[k]
        own = (seen.mz >= mean[k] - reach) & (seen.mz < mean[k] + reach)
        plain = EVERY.known[k] and EVERY.penalty[k] <= 0.0  # stays, to have a limit reported
        if plain or (
            own.sum() > 3 and seen.signal[own].sum() > LEAST_SIGNAL * noise[own].sum() ** 0.5
        ):
            expected.append(str(EVERY.ion(k)))
    names = [str(ground.found.ion(k)) for k in range(ground.n_targets)]
    assert names == expected
    assert set(TRUE) <= set(names)
    assert len(names) < 0.5 * len(EVERY)


def test_rows_are_found_by_formula_and_charge():
    ions = [parse_ion("[Au20Ag24(p-MBA)27+Na-H]3-"), parse_ion("[Au44(p-MBA)26-2H]4-")]
    rows = np.flatnonzero(rows_of(EVERY, ions))
    assert [str(EVERY.ion(k)) for k in rows] == [str(ion) for ion in ions]
    assert not rows_of(EVERY, [parse_ion("[Au20Ag24(p-MBA)27]2-")]).any()
    assert not rows_of(EVERY, [parse_ion("[Au20Ag24(p-MBA)26Cl]3-")]).any()
    assert not rows_of(EVERY, []).any()


def test_required_ions_stay_without_signal_and_excluded_ones_go(seen):
    wanted = parse_ion("[Au2Ag42(p-MBA)27+Na-H]3-")
    unwanted = parse_ion(next(iter(TRUE)))
    ground = ground_of(seen, EVERY, 10.0, TABLE, [wanted], [unwanted])
    names = [str(ground.found.ion(k)) for k in range(ground.n_targets)]
    assert str(wanted) in names
    assert str(unwanted) not in names
    assert np.flatnonzero(ground.required).tolist() == [names.index(str(wanted))]
    assert ground.simple[names.index(str(wanted))]
    usual = ground_of(seen, EVERY, 10.0, TABLE)
    assert str(wanted) not in [str(usual.found.ion(k)) for k in range(usual.n_targets)]


def shifts_of(ground, n):
    """Da by which each decoy's peaks lie beside its target's, all candidates having decoys."""
    assert len(ground.library) == 2 * n
    bounds, charge = ground.library.bounds, np.abs(ground.found.charge)
    found = []
    for k in range(n):
        own, other = (slice(bounds[r], bounds[r + 1]) for r in (k, n + k))
        assert np.allclose(ground.library.share[own], ground.library.share[other])
        away = ground.library.mz[other] - ground.library.mz[own]
        assert np.allclose(away, away[0])
        found.append(away[0] * charge[k])
    return np.array(found)


def test_decoys_are_the_targets_a_few_hydrogens_and_oxygens_off_each_framework_together():
    ground = ground_of(EVERYWHERE, EVERY, 10.0, TABLE)
    n = ground.n_targets
    assert n == len(EVERY)
    shift = shifts_of(ground, n)
    assert np.array_equal(ground.library.cost[:n], ground.library.cost[n:])
    for framework in range(3):
        own = shift[ground.found.framework == framework]
        assert np.allclose(own, own[0], atol=1e-6)
        options = [abs(own[0] - h * H - o * O) < 1e-4 for h in range(-9, 10) for o in range(-2, 3)]
        assert any(options)
        # Never at a mass that another core charge, or one proton more or less, would explain.
        assert abs(own[0]) > 2.5
    assert not ground.simple[n:].any()
    assert not ground.required[n:].any()


def test_decoys_keep_company_with_decoys():
    ground = ground_of(EVERYWHERE, EVERY, 10.0, TABLE)
    n = ground.n_targets
    for rows in ground.company.columns:
        assert (rows[:n] < n).all()
        assert ((rows[n:] >= n) | (rows[n:] == -1)).all()
        assert np.array_equal(rows[n:] >= 0, rows[:n] >= 0)


def test_another_seed_moves_them_elsewhere_and_the_same_one_does_not():
    one, same, other = (
        ground_of(EVERYWHERE, EVERY, 10.0, TABLE, seed=seed).library.mz for seed in (0, 0, 1)
    )
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)
    seeds = [ground_of(EVERYWHERE, EVERY, 10.0, TABLE, seed=seed) for seed in range(8)]
    several = {tuple(np.unique(shifts_of(ground, len(EVERY)).round(3))) for ground in seeds}
    assert len(several) > 4


def test_decoys_of_a_list_are_each_ions_own():
    ions = ("[Au20Ag24(p-MBA)27]3-", "[Au21Ag23(p-MBA)27]3-", "[Au22Ag22(p-MBA)27]3-")
    listed = candidates(IonListing(tuple(map(parse_ion, ions))), 3400.0, 3900.0)
    ground = ground_of(EVERYWHERE, listed, 10.0, TABLE, seed=2)
    assert np.unique(np.round(shifts_of(ground, 3), 3)).size > 1


def test_simple_ions_cost_little_and_their_decoys_can_stand_alone():
    ground = ground_of(EVERYWHERE, EVERY, 10.0, TABLE)
    assert {str(ground.found.ion(k))[-2:] for k in np.flatnonzero(ground.simple)} == {"3-", "4-"}
    assert (ground.found.penalty[ground.simple[: len(EVERY)]] < 2.7).all()
    assert not ground.simple[: len(EVERY)][ground.found.framework == 2].any()
    alone = decoys_only(EVERYWHERE, EVERY, TABLE, 5)
    assert len(alone) == ground.simple.sum()
    counted_ions = EVERYWHERE.signal.sum() / EVERYWHERE.gain
    targets = library_of(EVERY.take(np.flatnonzero(ground.simple)), TABLE, counted_ions)
    assert np.allclose(alone.share, targets.share)
    assert np.abs(alone.mz - targets.mz).min() > 2.5 / 4


def test_no_candidates_no_ground(seen):
    none = candidates(IonListing((parse_ion("[Au25(p-MBA)18]-"),)), 100.0, 200.0)
    ground = ground_of(seen, none, 10.0, TABLE)
    assert ground.n_targets == len(ground.library) == 0
