"""Non-negative least squares of many rows against scipy's of one."""

import numpy as np
import pytest
from scipy.optimize import lsq_linear, nnls

from alloyscope.numerics.nonnegative import nonnegative_rows


@pytest.mark.parametrize("n", [1, 2, 5, 12])
def test_rows_are_those_of_the_active_set_method(n):
    rng = np.random.default_rng(n)
    columns = rng.normal(size=(40, n)) + 0.5
    rows = rng.normal(size=(60, 40))
    found = nonnegative_rows(columns.T @ columns, rows @ columns)
    assert np.allclose(found, [nnls(columns, row)[0] for row in rows], atol=1e-10)


def test_free_amounts_may_be_negative():
    rng = np.random.default_rng(1)
    columns, rows = rng.normal(size=(30, 4)), rng.normal(size=(20, 30))
    free = np.array([False, True, False, True])
    found = nonnegative_rows(columns.T @ columns, rows @ columns, free)
    bounds = np.where(free, -np.inf, 0.0), np.full(4, np.inf)
    expected = [lsq_linear(columns, row, bounds, tol=1e-12).x for row in rows]
    assert np.allclose(found, expected, atol=1e-6)
    assert (found[:, free] < 0).any()
