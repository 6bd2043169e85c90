"""A plan drawn: purity and yield over feeds and times, and what there is at the best of them."""

from __future__ import annotations

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.patches import Patch
from matplotlib.ticker import FixedLocator, MaxNLocator, NullFormatter, NullLocator
from numpy.typing import NDArray

from alloyscope.reaction.design import SURE, Plan
from alloyscope.reaction.experiment import time_text
from alloyscope.reaction.feeds import SHARP
from alloyscope.report.plan_text import (
    LEAST,
    clock,
    feed_line,
    feed_text,
    framework_label,
    listed_parts,
    part_name,
    share_of,
    target_words,
)
from alloyscope.report.reaction_figures import FAINTEST, POOL_COLOURS, darker
from alloyscope.report.style import FAINT, INK, MEASURED, SETTINGS, colour

Floats = NDArray[np.float64]
WIDTH = 7.4
SHADES = {
    "purity": LinearSegmentedColormap.from_list("purity", ["#ffffff", "#7fb0d8", "#164a77"]),
    "yield": LinearSegmentedColormap.from_list("yield", ["#ffffff", "#8fc7a0", "#1b5a33"]),
}
MARK = "#c8461e"
RATIOS = (1 / 40, 1 / 20, 1 / 10, 1 / 5, 1 / 3, 1 / 2, 1.0, 2.0, 3.0, 5.0, 10.0, 20.0, 40.0)
MINUTES = (1.0, 3.0, 10.0, 30.0, 60.0, 180.0, 360.0, 720.0, 1440.0, 4320.0, 10080.0)
APART, BESIDE = 0.055, 0.13
"""Share of an axis between two of its ticks, at least; of times beside one another."""

SURE_ENOUGH = 0.01
"""Share of the clusters that draws must reach for a composition to be drawn for them alone."""


def map_figure(found: Plan) -> Figure:
    """Purity and yield over feed and time; along one of them where the other was not searched."""
    with rc_context(SETTINGS):
        if not found.search.between or found.map.ratios.size == 1:
            return _lines(found)
        figure = Figure(figsize=(WIDTH, 3.5), layout="constrained")
        axes = figure.subplots(1, 2, sharey=True)
        values = (("purity", found.map.purity), ("yield", found.map.made))
        for ax, (name, shares) in zip(axes, values, strict=True):
            _draw_map(ax, found, name, 100 * shares)
        axes[0].set_ylabel("stopped after")
        _head(figure, found)
        return figure


def _draw_map(ax: Axes, found: Plan, name: str, percent: Floats) -> None:
    grid = found.map
    scores = grid.score(found.aim)
    top = max(float(percent.max()), 1e-3)
    mesh = ax.pcolormesh(grid.ratios, grid.times, percent.T, cmap=SHADES[name], vmin=0.0, vmax=top,
                         shading="gouraud", rasterized=True)  # fmt: skip
    if scores.max() > 0:
        ax.contour(grid.ratios, grid.times, scores.T, levels=[SHARP * scores.max()], colors=MARK,
                   linewidths=1.0)  # fmt: skip
    ax.plot(found.ratio, found.time_min, "o", ms=6, mfc="none", mec=MARK, mew=1.6, clip_on=False)
    _feed_axis(ax, found)
    ax.set_yscale("log")
    _ticks(ax, MINUTES, found.search.times, vertical=True)
    of = "of the clusters" if name == "purity" else "of the clusters fed"
    ax.set_title(f"{name}, % {of}", loc="left")
    ax.figure.colorbar(mesh, ax=ax, pad=0.02, aspect=28)


def _lines(found: Plan) -> Figure:
    """Purity and yield along the feed for each time, or along the time for one feed."""
    one_feed = found.map.ratios.size == 1
    figure = Figure(figsize=(WIDTH, 2.9), layout=ConstrainedLayoutEngine(wspace=0.06))
    axes = figure.subplots(1, 2, sharey=True)
    for ax, name, shares in zip(axes, ("purity", "yield"), (found.map.purity, found.map.made),
                                strict=True):  # fmt: skip
        if one_feed:
            ax.plot(found.map.times, 100 * shares[0], color=MEASURED, lw=1.6,
                    marker="" if found.search.between else "o")  # fmt: skip
            _mark(ax, found.time_min, name, found)
            ax.set_xscale("log")
            _ticks(ax, MINUTES, (found.map.times[0], found.map.times[-1]))
            ax.set_xlabel(f"time, fed {feed_text(found.ratio)}")
        else:
            for k, time in enumerate(found.map.times):
                ax.plot(found.map.ratios, 100 * shares[:, k], color=colour(k), lw=1.6,
                        label=time_text(float(time)))  # fmt: skip
            _mark(ax, found.ratio, name, found)
            _feed_axis(ax, found)
        ax.set_title(f"{name}, % of the clusters{' fed' if name == 'yield' else ''}", loc="left")
        ax.set_ylim(bottom=0.0)
    if not one_feed:
        axes[1].legend(loc="upper left", bbox_to_anchor=(1.01, 1.03), title="stopped after")
    _head(figure, found)
    return figure


def _head(figure: Figure, found: Plan) -> None:
    """What is wanted, and the plan."""
    figure.suptitle(f"{target_words(found)}: {feed_line(found)}", x=0.01, ha="left", fontsize=9.5)


def _mark(ax: Axes, at: float, name: str, found: Plan) -> None:
    """Where the plan lies."""
    share = found.outcome.purity if name == "purity" else found.outcome.made
    ax.axvline(at, color=FAINT, lw=0.8, ls=(0, (4, 3)), zorder=0)
    ax.plot(at, 100 * share, "o", ms=6, mfc="none", mec=MEASURED, mew=1.4)


def _feed_axis(ax: Axes, found: Plan) -> None:
    ax.set_xscale("log")
    _ticks(ax, RATIOS, (found.search.lowest, found.search.highest))
    ax.set_xlabel("clusters fed, " + ":".join(p.name for p in found.reaction.parents))


def _ticks(
    ax: Axes, wanted: tuple[float, ...], ends: tuple[float, ...], *, vertical: bool = False
) -> None:
    """Round numbers, as feeds or times, no closer than can be read."""
    low, high = float(ends[0]), float(ends[-1])
    if low == high:
        low, high = low / 1.5, high * 1.5
    span, found = np.log(high / low), list[float]()
    apart = BESIDE if wanted is MINUTES and not vertical else APART
    for value in sorted(wanted, key=lambda v: (v not in (low, high, 1.0), v)):
        if 0.999 * low <= value <= 1.001 * high and all(
            abs(np.log(value / other)) >= apart * span for other in found
        ):
            found.append(value)
    found = sorted(found) or [low, high]
    axis = ax.yaxis if vertical else ax.xaxis
    axis.set_major_locator(FixedLocator(found))
    axis.set_minor_locator(NullLocator())
    axis.set_minor_formatter(NullFormatter())
    texts = [clock(v) if wanted is MINUTES else feed_text(v) for v in found]
    (ax.set_yticklabels if vertical else ax.set_xticklabels)(texts)
    if not vertical and wanted is RATIOS:
        ax.tick_params(axis="x", labelsize=7)
    (ax.set_ylim if vertical else ax.set_xlim)(low, high)


def product_figure(found: Plan) -> Figure:
    """What there will be: shares with their uncertainty, and compositions one by one."""
    bars = _bars(found)
    tall = 0.30 * len(bars) + 0.75
    with rc_context(SETTINGS):
        figure = Figure(figsize=(WIDTH, tall + 2.6), layout="constrained")
        upper, lower = figure.subplots(2, 1, height_ratios=[tall, 2.3])
        _head(figure, found)
        _draw_bars(upper, found, bars)
        _draw_compositions(lower, found)
        return figure


Bar = tuple[str, float, tuple[float, float] | None, str, bool]
"""Name, percent, its interval, colour, and whether it is what is wanted."""


def _bars(found: Plan) -> list[Bar]:
    inks = _inks(found)
    bars: list[Bar] = []
    for part in listed_parts(found):
        bars.append((part_name(found, part), part.share, found.interval(share_of(part)),
                     inks[part.framework], part.wanted))  # fmt: skip
    for k, metal in enumerate(found.reaction.metals):
        spread = found.interval(lambda o, m=metal: o.complexes[m])  # type: ignore[misc]
        bars.append((f"{metal} in complexes, of {metal} fed", found.outcome.complexes[metal],
                     spread, POOL_COLOURS[k % len(POOL_COLOURS)], False))  # fmt: skip
    return bars


def _draw_bars(ax: Axes, found: Plan, bars: list[Bar]) -> None:
    place = np.arange(len(bars))[::-1]
    for y, (_, share, spread, ink, wanted) in zip(place, bars, strict=True):
        ax.barh(y, 100 * share, height=0.66, color=ink, alpha=1.0 if wanted else 0.45)
        if spread is not None:
            ax.plot([100 * spread[0], 100 * spread[1]], [y, y], color=MEASURED, lw=1.3,
                    marker="|", ms=7, solid_capstyle="butt")  # fmt: skip
        ax.text(1.075, y, f"{100 * share:.1f}", va="center", ha="right", fontsize=8.5, color=INK,
                fontweight="bold" if wanted else "normal",
                transform=ax.get_yaxis_transform())  # fmt: skip
    ax.set_yticks(place, [name for name, *_ in bars])
    for label, (*_, wanted) in zip(ax.get_yticklabels(), bars, strict=True):
        label.set_fontweight("bold" if wanted else "normal")
    ax.tick_params(axis="y", length=0)
    ax.set_xlim(0, 100)
    ax.set_xticks(range(0, 101, 20))
    lines = f"; lines: {SURE[0]:.0f}-{SURE[1]:.0f} % of draws" if found.drawn else ""
    ax.set_xlabel(f"% of the clusters there are; of complexes, % of that metal fed{lines}")


def _draw_compositions(ax: Axes, found: Plan) -> None:
    inks, whole = _inks(found), found.outcome.clusters
    shown = [name for name, p in found.outcome.by_x.items() if p.sum() >= LEAST * whole]
    wide = 0.84 / max(len(shown), 1)
    drawn: list[int] = []
    for place, name in enumerate(shown):
        p = found.outcome.by_x[name] / whole
        shares = np.array([one.by_x[name] / one.clusters for one in found.drawn] or [p])
        low, high = np.percentile(shares, SURE, axis=0)
        x = np.flatnonzero((p >= FAINTEST) | (high >= SURE_ENOUGH))
        at = x + wide * (place - (len(shown) - 1) / 2)
        for some, alpha in ((_wanted(found, name, x), 1.0), (~_wanted(found, name, x), 0.45)):
            ax.bar(at[some], 100 * p[x][some], width=wide, color=inks[name], alpha=alpha, lw=0)
        if found.drawn:
            ax.vlines(at, 100 * low[x], 100 * high[x], color=darker(inks[name]), lw=0.7)
        drawn += x.tolist()
    if found.target.x:
        least, most = found.target.x
        ax.axvspan(least - 0.5, most + 0.5, color=FAINT, alpha=0.18, lw=0, zorder=0)
        drawn += [least, most]
    ax.set_xlim(max(min(drawn, default=0) - 2.5, -1), max(drawn, default=1) + 1.5)
    ax.set_ylim(bottom=0)
    ax.xaxis.set_major_locator(MaxNLocator(12, integer=True))
    ax.set_xlabel(f"x, number of {found.reaction.metals[0]} atoms")
    ax.set_ylabel("% of the clusters")
    patches = [Patch(color=inks[name], label=framework_label(found.reaction, name))
               for name in shown]  # fmt: skip
    ax.legend(handles=patches, loc="best")


def _wanted(found: Plan, framework: str, x: NDArray[np.int64]) -> NDArray[np.bool_]:
    low, high = found.target.x or (0, found.reaction.size)
    own = framework in found.target.frameworks(found.reaction)
    return np.asarray((low <= x) & (x <= high) & own)


def _inks(found: Plan) -> dict[str, str]:
    return {name: colour(k) for k, name in enumerate(found.reaction.by_name)}
