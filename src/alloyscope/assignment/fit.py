"""Calibration, peak width and abundances together: the joint fit of a trace."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alloyscope.assignment.candidates import Candidates
from alloyscope.assignment.instrument import PRIOR_SD, Instrument
from alloyscope.assignment.trace import Trace
from alloyscope.chemistry.element import IsotopeTable
from alloyscope.isotopes.families import family_of_counts
from alloyscope.numerics.sparse_fit import exchange, sparse_fit
from alloyscope.numerics.templates import gram, nonnegative, render, screen

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Drawn = tuple[Integers, Integers, Floats]
"""Templates as `numerics.templates.render` gives them: first point, bounds, values."""

ION_COST = 8.0
"""Nats that any ion must gain to be called, over its prior penalty."""

PRUNE = 2e-4
PROBES = np.array([0.05, 0.05, 0.05, 2e-3, 5e-3, 0.01])
"""Half-widths of the central differences in theta."""


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


def library_of(found: Candidates, table: IsotopeTable | None = None) -> Library:
    """Isotope patterns of all candidates."""
    symbols, counts = found.formulas
    patterns = family_of_counts(symbols, counts, table, prune=PRUNE)
    return Library(patterns.bounds, patterns.mz(found.charge), patterns.probability,
                   ION_COST + found.penalty)  # fmt: skip


@dataclass(frozen=True)
class State:
    """A fit: which ions, how many, and the instrument they are seen through.

    active : (n,) rows of the library
    amount : (n,) ions, in the signal's unit
    gain   : log posterior over that of an empty spectrum, nats
    """

    instrument: Instrument
    active: Integers
    amount: Floats
    gain: float


def templates(trace: Trace, library: Library, instrument: Instrument) -> Drawn:
    """The library drawn on the trace."""
    shape, low = instrument.shape
    return render(trace.mz, trace.step, library.bounds, library.mz, library.share,
                  instrument.reference, instrument.theta, shape, low)  # fmt: skip


def possible(
    trace: Trace, library: Library, instrument: Instrument, variance: Floats,
    tolerance: float, least: float, most: int,
) -> Integers:  # fmt: skip
    """Rows whose tall peaks are all in the trace, the most significant `most` of them."""
    shape, _ = instrument.shape
    _, significance = screen(
        trace.mz, trace.step, trace.signal, variance, library.bounds, library.mz, library.share,
        instrument.reference, instrument.theta, tolerance, float(shape.max()),
    )  # fmt: skip
    rows = np.flatnonzero(significance > least)
    if rows.size > most:
        worth = significance[rows] * np.exp(-0.15 * (library.cost[rows] - ION_COST))
        rows = np.sort(rows[np.argsort(-worth)[:most]])
    return rows


def model_of(trace: Trace, drawn: Drawn, amount: Floats) -> Floats:
    """The sum of drawn templates."""
    first, places, values = drawn
    total = np.zeros(trace.mz.size)
    for k in range(amount.size):
        own = values[places[k] : places[k + 1]]
        total[first[k] : first[k] + own.size] += amount[k] * own
    return total


def choose(
    trace: Trace, library: Library, instrument: Instrument, variance: Floats,
    active: Integers, most_ions: int, at_once: int, swap: bool = False,
) -> State:  # fmt: skip
    """The ions of the library that explain the trace, at a fixed instrument."""
    drawn = templates(trace, library, instrument)
    weight = 1.0 / variance
    area = np.add.reduceat(np.append(drawn[2], 0.0), drawn[1][:-1]) * (np.diff(drawn[1]) > 0)
    whole = np.add.reduceat(library.share, library.bounds[:-1])
    allowed = area > 0.6 * whole
    rows, amount = sparse_fit(*drawn, trace.signal, weight, library.cost, active, allowed,
                              most_ions, at_once)  # fmt: skip
    if swap and rows.size:
        rows, amount, _ = exchange(*drawn, trace.signal, weight, library.cost, rows, amount)
        rows, amount = sparse_fit(*drawn, trace.signal, weight, library.cost, rows, allowed,
                                  most_ions, at_once)  # fmt: skip
    model = model_of(trace, templates(trace, library.take(rows), instrument), amount)
    gain = explained(trace, model, variance) - float(library.cost[rows].sum()) - instrument.prior
    return State(instrument, rows, amount, gain)


def explained(trace: Trace, model: Floats, variance: Floats) -> float:
    """Half the drop of chi square that a model brings, nats."""
    return 0.5 * float(((trace.signal**2 - (trace.signal - model) ** 2) / variance).sum())


def refine(
    trace: Trace, library: Library, state: State, variance: Floats,
    free: tuple[int, ...], rounds: int,
) -> State:  # fmt: skip
    """Gauss-Newton on the free parameters of the instrument, the amounts following."""
    if state.active.size == 0:
        return state
    own = library.take(state.active)
    instrument, amount, weight = state.instrument, state.amount, 1.0 / variance
    for _ in range(rounds):
        drawn = templates(trace, own, instrument)
        matrix = gram(*drawn, weight, np.arange(amount.size))
        amount = nonnegative(matrix, _products(trace.signal, drawn, weight), amount, 200, 0.01)
        residual = trace.signal - model_of(trace, drawn, amount)
        slopes = _slopes(trace, own, instrument, amount, free)
        cross = np.array([_products(slope, drawn, weight) for slope in slopes]).T
        matrix[np.diag_indices_from(matrix)] *= 1 + 1e-9
        normal = (slopes * weight) @ slopes.T - cross.T @ np.linalg.solve(matrix, cross)
        index = list(free)
        stiff = 1.0 / PRIOR_SD[index] ** 2
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
    matrix = gram(*drawn, weight, np.arange(amount.size))
    amount = nonnegative(matrix, _products(trace.signal, drawn, weight), amount, 200, 0.01)
    model = model_of(trace, drawn, amount)
    gain = explained(trace, model, variance) - float(own.cost.sum()) - instrument.prior
    return State(instrument, state.active, amount, gain)


def _products(signal: Floats, drawn: Drawn, weight: Floats) -> Floats:
    """(n_ions,) weighted products of each template with a signal."""
    first, places, values = drawn
    weighted = signal * weight
    return np.array([
        values[place : place + size] @ weighted[start : start + size]
        for start, place, size in zip(first, places[:-1], np.diff(places), strict=True)
    ])  # fmt: skip


def _slopes(
    trace: Trace, own: Library, instrument: Instrument, amount: Floats, free: tuple[int, ...]
) -> Floats:
    """(n_free, n_points) derivative of the model by each free parameter, central differences."""
    out = np.empty((len(free), trace.mz.size))
    for row, parameter in enumerate(free):
        sides = []
        for sign in (1, -1):
            theta = instrument.theta.copy()
            theta[parameter] += sign * PROBES[parameter]
            moved = Instrument(theta, instrument.centre, instrument.reference)
            sides.append(model_of(trace, templates(trace, own, moved), amount))
        out[row] = (sides[0] - sides[1]) / (2 * PROBES[parameter])
    return out
