"""Which statements a reaction meets, figure by figure: how a person reads the judgement."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from alloyscope.reaction.margins import STANDARD, Margins, Snapshots, Thresholds, margins
from alloyscope.reaction.observation import Observation
from alloyscope.reaction.reaction import Reaction
from alloyscope.reaction.seen import unreacted
from alloyscope.reaction.wording import said

PANEL = re.compile(r"(S?\d+)([a-z](?:,[a-z])*)?")
OTHER = "other"
FEWEST = 5
"""Statements that a figure must have to stand alone; the rest go together as "other"."""


@dataclass(frozen=True)
class Verdict:
    """One statement judged.

    said : what the reaction gave and what was reported
    """

    observation: Observation
    figure: str
    margins: Margins
    said: str

    @property
    def met(self) -> bool:
        """Whether the statement is met."""
        return self.margins.met


@dataclass(frozen=True)
class Scoreboard:
    """All statements judged, in the order of the file."""

    verdicts: tuple[Verdict, ...]

    @property
    def met(self) -> int:
        """How many are met."""
        return sum(verdict.met for verdict in self.verdicts)

    @property
    def total(self) -> int:
        """How many there are."""
        return len(self.verdicts)

    @property
    def failures(self) -> tuple[Verdict, ...]:
        """Those that are not met."""
        return tuple(verdict for verdict in self.verdicts if not verdict.met)

    @cached_property
    def by_figure(self) -> dict[str, tuple[int, int]]:
        """Met and total, by figure; "other" last."""
        total = Counter(verdict.figure for verdict in self.verdicts)
        met = Counter(verdict.figure for verdict in self.verdicts if verdict.met)
        return {f: (met[f], total[f]) for f in sorted(total, key=lambda f: (f == OTHER, f))}

    def __str__(self) -> str:
        parts = [f"{figure} {met}/{total}" for figure, (met, total) in self.by_figure.items()]
        return f"{self.met} of {self.total} met" + (f": {', '.join(parts)}" if parts else "")


def scoreboard(
    observations: Sequence[Observation], snapshots: Snapshots, thresholds: Thresholds = STANDARD
) -> Scoreboard:
    """Judge every observation.

    snapshots : by ratio and time, at least `needed`; as a spectrum shows them (`shown`), or amounts
    """
    figures = figures_of(observations)
    return Scoreboard(tuple(
        Verdict(one, figures[one.id], margins(one, snapshots, thresholds),
                said(one, snapshots, thresholds))
        for one in observations
    ))  # fmt: skip


def without_reaction(
    observations: Sequence[Observation], reaction: Reaction, thresholds: Thresholds = STANDARD
) -> Scoreboard:
    """The baseline: what a mixture that does not react would meet."""
    points = {point for one in observations for point in one.points}
    return scoreboard(observations, {p: unreacted(reaction, p[0]) for p in points}, thresholds)


def figures_of(observations: Iterable[Observation]) -> Mapping[str, str]:
    """The figure that each observation counts for, by its id.

    Of the panels that an entry names, "Fig 3b,e" or "Fig 2d/S5", it is the one with most entries.
    """
    named = {one.id: panels(one.figure) for one in observations}
    entries = Counter(panel for found in named.values() for panel in found)
    chosen = {key: max(found, key=lambda panel: entries[panel], default=OTHER)
              for key, found in named.items()}  # fmt: skip
    size = Counter(chosen.values())
    return {key: f if size[f] >= FEWEST else OTHER for key, f in chosen.items()}


def panels(figure: str) -> tuple[str, ...]:
    """Panels that a text names.

    >>> panels("Fig 2d/S5"), panels("Fig 3b,e"), panels("Abstract/Fig 5"), panels("text")
    (('2d', 'S5'), ('3b', '3e'), ('5',), ())
    """
    found = []
    for number, letters in PANEL.findall(figure):
        found += [number + letter for letter in letters.split(",")]
    return tuple(found)
