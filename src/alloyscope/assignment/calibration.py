"""Where the m/z scale may lie: offsets at which simple ions account for the trace."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from alloyscope.assignment.fit import Library
from alloyscope.assignment.instrument import Instrument
from alloyscope.assignment.trace import Trace
from alloyscope.numerics.alignment import aligned_gains, matched

Floats = NDArray[np.float64]

FURTHEST = 100.0
FURTHEST_TRANSFORM = 40.0
"""ppm that a calibration may be off, on time of flight and on Fourier transform."""

STEPS_PER_WIDTH = 8
WIDEST_STEP = 15.0
"""ppm between offsets tried, however broad the peaks."""

APART = 0.25
"""Widths by which two starting points must differ."""

CAP = 1000.0
"""Nats that one peak may gain at most: see `numerics.alignment`."""

MOST_IONS = 60
COST = 4.0
"""Nats over an ion's cost that it must gain here: the patterns are only roughly placed."""


def offset_cost(offset: float | Floats, accuracy: float) -> Floats:
    """Negative log prior of an offset (ppm): stated accuracies are often wrong, so a long tail."""
    return np.asarray(1.5 * np.log1p((np.asarray(offset) / accuracy) ** 2))


def starting_offsets(
    trace: Trace, simple: Library, instrument: Instrument, variance: Floats,
    accuracy: float, number: int,
) -> list[float]:  # fmt: skip
    """The best few offsets (ppm) from the instrument's own, best first.

    simple   : ions that are probable beforehand
    accuracy : stated, ppm
    """
    grid, gains, width = offset_gains(trace, simple, instrument, variance, accuracy)
    found: list[float] = []
    for offset in grid[np.argsort(-gains, kind="stable")]:
        if all(abs(offset - other) > min(APART * width, 2 * WIDEST_STEP) for other in found):
            found.append(float(offset))
    return found[:number]


def offset_gains(
    trace: Trace, simple: Library, instrument: Instrument, variance: Floats, accuracy: float
) -> tuple[Floats, Floats, float]:
    """Offsets tried (ppm), nats that simple ions gain at each, and a peak's width (ppm)."""
    height, sd = matched(trace.mz, trace.step, trace.signal, variance, instrument.theta)
    width = 1e6 * instrument.width(instrument.reference) / instrument.reference
    furthest = FURTHEST_TRANSFORM if instrument.transform else FURTHEST
    grid = np.arange(-furthest, furthest + 1e-9, min(width / STEPS_PER_WIDTH, WIDEST_STEP))
    centre = instrument.centre[0]
    near = np.abs(grid - centre) < 4 * instrument.spread[0]
    grid = grid[near] if near.any() else np.array([centre])
    gains = aligned_gains(
        trace.mz, trace.step, height, sd, simple.bounds, simple.mz, simple.share,
        simple.cost + COST, instrument.reference, instrument.theta, grid, CAP, MOST_IONS,
    )  # fmt: skip
    return grid, gains - offset_cost(grid - centre, accuracy), width
