"""The ladder of losses: arrows from the precursor down each charge, above the spectrum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from alloyscope.chemistry.formula import Formula
from alloyscope.chemistry.species import AnyIon
from alloyscope.fragments.assign import CalledFragment, FragmentAssignment
from alloyscope.report.figures import drawable
from alloyscope.report.ion_panels import extent, label_signal
from alloyscope.report.style import FAINT, INK, IONS, MEASURED, SETTINGS
from alloyscope.report.typeset import pretty
from alloyscope.results.msms import TandemMS

Floats = NDArray[np.float64]
WIDTH, LEFT, RIGHT, GAP = 10.0, 0.62, 0.12, 0.13
SIGNAL, BOTTOM, HEAD, ROW = 2.1, 0.45, 0.5, 0.235
"""Inches: the figure, its margins, the gap between parts, the spectrum, and a rung."""

APART = 0.035
"""Share of all m/z from which two ions stand in parts of their own."""

MOST_RUNGS = 18
LETTER = 0.058
"""Inches of a letter of a rung's label."""

WHITE = {"fc": "white", "ec": "none", "pad": 0.3, "alpha": 0.75}


@dataclass(frozen=True)
class Part:
    """A stretch of m/z that is drawn, and where: inches from the left."""

    low: float
    high: float
    left: float
    wide: float

    def place(self, mz: float) -> float:
        """Inches from the left."""
        return self.left + (mz - self.low) / (self.high - self.low) * self.wide


def ladder_figure(seen: TandemMS) -> Figure:
    """The spectrum with most fragments, and how each came to be."""
    found = seen.found[seen.shown]
    sure = [one for one in found.fragments if one.sure]
    rungs = _rungs(sure)
    tall = HEAD + ROW * (len(rungs) + 0.6)
    height = tall + SIGNAL + BOTTOM
    with rc_context(SETTINGS):
        figure = Figure(figsize=(WIDTH, height))
        parts = _parts(found, sure)
        top = _draw_signal(figure, found, sure, parts, height)
        over = figure.add_axes((0, 0, 1, 1), zorder=5)
        over.set(xlim=(0, WIDTH), ylim=(0, height))
        over.axis("off")
        over.patch.set_alpha(0.0)
        _draw_rungs(over, sure, rungs, parts, height, top)
        _head(figure, seen, height, len(sure) - len(rungs))
        figure.text((LEFT + WIDTH - RIGHT) / 2 / WIDTH, 0.07 / height, "m/z", ha="center",
                    va="bottom")  # fmt: skip
        return figure


def charge_colour(charge: int) -> str:
    """A colour for each number of charges."""
    return IONS[(abs(charge) - 1) % len(IONS)]


def _rungs(sure: Sequence[CalledFragment]) -> list[CalledFragment]:
    """The precursor first, remainders by losses and m/z, then what left; the weakest left out."""
    kept = sorted(sure, key=lambda one: (one.fragment.steps > 0, -one.call.abundance))[:MOST_RUNGS]
    return sorted(kept, key=lambda one: (one.fragment.leaving, one.fragment.steps,
                                         -one.call.mz_theory))  # fmt: skip


def _parts(found: FragmentAssignment, sure: Sequence[CalledFragment]) -> list[Part]:
    """Stretches about the ions, wide enough to tell them apart."""
    mz = found.found.fitted.mz
    if not sure:
        return [Part(float(mz[0]), float(mz[-1]), LEFT, WIDTH - LEFT - RIGHT)]
    ends = sorted(extent(one.call, mz) for one in sure)
    apart = APART * (ends[-1][1] - ends[0][0]) + 20.0
    runs = [list(ends[0])]
    for low, high in ends[1:]:
        if low - runs[-1][1] < apart:
            runs[-1][1] = max(runs[-1][1], high)
        else:
            runs.append([low, high])
    margins = [max(0.12 * (high - low), 4.0) for low, high in runs]
    widths = np.array([np.sqrt(high - low + 2 * m) for (low, high), m in
                       zip(runs, margins, strict=True)])  # fmt: skip
    room = WIDTH - LEFT - RIGHT - GAP * (len(runs) - 1)
    parts, left = [], LEFT
    for (low, high), m, wide in zip(runs, margins, room * widths / widths.sum(), strict=True):
        parts.append(Part(low - m, high + m, left, float(wide)))
        left += float(wide) + GAP
    return parts


def _draw_signal(
    figure: Figure, found: FragmentAssignment, sure: Sequence[CalledFragment],
    parts: Sequence[Part], height: float,
) -> dict[int, float]:  # fmt: skip
    """Draw the spectrum's parts; inches above the ground of each ion's apex, by its place."""
    fitted = found.found.fitted
    inside = np.zeros(fitted.mz.size, np.bool_)
    for part in parts:
        inside |= (fitted.mz >= part.low) & (fitted.mz <= part.high)
    drawn = np.maximum(fitted.signal, fitted.model)
    limit = 1.08 * float(drawn[inside].max(initial=0.0)) or 1.0
    tops: dict[int, float] = {}
    for k, part in enumerate(parts):
        axes = figure.add_axes((part.left / WIDTH, BOTTOM / height, part.wide / WIDTH,
                                SIGNAL / height))  # fmt: skip
        rows = slice(*np.searchsorted(fitted.mz, (part.low, part.high)))
        times = _magnified(limit, float(drawn[rows].max(initial=0.0)))
        x, y = drawable(fitted.mz[rows], fitted.signal[rows], 700)
        axes.plot(x, times * y, color=MEASURED, lw=0.6)
        for one in sure:
            _draw_ion(axes, fitted.mz, one, rows, times)
            if part.low <= one.call.mz_theory <= part.high:
                apex = times * float(one.call.drawn.max(initial=0.0))
                tops[id(one)] = BOTTOM + SIGNAL / (1.02 * limit) * (apex + 0.02 * limit)
        if times > 1:
            axes.text(0.02, 1.0, f"× {times}", transform=axes.transAxes, fontsize=7.5, color=INK,
                      va="top", bbox=WHITE)  # fmt: skip
        axes.set(xlim=(part.low, part.high), ylim=(-0.02 * limit, limit))
        axes.xaxis.set_major_locator(MaxNLocator(max(int(part.wide / 0.62), 1), min_n_ticks=1))
        axes.axhline(0.0, color=FAINT, lw=0.5, zorder=0)
        axes.tick_params(labelsize=7.5, labelleft=k == 0, left=k == 0)
        axes.spines["left"].set_visible(k == 0)
        if k == 0:
            label_signal(axes, limit, "signal above baseline", 5)
            axes.yaxis.set_label_coords(-0.46 / part.wide, 0.5)
        ends = ([0.0] if k else []) + ([1.0] if k < len(parts) - 1 else [])
        axes.plot(ends, [0.0] * len(ends), transform=axes.transAxes, ls="none", color="k",
                  marker=[(-0.5, -1), (0.5, 1)], ms=7, mew=0.8, clip_on=False)  # fmt: skip
    return tops


def _magnified(limit: float, tallest: float) -> int:
    """How many times a part is drawn too tall, so that its ions are seen: 1, 2, 5, 10 ..."""
    steps = [step * 10**power for power in range(4) for step in (1, 2, 5)]
    return max((n for n in steps if n * tallest <= 0.9 * limit), default=1)


def _draw_ion(axes: Axes, mz: Floats, one: CalledFragment, rows: slice, times: int) -> None:
    call = one.call
    first, stop = max(call.first, rows.start), min(call.first + call.drawn.size, rows.stop)
    if stop > first:
        values = call.drawn[first - call.first : stop - call.first]
        x, y = drawable(mz[first:stop], values, 500)
        axes.plot(x, np.where(y > 1e-3 * call.drawn.max(), times * y, np.nan), lw=0.8,
                  color=charge_colour(one.ion.charge))  # fmt: skip


def _draw_rungs(
    over: Axes, sure: Sequence[CalledFragment], rungs: Sequence[CalledFragment],
    parts: Sequence[Part], height: float, top: dict[int, float],
) -> None:  # fmt: skip
    """A rung each: an arrow from what the ion came from, its name, and a line to its peak."""
    heights = {id(one): height - HEAD - ROW * (k + 0.5) for k, one in enumerate(rungs)}
    placed = {(one.ion.formula, one.ion.charge): one for one in rungs}
    precursor = next((one for one in rungs if not one.fragment.steps), None)
    for one in rungs:
        x, y = _x(one, parts), heights[id(one)]
        ink = charge_colour(one.ion.charge)
        over.plot([x, x], [y, top[id(one)] + 0.03], color=ink, lw=0.6, ls=(0, (1, 2)), alpha=0.8)
        over.plot([x], [y], marker="o", ms=3.2, color=ink)
        parent, lost = _parent(one, placed, precursor)
        if parent is None:
            _name(over, x, x, y, f"{pretty(one.ion)}  m/z {one.call.mz_theory:.2f}", ink)
            continue
        start = _x(parent, parts)
        over.add_patch(FancyArrowPatch((start, y), (x, y), arrowstyle="-|>", mutation_scale=7,
                                       lw=0.8, color=ink, shrinkA=0, shrinkB=1.5))  # fmt: skip
        over.plot([start], [y], marker="|", ms=4, color=ink, mew=0.8)
        name = f"{pretty(one.ion)}  {100 * one.call.abundance:.1f} %"
        said = "" if one.fragment.leaving else f"− {lost}"
        room = abs(x - start) > LETTER * len(said) + 0.15
        if said and room:
            over.text((x + start) / 2, y + 0.015, said, fontsize=7, color=ink, ha="center",
                      va="bottom", bbox=WHITE)  # fmt: skip
        _name(over, x, start, y, name if room or not said else f"{said} : {name}", ink)


def _name(over: Axes, x: float, start: float, y: float, text: str, ink: str) -> None:
    """Write beside the arrow's head where there is room, else on the other side of its start."""
    wide, ends = LETTER * len(text) + 0.1, (min(x, start), max(x, start))
    right = ends[1] + wide < WIDTH - 0.02
    if x < start:
        right = ends[0] - wide < 0.02
    at, side = (ends[1] + 0.07, "left") if right else (ends[0] - 0.07, "right")
    over.text(at, y, text, fontsize=7, color=ink, ha=side, va="center", bbox=WHITE)


def _parent(
    one: CalledFragment, placed: dict[tuple[Formula, int], CalledFragment],
    precursor: CalledFragment | None,
) -> tuple[CalledFragment | None, str]:  # fmt: skip
    """The ion called that it came from by the last loss, if one is; what was lost, in words."""
    if not one.fragment.steps:
        return None, ""
    if one.fragment.leaving:
        return precursor, ""
    losses = one.fragment.route.losses
    for piece, _ in sorted(losses, key=lambda entry: -entry[1]):
        before = one.ion.formula + piece.formula, one.ion.charge + piece.charge
        if one.fragment.steps > 1 and before in placed:
            return placed[before], _lost([(piece, 1)])
    return precursor, _lost(losses)


def _lost(losses: Sequence[tuple[AnyIon, int]]) -> str:
    return " − ".join(f"{n} {pretty(ion)}" if n > 1 else pretty(ion) for ion, n in losses)


def _x(one: CalledFragment, parts: Sequence[Part]) -> float:
    mz = one.call.mz_theory
    part = next((p for p in parts if p.low <= mz <= p.high), parts[0])
    return part.place(min(max(mz, part.low), part.high))


def _head(figure: Figure, seen: TandemMS, height: float, left_out: int) -> None:
    found = seen.found[seen.shown]
    source, name = found.found.spectrum.acquisition.source, seen.name(seen.shown)
    at = f", {name}" if name != source else ""
    figure.text(LEFT / WIDTH, 1 - 0.09 / height, f"{source}{at}", fontsize=9.5, va="top")
    said = found.verdict.replace(str(found.precursor), pretty(found.precursor))
    more = f"; {left_out} weaker ones not drawn" if left_out > 0 else ""
    figure.text(1 - RIGHT / WIDTH, 1 - 0.09 / height, said + more, fontsize=8, color=INK,
                va="top", ha="right")  # fmt: skip
    if not any(one.sure for one in found.fragments):
        return
    figure.text(LEFT / WIDTH, 1 - 0.29 / height, "Arrows: what left, and what remains; a rung "
                "each. Dotted: to its peak. Colour: number of charges. %: of the ions assigned.",
                fontsize=7, color=INK, va="top")  # fmt: skip
