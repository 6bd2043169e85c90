"""A series of absorption spectra as a whole, drawn: components above noise, bands against time."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from alloyscope.report.style import FAINT, INK, MEASURED, SETTINGS, colour
from alloyscope.report.time_axis import TimeAxis, draw_time
from alloyscope.report.uvvis_course_text import brief_why, half_life, turn_text
from alloyscope.results.uvvis import UvvisRun
from alloyscope.uvvis.band_kinetics import BandCourse
from alloyscope.uvvis.rank import Rank

WIDTH = 7.4
MOST_SHAPES = 4
LEAST_DRAWN = 0.1
"""Singular value over noise below which all are drawn alike."""

DENSE = 300
FINE = np.concatenate([[0.0], np.geomspace(1e-3, 1e7, 4000)])
"""Points of a curve against time, and minutes among which they are taken."""


def times_of(run: UvvisRun) -> TimeAxis | None:
    """The time axis of a series; None where it has no times."""
    times = run.series.time_min
    return None if times is None else TimeAxis((0.0,), max(float(times[-1]), 1.0), ())


def singular_figure(run: UvvisRun) -> Figure:
    """Singular values against noise, and the spectra of the components."""
    assert run.course is not None
    rank = run.course.rank
    with rc_context(SETTINGS):
        figure = Figure(figsize=(WIDTH, 3.3))
        _draw_values(figure.add_axes((0.09, 0.15, 0.34, 0.75)), rank)
        shown = max(min(rank.rank + 1, MOST_SHAPES, rank.singular_values.size), 1)
        height = 0.75 / shown
        for k in range(shown):
            axes = figure.add_axes((0.54, 0.90 - (k + 1) * height, 0.43, 0.86 * height))
            _draw_shape(axes, run, rank, k)
            last = k == shown - 1
            axes.tick_params(labelbottom=last)
            if last:
                axes.set_xlabel("wavelength, nm")
        figure.text(0.54, 0.93, "shapes of the components", fontsize=9)
        return figure


def _draw_values(axes: Axes, rank: Rank) -> None:
    values = np.maximum(rank.singular_values, LEAST_DRAWN)
    number = np.arange(1, values.size + 1)
    counted = number <= rank.rank
    axes.plot(number[counted], values[counted], "o", color=colour(1), ms=5,
              label="component")  # fmt: skip
    axes.plot(number[~counted], values[~counted], "o", mfc="none", mec=INK, ms=5,
              label="noise")  # fmt: skip
    tested = np.isfinite(rank.threshold)
    axes.plot(number[tested], rank.threshold[tested], color=colour(0), lw=1.2,
              drawstyle="steps-mid", label="threshold")  # fmt: skip
    axes.set_yscale("log")
    axes.set_xlabel("component")
    axes.set_ylabel("singular value over noise")
    axes.xaxis.set_major_locator(MaxNLocator(8, integer=True))
    axes.set_title(f"{rank.rank} above noise", loc="left", pad=6)
    axes.legend(loc="upper right")


def _draw_shape(axes: Axes, run: UvvisRun, rank: Rank, k: int) -> None:
    counted = k < rank.rank
    axes.axhline(0.0, color=FAINT, lw=0.6)
    axes.plot(run.series.wavelength_nm, rank.spectra[k], lw=1.0,
              color=colour(1) if counted else FAINT)  # fmt: skip
    axes.set_xlim(run.series.wavelength_nm[0], run.series.wavelength_nm[-1])
    axes.set_yticks([])
    axes.set_ylabel(f"{k + 1}", rotation=0, labelpad=8, va="center",
                    color=MEASURED if counted else INK)  # fmt: skip


def kinetics_figure(run: UvvisRun) -> Figure:
    """Absorbance of each band against time with its fit."""
    assert run.course is not None
    kinetics, time = run.course.kinetics, times_of(run)
    assert kinetics is not None
    assert time is not None
    with rc_context(SETTINGS):
        figure = Figure(figsize=(WIDTH, 3.8))
        axes = figure.add_axes((0.09, 0.13, 0.66, 0.83))
        for k, course in enumerate(kinetics.each):
            _draw_course(axes, course, time, kinetics.times_min, colour(k))
        _name_courses(figure, axes, kinetics.each)
        draw_time(axes, time, labels=True)
        axes.set_ylabel("absorbance")
        return figure


def _draw_course(
    axes: Axes, course: BandCourse, time: TimeAxis, times: np.ndarray, ink: str
) -> None:
    along = np.linspace(0.8 * float(time.place(times[0])), time.stop, DENSE)
    dense = np.interp(along, time.place(FINE), FINE)
    axes.errorbar(time.place(times), course.absorbance, yerr=1.96 * course.sd, fmt="o", ms=4,
                  color=ink, elinewidth=0.8, clip_on=False)  # fmt: skip
    if not course.fitted:
        return
    axes.plot(time.place(dense), course.curve(dense), color=ink, lw=1.2,
              ls="-" if course.changes else (0, (4, 3)))  # fmt: skip


def _name_courses(figure: Figure, axes: Axes, courses: tuple[BandCourse, ...]) -> None:
    """Names beside the ends of curves, apart from one another."""
    tops = np.array([course.absorbance[-1] for course in courses])
    low, high = axes.get_ylim()
    order = np.argsort(tops)
    gap = 0.075 * (high - low) * (1 + max(len(course.constants) for course in courses)) / 1.6
    places = tops.astype(float)
    for before, after in pairwise(order):
        places[after] = max(places[after], places[before] + gap)
    excess = places.max() - high
    places -= max(excess, 0.0)
    for k, course in enumerate(courses):
        told = [half_life(one) if one.told else brief_why(one) for one in course.constants]
        told += turn_text(course).split("; ") if course.turn and not told else []
        text = "\n".join([f"{course.wavelength_nm:.0f} nm", *(told or ["no change"])])
        axes.annotate(text, (1.02, places[k]), xycoords=("axes fraction", "data"), fontsize=7,
                      va="center", color=colour(k), annotation_clip=False)  # fmt: skip
