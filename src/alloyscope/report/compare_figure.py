"""Mechanisms compared, drawn: how much worse the fit is without each, and what it then meets."""

from __future__ import annotations

from matplotlib import rc_context
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from alloyscope.reaction.compare import HELPS, Comparison
from alloyscope.reaction.mechanisms import Mechanism
from alloyscope.report.style import FAINT, MEASURED, SETTINGS

WIDTH = 7.4
INKS = {"needed": "#1f6fb4", "helps": "#2f8a4e"}
BETTER = {"better without it": "#c8461e"}
OTHER = "#9aa1ab"
SHORT = 40
"""Letters of a title that are drawn."""


def compare_figure(found: Comparison) -> Figure:
    """A row a mechanism, the most needed above."""
    n, whole = len(found.differences), found.whole.shown
    with rc_context(SETTINGS):
        figure = Figure(figsize=(WIDTH, 0.42 * n + 1.35), layout="constrained")
        left, right = figure.subplots(1, 2, sharey=True, width_ratios=(2.2, 1))
        for row, one in enumerate(found.differences):
            ink = (INKS | BETTER).get(one.verdict, OTHER)
            low = max(one.loss - one.uncertainty, 0.0) if one.loss > 0 else one.loss
            left.plot([low, one.loss + one.uncertainty], [row, row], color=ink, lw=1.6)
            left.plot(one.loss, row, "o", color=ink, ms=5.5)
            right.barh(row, one.without.shown.met, height=0.62, color=ink)
            right.text(0.03 * whole.total, row, str(one.without.shown.met), va="center",
                       fontsize=8, color="white")  # fmt: skip
        # Differences reach over decades, and those below 2 mean nothing.
        left.set_xscale("symlog", linthresh=HELPS, linscale=0.6)
        left.set_xlim(left=min(-1.0, *(1.3 * one.loss for one in found.differences)))
        left.axvspan(-HELPS, HELPS, color="#f0f1f4", lw=0, zorder=0)
        left.axvline(0, color=FAINT, lw=0.6, zorder=0)
        left.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
        left.set_yticks(range(n), [_label(one.mechanism) for one in found.differences], fontsize=8)
        left.set_ylim(n - 0.4, -0.6)
        left.set_xlabel("rise of the loss, ± 1 sd")
        right.axvline(whole.met, color=MEASURED, lw=1.2)
        right.set_xlim(0, whole.total)
        right.xaxis.set_major_locator(MaxNLocator(4, integer=True))
        right.set_xlabel(f"met, of {whole.total}")
        figure.legend(handles=_marks(found), loc="outside upper center", ncols=4)
    return figure


def _label(mechanism: Mechanism) -> str:
    name, title = mechanism.name, mechanism.title
    if name == title:
        return _short(title)
    return f"{_short(title)}\n{name}"


def _short(text: str) -> str:
    return text if len(text) <= SHORT else text[: SHORT - 1].rstrip() + "…"


def _marks(found: Comparison) -> list[Line2D]:
    better = any(one.verdict in BETTER for one in found.differences)
    kinds = {**INKS, "no difference the data can see": OTHER, **(BETTER if better else {})}
    marks = [Line2D([], [], color=ink, marker="o", ms=5.5, label=word) for word, ink in
             kinds.items()]  # fmt: skip
    return [
        *marks,
        Line2D([], [], color=MEASURED, lw=1.2, label=f"with all: {found.whole.shown.met}"),
    ]
