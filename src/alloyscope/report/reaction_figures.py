"""A simulation drawn: compositions, spectra as papers stack them, frameworks, pools, mean x."""

from __future__ import annotations

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, LogNorm
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from alloyscope.reaction.experiment import time_text
from alloyscope.reaction.simulated import Simulated, by_x, mean_and_sd
from alloyscope.reaction.trajectory import column_name
from alloyscope.report.reaction_text import framework_name, sample_name
from alloyscope.report.style import FAINT, INK, MEASURED, SETTINGS, colour
from alloyscope.report.time_axis import (
    TimeAxis,
    addition_names,
    draw_time,
    lines_of,
    name_additions,
    time_axis,
)

Floats = NDArray[np.float64]
WIDTH = 7.4
FAINTEST = 1e-3
"""Clusters per cluster fed below which nothing is drawn."""

LEAST_SHARE = 0.01
FOOT, BETWEEN, LINE = 0.5, 0.26, 0.16
"""Inches: below a figure's axes, between rows where something was added, of a line of text."""

SHORTEST, NAMED = 5e-3, 0.08
"""Sticks that are drawn, and those that get their x written if they are the tallest around."""

POOL_STYLES = ("-", (0, (5, 2)), (0, (2, 1.5)), (0, (6, 2, 1.5, 2)))
POOL_COLOURS = ("#b8860b", "#7d8794", "#0f8b8d", "#c2397e", "#30343b", "#8a4fa3", "#5f6b7a")


def colours_of(seen: Simulated) -> dict[str, str]:
    """A colour for every framework, in the order in which the case declares them."""
    return {name: colour(k) for k, name in enumerate(seen.reaction.by_name)}


def drawn_frameworks(seen: Simulated) -> list[str]:
    """Frameworks of which there is ever enough to draw; all where there is little of any."""
    names = list(seen.reaction.by_name)
    most = {name: by_x(seen.drawn, name).max() for name in names}
    return [name for name in names if most[name] >= FAINTEST] or names


def composition_figure(seen: Simulated) -> Figure:
    """x against time in each framework, shaded by clusters per cluster fed so far."""
    names, time = drawn_frameworks(seen), time_axis(seen)
    spans = [_span(by_x(seen.drawn, name)) for name in names]
    heights = [min(max(0.085 * (high - low + 1), 1.1), 2.6) for low, high in spans]
    added = addition_names(time, 0.78 * WIDTH)
    foot, gap, head = 0.5, 0.34, 0.27 + LINE * lines_of(added)
    tall = foot + sum(heights) + gap * (len(names) - 1) + head
    with rc_context(SETTINGS):
        figure = Figure(figsize=(WIDTH, tall))
        top = tall - head
        for k, (name, span, height) in enumerate(zip(names, spans, heights, strict=True)):
            axes = figure.add_axes((0.09, (top - height) / tall, 0.78, height / tall))
            bar = figure.add_axes((0.89, (top - height) / tall, 0.018, height / tall))
            _draw_map(axes, bar, seen, name, span)
            draw_time(axes, time, labels=k == len(names) - 1)
            if k == 0:
                name_additions(axes, added, above=16.0)
            top -= height + gap
        return figure


def _draw_map(axes: Axes, bar: Axes, seen: Simulated, name: str, span: tuple[int, int]) -> None:
    time, ink = time_axis(seen), colours_of(seen)[name]
    low, high = span
    shade = LinearSegmentedColormap.from_list(name, ["#ffffff", ink, darker(ink)])
    population = by_x(seen.drawn, name)[:, low : high + 1]
    at = time.place(seen.drawn.times)
    # Each column is drawn from the time before to its own, so that none reaches over an addition.
    edges = np.concatenate([[at[0] - 1e-9], at])
    mesh = axes.pcolormesh(
        edges, np.arange(low - 0.5, high + 1.0), np.maximum(population, FAINTEST).T, cmap=shade,
        norm=LogNorm(FAINTEST, max(float(population.max()), 10 * FAINTEST)), rasterized=True,
    )  # fmt: skip
    axes.set_ylabel(f"x ({seen.reaction.metals[0]})")
    axes.yaxis.set_major_locator(MaxNLocator(6, integer=True))
    axes.set_title(framework_name(seen, name), loc="left", color=ink, pad=3)
    axes.figure.colorbar(mesh, cax=bar)
    bar.tick_params(labelsize=7)
    bar.set_ylabel("clusters per cluster fed", fontsize=7)


def _span(population: Floats) -> tuple[int, int]:
    """Least and greatest x of which there is ever enough to draw, with one to spare."""
    x = np.flatnonzero(population.max(axis=0) >= FAINTEST)
    if not x.size:
        return 0, population.shape[1] - 1
    return max(int(x[0]) - 1, 0), min(int(x[-1]) + 1, population.shape[1] - 1)


def darker(ink: str) -> str:
    """A colour at less than half its brightness."""
    parts = (int(ink[k : k + 2], 16) for k in (1, 3, 5))
    return "#" + "".join(f"{int(0.45 * part):02x}" for part in parts)


def waterfall_figure(seen: Simulated) -> Figure:
    """x of every framework at each time, one row above the other as spectra are printed."""
    run, colours = seen.sampled, colours_of(seen)
    each = {name: by_x(run, name) for name in drawn_frameworks(seen)}
    row = 0.62 if run.times.size <= 10 else 0.46
    added = _rows_after_additions(seen)
    bottoms, tall = _bottoms(run.times.size, row, added)
    with rc_context(SETTINGS):
        figure = Figure(figsize=(WIDTH, tall))
        for k, bottom in enumerate(bottoms):
            axes = figure.add_axes((0.15, bottom / tall, 0.82, 0.97 * row / tall))
            here = {name: values[k] for name, values in each.items()}
            _draw_row(axes, sample_name(seen, float(run.times[k])), here, colours)
            axes.set_ylim(0.0, 1 / (1 - LINE / row))
            axes.set_xlim(-1.0, max(values.shape[1] for values in each.values()))
            axes.tick_params(labelbottom=k == len(bottoms) - 1, bottom=k == len(bottoms) - 1)
        axes.set_xlabel(f"x, number of {seen.reaction.metals[0]} atoms")
        axes.xaxis.set_major_locator(MaxNLocator(12, integer=True))
        _head(figure, seen, list(each), tall)
        for k, text in added.items():
            _mark_addition(figure, (bottoms[k] + row + 0.05) / tall, text)
        return figure


def _rows_after_additions(seen: Simulated) -> dict[int, str]:
    """The first row that each addition has changed, and what was added."""
    found: dict[int, str] = {}
    time, times = time_axis(seen), seen.sampled.times
    for minutes, what in zip(time.starts[1:], time.added, strict=True):
        k = int(np.searchsorted(times, minutes, side="right"))
        text = f"{time_text(minutes)}: + {what}"
        found[k] = f"{found[k]}; {text}" if k in found else text
    return found


def _bottoms(n_times: int, row: float, added: dict[int, str]) -> tuple[list[float], float]:
    """Inches from below to each row, and the height of the figure."""
    above = FOOT
    found = []
    for k in reversed(range(n_times)):
        found.append(above)
        above += row + (BETWEEN if k in added else 0.0)
    return found[::-1], above + 0.45


def _named(values: dict[str, Floats], tallest: float) -> list[tuple[int, float, str]]:
    """x, height and framework of sticks taller than all within 3; of two that touch, the taller."""
    tops = [
        (x, float(p[x]) / tallest, name)
        for name, p in values.items() for x in range(p.size)
        if p[x] >= NAMED * tallest and x - max(x - 3, 0) == np.argmax(p[max(x - 3, 0) : x + 4])
    ]  # fmt: skip
    kept: list[tuple[int, float, str]] = []
    for top in sorted(tops, key=lambda top: -top[1]):
        if all(abs(top[0] - x) > 1 or abs(top[1] - h) > 0.35 for x, h, _ in kept):
            kept.append(top)
    return kept


def _mark_addition(figure: Figure, at: float, text: str) -> None:
    figure.add_artist(Line2D([0.03, 0.97], [at, at], color=INK, lw=0.8, ls=(0, (4, 3))))
    figure.text(0.97, at + 0.003, text, ha="right", va="bottom", fontsize=7.5, color=INK)


def _draw_row(axes: Axes, when: str, values: dict[str, Floats], colours: dict[str, str]) -> None:
    tallest = max(float(p.max()) for p in values.values()) or 1.0
    seen = {name: p / tallest >= SHORTEST for name, p in values.items()}
    widest = max(p.size for p in values.values())
    shared = np.sum([np.pad(s, (0, widest - s.size)) for s in seen.values()], axis=0) > 1
    for place, (name, p) in enumerate(values.items()):
        at = np.flatnonzero(seen[name])
        # Sticks of frameworks that share an x stand side by side.
        beside = shared[at] * 0.3 * (place - (len(values) - 1) / 2)
        axes.vlines(at + beside, 0.0, p[at] / tallest, color=colours[name], lw=2.2)
    for x, height, name in _named(values, tallest):
        axes.annotate(f"{x}", (x, height), (0, 1.5), ha="center", va="bottom", fontsize=7,
                      textcoords="offset points", color=colours[name])  # fmt: skip
    axes.set_yticks([])
    for side in ("left", "top", "right"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(FAINT)
    axes.text(-0.012, 0.04, when, transform=axes.transAxes, ha="right", va="bottom", fontsize=8.5)


def _head(figure: Figure, seen: Simulated, names: list[str], tall: float) -> None:
    colours = colours_of(seen)
    patches = [Patch(color=colours[name], label=framework_name(seen, name)) for name in names]
    figure.legend(handles=patches, loc="upper left", ncols=len(names), fontsize=8.5,
                  bbox_to_anchor=(0.14, 1 - 0.03 / tall), handlelength=1.0, handleheight=0.7,
                  columnspacing=1.4, handletextpad=0.5)  # fmt: skip


def framework_figure(seen: Simulated) -> Figure:
    """Clusters of each framework, and pools, against time."""
    time = time_axis(seen)
    with rc_context(SETTINGS):
        tall = 5.1 + LINE * lines_of(addition_names(time, 0.68 * WIDTH))
        figure = Figure(figsize=(WIDTH, tall))
        upper, lower = (figure.add_axes((0.09, y / tall, 0.68, 2.1 / tall)) for y in (2.9, 0.5))
        _draw_frameworks(upper, seen, time)
        _draw_pools(lower, seen, time)
        for axes in (upper, lower):
            draw_time(axes, time, labels=axes is lower)
            axes.set_ylim(bottom=0.0)
            if axes.get_legend_handles_labels()[0]:
                axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1.03), fontsize=8.5)
        name_additions(upper, addition_names(time, 0.68 * WIDTH))
        return figure


def _draw_frameworks(axes: Axes, seen: Simulated, time: TimeAxis) -> None:
    run = seen.drawn
    at = time.place(run.times)
    for name, ink in colours_of(seen).items():
        axes.plot(at, run.total[name], color=ink, lw=1.8, label=framework_name(seen, name))
    axes.plot(at, run.yield_of_clusters, color=MEASURED, lw=1.1, ls=(0, (4, 2)),
              label="all clusters")  # fmt: skip
    axes.set_ylabel("clusters per cluster fed")


def _draw_pools(axes: Axes, seen: Simulated, time: TimeAxis) -> None:
    run = seen.drawn
    shown = [k for k, name in enumerate(run.layout.pools) if run.pool(name).max() >= FAINTEST]
    for k in shown:
        name = run.layout.pools[k]
        axes.plot(time.place(run.times), run.pool(name), color=POOL_COLOURS[k % len(POOL_COLOURS)],
                  lw=1.5, ls=POOL_STYLES[k % len(POOL_STYLES)],
                  label=column_name(name, seen.reaction))  # fmt: skip
    if not shown:
        axes.set_yticks([])
        axes.text(0.5, 0.5, f"nothing above {FAINTEST:g}", transform=axes.transAxes, ha="center",
                  color=INK)  # fmt: skip
    axes.set_ylabel("pools per metal atom fed")


def mean_x_figure(seen: Simulated) -> Figure:
    """Mean x in every framework against time, and its standard deviation among clusters."""
    run, time = seen.drawn, time_axis(seen)
    at = time.place(run.times)
    with rc_context(SETTINGS):
        tall = 3.6 + LINE * lines_of(addition_names(time, 0.68 * WIDTH))
        figure = Figure(figsize=(WIDTH, tall))
        axes = figure.add_axes((0.09, 0.5 / tall, 0.68, 3.0 / tall))
        for name, ink in colours_of(seen).items():
            mean, sd = mean_and_sd(run, name)
            there = run.share(name) >= LEAST_SHARE
            if not there.any():
                continue
            mean = np.where(there, mean, np.nan)
            axes.fill_between(at, mean - sd, mean + sd, color=ink, alpha=0.2, lw=0)
            axes.plot(at, mean, color=ink, lw=1.8, label=framework_name(seen, name))
        axes.set_ylabel(f"mean x ({seen.reaction.metals[0]})")
        axes.yaxis.set_major_locator(MaxNLocator(8, integer=True))
        draw_time(axes, time, labels=True)
        name_additions(axes, addition_names(time, 0.68 * WIDTH))
        axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1.03), fontsize=8.5)
        return figure
