"""The evidence for ions of a fit that is known in full, beside least squares with and without."""

from dataclasses import replace

import numpy as np
import pytest

from alloyscope.assignment.candidates import candidates
from alloyscope.assignment.evidence import FREE_PLACE, SEPARATED, challenged, evidence, own_error
from alloyscope.assignment.fit import (
    LINE_COST,
    Library,
    State,
    explained,
    library_of,
    line_templates,
    model_of,
    templates,
)
from alloyscope.assignment.instrument import prior_instrument
from alloyscope.assignment.outcome import Outcome
from tests.assignment.counted import HIGH, LOW, POWER, TRUE, flat, space

EVERY = candidates(space(), LOW, HIGH)
LIBRARY = library_of(EVERY, n_counted=1e6)
ROWS = {str(EVERY.ion(k)): k for k in range(len(EVERY))}
INSTRUMENT = prior_instrument(3600.0, POWER, 2500.0, False)
MZ = (np.sqrt(LOW) + np.arange(6500) * 3.8e-4) ** 2
NOTHING = np.zeros(MZ.size)
NAMES = list(TRUE)


def rows_of(names):
    return np.array([ROWS[name] for name in names], np.int64)


def drawn_densely(library, mz=MZ):
    first, places, values = templates(flat(mz, np.zeros(mz.size)), library, INSTRUMENT)
    dense = np.zeros((len(library), mz.size))
    for k in range(len(library)):
        dense[k, first[k] : first[k] + places[k + 1] - places[k]] = values[
            places[k] : places[k + 1]
        ]
    return dense


def counts(numbers, library=LIBRARY, lines=(), seed=1):
    """Counts of rows (row: number) and of lines (m/z, number) with a little noise."""
    rows, rng = np.array(list(numbers), np.int64), np.random.default_rng(seed)
    expected = np.array(list(numbers.values())) @ drawn_densely(library)[rows]
    if len(lines):
        at, height = np.array(lines, float).T
        blank = flat(MZ, NOTHING)
        expected = expected + model_of(blank, line_templates(blank, at, INSTRUMENT), height)
    return rng.poisson(expected) + rng.normal(0, 0.05**0.5, MZ.size)


def outcome_of(signal, rows, library=LIBRARY, lines=()):
    """The least-squares fit of some ions and lines to a signal, at the true instrument."""
    trace, lines = flat(MZ, signal), np.array(lines, float)
    dense = drawn_densely(library)[rows]
    shapes = line_templates(trace, lines, INSTRUMENT)
    own = np.array([model_of(trace, shapes, unit) for unit in np.eye(lines.size)]).reshape(
        -1, MZ.size
    )
    design, total = np.concatenate((dense, own)), np.maximum(signal, 0.0)
    for _ in range(3):
        variance = trace.variance(total)
        root = variance**-0.5
        amount = np.linalg.lstsq((design * root).T, signal * root, rcond=None)[0]
        total = amount @ design
    n = len(rows)
    state = State(INSTRUMENT, np.asarray(rows, np.int64), amount[:n], lines, amount[n:] @ own, 0.0)
    return Outcome(trace, library, np.arange(len(library)), state, total, variance)


def gained(outcome, rows):
    """Half the drop of chi square by the rows at their best, and by the lines of the outcome."""
    lines = outcome.state.lines
    shapes = line_templates(outcome.trace, lines, INSTRUMENT)
    own = [model_of(outcome.trace, shapes, unit) for unit in np.eye(lines.size)]
    design = np.concatenate((drawn_densely(outcome.library)[rows], *[x[None] for x in own]))
    root = outcome.variance**-0.5
    amount = np.linalg.lstsq((design * root).T, outcome.trace.signal * root, rcond=None)[0]
    return explained(outcome.trace, amount @ design, outcome.variance)


@pytest.fixture(scope="module")
def four():
    """The four true ions, and a foreign line."""
    rows = rows_of(TRUE)
    line = (3585.2, 400.0)
    signal = counts(dict(zip(rows.tolist(), TRUE.values(), strict=True)), lines=[line])
    return outcome_of(signal, rows, lines=[line[0]])


def test_the_gain_is_that_over_nothing_with_all_others_readjusting(four):
    rows = four.state.active
    whole = gained(four, rows)
    for found in evidence(four):
        left = np.delete(rows, found.position)
        slow = whole - gained(four, left) - four.library.cost[rows[found.position]]
        assert found.gain == pytest.approx(slow, rel=1e-4)


def test_true_ions_stand_alone_in_their_groups_and_score_no_more_than_they_gain(four):
    for found in evidence(four):
        mine = four.state.active[found.position]
        assert found.members.tolist() == [mine]
        assert found.odds.tolist() == [1.0]
        assert 20.0 < found.score <= min(found.gain, found.by_lines) + 1e-9


def test_the_best_rival_outside_the_group_lowers_the_score():
    """An envelope one per cent wider at the same place."""
    names = NAMES[:1]
    own = LIBRARY.take(rows_of(names))
    wider = replace(
        own, mz=own.mz[own.share.argmax()] + 1.01 * (own.mz - own.mz[own.share.argmax()])
    )
    both = pair(own, wider)
    outcome = outcome_of(counts({0: 3000.0}, both), [0], both)
    (found,) = evidence(outcome)
    slow = gained(outcome, [0]) - gained(outcome, [1])
    assert SEPARATED < slow < found.gain
    assert found.members.tolist() == [0]
    assert found.score == pytest.approx(min(slow, found.by_lines), rel=1e-3)


def pair(one, other, cost=0.0):
    """Two ions of one library, the second at a further cost."""
    return Library(
        np.concatenate((one.bounds, one.bounds[-1] + other.bounds[1:])),
        np.concatenate((one.mz, other.mz)), np.concatenate((one.share, other.share)),
        np.concatenate((one.cost, other.cost + cost)),
    )  # fmt: skip


@pytest.mark.parametrize("cost", [0.0, 1.0, 2.5])
def test_twins_are_one_group_with_the_odds_of_their_costs(cost):
    own = LIBRARY.take(rows_of(NAMES[:1]))
    twins = pair(own, own.shifted(np.array([1e-6])), cost)
    (found,) = evidence(outcome_of(counts({0: 3000.0}, twins), [0], twins))
    assert found.members.tolist() == [0, 1] if cost else set(found.members.tolist()) == {0, 1}
    assert found.odds.sum() == pytest.approx(1.0)
    assert found.odds[0] / found.odds[1] == pytest.approx(np.exp(cost), rel=0.02)
    # The group's own members do not lower its score.
    assert found.score > 20.0


def test_a_twin_that_is_20_times_less_probable_is_not_in_the_group():
    own = LIBRARY.take(rows_of(NAMES[:1]))
    twins = pair(own, own.shifted(np.array([1e-6])), SEPARATED + 1.0)
    (found,) = evidence(outcome_of(counts({0: 3000.0}, twins), [0], twins))
    assert found.members.tolist() == [0]
    assert found.score == pytest.approx(SEPARATED + 1.0, abs=0.05)


def test_lines_account_better_for_what_is_no_envelope():
    """Three foreign peaks at an ion's three tallest, and a true envelope."""
    row = int(rows_of(NAMES[:1])[0])
    own = LIBRARY.take(np.array([row]))
    top = np.argsort(-own.share)[[0, 3, 6]]
    lines = [(mz, 400.0) for mz in own.mz[top]]
    (false,) = evidence(outcome_of(counts({}, lines=lines), [row]))
    (true,) = evidence(outcome_of(counts({row: 4000.0}), [row]))
    assert false.by_lines < -100.0
    assert false.score <= false.by_lines
    # A line costs more than the ion does, and the envelope has some 25 peaks.
    assert true.by_lines > 10 * LINE_COST


def test_an_ion_off_the_common_calibration_is_doubted():
    row = int(rows_of(NAMES[:1])[0])
    moved = LIBRARY.shifted(np.full(len(LIBRARY), 6e-6 * 3555.0))
    there = outcome_of(counts({row: 3000.0}), [row])
    off = outcome_of(counts({row: 3000.0}, moved), [row])
    (right,), (wrong,) = evidence(there), evidence(off)
    left = off.trace.signal - off.total
    error, information = own_error(off, row, float(off.state.amount[0]), left)
    assert error == pytest.approx(6.0, abs=1.0)
    step = 0.5 * error**2 / (1 / information + 1.0) - FREE_PLACE
    assert step > 3.0
    assert right.score > min(right.gain, right.by_lines) - 1.0
    assert wrong.score < min(wrong.gain, wrong.by_lines) - 0.9 * step


def test_an_ions_own_error_scatters_as_its_information_says():
    row = int(rows_of(NAMES[:1])[0])
    pulls = []
    for seed in range(40):
        fit = outcome_of(counts({row: 800.0}, seed=seed), [row])
        error, information = own_error(fit, row, float(fit.state.amount[0]),
                                       fit.trace.signal - fit.total)  # fmt: skip
        pulls.append(error * information**0.5)
    assert abs(np.mean(pulls)) < 0.5
    assert 0.7 < np.std(pulls) < 1.35


def test_no_ions_no_evidence():
    assert evidence(outcome_of(counts({}), [])) == ()
    assert challenged(outcome_of(counts({}), [])).size == 0


def test_only_lines_are_no_evidence():
    assert evidence(outcome_of(counts({}, lines=[(3600.0, 500.0)]), [], lines=[3600.0])) == ()


def test_what_lines_would_replace_is_challenged_the_costliest_of_each_heap_first():
    rows = rows_of(NAMES[:1])
    own, far = LIBRARY.take(rows), LIBRARY.take(rows_of(["[Au23Ag21(p-MBA)27]3-"]))
    near = own.shifted(np.array([0.5 / 3]))
    heap = pair(pair(own, near, 2.0), far)
    lines = [(mz, 400.0) for part in (own, far) for mz in part.mz[np.argsort(-part.share)[[0, 4]]]]
    lines += [(near.mz[near.share.argmax()], 300.0)]
    fit = outcome_of(counts({}, lines=lines), [0, 1, 2], heap)
    assert all(found.score < 0.0 for found in evidence(fit))
    assert sorted(challenged(fit).tolist()) == [1, 2]
    required = replace(fit, library=heap.priced(np.array([8.0, 10.0, -1e6])))
    assert challenged(required).tolist() == [1]


def test_true_ions_are_not_challenged(four):
    assert challenged(four).size == 0
