"""A judged fit drawn: scoreboard, parameters, profiles, yields, shares against ratio."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

from alloyscope.reaction.estimates import Estimate
from alloyscope.reaction.experiment import time_text
from alloyscope.reaction.fates import Fate
from alloyscope.reaction.fit import spread_of
from alloyscope.reaction.judged import Judged
from alloyscope.reaction.parameter import Parameter
from alloyscope.reaction.profile import RISE, Profile
from alloyscope.reaction.ratio import ratio_name
from alloyscope.reaction.scoreboard import Verdict
from alloyscope.report.fit_text import has_dark
from alloyscope.report.style import FAINT, INK, MEASURED, SETTINGS, colour

WIDTH = 7.4
POOLS = ("#b8860b", "#7d8794", "#0f8b8d", "#8a4fa3")
DARK_SHADE = "#3b3f46"
LEFT_SHADE = "#cfe0ee"
MET, MISSED = "#1f6fb4", "#c8461e"
COLUMNS = 4
FINE_TICKS = (1 / 4, 1 / 3, 3.0, 4.0)
STANDARD_TICKS = (0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0)


def scoreboard_figure(found: Judged) -> Figure:
    """Statements met, a bar for every figure, with what comes free marked."""
    board = list(found.shown.by_figure.items())
    longest = max(total for _, (_, total) in board)
    with rc_context(SETTINGS):
        figure = Figure(figsize=(WIDTH, 0.36 * len(board) + 1.25), layout="constrained")
        ax = figure.subplots()
        for row, (name, (met, total)) in enumerate(board):
            ax.barh(row, total, height=0.66, color="#e6e9ee")
            ax.barh(row, met, height=0.66, color=MET)
            ax.text(total + 0.015 * longest, row, f"{met} of {total}", va="center", fontsize=8)
            marks = ((found.unreacted.by_figure[name][0], "s", -0.15),
                     (found.random_by_figure(name), "D", 0.15))  # fmt: skip
            for value, marker, off in marks:
                if np.isfinite(value):
                    ax.plot(value, row + off, marker, color="white", mec=MEASURED, ms=4, zorder=3)
        ax.set_yticks(range(len(board)), [_figure_name(name) for name, _ in board])
        ax.invert_yaxis()
        ax.set_xlim(0, 1.12 * longest)
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        ax.set_xlabel("statements")
        figure.legend(handles=_board_marks(found), loc="outside upper center", ncols=4)
    return figure


def _board_marks(found: Judged) -> list[Patch | Line2D]:
    plain: dict[str, Any] = {"ls": "", "color": "white", "mec": MEASURED, "ms": 5}
    marks: list[Patch | Line2D] = [
        Patch(color=MET, label="met"), Patch(color="#e6e9ee", label="not met"),
        Line2D([], [], marker="s", label="met without any reaction", **plain),
    ]  # fmt: skip
    if found.random:
        marks.append(Line2D([], [], marker="D", label="random draws, median", **plain))
    return marks


def _figure_name(name: str) -> str:
    return f"Fig. {name}" if name[:1].isdigit() or name[:1] == "S" else name


def parameter_figure(found: Judged) -> Figure:
    """Prior and posterior of every free parameter, on the scale of its prior."""
    wide = spread_of(found.fit.objective)
    n = len(found.estimates)
    with rc_context(SETTINGS):
        figure = Figure(figsize=(WIDTH, 0.27 * n + 1.2), layout="constrained")
        ax = figure.subplots()
        for row, (one, sd) in enumerate(zip(found.estimates, wide, strict=True)):
            _parameter_row(ax, row, one, float(sd))
        ax.set_yticks(range(n), [one.parameter.name for one in found.estimates])
        ax.set_ylim(n - 0.4, -0.6)
        ax.set_xlim(-3.4, 3.4)
        ax.axvline(0, color=FAINT, lw=0.6, zorder=0)
        ax.set_xlabel("standard deviations of the prior from its centre")
        right = ax.secondary_yaxis("right")
        right.set_yticks(range(n), [_value_text(one) for one in found.estimates])
        right.tick_params(length=0)
        right.spines["right"].set_visible(False)
        figure.legend(
            handles=[Patch(color="#e6e9ee", label="prior, 95 %"),
                     Line2D([], [], color=MET, lw=2.4, marker="o", ms=4, label="fit, 95 %"),
                     Line2D([], [], color=MISSED, lw=2.4, marker="o", ms=4,
                            label="not determined, or at a bound")],
            loc="outside upper center", ncols=3,
        )  # fmt: skip
    return figure


def _parameter_row(ax: Axes, row: int, one: Estimate, sd: float) -> None:
    p = one.parameter
    centre = p.coordinate(p.prior) if np.isfinite(p.sd) else sum(p.bounds) / 2

    def at(value: float) -> float:
        return float(np.clip((p.coordinate(value) - centre) / sd, -3.4, 3.4))

    ink = MET if one.word in ("determined", "weakly determined") else MISSED
    ax.barh(row, at(one.prior_high) - at(one.prior_low), left=at(one.prior_low), height=0.62,
            color="#e6e9ee", zorder=1)  # fmt: skip
    ax.plot([at(one.low), at(one.high)], [row, row], color=ink, lw=2.4, solid_capstyle="butt")
    ax.plot(at(p.value), row, "o", color=ink, ms=4.5)


def _value_text(one: Estimate) -> str:
    return f"{one.parameter.value:.3g} {one.parameter.unit}".strip()


def profile_figure(found: Judged) -> Figure:
    """Rise of the loss with each parameter held, all others making the best of it."""
    rows = -(-len(found.profiles) // COLUMNS)
    free = {p.name: p for p in found.fit.objective.free}
    with rc_context(SETTINGS):
        figure = Figure(figsize=(WIDTH, 1.55 * rows + 0.7), layout="constrained")
        axes = figure.subplots(rows, COLUMNS, sharey=True, squeeze=False).ravel()
        for ax, made in zip(axes, found.profiles, strict=False):
            _profile(ax, made, free[made.name])
        for ax in axes[len(found.profiles) :]:
            ax.set_visible(False)
        figure.supylabel("rise of the loss", fontsize=9, color=INK)
        figure.legend(
            handles=[Line2D([], [], color=FAINT, lw=0.8, ls="--", label="95 % (1.92)"),
                     Patch(color=LEFT_SHADE, label="interval"),
                     Line2D([], [], color=MISSED, lw=1.2, ls=":", label="centre of the prior")],
            loc="outside upper center", ncols=3,
        )  # fmt: skip
    return figure


def _profile(ax: Axes, made: Profile, p: Parameter) -> None:
    low, high = made.interval
    ax.axvspan(low, high, color=LEFT_SHADE, lw=0)
    ax.axhline(RISE, color=FAINT, lw=0.8, ls="--")
    ax.plot(made.x, made.rise, "-o", color=MEASURED, ms=2.6, lw=1.1)
    if np.isfinite(p.sd):
        prior, left, right = p.coordinate(p.prior), made.x[0], made.x[-1]
        if left <= prior <= right:
            ax.axvline(prior, color=MISSED, lw=1.2, ls=":")
    ax.set_ylim(-0.12, 4.2)
    ax.set_yticks([0, 1, 2, 3, 4])
    wide = max(float(made.x[-1] - made.x[0]), 1e-9)
    ax.set_xlim(made.x[0] - 0.04 * wide, made.x[-1] + 0.04 * wide)
    # Whole decades where there are two.
    ax.xaxis.set_major_locator(MaxNLocator(3, integer=p.logarithmic and wide > 2))
    if p.logarithmic:
        ax.xaxis.set_major_formatter(FuncFormatter(lambda c, _: f"{10.0**c:.2g}"))
    ax.tick_params(labelsize=7)
    unit = f" ({p.unit})" if p.unit else ""
    ax.set_title(f"{p.name}{unit}", fontsize=8.5, pad=3, loc="left")


def yield_figure(found: Judged) -> Figure:
    """Where the metal that was fed is in the end, against the ratio."""
    ratios = np.array([one.ratio for one in found.curve])
    layers = list(_layers(found))
    with rc_context(SETTINGS):
        figure = Figure(figsize=(WIDTH, 3.2), layout="constrained")
        ax = figure.subplots()
        ax.stackplot(ratios, [100 * values for _, values, _ in layers],
                     colors=[ink for _, _, ink in layers],
                     labels=[name for name, _, _ in layers], lw=0)  # fmt: skip
        clusters = np.array([100 * one.clusters for one in found.curve])
        # Where all clusters have as many metals it is the same as the metal in them.
        if np.abs(clusters - 100 * layers[0][1]).max() > 0.5:
            ax.plot(ratios, clusters, color=MEASURED, lw=1.6, label="clusters left, % of those fed")
        _ratio_axis(ax, found)
        ax.set_ylim(0, 100)
        ax.set_ylabel("% of metal fed")
        figure.legend(loc="outside upper center", ncols=3)
    return figure


def _layers(found: Judged) -> Iterator[tuple[str, np.ndarray, str]]:
    def of(curve: list[float]) -> np.ndarray:
        return np.array(curve)

    yield "in clusters", of([one.in_clusters for one in found.curve]), LEFT_SHADE
    for k, metal in enumerate(found.reaction.metals):
        held = of([one.complexes[metal] for one in found.curve])
        yield f"{metal} in complexes", held, POOLS[k % len(POOLS)]
    dark = of([one.dark for one in found.curve])
    if has_dark(found) and dark.max() > 1e-3:
        yield "not seen by spectra", dark, DARK_SHADE


def share_figure(found: Judged) -> Figure:
    """Share of each framework against the ratio, with what was reported at that time."""
    names = list(found.reaction.by_name)
    ratios = [one.ratio for one in found.curve]
    with rc_context(SETTINGS):
        figure = Figure(figsize=(WIDTH, 1.45 * len(names) + 1.0), layout="constrained")
        axes = figure.subplots(len(names), 1, sharex=True, squeeze=False)[:, 0]
        for k, (ax, name) in enumerate(zip(axes, names, strict=True)):
            ax.plot(ratios, [100 * one.shown[name] for one in found.curve], color=colour(k), lw=1.8)
            if _differ(found.curve, name):
                amounts = [100 * one.frameworks[name] for one in found.curve]
                ax.plot(ratios, amounts, color=colour(k), lw=1.0, ls="--")
            _reported(ax, found, name)
            ax.set_ylim(-4, 104)
            ax.set_yticks([0, 50, 100])
            label = found.reaction.by_name[name].label
            ax.set_title(label if label == name else f"{label} ({name})", loc="left",
                         color=colour(k), pad=3)  # fmt: skip
            _ratio_axis(ax, found, label=k == len(names) - 1)
        figure.supylabel("% of clusters, as a spectrum would show", fontsize=9, color=INK)
        figure.legend(handles=_report_marks(), loc="outside upper center", ncols=3)
    return figure


def _differ(curve: tuple[Fate, ...], name: str) -> bool:
    return any(abs(one.shown[name] - one.frameworks[name]) > 0.005 for one in curve)


KINDS = {"framework_present": ("^", 5.0), "framework_absent": ("v", 5.0),
         "framework_dominant": ("^", 50.0), "coexist": ("^", 10.0)}  # fmt: skip
"""Marker and share, %, of what a statement says: at least, or below."""


def _reported(ax: Axes, found: Judged, name: str) -> None:
    time = found.curve[0].t_min if found.curve else 0.0
    for verdict in found.shown.verdicts:
        it = verdict.observation
        if it.kind not in KINDS or name not in it.f or it.t_min != time:
            continue
        marker, share = KINDS[it.kind]
        for ratio in it.ratios:
            if 0 < ratio < np.inf:
                ax.plot(ratio, share, marker, ms=6, zorder=4, clip_on=False, **_ink(verdict))


def _ink(verdict: Verdict) -> dict[str, Any]:
    return {"color": MEASURED} if verdict.met else {"color": "white", "mec": MISSED}


def _report_marks() -> list[Line2D]:
    def mark(marker: str, label: str, **ink: Any) -> Line2D:
        return Line2D([], [], ls="", marker=marker, ms=6, label=label, **ink)

    return [
        mark("^", "reported: at least so much", color=MEASURED),
        mark("v", "reported: less", color=MEASURED),
        mark("^", "reported, not met", color="white", mec=MISSED),
    ]


def _ratio_axis(ax: Axes, found: Judged, *, label: bool = True) -> None:
    low, high = found.curve[0].ratio, found.curve[-1].ratio
    ax.set_xscale("log")
    ax.set_xlim(low / 1.06, high * 1.06)
    closer = FINE_TICKS if high / low < 30 else ()
    ticks = [t for t in (*STANDARD_TICKS, *closer) if low / 1.01 <= t <= high * 1.01]
    ax.xaxis.set_major_locator(FixedLocator(ticks))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter(FuncFormatter(lambda r, _: ratio_name(float(r))))
    if label:
        parents = " / ".join(parent.name for parent in found.reaction.parents[:2])
        time = time_text(found.curve[0].t_min)
        ax.set_xlabel(f"R, clusters of {parents} fed; after {time}")
