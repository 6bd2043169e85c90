"""Which of many overlapping templates make up a trace: a penalised non-negative fit.

Minimises

    J(a) = 0.5 sum_j w_j (y_j - sum_k a_k T_kj)^2 + sum over k with a_k > 0 of penalty_k,   a >= 0

by greedy steps forward on the gain that a template brings when all others in the fit readjust,
removal of what is not worth its penalty, and exchange of a template for one that explains more.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from alloyscope.numerics.templates import add_template, gram, nonnegative, overlap, project

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

LEAST_OWN = 0.003
"""Share of a template that must be its own; less and it is a copy of what is there."""

TOLERANCE = 0.02
"""Change of any amount, in its standard deviations, below which a refit has converged."""


@njit(cache=True)
def _touching(first: Integers, places: Integers, k: int, active: Integers) -> Integers:
    """Positions in `active` whose templates share points with template k."""
    start, stop = first[k], first[k] + places[k + 1] - places[k]
    found = np.empty(active.size, np.int64)
    n = 0
    for position in range(active.size):
        other = active[position]
        begin, end = first[other], first[other] + places[other + 1] - places[other]
        if other != k and begin < stop and start < end:
            found[n] = position
            n += 1
    return found[:n]


@njit(cache=True)
def _own_share(
    first: Integers, places: Integers, values: Floats, weight: Floats,
    k: int, norm: float, active: Integers, matrix: Floats,
) -> float:  # fmt: skip
    """Weighted square of the part of template k that the active ones cannot imitate."""
    near = _touching(first, places, k, active)
    if near.size == 0:
        return norm
    x = np.empty(near.size)
    block = np.empty((near.size, near.size))
    for i in range(near.size):
        x[i] = overlap(first, places, values, weight, k, active[near[i]])
        for j in range(near.size):
            block[i, j] = matrix[near[i], near[j]]
        block[i, i] *= 1.0 + 1e-9
    own = norm - float(x @ np.linalg.solve(block, x))
    return max(own, LEAST_OWN * norm)


@njit(cache=True)
def _refit(
    first: Integers, places: Integers, values: Floats, y: Floats, weight: Floats,
    active: Integers, start: Floats,
) -> tuple[Floats, Floats, Floats]:  # fmt: skip
    """Amounts of the active templates, their products, and the residual."""
    matrix = gram(first, places, values, weight, active)
    vector = np.empty(active.size)
    for i in range(active.size):
        k = active[i]
        total = 0.0
        for v in range(places[k], places[k + 1]):
            j = first[k] + v - places[k]
            total += values[v] * weight[j] * y[j]
        vector[i] = total
    amount = nonnegative(matrix, vector, start, 500, TOLERANCE)
    residual = y.copy()
    for i in range(active.size):
        add_template(residual, first, places, values, active[i], -amount[i])
    return amount, matrix, residual


@njit(cache=True)
def _forward(
    first: Integers, places: Integers, values: Floats, weight: Floats, residual: Floats,
    penalty: Floats, active: Integers, matrix: Floats, at_once: int, allowed: NDArray[np.bool_],
) -> Integers:  # fmt: skip
    """The templates that gain most, none of which share points with one another."""
    with_residual, norm = project(first, places, values, residual, weight)
    n = first.size
    gain = np.zeros(n)
    taken = np.zeros(n, np.bool_)
    for k in active:
        taken[k] = True
    for k in range(n):
        if taken[k] or not allowed[k] or with_residual[k] <= 0.0 or norm[k] <= 0.0:
            continue
        most = 0.5 * with_residual[k] ** 2 / (LEAST_OWN * norm[k])
        if most < penalty[k]:
            continue
        own = norm[k]
        if active.size:
            own = _own_share(first, places, values, weight, k, norm[k], active, matrix)
        gain[k] = 0.5 * with_residual[k] ** 2 / own - penalty[k]
    chosen = np.empty(at_once, np.int64)
    found = 0
    best = 0.0
    for _ in range(at_once):
        top, high = -1, 0.0
        for k in range(n):
            if gain[k] > high:
                top, high = k, gain[k]
        if top < 0 or high < 0.2 * best:
            break
        best = max(best, high)
        chosen[found] = top
        found += 1
        start, stop = first[top], first[top] + places[top + 1] - places[top]
        for k in range(n):
            if first[k] < stop and start < first[k] + places[k + 1] - places[k]:
                gain[k] = 0.0
    return chosen[:found]


@njit(cache=True)
def _worthless(amount: Floats, matrix: Floats, penalty: Floats, active: Integers) -> int:
    """Position of the active template whose removal gains most; -1 when all are worth it."""
    n = amount.size
    if n == 0:
        return -1
    loaded = matrix.copy()
    for i in range(n):
        loaded[i, i] *= 1.0 + 1e-9
    inverse = np.linalg.inv(loaded)
    worst, most = -1, 0.0
    for i in range(n):
        loss = 0.5 * amount[i] ** 2 / inverse[i, i] if amount[i] > 0.0 else 0.0
        saved = penalty[active[i]] - loss
        if saved > most or (amount[i] <= 0.0 and worst < 0):
            worst, most = i, saved
    return worst


@njit(cache=True)
def sparse_fit(
    first: Integers, places: Integers, values: Floats, y: Floats, weight: Floats,
    penalty: Floats, active: Integers, allowed: NDArray[np.bool_], most_ions: int, at_once: int,
) -> tuple[Integers, Floats]:  # fmt: skip
    """Forward steps and removals until nothing gains: the active templates and their amounts.

    first, places, values : templates, see `templates.render`
    y, weight             : (n_points,) trace, and 1 / variance of each point
    penalty               : (n_ions,) nats an ion must gain to be worth calling
    active                : rows to start from
    allowed               : (n_ions,) which may be added
    """
    amount, matrix, residual = _refit(
        first, places, values, y, weight, active, np.zeros(active.size)
    )
    for _ in range(4 * most_ions):
        while True:
            worst = _worthless(amount, matrix, penalty, active)
            if worst < 0:
                break
            kept = np.ones(active.size, np.bool_)
            kept[worst] = False
            active, amount = active[kept], amount[kept]
            amount, matrix, residual = _refit(first, places, values, y, weight, active, amount)
        if active.size >= most_ions:
            break
        more = _forward(first, places, values, weight, residual, penalty, active, matrix,
                        at_once, allowed)  # fmt: skip
        if more.size == 0:
            break
        n_before = active.size
        active = np.concatenate((active, more))
        amount, matrix, residual = _refit(
            first, places, values, y, weight, active, np.concatenate((amount, np.zeros(more.size)))
        )
        worst = _worthless(amount, matrix, penalty, active)
        if worst >= n_before:  # a step that is undone at once would come again for ever
            allowed = allowed.copy()
            allowed[active[worst]] = False
    return active, amount


@njit(cache=True)
def exchange(
    first: Integers, places: Integers, values: Floats, y: Floats, weight: Floats,
    penalty: Floats, active: Integers, amount: Floats,
) -> tuple[Integers, Floats, int]:  # fmt: skip
    """Exchange active templates one at a time for others that explain more; how many were."""
    swaps = 0
    for _ in range(3):
        changed = False
        for position in range(active.size):
            kept = np.ones(active.size, np.bool_)
            kept[position] = False
            others = active[kept]
            _, matrix, residual = _refit(first, places, values, y, weight, others, amount[kept])
            with_residual, norm = project(first, places, values, residual, weight)
            best, top = 0.0, -1
            mine = active[position]
            begin, end = first[mine], first[mine] + places[mine + 1] - places[mine]
            for k in range(first.size):
                if with_residual[k] <= 0.0 or norm[k] <= 0.0:
                    continue
                if first[k] >= end or first[k] + places[k + 1] - places[k] <= begin:
                    continue
                if 0.5 * with_residual[k] ** 2 / (LEAST_OWN * norm[k]) < penalty[k] + best:
                    continue
                inside = False
                for other in others:
                    if other == k:
                        inside = True
                if inside:
                    continue
                own = _own_share(first, places, values, weight, k, norm[k], others, matrix)
                gain = 0.5 * with_residual[k] ** 2 / own - penalty[k]
                if k == mine:
                    gain += 1e-6
                if gain > best:
                    best, top = gain, k
            if top >= 0 and top != mine:
                active = active.copy()
                active[position] = top
                start = amount.copy()
                start[position] = with_residual[top] / norm[top]
                amount, _, _ = _refit(first, places, values, y, weight, active, start)
                changed = True
                swaps += 1
        if not changed:
            break
    return active, amount, swaps
