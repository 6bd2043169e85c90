"""A fit judged: what it meets beside what comes free, how well it is known, what it loses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alloyscope.errors import ReactionError
from alloyscope.reaction.estimates import Correlation, Estimate, correlations_of, estimates_of
from alloyscope.reaction.fates import Fate, fate_of, mixed, ratios_between
from alloyscope.reaction.fit import FLAT, ReactionFit
from alloyscope.reaction.margins import STANDARD, Thresholds
from alloyscope.reaction.objective import Objective
from alloyscope.reaction.observation import Observation
from alloyscope.reaction.parameter import resolved
from alloyscope.reaction.profile import Profile
from alloyscope.reaction.reaction import Reaction
from alloyscope.reaction.scoreboard import Scoreboard, scoreboard, without_reaction
from alloyscope.reaction.seen import shown
from alloyscope.reaction.simulate import RTOL, Simulator

Floats = NDArray[np.float64]
Observe = Callable[[str, int, int | None], None]

THRESHOLDS: dict[str, Thresholds] = {
    "2 % and 5 %": Thresholds.scaled(0.02, 0.05),
    "5 % and 10 %": STANDARD,
    "10 % and 15 %": Thresholds.scaled(0.10, 0.15),
}
"""What a scoreboard is read with besides, so that nobody takes a threshold for a finding."""

DRAWN = 73
"""Ratios at which shares and yields are drawn."""


@dataclass(frozen=True, eq=False)
class Judged:
    """A fitted reaction, and what there is to say of it.

    shown      : statements judged on what a spectrum would show
    amounts    : judged on clusters
    unreacted  : what a mixture that does not react meets
    random     : what draws from the priors meet, as a spectrum would show them
    thresholds : the same fit read with other thresholds, by what these are
    fates      : at each ratio of the statements, at its last time
    curve      : at ratios between, all at the time that most statements are about
    """

    fit: ReactionFit
    shown: Scoreboard
    amounts: Scoreboard
    unreacted: Scoreboard
    random: tuple[Scoreboard, ...]
    thresholds: dict[str, Scoreboard]
    fates: tuple[Fate, ...]
    curve: tuple[Fate, ...]
    estimates: tuple[Estimate, ...]
    correlations: tuple[Correlation, ...]
    profiles: tuple[Profile, ...] = ()

    @property
    def reaction(self) -> Reaction:
        """With the fitted values."""
        return self.fit.reaction

    @cached_property
    def random_met(self) -> tuple[float, int]:
        """Median and best of the draws."""
        met = [one.met for one in self.random]
        return (float(np.median(met)), max(met)) if met else (float("nan"), 0)

    def random_by_figure(self, figure: str) -> float:
        """Median of what the draws meet of one figure."""
        met = [one.by_figure[figure][0] for one in self.random]
        return float(np.median(met)) if met else float("nan")

    @property
    def remarks(self) -> tuple[str, ...]:
        """What the user must know."""
        starts, free = self.fit.starts, [p.name for p in self.fit.objective.free]
        again = sum(start.loss < starts[0].loss + 2.0 for start in starts)
        said = [f"{again} of {len(starts)} starts end within 2 of the least loss, "
                f"{self.fit.loss:.2f}."]  # fmt: skip
        said += [
            f"The fit is not at its optimum: with {made.name} at "
            f"{_value(self.fit, made.name, made.better.coordinates[free.index(made.name)]):.4g} "
            f"the loss is {made.better.loss:.2f}. Fit from more starts."
            for made in self.profiles if made.better
        ]  # fmt: skip
        return tuple(said)

    def as_json(self) -> dict[str, Any]:
        """The judged fit in plain types."""
        fit, median = self.fit, self.random_met[0]
        return {
            "loss": fit.loss, "seed": fit.seed, "remarks": self.remarks,
            "statements": self.shown.total, "met": self.shown.met,
            "met_on_amounts": self.amounts.met, "met_without_reaction": self.unreacted.met,
            "met_by_random_draws": {
                "n": len(self.random), "best": self.random_met[1],
                "median": float(median) if np.isfinite(median) else None,
            },
            "met_with_thresholds": {name: one.met for name, one in self.thresholds.items()},
            "by_figure": {f: {"met": met, "of": of} for f, (met, of) in
                          self.shown.by_figure.items()},
            "scoreboard": [
                {"id": v.observation.id, "figure": v.figure, "kind": v.observation.kind,
                 "met": v.met, "said": v.said} for v in self.shown.verdicts
            ],
            "parameters": [one.as_json() for one in self.estimates],
            "correlations": [vars(one) for one in self.correlations],
            "covariance": {"names": [p.name for p in fit.objective.free],
                           "matrix": fit.covariance.tolist()},
            "fates": [one.as_json() for one in self.fates],
            "starts": [{"number": s.number, "loss": s.loss, "evaluations": s.evaluations,
                        "coordinates": s.coordinates.tolist()} for s in fit.starts],
            "profiles": [{"name": p.name, "coordinate": p.x.tolist(), "rise": p.rise.tolist(),
                          "interval": p.interval, "closed": p.closed} for p in self.profiles],
        }  # fmt: skip


def judged(
    fit: ReactionFit,
    draws: int = 16,
    seed: int = 1,
    profiles: Sequence[Profile] = (),
    observe: Observe | None = None,
) -> Judged:
    """Judge a fit by the observations that it was fitted to.

    draws    : from the priors, to compare with
    profiles : of parameters, whose intervals then go before those of the covariance
    Everything is simulated anew at a relative tolerance of 1e-6. Raises ReactionError.
    """
    objective, reaction = fit.objective, fit.reaction
    statements, limits = objective.statements, objective.thresholds
    responses = {f.name: resolved(f.response, reaction.values) for f in reaction.frameworks}
    simulator = Simulator.of(reaction, RTOL)
    runs = mixed(simulator, objective.needed)
    at = {
        (r, float(t)): run.snapshot(k) for r, run in runs.items() for k, t in enumerate(run.times)
    }
    seen = {point: shown(one, responses) for point, one in at.items()}
    curve = mixed(simulator, curve_of(statements))
    return Judged(
        fit,
        scoreboard(statements, seen, limits),
        scoreboard(statements, at, limits),
        without_reaction(statements, reaction, limits),
        random_scoreboards(objective, draws, seed, observe),
        {name: scoreboard(statements, seen, other) for name, other in THRESHOLDS.items()},
        tuple(fate_of(ratio, run, responses) for ratio, run in runs.items()),
        tuple(fate_of(ratio, run, responses) for ratio, run in curve.items()),
        estimates_of(fit, profiles), correlations_of(fit), tuple(profiles),
    )  # fmt: skip


def curve_of(statements: Sequence[Observation]) -> dict[float, tuple[float, ...]]:
    """Ratios and the time at which shares and yields are drawn; nothing without statements."""
    points = [point for one in statements for point in one.points if 0 < point[0] < np.inf]
    if not points:
        return {}
    time = Counter(t for _, t in points).most_common(1)[0][0]
    ratios = [ratio for ratio, _ in points]
    low, high = min(ratios), max(ratios)
    # A single ratio is drawn with what lies around it.
    wide = 1.0 if high > low else 3.0
    return dict.fromkeys(ratios_between(low / wide, high * wide, DRAWN), (time,))


def random_scoreboards(
    objective: Objective, draws: int, seed: int, observe: Observe | None = None
) -> tuple[Scoreboard, ...]:
    """What draws from the priors meet; those that cannot be simulated are left out."""
    found = []
    for k, x in enumerate(prior_draws(objective, draws, seed)):
        try:
            seen = objective.seen(objective.reaction_at(x), RTOL)
        except ReactionError:
            continue
        found.append(scoreboard(objective.statements, seen.shown, objective.thresholds))
        if observe:
            observe("random draws", k + 1, draws)
    return tuple(found)


def prior_draws(objective: Objective, n: int, seed: int) -> Floats:
    """(n, n_free) coordinates drawn from the priors, within the bounds.

    Flat ones are drawn evenly between their bounds, or within 3 of the declared value.
    """
    low, high = objective.bounds
    rng = np.random.default_rng(seed)
    normal, even = rng.standard_normal((n, low.size)), rng.random((n, low.size))
    drawn = np.empty((n, low.size))
    for k, p in enumerate(objective.free):
        if np.isfinite(p.sd):
            drawn[:, k] = p.coordinate(p.prior) + p.sd * normal[:, k]
        else:
            least = max(low[k], objective.start[k] - FLAT)
            drawn[:, k] = least + even[:, k] * (min(high[k], objective.start[k] + FLAT) - least)
    return np.clip(drawn, low, high)


def _value(fit: ReactionFit, name: str, coordinate: float) -> float:
    return next(p for p in fit.objective.free if p.name == name).at(coordinate)
