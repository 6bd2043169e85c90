"""Absorption spectra drawn: a series with its crossings, bands with their second derivative."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from matplotlib import colormaps, rc_context
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import ListedColormap, Normalize
from matplotlib.figure import Figure
from numpy.typing import NDArray

from alloyscope.constants import EV_NM
from alloyscope.report.labels import Label, draw_led, lead_labels
from alloyscope.report.style import FAINT, INK, MEASURED, SETTINGS, colour
from alloyscope.report.time_axis import TimeAxis
from alloyscope.report.uvvis_colour_figure import colour_figure
from alloyscope.report.uvvis_course_figures import kinetics_figure, singular_figure, times_of
from alloyscope.report.uvvis_mixture_figures import (
    components_figure,
    fractions_figure,
    unmixing_figure,
)
from alloyscope.report.uvvis_names import SKETCH, spectrum_name
from alloyscope.report.uvvis_species_figure import species_figure
from alloyscope.results.uvvis import UvvisRun
from alloyscope.uvvis.bands import BandAnalysis

Floats = NDArray[np.float64]
Draw = Callable[[UvvisRun], Figure]
WIDTH = 7.4
MOST_NAMED = 12
"""Spectra of a series without times that get a name each."""

SHADES = ListedColormap(colormaps["viridis"](np.linspace(0.0, 0.9, 256)))
"""Perceptually uniform, without the yellow that white paper swallows."""


def figures_of(run: UvvisRun) -> dict[str, Draw]:
    """What draws each figure that has something to show, by name."""
    found: dict[str, Draw] = {}
    course = run.course
    if run.colours:
        found["colour"] = colour_figure
    if course:
        found["series"] = series_figure
        found["differences"] = differences_figure
    if run.unmixed:
        found |= {"unmixing": unmixing_figure, "components": components_figure}
        if len(run.unmixed) > 1:
            found["fractions"] = fractions_figure
    if run.species:
        found["species"] = species_figure
    found["bands"] = bands_figure
    if course:
        found["singular-values"] = singular_figure
        if course.kinetics and course.kinetics.each:
            found["kinetics"] = kinetics_figure
    return found


def series_figure(run: UvvisRun) -> Figure:
    """All spectra, coloured by time, and where they cross."""
    series, time = run.series, times_of(run)
    with rc_context(SETTINGS):
        figure = Figure(figsize=(WIDTH, 3.9))
        axes = _draw_series(figure, run, series.absorbance, time)
        _mark_crossings(axes, run)
        return figure


def differences_figure(run: UvvisRun) -> Figure:
    """All spectra less the first, coloured by time: what comes is above 0, what goes below."""
    with rc_context(SETTINGS):
        figure = Figure(figsize=(WIDTH, 3.9))
        absorbance = run.series.absorbance
        axes = _draw_series(figure, run, absorbance - absorbance[0], times_of(run))
        axes.set_ylabel(f"absorbance less that of {spectrum_name(run, 0)}")
        return figure


def _draw_series(figure: Figure, run: UvvisRun, curves: Floats, time: TimeAxis | None) -> Axes:
    """A curve for each spectrum, coloured by time or named."""
    series = run.series
    axes = figure.add_axes((0.09, 0.125, 0.76, 0.84))
    at = time.place(series.time_min) / time.stop if time and series.time_min is not None else (
        np.linspace(0.0, 1.0, len(series))
    )  # fmt: skip
    for k, row in enumerate(curves):
        axes.plot(series.wavelength_nm, row, color=SHADES(float(at[k])), lw=1.1,
                  label=series.names[k])  # fmt: skip
    axes.set_xlim(series.wavelength_nm[0], series.wavelength_nm[-1])
    name_axes(axes)
    if time:
        _time_bar(figure, time)
    elif len(series) <= MOST_NAMED:
        axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1.02), fontsize=7)
    return axes


def name_axes(axes: Axes, *, below: bool = True) -> None:
    """Write what the axes of a spectrum are."""
    axes.set_ylabel("absorbance")
    if below:
        axes.set_xlabel("wavelength, nm")


def _time_bar(figure: Figure, time: TimeAxis) -> None:
    bar = figure.add_axes((0.88, 0.125, 0.018, 0.84))
    shades = ScalarMappable(Normalize(0.0, time.stop), SHADES)
    drawn = figure.colorbar(shades, cax=bar)
    places, names = time.ticks()
    drawn.set_ticks([0.0, *places], labels=["0 min", *names])
    bar.tick_params(labelsize=7.5)


def _mark_crossings(axes: Axes, run: UvvisRun) -> None:
    """A line at each crossing; full and named by its place where it stays."""
    assert run.course is not None
    points = run.course.isosbestic.points
    absorbance = run.series.absorbance
    top = float(absorbance.max())
    for point in points:
        stays = point.verdict == "clean"
        axes.vlines(point.wavelength_nm, 0.0, top, color=INK if stays else FAINT, lw=0.8,
                    ls="-" if stays else (0, (4, 3)), zorder=0)  # fmt: skip
        if stays:
            axes.plot(point.wavelength_nm, point.absorbance, "o", ms=5, mfc="none", mec=MEASURED,
                      mew=1.0)  # fmt: skip
    ordered = sorted(points, key=lambda one: one.verdict != "clean")
    labels = [
        Label(one.wavelength_nm, top, f"{one.wavelength_nm:.0f}",
              MEASURED if one.verdict == "clean" else FAINT) for one in ordered
    ]  # fmt: skip
    write_labels(axes, labels, run.series.wavelength_nm,
                 np.full(run.series.wavelength_nm.size, top))  # fmt: skip


def write_labels(axes: Axes, labels: list[Label], wavelength: Floats, tops: Floats) -> None:
    """Upright labels above curves, none on another; room is made for them."""
    figure = axes.get_figure(root=True)
    assert figure is not None
    figure.draw_without_rendering()

    def tallest(low: float, high: float) -> float:
        inside = (wavelength >= low) & (wavelength <= high)
        return float(tops[inside].max()) if inside.any() else 0.0

    placed = lead_labels(axes, labels, tallest)
    bottom, top = axes.get_ylim()
    height = axes.get_window_extent().height * 72.0 / figure.dpi
    for one in placed:
        top = max(top, one.top(bottom, height))
    axes.set_ylim(bottom, top)
    draw_led(axes, placed)


def bands_figure(run: UvvisRun) -> Figure:
    """Each analysed spectrum with its bands, and its second derivative beneath."""
    n, upper, lower, head, foot, gap = len(run.bands), 2.1, 0.85, 0.28, 0.5, 0.22
    each = head + upper + lower + gap
    tall = n * each + foot
    with rc_context(SETTINGS):
        figure = Figure(figsize=(WIDTH, tall))
        top = tall
        for k, (index, found) in enumerate(zip(run.analysed, run.bands, strict=True)):
            place = (0.09, (top - head - upper) / tall, 0.88, upper / tall)
            above = figure.add_axes(place)
            below = figure.add_axes((0.09, (top - head - upper - lower) / tall, 0.88,
                                     lower / tall), sharex=above)  # fmt: skip
            name = spectrum_name(run, index) if len(run.series) > 1 else run.series.names[index]
            title = f"{name}: {found.verdict}" + (f" ({SKETCH})" if found.sketch else "")
            above.set_title(title, loc="left", pad=4)
            _draw_bands(above, found)
            _draw_derivative(below, found)
            below.tick_params(labelbottom=True)
            if k == n - 1:
                below.set_xlabel("wavelength, nm")
            top -= each
        return figure


def _draw_bands(axes: Axes, found: BandAnalysis) -> None:
    wavelength = found.wavelength_nm
    ground = np.zeros_like(wavelength) if found.background is None else found.background
    axes.plot(wavelength, found.absorbance, ".", color=FAINT, ms=2.0, rasterized=True)
    axes.plot(wavelength, ground, color=INK, lw=0.8, ls=(0, (4, 3)))
    for k, band in enumerate(found.bands):
        ink = colour(k) if band.sure else FAINT
        axes.plot(wavelength, ground + found.contributions[k], color=ink, lw=1.0)
        axes.fill_between(wavelength, ground, ground + found.contributions[k], color=ink,
                          alpha=0.12, lw=0)  # fmt: skip
    axes.plot(wavelength, found.fitted, color=MEASURED, lw=1.3)
    axes.set_xlim(wavelength.min(), wavelength.max())
    axes.tick_params(labelbottom=False, bottom=False)
    name_axes(axes, below=False)
    rank = [(not band.sure, -band.significance) for band in found.bands]
    order = sorted(range(len(found.bands)), key=rank.__getitem__)
    sorted_at = np.argsort(wavelength)
    labels = [
        Label(found.bands[k].position_nm,
              float(np.interp(found.bands[k].position_nm, wavelength[sorted_at],
                              found.fitted[sorted_at])),
              _band_label(found, k), colour(k) if found.bands[k].sure else INK)
        for k in order
    ]  # fmt: skip
    write_labels(axes, labels, wavelength, np.maximum(found.absorbance, found.fitted))


def _band_label(found: BandAnalysis, k: int) -> str:
    band = found.bands[k]
    short = " sh" if band.kind == "shoulder" else ""
    return f"{band.position_nm:.0f}{short}{'' if band.sure else ' ?'}"


def _draw_derivative(axes: Axes, found: BandAnalysis) -> None:
    axes.set_ylabel("d²A/dE²\n1/eV²", fontsize=7.5)
    axes.yaxis.set_label_coords(-0.063, 0.5)
    axes.tick_params(axis="y", labelsize=7.5)
    seen = found.derivative
    if seen is None:
        axes.text(0.5, 0.5, "too few points for a second derivative", transform=axes.transAxes,
                  ha="center", va="center", color=INK)  # fmt: skip
        axes.set_yticks([])
        return
    finite = np.isfinite(seen.sd)
    at, value, sd = EV_NM / seen.energy[finite], seen.curvature[finite], seen.sd[finite]
    axes.fill_between(at, -3 * sd, 3 * sd, color=FAINT, alpha=0.35, lw=0)
    axes.axhline(0.0, color=FAINT, lw=0.6)
    axes.plot(at, value, color=MEASURED, lw=1.0)
    for k, band in enumerate(found.bands):
        if band.sure:
            axes.axvline(band.position_nm, color=colour(k), lw=0.7, ls=(0, (2, 2)))
