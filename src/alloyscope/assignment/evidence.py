"""How sure each called ion is: what else could account for its signal.

Of each ion the best account of the spectrum without it is sought: nothing in its place, lines of
unknown origin, or another candidate, all other ions readjusting. Candidates that do nearly as well
form its group; the score is the margin over everything outside the group.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from alloyscope.assignment.fit import (
    ION_COST,
    LINE_COST,
    Drawn,
    explained,
    joined,
    line_templates,
    peaks_of,
    slopes_of,
    templates,
)
from alloyscope.assignment.outcome import Outcome
from alloyscope.numerics.sparse_fit import inverted, rivals, sparse_fit, without
from alloyscope.numerics.templates import add_template, gram, products, summed

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

PLACE_SD = 1.0
"""ppm by which a calibration that is a parabola in m/z may be off."""

FREE_PLACE = 2.0
"""Nats that an ion may gain by a step off the calibration before its score suffers."""

SEPARATED = 3.0
"""Nats (odds of 20:1) from which two candidates are told apart."""


@dataclass(frozen=True)
class Evidence:
    """What speaks for one called ion.

    position : in the outcome's `state.active`
    gain     : nats by which the fit is better with it than with nothing in its place
    score    : nats by which the fit is better with it than with the best outside its group
    by_lines : nats by which it accounts better for its signal than lines of unknown origin, all
               others staying as they are
    members  : candidates that cannot be told apart, itself among them, the most probable first
    odds     : (n_members,) probability of each
    """

    position: int
    gain: float
    score: float
    by_lines: float
    members: Integers
    odds: Floats


def evidence(outcome: Outcome) -> tuple[Evidence, ...]:
    """The evidence for each called ion."""
    state, trace, weight = outcome.state, outcome.trace, 1.0 / outcome.variance
    n = len(outcome.library)
    drawn = joined(templates(trace, outcome.library, state.instrument),
                   line_templates(trace, state.lines, state.instrument))  # fmt: skip
    active = np.concatenate((state.active, n + np.arange(state.lines.size)))
    matrix, amount = _fitted(drawn, active, trace.signal, weight)
    residual = trace.signal - summed(trace.mz.size, *drawn, active, amount)
    inverse = inverted(matrix)
    own = np.where(outcome.library.cost < 0.0, ION_COST, outcome.library.cost)
    cost = np.concatenate((own, np.full(state.lines.size, LINE_COST)))
    found = []
    for position in range(state.active.size):
        left = np.delete(np.arange(active.size), position)
        pull = amount[position] * matrix[left, position]
        rest = residual.copy()
        add_template(rest, *drawn, active[position], amount[position])
        rows, gains = rivals(*drawn, weight, rest, cost, active[left], matrix[left][:, left],
                             without(inverse, position), pull, active[position])  # fmt: skip
        found.append(_weighed(outcome, drawn, position, rows, gains, rest, residual))
    return tuple(found)


def challenged(outcome: Outcome) -> Integers:
    """Positions of called ions that something else would replace at a gain, the costliest first.

    Of those that overlap only the costliest: once it is gone, the others may be worth their place.
    """
    found = evidence(outcome)
    cost = outcome.library.cost[outcome.state.active]
    weak = [e.position for e in found if e.score < 0.0 and cost[e.position] > 0.0]
    drawn = templates(outcome.trace, outcome.library.take(outcome.state.active),
                      outcome.state.instrument)  # fmt: skip
    first, stop = drawn[0], drawn[0] + np.diff(drawn[1])
    taken: list[int] = []
    for position in sorted(weak, key=lambda k: -cost[k]):
        if all(stop[position] <= first[k] or stop[k] <= first[position] for k in taken):
            taken.append(position)
    return np.array(taken, np.int64)


def _fitted(
    drawn: Drawn, active: Integers, signal: Floats, weight: Floats
) -> tuple[Floats, Floats]:
    """Products of the active templates, and their amounts with none held at zero."""
    matrix = gram(*drawn, weight, active)
    matrix[np.diag_indices_from(matrix)] *= 1.0 + 1e-9
    first, places, values = drawn
    sizes = places[active + 1] - places[active]
    parts = [values[places[k] : places[k + 1]] for k in active] or [values[:0]]
    bounds = np.append(np.zeros(1, np.int64), np.cumsum(sizes))
    vector = products(first[active], bounds, np.concatenate(parts), signal[None, :], weight)[0]
    return matrix, np.linalg.solve(matrix, vector) if active.size else vector


def _weighed(
    outcome: Outcome, drawn: Drawn, position: int, rows: Integers, gains: Floats, rest: Floats,
    left: Floats,
) -> Evidence:  # fmt: skip
    mine = outcome.state.active[position]
    ions = rows < len(outcome.library)
    rows, gains = rows[ions], gains[ions]
    own = float(gains[rows == mine].max(initial=-np.inf))
    by_lines = _margin_over_lines(outcome, drawn, int(mine), rest)
    near = gains > own - SEPARATED
    order = np.argsort(-gains[near])
    members, odds = rows[near][order], np.exp(gains[near][order] - gains[near].max(initial=0.0))
    others = float(gains[~near].max(initial=0.0))
    elsewhere = _gain_elsewhere(outcome, int(mine), float(outcome.state.amount[position]), left)
    score = min(own - others, by_lines) - max(elsewhere - FREE_PLACE, 0.0)
    return Evidence(position, own, score, by_lines, members, odds / max(odds.sum(), 1e-300))


def _gain_elsewhere(outcome: Outcome, k: int, amount: float, left: Floats) -> float:
    """Nats that ion k would gain if its mass were not its own: a step off the calibration.

    left : (n_points,) residual of the whole fit
    """
    error, information = own_error(outcome, k, amount, left)
    if information <= 0.0:
        return 0.0
    return 0.5 * error**2 / (1.0 / information + PLACE_SD**2)


def own_error(outcome: Outcome, k: int, amount: float, left: Floats) -> tuple[float, float]:
    """ppm by which ion k's own signal lies off the common calibration, and 1 / its variance."""
    own, instrument = outcome.library.take(np.array([k])), outcome.state.instrument
    first, places, _ = templates(outcome.trace, own, instrument)
    near = slice(max(first[0] - 9, 0), first[0] + places[1] + 9)
    slope = slopes_of(outcome.trace.at(near), own, instrument, np.array([amount]), (0,))[0]
    weighted = slope / outcome.variance[near]
    information = float(weighted @ slope)
    return (float(weighted @ left[near]) / information if information > 0.0 else 0.0), information


def _margin_over_lines(outcome: Outcome, drawn: Drawn, k: int, rest: Floats) -> float:
    """Nats by which ion k accounts better than lines for the residual without it (n_points,)."""
    first, places, values = drawn
    own = slice(first[k], first[k] + places[k + 1] - places[k])
    part = outcome.trace.at(own)
    part, variance = replace(part, signal=rest[own]), outcome.variance[own]
    shape, weight = values[places[k] : places[k + 1]], 1.0 / variance
    along = float((shape * weight) @ part.signal)
    gain = 0.5 * max(along, 0.0) ** 2 / float((shape * weight) @ shape)
    cost_of_ion = float(outcome.library.cost[k])
    gain -= cost_of_ion if cost_of_ion > 0.0 else ION_COST  # what is required is weighed as others
    instrument = outcome.state.instrument
    lines = line_templates(part, peaks_of(part, part.signal, variance, instrument), instrument)
    n = lines[0].size
    if n == 0:
        return gain
    cost = np.full(n, LINE_COST)
    rows, amount = sparse_fit(*lines, part.signal, weight, cost, np.ones(n), np.zeros(0, np.int64),
                              np.ones(n, np.bool_), n)  # fmt: skip
    model = summed(part.mz.size, *lines, rows, amount)
    return gain - max(explained(part, model, variance) - LINE_COST * rows.size, 0.0)
