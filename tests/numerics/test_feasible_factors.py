"""Ranges of factors against a grid of all transformations, and factors that fit."""

import numpy as np

from alloyscope.numerics.feasible_factors import feasible_factors
from alloyscope.numerics.nonnegative_factors import nonnegative_factors

AXIS = np.linspace(0.0, 1.0, 60)
SPECTRA = np.stack([np.exp(-(((AXIS - c) / 0.15) ** 2)) + 0.05 for c in (0.35, 0.6)])
AMOUNTS = np.stack((np.linspace(1.0, 0.2, 15), np.linspace(0.1, 0.9, 15)), axis=1)


def grid():
    """Every transformation of two factors that keeps all signs, found by trying."""
    low, high = np.full(SPECTRA.shape, np.inf), np.full(SPECTRA.shape, -np.inf)
    sides = np.linspace(-0.6, 2.0, 131)
    for a in sides:
        for b in sides:
            matrix = np.array([[1.0, a], [b, 1.0]])
            if 1.0 - a * b < 1e-3:
                continue
            spectra, amounts = matrix @ SPECTRA, AMOUNTS @ np.linalg.inv(matrix)
            if spectra.min() < 0 or amounts.min() < 0:
                continue
            scaled = spectra / spectra.max(axis=1, keepdims=True)
            low, high = np.minimum(low, scaled), np.maximum(high, scaled)
    return low, high


def test_ends_of_two_factors_are_those_of_all_transformations():
    none = np.zeros_like(AMOUNTS), np.zeros_like(SPECTRA)
    found = feasible_factors(AMOUNTS, SPECTRA, 0, *none)
    low, high = grid()
    assert found.exact
    assert np.allclose(found.spectra_low, low, atol=0.02)
    assert np.allclose(found.spectra_high, high, atol=0.02)


def test_known_spectra_do_not_turn_and_every_turn_makes_the_same_data():
    none = np.zeros_like(AMOUNTS), np.zeros_like(SPECTRA)
    found = feasible_factors(AMOUNTS, SPECTRA, 1, *none)
    assert np.allclose(found.spectra_low[0], SPECTRA[0])
    assert np.allclose(found.spectra_high[0], SPECTRA[0])
    assert (found.amounts_high[:, 0] > AMOUNTS[:, 0] + 0.01).any()
    assert (found.shares_low >= -1e-12).all()
    assert (found.shares_high <= 1 + 1e-12).all()


def test_sampled_ranges_hold_those_of_two_factors_within_three():
    third = np.exp(-(((AXIS - 0.85) / 0.05) ** 2))
    spectra = np.vstack((SPECTRA, third))
    amounts = np.column_stack((AMOUNTS, np.linspace(0.0, 0.5, 15) ** 2))
    none = np.zeros_like(amounts), np.zeros_like(spectra)
    pair = feasible_factors(AMOUNTS, SPECTRA, 0, none[0][:, :2], none[1][:2])
    found = feasible_factors(amounts, spectra, 0, *none, seed=1)
    assert not found.exact
    inside = AXIS < 0.6
    assert (found.spectra_high[0, inside] >= pair.spectra_high[0, inside] - 0.06).all()


def test_factors_fit_to_the_noise_from_any_start():
    rng = np.random.default_rng(0)
    data = AMOUNTS @ SPECTRA + 1e-3 * rng.normal(size=(15, 60))
    none, free = np.zeros((0, 60)), np.zeros(0, np.bool_)
    least = np.sum(np.linalg.svd(data, compute_uv=False)[2:] ** 2)
    for seed in range(3):
        found = nonnegative_factors(data, none, free, 2, seed=seed)
        assert found.settled
        assert found.square < 1.01 * least
        assert (found.spectra >= 0).all()
    held = nonnegative_factors(data, SPECTRA[:1], np.array([False]), 1)
    assert held.square < 1.1 * least
