"""A time axis on which minutes and days are seen, from the start and from every addition."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from alloyscope.reaction.experiment import time_text
from alloyscope.reaction.simulated import FINEST, Simulated, phase_starts
from alloyscope.report.reaction_text import addition_words
from alloyscope.report.style import INK

Floats = NDArray[np.float64]
ROUND = (1.0, 10.0, 60.0, 600.0, 1200.0, 2.0, 30.0, 180.0, 2880.0, 7200.0, 14400.0, 43200.0)
"""Minutes at which an axis may have a tick, the most welcome first."""

APART = 0.115
"""Share of the axis between ticks, at least."""


LETTER = 0.062
"""Inches that a letter of an addition's name takes."""


@dataclass(frozen=True, eq=False)
class TimeAxis:
    """Logarithmic time from every start, linear below half a minute; one stretch after another.

    starts : minutes of the start and of the additions
    end    : minutes
    added  : what is added at each start but the first
    """

    starts: tuple[float, ...]
    end: float
    added: tuple[str, ...]

    def place(self, minutes: ArrayLike) -> Floats:
        """Where times lie; that of an addition lies before it."""
        time = np.asarray(minutes, float)
        starts = np.array(self.starts)
        phase = np.maximum(np.searchsorted(starts, time, side="left") - 1, 0)
        return np.asarray(self.offsets[phase] + _stretch(time - starts[phase]))

    @property
    def offsets(self) -> Floats:
        """Where each stretch begins."""
        lengths = _stretch(np.diff(self.starts))
        return np.concatenate([[0.0], np.cumsum(lengths)])

    @property
    def stop(self) -> float:
        """Where the axis ends."""
        return float(self.place(self.end))

    def ticks(self) -> tuple[list[float], list[str]]:
        """Places and labels; times since an addition begin with +, the end is since the start."""
        apart = APART * self.stop
        last = self.end - self.starts[-1]
        phases = range(len(self.starts))
        wanted = [(phases[-1], last), *((k, minutes) for minutes in ROUND for k in phases)]
        found: dict[float, str] = {}
        stops = [*self.offsets[1:], self.stop + apart]
        for phase, minutes in wanted:
            begin = self.offsets[phase]
            at = float(begin + _stretch(np.array(minutes)))
            inside = begin + 0.5 * apart < at < stops[phase] - 0.5 * apart
            if inside and at < self.stop + 1e-9 and all(abs(at - x) >= apart for x in found):
                found[at] = ("+" if phase else "") + time_text(minutes)
                if (phase, minutes) == wanted[0]:
                    found[at] = time_text(self.end)
        return list(found), list(found.values())


def time_axis(seen: Simulated) -> TimeAxis:
    """The axis of a simulation."""
    end = float(seen.drawn.times[-1])
    starts = phase_starts(seen.experiment, end)
    added = tuple(
        " and ".join(addition_words(a) for a in seen.experiment.additions if a.at_min == start)
        for start in starts[1:]
    )
    return TimeAxis(tuple(starts), end, added)


def draw_time(axes: Axes, time: TimeAxis, *, labels: bool) -> None:
    """Ticks of time, and a dashed line where something was added.

    labels : write the times below
    """
    places, texts = time.ticks()
    axes.set_xticks(places, texts if labels else [""] * len(places))
    axes.set_xlim(0.0, time.stop)
    if labels:
        axes.set_xlabel("time")
    for at in time.offsets[1:]:
        axes.axvline(at, color=INK, lw=0.9, ls=(0, (4, 3)))


@dataclass(frozen=True)
class Name:
    """What is written of an addition: where it begins, and on which line above the axes."""

    text: str
    at: float
    line: int


def addition_names(time: TimeAxis, inches: float) -> list[Name]:
    """Additions in words, on so many lines that none runs into another or over the end.

    inches : width of the axes
    """
    names: list[Name] = []
    ends: list[float] = []
    for begin, minutes, what in zip(time.offsets[1:], time.starts[1:], time.added, strict=True):
        text = f"{time_text(minutes)}: + {what}"
        width = LETTER * len(text) * time.stop / inches
        at = max(min(float(begin), time.stop - width), 0.0)
        line = next((k for k, end in enumerate(ends) if end < at), len(ends))
        ends[line : line + 1] = [at + width]
        names.append(Name(text, at, line))
    return names


def name_additions(axes: Axes, names: list[Name], above: float = 3.0) -> None:
    """Write them over the axes, the first line so many points above."""
    for name in names:
        axes.annotate(name.text, (name.at, 1.0), (2, above + 11 * name.line), color=INK,
                      xycoords=("data", "axes fraction"), textcoords="offset points",
                      fontsize=7.5, annotation_clip=False)  # fmt: skip


def lines_of(names: list[Name]) -> int:
    """How many lines they take."""
    return max((name.line + 1 for name in names), default=0)


def _stretch(minutes: Floats) -> Floats:
    return np.asarray(np.log10(1.0 + minutes / FINEST))
