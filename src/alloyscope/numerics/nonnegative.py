"""Least squares with amounts of 0 or more, for many right-hand sides at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

PATIENCE = 3
"""Full exchanges without progress before variables change sides one at a time."""


def nonnegative_rows(gram: Floats, products: Floats, free: Flags | None = None) -> Floats:
    """Amounts x of each row that minimise x G x / 2 - p x with x >= 0.

    gram     : (n, n) products of the columns with each other, positive definite
    products : (n_rows, n) of each right-hand side with the columns
    free     : (n,) which amounts may be negative; none by default

    Block principal pivoting: all amounts of the wrong sign change sides together, and one at a
    time where that does not lead on. Rows that share a set of positive amounts are solved together.
    J. Kim, H. Park, SIAM J. Sci. Comput. 2011, 33, 3261.
    """
    n_rows, n = products.shape
    unsigned = np.zeros(n, np.bool_) if free is None else free
    scale = 1.0 / np.sqrt(np.diag(gram))
    gram, products = gram * np.outer(scale, scale), products * scale
    small = 1e-12 * np.maximum(np.abs(products).max(axis=1, initial=0.0), 1e-300)[:, None]
    inside = np.ones((n_rows, n), np.bool_)
    fewest, patience = np.full(n_rows, n + 1), np.full(n_rows, PATIENCE)
    rows = np.arange(n_rows)
    amount = np.zeros((n_rows, n))
    for _ in range(60 * (n + 1)):
        amount[rows] = _solved(gram, products[rows], inside[rows])
        slope = amount[rows] @ gram - products[rows]
        wrong = np.where(inside[rows], (amount[rows] < -small[rows]) & ~unsigned,
                         slope < -small[rows])  # fmt: skip
        count = wrong.sum(axis=1)
        rows, wrong, count = rows[count > 0], wrong[count > 0], count[count > 0]
        if rows.size == 0:
            break
        better = count < fewest[rows]
        fewest[rows] = np.minimum(count, fewest[rows])
        patience[rows] = np.where(better, PATIENCE, patience[rows] - 1)
        last = np.zeros_like(wrong)
        last[np.arange(rows.size), n - 1 - np.argmax(wrong[:, ::-1], axis=1)] = True
        inside[rows] ^= np.where((patience[rows] >= 0)[:, None], wrong, last)
    return np.asarray(np.where(unsigned, amount, np.maximum(amount, 0.0)) * scale)


def _solved(gram: Floats, products: Floats, inside: Flags) -> Floats:
    """Each row's amounts, those inside by least squares and the others 0."""
    if inside.all():
        return np.asarray(np.linalg.solve(gram, products.T).T)
    out = np.zeros_like(products)
    # Sets as numbers: rows of flags take far longer to compare.
    codes = inside @ (2.0 ** np.arange(inside.shape[1]))
    for code in np.unique(codes):
        rows = np.flatnonzero(codes == code)
        columns = np.flatnonzero(inside[rows[0]])
        if columns.size:
            block = gram[np.ix_(columns, columns)]
            out[np.ix_(rows, columns)] = np.linalg.solve(block, products[rows][:, columns].T).T
    return out
