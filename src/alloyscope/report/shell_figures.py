"""Shells of two kinds of ligand drawn: distributions, a series, and those of a simulation."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from alloyscope.reaction.experiment import time_text
from alloyscope.reaction.simulated import Simulated
from alloyscope.report.shell_text import mean_text, mixed_line, shell_name, told_apart
from alloyscope.report.style import FAINT, INK, MEASURED, SETTINGS, colour
from alloyscope.report.time_axis import draw_time, time_axis
from alloyscope.results.shells import MixedShells, ShellSeen
from alloyscope.shells.series import ShellSeries
from alloyscope.shells.statistics import random_shell

Floats = NDArray[np.float64]
WIDTH, ROW, HEAD, FOOT = 7.2, 1.55, 0.62, 0.55
RANDOM, SHOWN = MEASURED, "#c8461e"
BARS = "#8fb3d4"
STYLES: tuple[Any, ...] = ("-", (0, (5, 2)), (0, (1.2, 1.4)), (0, (5, 1.5, 1.2, 1.5)))
MARKS = ("o", "s", "^", "D", "v")
ASIDE, MOST_BARS = 0.012, 8
"""Share of the time axis between marks of one time, and times with marks at most."""


def shells_figure(each: Sequence[ShellSeen], sources: bool = True) -> Figure:
    """A row a distribution: bars, the random shell over them, and the model that is shown."""
    with rc_context(SETTINGS):
        tall = (ROW + HEAD) * len(each) + FOOT
        figure = Figure(figsize=(WIDTH, tall))
        low, high = _span(each)
        for row, one in enumerate(each):
            top = tall - row * (ROW + HEAD) - HEAD
            axes = figure.add_axes((0.09, (top - ROW) / tall, 0.885, ROW / tall))
            _draw_distribution(axes, one, sources and len(each) > 1)
            axes.set_xlim(low - 0.8, high + 0.8)
            axes.xaxis.set_major_locator(MaxNLocator(12, integer=True))
            axes.tick_params(labelbottom=row == len(each) - 1)
        axes.set_xlabel("k, number of foreign ligands")
        return figure


def _span(each: Sequence[ShellSeen]) -> tuple[int, int]:
    low = min(int(one.comparison.distribution.k[0]) for one in each)
    return low, max(int(one.comparison.distribution.k[-1]) for one in each)


def _draw_distribution(axes: Axes, one: ShellSeen, named: bool) -> None:
    seen = one.comparison.distribution
    if told_apart(one):
        _draw_bars(axes, one)
    else:
        axes.bar(seen.k, seen.fraction, width=0.74, color="#eef3f8", ec=BARS, hatch="////", lw=0.6)
        axes.set_ylim(0.0, 1.3 * float(seen.fraction.max()))
        axes.annotate("neighbouring k not told apart: bars are no measurement", (0.01, 0.97),
                      xycoords="axes fraction", va="top", fontsize=8, color=INK)  # fmt: skip
    axes.yaxis.set_major_locator(MaxNLocator(3, steps=[1, 2, 2.5, 5, 10]))
    axes.set_ylabel("fraction")
    right = seen.k[-1] - seen.mean < seen.mean - seen.k[0]
    if told_apart(one):
        axes.legend(loc="upper left" if right else "upper right", handlelength=2.2)
    name = f"{one.source}: {shell_name(one)}" if named else shell_name(one)
    said = textwrap.wrap(one.comparison.verdict, 118)
    said = [*said[:1], said[1] + " …"] if len(said) > 2 else said
    axes.annotate("\n".join(said), (0, 1), (0, 4), xycoords="axes fraction", fontsize=7.5,
                  textcoords="offset points", color=INK, va="bottom", linespacing=1.15)  # fmt: skip
    axes.annotate(name, (0, 1), (0, 6 + 10 * len(said)), xycoords="axes fraction", fontsize=9,
                  textcoords="offset points", fontweight="bold", va="bottom")  # fmt: skip
    axes.annotate(f"mean {mean_text(one)} of {seen.n_sites}", (1, 1),
                  (0, 6 + 10 * len(said)), xycoords="axes fraction", textcoords="offset points",
                  fontsize=8, ha="right", va="bottom", color=INK)  # fmt: skip


def _draw_bars(axes: Axes, one: ShellSeen) -> None:
    """Measured fractions, the random shell of their mean, and the model shown; all in frame."""
    seen, random = one.comparison.distribution, one.comparison.expected
    axes.bar(seen.k, seen.fraction, width=0.74, color=BARS, lw=0)
    axes.errorbar(seen.k, seen.fraction, yerr=seen.fraction_sd, fmt="none", ecolor=INK,
                  elinewidth=0.8, capsize=1.8)  # fmt: skip
    curves: list[tuple[Floats, str, Any, str]] = [
        (random, RANDOM, (0, (4, 2)), "random, at the measured mean")]  # fmt: skip
    if one.shown.model != "random":
        curves.append((one.shown.shell, SHOWN, "-", one.shown.model))
    tops = [float((seen.fraction + seen.fraction_sd).max())]
    for shell, ink, style, label in curves:
        inside = shell[seen.k] / shell[seen.k].sum()
        tops.append(float(inside.max()))
        axes.plot(seen.k, inside, color=ink, lw=1.3, ls=style, marker="o", ms=2.6, label=label)
    low = float((seen.fraction - seen.fraction_sd).min()) if (seen.fraction < 0).any() else 0.0
    axes.set_ylim(1.12 * low, 1.12 * max(tops))
    if low < 0:
        axes.axhline(0.0, color=INK, lw=0.6)


def series_figure(series: ShellSeries) -> Figure:
    """Mean number of foreign ligands along the series, and the constants where they are known."""
    several = len(series.constants) > 0
    with rc_context(SETTINGS):
        figure = Figure(figsize=(WIDTH, 3.1), layout="constrained")
        panels = figure.subplots(1, 2 if several else 1, squeeze=False)[0]
        _draw_means(panels[0], series)
        if several:
            _draw_constants(panels[1], series)
        said = "\n".join(textwrap.wrap(series.verdict, 112))
        figure.suptitle(said, x=0.02, ha="left", fontsize=8.5, color=INK)
        return figure


def _draw_means(axes: Axes, series: ShellSeries) -> None:
    sd = series.sd if series.told else None
    axes.errorbar(series.at, series.mean, yerr=sd, fmt="o", ms=4, color=colour(1), ecolor=INK,
                  elinewidth=0.9, capsize=2.2)  # fmt: skip
    weight = 1 / np.maximum(series.sd, 1e-9) ** 2
    centre, level = (float(weight @ a / weight.sum()) for a in (series.at, series.mean))
    ends = np.array([series.at.min(), series.at.max()])
    if series.told and series.at.size > 2:
        axes.plot(ends, level + series.slope * (ends - centre), color=FAINT, lw=1.1,
                  ls=(0, (4, 2)), zorder=0)  # fmt: skip
    axes.set_xlabel("what was varied, as stated")
    axes.set_ylabel(f"{series.ligand or 'foreign ligands'} per shell")


def _draw_constants(axes: Axes, series: ShellSeries) -> None:
    shown = [one for one in series.constants if np.isfinite(one.constant)]
    at = series.at[[bool(np.isfinite(one.constant)) for one in series.constants]]
    sd = [one.sd for one in shown] if series.told else None
    axes.errorbar(at, [one.constant for one in shown], yerr=sd, fmt="s", ms=4,
                  color=colour(2), ecolor=INK, elinewidth=0.9, capsize=2.2)  # fmt: skip
    if series.constant is not None:
        axes.axhline(series.constant.constant, color=FAINT, lw=1.1, ls=(0, (4, 2)), zorder=0)
    axes.set_ylim(0.0, 1.1 * axes.get_ylim()[1])
    axes.set_xlabel("what was varied, as stated")
    axes.set_ylabel("exchange constant K")


def mixed_figure(found: MixedShells, seen: Simulated) -> Figure:
    """Mean k over time in every framework, and the distributions at the last time."""
    names = [name for name in found.frameworks if np.isfinite(found.every.mean(name)).any()]
    colours = {name: colour(k) for k, name in enumerate(found.frameworks)}
    with rc_context(SETTINGS):
        figure = Figure(figsize=(WIDTH, 5.4))
        upper = figure.add_axes((0.085, 0.53, 0.68, 0.38))
        time = time_axis(seen)
        every = found.every
        at = time.place(every.times)
        for row, name in enumerate(names):
            aside = ASIDE * (row - 0.5 * (len(names) - 1)) * time.stop
            _draw_mean(upper, found, name, at, colours[name], row, aside)
        draw_time(upper, time, labels=True)
        # Marks of the first and last times stand beside their places, still inside.
        beyond = ASIDE * len(names) * time.stop
        upper.set_xlim(-beyond, time.stop + beyond)
        upper.set_ylim(bottom=0.0)
        upper.set_ylabel(f"{every.feed.foreign} per cluster")
        upper.legend(loc="upper left", bbox_to_anchor=(1.01, 1.03), fontsize=8.5,
                     handlelength=3.2)  # fmt: skip
        figure.text(0.085, 0.955, mixed_line(found), fontsize=8.5, color=INK)
        _draw_last(figure, found, names, colours)
        return figure


def _draw_mean(
    axes: Axes, found: MixedShells, name: str, at: Floats, ink: str, row: int, aside: float
) -> None:
    """A line of its own style; at the times asked for a mark and 1 sd, beside one another."""
    mean, sd = found.every.mean(name), found.every.sd(name)
    style, mark = STYLES[row % len(STYLES)], MARKS[row % len(MARKS)]
    axes.plot(at, mean, color=ink, lw=1.6, ls=style)
    shown = found.sampled[np.unique(np.linspace(0, found.sampled.size - 1, MOST_BARS).astype(int))]
    shown = shown[np.isfinite(mean[shown])]
    most = found.every.run.reaction.by_name[name].ligands
    reach = [np.minimum(sd, mean)[shown], np.minimum(sd, most - mean)[shown]]
    axes.errorbar(at[shown] + aside, mean[shown], yerr=reach, fmt=mark, ms=5, color=ink,
                  mfc="white", mew=1.3, elinewidth=1.0, capsize=2.5,
                  clip_on=False)  # fmt: skip
    axes.plot([], [], color=ink, lw=1.6, ls=style, marker=mark, ms=5, mfc="white", mew=1.3,
              label=_label(found, name))  # fmt: skip


def _label(found: MixedShells, name: str) -> str:
    label = found.reservoir_name(name)
    return label if label == name else f"{label} ({name})"


def _draw_last(
    figure: Figure, found: MixedShells, names: Sequence[str], colours: dict[str, str]
) -> None:
    every, last = found.every, int(found.sampled[-1])
    there = [name for name in names if np.isfinite(every.mean(name)[last])]
    wide = 0.885 / max(len(there), 1)
    for column, name in enumerate(there):
        axes = figure.add_axes((0.085 + column * wide, 0.1, 0.8 * wide, 0.28))
        shell = every.shells[name][last]
        k = np.flatnonzero(shell > 1e-3 * shell.max())
        axes.bar(k, shell[k], width=0.8, color=colours[name], alpha=0.8, lw=0)
        random = random_shell(shell.size - 1, float(np.clip(every.mean(name)[last], 0,
                                                            shell.size - 1)))  # fmt: skip
        axes.plot(k, random[k], color=RANDOM, lw=1.1, ls=(0, (4, 2)), marker="o", ms=2.2,
                  label="random")  # fmt: skip
        axes.set_title(f"{_label(found, name)}, {time_text(round(float(every.times[last]), 9))}",
                       loc="left", color=colours[name], fontsize=8.5)  # fmt: skip
        axes.set_xlabel(f"k, {every.feed.foreign} per cluster", fontsize=8)
        axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))
        axes.yaxis.set_major_locator(MaxNLocator(3))
        axes.tick_params(labelsize=7.5)
        if column == 0:
            axes.set_ylabel("fraction")
            axes.legend(fontsize=7.5)
