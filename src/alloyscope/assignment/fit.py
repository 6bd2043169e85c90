"""Calibration, peak width and abundances together: the joint fit of a trace."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from alloyscope.assignment.candidates import Candidates
from alloyscope.assignment.instrument import Instrument
from alloyscope.assignment.listing import IonListing
from alloyscope.assignment.trace import Trace
from alloyscope.chemistry.element import IsotopeTable
from alloyscope.isotopes.families import family_of_counts
from alloyscope.isotopes.refined import refined
from alloyscope.numerics.alignment import matched
from alloyscope.numerics.sparse_fit import exchange, sparse_fit
from alloyscope.numerics.templates import gram, nonnegative, products, render, screen, summed

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Drawn = tuple[Integers, Integers, Floats]
"""Templates as `numerics.templates.render` gives them: first point, bounds, values."""

ION_COST = 8.0
"""Nats that any ion must gain to be called, over its prior penalty."""

LINE_COST = 12.0
"""Nats that a single line of unknown origin must gain: any m/z would do, so it costs more."""

LINE_SIGNIFICANCE = 5.0
"""Standard deviations above what is explained from which a peak may be a line."""

TALL = 0.2
"""Share of the tallest peak from which a peak must be in the trace."""

COARSEST, FINEST = 2e-4, 2e-6
"""Largest and smallest probability below which isotope peaks are left out."""

PROBES = np.array([0.05, 0.05, 0.05, 2e-3, 5e-3, 0.01])
"""Steps of the differences in theta."""

LEAST_INSIDE = 0.6
"""Share of an ion's signal that must have been recorded for it to be called."""


@dataclass(frozen=True)
class Library:
    """Isotope peaks of candidates, one ion behind the other.

    bounds   : (n_ions + 1,)
    mz, share : (n_peaks,)
    cost     : (n_ions,) nats an ion must gain
    """

    bounds: Integers
    mz: Floats
    share: Floats
    cost: Floats

    def __len__(self) -> int:
        return self.bounds.size - 1

    def take(self, rows: Integers) -> Library:
        """The library of these ions alone."""
        sizes = self.bounds[rows + 1] - self.bounds[rows]
        bounds = np.concatenate((np.zeros(1, np.int64), np.cumsum(sizes)))
        index = np.arange(bounds[-1]) + np.repeat(self.bounds[rows] - bounds[:-1], sizes)
        return Library(bounds, self.mz[index], self.share[index], self.cost[rows])

    def tall(self, least: float = TALL) -> Library:
        """The peaks of at least this share of each ion's tallest."""
        highest = np.maximum.reduceat(self.share, self.bounds[:-1]) if len(self) else self.share
        kept = self.share >= least * np.repeat(highest, np.diff(self.bounds))
        counted = np.append(0, np.cumsum(kept))[self.bounds]
        return Library(counted, self.mz[kept], self.share[kept], self.cost)

    def shifted(self, shift: Floats) -> Library:
        """The ions moved by some m/z, (n_ions,)."""
        return replace(self, mz=self.mz + np.repeat(shift, np.diff(self.bounds)))

    def priced(self, cost: Floats) -> Library:
        """The same ions at other costs (n_ions,)."""
        return replace(self, cost=cost)


def library_of(
    found: Candidates, table: IsotopeTable | None = None, n_counted: float = 1e4
) -> Library:
    """Isotope patterns of all candidates.

    n_counted : ions in the whole spectrum; peaks that hold no more than two of them are left out
    """
    symbols, counts = found.formulas
    prune = float(np.clip(2.0 / max(n_counted, 1.0), FINEST, COARSEST))
    patterns = family_of_counts(symbols, counts, table, prune=prune)
    listing = found.space if isinstance(found.space, IonListing) else None
    if listing is not None and listing.isolation is not None:
        patterns = listing.isolation.cut(patterns, symbols, counts, table)
    if listing is not None and listing.fine_below and len(patterns):
        patterns = refined(patterns, symbols, counts, listing.fine_below, table)
    return Library(patterns.bounds, patterns.mz(found.charge), patterns.probability,
                   ION_COST + found.penalty)  # fmt: skip


@dataclass(frozen=True)
class State:
    """A fit: which ions, how many, and the instrument they are seen through.

    active  : (n,) rows of the library
    amount  : (n,) ions, in the signal's unit
    lines   : (n_lines,) m/z, as measured, of single lines of unknown origin
    foreign : (n_points,) their signal
    gain    : log posterior over that of an empty spectrum, nats
    """

    instrument: Instrument
    active: Integers
    amount: Floats
    lines: Floats
    foreign: Floats
    gain: float


def templates(trace: Trace, library: Library, instrument: Instrument) -> Drawn:
    """The library drawn on the trace."""
    shape, low = instrument.shape
    return render(trace.mz, trace.step, library.bounds, library.mz, library.share,
                  instrument.reference, instrument.theta, shape, low)  # fmt: skip


def line_templates(trace: Trace, mz: Floats, instrument: Instrument) -> Drawn:
    """Single lines at measured m/z (n_lines,) drawn on the trace."""
    shape, low = instrument.shape
    uncalibrated = instrument.theta.copy()
    uncalibrated[:3] = 0.0
    return render(trace.mz, trace.step, np.arange(mz.size + 1), mz, np.ones(mz.size),
                  instrument.reference, uncalibrated, shape, low)  # fmt: skip


def joined(one: Drawn, other: Drawn) -> Drawn:
    """Two sets of templates, one behind the other."""
    return (np.concatenate((one[0], other[0])),
            np.concatenate((one[1], other[1][1:] + one[1][-1])),
            np.concatenate((one[2], other[2])))  # fmt: skip


def possible(
    trace: Trace, library: Library, instrument: Instrument, variance: Floats, tolerance: float
) -> tuple[Floats, Floats]:
    """Largest amount (n_ions,) of each ion for which no tall peak is missing; its significance.

    library : its tall peaks are enough, and quicker
    """
    shape, _ = instrument.shape
    return screen(
        trace.mz, trace.step, trace.signal, variance, library.bounds, library.mz, library.share,
        instrument.reference, instrument.theta, tolerance, float(shape.max()),
    )  # fmt: skip


def model_of(trace: Trace, drawn: Drawn, amount: Floats) -> Floats:
    """The sum of drawn templates."""
    return summed(trace.mz.size, *drawn, np.arange(amount.size), amount)


def peaks_of(trace: Trace, excess: Floats, variance: Floats, instrument: Instrument) -> Floats:
    """m/z of the peaks that stand out of an excess signal (n_points,), as measured."""
    height, sd = matched(trace.mz, trace.step, excess, variance, instrument.theta)
    inside = height[1:-1]
    top = 1 + np.flatnonzero(
        (inside > height[:-2]) & (inside >= height[2:]) & (inside > LINE_SIGNIFICANCE * sd[1:-1])
    )
    left, middle, right = height[top - 1], height[top], height[top + 1]
    bend = left - 2 * middle + right
    shift = np.where(bend < 0, 0.5 * (left - right) / np.minimum(bend, -1e-300), 0.0)
    return np.asarray(trace.mz[top] + np.clip(shift, -0.5, 0.5) * trace.step[top])


def choose(
    trace: Trace, library: Library, instrument: Instrument, variance: Floats,
    active: Integers, most: int, *, swap: bool = False, lines: Floats | None = None,
    temper: float = 0.0,
) -> State:  # fmt: skip
    """The ions of the library, and lines, that explain the trace at a fixed instrument.

    active : rows to start from
    lines  : (n_lines,) m/z where lines of unknown origin may stand; None for nowhere
    temper : share of its gain that an ion loses, in the search, for each nat of prior cost
    """
    n = len(library)
    drawn = templates(trace, library, instrument)
    area = np.add.reduceat(np.append(drawn[2], 0.0), drawn[1][:-1]) * (np.diff(drawn[1]) > 0)
    whole = np.add.reduceat(library.share, library.bounds[:-1])
    allowed, cost = area > LEAST_INSIDE * whole, library.cost
    if lines is not None:
        drawn = joined(drawn, line_templates(trace, lines, instrument))
        allowed = np.concatenate((allowed, np.ones(lines.size, bool)))
        cost = np.concatenate((cost, np.full(lines.size, LINE_COST)))
    weight = 1.0 / variance
    worth = np.exp(-temper * np.maximum(cost - ION_COST, 0.0))
    rows, amount = sparse_fit(*drawn, trace.signal, weight, cost, worth, active, allowed, most)
    if swap and rows.size:
        ions_only = allowed & (np.arange(cost.size) < n)
        rows, amount, _ = exchange(
            *drawn, trace.signal, weight, cost, worth, rows, amount, ions_only, 3
        )
        rows, amount = sparse_fit(*drawn, trace.signal, weight, cost, worth, rows, allowed, most)
    ions = rows < n
    model = summed(trace.mz.size, *drawn, rows[ions], amount[ions])
    foreign = summed(trace.mz.size, *drawn, rows[~ions], amount[~ions])
    gain = explained(trace, model + foreign, variance) - float(cost[rows].sum()) - instrument.prior
    held = np.empty(0) if lines is None else lines[rows[~ions] - n]
    return State(instrument, rows[ions], amount[ions], held, foreign, gain)


def explained(trace: Trace, model: Floats, variance: Floats) -> float:
    """Half the drop of chi square that a model brings, nats."""
    return 0.5 * float(((trace.signal**2 - (trace.signal - model) ** 2) / variance).sum())


def refine(
    trace: Trace, library: Library, state: State, variance: Floats,
    free: tuple[int, ...], rounds: int,
) -> State:  # fmt: skip
    """Gauss-Newton on the free parameters of the instrument, the amounts following.

    Lines of unknown origin are taken off first: they would pin the calibration where it is.
    """
    if state.active.size == 0:
        return state
    own = library.take(state.active)
    instrument, amount, weight = state.instrument, state.amount, 1.0 / variance
    signal = trace.signal - state.foreign
    index = list(free)
    for _ in range(rounds):
        drawn = templates(trace, own, instrument)
        amount, matrix = _amounts(drawn, signal, weight, amount)
        residual = signal - model_of(trace, drawn, amount)
        slopes = slopes_of(trace, own, instrument, amount, free)
        normal, _ = profiled(drawn, slopes, weight, matrix)
        stiff = instrument.stiffness[index]
        pull = stiff * (instrument.centre - instrument.theta)[index]
        normal += np.diag(stiff) + 1e-9 * np.diag(np.diag(normal))
        step = np.zeros(6)
        step[index] = np.linalg.solve(normal, (slopes * weight) @ residual + pull)
        moved = instrument.moved(step)
        change = np.abs((moved.theta - instrument.theta)[index] / PROBES[index]).max()
        instrument = moved
        if change < 0.2:
            break
    drawn = templates(trace, own, instrument)
    amount, _ = _amounts(drawn, signal, weight, amount)
    model = model_of(trace, drawn, amount) + state.foreign
    cost = float(own.cost.sum()) + LINE_COST * state.lines.size
    gain = explained(trace, model, variance) - cost - instrument.prior
    return replace(state, instrument=instrument, amount=amount, gain=gain)


def profiled(drawn: Drawn, slopes: Floats, weight: Floats, matrix: Floats) -> tuple[Floats, Floats]:
    """Information on theta with the amounts free, and (n_ions, n_free) what the amounts follow."""
    cross = products(*drawn, slopes, weight).T
    loaded = matrix + np.diag(1e-9 * np.diag(matrix))
    follow = np.linalg.solve(loaded, cross)
    return (slopes * weight) @ slopes.T - cross.T @ follow, np.asarray(follow, np.float64)


def _amounts(
    drawn: Drawn, signal: Floats, weight: Floats, start: Floats
) -> tuple[Floats, Floats]:  # fmt: skip
    """Amounts of the templates, and the matrix of their products."""
    matrix = gram(*drawn, weight, np.arange(start.size))
    vector = products(*drawn, signal[None, :], weight)[0]
    return nonnegative(matrix, vector, start, 200, 0.01), matrix


def slopes_of(
    trace: Trace, own: Library, instrument: Instrument, amount: Floats, free: tuple[int, ...]
) -> Floats:
    """(n_free, n_points) derivative of the model by each free parameter, by differences."""
    out = np.empty((len(free), trace.mz.size))
    here = model_of(trace, templates(trace, own, instrument), amount)
    for row, parameter in enumerate(free):
        theta = instrument.theta.copy()
        theta[parameter] += PROBES[parameter]
        there = model_of(trace, templates(trace, own, replace(instrument, theta=theta)), amount)
        out[row] = (there - here) / PROBES[parameter]
    return out
