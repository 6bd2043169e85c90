"""The bordered solve against a dense one."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from alloyscope.numerics.bordered_band import factor, solve, solve_one


def problem(n, width, m, seed):
    """A matrix of I - c J's kind, in pieces and dense."""
    rng = np.random.default_rng(seed)
    band = rng.uniform(-1, 1, (n, 2 * width + 1))
    band[:, width] = 2.0 * width + 2.0
    right, below = rng.uniform(-1, 1, (n, m)), rng.uniform(-1, 1, (m, n))
    below[rng.random((m, n)) < 0.3] = 0.0
    corner = rng.uniform(-1, 1, (m, m)) + n * np.eye(m)[rng.permutation(m)]
    dense = np.zeros((n + m, n + m))
    for i in range(n):
        for j in range(max(i - width, 0), min(i + width + 1, n)):
            dense[i, j] = band[i, width + j - i]
    dense[:n, n:], dense[n:, :n], dense[n:, n:] = right, below, corner
    return (band, right, below, corner, np.zeros(m, np.int64)), dense


@settings(deadline=None, max_examples=200)
@given(st.integers(1, 12), st.integers(0, 4), st.integers(0, 5), st.integers(0, 2**32 - 1))
def test_as_dense(n, width, m, seed):
    pieces, dense = problem(n, width, m, seed)
    rng = np.random.default_rng(seed + 1)
    several = rng.uniform(-1, 1, (n + m, 3))
    expected = np.linalg.solve(dense, several)
    factor(*pieces)
    u, w = several[:n].copy(), several[n:].copy()
    solve(*pieces, u, w)
    np.testing.assert_allclose(np.vstack([u, w]), expected, rtol=1e-9, atol=1e-10)
    one, border = several[:n, 0].copy(), several[n:, 0].copy()
    solve_one(*pieces, one, border)
    np.testing.assert_allclose(np.concatenate([one, border]), expected[:, 0], rtol=1e-9, atol=1e-10)


def test_rows_of_the_corner_are_exchanged():
    """The first pivot of the Schur complement is 0."""
    band, right = np.ones((1, 1)), np.zeros((1, 2))
    below, corner = np.zeros((2, 1)), np.array([[0.0, 2.0], [1.0, 0.0]])
    pivots, u, w = np.zeros(2, np.int64), np.array([3.0]), np.array([4.0, 5.0])
    factor(band, right, below, corner, pivots)
    solve_one(band, right, below, corner, pivots, u, w)
    assert (u.tolist(), w.tolist()) == ([3.0], [5.0, 2.0])
