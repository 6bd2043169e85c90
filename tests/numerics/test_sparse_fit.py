"""The sparse fit beside the obvious slow one: every subset tried, each by scipy's NNLS."""

from itertools import combinations

import numpy as np
import pytest
from scipy.optimize import nnls

from alloyscope.numerics.sparse_fit import (
    EXACT,
    LEAST_OWN,
    bounds_of,
    exchange,
    inverted,
    losses,
    rivals,
    sparse_fit,
    without,
)
from alloyscope.numerics.templates import nonnegative

N_POINTS = 60


def problem(seed: int, n: int = 9, active: int = 3):
    """Overlapping bumps, a few of which make up the trace."""
    rng = np.random.default_rng(seed)
    x = np.arange(N_POINTS, dtype=float)
    centres = np.sort(rng.uniform(8, 52, n))
    dense = np.exp(-0.5 * ((x - centres[:, None]) / 3.0) ** 2)
    first = np.maximum(centres.astype(int) - 12, 0)
    stop = np.minimum(centres.astype(int) + 13, N_POINTS)
    for row, low, high in zip(dense, first, stop, strict=True):
        row[:low] = row[high:] = 0.0
    values = np.concatenate([d[a:b] for d, a, b in zip(dense, first, stop, strict=True)])
    places = np.concatenate(([0], np.cumsum(stop - first)))
    amounts = np.zeros(n)
    amounts[rng.choice(n, active, replace=False)] = rng.uniform(10, 40, active)
    y = amounts @ dense + rng.normal(0, 0.5, N_POINTS)
    weight = np.full(N_POINTS, 4.0)
    return first.astype(np.int64), places.astype(np.int64), values, dense, y, weight


def objective(dense, y, weight, rows, penalty):
    root = np.sqrt(weight)
    if not rows:
        return 0.5 * float(weight @ y**2), np.zeros(0)
    amounts, misfit = nnls((dense[list(rows)] * root).T, y * root)
    return 0.5 * misfit**2 + penalty * len(rows), amounts


def test_nearly_always_the_best_of_all_subsets():
    """Greedy steps and exchanges can end in a local optimum, rarely and within one ion's cost."""
    penalty, short = 8.0, []
    for seed in range(40):
        first, places, values, dense, y, weight = problem(seed)
        n = len(first)
        best = min(
            objective(dense, y, weight, rows, penalty)[0]
            for size in range(5) for rows in combinations(range(n), size)
        )  # fmt: skip
        costs, allowed = np.full(n, penalty), np.ones(n, bool)
        rows, amounts = sparse_fit(first, places, values, y, weight, costs, np.ones(n),
                                   np.zeros(0, np.int64), allowed, n)  # fmt: skip
        rows, amounts, _ = exchange(
            first, places, values, y, weight, costs, np.ones(n), rows, amounts, allowed, 3
        )
        reached, refitted = objective(dense, y, weight, tuple(rows), penalty)
        assert np.allclose(amounts, refitted, atol=0.1)
        short.append(reached - best)
    assert np.count_nonzero(np.array(short) > 0.1) <= 3
    assert max(short) < penalty


def test_what_is_not_allowed_is_not_called():
    first, places, values, _, y, weight = problem(3)
    none = np.zeros(len(first), bool)
    costs, worth = np.full(len(first), 8.0), np.ones(len(first))
    rows, _ = sparse_fit(first, places, values, y, weight, costs, worth,
                         np.zeros(0, np.int64), none, 9)  # fmt: skip
    assert rows.size == 0


def test_noise_alone_calls_nothing():
    first, places, values, dense, _, weight = problem(4)
    called = 0
    for seed in range(20):
        noise = np.random.default_rng(seed).normal(0, 0.5, N_POINTS)
        costs, worth = np.full(len(dense), 8.0), np.ones(len(dense))
        rows, _ = sparse_fit(first, places, values, noise, weight, costs, worth,
                             np.zeros(0, np.int64), np.ones(len(dense), bool), 9)  # fmt: skip
        called += rows.size
    assert called <= 1


def test_nonnegative_least_squares_as_scipy_solves_it():
    rng = np.random.default_rng(8)
    for _ in range(20):
        matrix = rng.normal(size=(30, 6))
        y = rng.normal(size=30)
        ours = nonnegative(matrix.T @ matrix, matrix.T @ y, np.zeros(6), 5000, 1e-10)
        assert np.allclose(ours, nnls(matrix, y)[0], atol=1e-6)


def random_matrix(n, seed=0):
    rows = np.random.default_rng(seed).normal(size=(n, 3 * n))
    return rows @ rows.T


def test_the_inverse_is_numpys_and_too_large_a_one_is_not_made():
    matrix = random_matrix(12)
    assert np.allclose(inverted(matrix) @ matrix, np.eye(12), atol=1e-6)
    assert inverted(np.eye(EXACT)).shape == (EXACT, EXACT)
    assert inverted(np.eye(EXACT + 1)).shape == (0, 0)
    assert inverted(np.zeros((0, 0))).shape == (0, 0)


@pytest.mark.parametrize("position", [0, 4, 8])
def test_an_inverse_without_one_is_that_of_the_smaller_matrix(position):
    matrix = random_matrix(9, seed=position)
    left = np.delete(np.arange(9), position)
    assert np.allclose(
        without(np.linalg.inv(matrix), position), np.linalg.inv(matrix[np.ix_(left, left)])
    )
    assert without(np.linalg.inv(matrix[:1, :1]), 0).shape == (0, 0)
    assert without(np.zeros((0, 0)), 3).shape == (0, 0)


def explained(dense, y, weight, rows):
    """Half the drop of chi square, amounts of any sign; and the amounts."""
    if not len(rows):
        return 0.0, np.zeros(0)
    design = dense[list(rows)] * np.sqrt(weight)
    amounts, *_ = np.linalg.lstsq(design.T, y * np.sqrt(weight), rcond=None)
    left = y * np.sqrt(weight) - amounts @ design
    return 0.5 * float(weight @ y**2 - left @ left), amounts


def fitted(seed, rows):
    """A problem, and the least-squares fit of some templates of it."""
    first, places, values, dense, y, weight = problem(seed)
    weight = weight * np.random.default_rng(seed + 100).uniform(0.5, 2, weight.size)
    gained, amounts = explained(dense, y, weight, rows)
    matrix = (dense[rows] * weight) @ dense[rows].T
    return (first, places, values), dense, y, weight, gained, amounts, matrix


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("exact", [True, False])
def test_rivals_gain_what_least_squares_says(seed, exact):
    """All others readjusting exactly, or only those that touch a rival."""
    active, position = np.array([1, 4, 7]), seed % 3
    drawn, dense, y, weight, _, amounts, matrix = fitted(seed, active)
    others, mine = np.delete(active, position), active[position]
    left = np.delete(np.arange(3), position)
    penalty = np.random.default_rng(seed).uniform(0, 3, len(dense))
    rest = y - amounts[left] @ dense[others]
    inverse = np.linalg.inv(matrix)
    found, gains = rivals(
        *drawn, weight, rest, penalty, others, matrix[np.ix_(left, left)],
        without(inverse, position) if exact else np.zeros((0, 0)),
        amounts[position] * matrix[left, position], mine,
    )  # fmt: skip
    assert mine in found or amounts[position] <= 0
    compared = 0
    for k, gain in zip(found, gains, strict=True):
        free = [o for o in others if exact or (dense[o] * dense[k]).any()]
        nothing, _ = explained(dense, rest, weight, free)
        slow, refitted = explained(dense, rest, weight, [*free, k])
        if 1 - dense_share(dense, weight, k, free) > 2 * LEAST_OWN and refitted[-1] > 0:
            assert gain == pytest.approx(slow - nothing - penalty[k], rel=1e-4, abs=1e-3)
            compared += 1
    assert compared >= 2


def dense_share(dense, weight, k, others):
    """Share of template k that others imitate."""
    return explained(dense, dense[k], weight, others)[0] / (0.5 * float(weight @ dense[k] ** 2))


@pytest.mark.parametrize("exact", [True, False])
def test_losses_are_what_least_squares_loses_without_each(exact):
    active = np.array([0, 3, 5, 8])
    drawn, dense, y, weight, gained, amounts, matrix = fitted(2, active)
    inverse = np.linalg.inv(matrix) if exact else np.zeros((0, 0))
    lost = losses(*drawn, weight, active, amounts, matrix, inverse)
    for k in range(active.size):
        slow = gained - explained(dense, y, weight, np.delete(active, k))[0]
        assert lost[k] == pytest.approx(slow, rel=1e-5)


def test_bounds_are_amounts_and_sd_of_least_squares_with_all_readjusting():
    active, rows = np.array([2, 6]), np.array([0, 4, 8])
    drawn, dense, y, weight, _, amounts, matrix = fitted(5, active)
    residual = y - amounts @ dense[active]
    amount, sd = bounds_of(*drawn, weight, residual, rows, active, matrix)
    for k, row in enumerate(rows):
        own = 1 - dense_share(dense, weight, row, active)
        assert own > LEAST_OWN
        design = dense[[row, *active]] * np.sqrt(weight)
        covariance = np.linalg.inv(design @ design.T)
        _, refitted = explained(dense, y, weight, [row, *active])
        assert amount[k] == pytest.approx(refitted[0], rel=1e-4)
        assert sd[k] == pytest.approx(np.sqrt(covariance[0, 0]), rel=1e-4)


def test_what_was_not_recorded_is_not_bounded():
    first, places, values, _, y, weight = problem(1)
    values = values.copy()
    values[places[3] : places[4]] = 0.0
    none = np.zeros(0, np.int64)
    amount, sd = bounds_of(first, places, values, weight, y, np.array([3]), none, np.zeros((0, 0)))
    assert (amount[0], sd[0]) == (0.0, np.inf)


def test_required_templates_stay_and_worth_decides_between_equals():
    """A penalty far below zero keeps what gains nothing; of twins the worthier is taken."""
    first, places, values, dense, y, weight = problem(7)
    costs, worth, allowed = np.full(9, 8.0), np.ones(9), np.ones(9, bool)
    start = np.zeros(0, np.int64)
    plain, _ = sparse_fit(first, places, values, y, weight, costs, worth, start, allowed, 9)
    residual = y - explained(dense, y, weight, plain)[1] @ dense[plain]
    asked = next(k for k in range(9) if k not in plain and dense[k] @ residual > 0)
    costs[asked] = -1e6
    rows, _ = sparse_fit(first, places, values, y, weight, costs, worth, start, allowed, 9)
    assert asked in rows
    twins = (np.array([5, 5]), np.array([0, 25, 50]), np.concatenate((values[:25], values[:25])))
    signal = np.zeros(N_POINTS)
    signal[5:30] = 30 * values[:25]
    rows, amount = sparse_fit(*twins, signal, weight, np.full(2, 8.0), np.array([0.9, 1.0]), start,
                              np.ones(2, bool), 2)  # fmt: skip
    assert rows.tolist() == [1]
    assert amount[0] == pytest.approx(30, rel=1e-6)
