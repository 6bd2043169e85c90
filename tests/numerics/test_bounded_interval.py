"""Intervals near a bound hold their level for every truth."""

import numpy as np
import pytest

from alloyscope.numerics.bounded_interval import above_zero, within_one


@pytest.mark.parametrize("truth", [0.0, 0.3, 1.0, 2.0, 5.0, 20.0])
def test_the_level_is_held(truth):
    estimate = truth + np.random.default_rng(3).normal(size=40_000)
    low, high = above_zero(estimate, np.ones(estimate.size))
    assert np.mean((low <= truth) & (truth <= high)) == pytest.approx(0.95, abs=0.004)


def test_published_ends():
    """G. J. Feldman, R. D. Cousins, Phys. Rev. D 1998, 57, 3873, table X, 95 %."""
    low, high = above_zero(np.array([-3.0, 0.0, 1.0, 2.0, 3.0]), np.ones(5))
    assert np.allclose(low, [0.0, 0.0, 0.0, 0.35, 1.14], atol=0.01)
    assert np.allclose(high, [0.42, 1.96, 2.96, 3.96, 4.96], atol=0.01)


def test_shares_stay_between_nothing_and_all():
    low, high = within_one(np.array([-0.01, 0.5, 1.02]), np.full(3, 0.02))
    assert low[0] == 0.0
    assert high[2] == 1.0
    assert np.allclose([low[1], high[1]], [0.4608, 0.5392])
