"""The sparse fit beside the obvious slow one: every subset tried, each by scipy's NNLS."""

from itertools import combinations

import numpy as np
from scipy.optimize import nnls

from alloyscope.numerics.sparse_fit import exchange, sparse_fit
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
