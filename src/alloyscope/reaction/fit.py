"""Fit a reaction's free parameters to what was seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, as_completed
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from alloyscope.errors import ReactionError, message
from alloyscope.reaction.journal import add, entries, key_of
from alloyscope.reaction.objective import HOPELESS, Objective
from alloyscope.reaction.reaction import Reaction

Floats = NDArray[np.float64]
Observe = Callable[[str, int, int | None], None]
FLAT = 3.0
"""Spread of random starts, in coordinates, of parameters whose prior is flat: no more than a
quarter of what the bounds leave."""

AT_BOUND = 1e-3
"""Share of the distance between bounds within which a parameter counts as at one of them."""

DETERMINED, WEAK = 0.35, 0.7
"""Posterior over prior sd below which the data determine a parameter, or say something of it."""


@dataclass(frozen=True, eq=False)
class Start:
    """Where one of the starts ended.

    coordinates : (n_free,)
    loss        : minus the log posterior density, up to a constant
    evaluations : of the residuals and their derivatives
    """

    number: int
    coordinates: Floats
    loss: float
    evaluations: int


@dataclass(frozen=True, eq=False)
class ReactionFit:
    """A fitted reaction.

    objective   : what was minimised, with the reaction as it was declared
    coordinates : (n_free,) of the best start, in the order of `objective.free`
    covariance  : (n_free, n_free) of the coordinates, to first order: (J^T J)^-1 with priors; of
                  those at a bound, that of the prior
    starts      : the best first
    """

    objective: Objective
    coordinates: Floats
    loss: float
    covariance: Floats
    starts: tuple[Start, ...]
    seed: int

    @cached_property
    def reaction(self) -> Reaction:
        """The reaction with the fitted values."""
        return self.objective.reaction_at(self.coordinates)

    @property
    def sd(self) -> Floats:
        """(n_free,) 1 sd of the coordinates."""
        return np.asarray(np.sqrt(np.diag(self.covariance)))

    @cached_property
    def determined(self) -> tuple[str, ...]:
        """Of each free parameter: "determined", "weakly", "not", or at which bound it ended."""
        low, high = self.objective.bounds
        near = AT_BOUND * (high - low)
        share = self.sd / spread_of(self.objective)
        words = []
        for k, x in enumerate(self.coordinates):
            if x <= low[k] + near[k]:
                words.append("at its lower bound")
            elif x >= high[k] - near[k]:
                words.append("at its upper bound")
            elif share[k] < DETERMINED:
                words.append("determined")
            else:
                words.append("weakly determined" if share[k] < WEAK else "not determined")
        return tuple(words)

    def draws(self, n: int, seed: int) -> Floats:
        """(n, n_free) coordinates from the posterior, to first order, within the bounds."""
        normal = np.random.default_rng(seed).standard_normal((n, self.coordinates.size))
        values, vectors = np.linalg.eigh(self.covariance)
        spread = vectors * np.sqrt(np.maximum(values, 0.0))
        low, high = self.objective.bounds
        return np.asarray(np.clip(self.coordinates + normal @ spread.T, low, high))


def fit_reaction(
    objective: Objective,
    starts: int = 20,
    seed: int = 1,
    executor: Executor | None = None,
    journal: Path | None = None,
    observe: Observe | None = None,
    spread: float = 0.5,
    most: int = 60,
) -> ReactionFit:
    """Fit by least squares from many starts: the declared values, and draws about them.

    executor : runs the starts at the same time; one after another where there is none
    journal  : every finished start is added to this file; those that it holds of the same
               objective and seed are not run again
    spread   : of the draws, in sd of each prior
    most     : evaluations of the derivatives in each start
    Raises ReactionError where there is nothing to fit, or nothing to fit to, for a prior outside
    the bounds, and where no start could be simulated.
    """
    check_can_be_fitted(objective)
    (found,) = fit_each([objective], starts, seed, executor, journal, observe, spread, most)
    if found.loss >= 0.5 * HOPELESS**2:
        raise ReactionError(
            message("fit", found=f"none of {starts} starts that can be simulated",
                    expected="at least one",
                    do="Look for rate constants that are far too large, or narrow the priors.")
        )  # fmt: skip
    return found


def fit_each(
    objectives: Sequence[Objective],
    starts: int,
    seed: int = 1,
    executor: Executor | None = None,
    journal: Path | None = None,
    observe: Observe | None = None,
    spread: float = 0.5,
    most: int = 60,
) -> tuple[ReactionFit, ...]:
    """Fit several objectives, all their starts at the same time; arguments as of `fit_reaction`."""
    keys = [_key(one, seed, spread, most) for one in objectives]
    done = {(i, s.number): s for i, key in enumerate(keys) for s in _finished(journal, key)}
    points = [starting_points(one, starts, seed, spread) for one in objectives]
    every = [(i, k) for i in range(len(objectives)) for k in range(starts)]
    waiting = [at for at in every if at not in done]
    tasks = {at: (objectives[at[0]], points[at[0]][at[1]], at[1], most) for at in waiting}
    for (i, _), found in _run(tasks, executor):
        done[i, found.number] = found
        add(journal, keys[i], _entry(found))
        if observe:
            best = min(start.loss for start in done.values())
            so_far = len([at for at in every if at in done])
            observe(f"fitting, least loss {best:.2f}", so_far, len(every))
    return tuple(
        _fit_of(one, [done[i, k] for k in range(starts)], seed) for i, one in enumerate(objectives)
    )


def fit_from(fit: ReactionFit, x: Floats, most: int = 60) -> ReactionFit:
    """The fit with one more start, from these coordinates, numbered after the others."""
    start = descend(fit.objective, x, len(fit.starts), most)
    return _fit_of(fit.objective, [*fit.starts, start], fit.seed)


def check_can_be_fitted(objective: Objective) -> None:
    """Raise ReactionError where there is nothing to fit, or a prior lies outside its bounds."""
    if not (objective.statements or objective.speciations):
        raise ReactionError(message("fit", found="no observations", expected="something to fit to"))
    if not objective.free:
        raise ReactionError(
            message("fit", found="no parameter that is free", expected="at least one",
                    do="Set free = true for those that the fit may change.")
        )  # fmt: skip
    for p in objective.free:
        if np.isfinite(p.sd) and not p.low <= p.prior <= p.high:
            raise ReactionError(
                message(f"parameter {p.name}", found=f"a prior at {p.prior:g}",
                        expected=f"one within its bounds, {p.low:g} to {p.high:g}")
            )  # fmt: skip


def _fit_of(objective: Objective, starts: Sequence[Start], seed: int) -> ReactionFit:
    ordered = tuple(sorted(starts, key=lambda start: start.loss))
    best = ordered[0]
    return ReactionFit(objective, best.coordinates, best.loss,
                       covariance_at(objective, best.coordinates), ordered, seed)  # fmt: skip


def spread_of(objective: Objective) -> Floats:
    """(n_free,) sd of the priors, in coordinates; where flat, of what the bounds leave."""
    low, high = objective.bounds
    flat = np.minimum((high - low) / np.sqrt(12.0), 1e3)
    return np.array([p.sd if np.isfinite(p.sd) else flat[k] for k, p in enumerate(objective.free)])


def starting_points(objective: Objective, n: int, seed: int, spread: float) -> Floats:
    """(n, n_free) the declared values first, then draws about them, within the bounds."""
    low, high = objective.bounds
    width = np.minimum(np.minimum(spread_of(objective), FLAT), (high - low) / 4)
    rng = np.random.default_rng(seed)
    moved = spread * width * rng.standard_normal((n, objective.start.size))
    moved[0] = 0.0
    return np.asarray(np.clip(objective.start + moved, low, high))


def descend(objective: Objective, x: Floats, number: int = 0, most: int = 60) -> Start:
    """Fit from one start.

    Those drawn at random, of a number above 0, are led near by wide edges first: sharp ones that
    forgive have no slope from afar.
    """
    if not x.size:
        return Start(number, x, objective.loss(x), 1)
    if number and objective.statements and not objective.far:
        near = descend(replace(objective, far=True), x, 0, most // 2)
        found = descend(objective, near.coordinates, 0, most)
        return replace(found, number=number, evaluations=near.evaluations + found.evaluations)
    low, high = objective.bounds
    inside = np.clip(x, low + 1e-9 * (high - low), high - 1e-9 * (high - low))
    found = least_squares(
        objective.residuals, inside, jac=objective.jacobian, bounds=(low, high), method="trf",
        x_scale=np.minimum(spread_of(objective), FLAT), ftol=1e-5, xtol=1e-6, gtol=1e-8,
        max_nfev=most,
    )  # fmt: skip
    return Start(number, found.x, float(found.cost), int(found.nfev))


def covariance_at(objective: Objective, x: Floats) -> Floats:
    """(n_free, n_free) (J^T J)^-1, of parameters at a bound the prior's variance."""
    low, high = objective.bounds
    near = AT_BOUND * (high - low)
    inside = (x > low + near) & (x < high - near)
    jacobian = objective.jacobian(x)[:, inside]
    weak = np.diag(1.0 / spread_of(objective)[inside] ** 2) * 1e-6
    found = np.diag(spread_of(objective) ** 2)
    found[np.ix_(inside, inside)] = np.linalg.inv(jacobian.T @ jacobian + weak)
    return np.asarray(found)


def _run(
    tasks: Mapping[tuple[int, int], tuple[Objective, Floats, int, int]], executor: Executor | None
) -> Iterator[tuple[tuple[int, int], Start]]:
    """Starts as they end, with which they are."""
    if executor is None:
        yield from ((at, descend(*task)) for at, task in tasks.items())
        return
    running = {executor.submit(descend, *task): at for at, task in tasks.items()}
    yield from ((running[future], future.result()) for future in as_completed(running))


def _key(objective: Objective, seed: int, spread: float, most: int) -> str:
    """What makes two fits the same."""
    asked = (objective.reaction, objective.statements, objective.readings, objective.rtol)
    shares = [one.share.tolist() for one in objective.speciations]
    return key_of(asked, shares, seed, spread, most)


def _finished(journal: Path | None, key: str) -> list[Start]:
    """Starts that a journal holds of the same fit."""
    return [
        Start(one["number"], np.array(one["coordinates"], float), one["loss"], one["evaluations"])
        for one in entries(journal, key)
    ]


def _entry(start: Start) -> dict[str, Any]:
    return {"number": start.number, "loss": start.loss, "evaluations": start.evaluations,
            "coordinates": start.coordinates.tolist()}  # fmt: skip
