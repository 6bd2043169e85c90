"""Templates drawn by the kernel are the envelope that is drawn point by point."""

import numpy as np
import pytest

from alloyscope.assignment.instrument import prior_instrument, tailed_table
from alloyscope.chemistry import parse_ion
from alloyscope.isotopes import distribution
from alloyscope.isotopes.envelope import Envelope
from alloyscope.numerics.templates import calibrated, overlap, project, render, screen

ION = parse_ion("[Au12Ag32(p-MBA)30]4-")
PEAKS = distribution(ION.formula, prune=1e-6)
MZ, SHARE = PEAKS.mz(ION.charge), PEAKS.probability
GRID = np.arange(2590.0, 2616.0, 0.04)
STEP = np.full(GRID.size, 0.04)
BOUNDS = np.array([0, MZ.size])


def drawn(offset=0.0, power=15000.0):
    instrument = prior_instrument(2600.0, power, 2500.0, False, offset)
    shape, low = instrument.shape
    first, places, values = render(
        GRID, STEP, BOUNDS, MZ, SHARE, 2600.0, instrument.theta, shape, low
    )
    whole = np.zeros(GRID.size)
    whole[first[0] : first[0] + places[1]] = values
    return whole, instrument


@pytest.mark.parametrize("offset", [0.0, -40.0, 75.0])
@pytest.mark.parametrize("power", [6000.0, 15000.0])
def test_as_the_envelope_draws_it(offset, power):
    signal, instrument = drawn(offset, power)
    tail = round(float(instrument.theta[5]), 3)
    slow = Envelope(ION, MZ * (1 + offset * 1e-6), SHARE, power, "tailed", tail).at(GRID) * 0.04
    assert np.abs(signal - slow).max() < 2e-3 * slow.max()
    assert signal.sum() == pytest.approx(1.0, abs=3e-3)


def test_calibration_is_offset_drift_and_curvature():
    theta = np.array([10.0, 2.0, -1.0, 9.0, 0.0, 0.4])
    assert calibrated(4600.0, 2600.0, theta) == pytest.approx(4600 * (1 + 1e-6 * (10 + 4 - 4)))


def test_products_are_those_of_the_traces():
    signal, instrument = drawn()
    shape, low = instrument.shape
    bounds = np.array([0, MZ.size, 2 * MZ.size])
    twice, shares = np.concatenate((MZ, MZ + 0.3)), np.concatenate((SHARE, SHARE))
    pair = render(GRID, STEP, bounds, twice, shares, 2600.0, instrument.theta, shape, low)
    weight = np.random.default_rng(1).uniform(1, 2, GRID.size)
    residual = np.random.default_rng(2).normal(size=GRID.size)
    dense = np.zeros((2, GRID.size))
    for k in range(2):
        own = pair[2][pair[1][k] : pair[1][k + 1]]
        dense[k, pair[0][k] : pair[0][k] + own.size] = own
    assert np.allclose(dense[0], signal)
    with_residual, with_itself = project(*pair, residual, weight)
    assert np.allclose(with_residual, dense @ (weight * residual))
    assert np.allclose(with_itself, (dense**2) @ weight)
    assert overlap(*pair, weight, 0, 1) == pytest.approx(float(dense[0] @ (weight * dense[1])))


def test_the_screen_bounds_what_is_there_and_rejects_what_is_not():
    signal, instrument = drawn()
    trace, variance = 500 * signal, np.full(GRID.size, 0.01)
    height = float(tailed_table(0.45)[0].max())
    here = screen(GRID, STEP, trace, variance, BOUNDS, MZ, SHARE, 2600.0, instrument.theta, 0.1,
                  height)  # fmt: skip
    assert 500 <= here[0][0] < 900
    assert here[1][0] > 20
    away = screen(GRID, STEP, trace, variance, BOUNDS, MZ + 9.0, SHARE, 2600.0, instrument.theta,
                  0.1, height)  # fmt: skip
    assert away[0][0] < 0.2 * here[0][0]


def test_an_ion_outside_the_trace_is_not_drawn():
    _, instrument = drawn()
    shape, low = instrument.shape
    _, places, values = render(GRID, STEP, BOUNDS, MZ + 500.0, SHARE, 2600.0, instrument.theta,
                                   shape, low)  # fmt: skip
    assert values.size == 0
    assert places.tolist() == [0, 0]
