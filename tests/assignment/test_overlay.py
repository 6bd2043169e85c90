"""An envelope laid over a spectrum made from it comes back as it was put in."""

import numpy as np
import pytest

from alloyscope.assignment import overlay
from alloyscope.chemistry import parse_ion
from alloyscope.errors import ChargeError, EmptySpectrum
from alloyscope.isotopes import distribution, envelope
from alloyscope.spectra import Acquisition, CentroidSpectrum, ProfileSpectrum

ION = parse_ion("[Au12Ag32(p-MBA)30]4-")
TAKEN = Acquisition(source="made", file_format="text")


def profile(shift_ppm=0.0, power=15000.0, scale=300.0, step=0.02, noise=0.0, seed=0):
    grid = np.arange(2580.0, 2625.0, step)
    signal = scale * envelope(ION, power).at(grid / (1 + shift_ppm * 1e-6))
    signal += noise * np.random.default_rng(seed).normal(size=grid.size)
    return ProfileSpectrum(grid, signal, TAKEN)


@pytest.mark.parametrize("shift", [-40.0, -6.3, 0.0, 12.0, 45.0])
@pytest.mark.parametrize("power", [6000.0, 15000.0, 60000.0])
def test_shift_scale_and_width_come_back(shift, power):
    lay = overlay(profile(shift, power, step=0.01), ION)
    assert lay.error_ppm == pytest.approx(shift, abs=0.2)
    assert lay.envelope.resolving_power == pytest.approx(power, rel=0.03)
    assert lay.shifted.scale == pytest.approx(300, rel=0.02)
    assert lay.shifted.r2 > 0.999
    assert lay.resolving_power_fitted


def test_given_resolving_power_is_kept():
    lay = overlay(profile(5.0), ION, 15000.0)
    assert lay.envelope.resolving_power == 15000.0
    assert not lay.resolving_power_fitted
    assert lay.error_ppm == pytest.approx(5.0, abs=0.05)
    assert lay.as_placed.r2 < lay.shifted.r2


def test_shift_never_reaches_the_next_nucleon_number():
    spacing_ppm = 0.25 / 2602.6 * 1e6
    lay = overlay(profile(shift_ppm=spacing_ppm), ION, 15000.0, max_shift_ppm=1000.0)
    assert abs(lay.error_ppm) < spacing_ppm / 2


def test_r2_and_cosine_are_what_their_definitions_say():
    lay = overlay(profile(0.0, noise=20.0), ION, 15000.0, max_shift_ppm=1e-6)
    model = envelope(ION, 15000.0).at(lay.mz)
    scale = lay.measured @ model / (model @ model)
    residual = ((lay.measured - scale * model) ** 2).sum()
    total = ((lay.measured - lay.measured.mean()) ** 2).sum()
    assert lay.as_placed.r2 == pytest.approx(1 - residual / total, abs=1e-9)
    cosine = lay.measured @ model / np.linalg.norm(lay.measured) / np.linalg.norm(model)
    assert lay.as_placed.cosine == pytest.approx(cosine, abs=1e-9)


def test_noise_alone_is_unlike():
    spectrum = profile(scale=0.0, noise=1.0)
    assert overlay(spectrum, ION, 15000.0).shifted.r2 < 0.1


def test_centroids_are_paired_with_peaks():
    peaks = distribution(ION.formula, prune=1e-4)
    mz = peaks.mz(ION.charge) * (1 + 7e-6)
    lay = overlay(CentroidSpectrum(mz, 1000 * peaks.probability, TAKEN), ION)
    assert lay.error_ppm == pytest.approx(7.0, abs=0.1)
    assert lay.shifted.r2 > 0.999


def test_foreign_centroids_lower_the_likeness():
    peaks = distribution(ION.formula, prune=1e-4)
    mz = np.concatenate((peaks.mz(ION.charge), [2601.03, 2603.53]))
    heights = np.concatenate((peaks.probability, [0.1, 0.1]))
    order = np.argsort(mz)
    lay = overlay(CentroidSpectrum(mz[order], heights[order], TAKEN), ION)
    assert lay.shifted.cosine < 0.93


def test_an_ion_outside_the_spectrum_is_refused():
    with pytest.raises(EmptySpectrum, match="2580"):
        overlay(profile(), parse_ion("[Ag44(p-MBA)30]4-"))


def test_a_neutral_is_refused():
    with pytest.raises(ChargeError, match="no charge"):
        overlay(profile(), parse_ion("Au25(p-MBA)18"))


def test_no_signal_is_no_measurement():
    grid = np.arange(2580.0, 2625.0, 0.02)
    signal = np.where(grid > 2620, 5.0, 0.0)
    with pytest.raises(EmptySpectrum, match="no signal"):
        overlay(ProfileSpectrum(grid, signal, TAKEN), ION, 15000.0)
    sticks = CentroidSpectrum(np.array([1000.0, 4000.0]), np.array([5.0, 9.0]), TAKEN)
    with pytest.raises(EmptySpectrum, match="no signal"):
        overlay(sticks, ION)


def test_a_shift_at_its_limit_is_said():
    laid = overlay(profile(shift_ppm=30.0), ION, 15000.0, max_shift_ppm=10.0)
    assert "limit" in laid.remark
    assert overlay(profile(shift_ppm=5.0), ION, 15000.0).remark == ""


def test_a_peak_list_has_no_resolving_power():
    peaks = distribution(ION.formula, prune=1e-4)
    spectrum = CentroidSpectrum(peaks.mz(ION.charge), peaks.probability, TAKEN)
    assert overlay(spectrum, ION).resolving_power is None


@pytest.mark.parametrize("unit", [1e160, 1.0, 1e-170])
def test_the_unit_of_intensity_does_not_matter(unit):
    lay = overlay(profile(7.0, scale=300.0 * unit), ION, 15000.0)
    assert lay.error_ppm == pytest.approx(7.0, abs=0.05)
    assert lay.shifted.r2 > 0.999


def test_a_million_points_fit_as_a_thousand_do():
    lay = overlay(profile(5.0, step=45e-6), ION)
    assert lay.mz.size > 280_000
    assert lay.error_ppm == pytest.approx(5.0, abs=0.1)
