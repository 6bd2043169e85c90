"""What each mechanism is worth, and each figure foretold by the others: refits without one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alloyscope.errors import ReactionError, message
from alloyscope.reaction.fit import ReactionFit, check_can_be_fitted, fit_each
from alloyscope.reaction.margins import log_likelihood
from alloyscope.reaction.mechanisms import Mechanism, mechanisms
from alloyscope.reaction.objective import Objective
from alloyscope.reaction.scoreboard import Scoreboard, figures_of, scoreboard
from alloyscope.reaction.simulate import RTOL

Floats = NDArray[np.float64]
Observe = Callable[[str, int, int | None], None]

NEEDED, HELPS = 5.0, 2.0
"""Rise of the loss without a mechanism from which it is needed, or helps. Needed is only what more
than one statement asks for: the rise is more than its uncertainty, or two statements are lost. A
rise below 2 means nothing: starts end as far from one another."""

SPREAD = 0.3
"""Of the starts of a refit, in sd of each prior."""


@dataclass(frozen=True, eq=False)
class Refit:
    """A fit beside what it meets.

    shown    : statements as a spectrum would show them
    log_likelihoods : (n,) of each statement, then of each measured share, whitened
    """

    fit: ReactionFit
    shown: Scoreboard
    log_likelihoods: Floats

    @cached_property
    def met(self) -> frozenset[str]:
        """Ids of statements that are met."""
        return frozenset(v.observation.id for v in self.shown.verdicts if v.met)


@dataclass(frozen=True, eq=False)
class Difference:
    """What switching one mechanism off changes.

    whole, without : refitted alike
    """

    mechanism: Mechanism
    whole: Refit
    without: Refit

    @property
    def loss(self) -> float:
        """Rise of the loss."""
        return self.without.fit.loss - self.whole.fit.loss

    @property
    def uncertainty(self) -> float:
        """1 sd of the loss difference, paired over what was observed: sqrt(n) sd (Vuong 1989)."""
        each = self.whole.log_likelihoods - self.without.log_likelihoods
        return float(np.sqrt(each.size) * each.std(ddof=1)) if each.size > 1 else float("nan")

    @cached_property
    def log_evidence(self) -> float:
        """Fall of the log evidence, by Laplace; nan where a flat prior has no bounds."""
        return log_evidence(self.whole.fit) - log_evidence(self.without.fit)

    @property
    def lost(self) -> tuple[str, ...]:
        """Ids of statements that are met only with it."""
        return _in_order(self.whole.met - self.without.met, self.whole)

    @property
    def won(self) -> tuple[str, ...]:
        """Ids of statements that are met only without it."""
        return _in_order(self.without.met - self.whole.met, self.whole)

    @property
    def verdict(self) -> str:
        """In words, with the limits `NEEDED` and `HELPS`."""
        several = self.loss > self.uncertainty or len(self.lost) > 1
        if self.loss >= NEEDED and several:
            return "needed"
        if self.loss >= HELPS:
            return "helps"
        better = self.loss <= -HELPS
        return "better without it" if better else "makes no difference the data can see"

    def as_json(self) -> dict[str, Any]:
        """The difference in plain types."""
        return {
            "name": self.mechanism.name, "title": self.mechanism.title, "verdict": self.verdict,
            "loss": self.loss, "uncertainty": _finite(self.uncertainty),
            "log_evidence": _finite(self.log_evidence), "met": self.without.shown.met,
            "lost": self.lost, "won": self.won,
            "free": len(self.without.fit.objective.free),
        }  # fmt: skip


@dataclass(frozen=True, eq=False)
class LeftOut:
    """A figure left out of a fit, and how much of it the fit meets.

    foretold : its statements, as a spectrum would show what the refit gives
    """

    figure: str
    fit: ReactionFit
    foretold: Scoreboard


@dataclass(frozen=True, eq=False)
class Comparison:
    """What was refitted.

    differences : one a mechanism, the most needed first
    left_out    : one a figure
    """

    whole: Refit
    differences: tuple[Difference, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The comparison in plain types."""
        whole = self.whole
        return {
            "loss": whole.fit.loss, "met": whole.shown.met, "statements": whole.shown.total,
            "needed_from": NEEDED, "helps_from": HELPS,
            "mechanisms": [one.as_json() for one in self.differences],
            "left_out": [
                {"figure": one.figure, "loss": one.fit.loss, "met": one.foretold.met,
                 "statements": one.foretold.total,
                 "failures": {v.observation.id: v.said for v in one.foretold.failures}}
                for one in self.left_out
            ],
        }  # fmt: skip


def compare_mechanisms(
    objective: Objective,
    names: Sequence[str] = (),
    starts: int = 3,
    seed: int = 1,
    executor: Executor | None = None,
    journal: Path | None = None,
    observe: Observe | None = None,
    spread: float = SPREAD,
    most: int = 60,
    alone: bool = False,
) -> Comparison:
    """Switch mechanisms off one at a time, and refit; the whole model too, or it alone.

    The reaction's own values are where every refit begins, the whole model's too: give it those of
    a fit. Arguments as of `fit_reaction`; `names` as of `mechanisms`, all where there is none.
    Raises ReactionError.
    """
    check_can_be_fitted(objective)
    found = () if alone else mechanisms(objective.reaction, names)
    objectives = [objective, *(replace(objective, reaction=one.without) for one in found)]
    whole, *others = (
        refit_of(fit)
        for fit in fit_each(objectives, starts, seed, executor, journal, observe, spread, most)
    )
    made = [Difference(one, whole, other) for one, other in zip(found, others, strict=True)]
    return Comparison(whole, tuple(sorted(made, key=lambda d: -d.loss)))


def leave_out(
    objective: Objective,
    figures: Sequence[str] = (),
    starts: int = 3,
    seed: int = 1,
    executor: Executor | None = None,
    journal: Path | None = None,
    observe: Observe | None = None,
    spread: float = SPREAD,
    most: int = 60,
) -> tuple[LeftOut, ...]:
    """Refit without the statements of one figure at a time, and judge these by the refit.

    figures : "2b"; every one that the scoreboard counts apart where there is none
    Arguments as of `compare_mechanisms`. Raises ReactionError for figures that there are not.
    """
    check_can_be_fitted(objective)
    figure_of = figures_of(objective.statements)
    known = sorted(set(figure_of.values()))
    for figure in figures:
        if figure not in known:
            raise ReactionError(
                message("figure", found=f'"{figure}"', expected="one of " + ", ".join(known))
            )
    wanted = list(dict.fromkeys(figures)) or known
    objectives = [
        replace(objective, statements=[s for s in objective.statements if figure_of[s.id] != name])
        for name in wanted
    ]
    for name, one in zip(wanted, objectives, strict=True):
        if not (one.statements or one.speciations):
            raise ReactionError(
                message("figure", found=f'"{name}", all that was seen', expected="one of several")
            )
    fits = fit_each(objectives, starts, seed, executor, journal, observe, spread, most)
    found = []
    for name, fit in zip(wanted, fits, strict=True):
        own = [s for s in objective.statements if figure_of[s.id] == name]
        seen = replace(objective, statements=own).seen(fit.reaction, RTOL)
        found.append(LeftOut(name, fit, scoreboard(own, seen.shown, objective.thresholds)))
    return tuple(found)


def refit_of(fit: ReactionFit) -> Refit:
    """A fit judged by all that it was fitted to, simulated finely. Raises ReactionError."""
    objective = fit.objective
    seen = objective.seen(fit.reaction, RTOL)
    shown = scoreboard(objective.statements, seen.shown, objective.thresholds)
    stated = np.array([log_likelihood([one], seen.shown, objective.readings)
                       for one in objective.statements])  # fmt: skip
    off = [one.residuals(seen.amounts, seen.shown) for one in objective.speciations]
    return Refit(fit, shown, np.concatenate([stated, *(-0.5 * r**2 for r in off)]))


def log_evidence(fit: ReactionFit) -> float:
    """Log of the probability of the data by Laplace's approximation, priors normalised.

    Up to a constant that models of the same data share. A parameter at a bound counts as if the
    data left it where the prior put it. nan where a flat prior has no bounds.
    """
    low, high = fit.objective.bounds
    volume = 0.0
    for k, p in enumerate(fit.objective.free):
        # A normal prior's own normalisation, or one over the width of a flat one.
        normal = np.isfinite(p.sd)
        volume += np.log(p.sd) + 0.5 * np.log(2 * np.pi) if normal else np.log(high[k] - low[k])
    if not np.isfinite(volume):
        return float("nan")
    _, log_det = np.linalg.slogdet(fit.covariance)
    n = len(fit.objective.free)
    return float(-fit.loss - volume + 0.5 * n * np.log(2 * np.pi) + 0.5 * log_det)


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _in_order(ids: frozenset[str], refit: Refit) -> tuple[str, ...]:
    every = (v.observation.id for v in refit.shown.verdicts)
    return tuple(name for name in every if name in ids)
