"""What a band's course says without a model: its time to half change, and where it turns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
SEEN = 5.0
"""Standard deviations of one absorbance that a change, or a turn, has to reach."""

TURN = 0.1
"""Of the range of the course: what a maximum or minimum has to stand out of both ends."""


@dataclass(frozen=True)
class HalfChange:
    """When half of the change from the first to the last spectrum is reached.

    minutes   : interpolated between the samples; NaN where nothing changes, or the course turns
    low, high : the last sample surely before it, and the first surely after it
    """

    minutes: float = float("nan")
    low: float = float("nan")
    high: float = float("nan")

    @property
    def told(self) -> bool:
        """Whether there is such a time."""
        return bool(np.isfinite(self.minutes))


@dataclass(frozen=True)
class Turn:
    """An extremum of a course, away from its ends.

    rises   : whether the course rises first and then falls
    minutes : of the sample that is highest, or lowest
    """

    rises: bool
    minutes: float


def turn_of(times: Floats, values: Floats, sd: float) -> Turn | None:
    """Where a course turns back; None where it goes one way within noise.

    times, values : (n_times,) minutes, absorbance
    sd            : 1 sd of one absorbance
    """
    least = max(SEEN * sd, TURN * float(np.ptp(values)))
    ends = values[[0, -1]]
    over, under = float(values.max() - ends.max()), float(ends.min() - values.min())
    if max(over, under) < least:
        return None
    at = int(np.argmax(values) if over >= under else np.argmin(values))
    return Turn(over >= under, float(times[at]))


def half_change(times: Floats, values: Floats, sd: float) -> HalfChange:
    """When half of the change is reached, from the data alone.

    times, values, sd : as in `turn_of`
    """
    change = float(values[-1] - values[0])
    if abs(change) < SEEN * sd or turn_of(times, values, sd):
        return HalfChange()
    progress = (values - values[0]) / change - 0.5
    # The level halfway between two noisy ends is itself uncertain.
    margin = 2.0 * np.sqrt(1.5) * sd / abs(change)
    before = int(np.argmax(progress > -margin)) - 1
    after = progress.size - int(np.argmax(progress[::-1] < margin))
    cross = int(np.argmax(progress >= 0))
    share = -progress[cross - 1] / (progress[cross] - progress[cross - 1])
    at = times[cross - 1] + share * (times[cross] - times[cross - 1])
    last = min(after, times.size - 1)
    return HalfChange(float(at), float(times[max(before, 0)]), float(times[last]))
