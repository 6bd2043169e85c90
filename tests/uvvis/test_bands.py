"""Bands of spectra as instruments write them, good and bad."""

import json
from dataclasses import replace

import numpy as np
import pytest

from alloyscope.constants import EV_NM
from alloyscope.errors import EmptySpectrum, SpectrumError
from alloyscope.spectra.absorption_spectrum import AbsorptionSeries, AbsorptionSpectrum
from alloyscope.uvvis.find_bands import find_bands

AXIS = np.arange(300, 1000.5, 1.0)
BANDS = ((420, 0.25, 0.5), (488, 0.25, 0.7), (540, 0.2, 0.35), (645, 0.22, 0.3), (840, 0.25, 0.12))
PLACES = [nm for nm, _, _ in BANDS]


def clean(wavelength):
    energy = EV_NM / wavelength
    bands = sum(h * 2.0 ** (-4 * ((energy - EV_NM / nm) / w) ** 2) for nm, w, h in BANDS)
    return bands + 0.4 * np.exp((energy - 4.1) / 0.6)


def noise(size, sd=0.001):
    return np.random.default_rng(11).normal(0, sd, size)


def bands_of(wavelength, absorbance, **options):
    return find_bands(AbsorptionSpectrum(wavelength, absorbance, "x"), **options)


@pytest.fixture(scope="module")
def usual():
    return bands_of(AXIS, clean(AXIS) + noise(AXIS.size))


def test_bands_and_a_shoulder_are_found(usual):
    assert usual.verdict == "5 bands, 1 of them a shoulder"
    assert [b.position_nm for b in usual.sure] == pytest.approx(PLACES, abs=1)
    assert [b.width_ev for b in usual.sure] == pytest.approx([w for _, w, _ in BANDS], abs=0.02)
    assert [b.height for b in usual.sure] == pytest.approx([h for *_, h in BANDS], abs=0.02)
    assert [b.kind for b in usual.sure].count("peak") == 4
    assert all(b.significance > 3 and b.worth > 25 for b in usual.sure)
    assert not usual.featureless


def test_a_band_agrees_with_itself(usual):
    for band in usual.bands:
        assert band.energy_ev * band.position_nm == pytest.approx(EV_NM)
        assert band.area == pytest.approx(1.0645 * band.height * band.width_ev, rel=1e-3)
        assert band.width_nm == pytest.approx(band.width_ev * band.position_nm**2 / EV_NM, rel=0.1)
        near = np.isnan(band.maximum_nm) or abs(band.maximum_nm - band.position_nm) < 15
        assert near


def test_parts_to_draw_add_up(usual):
    total = usual.background + usual.contributions.sum(axis=0)
    assert usual.fitted == pytest.approx(total)
    assert usual.residual_sd == pytest.approx(0.001, rel=0.15)
    assert usual.chi2 == pytest.approx(1, abs=0.25)
    assert usual.noise_sd == pytest.approx(0.001, rel=0.15)
    assert usual.covariance.shape == (15, 15)
    assert np.sqrt(usual.covariance[0, 0]) == pytest.approx(usual.bands[0].height_sd, rel=1e-6)
    json.dumps(usual.as_json())


@pytest.mark.parametrize("step", [0.2, 2.0])
def test_fine_and_coarse_steps(step):
    axis = np.arange(300, 1000.5, step)
    found = bands_of(axis, clean(axis) + noise(axis.size))
    assert [b.position_nm for b in found.sure] == pytest.approx(PLACES, abs=2)


def test_an_axis_that_is_not_even():
    axis = np.sort(np.random.default_rng(2).uniform(300, 1000, 500))
    found = bands_of(axis, clean(axis) + noise(500))
    assert [b.position_nm for b in found.sure] == pytest.approx(PLACES, abs=2)


def test_a_million_points_are_averaged_and_said_to_be():
    axis = np.linspace(300, 1000, 1_000_000)
    found = bands_of(axis, clean(axis) + noise(axis.size, 0.003))
    assert found.wavelength_nm.size < 1000
    assert "Averaged" in found.notes[0]
    assert [b.position_nm for b in found.sure] == pytest.approx(PLACES, abs=1)


def test_values_without_noise_and_rounded_ones():
    for values in (clean(AXIS), np.round(clean(AXIS), 3), 1e-5 * clean(AXIS)):
        found = bands_of(AXIS, values)
        assert [b.position_nm for b in found.sure] == pytest.approx(PLACES, abs=1)


def test_a_baseline_below_zero_does_not_matter(usual):
    found = bands_of(AXIS, usual.absorbance - 0.3)
    assert [b.position_nm for b in found.sure] == pytest.approx(PLACES, abs=1)


@pytest.mark.parametrize(
    ("absorbance", "verdict"),
    [
        (np.zeros(701), "no distinct band: the absorbance is the same everywhere"),
        (noise(701), "no distinct band: nothing stands above the noise"),
        (0.8 * np.exp((EV_NM / AXIS - 4.1) / 0.7) + noise(701),
         "no distinct band: the spectrum falls smoothly"),
        (0.1 * np.exp((EV_NM / AXIS - 4.1) / 0.7) + noise(701, 0.05),
         "too noisy: a band 0.25 eV wide would not be seen"),
    ],
    ids=["constant", "noise", "tail", "too noisy"],
)  # fmt: skip
def test_what_has_no_band_says_why(absorbance, verdict):
    found = bands_of(AXIS, absorbance)
    assert found.featureless
    assert found.verdict.startswith(verdict)


def test_ten_points_are_too_few():
    found = bands_of(AXIS[:10], clean(AXIS[:10]))
    assert found.verdict == "too few points: 10, and 20 are needed"
    assert found.bands == ()
    json.dumps(found.as_json())


def test_what_is_saturated_is_left_out_and_said():
    found = bands_of(AXIS, np.minimum(4 * clean(AXIS), 2.0))
    assert "saturated" in found.notes[0]
    assert {round(b.position_nm) for b in found.sure} == {540, 645, 840}


def test_a_jump_at_the_change_of_lamps_makes_no_band():
    found = bands_of(AXIS, clean(AXIS) + noise(AXIS.size) + 0.02 * (AXIS < 350))
    assert any("jumps at 350 nm" in note or "jumps at 349 nm" in note for note in found.notes)
    assert [b.position_nm for b in found.sure] == pytest.approx(PLACES, abs=1)


def test_a_spark_makes_no_band():
    values = clean(AXIS) + noise(AXIS.size)
    values[300] += 0.3
    found = bands_of(AXIS, values)
    assert any("left out, at 600 nm" in note for note in found.notes)
    assert [b.position_nm for b in found.sure] == pytest.approx(PLACES, abs=1)


def test_light_scattered_by_particles_can_be_fitted():
    values = clean(AXIS) + 0.5 * (300 / AXIS) ** 4 + noise(AXIS.size)
    found = bands_of(AXIS, values, scatter=True)
    assert [b.position_nm for b in found.sure] == pytest.approx(PLACES, abs=1)
    assert found.chi2 == pytest.approx(1, abs=0.3)


def test_a_window_and_a_stated_noise_count():
    spectrum = AbsorptionSpectrum(AXIS, clean(AXIS) + noise(AXIS.size))
    found = find_bands(spectrum, noise=0.001, window=(400, 700))
    assert found.noise_how.startswith("as stated")
    assert [b.position_nm for b in found.sure] == pytest.approx(PLACES[:4], abs=1)
    with pytest.raises(SpectrumError, match="expected an absorbance above 0"):
        find_bands(spectrum, noise=0)
    with pytest.raises(EmptySpectrum):
        find_bands(spectrum, window=(100, 200))


def test_bands_too_close_are_said_to_run_into_one_another():
    energy = EV_NM / AXIS
    two = [2.0 ** (-4 * ((energy - e) / 0.3) ** 2) for e in (2.2, 2.32)]
    found = bands_of(AXIS, 0.5 * two[0] + 0.2 * two[1] + noise(AXIS.size, 0.0003))
    assert found.groups or len(found.bands) == 1
    if found.groups:
        assert "into" in found.verdict
        assert [b.group for b in found.bands] == [0, 0]


def test_a_sketch_is_said_to_be_one(usual):
    spectrum = AbsorptionSpectrum(AXIS, usual.absorbance, sketch=True)
    assert find_bands(spectrum).sketch
    assert not find_bands(replace(spectrum, sketch=False)).sketch


@pytest.mark.parametrize("seed", [1, 2])
def test_a_tail_of_another_shape_makes_no_sure_band(seed):
    axis = np.arange(300, 901.0)
    tail = 0.4 * np.exp(-(axis - 300) / 60)
    bands = sum(
        height * np.exp(-0.5 * ((axis - place) / width) ** 2)
        for height, place, width in ((0.5, 420, 19), (0.35, 490, 22), (0.25, 640, 30))
    )
    rng = np.random.default_rng(seed)
    found = bands_of(axis, tail + bands + rng.normal(0, 0.01, axis.size))
    assert [b.position_nm for b in found.sure] == pytest.approx([420, 490, 640], abs=2)


def test_a_series_of_one_is_a_spectrum_and_of_two_is_not():
    axis = np.arange(300, 901.0)
    curves = np.stack([clean(axis)] * 2) + noise(2 * axis.size).reshape(2, -1)
    two = AbsorptionSeries(axis, curves, ("a", "b"))
    with pytest.raises(SpectrumError, match=r"found 2 spectra; expected one\. Take one"):
        find_bands(two)
    alone = replace(two, absorbance=curves[:1], names=("a",))
    assert find_bands(alone).verdict == find_bands(two[0]).verdict
