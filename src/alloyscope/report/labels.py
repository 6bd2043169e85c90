"""Labels on a spectrum that do not collide."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.text import Annotation, Text
from numpy.typing import NDArray

SIZE = 7.0
"""Points."""

MOST_ASIDE = 4.0
"""Lines of type that a label may stand aside of its peak."""

BAND = 12.0
"""Points between the signal and labels that stand aside, for the lines that lead to them."""

Tallest = Callable[[float, float], float]
"""Height of the signal between two x."""


@dataclass(frozen=True)
class Label:
    """A text for the peak at x whose apex is at `height`, both in data units."""

    x: float
    height: float
    text: str
    colour: str


def place_labels(axes: Axes, labels: Sequence[Label]) -> int:
    """Write upright labels above their peaks and make room for them; how many were written.

    Earlier labels go first; one that would collide with them is left out. Upright labels collide
    only when their x are nearer than a line of type. The upper limit of y is then raised so far
    that every label ends inside the axes.
    """
    figure = axes.get_figure(root=True)
    assert figure is not None
    figure.draw_without_rendering()
    box = axes.get_window_extent()
    low, high = axes.get_xlim()
    line = 1.45 * SIZE * figure.dpi / 72 * (high - low) / box.width
    written: list[tuple[Label, Annotation]] = []
    for label in labels:
        if low <= label.x <= high and all(abs(label.x - w.x) >= line for w, _ in written):
            text = axes.annotate(
                label.text, (label.x, label.height), xytext=(0, 3), textcoords="offset points",
                rotation=90, ha="center", va="bottom", fontsize=SIZE, color=label.colour,
            )  # fmt: skip
            text.set_in_layout(False)
            written.append((label, text))
    bottom, top = axes.get_ylim()
    for label, text in written:
        length = text.get_window_extent().height + 0.1 * figure.dpi
        share = min(length / box.height, 0.8)
        top = max(top, bottom + (label.height - bottom) / (1 - share))
    axes.set_ylim(bottom, top)
    return len(written)


@dataclass(frozen=True)
class Led:
    """A label that may stand aside of its peak, and where: x, and the height it clears."""

    label: Label
    text: Text
    x: float
    clears: float
    lift: float
    length: float

    def top(self, bottom: float, height: float) -> float:
        """Upper limit of y that leaves room for it in axes so many points high."""
        share = min((self.lift + self.length + 2.0) / height, 0.8)
        return bottom + (max(self.clears, 0.0) - bottom) / (1.0 - share)


def lead_labels(axes: Axes, labels: Sequence[Label], tallest: Tallest) -> list[Led]:
    """Choose places for upright labels beside one another, the first ones first.

    Labels of crowded peaks stand aside, in the order of their peaks, and are led to them by lines;
    those that would have to go too far are left out. `tallest` is what labels must not cover.
    Raise the axes' upper limit to the largest `Led.top`, and then call `draw_led`.
    """
    low, high = axes.get_xlim()
    line = 1.4 * SIZE * (high - low) / _points(axes)[0]
    kept: list[Label] = []
    for label in labels:
        if not low <= label.x <= high or (len(kept) + 1) * line > high - low:
            continue
        trial = sorted([*kept, label], key=lambda one: one.x)
        x = np.array([one.x for one in trial])
        if np.abs(_apart(x, line, low, high) - x).max() <= MOST_ASIDE * line:
            kept = trial
    x = np.array([label.x for label in kept])
    places = _apart(x, line, low, high)
    block = np.cumsum(np.diff(places, prepend=-np.inf) > 1.001 * line)
    found = []
    for number in np.unique(block):
        rows = np.flatnonzero(block == number)
        ends = float(min(places[rows[0]], x[rows[0]])), float(max(places[rows[-1]], x[rows[-1]]))
        clears = max(tallest(ends[0] - line / 2, ends[1] + line / 2),
                     *(kept[row].height for row in rows), 0.0)  # fmt: skip
        aside = bool(np.abs(places[rows] - x[rows]).max() > 0.05 * line)
        for row in rows:
            text = axes.text(float(places[row]), 0.0, kept[row].text, rotation=90, ha="center",
                             va="bottom", fontsize=SIZE, color=kept[row].colour)  # fmt: skip
            length = _length(text)
            found.append(Led(kept[row], text, float(places[row]), clears,
                             BAND if aside else 3.0, length))  # fmt: skip
    return found


def draw_led(axes: Axes, placed: Sequence[Led]) -> None:
    """Put labels where they belong in axes whose limits are final, and lead lines to them."""
    bottom, top = axes.get_ylim()
    point = (top - bottom) / _points(axes)[1]
    for led in placed:
        foot = led.clears + led.lift * point
        led.text.set_position((led.x, foot))
        start = led.label.height + 1.5 * point
        if foot - start > 2.5 * point:
            knee = max(led.clears + 1.5 * point, start)
            axes.plot([led.label.x, led.label.x, led.x], [start, knee, foot - point],
                      color=led.label.colour, lw=0.4, alpha=0.7, clip_on=False)  # fmt: skip


def _apart(x: NDArray[np.float64], line: float, low: float, high: float) -> NDArray[np.float64]:
    """Places in the order of x, at least a line apart, that lie nearest to x (least squares)."""
    shifted = x - line * np.arange(x.size)
    sums: list[tuple[float, int]] = []
    for value in shifted:
        sums.append((float(value), 1))
        while len(sums) > 1 and sums[-2][0] / sums[-2][1] > sums[-1][0] / sums[-1][1]:
            last, before = sums.pop(), sums.pop()
            sums.append((last[0] + before[0], last[1] + before[1]))
    level = np.array([total / n for total, n in sums for _ in range(n)])
    level = np.clip(level, low + line / 2, high - line * (x.size - 0.5))
    return np.asarray(level + line * np.arange(x.size))


def _points(axes: Axes) -> tuple[float, float]:
    """Width and height of the axes, points."""
    figure = axes.get_figure(root=True)
    assert figure is not None
    box = axes.get_window_extent()
    return 72.0 * box.width / figure.dpi, 72.0 * box.height / figure.dpi


def _length(text: Text) -> float:
    """Length of an upright text, points."""
    figure = text.get_figure(root=True)
    assert figure is not None
    return 72.0 * float(text.get_window_extent().height) / figure.dpi
