"""Templates drawn by the kernel are the envelope that is drawn point by point."""

import numpy as np
import pytest

from alloyscope.assignment.instrument import prior_instrument, tailed_table
from alloyscope.chemistry import parse_ion
from alloyscope.isotopes import distribution
from alloyscope.isotopes.envelope import Envelope
from alloyscope.numerics.templates import (
    add_template,
    calibrated,
    gram,
    overlap,
    products,
    project,
    render,
    screen,
    summed,
    width_at,
)

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


def several(shifts):
    """One ion at several shifts of m/z, as templates and as full rows."""
    _, instrument = drawn()
    shape, low = instrument.shape
    bounds = MZ.size * np.arange(len(shifts) + 1)
    places, shares = np.concatenate([MZ + s for s in shifts]), np.tile(SHARE, len(shifts))
    found = render(GRID, STEP, bounds, places, shares, 2600.0, instrument.theta, shape, low)
    dense = np.zeros((len(shifts), GRID.size))
    for k, first in enumerate(found[0]):
        own = found[2][found[1][k] : found[1][k + 1]]
        dense[k, first : first + own.size] = own
    return found, dense


def test_products_are_those_of_the_traces():
    signal, _ = drawn()
    pair, dense = several((0.0, 0.3))
    weight = np.random.default_rng(1).uniform(1, 2, GRID.size)
    residual = np.random.default_rng(2).normal(size=GRID.size)
    assert np.allclose(dense[0], signal)
    with_residual, with_itself = project(*pair, residual, weight)
    assert np.allclose(with_residual, dense @ (weight * residual))
    assert np.allclose(with_itself, (dense**2) @ weight)
    assert overlap(*pair, weight, 0, 1) == pytest.approx(float(dense[0] @ (weight * dense[1])))


def test_sums_and_products_of_many_are_matrix_products():
    found, dense = several((0.0, 0.3, 5.1, -7.7))
    rng = np.random.default_rng(3)
    weight, signals = rng.uniform(1, 2, GRID.size), rng.normal(size=(3, GRID.size))
    rows, amount = np.array([3, 0, 1]), np.array([5.0, 0.5, 2.0])
    assert np.allclose(summed(GRID.size, *found, rows, amount), amount @ dense[rows])
    assert np.allclose(products(*found, signals, weight), (signals * weight) @ dense.T)
    assert np.allclose(gram(*found, weight, rows), (dense[rows] * weight) @ dense[rows].T)
    into = signals[0].copy()
    add_template(into, *found, 2, -4.0)
    assert np.allclose(into, signals[0] - 4.0 * dense[2])


def screened_slowly(trace, variance, mz, share, instrument, tolerance, height):
    """The screen peak by peak, for a trace without holes."""
    least, norm, seen = np.inf, 0.0, 0.0
    for place, part in zip(mz, share, strict=True):
        centre = calibrated(place, instrument.reference, instrument.theta)
        width = width_at(centre, instrument.theta)
        reach = tolerance * width
        if not GRID[0] < centre < GRID[-1]:
            continue
        from_, to = np.searchsorted(GRID, [centre - reach, centre + reach + 0.04])
        top = max(from_ - 1, 0) + int(np.argmax(trace[max(from_ - 1, 0) : to]))
        drawn_height = part * height / width * STEP[top]
        least = min(least, (1.1 * max(trace[top], 0.0) + 3 * np.sqrt(variance[top])) / drawn_height)
        norm += part**2 / variance[top] * STEP[top] / width / (2 * np.sqrt(np.pi) * 0.42466)
        seen += part
    if seen <= 0.7 * share.sum():
        return np.inf, 0.0
    return least, least * np.sqrt(norm)


@pytest.mark.parametrize("shift", [0.0, 0.1, 3.0, -3.0])
def test_the_screen_of_tall_peaks_is_the_one_made_slowly(shift):
    signal, instrument = drawn()
    rng = np.random.default_rng(4)
    trace, variance = rng.poisson(500 * signal).astype(float), rng.uniform(0.1, 0.3, GRID.size)
    tall = 0.2 * SHARE.max() < SHARE
    mz, share = MZ[tall] + shift, SHARE[tall]
    height = float(tailed_table(0.45)[0].max())
    most, significance = screen(
        GRID, STEP, trace, variance, np.array([0, share.size]), mz, share, 2600.0,
        instrument.theta, 0.2, height,
    )  # fmt: skip
    slow = screened_slowly(trace, variance, mz, share, instrument, 0.2, height)
    assert most[0] == pytest.approx(slow[0], rel=1e-9)
    assert significance[0] == pytest.approx(slow[1], rel=2e-3)


def test_the_screen_says_nothing_of_an_ion_that_was_hardly_recorded():
    signal, instrument = drawn()
    half = MZ[SHARE.argmax()] > GRID
    height = float(tailed_table(0.45)[0].max())
    most, significance = screen(
        GRID[half], STEP[half], 500 * signal[half], np.full(half.sum(), 0.01), BOUNDS, MZ, SHARE,
        2600.0, instrument.theta, 0.1, height,
    )  # fmt: skip
    assert (most[0], significance[0]) == (np.inf, 0.0)


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
