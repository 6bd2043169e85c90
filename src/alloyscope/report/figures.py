"""Figures: a spectrum with its peaks named, ions laid over it, isotope patterns."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from alloyscope.assignment.overlay import Overlay
from alloyscope.case.schema import Show
from alloyscope.report.labels import Label, place_labels
from alloyscope.report.style import FAINT, INK, MEASURED, SETTINGS, colour
from alloyscope.report.typeset import pretty
from alloyscope.results import Look, OverlaidIon, Pattern
from alloyscope.spectra import ProfileSpectrum

Floats = NDArray[np.float64]
COLUMNS = 2000
"""Columns of pixels that a spectrum is drawn with; more points than that show their range."""

LABELS_ABREAST = 60
"""Labels that stand side by side in the width of a figure."""

DOMINANCE = 1.3
"""Labels' widths within which a peak must be the tallest to get one."""

MOST_CONSIDERED = 2000
TINY = 1e-300
SCALES = {
    "least-squares": "simulated, scaled by least squares",
    "tallest": "simulated, tallest peak scaled to the measured",
    "area": "simulated, area scaled to the measured",
}


def look_figure(look: Look, show: Show) -> Figure:
    """The spectrum with its peaks named, and below it one panel an ion.

    Envelopes lie over the measured signal or, mirrored, below it, scaled as `show.normalise` says.
    """
    laid = [(k, ion, ion.overlay) for k, ion in enumerate(look.ions) if ion.overlay is not None]
    if len(laid) == 1 and _fills(laid[0][2], look):
        return _one_panel(look, *laid[0], show)
    rows = -(-len(laid) // 2)
    with rc_context(SETTINGS):
        figure = Figure(figsize=(10.0, 4.3 + 2.8 * rows), layout="constrained")
        grid = figure.add_gridspec(1 + rows, 2, height_ratios=[1.5] + [1.0] * rows)
        top = figure.add_subplot(grid[0, :])
        _draw_spectrum(top, look)
        for place, (k, ion, lay) in enumerate(laid):
            _draw_simulated(top, lay, colour(k), show, lw=0.9)
            cell = grid[1 + place // 2, place % 2] if len(laid) > 1 else grid[1, :]
            _draw_overlay(figure.add_subplot(cell), ion, lay, colour(k), show)
        _label_spectrum(top, look, show.labels)
        return figure


def _fills(lay: Overlay, look: Look) -> bool:
    """Whether the ion's window is most of what is looked at."""
    first, last = look.spectrum.mz_range
    return lay.window[1] - lay.window[0] > 0.6 * (last - first)


def _one_panel(look: Look, k: int, ion: OverlaidIon, lay: Overlay, show: Show) -> Figure:
    with rc_context(SETTINGS):
        figure = Figure(figsize=(10.0, 4.8), layout="constrained")
        axes = figure.add_subplot()
        _draw_spectrum(axes, look)
        _draw_simulated(axes, lay, colour(k), show, lw=1.1)
        _label_spectrum(axes, look, show.labels)
        axes.set_title(_caption(ion, lay, show), loc="right", fontsize=7, color=INK)
        return figure


def pattern_figure(patterns: Sequence[Pattern]) -> Figure:
    """One panel an ion: aggregated peaks as sticks, the envelope over them."""
    with rc_context(SETTINGS):
        figure = Figure(figsize=(7.0, 2.7 * len(patterns)), layout="constrained")
        panels = figure.subplots(len(patterns), 1, squeeze=False)[:, 0]
        for k, (axes, pattern) in enumerate(zip(panels, patterns, strict=True)):
            _draw_pattern(axes, pattern, colour(k))
        return figure


def drawable(mz: Floats, signal: Floats, columns: int = COLUMNS) -> tuple[Floats, Floats]:
    """The curve as it is drawn: lowest and highest point of each column, broken at gaps.

    A gap is a part that was not recorded; a NaN stands in it, so that no line spans it.
    """
    steps = np.diff(mz)
    limit = 1.0 + 200 * np.median(steps) if steps.size > 10 else np.inf
    wide = np.flatnonzero(steps > limit)
    if mz.size > 2 * columns:
        edges = np.searchsorted(mz, np.linspace(mz[0], mz[-1], columns + 1)[:-1])
        starts = np.unique(np.concatenate((edges, wide + 1)))
    else:
        starts = np.arange(mz.size)
    low, high = np.minimum.reduceat(signal, starts), np.maximum.reduceat(signal, starts)
    x, y = np.repeat(mz[starts], 2), np.column_stack((low, high)).ravel()
    breaks = 2 * np.searchsorted(starts, wide + 1)
    return np.insert(x, breaks, x[breaks - 1]), np.insert(y, breaks, np.nan)


def _draw_spectrum(axes: Axes, look: Look) -> None:
    mz, signal = np.asarray(look.spectrum.mz), np.asarray(look.spectrum.intensity)
    if isinstance(look.spectrum, ProfileSpectrum):
        axes.plot(*drawable(mz, signal), color=MEASURED, lw=0.7)
    else:
        axes.vlines(mz, 0.0, signal, color=MEASURED, lw=0.8)
    axes.set_xlim(*_padded(mz[0], mz[-1]))
    axes.axhline(0.0, color=FAINT, lw=0.5, zorder=0)


def _padded(low: float, high: float) -> tuple[float, float]:
    margin = 0.02 * (high - low) or 0.5
    return low - margin, high + margin


def _tallest(look: Look) -> float:
    return float(np.max(look.spectrum.intensity)) or 1.0


def _label_spectrum(axes: Axes, look: Look, count: int) -> None:
    axes.set_title(look.spectrum.acquisition.source, loc="left")
    axes.set_xlabel("m/z")
    axes.set_ylabel("intensity, as read")
    bottom = min(0.0, float(axes.dataLim.y0))
    axes.set_ylim(bottom * 1.05, 1.05 * _tallest(look))
    labels = _ion_labels(look)
    labels += _peak_labels(look, [label.x for label in labels], count)
    place_labels(axes, labels)


def _ion_labels(look: Look) -> list[Label]:
    """The names of the ions whose tallest peak is in view."""
    first, last = look.spectrum.mz_range
    return [
        Label(lay.mz_measured, float(np.max(lay.measured)), pretty(ion.facts.ion), colour(k))
        for k, ion in enumerate(look.ions)
        if (lay := ion.overlay) is not None and first <= lay.mz_measured <= last
    ]


def _peak_labels(look: Look, taken: list[float], count: int) -> list[Label]:
    """The m/z of the tallest peaks that no taller one stands close to."""
    if look.peaks is None:
        return []
    first, last = look.spectrum.mz_range
    near = DOMINANCE * (last - first) / LABELS_ABREAST
    labels: list[Label] = []
    for index in np.argsort(-look.peaks.intensity):
        if len(labels) == count:
            break
        mz = float(look.peaks.mz[index])
        if all(abs(mz - other) > near for other in taken):
            labels.append(Label(mz, float(look.peaks.intensity[index]), f"{mz:.3f}", INK))
        # Passed over or not, it hides smaller ones beside it.
        taken = [*taken, mz]
        if len(taken) > MOST_CONSIDERED:
            break
    return labels


def _draw_simulated(axes: Axes, lay: Overlay, ink: str, show: Show, lw: float) -> None:
    """The envelope at its fitted place, over the measured signal or mirrored below."""
    if lay.resolving_power is None:
        sign = -1.0 if show.view == "mirror" else 1.0
        heights = sign * scale_of(lay, show.normalise) * lay.envelope.probability
        axes.vlines(
            lay.envelope.mz + lay.shifted.shift, 0.0, heights, color=ink, lw=lw + 1, alpha=0.6
        )
        return
    grid, signal = lay.envelope.curve()
    grid = grid + lay.shifted.shift
    inside = (grid >= lay.mz[0]) & (grid <= lay.mz[-1])
    signal = scale_of(lay, show.normalise) * signal[inside]
    if show.view == "mirror":
        axes.plot(grid[inside], -signal, color=ink, lw=lw)
        return
    axes.plot(grid[inside], signal, color=ink, lw=lw)
    axes.fill_between(grid[inside], 0.0, signal, color=ink, alpha=0.15, lw=0)


def scale_of(lay: Overlay, normalise: str) -> float:
    """What the simulated signal is multiplied with to be drawn with the measured."""
    if normalise == "least-squares":
        return lay.shifted.scale
    if lay.resolving_power is None:
        simulated = lay.envelope.probability
        areas = lay.measured.sum(), simulated.sum()
    else:
        simulated = lay.envelope.at(lay.mz - lay.shifted.shift)
        areas = np.trapezoid(lay.measured, lay.mz), np.trapezoid(simulated, lay.mz)
    if normalise == "tallest":
        areas = lay.measured.max(), simulated.max()
    return float(areas[0] / max(areas[1], TINY))


def _draw_overlay(axes: Axes, ion: OverlaidIon, lay: Overlay, ink: str, show: Show) -> None:
    if lay.resolving_power is None:
        axes.vlines(lay.mz, 0.0, lay.measured, color=MEASURED, lw=0.9)
    else:
        axes.plot(*drawable(lay.mz, lay.measured), color=MEASURED, lw=0.9)
    _draw_simulated(axes, lay, ink, show, lw=1.1)
    axes.axhline(0.0, color=FAINT, lw=0.5, zorder=0)
    axes.set_title(pretty(ion.facts.ion), loc="left", color=ink)
    axes.set_xlim(*lay.window)
    low, high = axes.get_ylim()
    axes.set_ylim(low, high + 0.38 * (high - low))
    axes.set_xlabel("m/z")
    axes.text(0.015, 0.985, _caption(ion, lay, show), transform=axes.transAxes, fontsize=7,
              va="top", color=INK, linespacing=1.35)  # fmt: skip


def _caption(ion: OverlaidIon, lay: Overlay, show: Show) -> str:
    electrons = "" if ion.facts.electrons is None else f"{ion.facts.electrons} electrons · "
    fitted = " (fitted)" if lay.resolving_power_fitted else ""
    power = "peak list" if lay.resolving_power is None else f"R {lay.resolving_power:.0f}{fitted}"
    return (
        f"{electrons}{lay.error_ppm:+.1f} ppm · {power}\n"
        f"cosine {lay.shifted.cosine:.3f}, R² {lay.shifted.r2:.3f} with free scale and shift\n"
        f"dark: measured; colour: {SCALES[show.normalise]}"
    )


def _draw_pattern(axes: Axes, pattern: Pattern, ink: str) -> None:
    share = pattern.probability / pattern.probability.max()
    label = "isotopologues" if pattern.fine else "aggregated peaks"
    axes.vlines(pattern.mz, 0.0, share, color=ink, lw=1.2, label=label)
    if pattern.envelope is not None:
        grid, signal = pattern.envelope.curve()
        axes.plot(grid, signal / signal.max(), color=MEASURED, lw=0.8,
                  label=f"envelope at R = {pattern.envelope.resolving_power:g}, "
                        f"{pattern.envelope.shape}")  # fmt: skip
    visible = pattern.mz[share > 1e-3]
    axes.set_xlim(*_padded(visible[0] - 0.5, visible[-1] + 0.5))
    axes.set_ylim(0.0, 1.22)
    axes.set_title(pretty(pattern.facts.ion), loc="left")
    axes.set_xlabel("m/z" if pattern.facts.ion.charge else "mass, Da")
    axes.set_ylabel("relative to tallest")
    axes.legend(loc="upper right")
