"""The whole spectrum with its ions named, and the distribution of x in every framework."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from alloyscope.report.assignment_text import with_sd
from alloyscope.report.figures import COLUMNS, drawable
from alloyscope.report.ion_panels import draw_residual, label_signal
from alloyscope.report.labels import Label, Led, Tallest, draw_led, lead_labels
from alloyscope.report.style import FAINT, INK, IONS, MEASURED, SETTINGS
from alloyscope.report.typeset import short
from alloyscope.results import Assigned
from alloyscope.speciation import FrameworkShare

Floats = NDArray[np.float64]
WIDTH, HEIGHT = 10.0, 5.6
LEFT, RIGHT, TOP, BOTTOM, GAP = 0.7, 0.12, 0.62, 0.45, 0.16
RESIDUAL = 0.75
"""Inches: the spectrum's figure, its margins, the gap where m/z was left out, the residuals."""

MOST_PARTS = 5
WIDE_GAP = 0.05
"""What was not recorded is left out of the axis from this share of what was."""

SHORT_GAP = 5.0
"""m/z; narrower gaps are always drawn."""

NAMED_COLOURS = len(IONS) - 1
MOST_UNEXPLAINED, ISOTOPES_APART = 12, 3.0
"""Peaks named that no ion accounts for, and m/z about each in which it speaks for others."""

MOST_ROWS = 8
LEAST_SHARE = 0.01
"""Frameworks with less of the ions than this are named below, not drawn."""

NOTHING = "nothing of this search space is present"


def framework_colours(seen: Assigned) -> dict[str, str]:
    """A colour for each of the most abundant frameworks; the others share the last one."""
    amounts: dict[str, float] = {}
    for call in seen.assignment.called:
        amounts[call.framework] = amounts.get(call.framework, 0.0) + call.abundance
    ordered = sorted(amounts, key=lambda name: -amounts[name])
    return {name: IONS[min(k, NAMED_COLOURS)] for k, name in enumerate(ordered)}


def spectrum_figure(seen: Assigned) -> Figure:
    """The spectrum, fitted ions coloured by framework, what is left below in units of sd."""
    fitted = seen.assignment.fitted
    colours = framework_colours(seen)
    parts = recorded_parts(fitted.mz)
    spans = np.array([fitted.mz[part.stop - 1] - fitted.mz[part.start] for part in parts])
    spans = np.maximum(spans, 0.04 * spans.sum() or 1.0)
    room = WIDTH - LEFT - RIGHT - GAP * (len(parts) - 1)
    with rc_context(SETTINGS):
        figure = Figure(figsize=(WIDTH, HEIGHT))
        left = LEFT
        pairs: list[tuple[Axes, Axes]] = []
        for part, wide in zip(parts, room * spans / spans.sum(), strict=True):
            pairs.append(_add_pair(figure, left, float(wide), first=not pairs))
            _draw_part(*pairs[-1], seen, part, colours)
            left += wide + GAP
        _mark_breaks([main for main, _ in pairs], [low for _, low in pairs])
        _label([main for main, _ in pairs], seen, colours)
        _head(figure, seen, colours)
        figure.text((LEFT + room / 2) / WIDTH, 0.06 / HEIGHT, "m/z", ha="center", va="bottom")
        return figure


def recorded_parts(mz: Floats) -> list[slice]:
    """Rows of the parts between wide gaps, of which no more than a few are left out."""
    steps = np.diff(mz)
    recorded = mz[-1] - mz[0] - steps[steps > SHORT_GAP].sum()
    wide = np.flatnonzero(steps > max(WIDE_GAP * recorded, SHORT_GAP))
    wide = np.sort(wide[np.argsort(-steps[wide])][: MOST_PARTS - 1])
    edges = [0, *(int(k) + 1 for k in wide), int(mz.size)]
    return [slice(first, stop) for first, stop in pairwise(edges)]


def _add_pair(figure: Figure, left: float, wide: float, first: bool) -> tuple[Axes, Axes]:
    tall = HEIGHT - TOP - BOTTOM - RESIDUAL - 0.1
    place, width = left / WIDTH, wide / WIDTH
    main = figure.add_axes((place, (BOTTOM + RESIDUAL + 0.1) / HEIGHT, width, tall / HEIGHT))
    low = figure.add_axes((place, BOTTOM / HEIGHT, width, RESIDUAL / HEIGHT))
    main.tick_params(labelbottom=False, labelleft=first, left=first)
    low.tick_params(labelleft=first, left=first)
    for axes in (main, low):
        axes.spines["left"].set_visible(first)
    return main, low


def _draw_part(main: Axes, low: Axes, seen: Assigned, part: slice, colours: dict[str, str]) -> None:
    fitted = seen.assignment.fitted
    mz = fitted.mz[part]
    columns = max(int(COLUMNS * main.get_position().width), 50)
    main.plot(*drawable(mz, fitted.signal[part], columns), color=MEASURED, lw=0.6)
    for ink in dict.fromkeys(colours.values()):
        own = np.zeros(fitted.mz.size)
        for call in seen.assignment.called:
            if colours[call.framework] == ink:
                own[call.first : call.first + call.drawn.size] += call.drawn
        if own[part].any():
            x, y = drawable(mz, own[part], columns)
            main.plot(x, np.where(_near(y > 1e-3 * own.max()), y, np.nan), color=ink, lw=0.7)
    draw_residual(low, mz, fitted, part)
    margin = 0.01 * (mz[-1] - mz[0]) or 0.5
    ticks = _ticks(mz[0] - margin, mz[-1] + margin, WIDTH * main.get_position().width)
    for axes in (main, low):
        axes.set_xlim(mz[0] - margin, mz[-1] + margin)
        axes.set_xticks(ticks)
    main.axhline(0.0, color=FAINT, lw=0.5, zorder=0)


def _ticks(low: float, high: float, inches: float) -> list[float]:
    """Round m/z whose labels fit, and do not reach over the ends to a neighbour's."""
    locator = MaxNLocator(max(int(inches / 0.7), 1), steps=[1, 2, 5, 10], min_n_ticks=1)
    edge = 0.22 * (high - low) / inches
    fits = [float(x) for x in locator.tick_values(low, high) if low + edge <= x <= high - edge]
    return fits or [float(round((low + high) / 2))]


def _near(seen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Also the points beside those, so that what stands alone is drawn down to its foot."""
    beside = seen.copy()
    beside[1:] |= seen[:-1]
    beside[:-1] |= seen[1:]
    return beside


def _mark_breaks(mains: list[Axes], lows: list[Axes]) -> None:
    """One scale for all parts, and two strokes on the axis where m/z was left out."""
    limit = max(axes.get_ylim()[1] for axes in lows)
    for k, (main, low) in enumerate(zip(mains, lows, strict=True)):
        low.set_ylim(-limit, limit)
        low.set_ylabel("sd" if k == 0 else "")
        for axes in (main, low):
            ends = ([0.0] if k else []) + ([1.0] if k < len(mains) - 1 else [])
            axes.plot(ends, [0.0] * len(ends), transform=axes.transAxes, ls="none", color="k",
                      marker=[(-0.5, -1), (0.5, 1)], ms=7, mew=0.8, clip_on=False)  # fmt: skip


def _label(mains: list[Axes], seen: Assigned, colours: dict[str, str]) -> None:
    fitted = seen.assignment.fitted
    drawn = np.maximum(fitted.signal, fitted.model)

    def tallest(low: float, high: float) -> float:
        rows = slice(*np.searchsorted(fitted.mz, (low, high)))
        return float(drawn[rows].max(initial=0.0))

    labels = sorted(_names(seen, colours, tallest), key=lambda label: -label.height)
    top = float(drawn.max(initial=0.0)) or 1.0
    bottom = -0.03 * top
    placed: list[tuple[Axes, list[Led]]] = []
    for axes in mains:
        placed.append((axes, lead_labels(axes, labels, tallest)))
        height = 72.0 * axes.get_position().height * HEIGHT
        top = max([top, *(led.top(bottom, height) for led in placed[-1][1])])
    for axes, led in placed:
        axes.set_ylim(bottom, 1.02 * top)
        label_signal(axes, 1.02 * top, "signal above baseline" if axes is mains[0] else "", 6)
        draw_led(axes, led)


def _names(seen: Assigned, colours: dict[str, str], tallest: Tallest) -> list[Label]:
    fitted, labels = seen.assignment.fitted, []
    for call in seen.assignment.called:
        if call.drawn.size:
            at = call.first + int(np.argmax(call.drawn))
            x = float(fitted.mz[at])
            labels.append(Label(x, max(float(fitted.signal[at]), tallest(x - 0.1, x + 0.1)),
                                short(call.ion), colours[call.framework]))  # fmt: skip
    unknown: list[Label] = []
    for peak in seen.assignment.unexplained:
        apart = all(abs(peak.mz - other.x) > ISOTOPES_APART for other in unknown)
        if apart and len(unknown) < MOST_UNEXPLAINED:
            height = tallest(peak.mz - 0.1, peak.mz + 0.1)
            unknown.append(Label(peak.mz, height, f"{peak.mz:.3f} ?", INK))
    return labels + unknown


def _head(figure: Figure, seen: Assigned, colours: dict[str, str]) -> None:
    found = seen.assignment
    figure.text(LEFT / WIDTH, 1 - 0.09 / HEIGHT, found.spectrum.acquisition.source, fontsize=9.5,
                va="top")  # fmt: skip
    verdict = found.verdict if found.called else NOTHING
    figure.text(1 - RIGHT / WIDTH, 1 - 0.09 / HEIGHT, verdict, fontsize=8, color=INK, va="top",
                ha="right")  # fmt: skip
    names = [name for name, ink in colours.items() if ink != IONS[NAMED_COLOURS]]
    patches = [Patch(color=colours[name], label=seen.framework_name(name) or "other formulas")
               for name in names]  # fmt: skip
    if len(names) < len(colours):
        patches.append(Patch(color=IONS[NAMED_COLOURS], label="other frameworks"))
    patches.insert(0, Patch(color=MEASURED, label="measured"))
    figure.legend(handles=patches, loc="upper left", ncols=len(patches), fontsize=7.5,
                  bbox_to_anchor=(LEFT / WIDTH - 0.008, 1 - 0.24 / HEIGHT), handlelength=1.0,
                  handleheight=0.7, columnspacing=1.2, handletextpad=0.5)  # fmt: skip


def distribution_figure(seen: Assigned) -> Figure:
    """x in every framework, one above the other; mean, share of all ions, and 1 sd of each."""
    colours = framework_colours(seen)
    shown = [share for share in seen.shares[:MOST_ROWS] if share.amount >= LEAST_SHARE]
    rest = seen.shares[len(shown) :]
    shown.sort(key=_by_size)
    rows = max(len(shown), 1)
    foot = 0.55 if not rest else 0.72
    height = foot - 0.03 + 1.25 * rows
    with rc_context(SETTINGS):
        figure = Figure(figsize=(7.0, height))
        if not shown:
            figure.text(0.5, 0.5, NOTHING, ha="center", va="center", color=INK)
            return figure
        low = min(int(share.x[0]) for share in shown)
        high = max(int(share.x[-1]) for share in shown)
        for row, share in enumerate(shown):
            bottom = foot + 1.25 * (rows - 1 - row)
            axes = figure.add_axes((0.085, bottom / height, 0.895, 0.9 / height))
            _draw_share(axes, seen, share, colours.get(share.framework, IONS[NAMED_COLOURS]))
            axes.set_xlim(low - 1.0, high + 1.0)
            axes.xaxis.set_major_locator(MaxNLocator(12, integer=True))
            axes.tick_params(labelbottom=row == rows - 1)
        axes.set_xlabel(f"x, number of {seen.x_of} atoms")
        if rest:
            named = [f"{seen.framework_name(one.framework)} {one.amount:.2%}" for one in rest[:6]]
            more = f" and {len(rest) - 6} more" if len(rest) > 6 else ""
            figure.text(0.98, 0.06 / height, f"also: {', '.join(named)}{more}", fontsize=7,
                        color=INK, ha="right")  # fmt: skip
        return figure


def _by_size(share: FrameworkShare) -> tuple[int, int]:
    ligands = int(share.framework.partition("S")[2] or 0)
    return -share.n_metals, -ligands


def _draw_share(axes: Axes, seen: Assigned, share: FrameworkShare, ink: str) -> None:
    axes.bar(share.x, share.fraction, width=0.78, color=ink, alpha=0.85, lw=0)
    axes.errorbar(share.x, share.fraction, yerr=share.fraction_sd, fmt="none", ecolor="black",
                  elinewidth=0.8, capsize=1.8, capthick=0.8)  # fmt: skip
    top = 1.08 * float((share.fraction + share.fraction_sd).max())
    axes.set_ylim(0.0, top)
    axes.plot([share.mean_x], [0.0], marker="^", color="black", ms=4.5, clip_on=False, zorder=5)
    axes.yaxis.set_major_locator(MaxNLocator(3, steps=[1, 2, 2.5, 5, 10]))
    axes.tick_params(labelsize=7.5)
    axes.set_ylabel("fraction", fontsize=8)
    axes.set_title(seen.framework_name(share.framework), loc="left", color=ink, fontsize=9,
                   fontweight="bold", pad=4)  # fmt: skip
    said = (f"mean x {with_sd(share.mean_x, share.mean_x_sd)} (▲), "
            f"{with_sd(100 * share.amount, 100 * share.amount_sd)} % of all ions")  # fmt: skip
    axes.set_title(said, loc="right", color=INK, fontsize=8, pad=4)
