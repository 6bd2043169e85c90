"""The model of bands, its Jacobian, and the fit."""

import numpy as np
import pytest

from alloyscope.constants import EV_NM
from alloyscope.uvvis.band_fit import (
    Measured,
    begun_fit,
    best_addition,
    fit,
    with_shape,
    without,
)
from alloyscope.uvvis.band_model import BandModel, width_parameter
from alloyscope.uvvis.band_modes import with_other_modes

ENERGY = EV_NM / np.arange(320, 900, 2.0)
MODELS = [
    BandModel(ENERGY, ENERGY[0], n_bands=2),
    BandModel(ENERGY, ENERGY[0], (2.5,), True, 1, True, False),
    BandModel(ENERGY, ENERGY[0], (), False, 3, False, True),
    BandModel(ENERGY, ENERGY[0], (2.0, 3.0), True, 0, True, True),
]


def parameters(model):
    rng = np.random.default_rng(3)
    theta = rng.normal(0, 0.2, model.n_parameters)
    first = model.n_background
    for k in range(model.n_bands):
        theta[first + 3 * k : first + 3 * k + 3] = rng.normal(-1, 0.2), 2 + 0.4 * k, -1.5
    return theta


@pytest.mark.parametrize("model", MODELS, ids=str)
def test_the_jacobian_is_that_of_differences(model):
    theta, step = parameters(model), 1e-6
    found = model.jacobian(theta)
    for i in range(theta.size):
        up, down = theta.copy(), theta.copy()
        up[i] += step
        down[i] -= step
        slow = (model.value(up) - model.value(down)) / (2 * step)
        assert found[:, i] == pytest.approx(slow, abs=1e-7)
    assert np.isfinite(model.priors([2.0] * model.n_bands, 1.0)[0]).all()


def test_no_band_is_narrower_than_it_may_be():
    model = MODELS[0]
    theta = parameters(model)
    theta[model.n_background + 2] = -40
    assert np.exp(model.bands(theta)[0, 2]) == pytest.approx(0.04)
    assert np.exp(width_parameter(np.array([0.2])))[0] == pytest.approx(np.sqrt(0.04 - 0.0016))


@pytest.fixture(scope="module")
def two_bands():
    model = MODELS[0]
    theta = np.array([0.02, np.log(0.5), np.log(0.6), np.log(0.4), 2.0, np.log(0.2), np.log(0.3),
                      2.6, np.log(0.3)])  # fmt: skip
    noise = np.random.default_rng(5).normal(0, 0.001, ENERGY.size)
    return Measured(ENERGY, model.value(theta) + noise, np.full(ENERGY.size, 0.001), 0.0)


def test_a_fit_finds_what_was_put_in(two_bands):
    found = begun_fit(two_bands, MODELS[0], np.array([1.95, 2.7]), np.array([0.25, 0.25]))
    bands = found.model.bands(found.theta)
    assert np.exp(bands[:, 0]) == pytest.approx([0.4, 0.3], abs=0.005)
    assert bands[:, 1] == pytest.approx([2.0, 2.6], abs=0.002)
    assert found.chi2 / ENERGY.size == pytest.approx(1, abs=0.2)
    assert found.misfit >= 1


def test_what_is_missing_is_where_it_helps_most(two_bands):
    one = begun_fit(two_bands, MODELS[0], np.array([2.6]), np.array([0.3]))
    centre, width, height, gain = best_addition(two_bands, one)
    assert centre == pytest.approx(2.0, abs=0.05)
    assert (width, height) == pytest.approx((0.2, 0.4), abs=0.1)
    assert gain > 1000


def test_bands_can_be_taken_away_and_reshaped(two_bands):
    both = begun_fit(two_bands, MODELS[0], np.array([2.0, 2.6]), np.array([0.2, 0.3]))
    assert without(two_bands, both, 0).chi2 > both.chi2 + 1000
    shaped = with_shape(two_bands, both, mixing=True, skew=True)
    mixing, skew = shaped.model.shape(shaped.theta)
    assert mixing < 0.05
    assert abs(skew) < 0.05


def test_bands_that_may_share_otherwise_have_wider_covariance():
    model = MODELS[0]
    theta = np.array([0.0, np.log(0.3), np.log(0.6), np.log(0.1), 2.85, np.log(0.25), np.log(0.1),
                      2.98, np.log(0.25)])  # fmt: skip
    noise = np.random.default_rng(5).normal(0, 0.002, ENERGY.size)
    measured = Measured(ENERGY, model.value(theta) + noise, np.full(ENERGY.size, 0.002), 0.0)
    one = begun_fit(measured, model, np.array([2.85, 2.98]), np.array([0.3, 0.2]))
    widened = with_other_modes(measured, one)
    assert widened.cost <= one.cost + 1e-9
    assert np.linalg.eigvalsh(widened.covariance).min() > -1e-9


def test_a_leap_of_the_solver_does_not_overflow(two_bands):
    far = np.full(MODELS[0].n_parameters, 1e4)
    found = fit(two_bands, MODELS[0], far, (2.0, 2.6))
    low, high = MODELS[0].limits()
    assert ((found.theta >= low) & (found.theta <= high)).all()
    assert np.isfinite(found.covariance).all()
