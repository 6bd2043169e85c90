"""Labels on a spectrum that do not collide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.text import Annotation

SIZE = 7.0
"""Points."""


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
