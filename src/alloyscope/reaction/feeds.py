"""Feeds and times tried one after another, and the best of them for a target."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from alloyscope.errors import ReactionError, message
from alloyscope.reaction.experiment import MINUTES, Experiment, time_text
from alloyscope.reaction.simulate import Simulator
from alloyscope.reaction.target import Target

Floats = NDArray[np.float64]
Observe = Callable[[str, int, int | None], None]
Aim = Literal["both", "purity", "yield"]

FEEDS, TIMES = 61, 61
"""Of the map, over the range searched."""

NEAR, FINE = 1.3, 20
"""Factor about the best feed within which more are tried, and how many; even, so that the best is
not tried twice."""

AS_GOOD = 0.99
"""Share of the best score at which an earlier time is preferred."""

SHARP = 0.9
"""Share of the best score down to which feeds and times are named."""

LEAST_YIELD = 0.01
"""Clusters of the target per cluster fed below which its purity does not count in full."""


@dataclass(frozen=True)
class Search:
    """What is searched.

    lowest, highest : clusters of the first parent per cluster of the second
    times           : minutes; the first and last of a range, or the only ones, ascending
    between         : whether they are a range
    Raises ReactionError for what cannot be searched.
    """

    lowest: float = 1 / 40
    highest: float = 40.0
    times: tuple[float, ...] = (1.0, 1440.0)
    between: bool = True

    def __post_init__(self) -> None:
        if not 0 < self.lowest <= self.highest < float("inf"):
            raise ReactionError(
                message("ratios searched", found=f"{self.lowest:g} to {self.highest:g}",
                        expected="numbers above 0, the lower first")
            )  # fmt: skip
        times = self.times
        rising = bool(times) and times[0] > 0 and all(np.diff(times) > 0)
        if not rising or (self.between and len(times) != 2):
            raise ReactionError(
                message("times searched", found=", ".join(map(time_text, times)) or "none",
                        expected="times after 0, each after the one before")
            )  # fmt: skip

    @property
    def ratios(self) -> Floats:
        """(n,) evenly spaced in their logarithm."""
        one = self.lowest == self.highest
        return np.asarray(np.geomspace(self.lowest, self.highest, 1 if one else FEEDS))

    @property
    def minutes(self) -> Floats:
        """(n,) of samples, evenly spaced in their logarithm where they are a range."""
        if not self.between:
            return np.array(self.times)
        return np.asarray(np.geomspace(self.times[0], self.times[-1], TIMES))


@dataclass(frozen=True, eq=False)
class Map:
    """The target over feeds and times.

    ratios : (n,), times : (m,) minutes
    purity, made : (n, m) share of the clusters, and clusters per cluster fed, that are the target
    """

    ratios: Floats
    times: Floats
    purity: Floats
    made: Floats

    def score(self, aim: Aim) -> Floats:
        """(n, m) what is made as large as possible."""
        return score(aim, self.purity, self.made)


def score(aim: Aim, purity: Floats, made: Floats) -> Floats:
    """What is made as large as possible.

    both   : purity times yield. Purity alone is best where most of what was fed is destroyed,
             yield alone where the target is one among many.
    purity : in full from a yield of 1 % on, since a trace of anything can be pure
    """
    if aim == "yield":
        return made
    return purity * (np.minimum(made / LEAST_YIELD, 1.0) if aim == "purity" else made)


def clusters_of(ratio: float) -> tuple[float, float]:
    """A ratio as clusters of both parents, the scarcer 1.

    >>> clusters_of(3.0), clusters_of(0.25)
    ((3.0, 1.0), (1.0, 4.0))
    """
    return (float(f"{ratio:.12g}"), 1.0) if ratio >= 1 else (1.0, float(f"{1 / ratio:.12g}"))


@dataclass(frozen=True, eq=False)
class Sought:
    """A target looked for over feeds and times."""

    simulator: Simulator
    target: Target
    aim: Aim
    search: Search
    observe: Observe | None = None
    wanted: NDArray[np.bool_] = field(init=False)

    def __post_init__(self) -> None:
        wanted = self.target.among(self.simulator.reaction, self.simulator.layout)
        object.__setattr__(self, "wanted", wanted)

    def along(self, ratio: float, times: Floats) -> tuple[Floats, Floats]:
        """(n_times,) purity and yield of the target with one feed."""
        run = self.simulator.run(Experiment(clusters_of(ratio)), times)
        states = np.maximum(run.amounts[:, : run.layout.n_states], 0.0)
        made, left = states[:, self.wanted].sum(axis=1), states.sum(axis=1)
        return made / np.maximum(left, 1e-300), made / run.fed

    def most(self, ratio: float, times: Floats) -> Floats:
        """(n_times,) what is to be large."""
        return score(self.aim, *self.along(ratio, times))

    def best(self) -> tuple[float, float]:
        """The best feed and time, as round as they are weighed and read off a clock."""
        ratios, times = self.search.ratios, self.search.minutes
        scores = np.array([self.most(r, times).max() for r in self._each(ratios)])
        k = int(np.argmax(scores))
        low, high = np.log(ratios[max(k - 1, 0)]), np.log(ratios[min(k + 1, ratios.size - 1)])
        exact = ratios[k]
        if high > low:
            found = minimize_scalar(lambda r: -self.most(float(np.exp(r)), times).max(),
                                    bounds=(low, high), method="bounded",
                                    options={"xatol": 1e-3})  # fmt: skip
            exact = np.exp(found.x) if -found.fun > scores[k] else exact
        ratio = _rounded_ratio(float(exact), self.search)
        return ratio, self._earliest(ratio, times)

    def _earliest(self, ratio: float, times: Floats) -> float:
        """The earliest time that is as good as the best."""
        scores = self.most(ratio, times)
        k = int(np.flatnonzero(scores >= AS_GOOD * scores.max())[0])
        time = float(times[k])
        return _rounded_time(time, self.search) if self.search.between else time

    def map(self, ratio: float, time: float) -> Map:
        """Every feed and time, these among them, and feeds close to the best."""
        near = ratio * np.geomspace(1 / NEAR, NEAR, FINE)
        inside = near[(near > self.search.lowest) & (near < self.search.highest)]
        ratios = np.union1d(self.search.ratios, [ratio, *inside])
        times = np.union1d(self.search.minutes, [time])
        rows = [self.along(float(r), times) for r in self._each(ratios)]
        purity, made = (np.array(one) for one in zip(*rows, strict=True))
        return Map(ratios, times, purity, made)

    def _each(self, ratios: Floats) -> Iterator[float]:
        for k, ratio in enumerate(ratios.tolist()):
            if self.observe:
                self.observe("trying feeds", k, ratios.size)
            yield ratio


def about(at: Floats, scores: Floats, k: int, *, smooth: bool) -> tuple[float, float]:
    """The stretch about place k where scores are high enough.

    smooth : go on to where, between two places, the score falls below
    """
    level = SHARP * scores[k]
    found = []
    for step in (-1, 1):
        j = k
        while 0 <= j + step < at.size and scores[j + step] >= level:
            j += step
        end = float(at[j])
        if smooth and 0 <= j + step < at.size:
            there, beyond = np.log(at[j]), np.log(at[j + step])
            fall = (scores[j] - level) / (scores[j] - scores[j + step])
            end = float(np.exp(there + fall * (beyond - there)))
        found.append(end)
    return found[0], found[1]


def _rounded_ratio(ratio: float, search: Search) -> float:
    """To three digits of the more abundant parent."""
    near = float(f"{ratio:.3g}") if ratio >= 1 else 1 / float(f"{1 / ratio:.3g}")
    return float(np.clip(near, search.lowest, search.highest))


def _rounded_time(minutes: float, search: Search) -> float:
    """To two digits, of hours from two hours on."""
    unit = 1.0 if minutes < 2 * MINUTES["h"] else MINUTES["h"]
    near = float(f"{minutes / unit:.2g}") * unit
    return float(np.clip(near, search.times[0], search.times[-1]))
