"""Breakdown curves, and which metal leaves first, drawn."""

from __future__ import annotations

import math

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike, NDArray

from alloyscope.fragments.breakdown import Breakdown
from alloyscope.fragments.leaving import NINETY_FIVE, Leaving
from alloyscope.report.style import FAINT, INK, IONS, MEASURED, SETTINGS
from alloyscope.report.typeset import LOWERED, pretty, raised
from alloyscope.results.msms import TandemMS

Floats = NDArray[np.float64]
MOST_CURVES = 10
MARKS = "os^Dvp<>h*"


def breakdown_figure(seen: TandemMS) -> Figure:
    """Survival and remainders on the left, what left on the right, per precursor ion."""
    curve = seen.breakdown
    assert curve is not None
    with rc_context(SETTINGS):
        figure = Figure(figsize=(10.0, 5.0), layout="constrained")
        left, right = figure.subplots(1, 2, width_ratios=(1.35, 1))
        _survival(left, curve)
        _curves(left, curve, leaving=False)
        _curves(right, curve, leaving=True)
        left.set_ylabel("ions per precursor ion")
        left.set_ylim(-0.02, 1.04)
        right.set_ylim(bottom=-0.02)
        left.set_title("the precursor and what remains of it", loc="left", fontsize=9, pad=4)
        right.set_title("what left, as ions", loc="left", fontsize=9, pad=4)
        for axes in (left, right):
            _energies(axes, curve)
        figure.legend(*left.get_legend_handles_labels(), loc="outside lower left", ncols=4,
                      fontsize=7.5, title="on the left", title_fontsize=7.5,
                      alignment="left")  # fmt: skip
        if right.get_legend_handles_labels()[0]:
            right.legend(fontsize=7.5, loc="upper left")
        return figure


def _curves(axes: Axes, curve: Breakdown, *, leaving: bool) -> None:
    line, sd = curve.per_precursor, curve.per_precursor_sd
    rows = [k for k, one in enumerate(curve.fragments) if one.steps and one.leaving == leaving]
    rows = sorted(rows, key=lambda k: -float(line[:, k].max()))
    for place, k in enumerate(rows[:MOST_CURVES]):
        ink = IONS[place % len(IONS)]
        axes.errorbar(curve.energies, line[:, k], yerr=sd[:, k], color=ink, lw=1.1, ms=4,
                      marker=MARKS[place % len(MARKS)], capsize=1.5, elinewidth=0.8,
                      label=pretty(curve.fragments[k].ion))  # fmt: skip
    if len(rows) > MOST_CURVES:
        axes.plot([], [], ls="none", label=f"and {len(rows) - MOST_CURVES} weaker ones")
    if not rows and leaving:
        axes.text(0.5, 0.5, "nothing seen", transform=axes.transAxes, ha="center", color=INK)


def _survival(axes: Axes, curve: Breakdown) -> None:
    name = pretty(curve.precursor)
    axes.errorbar(curve.energies, curve.survival, yerr=curve.survival_sd, color=MEASURED, ls="none",
                  marker="o", ms=4.5, capsize=1.5, elinewidth=0.8, label=name)  # fmt: skip
    if curve.half is None:
        axes.plot(curve.energies, curve.survival, color=MEASURED, lw=1.1)
        return
    x = np.linspace(curve.energies[0], curve.energies[-1], 200)
    axes.plot(x, curve.half.at(x), color=MEASURED, lw=1.3)
    centre, sd = curve.half.centre, curve.half.along((1.0, 0.0))
    if curve.energies[0] <= centre <= curve.energies[-1]:
        axes.axvspan(centre - NINETY_FIVE * sd, centre + NINETY_FIVE * sd, color=FAINT, alpha=0.35,
                     lw=0)  # fmt: skip
        axes.plot([centre, centre], [0.0, 0.5], color=MEASURED, lw=0.7, ls=(0, (3, 2)))
        axes.annotate(f"E50 {centre:.4g}", (centre, 0.5), xytext=(6, 3), fontsize=8,
                      textcoords="offset points", color=MEASURED, zorder=6,
                      bbox={"fc": "white", "ec": "none", "pad": 0.5, "alpha": 0.8})  # fmt: skip


def _energies(axes: Axes, curve: Breakdown) -> None:
    """Stated energies below, those about the centre of mass above."""
    axes.set_xlabel("collision voltage, V" if curve.per_charge else "collision energy, eV")
    factor = curve.to_com

    def com(x: ArrayLike) -> ArrayLike:
        return np.asarray(x, np.float64) * factor

    def stated(x: ArrayLike) -> ArrayLike:
        return np.asarray(x, np.float64) / factor

    above = axes.secondary_xaxis("top", functions=(com, stated))
    gas = curve.gas.translate(LOWERED)
    above.set_xlabel(f"about the centre of mass with {gas}, eV", fontsize=7.5, labelpad=2)
    above.tick_params(labelsize=7.5)
    above.spines["top"].set_visible(True)
    above.xaxis.set_major_locator(MaxNLocator(6))


def leaving_figure(seen: TandemMS) -> Figure:
    """Odds ratio of the first metal leaving at each energy, pooled, and what placements give."""
    curve = seen.breakdown
    assert curve is not None
    one = curve.leaving
    assert one is not None
    with rc_context(SETTINGS):
        figure = Figure(figsize=(6.4, 3.6), layout="constrained")
        axes = figure.subplots()
        shown = np.isfinite(one.per_energy[:, 0])
        log, sd = one.per_energy[shown].T
        base = math.log(one.x / (one.n_metals - one.x)) if one.x < one.n_metals else 0.0
        y = np.exp(log - base)
        errors = np.array([y - np.exp(log - base - NINETY_FIVE * sd),
                           np.exp(log - base + NINETY_FIVE * sd) - y])  # fmt: skip
        axes.errorbar(curve.energies[shown], y, yerr=errors, color=IONS[1], marker="o", ls="none",
                      ms=5, capsize=2, label="at each energy, 95 %")  # fmt: skip
        low, high = one.interval
        axes.axhspan(
            low,
            high,
            color=IONS[1],
            alpha=0.18,
            lw=0,
            label=f"all energies: {one.odds_ratio:.2f}, 95 % {low:.2f} to {high:.2f}",
        )
        _placements(axes, one)
        axes.set_yscale("log")
        axes.yaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5]))
        axes.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
        axes.yaxis.set_minor_formatter(lambda value, _: "")
        axes.margins(x=0.08)
        axes.set_xlabel("collision voltage, V" if curve.per_charge else "collision energy, eV")
        first, second = one.metals
        piece = raised(one.piece)
        axes.set_ylabel(f"odds ratio, {first} : {second} in the\nfirst {piece} to leave",
                        fontsize=8.5)  # fmt: skip
        figure.legend(loc="outside lower center", ncols=2, fontsize=7.5)
        return figure


def _placements(axes: Axes, one: Leaving) -> None:
    """Lines for where the first metal may be, if both metals leave as easily."""
    axes.axhline(1.0, color=MEASURED, lw=0.9, ls=(0, (4, 2)), label="atoms chosen at random")
    if one.surface is None:
        return
    odds = one.x / max(one.n_metals - one.x, 1e-9)
    for k, (name, share) in enumerate(one.surface.expected(one.x, one.n_metals)):
        if name != "anywhere" and 0.0 < share < 1.0:
            axes.axhline(
                share / (1 - share) / odds,
                color=IONS[3 + k],
                lw=0.9,
                ls=(0, (1, 1.5)),
                label=f"{one.metals[0]} {_where(name, one.surface.short)}",
            )


def _where(name: str, short: str) -> str:
    return f"{short} first" if name.startswith("in this class") else name
