"""Offsets to start from: among them the true one, whatever else is in the spectrum."""

import numpy as np
import pytest

from alloyscope.assignment.calibration import (
    APART,
    FURTHEST,
    FURTHEST_TRANSFORM,
    offset_cost,
    offset_gains,
    starting_offsets,
)
from alloyscope.assignment.candidates import candidates
from alloyscope.assignment.fit import library_of
from alloyscope.assignment.instrument import prior_instrument
from alloyscope.assignment.trace import trace_of
from tests.assignment.counted import FOREIGN, HIGH, LOW, POWER, TRUE, counted, locked, space

EVERY = candidates(space(), LOW, HIGH)
SIMPLE = library_of(EVERY.take(EVERY.penalty < 0.3))
WIDTH = 1e6 / POWER


def asked(ions, offset, number=3, accuracy=12.0, instrument=None, seed=1):
    trace = trace_of(counted(ions, offset=offset, seed=seed))
    instrument = instrument or prior_instrument(3600.0, 0.93 * POWER, 2500.0, False)
    variance = trace.variance(trace.signal)
    return starting_offsets(trace, SIMPLE, instrument, variance, accuracy, number)


def test_an_offset_costs_nothing_where_expected_and_little_far_away():
    assert offset_cost(0.0, 5.0) == 0.0
    assert np.allclose(offset_cost(np.array([-20.0, 20.0]), 5.0), 1.5 * np.log(17.0))
    # A normal distribution would ask 200 nats for twenty times the stated accuracy.
    assert offset_cost(100.0, 5.0) < 10.0


@pytest.mark.parametrize("offset", [0.0, 33.0, -58.0, 90.0])
def test_the_true_offset_is_among_the_starts(offset):
    starts = asked(TRUE, offset)
    assert min(abs(start - offset) for start in starts) < 0.25 * WIDTH
    assert len(starts) == 3


def test_foreign_peaks_do_not_drown_it():
    strong = {name: 10 * number for name, number in FOREIGN.items()}
    starts = asked(TRUE | strong, 24.0)
    assert abs(starts[0] - 24.0) < 0.25 * WIDTH


def test_starts_are_the_best_first_and_apart():
    starts = asked(TRUE, 12.0, number=6)
    assert len(starts) == 6
    gaps = np.abs(np.subtract.outer(starts, starts)) + 1e9 * np.eye(6)
    assert gaps.min() > APART * 1e6 / (0.93 * POWER)
    trace = trace_of(counted(TRUE, offset=12.0))
    grid, gains, width = offset_gains(
        trace, SIMPLE, prior_instrument(3600.0, 0.93 * POWER, 2500.0, False),
        trace.variance(trace.signal), 12.0,
    )  # fmt: skip
    assert width == pytest.approx(1e6 / (0.93 * POWER))
    assert grid[gains.argmax()] == starts[0]
    assert (np.diff(np.interp(starts, grid, gains)) <= 0).all()


def test_the_search_ends_where_calibrations_do():
    trace = trace_of(counted(TRUE))
    for transform, furthest in ((False, FURTHEST), (True, FURTHEST_TRANSFORM)):
        instrument = prior_instrument(3600.0, 15000.0, 2500.0, transform)
        grid, *_ = offset_gains(trace, SIMPLE, instrument, trace.variance(trace.signal), 5.0)
        assert grid[0] == pytest.approx(-furthest)
        assert furthest - 20 < grid[-1] <= furthest


def test_a_lock_mass_narrows_it():
    at = locked(prior_instrument(3600.0, POWER, 2500.0, False), 20.0)
    starts = asked(TRUE, 24.0, number=20, instrument=at)
    assert all(abs(start - 20.0) <= 4 * 1.5 for start in starts)
    far = locked(prior_instrument(3600.0, POWER, 2500.0, False), 140.0)
    assert asked(TRUE, 24.0, instrument=far) == [140.0]


def test_what_was_stated_of_the_accuracy_counts_against_far_offsets():
    trace = trace_of(counted(TRUE, offset=12.0))
    instrument = prior_instrument(3600.0, POWER, 2500.0, False)
    variance = trace.variance(trace.signal)
    grid, stated, _ = offset_gains(trace, SIMPLE, instrument, variance, 5.0)
    _, unknown, _ = offset_gains(trace, SIMPLE, instrument, variance, 1e9)
    assert np.allclose(unknown - stated, offset_cost(grid, 5.0))
