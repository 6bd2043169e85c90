"""Which of many overlapping templates make up a trace: a penalised non-negative fit.

Minimises

    J(a) = 0.5 sum_j w_j (y_j - sum_k a_k T_kj)^2 + sum over k with a_k > 0 of penalty_k,   a >= 0

by steps forward on the gain that a template brings when all others in the fit readjust, removal of
what is not worth its penalty, and exchange of a template for one that explains more. Templates that
share no points do not know of each other: each step takes all that are best where they lie.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from alloyscope.numerics.templates import add_template, nonnegative, overlap, project

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

LEAST_OWN = 0.003
"""Share of a template that must be its own; less and it is a copy of what is there."""

TOLERANCE = 0.02
"""Change of any amount, in its standard deviations, below which a refit has converged."""

EXACT = 250
"""Up to so many templates the removal test inverts the whole matrix, beyond it neighbours only."""


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
def inverted(matrix: Floats) -> Floats:
    """Inverse of the active templates' products; (0, 0) where there are too many."""
    n = matrix.shape[0]
    if n > EXACT or n == 0:
        return np.zeros((0, 0))
    loaded = matrix.copy()
    for i in range(n):
        loaded[i, i] *= 1.0 + 1e-9
    return np.asarray(np.linalg.inv(loaded), np.float64)


@njit(cache=True)
def _own_part(
    first: Integers, places: Integers, values: Floats, weight: Floats,
    k: int, norm: float, active: Integers, matrix: Floats, inverse: Floats, pull: Floats,
) -> tuple[float, float]:  # fmt: skip
    """Weighted square of the part of template k that the active ones cannot imitate, and what of
    its product with the residual they would take if they readjusted.

    inverse : of `matrix`, or (0, 0): then only the active templates that touch k readjust
    pull    : (n,) products of the active templates with the residual, 0 once they are fitted to it
    """
    near = _touching(first, places, k, active)
    x, y = np.empty(near.size), np.empty(near.size)
    n = 0
    for i in range(near.size):
        along = overlap(first, places, values, weight, k, active[near[i]])
        if along > 1e-3 * np.sqrt(norm * matrix[near[i], near[i]]):
            near[n], x[n], y[n] = near[i], along, pull[near[i]]
            n += 1
    if n == 0:
        return norm, 0.0
    if inverse.shape[0] == active.size:
        shared, taken = 0.0, 0.0
        for i in range(n):
            for j in range(n):
                shared += x[i] * inverse[near[i], near[j]] * x[j]
            for other in range(active.size):
                taken += x[i] * inverse[near[i], other] * pull[other]
        return max(norm - shared, LEAST_OWN * norm), taken
    block = np.empty((n, n))
    for i in range(n):
        for j in range(n):
            block[i, j] = matrix[near[i], near[j]]
        block[i, i] *= 1.0 + 1e-9
    solved = np.linalg.solve(block, x[:n])
    own = norm - float(x[:n] @ solved)
    return max(own, LEAST_OWN * norm), float(y[:n] @ solved)


@njit(cache=True)
def _grown(
    first: Integers, places: Integers, values: Floats, weight: Floats, active: Integers,
    matrix: Floats,
) -> Floats:  # fmt: skip
    """The matrix of products of the active templates, of which `matrix` holds the first ones'."""
    n, old = active.size, matrix.shape[0]
    out = np.zeros((n, n))
    out[:old, :old] = matrix
    for a in range(old, n):
        for b in range(a + 1):
            out[a, b] = overlap(first, places, values, weight, active[a], active[b])
            out[b, a] = out[a, b]
    return out


@njit(cache=True)
def _refit(
    first: Integers, places: Integers, values: Floats, y: Floats, weight: Floats,
    active: Integers, start: Floats, known: Floats,
) -> tuple[Floats, Floats, Floats]:  # fmt: skip
    """Amounts of the active templates, their products, and the residual."""
    matrix = _grown(first, places, values, weight, active, known)
    vector = np.empty(active.size)
    for i in range(active.size):
        k = active[i]
        total = 0.0
        for v in range(places[k], places[k + 1]):
            j = first[k] + v - places[k]
            total += values[v] * weight[j] * y[j]
        vector[i] = total
    amount = nonnegative(matrix, vector, start, 300, TOLERANCE)
    residual = y.copy()
    for i in range(active.size):
        add_template(residual, first, places, values, active[i], -amount[i])
    return amount, matrix, residual


@njit(cache=True)
def _forward(
    first: Integers, places: Integers, values: Floats, weight: Floats, residual: Floats,
    penalty: Floats, worth: Floats, active: Integers, matrix: Floats, inverse: Floats,
    allowed: Flags, room: int,
) -> Integers:  # fmt: skip
    """The templates that gain most where they lie, none of which share points with one another."""
    with_residual, norm = project(first, places, values, residual, weight)
    n = first.size
    gain, still = np.zeros(n), np.zeros(active.size)
    taken = np.zeros(n, np.bool_)
    for k in active:
        taken[k] = True
    for k in range(n):
        if taken[k] or not allowed[k] or with_residual[k] <= 0.0 or norm[k] <= 0.0:
            continue
        if 0.5 * with_residual[k] ** 2 / (LEAST_OWN * norm[k]) < penalty[k]:
            continue
        own, _ = _own_part(
            first, places, values, weight, k, norm[k], active, matrix, inverse, still
        )
        gain[k] = max(worth[k] * 0.5 * with_residual[k] ** 2 / own - penalty[k], 0.0)
    chosen = np.empty(min(room, n), np.int64)
    found = 0
    used = np.zeros(weight.size, np.bool_)
    for k in np.argsort(-gain):
        if gain[k] <= 0.0 or found == chosen.size:
            break
        # Both ends and the middle: a template that is free there may still share a few points.
        start, stop = first[k], first[k] + places[k + 1] - places[k]
        if used[start:stop].any():
            continue
        used[start:stop] = True
        chosen[found] = k
        found += 1
    return chosen[:found]


@njit(cache=True)
def losses(
    first: Integers, places: Integers, values: Floats, weight: Floats, active: Integers,
    amount: Floats, matrix: Floats, inverse: Floats,
) -> Floats:  # fmt: skip
    """(n,) nats lost when an active template is taken out and the others readjust."""
    n = amount.size
    loss = np.zeros(n)
    if inverse.shape[0] == n:
        for i in range(n):
            loss[i] = 0.5 * amount[i] ** 2 / inverse[i, i]
        return loss
    for i in range(n):
        others = np.delete(active, i)
        kept = np.ones(n, np.bool_)
        kept[i] = False
        near = _touching(first, places, active[i], others)
        near = near + (near >= i)
        x = np.array([matrix[i, j] for j in near])
        own = matrix[i, i]
        if near.size:
            block = np.empty((near.size, near.size))
            for a in range(near.size):
                for b in range(near.size):
                    block[a, b] = matrix[near[a], near[b]]
                block[a, a] *= 1.0 + 1e-9
            own = max(own - float(x @ np.linalg.solve(block, x)), 1e-9 * own)
        loss[i] = 0.5 * amount[i] ** 2 * own
    return loss


@njit(cache=True)
def _worthless(
    first: Integers, places: Integers, values: Floats, weight: Floats,
    amount: Floats, matrix: Floats, inverse: Floats, penalty: Floats, active: Integers,
) -> Flags:  # fmt: skip
    """Which active templates are not worth their penalty, the worst where each lies."""
    n = amount.size
    out = np.zeros(n, np.bool_)
    loss = losses(first, places, values, weight, active, amount, matrix, inverse)
    saved = np.zeros(n)
    for i in range(n):
        saved[i] = penalty[active[i]] - loss[i]
        if amount[i] <= 0.0:
            out[i] = True
    for i in np.argsort(-saved):
        if saved[i] <= 0.0:
            break
        alone = True
        for j in range(n):
            if (
                out[j]
                and amount[j] > 0.0
                and matrix[i, j] > 1e-4 * np.sqrt(matrix[i, i] * matrix[j, j])
            ):
                alone = False
        if alone:
            out[i] = True
    return out


@njit(cache=True)
def _without(
    out: Flags, active: Integers, amount: Floats, matrix: Floats
) -> tuple[Integers, Floats, Floats]:
    kept = np.flatnonzero(~out)
    return active[kept], amount[kept], matrix[kept][:, kept]


@njit(cache=True)
def sparse_fit(
    first: Integers, places: Integers, values: Floats, y: Floats, weight: Floats,
    penalty: Floats, worth: Floats, active: Integers, allowed: Flags, most: int,
) -> tuple[Integers, Floats]:  # fmt: skip
    """Forward steps and removals until nothing gains: the active templates and their amounts.

    first, places, values : templates, see `templates.render`
    y, weight             : (n_points,) trace, and 1 / variance of each point
    penalty               : (n_ions,) nats an ion must gain to be worth calling
    worth                 : (n_ions,) share of a gain that counts in a step forward: below 1 for
                            what is improbable, which else takes what the probable would explain
    active                : rows to start from
    allowed               : (n_ions,) which may be added
    most                  : templates in the fit at most
    """
    nothing = np.zeros((0, 0))
    amount, matrix, residual = _refit(
        first, places, values, y, weight, active, np.zeros(active.size), nothing
    )
    allowed = allowed.copy()
    tries = np.zeros(first.size, np.int64)
    for _ in range(60):
        inverse = inverted(matrix)
        while active.size:
            out = _worthless(
                first, places, values, weight, amount, matrix, inverse, penalty, active
            )
            if not out.any():
                break
            for position in np.flatnonzero(out):
                k = active[position]
                tries[k] += 1
                # A step that is undone would come again for ever.
                if tries[k] > 1:
                    allowed[k] = False
            active, amount, matrix = _without(out, active, amount, matrix)
            amount, matrix, residual = _refit(
                first, places, values, y, weight, active, amount, matrix
            )
            inverse = inverted(matrix)
        if active.size >= most:
            break
        more = _forward(first, places, values, weight, residual, penalty, worth, active,
                        matrix, inverse, allowed, most - active.size)  # fmt: skip
        if more.size == 0:
            break
        active = np.concatenate((active, more))
        start = np.concatenate((amount, np.zeros(more.size)))
        amount, matrix, residual = _refit(first, places, values, y, weight, active, start, matrix)
    return active, amount


@njit(cache=True)
def rivals(
    first: Integers, places: Integers, values: Floats, weight: Floats, residual: Floats,
    penalty: Floats, others: Integers, matrix: Floats, inverse: Floats, pull: Floats, mine: int,
) -> tuple[Integers, Floats]:  # fmt: skip
    """Templates that could stand in for `mine`, and what each gains over nothing, less its penalty.

    residual : of the fit with `mine` taken out and nothing readjusted
    others   : the active templates apart from it, `matrix` their products with each other,
               `inverse` its inverse or (0, 0), `pull` their products with the residual
    """
    found, gains = np.empty(first.size, np.int64), np.empty(first.size)
    inside = np.zeros(first.size, np.bool_)
    for other in others:
        inside[other] = True
    begin, end = first[mine], first[mine] + places[mine + 1] - places[mine]
    n = 0
    for k in range(first.size):
        stop = first[k] + places[k + 1] - places[k]
        if inside[k] or first[k] >= end or stop <= begin:
            continue
        along, norm = 0.0, 0.0
        for i in range(places[k], places[k + 1]):
            v = values[i] * weight[first[k] + i - places[k]]
            along += v * residual[first[k] + i - places[k]]
            norm += v * values[i]
        if along <= 0.0 or norm <= 0.0:
            continue
        if 0.5 * along**2 / (LEAST_OWN * norm) < penalty[k]:
            continue
        own, taken = _own_part(
            first, places, values, weight, k, norm, others, matrix, inverse, pull
        )
        found[n], gains[n] = k, 0.5 * max(along - taken, 0.0) ** 2 / own - penalty[k]
        n += 1
    return found[:n], gains[:n]


@njit(cache=True)
def without(inverse: Floats, position: int) -> Floats:
    """Inverse of the matrix without one row and column; (0, 0) stays so."""
    n = inverse.shape[0]
    if n == 0:
        return inverse
    left = np.array([i for i in range(n) if i != position], np.int64)
    own = inverse[position, position]
    out = np.empty((n - 1, n - 1))
    for i in range(n - 1):
        for j in range(n - 1):
            out[i, j] = (
                inverse[left[i], left[j]]
                - inverse[left[i], position] * inverse[position, left[j]] / own
            )
    return out


@njit(cache=True)
def exchange(
    first: Integers, places: Integers, values: Floats, y: Floats, weight: Floats,
    penalty: Floats, worth: Floats, active: Integers, amount: Floats, allowed: Flags, rounds: int,
) -> tuple[Integers, Floats, int]:  # fmt: skip
    """Exchange active templates one at a time for others that explain more; how many were.

    allowed : (n_ions,) which may be exchanged, and be taken in exchange
    """
    swaps = 0
    nothing = np.zeros((0, 0))
    active = active.copy()
    settled = np.zeros(active.size, np.bool_)
    amount, matrix, residual = _refit(first, places, values, y, weight, active, amount, nothing)
    for _ in range(rounds):
        changed = False
        inverse = inverted(matrix)
        for position in range(active.size):
            if settled[position] or not allowed[active[position]]:
                continue
            kept = np.ones(active.size, np.bool_)
            kept[position] = False
            left = np.flatnonzero(kept)
            mine = active[position]
            others, block = active[left], matrix[left][:, left]
            pull = amount[position] * matrix[left, position]
            rest = residual.copy()
            add_template(rest, first, places, values, mine, amount[position])
            found, gains = rivals(
                first,
                places,
                values,
                weight,
                rest,
                penalty,
                others,
                block,
                without(inverse, position),
                pull,
                mine,
            )
            settled[position] = True
            top, best = -1, 0.0
            own = 0.0
            for i in range(found.size):
                k = found[i]
                gains[i] = worth[k] * (gains[i] + penalty[k]) - penalty[k]
                if k == mine:
                    own = gains[i]
            for i in range(found.size):
                if allowed[found[i]] and gains[i] > best and gains[i] > own + 1e-3:
                    top, best = found[i], gains[i]
            if top >= 0 and top != mine:
                active[position] = top
                start = amount.copy()
                order = np.append(left, position)
                fitted, grown, residual = _refit(
                    first, places, values, y, weight, active[order], start[order], block
                )
                amount[order] = fitted
                for a in range(order.size):
                    for b in range(order.size):
                        matrix[order[a], order[b]] = grown[a, b]
                inverse = inverted(matrix)
                for other in _touching(first, places, top, active):
                    settled[other] = False
                settled[position] = True
                changed = True
                swaps += 1
        if not changed:
            break
    return active, amount, swaps


@njit(cache=True)
def bounds_of(
    first: Integers, places: Integers, values: Floats, weight: Floats, residual: Floats,
    rows: Integers, active: Integers, matrix: Floats,
) -> tuple[Floats, Floats]:  # fmt: skip
    """Amount (n_rows,) that each template would take of a residual, and its standard deviation.

    Infinite where nothing of a template was recorded.
    """
    amount, sd = np.zeros(rows.size), np.full(rows.size, np.inf)
    still, inverse = np.zeros(active.size), inverted(matrix)
    for i in range(rows.size):
        k = rows[i]
        along, norm = 0.0, 0.0
        for v in range(places[k], places[k + 1]):
            weighted = values[v] * weight[first[k] + v - places[k]]
            along += weighted * residual[first[k] + v - places[k]]
            norm += weighted * values[v]
        if norm > 0.0:
            own, _ = _own_part(
                first, places, values, weight, k, norm, active, matrix, inverse, still
            )
            amount[i], sd[i] = along / own, 1.0 / np.sqrt(own)
    return amount, sd
