"""Which of two samples runs ahead: how sure that is, and over which range of each condition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from alloyscope.gel.conditions import GelConditions, Model
from alloyscope.gel.kernel import Floats, Settings, run_of
from alloyscope.gel.mobility import Mobility, Sample
from alloyscope.gel.particle import GelTable, particle_of

SURE = 0.95
"""Share of draws from which an order is called certain."""

SCANS: tuple[tuple[str, str, float, float], ...] = (
    ("ph", "", 3.0, 11.0), ("pka_shift", "", 0.0, 5.0), ("shell", "nm", -0.4, 1.0),
    ("gel_percent", "%", 5.0, 30.0), ("ionic_strength", "M", 0.001, 0.2),
    ("fibre_radius", "nm", 0.3, 1.5),
)  # fmt: skip
"""Conditions that are varied one at a time, their units, and between which values."""

POINTS = 81


@dataclass(frozen=True)
class PairOrder:
    """Two samples by one model.

    slower, faster : at the conditions as stated
    difference     : of their mobilities, relative to the faster
    faster_share, tied_share, slower_share : of the draws in which `faster` runs ahead, both are
                     tied, and `slower` runs ahead; None where no draws were made
    """

    slower: str
    faster: str
    model: Model
    difference: float
    tie: float
    faster_share: float | None = None
    tied_share: float | None = None
    slower_share: float | None = None

    @property
    def tied(self) -> bool:
        """Whether they cannot be told apart at the conditions as stated."""
        return self.difference < self.tie

    @property
    def verdict(self) -> str:
        """ "certain", "uncertain" or "tied"."""
        if self.faster_share is None or self.tied_share is None:
            return "tied" if self.tied else "not tested"
        if self.tied_share >= 0.5:
            return "tied"
        return "certain" if self.faster_share >= SURE else "uncertain"


@dataclass(frozen=True)
class HeldRange:
    """Over which part of one condition's range two neighbours keep their order, others as stated.

    spans : where they do, ascending; () where nowhere
    """

    slower: str
    faster: str
    model: Model
    condition: str
    unit: str
    scanned: tuple[float, float]
    spans: tuple[tuple[float, float], ...]

    @property
    def everywhere(self) -> bool:
        """Whether the order holds over all that was tried."""
        return self.spans == (self.scanned,)


def pair_orders(found: Sequence[Mobility], tie: float) -> tuple[PairOrder, ...]:
    """Every pair, the slower ones first."""
    ordered = sorted(found, key=lambda one: one.value)
    return tuple(
        _pair(slow, fast, tie) for k, slow in enumerate(ordered) for fast in ordered[k + 1 :]
    )


def _pair(slow: Mobility, fast: Mobility, tie: float) -> PairOrder:
    size = max(abs(fast.value), abs(slow.value), 1e-12)
    made = PairOrder(slow.name, fast.name, fast.model, (fast.value - slow.value) / size, tie)
    if not fast.drawn.size:
        return made
    gap = relative_gap(slow.drawn, fast.drawn)
    shares = [float((at).mean()) for at in (gap >= tie, np.abs(gap) < tie, gap <= -tie)]
    return replace(made, faster_share=shares[0], tied_share=shares[1], slower_share=shares[2])


def relative_gap(slow: Floats, fast: Floats) -> Floats:
    """How far the second is ahead, relative to the larger of the two."""
    size = np.maximum(np.maximum(np.abs(slow), np.abs(fast)), 1e-12)
    return np.asarray((fast - slow) / size)


def held_ranges(
    found: Mapping[Model, Sequence[Mobility]],
    conditions: GelConditions,
    table: GelTable | None = None,
) -> tuple[HeldRange, ...]:
    """Of neighbours in the first model's order: where every model keeps them in it."""
    if not found:
        return ()
    first = next(iter(found.values()))
    neighbours = list(pairwise(sorted(first, key=lambda one: one.value)))
    ranges = []
    for model in found:
        for name, unit, low, high in SCANS:
            values = np.linspace(low, high, POINTS)
            at = replace(conditions, model=model)
            curves = {one.name: _scan(one.sample, at, name, values, table) for one in first}
            for slow, fast in neighbours:
                ahead = relative_gap(curves[slow.name], curves[fast.name]) >= conditions.tie
                ranges.append(HeldRange(slow.name, fast.name, model, name, unit, (low, high),
                                        _spans(values, ahead)))  # fmt: skip
    return tuple(ranges)


def _scan(
    sample: Sample, at: GelConditions, name: str, values: Floats, table: GelTable | None
) -> Floats:
    settings = Settings.of(at, values.size).changed(**{name: values})
    rows = [run_of(particle_of(member, table), settings).mobility(at.model, settings.gel_percent)
            for member in sample.members]  # fmt: skip
    return np.asarray(sample.shares @ np.array(rows))


def _spans(values: Floats, holds: np.ndarray) -> tuple[tuple[float, float], ...]:
    """First and last value of every run of points at which the order holds."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], holds.astype(int), [0]])))
    return tuple(
        (float(values[start]), float(values[stop - 1]))
        for start, stop in zip(edges[::2], edges[1::2], strict=True)
    )
