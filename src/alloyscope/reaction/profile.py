"""Profile likelihoods: how far a parameter can go when all others make the best of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, as_completed
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from alloyscope.errors import ReactionError, message
from alloyscope.reaction.fit import FLAT, ReactionFit, Start, fit_from, spread_of
from alloyscope.reaction.journal import add, entries, key_of
from alloyscope.reaction.objective import HOPELESS, Objective

Floats = NDArray[np.float64]
Observe = Callable[[str, int, int | None], None]

RISE = 1.92
"""Of the loss at the ends of a 95 % interval: half of chi-squared's 95 % point, one parameter."""

MOST_STEPS = 12
"""On each side; a step that hardly raises the loss is doubled."""

FLATTER = 0.3
"""Rise of the loss in a step below which the next is longer."""

FAR = 2.0
"""Times `RISE`, above which a step is halved once."""

BETTER = 0.05
"""Fall of the loss below that of the fit that counts as one."""


@dataclass(frozen=True, eq=False)
class Profile:
    """The least loss at each value of one parameter.

    x           : (n,) its coordinate, ascending
    loss        : (n,)
    coordinates : (n, n_free) of all parameters there
    fit_loss    : of the fit that it starts from
    at_bounds   : whether its first and last point lie at the parameter's bounds
    """

    name: str
    x: Floats
    loss: Floats
    coordinates: Floats
    fit_loss: float
    at_bounds: tuple[bool, bool]

    @property
    def rise(self) -> Floats:
        """(n,) of the loss over the least of them."""
        return np.asarray(self.loss - self.loss.min())

    @cached_property
    def interval(self) -> tuple[float, float]:
        """Coordinates between which the loss rises by less than `RISE`: 95 % by likelihood ratio.

        Where it does not rise as far, the last that was looked at; `closed` says so.
        """
        least = int(self.loss.argmin())
        low = _crossing(self.x[least::-1], self.rise[least::-1])
        high = _crossing(self.x[least:], self.rise[least:])
        return low, high

    @cached_property
    def closed(self) -> tuple[bool, bool]:
        """Whether the loss rises far enough below, and above."""
        least = int(self.loss.argmin())
        return bool((self.rise[:least] >= RISE).any()), bool((self.rise[least:] >= RISE).any())

    @property
    def better(self) -> Start | None:
        """Where the loss fell below that of the fit, which then was not at its optimum."""
        least = int(self.loss.argmin())
        if self.loss[least] > self.fit_loss - BETTER:
            return None
        return Start(-1, self.coordinates[least], float(self.loss[least]), 0)


def profile(
    fit: ReactionFit,
    names: Sequence[str] = (),
    executor: Executor | None = None,
    journal: Path | None = None,
    observe: Observe | None = None,
    most: int = 8,
) -> tuple[Profile, ...]:
    """Profile likelihoods of parameters, of every free one where none is named.

    executor : profiles several at the same time
    journal  : every finished profile is added to this file, and not made again
    most     : evaluations of the derivatives at each point
    Raises ReactionError for names that are not free.
    """
    free = [p.name for p in fit.objective.free]
    for name in names:
        if name not in free:
            raise ReactionError(
                message("profile", found=f'"{name}"', expected="one of " + ", ".join(free))
            )
    wanted = list(dict.fromkeys(names)) or free
    key = key_of("profile", fit.objective.reaction, fit.objective.statements,
                 fit.coordinates.tolist(), fit.loss, most)  # fmt: skip
    done = {one["name"]: _of_entry(one) for one in entries(journal, key)}
    waiting = [free.index(name) for name in wanted if name not in done]
    for found in _run(fit, waiting, most, executor):
        done[found.name] = found
        add(journal, key, _entry(found))
        if observe:
            observe("profiles", len([n for n in wanted if n in done]), len(wanted))
    return tuple(done[name] for name in wanted)


def taken_on(fit: ReactionFit, profiles: Sequence[Profile], most: int = 60) -> ReactionFit:
    """The fit, or where a profile met a lesser loss than its own, one that starts there too."""
    better = [made.better for made in profiles if made.better]
    if not better:
        return fit
    return fit_from(fit, min(better, key=lambda start: start.loss).coordinates, most)


def profile_one(fit: ReactionFit, k: int, most: int = 8) -> Profile:
    """The profile of the k-th free parameter, walked outward from the optimum on both sides."""
    middle = (fit.coordinates, fit.loss)
    below, above = _walk(fit, k, -1.0, most), _walk(fit, k, 1.0, most)
    every = [*below[::-1], middle, *above]
    points = np.array([x for x, _ in every])
    low, high = (bound[k] for bound in fit.objective.bounds)
    ends = bool(points[0, k] <= low), bool(points[-1, k] >= high)
    return Profile(fit.objective.free[k].name, points[:, k], np.array([loss for _, loss in every]),
                   points, fit.loss, ends)  # fmt: skip


def _walk(fit: ReactionFit, k: int, sign: float, most: int) -> list[tuple[Floats, float]]:
    """Points on one side, the nearest first."""
    low, high = fit.objective.bounds
    step = min(float(fit.sd[k]), float(high[k] - low[k]) / 6)
    # To first order the others follow along the covariance; later, along the last step.
    drift = fit.covariance[:, k] / fit.covariance[k, k]
    last, lowest, walked = fit.coordinates, fit.loss, list[tuple[Floats, float]]()
    for _ in range(MOST_STEPS):
        there = float(np.clip(last[k] + sign * step, low[k], high[k]))
        if there == last[k]:
            break
        guess = np.clip(last + drift * (there - last[k]), low, high)
        x, loss = _least(fit.objective, guess, k, there, most)
        if loss - lowest > FAR * RISE:
            # A step that leapt over the end says little about where it is.
            half = last[k] + 0.5 * (there - last[k])
            walked.append(_least(fit.objective, last + 0.5 * (x - last), k, half, most))
            lowest = min(lowest, walked[-1][1])
        rise = loss - (walked[-1][1] if walked else fit.loss)
        walked.append((x, loss))
        lowest = min(lowest, loss)
        if loss - lowest >= RISE or loss >= 0.5 * HOPELESS**2:
            break
        drift = (x - last) / (x[k] - last[k])
        step *= 2.0 if abs(rise) < FLATTER else 1.0
        last = x
    return walked


def _least(
    objective: Objective, guess: Floats, k: int, there: float, most: int
) -> tuple[Floats, float]:
    """The least loss with one coordinate held, and where."""
    others = np.arange(guess.size) != k
    low, high = (bound[others] for bound in objective.bounds)

    def whole(some: Floats) -> Floats:
        x = np.empty_like(guess)
        x[others], x[k] = some, there
        return x

    if not others.any():
        return whole(guess[others]), objective.loss(whole(guess[others]))
    inside = np.clip(guess[others], low + 1e-9 * (high - low), high - 1e-9 * (high - low))
    found = least_squares(
        lambda some: objective.residuals(whole(some)), inside,
        jac=lambda some: objective.jacobian(whole(some))[:, others], bounds=(low, high),
        x_scale=np.minimum(spread_of(objective), FLAT)[others], ftol=1e-3, xtol=1e-4, gtol=1e-5,
        max_nfev=most,
    )  # fmt: skip
    return whole(found.x), float(found.cost)


def _crossing(x: Floats, rise: Floats) -> float:
    """Where the rise, from 0 on, reaches `RISE`: its root grows evenly where it is a parabola."""
    over = np.flatnonzero(rise >= RISE)
    if not over.size:
        return float(x[-1])
    at = int(over[0])
    before, after, root = np.sqrt(rise[at - 1]), np.sqrt(rise[at]), np.sqrt(RISE)
    return float(x[at - 1] + (x[at] - x[at - 1]) * (root - before) / (after - before))


def _run(
    fit: ReactionFit, numbers: Sequence[int], most: int, executor: Executor | None
) -> Iterator[Profile]:
    if executor is None:
        yield from (profile_one(fit, k, most) for k in numbers)
        return
    running = [executor.submit(profile_one, fit, k, most) for k in numbers]
    yield from (future.result() for future in as_completed(running))


def _entry(found: Profile) -> dict[str, Any]:
    return {"name": found.name, "x": found.x.tolist(), "loss": found.loss.tolist(),
            "coordinates": found.coordinates.tolist(), "fit_loss": found.fit_loss,
            "at_bounds": found.at_bounds}  # fmt: skip


def _of_entry(entry: dict[str, Any]) -> Profile:
    low, high = entry["at_bounds"]
    return Profile(entry["name"], np.array(entry["x"], float), np.array(entry["loss"], float),
                   np.array(entry["coordinates"], float), entry["fit_loss"],
                   (low, high))  # fmt: skip
