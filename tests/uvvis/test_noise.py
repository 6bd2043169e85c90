"""Noise of a spectrum, and what of it is looked at."""

import numpy as np
import pytest

from alloyscope.spectra.absorption_spectrum import AbsorptionSpectrum
from alloyscope.uvvis.noise import find_noise
from alloyscope.uvvis.sampling import averaged, sample, saturated, steps, without_spikes

AXIS = np.arange(300, 1000.5, 1.0)
CURVE = 0.5 * np.exp(-(((AXIS - 550) / 60) ** 2)) + np.exp((300 - AXIS) / 120)


def noise(sd, seed=1):
    return np.random.default_rng(seed).normal(0, sd, AXIS.size)


def test_noise_is_found_and_said_how():
    found = find_noise(AXIS, CURVE + noise(0.001))
    assert found.sd == pytest.approx(0.001, rel=0.15)
    assert found.how.startswith("from sixth differences")
    assert (found.at == found.sd).all()


def test_noise_that_is_stated_stands():
    found = find_noise(AXIS, CURVE + noise(0.001), 0.003)
    assert (found.sd, found.how) == (0.003, "as stated")


def test_where_little_light_is_left_there_is_more_noise():
    more = np.where(AXIS < 400, 0.01, 0.001)
    found = find_noise(AXIS, CURVE + noise(1.0) * more)
    assert found.sd == pytest.approx(0.001, rel=0.2)
    assert found.at[:60].mean() == pytest.approx(0.01, rel=0.4)
    assert "times as much in parts" in found.how


def test_rounding_is_noise():
    found = find_noise(AXIS, np.round(CURVE, 2))
    assert found.sd >= 0.01 / np.sqrt(12) * 0.99


def test_points_are_averaged_to_what_bands_need():
    axis = np.arange(300, 900.01, 0.1)
    wavelength, absorbance, count = averaged(axis, axis / 100)
    assert wavelength.size == 601
    assert absorbance == pytest.approx(wavelength / 100)
    assert count[1:-1] == pytest.approx(10)
    assert averaged(AXIS[:100], CURVE[:100])[0] is not None
    assert (averaged(AXIS[:100], CURVE[:100])[2] == 1).all()


def test_a_flat_top_and_more_than_3_are_saturated():
    assert not saturated(CURVE).any()
    assert saturated(np.minimum(4 * CURVE, 1.5)).sum() == (4 * CURVE >= 1.5).sum()
    assert saturated(5 * CURVE).sum() == (5 * CURVE > 3).sum()
    assert not saturated(np.full(50, 0.7)).any()


def test_steps_are_found_where_they_are_and_nowhere_else():
    level = CURVE + noise(0.001)
    assert steps(AXIS, level, 0.001) == ()
    assert steps(AXIS, level + 0.02 * (AXIS > 350), 0.001) == (350.5,)
    both = level + 0.02 * (AXIS > 350) - 0.03 * (AXIS > 800)
    assert steps(AXIS, both, 0.001) == (350.5, 800.5)
    assert steps(AXIS[:8], level[:8], 0.001) == ()


def test_sparks_are_taken_out_and_steps_are_not():
    level = CURVE + noise(0.001)
    spark = level + 0.1 * (AXIS == 600)
    sampled = sample(AbsorptionSpectrum(AXIS, spark))
    assert 600 not in without_spikes(sampled, 0.001).wavelength_nm
    jump = sample(AbsorptionSpectrum(AXIS, level + 0.1 * (AXIS > 600)))
    assert without_spikes(jump, 0.001) is jump
