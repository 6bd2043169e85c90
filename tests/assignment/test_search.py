"""The search for the best account of a trace: its costs by hand, its end by the truth."""

from dataclasses import replace

import numpy as np
import pytest

from alloyscope.assignment.candidates import candidates
from alloyscope.assignment.fit import ION_COST
from alloyscope.assignment.ground import ground_of
from alloyscope.assignment.instrument import prior_instrument
from alloyscope.assignment.ladders import RUNG
from alloyscope.assignment.search import ALONE, GAP, REQUIRED, ROUNDS, costs, search
from alloyscope.assignment.trace import trace_of
from alloyscope.chemistry import parse_ion
from alloyscope.chemistry.element import default_isotope_table
from tests.assignment.counted import FOREIGN, HIGH, LOW, POWER, TRUE, counted, flat, locked, space

TABLE = default_isotope_table()
EVERY = candidates(space(), LOW, HIGH)
EVERYWHERE = flat(np.arange(3300.0, 3900.0, 0.2), np.full(3000, 1e3))


def silent(what, done, total):
    """Nobody wants to know."""


def searched(ions, offset=0.0, power=POWER, seed=1, told=silent, **options):
    trace = trace_of(counted(ions, offset=offset, seed=seed))
    ground = ground_of(trace, EVERY, 12.0, TABLE, **options)
    return ground, *search(trace, ground, prior_instrument(3600.0, power, 2500.0, False), told)


def named(ground, outcome):
    return {str(ground.found.ion(k)) for k in outcome.called}


@pytest.fixture(scope="module")
def ground():
    """Every candidate, and a decoy for each."""
    return ground_of(EVERYWHERE, EVERY, 12.0, TABLE)


def row(ground, name):
    names = [str(ground.found.ion(k)) for k in range(ground.n_targets)]
    return names.index(name)


def test_an_ion_costs_less_the_more_neighbours_are_called(ground):
    k = row(ground, "[Au21Ag23(p-MBA)27+Na-H]3-")
    sides = ("[Au21Ag23(p-MBA)27]3-", "[Au22Ag22(p-MBA)27+Na-H]3-", "[Au20Ag24(p-MBA)27+Na-H]3-",
             "[Au21Ag23(p-MBA)27+2Na-2H]3-")  # fmt: skip
    own = ground.library.cost[k] - ION_COST
    everything = np.full(len(ground.library), 100.0)

    def cost(*called):
        held = np.zeros(len(ground.library), bool)
        held[[row(ground, name) for name in called]] = True
        return costs(ground, everything, held)[k]

    between, two, one, alone = (base + share * own for base, share in ALONE)
    bare, more, less, up = sides
    assert cost() == pytest.approx(alone) == ground.library.cost[k]
    assert cost(bare) == pytest.approx(one)
    assert cost(bare, more) == pytest.approx(two)
    assert cost(bare, up) == pytest.approx(between)
    assert cost(more, less) == pytest.approx(between + GAP)
    assert cost(*sides) == pytest.approx(between)
    assert cost(up) == pytest.approx(one + GAP)
    assert between < two < one < alone


def test_company_that_the_data_do_not_allow_is_paid_for(ground):
    k = row(ground, "[Au21Ag23(p-MBA)27+2Na-2H]3-")
    most, none = np.full(len(ground.library), 100.0), np.zeros(len(ground.library), bool)
    plain = costs(ground, most, none)[k]
    most[row(ground, "[Au21Ag23(p-MBA)27+Na-H]3-")] = 0.5 * RUNG[0] * 100.0
    assert costs(ground, most, none)[k] == pytest.approx(plain + RUNG[1])


def test_decoys_cost_what_targets_cost_and_their_neighbours_are_decoys(ground):
    n = ground.n_targets
    most, called = np.full(2 * n, 100.0), np.zeros(2 * n, bool)
    called[: n // 2] = called[n : n + n // 2] = True
    both = costs(ground, most, called)
    assert np.array_equal(both[:n], both[n:])
    called[n:] = False
    alone = costs(ground, most, called)
    assert (alone[n:] >= both[n:]).all()
    assert np.array_equal(alone[:n], both[:n])


def test_required_ions_have_all_in_their_favour():
    wanted = parse_ion(next(iter(TRUE)))
    ground = ground_of(EVERYWHERE, EVERY, 12.0, TABLE, [wanted])
    n = len(ground.library)
    cost = costs(ground, np.zeros(n), np.zeros(n, bool))
    assert np.flatnonzero(cost == -REQUIRED).tolist() == [row(ground, str(wanted))]


@pytest.mark.parametrize(("offset", "power"), [(0.0, 1.0), (40.0, 0.8), (-70.0, 1.1)])
def test_the_search_ends_at_the_truth(offset, power):
    """A calibration far off and a resolving power that is not what was stated."""
    ground, best, _ = searched(TRUE, offset, power * POWER)
    assert named(ground, best) == set(TRUE)
    assert best.state.instrument.theta[0] == pytest.approx(offset, abs=2.0)
    assert np.exp(best.state.instrument.theta[3]) == pytest.approx(POWER, rel=0.05)
    for k, amount in zip(best.called, best.state.amount, strict=True):
        assert amount == pytest.approx(TRUE[str(ground.found.ion(k))], rel=0.08)


def test_what_is_said_of_the_end_is_consistent():
    ground, best, _ = searched(TRUE | FOREIGN)
    assert named(ground, best) == set(TRUE)
    assert best.state.lines.size > 10
    assert best.state.foreign.sum() == pytest.approx(sum(FOREIGN.values()), rel=0.25)
    assert best.total.sum() == pytest.approx(best.trace.signal.sum(), rel=0.02)
    assert best.variance.shape == best.total.shape == best.trace.mz.shape
    assert len(best.library) == best.rows.size
    assert (best.called < ground.n_targets).all()


def test_the_last_rounds_are_without_decoys_and_the_contest_was_with_them():
    assert not ROUNDS[-1]
    assert any(ROUNDS)
    ground, best, contest = searched(FOREIGN | {name: n / 20 for name, n in TRUE.items()})
    assert (best.rows < ground.n_targets).all()
    assert contest is not best
    assert (contest.rows >= ground.n_targets).any()


def test_a_calibration_that_is_known_is_believed_even_where_another_explains_far_more():
    """Known to 1.5 ppm to be one isotope spacing off, it is believed; the fit stays there."""
    trace = trace_of(counted({"[Au20Ag24(p-MBA)27]3-": 4000.0}))
    ground = ground_of(trace, EVERY, 12.0, TABLE)
    spacing = 1e6 * 1.0005 / 3 / 3555.0
    known = locked(prior_instrument(3600.0, POWER, 2500.0, False), spacing)
    best, _ = search(trace, ground, known, silent)
    assert best.state.instrument.theta[0] == pytest.approx(spacing, abs=6.0)
    free, _ = search(trace, ground, prior_instrument(3600.0, POWER, 2500.0, False), silent)
    assert free.state.instrument.theta[0] == pytest.approx(0.0, abs=3.0)
    assert free.state.gain > best.state.gain + 50.0


def test_required_ions_are_in_the_fit_and_excluded_ones_are_not():
    wanted, unwanted = parse_ion("[Au23Ag21(p-MBA)27]3-"), parse_ion("[Au22Ag22(p-MBA)27]3-")
    weak = TRUE | {str(wanted): 12.0}
    assert str(wanted) not in named(*searched(weak, seed=3)[:2])
    ground, best, _ = searched(weak, seed=3, required=[wanted], excluded=[unwanted])
    assert str(wanted) in named(ground, best)
    assert str(unwanted) not in named(ground, best)


def test_progress_is_told_from_start_to_end():
    heard = []
    searched(TRUE, told=lambda *what: heard.append(what))
    done = [step for _, step, _ in heard]
    assert done == list(range(len(done)))
    assert {total for *_, total in heard} == {len(done)}


def test_it_makes_no_difference_in_which_unit_intensities_are():
    spectrum = counted(TRUE, chance=0.5)
    ends = []
    for unit in (1.0, 250.0):
        scaled = replace(spectrum, intensity=np.asarray(spectrum.intensity) * unit)
        trace = trace_of(scaled)
        ground = ground_of(trace, EVERY, 12.0, TABLE)
        best, _ = search(trace, ground, prior_instrument(3600.0, POWER, 2500.0, False), silent)
        ends.append((named(ground, best), best.state.amount / unit, best.state.instrument.theta))
    assert ends[0][0] == ends[1][0]
    assert np.allclose(np.sort(ends[0][1]), np.sort(ends[1][1]), rtol=0.01)
    assert np.allclose(ends[0][2], ends[1][2], atol=0.2)
