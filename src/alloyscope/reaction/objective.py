"""What a fit minimises: residuals of all that was seen, of priors and of believed yields.

Half the sum of squares is minus the log posterior density, up to a constant.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from alloyscope.errors import ReactionError
from alloyscope.reaction.experiment import Experiment
from alloyscope.reaction.margins import READINGS, STANDARD, Readings, Thresholds, residuals
from alloyscope.reaction.measured import SpeciationObservation
from alloyscope.reaction.observation import Observation, Point, needed
from alloyscope.reaction.parameter import Parameter, resolved
from alloyscope.reaction.ratio import fed
from alloyscope.reaction.reaction import Reaction, YieldPrior
from alloyscope.reaction.seen import shown, unreacted
from alloyscope.reaction.simulate import Simulator
from alloyscope.reaction.trajectory import Snapshot, Trajectory

Floats = NDArray[np.float64]
RTOL = 1e-4
"""Of the simulations in a fit: the edges that judge them are far wider."""

STEP = 1e-3
"""Of differences between simulations, on the scale of coordinates."""

ALONG = 1e-6
"""Of steps along tangents: short, since what is judged is far from linear in the amounts."""

HOPELESS = 1e3
"""Residual where a simulation cannot be done."""


@dataclass(frozen=True, eq=False)
class Seen:
    """A reaction simulated wherever something was observed.

    amounts : clusters, by ratio and time
    shown   : what a spectrum shows of them: times the response of each framework
    """

    amounts: dict[Point, Snapshot]
    shown: dict[Point, Snapshot]


@dataclass(frozen=True, eq=False)
class Objective:
    """A reaction with free parameters, and what is to be fitted.

    statements  : judged by their margins
    speciations : shares with covariance
    thresholds  : that a person reads the statements with
    readings    : thresholds that the fit reads them with, each with its weight
    far         : whether edges are wide, as long as a fit has yet to find its way
    """

    reaction: Reaction
    statements: Sequence[Observation] = ()
    speciations: Sequence[SpeciationObservation] = ()
    thresholds: Thresholds = STANDARD
    readings: Readings = READINGS
    far: bool = False
    rtol: float = RTOL
    needed: Mapping[float, tuple[float, ...]] = field(init=False)

    def __post_init__(self) -> None:
        points = [p for one in self.statements for p in one.points]
        points += [p for one in self.speciations for p in one.points]
        object.__setattr__(self, "needed", needed(points))

    @property
    def free(self) -> tuple[Parameter, ...]:
        """Parameters that are fitted, in the order of coordinates."""
        return self.reaction.free

    @cached_property
    def start(self) -> Floats:
        """(n_free,) coordinates of the reaction's own values."""
        return np.array([p.coordinate(p.value) for p in self.free])

    @cached_property
    def bounds(self) -> tuple[Floats, Floats]:
        """(n_free,) lowest and highest coordinates."""
        low, high = zip(*(p.bounds for p in self.free), strict=True) if self.free else ((), ())
        return np.array(low), np.array(high)

    def reaction_at(self, x: Floats) -> Reaction:
        """The reaction with the values at these coordinates, held within their bounds."""
        return self.reaction.with_values({
            p.name: float(min(max(p.at(float(c)), p.low), p.high))
            for p, c in zip(self.free, x, strict=True)
        })  # fmt: skip

    def seen(self, reaction: Reaction, rtol: float | None = None) -> Seen:
        """The reaction simulated wherever something was observed. Raises ReactionError."""
        return seen_of(Simulator.of(reaction, rtol or self.rtol), self.needed)

    def residuals(self, x: Floats) -> Floats:
        """(n,) residuals at coordinates; HOPELESS throughout where it cannot be simulated."""
        reaction = self.reaction_at(x)
        try:
            simulator = Simulator.of(reaction, self.rtol)
            runs = {ratio: simulator.run(Experiment(fed(ratio)), times)
                    for ratio, times in self.needed.items()}  # fmt: skip
            alone = [simulator.run(Experiment(prior.ratio), [prior.t_min])
                     for prior in reaction.yields]  # fmt: skip
        except ReactionError:
            return np.full(self.n_residuals, HOPELESS)
        return self._judged(x, runs, alone)

    @cached_property
    def n_residuals(self) -> int:
        """How many residuals there are."""
        points = {p for one in self.statements for p in one.points}
        still = {point: unreacted(self.reaction, point[0]) for point in points}
        stated = residuals(self.statements, still, self.readings).size
        measured = sum(one.share.size for one in self.speciations)
        return stated + measured + self.prior(self.start).size + len(self.reaction.yields)

    def prior(self, x: Floats) -> Floats:
        """(n_priors,) how many sd each parameter that has a prior is off it."""
        return np.array([
            (c - p.coordinate(p.prior)) / p.sd
            for p, c in zip(self.free, x, strict=True) if np.isfinite(p.sd)
        ])  # fmt: skip

    def jacobian(self, x: Floats) -> Floats:
        """(n, n_free) derivatives of the residuals; 0 throughout where it cannot be simulated.

        Amounts move along their tangents, so that every reaction is simulated once.
        """
        reaction = self.reaction_at(x)
        simulator = Simulator.of(reaction, self.rtol)
        try:
            runs = {ratio: simulator.run_with_tangents(Experiment(fed(ratio)), times)
                    for ratio, times in self.needed.items()}  # fmt: skip
            alone = [simulator.run_with_tangents(Experiment(prior.ratio), [prior.t_min])
                     for prior in reaction.yields]  # fmt: skip
        except ReactionError:
            return np.zeros((self.n_residuals, x.size))
        at = self._judged(x, {r: run for r, (run, _) in runs.items()}, [run for run, _ in alone])
        columns = []
        for k in range(x.size):
            moved = x.copy()
            moved[k] += ALONG if x[k] + ALONG <= self.bounds[1][k] else -ALONG
            step = moved[k] - x[k]
            there = {ratio: _moved(run, k, step) for ratio, run in runs.items()}
            judged = self._judged(moved, there, [_moved(run, k, step) for run in alone])
            columns.append((judged - at) / step)
        return np.stack(columns, axis=1) if columns else np.zeros((at.size, 0))

    def _judged(
        self, x: Floats, runs: Mapping[float, Trajectory], alone: Sequence[Trajectory]
    ) -> Floats:
        """Residuals of what was simulated.

        runs  : by ratio, at the times that are needed
        alone : of each prior of a yield
        """
        seen = _seen(self.reaction_at(x), runs)
        measured = [one.residuals(seen.amounts, seen.shown) for one in self.speciations]
        stated = residuals(self.statements, seen.shown, self.readings, self.far)
        yields = _yields(self.reaction.yields, alone)
        return np.concatenate([stated, *measured, self.prior(x), yields])

    def jacobian_by_differences(self, x: Floats) -> Floats:
        """The same by forward differences into the bounds, which simulate it for each parameter."""
        at = self.residuals(x)
        high = self.bounds[1]
        columns = []
        for k in range(x.size):
            moved = x.copy()
            moved[k] += STEP if x[k] + STEP <= high[k] else -STEP
            columns.append((self.residuals(moved) - at) / (moved[k] - x[k]))
        return np.stack(columns, axis=1) if columns else np.zeros((at.size, 0))

    def loss(self, x: Floats) -> float:
        """Minus the log posterior density, up to a constant."""
        found = self.residuals(x)
        return float(0.5 * found @ found)


def seen_of(simulator: Simulator, points: Mapping[float, tuple[float, ...]]) -> Seen:
    """Simulate direct mixing at each ratio, and sample. Raises ReactionError."""
    runs = {ratio: simulator.run(Experiment(fed(ratio)), times) for ratio, times in points.items()}
    return _seen(simulator.reaction, runs)


def _seen(reaction: Reaction, runs: Mapping[float, Trajectory]) -> Seen:
    responses = {f.name: resolved(f.response, reaction.values) for f in reaction.frameworks}
    amounts: dict[Point, Snapshot] = {}
    for ratio, run in runs.items():
        amounts |= {(ratio, float(t)): run.snapshot(k) for k, t in enumerate(run.times)}
    return Seen(amounts, {point: shown(one, responses) for point, one in amounts.items()})


def _moved(run: tuple[Trajectory, Floats], k: int, step: float) -> Trajectory:
    """A trajectory with tangents, a step along that of parameter k."""
    trajectory, tangents = run
    return replace(trajectory, amounts=trajectory.amounts + step * tangents[:, k])


def _yields(priors: Sequence[YieldPrior], runs: Sequence[Trajectory]) -> Floats:
    """(n_priors,) residuals of the believed yields."""
    found = []
    for prior, run in zip(priors, runs, strict=True):
        left = max(float(run.yield_of_clusters[-1]), 1e-12)
        off = (np.log(left) - np.log(prior.least)) / prior.width
        found.append(np.sqrt(2 * np.logaddexp(0.0, -off)))
    return np.array(found)
