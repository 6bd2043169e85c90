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
"""Atoms up to which adding them one by one is faster than starting anew."""


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
def _with_atoms(
    start: int, p: Floats, d: Floats, first: int, p_atom: Floats, d_atom: Floats, times: int
) -> tuple[int, Floats, Floats]:
    """Block of a sum with `times` more variables of one block."""
    if times > FEW:
        first, p_atom, d_atom = power(first, p_atom, d_atom, times)
        times = 1
    for _ in range(times):
        wide_p, wide_d = convolve(p, d, p_atom, d_atom)
        start, p, d = trimmed(start + first, wide_p, wide_d)
    return start, p, d


@njit(cache=True)
def _with_all(
    start: int, sum_p: Floats, sum_d: Floats,
    starts: Integers, p: Floats, d: Floats, sizes: Integers, counts: Integers,
) -> tuple[int, Floats, Floats]:  # fmt: skip
    """Block of a sum with `counts[k]` more variables of each block k."""
    for k in range(counts.size):
        start, sum_p, sum_d = _with_atoms(
            start, sum_p, sum_d, starts[k], p[k, : sizes[k]], d[k, : sizes[k]], counts[k]
        )
    return start, sum_p, sum_d


@njit(cache=True)
def _rungs(counts: Integers, row: int, ladder: int) -> int:
    """How many of the ladder's element a row has more than the one before; -1 for another ladder.

    Another ladder begins where other elements differ, and where going on by single atoms would
    cost more than to begin anew.
    """
    if row == 0:
        return -1
    for k in range(counts.shape[1]):
        if k != ladder and counts[row, k] != counts[row - 1, k]:
            return -1
    rungs = counts[row, ladder] - counts[row - 1, ladder]
    return rungs if 0 <= rungs <= FEW else -1


@njit(cache=True)
def _between(p: Floats, threshold: float) -> tuple[int, int]:
    """Where the entries of at least `threshold` begin and end."""
    low, high = 0, p.size
    while high > low and not p[low] >= threshold:
        low += 1
    while high > low and not p[high - 1] >= threshold:
        high -= 1
    return low, high


@njit(cache=True, error_model="numpy")
def _write(
    start: int, excess: float, p: Floats, d: Floats,
    integer: Integers, probability: Floats, total: Floats,
) -> None:  # fmt: skip
    """Entries, holes and all (0/0 there); no branch, so that the processor does several at once."""
    for k in range(p.size):
        integer[k] = start + k
        probability[k] = p[k]
        total[k] = (start + k) + (d[k] / p[k] + excess)


@njit(cache=True)
def _without_holes(threshold: float, integer: Integers, probability: Floats, total: Floats) -> int:
    """How many entries are left when those below `threshold` and 0 are closed up."""
    n = 0
    for k in range(probability.size):
        n += probability[k] >= threshold and probability[k] > 0.0
    if n == probability.size:
        return n
    n = 0
    for k in range(probability.size):
        if probability[k] >= threshold and probability[k] > 0.0:
            integer[n], probability[n], total[n] = integer[k], probability[k], total[k]
            n += 1
    return n


@njit(cache=True)
def ladders(
    starts: Integers, p: Floats, d: Floats, sizes: Integers,
    counts: Integers, ladder: int, shift: Integers, excess: Floats, threshold: float,
) -> tuple[Integers, Integers, Floats, Floats]:  # fmt: skip
    """Blocks of many sums, each reached from the one before by adding atoms of one element.

    The foot of a ladder, which holds none of that element, is reached from the last foot where that
    takes a few atoms more.

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
    room, end, start, foot_start = 128 * n_sums, 0, 0, 0
    integer, probability, total = np.empty(room, np.int64), np.empty(room), np.empty(room)
    step_p, step_d = p[ladder, : sizes[ladder]], d[ladder, : sizes[ladder]]
    sum_p, sum_d = np.ones(1), np.zeros(1)
    foot_p, foot_d, foot = sum_p, sum_d, np.zeros(counts.shape[1], np.int64)
    for row in range(n_sums):
        rungs = _rungs(counts, row, ladder)
        if rungs < 0:
            rungs = counts[row, ladder]
            more = counts[row] - foot
            more[ladder] = 0
            foot = foot + more
            if more.min() < 0 or more.sum() > FEW:
                foot_start, foot_p, foot_d, more = 0, np.ones(1), np.zeros(1), foot
            foot_start, foot_p, foot_d = _with_all(
                foot_start, foot_p, foot_d, starts, p, d, sizes, more
            )
            start, sum_p, sum_d = foot_start, foot_p, foot_d
        start, sum_p, sum_d = _with_atoms(
            start, sum_p, sum_d, starts[ladder], step_p, step_d, rungs
        )
        if end + sum_p.size > room:
            more = np.zeros(room + sum_p.size)
            room += more.size
            integer = np.concatenate((integer, more.astype(np.int64)))
            probability = np.concatenate((probability, more))
            total = np.concatenate((total, more))
        low, high = _between(sum_p, threshold)
        own = slice(end, end + high - low)
        _write(start + low + shift[row], excess[row], sum_p[low:high], sum_d[low:high],
               integer[own], probability[own], total[own])  # fmt: skip
        end += _without_holes(threshold, integer[own], probability[own], total[own])
        bounds[row + 1] = end
    return bounds, integer[:end], probability[:end], total[:end]


@njit(cache=True)
def rearranged(
    order: Integers, bounds: Integers, integer: Integers, probability: Floats, total: Floats
) -> tuple[Integers, Integers, Floats, Floats]:
    """What `ladders` returns, with its sum i put in place `order[i]`."""
    own = np.zeros(bounds.size, np.int64)
    for row in range(order.size):
        own[order[row] + 1] = bounds[row + 1] - bounds[row]
    for row in range(order.size):
        own[row + 1] += own[row]
    integers, probabilities, totals = (
        np.empty_like(integer), np.empty_like(probability), np.empty_like(total)
    )  # fmt: skip
    for row in range(order.size):
        low, to = bounds[row], own[order[row]]
        for k in range(bounds[row + 1] - low):
            integers[to + k] = integer[low + k]
            probabilities[to + k] = probability[low + k]
            totals[to + k] = total[low + k]
    return own, integers, probabilities, totals
