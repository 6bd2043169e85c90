"""The second derivative of a sampled curve, and its noise."""

import numpy as np
import pytest

from alloyscope.numerics.local_curvature import curvature_weights, noise_through

RNG = np.random.default_rng(4)
X = np.sort(RNG.uniform(1.2, 4.0, 300))
AT = np.linspace(1.3, 3.9, 40)


def test_it_is_exact_for_cubics_on_any_grid():
    rows = curvature_weights(X, AT, 0.1)
    assert rows @ (2 - X + 3 * X**2 - 0.5 * X**3) == pytest.approx(6 - 3 * AT, abs=1e-6)


def test_a_falling_grid_gives_the_same():
    up = curvature_weights(X, AT, 0.1) @ np.sin(X)
    down = curvature_weights(X[::-1], AT, 0.1) @ np.sin(X[::-1])
    assert down == pytest.approx(up)


def test_too_few_points_in_reach_are_said():
    few = np.linspace(1.0, 4.0, 12)
    assert np.isnan(curvature_weights(few, AT, 0.02)).all()
    assert np.isinf(noise_through(curvature_weights(few, AT, 0.02), np.ones(12), 0.3)).all()


@pytest.mark.parametrize("correlation", [0.0, 0.6])
def test_noise_is_that_of_the_covariance(correlation):
    rows = curvature_weights(X, AT, 0.08)
    sd = RNG.uniform(0.5, 2.0, X.size)
    lags = np.abs(np.subtract.outer(np.arange(X.size), np.arange(X.size)))
    covariance = np.outer(sd, sd) * correlation**lags
    slow = np.sqrt(np.einsum("ij,jk,ik->i", rows, covariance, rows))
    assert noise_through(rows, sd, correlation) == pytest.approx(slow, rel=1e-9)
