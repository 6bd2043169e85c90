"""Close-ups: one panel a group of overlapping ions, six panels a figure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.patches import Polygon
from matplotlib.ticker import FuncFormatter, MaxNLocator
from numpy.typing import NDArray

from alloyscope.assignment.assignment import CalledIon, Fitted
from alloyscope.report.assignment_text import with_sd
from alloyscope.report.figures import drawable
from alloyscope.report.style import FAINT, INK, MEASURED, SETTINGS, colour
from alloyscope.report.typeset import RAISED, pretty
from alloyscope.results import Assigned

Floats = NDArray[np.float64]
PER_FIGURE, ABREAST = 6, 2
MOST_IONS = 4
"""Ions that a panel names; a longer chain of overlaps is cut where it is weakest."""

MOST_ENVELOPES = 3.0
"""Widest panel, in widths of its widest envelope."""

NEAR, ALIKE = 0.7, 0.1
"""Ions beside one another share a panel from so small a gap, in widths of the wider envelope, and
if the weaker one has at least such a share of the other's ions."""

SEEN = 0.02
"""An envelope's part in view, from this share of its top."""

WIDTH, LEFT, GAP, RIGHT = 10.0, 0.62, 0.72, 0.12
HEAD, LINE, MAIN, BELOW, FOOT = 0.10, 0.165, 1.95, 0.55, 0.52
"""Inches: a panel's margins, its lines of text, its two axes and what stands under them."""

MOST_SD = 12.0
MOST_TALL = 2.5
"""What towers so far over all that is fitted is cut, so that the ions stay in sight."""

FEW_POINTS = 400
"""Of so many or fewer points each one can be seen."""

SUM = "#e0a106"


def ion_figures(seen: Assigned) -> Iterator[Figure]:
    """Figures of the called ions, most abundant first; none where nothing is called."""
    panels = panels_of(seen.assignment.called, seen.assignment.fitted.mz)
    for start in range(0, len(panels), PER_FIGURE):
        yield _figure(seen, panels[start : start + PER_FIGURE])


def panels_of(called: Sequence[CalledIon], mz: Floats) -> list[tuple[CalledIon, ...]]:
    """Ions that overlap, together, each group ascending in m/z; the most abundant group first."""
    ordered = sorted(called, key=lambda call: call.mz_theory)
    chains: list[list[CalledIon]] = []
    reach = -np.inf
    for call in ordered:
        low, high = extent(call, mz)
        if low >= reach:
            chains.append([])
        chains[-1].append(call)
        reach = max(reach, high)
    panels = _beside([part for chain in chains for part in _cut(chain, mz)], mz)
    return sorted(panels, key=lambda panel: -max(call.abundance for call in panel))


def _beside(panels: list[tuple[CalledIon, ...]], mz: Floats) -> list[tuple[CalledIon, ...]]:
    """Panels ascending in m/z, those joined that stand close and are alike in abundance."""
    joined = panels[:1]
    for panel in panels[1:]:
        both = joined[-1] + panel
        ends = [extent(call, mz) for call in both]
        widest = max(high - low for low, high in ends)
        last, first = max(h for _, h in ends[: -len(panel)]), min(e for e, _ in ends[-len(panel) :])
        tops = [max(call.abundance for call in one) for one in (joined[-1], panel)]
        close = 0 <= first - last <= NEAR * widest and ends[-1][1] - ends[0][0] <= (
            MOST_ENVELOPES * widest
        )
        if len(both) <= MOST_IONS and close and min(tops) >= ALIKE * max(tops):
            joined[-1] = both
        else:
            joined.append(panel)
    return joined


def extent(call: CalledIon, mz: Floats) -> tuple[float, float]:
    """First and last m/z of an ion's envelope that can be seen."""
    if call.drawn.size == 0:
        return call.mz_theory - 0.5, call.mz_theory + 0.5
    rows = call.first + np.flatnonzero(call.drawn >= SEEN * call.drawn.max())
    return float(mz[rows[0]]), float(mz[rows[-1]])


def _cut(chain: list[CalledIon], mz: Floats) -> list[tuple[CalledIon, ...]]:
    ends = [extent(call, mz) for call in chain]
    widest = max(high - low for low, high in ends)
    span = max(high for _, high in ends) - min(low for low, _ in ends)
    if len(chain) == 1 or (len(chain) <= MOST_IONS and span <= MOST_ENVELOPES * widest):
        return [tuple(chain)]
    steps = np.diff([call.mz_theory for call in chain])
    # Of steps alike the one nearest the middle, so that no ion is left alone without need.
    middle = np.abs(np.arange(1, len(chain)) - len(chain) / 2)
    at = 1 + int(np.lexsort((middle, -np.round(steps, 1)))[0])
    return _cut(chain[:at], mz) + _cut(chain[at:], mz)


def _figure(seen: Assigned, panels: Sequence[tuple[CalledIon, ...]]) -> Figure:
    rows = [panels[k : k + ABREAST] for k in range(0, len(panels), ABREAST)]
    heads = [HEAD + LINE * max(len(panel) for panel in row) for row in rows]
    height = sum(heads) + len(rows) * (MAIN + BELOW + FOOT) + 0.3
    wide = (WIDTH - ABREAST * LEFT - RIGHT - (ABREAST - 1) * (GAP - LEFT)) / ABREAST
    with rc_context(SETTINGS):
        figure = Figure(figsize=(WIDTH, height))
        top = height - 0.02
        for row, head in zip(rows, heads, strict=True):
            top -= head
            for column, panel in enumerate(row):
                left = LEFT + column * (wide + GAP)
                place = (left / WIDTH, wide / WIDTH)
                main = figure.add_axes((place[0], (top - MAIN) / height, place[1], MAIN / height))
                low = figure.add_axes(
                    (place[0], (top - MAIN - BELOW) / height, place[1], 0.9 * BELOW / height)
                )
                _draw(main, low, seen, panel)
                if column:
                    main.set_ylabel("")
                    low.set_ylabel("")
            top -= MAIN + BELOW + FOOT
        figure.text(
            LEFT / WIDTH, 0.08 / height,
            "Dark: measured. Amber: all that is fitted, summed. Colour: single ions; grey: "
            "ions of other panels; grey dashed: lines of unknown origin.\nBelow: measured less "
            "fitted, over the expected scatter (sd). Errors after calibration; shares of all "
            "assigned ions ± 1 sd; *: other ions would look the same here.",
            fontsize=6.5, color=INK, va="bottom", linespacing=1.3,
        )  # fmt: skip
        return figure


def _draw(main: Axes, low: Axes, seen: Assigned, panel: tuple[CalledIon, ...]) -> None:
    fitted = seen.assignment.fitted
    first, last = _window(panel, fitted.mz)
    rows = slice(*np.searchsorted(fitted.mz, (first, last)))
    mz, signal, foreign = fitted.mz[rows], fitted.signal[rows], fitted.foreign[rows]
    whole = fitted.model[rows] + foreign
    steps = "steps-mid" if mz.size <= FEW_POINTS else "default"
    main.plot(*_reduced(mz, signal), drawstyle=steps, color=MEASURED, lw=0.8)
    main.plot(*_reduced(mz, whole), color=SUM, lw=0.9)
    if foreign.any():
        main.plot(*_reduced(mz, foreign), color=FAINT, lw=0.9, ls=(0, (3, 2)))
    for call in seen.assignment.called:
        if call not in panel and _reaches(call, rows):
            main.plot(*_envelope(call, fitted, rows), color=FAINT, lw=0.8)
    for k, call in enumerate(panel):
        x, y = _envelope(call, fitted, rows)
        if x.size:
            # One outline for line and area, which halves the file.
            outline = np.column_stack((np.pad(x, 1, "edge"), np.pad(y, 1)))
            main.add_artist(Polygon(outline, fc=to_rgba(colour(k), 0.18), ec=colour(k), lw=0.9,
                                    zorder=2.5))  # fmt: skip
    _frame(main, first, last, min(float(signal.max()), MOST_TALL * float(whole.max())) or 1.0)
    _name(main, panel, seen)
    draw_residual(low, mz, fitted, rows)
    low.set_xlim(first, last)
    low.xaxis.set_major_locator(MaxNLocator(6))
    low.set_xlabel("m/z", fontsize=8, labelpad=1)


def _frame(axes: Axes, first: float, last: float, top: float) -> None:
    axes.axhline(0.0, color=FAINT, lw=0.5, zorder=0)
    axes.set_xlim(first, last)
    axes.set_ylim(-0.03 * top, 1.06 * top)
    axes.set_xticks([])
    axes.tick_params(labelsize=7.5)
    label_signal(axes, top, "signal", 4)
    axes.yaxis.label.set_fontsize(8)


def label_signal(axes: Axes, top: float, label: str, ticks: int) -> None:
    """Ticks of at most four digits; the power of ten they are in stands beside the label."""
    power = 3 * int(np.floor(np.log10(top) / 3)) if not 0.1 <= top < 1e4 else 0
    axes.yaxis.set_major_locator(MaxNLocator(ticks))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{y / 10.0**power:g}"))
    raised = f", 10{str(power).replace('-', '⁻').translate(RAISED)}" if power and label else ""
    axes.set_ylabel(label + raised)
    axes.yaxis.set_label_coords(-0.44 / (axes.get_position().width * WIDTH), 0.5)


def draw_residual(axes: Axes, mz: Floats, fitted: Fitted, rows: slice) -> None:
    """Measured less fitted over the expected scatter; what is beyond the axis is cut to it."""
    left = fitted.signal[rows] - fitted.model[rows] - fitted.foreign[rows]
    sd = fitted.sd[rows]
    left = np.divide(left, sd, out=np.zeros(left.size), where=sd > 0)
    limit = float(np.clip(1.15 * np.abs(left).max(initial=0.0), 4.0, MOST_SD))
    axes.axhspan(-2, 2, color="#eef0f3", lw=0, zorder=0)
    axes.axhline(0.0, color=FAINT, lw=0.5, zorder=0)
    axes.plot(*_reduced(mz, np.clip(left, -limit, limit)), color=MEASURED, lw=0.5)
    axes.set_ylim(-limit, limit)
    axes.yaxis.set_major_locator(MaxNLocator(3, integer=True))
    axes.set_ylabel("sd", fontsize=8)
    axes.yaxis.set_label_coords(-0.44 / (axes.get_position().width * WIDTH), 0.5)
    axes.tick_params(labelsize=7.5)


def _name(axes: Axes, panel: tuple[CalledIon, ...], seen: Assigned) -> None:
    """One line an ion above the axes, so that no text covers the signal."""
    height = MAIN
    for k, call in enumerate(panel):
        up = 1.0 + (0.06 + LINE * (len(panel) - 1 - k)) / height
        axes.text(0.0, up, pretty(call.ion), transform=axes.transAxes, fontsize=8,
                  color=colour(k), va="bottom", fontweight="bold")  # fmt: skip
        share = with_sd(100 * call.abundance, 100 * call.abundance_sd)
        rival = " *" if len(call.members) > 1 else ""
        axes.text(1.0, up, f"{call.error_ppm:+.1f} ppm · {share} %{rival}".replace("-", "−"),
                  transform=axes.transAxes, fontsize=7.5, color=INK, va="bottom",
                  ha="right")  # fmt: skip


def _window(panel: tuple[CalledIon, ...], mz: Floats) -> tuple[float, float]:
    ends = [extent(call, mz) for call in panel]
    first, last = min(low for low, _ in ends), max(high for _, high in ends)
    margin = max(0.08 * (last - first), 0.15)
    return first - margin, last + margin


def _reaches(call: CalledIon, rows: slice) -> bool:
    """Whether enough of an envelope to be seen lies in these rows."""
    part = call.drawn[max(rows.start - call.first, 0) : max(rows.stop - call.first, 0)]
    return bool(part.size) and part.max() >= SEEN * call.drawn.max()


def _envelope(call: CalledIon, fitted: Fitted, rows: slice) -> tuple[Floats, Floats]:
    seen = call.first + np.flatnonzero(call.drawn >= 0.002 * call.drawn.max(initial=0.0))
    seen = seen[(seen >= rows.start) & (seen < rows.stop)]
    if seen.size == 0:
        return np.zeros(0), np.zeros(0)
    start, stop = int(seen[0]), int(seen[-1]) + 1
    return _reduced(fitted.mz[start:stop], call.drawn[start - call.first : stop - call.first])


def _reduced(mz: Floats, signal: Floats) -> tuple[Floats, Floats]:
    """As it is where points are few; lowest and highest of each column where they are many."""
    return (mz, signal) if mz.size <= 1200 else drawable(mz, signal, 600)
