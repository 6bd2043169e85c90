"""The search: from a trace and its candidates to the ions, calibration and noise that fit best.

1. Offsets of the m/z scale at which simple ions account for the trace (`calibration`).
2. From each of the best few, simple ions, lines of unknown origin and the instrument are fitted in
   turn until they agree; only then are the starts compared, all with the noise of the best.
3. From the best one, rounds with all candidates: noise, costs, ions, instrument. An ion with
   neighbours in its ladder or its x distribution costs less than one that stands alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from alloyscope.assignment.calibration import offset_cost, starting_offsets
from alloyscope.assignment.evidence import challenged
from alloyscope.assignment.fit import (
    ION_COST,
    Library,
    choose,
    model_of,
    peaks_of,
    possible,
    refine,
    templates,
)
from alloyscope.assignment.ground import Ground
from alloyscope.assignment.instrument import Instrument
from alloyscope.assignment.outcome import Outcome
from alloyscope.assignment.trace import Trace

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Told = Callable[[str, int, int | None], None]

STARTS = 3
ROUNDS = (False, False, True, True, False)
"""Rounds with all candidates, and whether decoys compete in each."""

MOST_IONS = 600
"""Ions and lines in a fit at most."""

MOST_SIMPLE, MOST_ROWS = 1500, 4000
"""Candidates fitted at a time: the most significant for their cost."""

TEMPER = 0.02
"""Share of its gain that an ion loses for each nat of prior cost, halved in each round."""

OFFSET, WIDTH, DRIFT, ALL = (0,), (0, 3, 5), (0, 1, 3, 5), (0, 1, 2, 3, 4, 5)
"""Parameters of the instrument that are free at a stage."""

ALONE = ((4.0, 0.0), (5.0, 0.25), (6.5, 0.5), (ION_COST, 1.0))
"""Nats an ion costs, and the share of its prior penalty that counts: between two called neighbours
or with three, with two, with one, alone."""


GAP = 3.0
"""Nats for an ion whose ladder is not called below it."""

BARRED = 1e9
"""Nats against an ion that was tried and found wanting."""

CHALLENGES = 4
REQUIRED = 1e6
"""Nats in favour of an ion that the user says is there."""


def smoothed(signal: Floats) -> Floats:
    """(n_points,) the signal averaged over three points."""
    if signal.size < 3:
        return signal
    return np.convolve(signal, (0.25, 0.5, 0.25), "same")


def search(
    trace: Trace, ground: Ground, instrument: Instrument, told: Told
) -> tuple[Outcome, Outcome]:
    """The best account of a trace that is found, and the one where decoys had a share in it."""
    variance = trace.variance(smoothed(trace.signal))
    simple = np.flatnonzero(ground.simple)
    library = ground.library.take(simple)
    offsets = starting_offsets(trace, library, instrument, variance, ground.accuracy, STARTS)
    began = []
    for k, offset in enumerate(offsets):
        told("fitting starts", k, len(offsets) + len(ROUNDS))
        first = _round(trace, library, library.cost, instrument.at_offset(offset), variance,
                       (OFFSET, WIDTH), first=True)  # fmt: skip
        began.append(_round(trace, library, library.cost, first.state.instrument, variance,
                            (DRIFT,)))  # fmt: skip
    best = _best_start(ground, library, simple, began)
    contest = best
    for k, decoys in enumerate(ROUNDS):
        told("fitting all ions", len(offsets) + k, len(offsets) + len(ROUNDS))
        best = _full_round(ground, best, k, decoys=decoys)
        contest = best if decoys else contest
    return best, contest


def _best_start(
    ground: Ground, library: Library, simple: Integers, began: list[Outcome]
) -> Outcome:
    """The start that explains most, all refitted with the noise that the best leaves.

    The costs are those of called neighbours, as in later rounds: where the signal is weak, it is
    the ladders that tell a calibration from its alias.
    """
    # What a wrong start leaves is shared by many points, and would excuse itself as noise.
    learned = [replace(one.trace.learned(one.total), together=1.0) for one in began]
    typical = [np.median(t.variance(one.total)) for t, one in zip(learned, began, strict=True)]
    k = int(np.argmin(typical))
    variance = _cautious(learned[k], began[k].total)
    ended = []
    for one in began:
        most = np.full(len(ground.library), np.inf)
        most[simple], _ = possible(learned[k], library.tall(), one.state.instrument, variance, 0.25)
        called = np.zeros(most.size, np.bool_)
        called[simple[one.called]] = True
        cost = costs(ground, most, called)[simple]
        ended.append(_round(learned[k], library, cost, one.state.instrument, variance, (DRIFT,)))
    worth = [
        one.state.gain - float(offset_cost(_off(one.state.instrument), ground.accuracy))
        for one in ended
    ]
    best = ended[int(np.argmax(worth))]
    return replace(best, rows=simple[best.rows])


def _off(instrument: Instrument) -> float:
    return float(instrument.theta[0] - instrument.centre[0])


def _cautious(trace: Trace, total: Floats) -> Floats:
    """Variance where a model may still lack ions: up to twice what it holds, the signal's own."""
    seen = np.minimum(smoothed(trace.signal), 2 * np.maximum(total, 0) + 3 * np.sqrt(trace.floor))
    return np.maximum(trace.variance(total), trace.variance(seen))


def _full_round(ground: Ground, last: Outcome, k: int, *, decoys: bool) -> Outcome:
    trace = last.trace.learned(last.total)
    variance = _cautious(trace, last.total) if k == 0 else trace.variance(smoothed(last.total))
    called = np.zeros(len(ground.library), np.bool_)
    if k > 0:
        called[last.called] = True
    temper = 0.0 if k == len(ROUNDS) - 1 else TEMPER / 2 ** (k + 1)
    n = len(ground.library) if decoys else ground.n_targets
    most, significance = _possible_of(trace, ground, n, last.state.instrument, variance)
    cost = costs(ground, most, called)
    rows = _worth_fitting(significance, cost, 5.0, MOST_ROWS * (1 + decoys), ground.required)
    part = ground.library.take(rows).priced(cost[rows])
    return _fitted(trace, part, rows, last.state.instrument, variance,
                   (DRIFT if k == 0 else ALL,), swap=True, temper=temper)  # fmt: skip


def _possible_of(
    trace: Trace, ground: Ground, n: int, instrument: Instrument, variance: Floats
) -> tuple[Floats, Floats]:
    """What the data allow of the first n candidates; of the others nothing is asked."""
    whole = len(ground.library)
    most, significance = np.full(whole, np.inf), np.zeros(whole)
    first = ground.tall if n == whole else ground.tall.take(np.arange(n))
    most[:n], significance[:n] = possible(trace, first, instrument, variance, 0.2)
    return most, significance


def costs(ground: Ground, most: Floats, called: NDArray[np.bool_]) -> Floats:
    """(n_ions,) nats each candidate must gain, given which neighbours the data allow or hold.

    most   : (n_ions,) largest amount that the data allow
    called : (n_ions,) which are in the fit
    """
    own = ground.library.cost - ION_COST + ground.company.missing(most)
    number, between = ground.company.sides(called)
    kind = np.select([between | (number >= 3), number == 2, number == 1], [0, 1, 2], 3)
    base, share = np.array(ALONE).T[:, kind]
    gap = GAP * (ground.company.gaps(called) & called.any())
    return np.asarray(np.where(ground.required, -REQUIRED, base + share * own + gap))


def _worth_fitting(
    significance: Floats, cost: Floats, least: float, most: int, required: NDArray[np.bool_]
) -> Integers:
    """Rows significant enough, the `most` best for their cost."""
    rows = np.flatnonzero((significance > least) | required)
    if rows.size > most:
        worth = significance[rows] * np.exp(-0.15 * (cost[rows] - ION_COST))
        worth[cost[rows] < ION_COST] = np.inf
        rows = np.sort(rows[np.argsort(-worth)[:most]])
    return rows


def _round(
    trace: Trace, library: Library, cost: Floats, instrument: Instrument, variance: Floats,
    free: tuple[tuple[int, ...], ...], *, first: bool = False,
) -> Outcome:  # fmt: skip
    """Choose among simple ions, then refine the instrument."""
    tolerance = 0.4 if first else 0.25
    _, significance = possible(trace, library.tall(), instrument, variance, tolerance)
    rows = _worth_fitting(significance, cost, 6.0, MOST_SIMPLE, cost < 0)
    part = library.take(rows).priced(cost[rows])
    return _fitted(trace, part, rows, instrument, variance, free, swap=False, temper=TEMPER)


def _fitted(
    trace: Trace, part: Library, rows: Integers, instrument: Instrument, variance: Floats,
    free: tuple[tuple[int, ...], ...], *, swap: bool, temper: float,
) -> Outcome:  # fmt: skip
    lines = peaks_of(trace, trace.signal, variance, instrument)
    state = choose(trace, part, instrument, variance, np.zeros(0, np.int64), MOST_IONS,
                   swap=swap, lines=lines, temper=temper)  # fmt: skip
    outcome = Outcome(trace, part, rows, state, state.foreign, variance)
    if swap:
        outcome = _challenged(outcome, temper)
    state = outcome.state
    for parameters in free:
        state = refine(trace, part, state, variance, parameters, 8)
    drawn = templates(trace, part.take(state.active), state.instrument)
    total = model_of(trace, drawn, state.amount) + state.foreign
    return replace(outcome, library=part, state=state, total=total)


def _challenged(outcome: Outcome, temper: float) -> Outcome:
    """Without ions that lines of unknown origin or others would replace at a gain.

    An ion that takes part of the signal of the right one, and with another of its kind imitates
    it, is in nobody's way alone: so the costliest of those that are not worth their place are taken
    out together, and the search goes on without them.
    """
    for _ in range(CHALLENGES):
        weak = challenged(outcome)
        if not weak.size:
            break
        barred = outcome.library.cost.copy()
        barred[outcome.state.active[weak]] = BARRED
        library = outcome.library.priced(barred)
        kept = np.delete(outcome.state.active, weak)
        drawn = templates(outcome.trace, outcome.library.take(kept), outcome.state.instrument)
        others = model_of(outcome.trace, drawn, np.delete(outcome.state.amount, weak))
        rest = outcome.trace.signal - others - outcome.state.foreign
        more = peaks_of(outcome.trace, rest, outcome.variance, outcome.state.instrument)
        state = choose(outcome.trace, library, outcome.state.instrument, outcome.variance, kept,
                       MOST_IONS, swap=True, lines=np.concatenate((outcome.state.lines, more)),
                       temper=temper)  # fmt: skip
        if state.gain < outcome.state.gain:
            break
        outcome = replace(outcome, library=library, state=state)
    return outcome
