"""Sigmoids put in come out, with intervals that hold them; crossings by hand."""

from __future__ import annotations

import numpy as np
import pytest

from alloyscope.numerics.sigmoid import first_crossing, fit_sigmoid

X = np.array([8.0, 12.0, 15.0, 18.0, 21.0, 24.0, 28.0])


def curve(centre: float, width: float) -> np.ndarray:
    return 1.0 / (1.0 + np.exp((X - centre) / width))


@pytest.mark.parametrize(("centre", "width"), [(18.0, 2.0), (13.0, 0.8), (26.0, 5.0), (35.0, 4.0)])
def test_what_is_put_in_comes_out(centre: float, width: float) -> None:
    found = fit_sigmoid(X, curve(centre, width), np.full(X.size, 0.01))
    assert found is not None
    assert found.centre == pytest.approx(centre, rel=1e-4)
    assert found.width == pytest.approx(width, rel=1e-3)
    np.testing.assert_allclose(found.at(X), curve(centre, width), atol=1e-5)


def test_intervals_hold_the_truth() -> None:
    rng = np.random.default_rng(5)
    inside, onset = [], []
    for _ in range(300):
        found = fit_sigmoid(
            X, curve(18.0, 2.0) + rng.normal(0, 0.02, X.size), np.full(X.size, 0.02)
        )
        assert found is not None
        inside.append(abs(found.centre - 18.0) < 1.96 * found.along((1.0, 0.0)))
        onset.append(abs(found.centre - 2 * found.width - 14.0) < 1.96 * found.along((1.0, -2.0)))
    assert 0.92 < np.mean(inside) <= 1.0
    assert 0.92 < np.mean(onset) <= 1.0


def test_scatter_beyond_the_sd_widens_it() -> None:
    noisy = curve(18.0, 2.0) + 0.1 * np.array([1, -1, 1, -1, 1, -1, 1])
    found = fit_sigmoid(X, noisy, np.full(X.size, 0.01))
    assert found is not None
    assert found.chi2 > 10
    calm = fit_sigmoid(X, curve(18.0, 2.0), np.full(X.size, 0.01))
    assert calm is not None
    assert found.along((1.0, 0.0)) > 3 * calm.along((1.0, 0.0))


def test_nothing_to_fit() -> None:
    assert fit_sigmoid(X[:2], curve(18, 2)[:2], np.full(2, 0.1)) is None
    assert fit_sigmoid(X, np.ones(X.size), np.full(X.size, 0.1)) is None
    assert fit_sigmoid(np.full(3, 5.0), np.array([0.1, 0.5, 0.9]), np.full(3, 0.1)) is None


def test_a_crossing_lies_between_its_points() -> None:
    x, y, sd = np.array([0.0, 10.0, 20.0]), np.array([0.0, 0.2, 0.6]), np.array([0.02, 0.02, 0.02])
    found = first_crossing(x, y, sd, 0.4)
    assert found is not None
    assert (found.at, found.low, found.high) == (15.0, 10.0, 20.0)
    assert found.sd == pytest.approx(np.hypot(0.01, 0.01) * 10 / 0.4)
    first = first_crossing(x, y + 0.5, sd, 0.4)
    assert first is not None
    assert first.low == -np.inf
    assert first_crossing(x, y, sd, 0.7) is None
