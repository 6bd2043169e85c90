"""From a file's points to a trace with its baseline and noise, each known beforehand."""

from dataclasses import replace

import numpy as np
import pytest

from alloyscope.assignment.trace import (
    LEAST_MISFIT,
    MODEL_ERROR,
    MOST_TOGETHER,
    NOT_RECORDED,
    Trace,
    points_together,
    trace_of,
)
from alloyscope.spectra import Acquisition, ProfileSpectrum
from tests.assignment.counted import flat

MZ = (np.sqrt(2300.0) + np.arange(6000) * 2e-4) ** 2
WIDTH = 0.16


def spectrum(mz, intensity):
    return ProfileSpectrum(mz, np.asarray(intensity, float), Acquisition("made", "text"))


def comb(height, mz=MZ, every=0.5, low=2320.0, high=2380.0):
    """Peaks every half m/z over part of the range, of one height at their apex."""
    sd = WIDTH / 2.355
    near = (mz - low) % every - every / 2
    inside = (mz > low) & (mz < high)
    return height * inside * np.exp(-0.5 * (near / sd) ** 2)


def rng(seed=1):
    return np.random.default_rng(seed)


def test_the_variance_is_floor_counting_and_misfit():
    trace = replace(flat(MZ, np.zeros(MZ.size), 0.5, gain=2.0), misfit=0.1, together=3.0)
    expected = 0.5 + 3 * 2 * 40.0 + (0.1 * 40.0) ** 2
    assert np.allclose(trace.variance(np.full(MZ.size, 40.0)), expected)
    assert np.allclose(trace.variance(np.full(MZ.size, -40.0)), 0.5)


def test_zeros_left_out_between_peaks_are_put_back_on_the_lattice():
    counts = rng().poisson(comb(30.0, low=2322.0, high=2394.0))
    kept = np.convolve(counts, (1, 1, 1), "same") > 0
    kept[[0, -1]] = True
    trace = trace_of(spectrum(MZ[kept], counts[kept]))
    assert trace.mz.size == pytest.approx(MZ.size, rel=0.01)
    assert trace.signal.sum() == pytest.approx(counts.sum(), rel=0.01)
    assert np.interp(MZ, trace.mz, trace.signal) == pytest.approx(counts, abs=0.2)
    assert trace.step == pytest.approx(np.gradient(trace.mz), rel=0.02)


def test_a_wide_gap_was_not_recorded():
    kept = (MZ < 2330.0) | (MZ > 2330.0 + NOT_RECORDED + 5.0)
    trace = trace_of(spectrum(MZ[kept], rng().poisson(1.0 + comb(30.0))[kept]))
    hole = (trace.mz > 2333.0) & (trace.mz < 2330.0 + NOT_RECORDED + 2.0)
    assert not hole.any()
    assert trace.step.max() < 0.03


def test_points_that_were_lost_are_not_zeros():
    """Holes anywhere, in peaks too, in a file that keeps its zeros."""
    counts = rng().poisson(0.5 + comb(200.0))
    kept = rng(2).random(MZ.size) > 0.05
    trace = trace_of(spectrum(MZ[kept], counts[kept]))
    assert trace.mz.size == kept.sum()


@pytest.mark.parametrize("slope", [0.0, 0.3, -0.4])
def test_the_baseline_is_a_line_below_the_peaks(slope):
    line = 50.0 * (1 + slope * (MZ - MZ.mean()) / 60.0)
    peaks = comb(400.0, low=2340.0, high=2365.0)
    intensity = line + peaks + rng().normal(0, 3.0, MZ.size)
    trace = trace_of(spectrum(MZ, intensity))
    assert np.abs(trace.base - line).max() < 6.0
    assert np.median(trace.floor) == pytest.approx(9.0, rel=0.5)
    learned = trace.learned(peaks)
    assert np.abs(learned.base - line).max() < 1.0
    assert learned.floor[0] == pytest.approx(9.0, rel=0.15)
    assert np.allclose(learned.signal + learned.base, intensity)


def test_a_baseline_that_was_signal_is_corrected_by_a_model():
    """Peaks in every stretch but the first: their mean was taken for the baseline."""
    peaks = comb(400.0, low=2310.0, high=2400.0)
    trace = trace_of(spectrum(MZ, 50.0 + peaks + rng().normal(0, 3.0, MZ.size)))
    assert trace.base.max() > 80.0
    for _ in range(3):
        trace = trace.learned(peaks)
    assert np.abs(trace.base - 50.0).max() < 2.0


@pytest.mark.parametrize("gain", [1.0, 40.0])
@pytest.mark.parametrize("misfit", [0.0, 0.015])
def test_gain_and_misfit_are_learned_from_what_a_model_leaves(gain, misfit):
    model = comb(3000.0 if misfit else 30.0)
    wrong = model * (1 + misfit * np.sign(np.sin(MZ * 2)))
    intensity = gain * rng().poisson(wrong) + rng(3).normal(0, 0.3 * gain, MZ.size)
    trace = trace_of(spectrum(MZ, intensity))
    assert 0.3 * gain < trace.gain < (8 if misfit else 3) * gain
    learned = trace.learned(gain * model)
    assert learned.gain == pytest.approx(gain, rel=0.2 if not misfit else 0.5)
    if misfit:
        assert learned.misfit == pytest.approx(misfit, rel=0.25)
    else:
        assert LEAST_MISFIT <= learned.misfit < 0.02
        assert learned.together < 1.3


def test_the_misfit_never_excuses_more_than_it_may():
    model = comb(3000.0)
    trace = trace_of(spectrum(MZ, rng().poisson(model * (1 + 0.2 * np.sign(np.sin(MZ * 40))))))
    assert trace.learned(model).misfit == MODEL_ERROR


def test_a_peak_that_the_model_lacks_is_not_noise():
    model, foreign = comb(60.0), comb(60.0, low=2341.1, high=2342.4)
    whole = trace_of(spectrum(MZ, rng().poisson(model + 20 * foreign))).learned(model)
    alone = trace_of(spectrum(MZ, rng().poisson(model))).learned(model)
    assert whole.gain == pytest.approx(alone.gain, rel=0.25)
    assert whole.floor[0] == pytest.approx(alone.floor[0], rel=0.25)


def test_where_signal_is_everywhere_floor_and_baseline_are_learned_with_it():
    model = comb(400.0, every=0.1, low=2290.0, high=2420.0) + 300.0
    trace = flat(MZ, rng().poisson(model) + 15.0 + rng(3).normal(0, 4.0, MZ.size), floor=1.0)
    learned = trace.learned(model)
    assert learned.base.mean() == pytest.approx(15.0, abs=1.5)
    assert learned.gain == pytest.approx(1.0, rel=0.2)


def test_pulses_that_cover_several_points_have_their_noise_together():
    model = comb(40.0)
    pulse = np.array([0.25, 0.5, 0.25])
    counts = np.convolve(rng().poisson(np.convolve(model, pulse, "same")), pulse, "same")
    smooth = np.convolve(np.convolve(model, pulse, "same"), pulse, "same")
    trace = replace(flat(MZ, counts, 0.02), gain=float((pulse**2).sum()))
    together = trace.learned(smooth).together
    # 1 + 2 (4 / 6 + 1 / 6): a sum over points has the variance of counts again.
    assert together == pytest.approx(1 / (pulse**2).sum(), rel=0.2)
    single = replace(flat(MZ, rng().poisson(model).astype(float), 0.02))
    assert single.learned(model).together < 1.3


def test_points_together_is_the_sum_of_the_autocorrelation():
    noise = rng().normal(size=40000)
    assert points_together(noise, noise.size) == 1.0
    for n in (2, 3):
        moving = np.convolve(noise, np.ones(n) / n, "same")
        assert points_together(moving, noise.size) == pytest.approx(n, rel=0.05)
    drift = np.cumsum(noise)
    assert points_together(drift, noise.size) == MOST_TOGETHER
    assert points_together(noise[:10], 10) == 1.0
    assert points_together(np.zeros(500), 500) == 1.0
    mixed = np.convolve(noise, np.ones(3) / 3**0.5, "same") + rng(2).normal(size=noise.size)
    alone = points_together(mixed, noise.size, alone=float(noise.size))
    assert alone == pytest.approx(3.0, rel=0.1)
    assert points_together(mixed, noise.size) == pytest.approx(2.0, rel=0.1)


def magnitude(model, sd, threshold=0.0, seed=1):
    """Sizes of complex amplitudes with noise of `sd` in each part."""
    both = rng(seed).normal(0.0, sd, (2, model.size))
    size = np.abs(model + both[0] + 1j * both[1])
    return np.where(size < threshold, 0.0, size)


def test_noise_alone_is_a_baseline_in_magnitudes_and_adds_little_to_tall_peaks():
    model = comb(120.0)
    sizes = magnitude(model, 4.0)
    trace = trace_of(spectrum(MZ, sizes), magnitude=True).learned(model)
    silent, tall = model < 0.01, model > 60.0
    assert trace.base[silent].mean() == pytest.approx(4.0 * np.sqrt(np.pi / 2), rel=0.03)
    assert trace.base[tall].mean() < 0.15
    assert trace.signal[silent].mean() == pytest.approx(0.0, abs=0.15)
    assert (trace.signal - model)[tall].mean() == pytest.approx(0.0, abs=0.4)
    between = (model > 4.0) & (model < 12.0)
    assert (trace.signal - model)[between].mean() == pytest.approx(0.0, abs=0.5)
    assert np.allclose(trace.signal + trace.base, sizes)
    plain = trace_of(spectrum(MZ, sizes), magnitude=False).learned(model)
    assert (plain.signal - model)[tall].mean() < -3.0


def test_points_below_a_threshold_are_taken_for_what_they_are_on_average():
    model = comb(60.0)
    sizes = magnitude(model, 3.0, threshold=9.0)
    trace = trace_of(spectrum(MZ, sizes), magnitude=True)
    assert trace.threshold == sizes[sizes > 0].min()
    learned = trace.learned(model).learned(model)
    lost = (sizes == 0.0) & (model > 3 * np.sqrt(learned.floor))
    assert lost.sum() > 20
    assert ((learned.signal[lost] > 0.0) & (learned.signal[lost] <= trace.threshold)).all()
    # Had zero been what was measured, 4 would be missing at each of them.
    assert model[lost].mean() > 4.0
    assert (learned.signal - model)[lost].mean() > -1.5


def test_damaged_points_are_dropped():
    intensity = 20.0 + comb(100.0) + rng().normal(0, 2.0, MZ.size)
    intensity[[100, 900]] = -1e4
    trace = trace_of(spectrum(MZ, intensity))
    assert trace.mz.size == MZ.size - 2
    assert trace.signal.min() > -20.0


@pytest.mark.parametrize("n", [1, 2, 3, 30])
def test_a_few_points_make_a_trace(n):
    trace = trace_of(spectrum(MZ[:n], rng().poisson(5.0, n)))
    assert trace.mz.size == n
    assert np.isfinite(trace.step).all()
    assert (trace.variance(trace.signal) > 0).all()
    assert isinstance(trace.learned(np.zeros(n)), Trace)


def test_at_keeps_some_points():
    trace = flat(MZ, np.arange(MZ.size, dtype=float))
    assert trace.at(slice(3, 6)).signal.tolist() == [3.0, 4.0, 5.0]
    assert trace.at(trace.signal > 5990).mz.size == 9


def test_points_at_a_ceiling_are_left_out():
    expected = comb(4000.0)
    counts = np.random.default_rng(11).poisson(expected).astype(float)
    ceiling = 0.5 * counts.max()
    trace = trace_of(spectrum(MZ, np.minimum(counts, ceiling)))
    flat = counts >= ceiling
    assert flat.sum() > 10
    assert not np.isin(MZ[flat], trace.mz).any()
    assert np.isin(MZ[~flat], trace.mz).mean() > 0.99
    assert trace_of(spectrum(MZ, counts)).mz.size == MZ.size
