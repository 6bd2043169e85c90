"""Peak finding on curves whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from alloyscope.numerics.peak_finding import (
    apex_positions,
    half_height_widths,
    local_maxima,
    noise_level,
)


def gaussian(x: np.ndarray, centre: float, sigma: float) -> np.ndarray:
    return np.exp(-0.5 * ((x - centre) / sigma) ** 2)


def test_noise_of_a_baseline_under_peaks() -> None:
    rng = np.random.default_rng(3)
    y = rng.normal(0, 2.5, 20_000)
    y[::50] += 1000
    assert noise_level(y) == pytest.approx(2.5, rel=0.05)


def test_noise_of_suppressed_zeros_is_the_weakest_signal() -> None:
    y = np.tile([0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 1.0, 30.0, 1.0], 40)
    assert noise_level(y) == 1.0
    assert noise_level(np.zeros(10)) == 0.0


def test_maxima_by_height_and_prominence() -> None:
    y = np.array([9.0, 1.0, 5.0, 4.5, 5.5, 0.0, 3.0, 3.0, 3.0, 0.0, 8.0])
    assert local_maxima(y, height=2, prominence=1).tolist() == [0, 4, 7, 10]
    assert local_maxima(y, height=5, prominence=0.2).tolist() == [0, 2, 4, 10]
    assert local_maxima(np.zeros(5), 0.0, 0.0).tolist() == []


def test_apex_of_a_parabola_on_uneven_points_is_exact() -> None:
    x = np.array([0.0, 1.0, 1.9, 3.1, 4.0])
    y = 10 - (x - 2.13) ** 2
    assert apex_positions(x, y, np.array([2])) == pytest.approx([2.13], abs=1e-12)


def test_apex_beside_a_gap_is_the_point_itself() -> None:
    x = np.array([0.0, 5.0, 5.1])
    assert apex_positions(x, np.array([1.0, 3.0, 2.0]), np.array([1])).tolist() == [5.0]
    assert apex_positions(x, np.array([3.0, 2.0, 1.0]), np.array([0])).tolist() == [0.0]


def test_width_at_half_height() -> None:
    x = np.linspace(0, 10, 2001)
    y = gaussian(x, 3.3, 0.4) + gaussian(x, 7.0, 0.2)
    peaks = local_maxima(y, 0.5, 0.5)
    widths = half_height_widths(x, y, peaks)
    np.testing.assert_allclose(widths, np.array([0.4, 0.2]) * 2.354820045, rtol=1e-4)


def test_width_is_unknown_where_the_curve_rises_first() -> None:
    x = np.arange(5.0)
    y = np.array([0.0, 5.0, 4.0, 9.0, 0.0])
    assert np.isnan(half_height_widths(x, y, np.array([1]))).tolist() == [True]
