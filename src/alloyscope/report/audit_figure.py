"""A mass balance drawn: what the reported products can hold of what was fed, at every ratio."""

from __future__ import annotations

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from alloyscope.reaction.mass_balance import ELECTRONS, MassBalance
from alloyscope.reaction.ratio import ratio_name
from alloyscope.report.style import FAINT, INK, MEASURED, SETTINGS

WIDTH, PANEL = 7.4, 1.25
COLOURS = ("#b8860b", "#7d8794", "#2f8a4e", "#8a4fa3", "#1f6fb4", "#c8461e")
MISSING = "#f0d9d4"


def audit_figure(found: MassBalance) -> Figure:
    """A panel for every metal, the ligand and electrons; a bar for every ratio."""
    names = found.balances[0].names
    with rc_context(SETTINGS):
        figure = Figure(figsize=(WIDTH, PANEL * len(names) + 1.1), layout="constrained")
        axes = figure.subplots(len(names), 1, sharex=True, squeeze=False)[:, 0]
        for k, ax in enumerate(axes):
            _panel(ax, found, k)
        ticks = [ratio_name(one.ratio) for one in found.balances]
        axes[-1].set_xticks(range(len(ticks)), ticks)
        axes[-1].set_xlabel(f"R, clusters of {' / '.join(found.parents)} fed")
        figure.supylabel("% of what was fed", fontsize=9, color=INK)
        figure.legend(
            handles=[Patch(color=INK, label="held by the reported products"),
                     Patch(facecolor=MISSING, label="missing"),
                     Line2D([], [], color=MEASURED, lw=1.6, label="the most of it they can hold")],
            loc="outside upper center", ncols=3,
        )  # fmt: skip
    return figure


def _panel(ax: Axes, found: MassBalance, k: int) -> None:
    fed = np.array([one.fed[k] for one in found.balances])
    held = np.array([one.held[k] for one in found.balances])
    some = fed > 0
    share = 100 * np.where(some, held / np.where(some, fed, 1.0), 1.0)
    most = [100 * one.fraction[k] for one in found.balances]
    name, place = found.balances[0].names[k], np.arange(fed.size)
    ax.bar(place, share, width=0.74, color=COLOURS[k % len(COLOURS)])
    ax.bar(place, np.maximum(100 - share, 0), bottom=share, width=0.74, color=MISSING)
    ax.hlines(most, place - 0.37, place + 0.37, color=MEASURED, lw=1.6)
    for x, (percent, one) in enumerate(zip(share, most, strict=True)):
        if one < 95:
            inside = percent > 25
            ax.text(x, percent - 5 if inside else max(percent, one) + 5, f"{one:.0f}",
                    ha="center", va="top" if inside else "bottom", fontsize=8,
                    color="white" if inside else MEASURED)  # fmt: skip
    ax.axhline(100, color=FAINT, lw=0.6, zorder=0)
    ax.set_ylim(0, 112)
    ax.set_yticks([0, 50, 100])
    ax.set_xlim(-0.6, fed.size - 0.4)
    ax.set_ylabel("electrons" if name == ELECTRONS else name)
