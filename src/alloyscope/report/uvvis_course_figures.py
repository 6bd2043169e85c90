"""A series of absorption spectra as a whole, drawn: components above noise, bands against time."""

from __future__ import annotations

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from alloyscope.report.style import FAINT, INK, IONS, MEASURED, SETTINGS, colour
from alloyscope.report.time_axis import TimeAxis, draw_time
from alloyscope.report.uvvis_course_text import brief_why, half_life, turn_text
from alloyscope.results.uvvis import UvvisRun
from alloyscope.uvvis.band_kinetics import BandCourse
from alloyscope.uvvis.rank import Rank

Floats = NDArray[np.float64]
WIDTH = 7.4
LINE, GAP, LETTER = 0.125, 0.08, 0.062
"""Inches that a line, what is between two names, and a letter take in names of bands."""

MORE_INKS = ("#7a3b12", "#4b5d16", "#27348b", "#111111")
"""Of bands beyond those that `IONS` has colours for."""

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
    """Absorbance of each band against time with its fit, as high as the names of bands need."""
    assert run.course is not None
    kinetics, time = run.course.kinetics, times_of(run)
    assert kinetics is not None
    assert time is not None
    names = [_name_of(course) for course in kinetics.each]
    letters = max(len(line) for name in names for line in name)
    heights = np.array([LINE * len(name) + GAP for name in names])
    tall = max(3.3, float(heights.sum()))
    with rc_context(SETTINGS):
        figure = Figure(figsize=(WIDTH, tall + 0.65))
        wide = WIDTH - 0.67 - 0.2 - LETTER * letters
        axes = figure.add_axes((0.67 / WIDTH, 0.5 / (tall + 0.65), wide / WIDTH,
                                tall / (tall + 0.65)))  # fmt: skip
        for k, course in enumerate(kinetics.each):
            _draw_course(axes, course, time, kinetics.times_min, _ink(k))
        _name_courses(axes, kinetics.each, names, heights / tall)
        draw_time(axes, time, labels=True)
        axes.set_ylabel("absorbance")
        return figure


def _ink(index: int) -> str:
    """A colour of its own for each of a dozen bands."""
    inks = (*IONS, *MORE_INKS)
    return inks[index % len(inks)]


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


def _name_of(course: BandCourse) -> list[str]:
    """Lines beside the end of a curve."""
    told = [half_life(one) if one.told else brief_why(one) for one in course.constants]
    turns = turn_text(course).split("; ") if course.turn and not told else []
    return [f"{course.wavelength_nm:.0f} nm", *(told or turns or ["no change"])]


def _name_courses(
    axes: Axes, courses: tuple[BandCourse, ...], names: list[list[str]], heights: Floats
) -> None:
    """Names beside the ends of curves, apart from one another and within the axes.

    heights : of each name, parts of the axes' height
    """
    low, high = axes.get_ylim()
    wanted = (np.array([course.absorbance[-1] for course in courses]) - low) / (high - low)
    for k, place in enumerate(apart(wanted, heights)):
        axes.annotate("\n".join(names[k]), (1.0, float(place)), (9, 0), fontsize=7, va="center",
                      xycoords="axes fraction", textcoords="offset points", color=_ink(k),
                      linespacing=1.15, annotation_clip=False)  # fmt: skip


def apart(wanted: Floats, heights: Floats) -> Floats:
    """Places as near to those wanted as may be, none on another, all within 0 and 1.

    wanted, heights : (n,); heights add up to 1 or less
    """
    places, order = wanted.astype(float), np.argsort(wanted)
    floor = 0.0
    for k in order:
        places[k] = max(places[k], floor + heights[k] / 2)
        floor = places[k] + heights[k] / 2
    ceiling = 1.0
    for k in order[::-1]:
        places[k] = min(places[k], ceiling - heights[k] / 2)
        ceiling = places[k] - heights[k] / 2
    return places
