"""The offset search: the matched filter beside least squares, gains beside their definition."""

import numpy as np
import pytest

from alloyscope.assignment.instrument import prior_instrument
from alloyscope.numerics.alignment import (
    MISFIT,
    REACH,
    SIGMA,
    TALL,
    TRIED,
    aligned_gain,
    aligned_gains,
    matched,
)
from alloyscope.numerics.templates import calibrated

X = np.arange(2590.0, 2630.0, 0.03)
STEP = np.full(X.size, 0.03)
VARIANCE = np.full(X.size, 0.25)
POWER = 15000.0
CAP, MOST = 1000.0, 20
PATTERN = np.array([2600.0, 2601.0, 2602.0, 2603.0])
SHARE = np.array([0.2, 0.4, 0.3, 0.1])


def instrument(offset=0.0):
    return prior_instrument(2600.0, POWER, 2500.0, False, offset)


def lines(mz, amounts):
    """Gaussian peaks, as many counts in each as stated."""
    sd = SIGMA * 2600.0 / POWER
    z = (X - np.asarray(mz)[:, None]) / sd
    return np.asarray(amounts) @ (np.exp(-0.5 * z**2) * 0.03 / sd / np.sqrt(2 * np.pi))


def seen(signal):
    return matched(X, STEP, signal, VARIANCE, instrument().theta)


def gain_of(signal, mz=PATTERN, share=SHARE, cost=0.0, offset=0.0, cap=CAP, bounds=None, most=MOST):
    bounds = np.array([0, len(mz)]) if bounds is None else bounds
    costs = np.full(bounds.size - 1, cost) if np.isscalar(cost) else np.asarray(cost)
    return aligned_gain(X, STEP, *seen(signal), bounds, np.asarray(mz), np.asarray(share), costs,
                        2600.0, instrument(offset).theta, cap, most)  # fmt: skip


def test_the_matched_filter_is_least_squares_with_one_peak():
    rng = np.random.default_rng(1)
    step, variance = rng.uniform(0.9, 1.1, X.size) * 0.03, rng.uniform(0.1, 0.4, X.size)
    signal = lines([2600.0, 2610.1], [80.0, 30.0]) + rng.normal(0, np.sqrt(variance))
    amplitude, sd = matched(X, step, signal, variance, instrument().theta)
    for j in (0, 5, 333, 340, 600, X.size - 1):
        width = X[j] / POWER
        near = np.abs(X - X[j]) <= REACH * width
        shape = np.exp(-0.5 * ((X[near] - X[j]) / (SIGMA * width)) ** 2) * step[near]
        shape /= SIGMA * width * np.sqrt(2 * np.pi)
        information = (shape**2 / variance[near]).sum()
        assert sd[j] == pytest.approx(information**-0.5)
        slow = (shape * signal[near] / variance[near]).sum() / information
        assert amplitude[j] == pytest.approx(slow, abs=1e-9)


def test_the_amplitude_at_a_peak_is_its_counts():
    amplitude, _ = seen(lines([2605.005], [70.0]))
    assert X[amplitude.argmax()] == pytest.approx(2605.005, abs=0.03)
    assert amplitude.max() == pytest.approx(70.0, rel=0.02)


def slow_gain(signal, offset=0.0, cap=CAP):
    """sum f(r) - f(r - a P), the best of the amounts that a tall peak asks for."""
    amplitude, sd = seen(signal)
    theta = instrument(offset).theta
    at = np.array([calibrated(mz, 2600.0, theta) for mz in PATTERN[TALL * SHARE.max() <= SHARE]])
    share = SHARE[TALL * SHARE.max() <= SHARE]
    r = np.interp(at, X, amplitude)
    j = np.searchsorted(X, at) - 1
    s = np.sqrt(np.maximum(sd[j], sd[j + 1]) ** 2 + (MISFIT * r) ** 2)

    def loss(r):
        own = 0.5 * (r / s) ** 2
        return np.where(r > 0, np.minimum(own, cap), own).sum()

    tops = np.argsort(-share)[:TRIED]
    return max([0.0, *(loss(r) - loss(r - r[t] / share[t] * share) for t in tops if r[t] > 0)])


@pytest.mark.parametrize("offset", [0.0, 12.0, -35.0])
@pytest.mark.parametrize("seed", [1, 2])
def test_a_patterns_gain_is_the_drop_of_its_peaks_loss(offset, seed):
    noise = np.random.default_rng(seed).normal(0, 0.5, X.size)
    signal = lines(PATTERN, 60 * SHARE) + noise
    assert gain_of(signal, offset=offset) == pytest.approx(slow_gain(signal, offset), rel=1e-6)


def test_its_cost_is_taken_off_and_what_is_not_worth_it_gains_nothing():
    signal = lines(PATTERN, 60 * SHARE)
    whole = gain_of(signal)
    assert gain_of(signal, cost=9.0) == pytest.approx(whole - 9.0)
    assert gain_of(signal, cost=whole + 1.0) == 0.0


def test_a_foreign_peak_of_any_height_brings_no_more_than_the_cap():
    """And nothing where the pattern's other peaks are missing."""
    assert 0.9 * 4 * 50 < gain_of(lines(PATTERN, 1e4 * SHARE), cap=50.0) <= 4 * 50
    assert gain_of(lines([2601.0], [1e6]), cap=50.0) < 1e-6
    own = lines(PATTERN, 60 * SHARE)
    helped = gain_of(own + lines([2601.0], [1e6]), cap=50.0)
    assert 0.0 < helped <= gain_of(own, cap=50.0) + 50.0


def test_signal_that_is_missing_has_no_cap():
    """Three peaks there and one not: nothing explains the hole, whatever the others bring."""
    there = [0, 1, 3]
    torn = lines(PATTERN[there], 1e3 * SHARE[there])
    assert gain_of(torn) < 0.2 * gain_of(lines(PATTERN, 1e3 * SHARE))


def test_a_pattern_of_which_a_fifth_was_not_recorded_is_not_asked():
    signal = lines(PATTERN, 60 * SHARE)
    beyond = PATTERN.copy()
    beyond[2:] += 40.0
    assert gain_of(signal, mz=beyond) == 0.0


def test_patterns_share_no_signal():
    """The same pattern twice gains once, a neighbour as if alone."""
    signal = lines(np.concatenate((PATTERN, PATTERN + 12)), np.tile(60 * SHARE, 2))
    alone = gain_of(signal), gain_of(signal, mz=PATTERN + 12)
    twice = gain_of(signal, np.tile(PATTERN, 2), np.tile(SHARE, 2), bounds=np.array([0, 4, 8]))
    assert twice == pytest.approx(alone[0], rel=0.02)
    both = np.concatenate((PATTERN, PATTERN + 12)), np.tile(SHARE, 2)
    assert gain_of(signal, *both, bounds=np.array([0, 4, 8])) == pytest.approx(sum(alone), rel=1e-6)
    assert gain_of(signal, *both, bounds=np.array([0, 4, 8]), most=1) == pytest.approx(max(alone))


@pytest.mark.parametrize("true", [0.0, 26.0, -71.0])
def test_the_best_offset_is_the_true_one(true):
    rng = np.random.default_rng(3)
    signal = lines(PATTERN * (1 + 1e-6 * true), 60 * SHARE) + rng.normal(0, 0.5, X.size)
    offsets = np.arange(-100.0, 100.5, 4.0)
    gains = aligned_gains(X, STEP, *seen(signal), np.array([0, 4]), PATTERN, SHARE, np.zeros(1),
                          2600.0, instrument().theta, offsets, CAP, MOST)  # fmt: skip
    assert offsets[gains.argmax()] == pytest.approx(true, abs=8.0)
    one_by_one = [gain_of(signal, offset=offset) for offset in offsets]
    assert np.allclose(gains, one_by_one)
