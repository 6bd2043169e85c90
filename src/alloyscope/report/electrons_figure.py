"""Electrons fed against the ratio, and the frameworks that came of it."""

from __future__ import annotations

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, NullFormatter, NullLocator

from alloyscope.reaction.electrons import ElectronsFed, FrameworkAt
from alloyscope.reaction.ratio import ratio_name
from alloyscope.report.electrons_text import made, reported, unequal
from alloyscope.report.style import FAINT, INK, MEASURED, SETTINGS, colour
from alloyscope.results.electrons import Electrons

WIDTH = 7.4
TICKS = (1 / 100, 1 / 40, 1 / 20, 1 / 10, 1 / 5, 1 / 3, 1 / 2, 1.0, 2.0, 3.0, 5.0, 10.0, 20.0,
         40.0, 100.0)  # fmt: skip
APART = 0.055
"""Share of the axis between two ticks, at least."""


def electrons_figure(found: Electrons) -> Figure:
    """The curve of electrons fed, and below it a row for each framework and source."""
    fed = found.fed
    assert fed is not None
    sources = {"reported": reported(fed), f"predicted, {found.predicted_at}": made(fed)}
    kinds = [(title, ones) for title, ones in sources.items() if ones]
    names = [name for name, _ in fed.frameworks]
    with rc_context(SETTINGS):
        tall = 0.3 * len(names)
        figure = Figure(figsize=(WIDTH, 3.2 + (tall + 0.35) * len(kinds)), layout="constrained")
        ratios = [3.2] + [tall + 0.2] * len(kinds)
        axes = figure.subplots(len(ratios), 1, sharex=True, height_ratios=ratios, squeeze=False)
        _draw_fed(axes[0, 0], found, fed)
        for ax, (title, ones) in zip(axes[1:, 0], kinds, strict=True):
            _draw_frameworks(ax, fed, names, ones, title)
        axes[-1, 0].set_xlabel(f"R, clusters of {' / '.join(found.parents)} fed")
    return figure


def _draw_fed(ax: Axes, found: Electrons, fed: ElectronsFed) -> None:
    low, high = float(fed.ratios[0]), float(fed.ratios[-1])
    x = np.geomspace(low, high, 300)
    ax.plot(x, [fed.at(float(r)) for r in x], color=MEASURED, lw=1.8, label="per cluster fed")
    ax.plot(fed.ratios, fed.per_cluster, "o", ms=3.5, color=MEASURED)
    if unequal(fed):
        ax.plot(fed.ratios, fed.per_metals, "s--", ms=3, lw=1.2, color=INK,
                label=f"per {fed.size} metal atoms fed")  # fmt: skip
        ax.legend(loc="center left", bbox_to_anchor=(0.0, 0.62))
    held = sorted({n for _, n in fed.frameworks})
    bottom, top = min(*held, *(n for _, n in fed.parents)), max(*held, *(n for _, n in fed.parents))
    room = 0.16 * max(top - bottom, 1)
    for n in held:
        names = ", ".join(name for name, own in fed.frameworks if own == n)
        ax.axhline(n, color=FAINT, lw=0.7, zorder=0)
        # On the side from which the curve is further away.
        right = abs(fed.at(high) - n) >= abs(fed.at(low) - n)
        ax.annotate(f"{names}: {n} e⁻", (float(right), n), (-3 if right else 4, 3),
                    xycoords=("axes fraction", "data"), textcoords="offset points",
                    ha="right" if right else "left", fontsize=8, color=INK)  # fmt: skip
    ax.axhline(fed.middle, color=colour(0), lw=1.0, ls=(0, (4, 3)), zorder=0)
    if fed.crossing is not None and low <= fed.crossing <= high:
        ax.axvline(fed.crossing, color=colour(0), lw=1.0, ls=(0, (4, 3)), zorder=0)
        ax.annotate(f"{fed.middle:g} e⁻ at R = {ratio_name(fed.crossing)}",
                    (fed.crossing, fed.middle), (8, -12 if fed.at(high) > fed.at(low) else 5),
                    textcoords="offset points", fontsize=8.5, color=colour(0))  # fmt: skip
    ax.set_ylim(bottom - room, top + 1.6 * room)
    ax.set_ylabel("mean valence electrons fed")
    ax.set_xscale("log")
    _ticks(ax, low, high)


def _ticks(ax: Axes, low: float, high: float) -> None:
    span, kept = np.log(high / low), list[float]()
    for value in sorted((*TICKS, low, high), key=lambda v: (v not in (low, high, 1.0), v)):
        inside = 0.999 * low <= value <= 1.001 * high
        if inside and all(abs(np.log(value / other)) >= APART * span for other in kept):
            kept.append(value)
    ax.xaxis.set_major_locator(FixedLocator(sorted(kept)))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_minor_formatter(NullFormatter())
    ax.set_xticklabels([ratio_name(value) for value in sorted(kept)])
    ax.set_xlim(low / 1.12, high * 1.12)


def _draw_frameworks(
    ax: Axes, fed: ElectronsFed, names: list[str], ones: list[FrameworkAt], title: str
) -> None:
    electrons = dict(fed.frameworks)
    for one in ones:
        y, against = names.index(one.framework), fed.follows(one) is False
        size = 7.0 if one.share is None else 2.0 + 7.0 * float(np.sqrt(one.share))
        ink = colour(y)
        ax.plot(one.ratio, y, "o", ms=size, mfc="none" if against else ink, mec=ink, mew=1.3)
    ax.set_yticks(range(len(names)), [f"{name}, {electrons[name]} e⁻" for name in names])
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)
    ax.set_title(title, loc="left")
    if fed.crossing is not None:
        ax.axvline(fed.crossing, color=colour(0), lw=1.0, ls=(0, (4, 3)), zorder=0)
