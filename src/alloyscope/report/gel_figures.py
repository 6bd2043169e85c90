"""A gel drawn: lanes, Ferguson's plot, how sure each order is, and a lane matched."""

from __future__ import annotations

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle
from numpy.typing import NDArray

from alloyscope.gel.lane import PredictedLane, lane
from alloyscope.gel.match import WITHIN
from alloyscope.gel.mobility import Mobility
from alloyscope.gel.profile import lane_called
from alloyscope.report.gel_text import (
    MODELS,
    candidates,
    neighbours,
    order_headline,
    oriented,
    percent,
    shares_of,
)
from alloyscope.report.reaction_figures import darker
from alloyscope.report.style import FAINT, INK, MEASURED, SETTINGS, colour
from alloyscope.results.gel import GelRun

Floats = NDArray[np.float64]
WIDTH = 7.4
GROUND = "#f3f4f6"
SURE, TIED, OTHER = "#2f8a4e", "#c9ced6", "#c8461e"
"""Draws in the order asked about, tied, and in the other order."""

ALIKE = 12.0
"""% below which lines of Ferguson's plot lie one upon another."""

GELS = np.linspace(0.0, 30.0, 61)
"""%T of Ferguson's plot."""


def colours_of(found: GelRun) -> dict[str, str]:
    """A colour for every framework: those that the case declares first, then by mobility."""
    names = dict.fromkeys((*found.declared, *(one.framework for one in found.chosen)))
    return {name: colour(k) for k, name in enumerate(names)}


def lane_figure(found: GelRun) -> Figure:
    """Every sample in a lane of its own, from the slowest, and all of them together."""
    moving = [one for one in found.chosen if one.value > 0]
    end = float(found.lane.distance[-1])
    lanes = [lane([one], found.conditions, name=one.name, longest=end) for one in moving]
    lanes += [found.lane] if len(moving) > 1 else []
    profile = found.matched
    n = len(lanes) + (profile is not None)
    with rc_context(SETTINGS):
        figure = Figure(figsize=(min(WIDTH, 2.6 + 1.05 * n), 4.3), layout="constrained")
        ax = figure.subplots()
        for k, one in enumerate(lanes):
            alone = k < len(moving)
            inks = colours_of(found)
            _draw_lane(ax, k, one, inks[moving[k].framework] if alone else MEASURED)
            if alone:
                _draw_spread(ax, k, moving[k], one.bands[0].sd)
        names = [one.name for one in moving] + (["together"] if len(moving) > 1 else [])
        if profile is not None:
            _draw_measured(ax, n - 1, found)
            names.append(f"measured, {lane_called(profile.name)}")
        _lane_axes(ax, names, float(found.lane.distance[-1]))
        figure.suptitle(_wrapped(order_headline(found), 13 * n + 26), x=0.02, ha="left", fontsize=9)
    return figure


def _draw_lane(ax: Axes, k: int, one: PredictedLane, ink: str) -> None:
    shade = LinearSegmentedColormap.from_list("lane", [GROUND, ink, darker(ink)])
    height = one.intensity / max(float(one.intensity.max()), 1e-300)
    _shaded(ax, k, one.distance, height, shade)


def _shaded(
    ax: Axes, k: int, distance: Floats, height: Floats, shade: LinearSegmentedColormap
) -> None:
    half = (distance[1] - distance[0]) / 2
    ax.imshow(height[:, None], aspect="auto", cmap=shade, vmin=0.0, vmax=1.0, origin="upper",
              interpolation="none",
              extent=(k - 0.36, k + 0.36, distance[-1] + half, distance[0] - half))  # fmt: skip


def _draw_spread(ax: Axes, k: int, one: Mobility, sd: float) -> None:
    """1 sd of the relative mobility, beside the lane; its value above the band, which has `sd`."""
    if one.drawn.size:
        low, high = one.relative - one.relative_sd, one.relative + one.relative_sd
        ax.plot([k + 0.42] * 2, [low, high], color=INK, lw=1.2, solid_capstyle="butt")
    above = one.relative - 1.9 * sd - 0.012
    ax.text(k, above, f"{one.relative:.3f}", ha="center", va="bottom", fontsize=7, color=INK)


def _draw_measured(ax: Axes, k: int, found: GelRun) -> None:
    profile, match = found.matched, found.match
    assert profile is not None
    assert match is not None
    scale = match.scale[0] if np.isfinite(match.scale[0]) else float(profile.distance[-1])
    distance = (profile.distance - match.origin) / scale
    end = float(found.lane.distance[-1])
    inside = (distance >= 0) & (distance <= end)
    shade = LinearSegmentedColormap.from_list("measured", [GROUND, "#5f6b7a", "#15181c"])
    even = np.linspace(0.0, end, 800)
    curve = profile.intensity - np.percentile(profile.intensity, 10)
    height = np.interp(even, distance[inside], curve[inside], left=0.0, right=0.0)
    _shaded(ax, k, even, np.clip(height / max(float(height.max()), 1e-300), 0, 1), shade)


def _lane_axes(ax: Axes, names: list[str], end: float) -> None:
    for k in range(len(names)):
        ax.add_patch(Rectangle((k - 0.36, -0.028), 0.72, 0.02, color=FAINT, lw=0))
    ax.set_xlim(-0.6, len(names) - 0.4)
    ax.set_ylim(end, -0.045)
    ax.set_xticks(range(len(names)), [_wrapped(name, 14) for name in names])
    ax.xaxis.set_ticks_position("top")
    ax.tick_params(axis="x", length=0)
    for side in ("bottom", "top", "right"):
        ax.spines[side].set_visible(False)
    ax.set_ylabel("run from the well, over that of the fastest")


def _wrapped(text: str, width: int) -> str:
    import textwrap

    return "\n".join(textwrap.wrap(text, max(width, 12), break_long_words=True))


def ferguson_figure(found: GelRun) -> Figure:
    """log10 of the mobility against the gel's percentage; the slope is the retardation."""
    free = {one.name: one for one in found.mobility["charge-to-radius"] if one.value > 0}
    inks = colours_of(found)
    with rc_context(SETTINGS):
        figure = Figure(figsize=(WIDTH, 3.3), layout="constrained")
        left, right = figure.subplots(1, 2, width_ratios=[1.25, 1.0])
        ordered = sorted(free.values(), key=lambda one: one.value)
        reference = next(iter(ordered), None)
        for k, one in enumerate(ordered):
            line = np.log10(one.value) - one.retardation * GELS
            style = ("-", (0, (4, 2)), (0, (1.5, 1.5)))[
                [o.name for o in ordered if o.framework == one.framework].index(one.name) % 3
            ]
            left.plot(GELS, line, color=inks[one.framework], ls=style, lw=1.5, label=one.name)
            assert reference is not None
            base = np.log10(reference.value) - reference.retardation * GELS
            right.plot(GELS, 100 * (10 ** (line - base) - 1), color=inks[one.framework], ls=style,
                       lw=1.5, zorder=3 - 0.01 * k)  # fmt: skip
        for ax in (left, right):
            ax.axvline(found.conditions.gel_percent, color=FAINT, lw=0.8, ls=(0, (4, 3)))
            ax.set_xlabel("gel, %T")
            ax.set_xlim(0, GELS[-1])
        left.set_ylabel("log₁₀ of the mobility, 10⁻⁸ m²/(V s)")
        alike = len(ordered) > 1 and _most_apart(right) < ALIKE
        left.set_title(f"Ferguson's plot: lines {_most_apart(right):.2g} % apart at most"
                       if alike else "Ferguson's plot", loc="left")  # fmt: skip
        left.legend(loc="lower left", fontsize=7.5)
        name = reference.name if reference else ""
        right.set_title(f"ahead of {name}, %", loc="left")
    return figure


def _most_apart(ax: Axes) -> float:
    """The largest distance of a line of the panel from its zero."""
    return max(float(np.abs(np.asarray(line.get_ydata())).max()) for line in ax.get_lines())


def order_figure(found: GelRun) -> Figure:
    """Of neighbours, how often draws have them in this order, tied, or the other way."""
    pairs, models = neighbours(found), list(found.mobility)
    with rc_context(SETTINGS):
        tall = 0.23 * len(models) * len(pairs) + 0.22 * len(pairs) + 1.0
        figure = Figure(figsize=(WIDTH, tall), layout="constrained")
        ax = figure.subplots()
        places, names, y = list[float](), list[str](), 0.0
        for slow, fast in pairs:
            ax.text(0.0, y - 0.75, f"{slow}  <  {fast}", fontsize=8.5, color=INK,
                    fontweight="bold", va="center")  # fmt: skip
            for model in models:
                pair, same = oriented(found, model, slow, fast)
                _draw_shares(ax, y, shares_of(pair, same))
                places.append(y)
                names.append(MODELS[model])
                y += 1.0
            y += 1.05
        ax.set_yticks(places, names)
        ax.tick_params(axis="y", length=0)
        ax.set_ylim(y - 1.5, -1.3)
        ax.set_xlim(0, 100)
        ax.set_xlabel(f"% of {found.draws} draws of what is uncertain")
        ax.axvline(95, color=INK, lw=0.8, ls=(0, (4, 3)), zorder=4)
        handles = [Patch(color=SURE, label="in this order"), Patch(color=TIED, label="tied"),
                   Patch(color=OTHER, label="in the other order")]  # fmt: skip
        figure.legend(handles=handles, loc="outside upper right", ncols=3)
    return figure


def _draw_shares(ax: Axes, y: float, shares: tuple[float, float, float] | None) -> None:
    if shares is None:
        ax.text(1, y, "nothing was drawn", va="center", fontsize=7.5, color=FAINT)
        return
    start = 0.0
    for share, ink in zip(shares, (SURE, TIED, OTHER), strict=True):
        width = 100 * share
        ax.barh(y, width, left=start, height=0.72, color=ink)
        if width >= 8:
            ax.text(start + width / 2, y, percent(share), ha="center", va="center", fontsize=7.5,
                    color=MEASURED if ink == TIED else "white")  # fmt: skip
        start += width


def match_figure(found: GelRun) -> Figure:
    """The measured lane, its bands with who they may be, and where the samples should run."""
    profile, match = found.matched, found.match
    assert profile is not None
    assert match is not None
    inks = colours_of(found)
    with rc_context(SETTINGS):
        figure = Figure(figsize=(WIDTH, 3.5), layout="constrained")
        ax, below = figure.subplots(2, 1, sharex=True, height_ratios=[3.0, 1.0])
        ax.plot(profile.distance, profile.intensity, color=MEASURED, lw=1.1)
        low, high = float(profile.intensity.min()), float(profile.intensity.max())
        ax.set_ylim(low - 0.03 * (high - low), high + 0.42 * (high - low))
        for one in match.bands:
            at = one.band.position
            top = float(np.interp(at, profile.distance, profile.intensity))
            who = candidates(one).replace(", ", " or\n")
            ax.annotate(
                who if one.fits else f"{who}\nmisfit", (at, top), (0, 5),
                textcoords="offset points", ha="center", va="bottom", fontsize=7.5,
                color=MEASURED if one.certain else INK,
                fontstyle="normal" if one.certain else "italic",
            )  # fmt: skip
        ax.set_ylabel("intensity")
        ax.set_title(lane_called(profile.name), loc="left")
        _draw_expected(below, found, inks)
    return figure


def _draw_expected(ax: Axes, found: GelRun, inks: dict[str, str]) -> None:
    match = found.match
    assert match is not None
    frameworks = {one.name: one.framework for one in found.chosen}
    for k, (name, at, sd) in enumerate(match.expected):
        ink = inks[frameworks[name]]
        ax.errorbar(at, -k, xerr=WITHIN * sd, color=ink, fmt="o", ms=4, capsize=2)
        ax.annotate(name, (at, -k), (0, 3.5), textcoords="offset points", ha="center",
                    fontsize=7, color=ink)  # fmt: skip
    ax.set_ylim(-len(match.expected) + 0.4, 0.9)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    tell = "the marker and the other bands" if match.marked else "the other bands"
    ax.set_xlabel(f"distance, and where {tell} put each sample (95 %)")
