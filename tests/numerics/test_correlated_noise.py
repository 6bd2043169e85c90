"""Noise of smooth curves from their differences."""

import numpy as np
import pytest
from scipy.signal import lfilter

from alloyscope.numerics.correlated_noise import (
    RESIDUAL,
    differences,
    noise_and_correlation,
    seen_by_differences,
    whitened,
)


def noise(n, correlation, seed):
    white = np.random.default_rng(seed).normal(size=n + 200)
    return lfilter([np.sqrt(1 - correlation**2)], [1, -correlation], white)[200:]


X = np.linspace(300, 1000, 701)
CURVE = 0.8 * np.exp(-(((X - 500) / 20) ** 2)) + np.exp((300 - X) / 150)


def test_smooth_curves_leave_nothing_in_sixth_differences():
    assert np.abs(differences(X, CURVE, 6, 1)).max() < 1e-5
    assert differences(X[:5], CURVE[:5], 6, 1).size == 0


@pytest.mark.parametrize("sd", [0.0005, 0.005])
def test_white_noise_on_a_curve_is_found(sd):
    found = [noise_and_correlation(X, CURVE + sd * noise(X.size, 0, seed)) for seed in range(20)]
    assert np.mean([f[0] for f in found]) == pytest.approx(sd, rel=0.05)
    assert sum(f[1] == 0 for f in found) >= 18


def test_correlated_noise_is_found_in_residuals():
    found = [noise_and_correlation(X, noise(X.size, 0.6, seed), RESIDUAL) for seed in range(20)]
    assert np.mean([f[0] for f in found]) == pytest.approx(1, abs=0.12)
    assert np.mean([f[1] for f in found]) == pytest.approx(0.6, abs=0.1)


def test_a_grid_that_is_not_even_does_not_matter():
    x = np.sort(np.random.default_rng(1).uniform(300, 1000, 701))
    y = np.exp(-(((x - 600) / 80) ** 2))
    found, _ = noise_and_correlation(x, y + 0.002 * noise(x.size, 0, 3))
    assert found == pytest.approx(0.002, rel=0.2)


def test_what_differences_see_is_their_variance():
    many = noise(200_000, 0.5, 9)
    seen = np.std(differences(np.arange(many.size) * 1.0, many, 2, 4))
    assert seen == pytest.approx(float(seen_by_differences(np.array([0.5]), 2, 4)[0]), rel=0.01)


def test_whitening_makes_neighbours_independent():
    white = whitened(noise(50_000, 0.7, 2), 0.7)
    assert np.std(white) == pytest.approx(1, abs=0.02)
    assert abs(np.mean(white[1:] * white[:-1])) < 0.02
