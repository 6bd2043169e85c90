"""Linear systems whose matrix is banded but for a border.

[ B  P ] [u]   [r]      B : (n, n) banded      P : (n, m)
[ Q  S ] [w] = [s]      Q : (m, n)             S : (m, m), with m small

B is factored without pivoting, which is stable where its columns are diagonally dominant; the Schur
complement S - Q B^-1 P with partial pivoting. Cost: n (b^2 + b m + m^2) for bandwidth b, instead of
(n + m)^3 / 3.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@njit(cache=True, error_model="numpy")
def factor(band: Floats, right: Floats, below: Floats, corner: Floats, pivots: Ints) -> None:
    """Factor the matrix in place.

    band   : (n, 2 b + 1), entry (i, j) of B at [i, b + j - i]; becomes its LU factors
    right  : (n, m) P, becomes B^-1 P
    below  : (m, n) Q, unchanged
    corner : (m, m) S, becomes the LU factors of the Schur complement
    pivots : (m,) rows exchanged there
    """
    _factor_band(band)
    _solve_band(band, right)
    n, m = right.shape
    for a in range(m):
        for i in range(n):
            q = below[a, i]
            if q != 0.0:
                for b in range(m):
                    corner[a, b] -= q * right[i, b]
    _factor_dense(corner, pivots)


@njit(cache=True, error_model="numpy")
def solve(
    band: Floats, right: Floats, below: Floats, corner: Floats, pivots: Ints,
    u: Floats, w: Floats,
) -> None:  # fmt: skip
    """Solve for the right-hand sides u : (n, k) and w : (m, k), in place, after `factor`."""
    _solve_band(band, u)
    n, m = right.shape
    k = u.shape[1]
    for a in range(m):
        for i in range(n):
            q = below[a, i]
            if q != 0.0:
                for c in range(k):
                    w[a, c] -= q * u[i, c]
    _solve_dense(corner, pivots, w)
    for i in range(n):
        for a in range(m):
            x = right[i, a]
            if x != 0.0:
                for c in range(k):
                    u[i, c] -= x * w[a, c]


@njit(cache=True, error_model="numpy", fastmath={"reassoc", "contract", "nsz"})
def solve_one(
    band: Floats, right: Floats, below: Floats, corner: Floats, pivots: Ints,
    u: Floats, w: Floats,
) -> None:  # fmt: skip
    """Solve for one right-hand side, u : (n,) and w : (m,), in place, after `factor`."""
    n, m = right.shape
    b = band.shape[1] // 2
    for i in range(n):
        for j in range(max(i - b, 0), i):
            u[i] -= band[i, b + j - i] * u[j]
    for i in range(n - 1, -1, -1):
        for j in range(i + 1, min(i + b + 1, n)):
            u[i] -= band[i, b + j - i] * u[j]
        u[i] /= band[i, b]
    for a in range(m):
        left = 0.0
        for i in range(n):
            left += below[a, i] * u[i]
        w[a] -= left
    _solve_dense(corner, pivots, w.reshape(m, 1))
    for i in range(n):
        left = 0.0
        for a in range(m):
            left += right[i, a] * w[a]
        u[i] -= left


@njit(cache=True, error_model="numpy")
def _factor_band(band: Floats) -> None:
    n, b = band.shape[0], band.shape[1] // 2
    for k in range(n):
        inverse = 1.0 / band[k, b]
        for i in range(k + 1, min(k + b + 1, n)):
            at = b + k - i
            if band[i, at] != 0.0:
                ratio = band[i, at] * inverse
                band[i, at] = ratio
                for d in range(1, min(b, n - 1 - k) + 1):
                    band[i, at + d] -= ratio * band[k, b + d]


@njit(cache=True, error_model="numpy")
def _solve_band(band: Floats, x: Floats) -> None:
    n, b = band.shape[0], band.shape[1] // 2
    k = x.shape[1]
    for i in range(n):
        for j in range(max(i - b, 0), i):
            ratio = band[i, b + j - i]
            if ratio != 0.0:
                for c in range(k):
                    x[i, c] -= ratio * x[j, c]
    for i in range(n - 1, -1, -1):
        for j in range(i + 1, min(i + b + 1, n)):
            above = band[i, b + j - i]
            if above != 0.0:
                for c in range(k):
                    x[i, c] -= above * x[j, c]
        inverse = 1.0 / band[i, b]
        for c in range(k):
            x[i, c] *= inverse


@njit(cache=True, error_model="numpy")
def _factor_dense(a: Floats, pivots: Ints) -> None:
    n = a.shape[0]
    for k in range(n):
        best = k
        for i in range(k + 1, n):
            if abs(a[i, k]) > abs(a[best, k]):
                best = i
        pivots[k] = best
        if best != k:
            for j in range(n):
                a[k, j], a[best, j] = a[best, j], a[k, j]
        for i in range(k + 1, n):
            if a[i, k] != 0.0:
                a[i, k] /= a[k, k]
                for j in range(k + 1, n):
                    a[i, j] -= a[i, k] * a[k, j]


@njit(cache=True, error_model="numpy")
def _solve_dense(a: Floats, pivots: Ints, x: Floats) -> None:
    n, k = x.shape
    for i in range(n):
        best = pivots[i]
        if best != i:
            for c in range(k):
                x[i, c], x[best, c] = x[best, c], x[i, c]
    for i in range(n):
        for j in range(i):
            if a[i, j] != 0.0:
                for c in range(k):
                    x[i, c] -= a[i, j] * x[j, c]
    for i in range(n - 1, -1, -1):
        for j in range(i + 1, n):
            for c in range(k):
                x[i, c] -= a[i, j] * x[j, c]
        for c in range(k):
            x[i, c] /= a[i, i]
