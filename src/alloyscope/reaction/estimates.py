"""Fitted parameters as people read them: value, interval, how far the data determine it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from alloyscope.reaction.fit import ReactionFit, spread_of
from alloyscope.reaction.parameter import Parameter
from alloyscope.reaction.profile import Profile

Z95 = 1.96
STRONG = 0.9
"""Correlation above which two parameters are named: the data see a combination of them."""

WORDS = {"not determined": "not determined: the data leave it where the prior put it"}


@dataclass(frozen=True)
class Estimate:
    """A fitted parameter.

    parameter : with the fitted value
    low, high : 95 % interval, in its unit
    by        : "profile" or "covariance"
    open_below, open_above : whether the interval ends where looking ended, or at a bound
    prior_low, prior_high : 95 % of the prior, within the bounds
    word      : "determined", "weakly determined", "not determined: ...", "at its lower bound"
    """

    parameter: Parameter
    low: float
    high: float
    by: str
    open_below: bool
    open_above: bool
    prior_low: float
    prior_high: float
    word: str

    def as_json(self) -> dict[str, Any]:
        """The estimate in plain types."""
        p = self.parameter
        return {
            "name": p.name, "value": p.value, "unit": p.unit, "low": _finite(self.low),
            "high": _finite(self.high), "by": self.by, "open_below": self.open_below,
            "open_above": self.open_above, "prior": p.prior if np.isfinite(p.sd) else None,
            "prior_sd": _finite(p.sd), "logarithmic": p.logarithmic, "word": self.word,
            "title": p.title,
        }  # fmt: skip


@dataclass(frozen=True)
class Correlation:
    """Two parameters that the data tell apart badly."""

    first: str
    second: str
    value: float


def estimates_of(fit: ReactionFit, profiles: Sequence[Profile] = ()) -> tuple[Estimate, ...]:
    """Every free parameter, in the order of coordinates."""
    made = {one.name: one for one in profiles}
    low, high = fit.objective.bounds
    free = {p.name: p for p in fit.reaction.free}
    wide = spread_of(fit.objective)
    found = []
    for k, p in enumerate(fit.objective.free):
        profile = made.get(p.name)
        middle = p.coordinate(p.prior) if np.isfinite(p.sd) else fit.objective.start[k]
        ends = (
            profile.interval if profile else _within(fit.coordinates[k], fit.sd[k], low[k], high[k])
        )
        closed = profile.closed if profile else (ends[0] > low[k], ends[1] < high[k])
        prior = _within(middle, wide[k], low[k], high[k])
        word = fit.determined[k]
        found.append(Estimate(
            free[p.name], p.at(ends[0]), p.at(ends[1]), "profile" if profile else "covariance",
            not closed[0], not closed[1], p.at(prior[0]), p.at(prior[1]), WORDS.get(word, word),
        ))  # fmt: skip
    return tuple(found)


def correlations_of(fit: ReactionFit, least: float = STRONG) -> tuple[Correlation, ...]:
    """Pairs of parameters whose correlation is above `least` either way, the strongest first."""
    sd = fit.sd
    names = [p.name for p in fit.objective.free]
    matrix = fit.covariance / np.outer(sd, sd)
    found = [
        Correlation(names[i], names[j], float(matrix[i, j]))
        for i in range(len(names)) for j in range(i) if abs(matrix[i, j]) > least
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: -abs(one.value)))


def _within(middle: float, sd: float, low: float, high: float) -> tuple[float, float]:
    return float(max(middle - Z95 * sd, low)), float(min(middle + Z95 * sd, high))


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
