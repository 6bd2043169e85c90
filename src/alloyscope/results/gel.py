"""A gel: mobilities by every model, which orders are sure, and a lane matched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from alloyscope.gel.conditions import GelConditions, Model
from alloyscope.gel.lane import PredictedLane
from alloyscope.gel.match import LaneMatch
from alloyscope.gel.mobility import Mobility
from alloyscope.gel.order import HeldRange, PairOrder
from alloyscope.gel.profile import LaneProfile


@dataclass(frozen=True, eq=False)
class GelRun:
    """A gel.

    conditions : as stated
    mobility   : by model, that of the conditions first; in the order of the samples
    orders     : by model, every pair of samples, the slower ones first
    ranges     : over which part of each condition neighbours keep their order
    lane       : all samples together, as their mixture or in equal amounts
    mixture    : the feed and time that made the samples; "" where they were named
    profiles   : lanes of the file that was read
    match      : of one of them
    model_sd   : relative error of mobilities beside that of what was drawn, in the match
    draws, seed : of what is uncertain
    notes      : what the user must know
    declared   : frameworks in the order of the case, which gives them their colours
    """

    conditions: GelConditions
    mobility: Mapping[Model, tuple[Mobility, ...]]
    orders: Mapping[Model, tuple[PairOrder, ...]]
    ranges: tuple[HeldRange, ...]
    lane: PredictedLane
    mixture: str = ""
    profiles: tuple[LaneProfile, ...] = ()
    match: LaneMatch | None = None
    model_sd: float = 0.0
    draws: int = 0
    seed: int = 1
    notes: tuple[str, ...] = ()
    declared: tuple[str, ...] = ()

    @property
    def chosen(self) -> tuple[Mobility, ...]:
        """By the model of the conditions, the slowest first."""
        return tuple(sorted(self.mobility[self.conditions.model], key=lambda one: one.value))

    @property
    def matched(self) -> LaneProfile | None:
        """The lane that was matched."""
        name = self.match.lane if self.match else None
        return next((one for one in self.profiles if one.name == name), None)

    def pair(self, model: Model, first: str, second: str) -> PairOrder | None:
        """Two samples by one model, whichever is the slower."""
        return next((p for p in self.orders.get(model, ())
                     if {p.slower, p.faster} == {first, second}), None)  # fmt: skip

    def as_json(self) -> dict[str, Any]:
        """In plain types; draws are told by their standard deviation."""
        return {
            "conditions": dict(vars(self.conditions)), "mixture": self.mixture,
            "draws": self.draws, "seed": self.seed,
            "mobilities": [_mobility(one) for found in self.mobility.values() for one in found],
            "orders": [_order(pair) for found in self.orders.values() for pair in found],
            "ranges": [
                {"slower": r.slower, "faster": r.faster, "model": r.model,
                 "condition": r.condition, "unit": r.unit, "scanned": list(r.scanned),
                 "order_holds": [list(span) for span in r.spans]} for r in self.ranges
            ],
            "lane": [vars(band) for band in self.lane.bands],
            "match": None if self.match is None else _match(self.match),
            "notes": list(self.notes),
        }  # fmt: skip


def _mobility(one: Mobility) -> dict[str, Any]:
    return {
        "name": one.name, "species": [str(member) for member in one.sample.members],
        "framework": one.framework, "model": one.model, "mobility": one.value, "unit": one.unit,
        "relative": one.relative, "relative_sd": one.relative_sd if one.drawn.size else None,
        "charge": one.charge, "effective_charge": one.effective_charge, "ionised": one.ionised,
        "mass": one.mass, "radius_nm": one.radius, "retardation_per_percent": one.retardation,
        "remark": one.remark,
    }  # fmt: skip


def _order(pair: PairOrder) -> dict[str, Any]:
    return {
        "model": pair.model, "slower": pair.slower, "faster": pair.faster,
        "difference": pair.difference, "verdict": pair.verdict,
        "faster_share": pair.faster_share, "tied_share": pair.tied_share,
        "slower_share": pair.slower_share,
    }  # fmt: skip


def _match(found: LaneMatch) -> dict[str, Any]:
    return {
        "lane": found.lane, "scale": list(found.scale), "notes": list(found.notes),
        "expected": [{"name": name, "distance": at, "sd": sd} for name, at, sd in found.expected],
        "bands": [
            {**vars(one.band), "rf": one.rf, "certain": one.certain, "fits": one.fits,
             "expected": None if one.expected is None else list(one.expected),
             "candidates": [{"name": name, "probability": p} for name, p in one.candidates]}
            for one in found.bands
        ],
        "missing": [{"name": name, "probability": p} for name, p in found.missing],
    }  # fmt: skip
