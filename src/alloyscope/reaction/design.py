"""Plan a reaction: which feed, stopped when, gives a wanted product, and how sure that is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from alloyscope.errors import ReactionError, message
from alloyscope.reaction.experiment import Experiment
from alloyscope.reaction.feeds import Aim, Map, Observe, Search, Sought, about, clusters_of, score
from alloyscope.reaction.posterior import drawn_values
from alloyscope.reaction.reaction import Reaction
from alloyscope.reaction.simulate import Simulator
from alloyscope.reaction.target import Outcome, Target, outcome_of

CANNOT = 0.01
"""Purity below which a target counts as one that cannot be made."""

SURE = (5.0, 95.0)
"""Percentiles of draws that an interval spans."""


@dataclass(frozen=True)
class Stock:
    """What is taken of one parent's stock.

    share    : of the volume
    volume   : L, None where no total was asked for; metal, clusters: mol
    """

    parent: str
    share: float
    volume: float | None
    metal: float | None
    clusters: float | None


@dataclass(frozen=True, eq=False)
class Plan:
    """The feed and time at which a target is best made.

    ratio    : clusters of the first parent per cluster of the second
    outcome  : what there is then
    map      : every feed and time searched, the best among them
    drawn    : outcomes with parameters drawn
    failed   : draws that could not be simulated
    concentration : M of metal in the stocks
    """

    reaction: Reaction
    target: Target
    aim: Aim
    search: Search
    ratio: float
    time_min: float
    outcome: Outcome
    map: Map
    stocks: tuple[Stock, ...]
    drawn: tuple[Outcome, ...] = ()
    failed: int = 0
    seed: int = 1
    concentration: float = 1e-3

    @cached_property
    def score(self) -> float:
        """What was made as large as possible."""
        return float(score(self.aim, np.array(self.outcome.purity), np.array(self.outcome.made)))

    @cached_property
    def ratio_range(self) -> tuple[float, float]:
        """Feeds about the best that score at least 90 % of it, at its time."""
        scores = self.map.score(self.aim)[:, self._column]
        return about(self.map.ratios, scores, self._row, smooth=True)

    @cached_property
    def time_range(self) -> tuple[float, float]:
        """Times about the best that score at least 90 % of it, with its feed."""
        scores = self.map.score(self.aim)[self._row]
        return about(self.map.times, scores, self._column, smooth=self.search.between)

    @property
    def _row(self) -> int:
        return int(np.argmin(np.abs(np.log(self.map.ratios / self.ratio))))

    @property
    def _column(self) -> int:
        return int(np.argmin(np.abs(self.map.times - self.time_min)))

    @property
    def possible(self) -> bool:
        """Whether there is enough of the target to speak of, with any feed and time."""
        return float(self.map.score("purity").max()) >= CANNOT

    def interval(self, of: Callable[[Outcome], float]) -> tuple[float, float] | None:
        """5th and 95th percentile over the draws of something; None where nothing was drawn."""
        if not self.drawn:
            return None
        low, high = np.percentile([of(one) for one in self.drawn], SURE)
        return float(low), float(high)

    @property
    def spread_from(self) -> str:
        """Where parameters were drawn from: "posterior", "priors", or "" for no draws."""
        if not self.drawn:
            return ""
        return "priors" if self.reaction.posterior is None else "posterior"

    @cached_property
    def given(self) -> tuple[str, ...]:
        """Parents that are the target themselves."""
        low, high = self.target.x or (0, self.reaction.size)
        first, names = self.reaction.metals[0], self.target.frameworks(self.reaction)
        return tuple(p.name for p in self.reaction.parents if p.framework in names
                     and low <= p.composition.get(first, 0) <= high)  # fmt: skip

    @cached_property
    def remarks(self) -> tuple[str, ...]:
        """What the user must know, one sentence each."""
        what, search = self.target.words(self.reaction), self.search
        only_one = search.lowest == search.highest
        longest = self.time_min == search.times[-1] and search.between
        said = (
            (not self.possible, f"{what} cannot be made in amounts worth the name: it is less than "
             "1 % of the clusters with every feed and time tried. This is the best of them."),
            (bool(self.given), f"{', '.join(self.given)}, which is fed, is counted as {what}."),
            (not only_one and self.ratio in (search.lowest, search.highest),
             "The best feed is at the edge of the range searched."),
            (longest, "The best time is the longest searched."),
            (self.concentration != self.reaction.concentration,
             f"Rates are those at {1e3 * self.reaction.concentration:g} mM of metal; stocks of "
             f"{1e3 * self.concentration:g} mM react faster or slower than said here."),
            (bool(self.failed), f"{self.failed} draws could not be simulated and are left out."),
        )  # fmt: skip
        return tuple(text for applies, text in said if applies)

    def as_json(self) -> dict[str, Any]:
        """The plan in plain types."""
        known = {"purity": lambda o: o.purity, "yield": lambda o: o.made}
        return {
            "target": self.target.words(self.reaction), "possible": self.possible,
            "for": self.aim, "feed": dict(zip((p.name for p in self.reaction.parents),
                                              clusters_of(self.ratio), strict=True)),
            "ratio": self.ratio, "time_min": self.time_min,
            "stocks": [vars(stock) for stock in self.stocks], **self.outcome.as_json(),
            "ratio_range": self.ratio_range, "time_range_min": self.time_range,
            "draws": len(self.drawn), "draws_failed": self.failed, "seed": self.seed,
            "draws_from": self.spread_from, "notes": self.remarks,
            "intervals_5_95": {name: self.interval(of) for name, of in known.items()},
        }  # fmt: skip


def plan(
    reaction: Reaction,
    target: Target,
    aim: Aim = "both",
    search: Search | None = None,
    draws: int = 100,
    seed: int = 1,
    total: float | None = None,
    concentration: float | None = None,
    observe: Observe | None = None,
) -> Plan:
    """Find the feed and time at which a target is best made.

    aim           : what is made as large as possible
    draws, seed   : of parameters, for the uncertainty
    total         : L of mixture for which volumes are given
    concentration : M of metal in the stocks, for amounts; the reaction's where it is None
    Raises ReactionError for targets that the reaction does not know, for a reaction that is not
    between two parents, and where the solver gives up.
    """
    if len(reaction.parents) != 2:
        raise ReactionError(
            message("plan", found=f"{len(reaction.parents)} parents", expected="two")
        )
    sought = Sought(Simulator.of(reaction), target, aim, search or Search(), observe)
    ratio, time = sought.best()
    outcome = outcome_of(sought.simulator.run(Experiment(clusters_of(ratio)), [time]), target)
    drawn = tuple(_drawn(reaction, target, ratio, time, draws, seed, observe))
    concentration = concentration or reaction.concentration
    stocks = stocks_of(reaction, ratio, total, concentration)
    return Plan(
        reaction, target, aim, sought.search, ratio, time, outcome, sought.map(ratio, time),
        stocks, drawn, draws - len(drawn), seed, concentration,
    )  # fmt: skip


def stocks_of(
    reaction: Reaction, ratio: float, total: float | None, concentration: float
) -> tuple[Stock, ...]:
    """What to take of each parent's stock; all have the same concentration of metal."""
    metals = [reaction.by_name[parent.framework].metals for parent in reaction.parents]
    atoms = [n * size for n, size in zip(clusters_of(ratio), metals, strict=True)]
    found = []
    for parent, size, n in zip(reaction.parents, metals, atoms, strict=True):
        share = n / sum(atoms)
        volume = None if total is None else share * total
        metal = None if volume is None else volume * concentration
        found.append(Stock(parent.name, share, volume, metal, metal and metal / size))
    return tuple(found)


def _drawn(
    reaction: Reaction, target: Target, ratio: float, time: float, draws: int, seed: int,
    observe: Observe | None,
) -> Iterator[Outcome]:  # fmt: skip
    """Outcomes with parameters drawn; those that cannot be simulated are left out."""
    for k, values in enumerate(drawn_values(reaction, draws, seed)):
        if observe:
            observe("drawing parameters", k, draws)
        try:
            simulator = Simulator.of(reaction.with_values(values))
            run = simulator.run(Experiment(clusters_of(ratio)), [time])
        except ReactionError:
            continue
        yield outcome_of(run, target)
