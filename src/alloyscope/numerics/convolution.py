"""Sums of discrete random variables that carry a mean along.

A *block* is a pair of arrays over consecutive integers: the probability p of each, and the first
moment d = p * (mean of a quantity there). Adding two independent variables convolves p, and d by
the product rule: p = p1 * p2, d = d1 * p2 + p1 * d2. All terms are positive or small, so nothing
cancels: 44 additions lose less than 1e-14.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

NEGLIGIBLE = 1e-17
"""Probability below which the ends of a block are cut off; 1e4 cuts lose less than 1e-12."""

FEW = 8
"""Rungs up to which adding atoms one by one is faster than starting anew."""


@njit(cache=True)
def convolve(p1: Floats, d1: Floats, p2: Floats, d2: Floats) -> tuple[Floats, Floats]:
    """Block of the sum of two independent variables: (n1 + n2 - 1,) probability and moment."""
    n = p1.size + p2.size - 1
    p, d = np.zeros(n), np.zeros(n)
    if p1.size < p2.size:
        p1, d1, p2, d2 = p2, d2, p1, d1
    for j in range(p2.size):
        a, b = p2[j], d2[j]
        if a == 0.0:
            continue
        for i in range(p1.size):
            p[i + j] += a * p1[i]
            d[i + j] += a * d1[i] + b * p1[i]
    return p, d


@njit(cache=True)
def trimmed(start: int, p: Floats, d: Floats) -> tuple[int, Floats, Floats]:
    """A view of the block without negligible ends, and the integer its first entry stands for."""
    low, high = 0, p.size
    while high - low > 1 and p[low] < NEGLIGIBLE:
        low += 1
    while high - low > 1 and p[high - 1] < NEGLIGIBLE:
        high -= 1
    return start + low, p[low:high], d[low:high]


@njit(cache=True)
def power(start: int, p: Floats, d: Floats, times: int) -> tuple[int, Floats, Floats]:
    """Block of the sum of `times` independent variables of one block, by repeated squaring."""
    total_start, total_p, total_d = 0, np.ones(1), np.zeros(1)
    while times > 0:
        if times % 2:
            sum_p, sum_d = convolve(total_p, total_d, p, d)
            total_start, total_p, total_d = trimmed(total_start + start, sum_p, sum_d)
        times //= 2
        if times:
            sum_p, sum_d = convolve(p, d, p, d)
            start, p, d = trimmed(2 * start, sum_p, sum_d)
    return total_start, total_p, total_d


@njit(cache=True)
def _sum_of_powers(
    starts: Integers, p: Floats, d: Floats, sizes: Integers, counts: Integers
) -> tuple[int, Floats, Floats]:
    """Block of the sum of `counts[k]` variables of each block k."""
    start, sum_p, sum_d = 0, np.ones(1), np.zeros(1)
    for k in range(counts.size):
        if counts[k] > 0:
            more, p_k, d_k = power(starts[k], p[k, : sizes[k]], d[k, : sizes[k]], counts[k])
            wide_p, wide_d = convolve(sum_p, sum_d, p_k, d_k)
            start, sum_p, sum_d = trimmed(start + more, wide_p, wide_d)
    return start, sum_p, sum_d


@njit(cache=True)
def _climbable(counts: Integers, lower: int, upper: int, ladder: int) -> bool:
    """Whether row `upper` is what `lower` is and a few more of the ladder's element."""
    for k in range(counts.shape[1]):
        if k != ladder and counts[lower, k] != counts[upper, k]:
            return False
    return bool(0 <= counts[upper, ladder] - counts[lower, ladder] <= FEW)


@njit(cache=True)
def ladders(
    starts: Integers, p: Floats, d: Floats, sizes: Integers,
    counts: Integers, ladder: int, shift: Integers, excess: Floats, threshold: float,
) -> tuple[Integers, Integers, Floats, Floats]:  # fmt: skip
    """Blocks of many sums, each reached from the one before by adding atoms of one element.

    starts    : (n_elements,) integer of each element's first entry
    p, d      : (n_elements, widest) blocks of one atom, padded with zeros
    sizes     : (n_elements,) entries of each
    counts    : (n_sums, n_elements) atoms; rows that differ in the ladder only, ascending, are
                fast when they are neighbours
    ladder    : the element that is added one atom at a time
    shift     : (n_sums,) integer added to every entry of a sum
    excess    : (n_sums,) quantity added to every entry of a sum
    threshold : entries with less probability are left out

    Returns bounds (n_sums + 1,) of each sum's entries, and for all entries the integer, the
    probability, and the integer plus the mean excess.
    """
    n_sums = counts.shape[0]
    bounds = np.zeros(n_sums + 1, np.int64)
    step_p, step_d = p[ladder, : sizes[ladder]], d[ladder, : sizes[ladder]]
    room, end, start = 128 * n_sums, 0, 0
    integer, probability, total = np.empty(room, np.int64), np.empty(room), np.empty(room)
    sum_p, sum_d = np.ones(1), np.zeros(1)
    for row in range(n_sums):
        if row > 0 and _climbable(counts, row - 1, row, ladder):
            for _ in range(counts[row, ladder] - counts[row - 1, ladder]):
                wide_p, wide_d = convolve(sum_p, sum_d, step_p, step_d)
                start, sum_p, sum_d = trimmed(start + starts[ladder], wide_p, wide_d)
        else:
            start, sum_p, sum_d = _sum_of_powers(starts, p, d, sizes, counts[row])
        if end + sum_p.size > room:
            more = np.zeros(room + sum_p.size)
            room += more.size
            integer = np.concatenate((integer, more.astype(np.int64)))
            probability = np.concatenate((probability, more))
            total = np.concatenate((total, more))
        for k in range(sum_p.size):
            if sum_p[k] >= threshold and sum_p[k] > 0.0:
                integer[end] = start + k + shift[row]
                probability[end] = sum_p[k]
                total[end] = integer[end] + (sum_d[k] / sum_p[k] + excess[row])
                end += 1
        bounds[row + 1] = end
    return bounds, integer[:end], probability[:end], total[:end]
