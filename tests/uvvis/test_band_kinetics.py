"""Rate constants of bands: recovered with honest uncertainty, refused where times are silent."""

from dataclasses import replace

import numpy as np
import pytest

from alloyscope.errors import SpectrumError
from alloyscope.uvvis.band_kinetics import band_kinetics
from alloyscope.uvvis.rank import significant_rank
from tests.uvvis.courses import SILVER, TIMES, band, course, three_species, two_species

BANDS = (420.0, 480.0, 540.0, 645.0, 765.0)


def pulls_of(constants, rates):
    return [(c.per_min - rate) / c.sd for c, rate in zip(constants, rates, strict=True)]


def test_one_rate_is_recovered_within_its_uncertainty():
    pulls, common, single = [], [], 0
    for seed in range(20):
        series = course(two_species(), seed=seed, sd=3e-3)
        found = band_kinetics(series, BANDS, significant_rank(series).noise)
        single += sum(len(c.constants) == 1 for c in found.each)
        for one in found.each:
            pulls += pulls_of(one.constants[:1], (1 / 60,))
        assert len(found.constants) == 1
        common += pulls_of(found.constants, (1 / 60,))
        assert found.constants[0].half_life_min == pytest.approx(60 * np.log(2), rel=0.05)
    assert single >= 97
    assert np.mean(np.abs(pulls) < 1.96) >= 0.88
    assert np.std(common) == pytest.approx(1, abs=0.4)


def test_two_rates_are_found_together():
    pulls = []
    for seed in range(10):
        series = course(three_species(), seed=seed, sd=2e-3)
        found = band_kinetics(series, BANDS)
        assert len(found.constants) == 2
        assert all(constant.told for constant in found.constants)
        pulls += pulls_of(found.constants, (1 / 15, 1 / 300))
    assert np.std(pulls) == pytest.approx(1, abs=0.4)


def test_no_change_is_said():
    found = band_kinetics(course(np.tile(SILVER, (10, 1))), BANDS)
    assert not any(c.changes for c in found.each)
    assert "No change beyond noise" in found.notes[0]
    assert found.constants == ()


def test_times_that_cannot_tell_are_said():
    slow = band_kinetics(course(two_species(1 / 20000)), BANDS)
    assert not slow.constants[0].told
    assert "half-life is longer than" in slow.constants[0].why
    assert any("slower than the series" in note for note in slow.together[0].notes)
    fast = band_kinetics(course(two_species(1.2)), BANDS)
    assert fast.constants == () or not fast.constants[0].told


def test_the_curve_is_that_of_the_fit():
    found = band_kinetics(course(two_species(), sd=1e-4), BANDS)
    for one in (*found.each, *found.together):
        assert one.curve(TIMES) == pytest.approx(one.absorbance, abs=1e-3)
        assert one.scatter == pytest.approx(1, abs=0.8)


def test_scatter_beyond_noise_widens_uncertainty_and_is_said():
    rng = np.random.default_rng(0)
    shaken = two_species() * (1 + 0.05 * rng.standard_normal((10, 1)))
    wide = band_kinetics(course(shaken, sd=1e-4), BANDS)
    sharp = band_kinetics(course(two_species(), sd=1e-4), BANDS)
    assert wide.constants[0].sd > 10 * sharp.constants[0].sd
    assert any("times their noise off the fit" in note for note in wide.together[0].notes)


def test_few_times_and_no_bands():
    short = band_kinetics(course(two_species()[:3], times=TIMES[:3]), BANDS)
    assert "too few" in short.notes[0]
    assert "no band" in band_kinetics(course(two_species()), ()).notes[0]
    five = band_kinetics(course(three_species()[:5], times=TIMES[:5]), BANDS)
    assert all(len(c.constants) <= 1 for c in five.each)


def test_what_cannot_be_followed_is_refused():
    series = course(two_species())
    with pytest.raises(SpectrumError, match="within them"):
        band_kinetics(series, (300.0,))
    with pytest.raises(SpectrumError, match="time course"):
        band_kinetics(replace(series, time_min=None), BANDS)


def turning(peak=6.0, times=TIMES):
    """A band that rises to a maximum and falls again, and one that falls."""
    up = times / peak * np.exp(1 - times / peak)
    return np.stack((up, np.exp(-times / peak)), axis=1)


def test_a_band_that_turns_back_is_said_to_and_has_no_absurd_amplitudes():
    shapes = np.stack((band(420.0, 25.0), band(645.0, 25.0)))
    series = course(turning() @ shapes, sd=1e-4)
    found = band_kinetics(series, (420.0, 645.0))
    up, down = found.each
    assert up.turn is not None
    assert up.turn.rises
    assert up.turn.minutes == TIMES[np.argmax(turning()[:, 0])]
    assert down.turn is None
    assert not up.half.told
    for one in (*found.each, *found.together):
        assert np.abs(one.amplitudes).max(initial=0) < 5 * max(np.ptp(one.absorbance), 0.1)
        assert not any("slower" in constant.why for constant in one.constants)


def test_time_to_half_change_needs_no_model():
    series = course(two_species(), sd=1e-3)
    found = band_kinetics(series, BANDS)
    half = 60 * np.log(2)
    for one in found.each:
        assert one.half.low <= half <= one.half.high
        assert one.half.low <= one.half.minutes <= one.half.high
    still = band_kinetics(course(np.tile(SILVER, (10, 1))), BANDS)
    assert not any(one.half.told for one in still.each)
