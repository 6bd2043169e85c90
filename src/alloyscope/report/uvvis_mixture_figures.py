"""Mixtures drawn: the fit and what it leaves, spectra of components, shares against time."""

from __future__ import annotations

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from alloyscope.chemistry.species import Ion
from alloyscope.report.style import FAINT, INK, MEASURED, SETTINGS, colour
from alloyscope.report.time_axis import draw_time
from alloyscope.report.typeset import pretty
from alloyscope.report.uvvis_course_figures import times_of
from alloyscope.report.uvvis_mixture_text import foreign
from alloyscope.report.uvvis_names import component_name, spectrum_name
from alloyscope.results.uvvis import UvvisRun
from alloyscope.uvvis.unmixing import Unmixing

WIDTH = 7.4
MOST_DRAWN = 3
"""Mixtures whose fit is drawn."""

MOST_TICKS = 14
FOREIGN = "something else is here: shares are of what the components explain, not of the sample"
RESIDUAL = 4.5
"""Height of the axes of residuals, at least, over noise."""


def unmixing_figure(run: UvvisRun) -> Figure:
    """The first, middle and last mixture with its fit, and the residual over noise beneath."""
    found = run.unmixed
    assert found is not None
    n = len(found)
    rows = sorted({0, n - 1, _worst(found)})[:MOST_DRAWN]
    upper, lower, head, foot, gap = 1.9, 0.75, 0.28, 0.5, 0.2
    each = head + upper + lower + gap
    legend = 0.167 * (len(found.names) + bool(found.nuisance_terms.names)) + 0.07
    tall = len(rows) * each + foot + legend
    with rc_context(SETTINGS):
        figure = Figure(figsize=(WIDTH, tall))
        top = tall - legend
        for row in rows:
            above = figure.add_axes((0.09, (top - head - upper) / tall, 0.88, upper / tall))
            below = figure.add_axes((0.09, (top - head - upper - lower) / tall, 0.88,
                                     lower / tall))  # fmt: skip
            _draw_fit(above, run, found, row)
            _draw_residual(below, found, row)
            if row == rows[-1]:
                below.set_xlabel("wavelength, nm")
            top -= each
        handles, names = figure.axes[0].get_legend_handles_labels()
        figure.legend(handles, names, loc="upper left", bbox_to_anchor=(0.08, 1.0), ncols=1,
                      fontsize=8, borderpad=0.2)  # fmt: skip
        return figure


def _worst(found: Unmixing) -> int:
    """The spectrum that leaves most structure, or the middle one."""
    p = found.goodness.p_value
    return int(np.argmin(p)) if found.goodness.something_else else len(found) // 2


def _draw_fit(axes: Axes, run: UvvisRun, found: Unmixing, row: int) -> None:
    wavelength = found.wavelength_nm
    measured = found.fitted[row] + found.residual[row]
    axes.plot(wavelength, measured, color=FAINT, lw=3.5, alpha=0.6)
    axes.plot(wavelength, found.fitted[row], color=MEASURED, lw=1.0)
    for k in range(len(found.names)):
        part = found.amounts[row, k] * found.component_spectra[k]
        axes.plot(wavelength, part, color=colour(k), lw=1.3, label=drawn_name(run, k))
    ground = found.fitted[row] - found.amounts[row] @ found.component_spectra
    if found.nuisance_terms.names:
        axes.plot(wavelength, ground, color=INK, lw=0.9, ls=(0, (4, 3)),
                  label=" and ".join(found.nuisance_terms.names))  # fmt: skip
    axes.set_xlim(wavelength[0], wavelength[-1])
    axes.tick_params(labelbottom=False, bottom=False)
    axes.set_ylabel("absorbance")
    p = float(found.goodness.p_value[row])
    said = "" if not np.isfinite(p) else f", p = {p:.2g}" if p >= 1e-4 else ", p < 0.0001"
    axes.set_title(f"{spectrum_name(run, row)}{said}", loc="left", pad=4)


def _draw_residual(axes: Axes, found: Unmixing, row: int) -> None:
    left = found.residual[row] / found.noise[row]
    axes.axhspan(-2, 2, color=FAINT, alpha=0.3, lw=0)
    axes.axhline(0.0, color=FAINT, lw=0.6)
    axes.plot(found.wavelength_nm, left, color=INK, lw=0.6)
    axes.set_xlim(found.wavelength_nm[0], found.wavelength_nm[-1])
    axes.set_ylim(-RESIDUAL, max(RESIDUAL, 1.05 * float(left.max())))
    axes.set_ylim(min(-RESIDUAL, 1.05 * float(left.min())), axes.get_ylim()[1])
    axes.yaxis.set_major_locator(MaxNLocator(3, integer=True, symmetric=True))
    axes.set_ylabel("residual\nover noise", fontsize=7.5)
    axes.yaxis.set_label_coords(-0.063, 0.5)
    axes.tick_params(axis="y", labelsize=7.5)


def components_figure(run: UvvisRun) -> Figure:
    """Spectra of the components, with noise and with what turns leave open."""
    found = run.unmixed
    assert found is not None
    each, foot, n = 1.55, 0.5, len(found.names)
    tall = n * (each + 0.28) + foot
    with rc_context(SETTINGS):
        figure = Figure(figsize=(WIDTH, tall))
        for k in range(n):
            bottom = tall - (k + 1) * (each + 0.28)
            axes = figure.add_axes((0.09, bottom / tall, 0.88, each / tall))
            _draw_component(axes, run, found, k)
            axes.tick_params(labelbottom=k == n - 1)
            if k == n - 1:
                axes.set_xlabel("wavelength, nm")
        return figure


def _draw_component(axes: Axes, run: UvvisRun, found: Unmixing, k: int) -> None:
    wavelength, value, sd = found.wavelength_nm, found.component_spectra[k], found.component_sd[k]
    if found.feasible is not None and k >= n_known(found):
        low, high = found.feasible.spectra_low[k], found.feasible.spectra_high[k]
        axes.fill_between(wavelength, low, high, color=colour(k), alpha=0.18, lw=0)
    axes.fill_between(wavelength, value - sd, value + sd, color=colour(k), alpha=0.45, lw=0)
    axes.plot(wavelength, value, color=colour(k), lw=1.2)
    axes.set_xlim(wavelength[0], wavelength[-1])
    axes.set_ylim(bottom=min(0.0, float(value.min())))
    axes.set_ylabel("absorbance")
    open_end = "" if found.unique[k] else ": not unique" if k >= n_known(found) else (
        ": its amounts are not unique"
    )  # fmt: skip
    axes.set_title(drawn_name(run, k) + open_end, loc="left", color=colour(k), pad=3)


def drawn_name(run: UvvisRun, k: int) -> str:
    """A component as figures print it; of a sketch this is said."""
    assert run.unmixed is not None
    species = run.unmixed.species[k]
    name = run.unmixed.names[k]
    return component_name(run, k).replace(name, pretty(Ion.of(species))) if species else name


def n_known(found: Unmixing) -> int:
    """Components that were given as references."""
    return len(found.names) - found.n_unknown


def fractions_figure(run: UvvisRun) -> Figure:
    """Shares of the components in each spectrum, with 95 % intervals; hollow where all is not told.

    In a spectrum that shows something else, shares are of what the components make up of it.
    """
    found, time = run.unmixed, times_of(run)
    assert found is not None
    low, high = found.fraction_interval
    hollow = np.flatnonzero(foreign(found))
    with rc_context(SETTINGS):
        legend = 0.19 * (len(found.names) + (hollow.size > 0)) + 0.1
        tall = 3.4 + legend
        figure = Figure(figsize=(WIDTH, tall))
        axes = figure.add_axes((0.09, 0.5 / tall, 0.88, 2.8 / tall))
        at = np.arange(len(found), dtype=float)
        if time and found.time_min is not None:
            at = time.place(found.time_min)
        for k in range(len(found.names)):
            value = 100 * found.fraction[:, k]
            bars = np.abs(np.stack([value - 100 * low[:, k], 100 * high[:, k] - value]))
            axes.errorbar(at, value, yerr=bars, fmt="o-", ms=4, lw=1.0, color=colour(k),
                          elinewidth=0.9, capsize=2, clip_on=False,
                          label=drawn_name(run, k))  # fmt: skip
            axes.plot(at[hollow], value[hollow], "o", ms=4, mfc="white", mec=colour(k),
                      clip_on=False, zorder=3)  # fmt: skip
        if hollow.size:
            axes.plot([], [], "o", ms=4, mfc="white", mec=INK, label=FOREIGN)
        axes.set_ylabel("share, %")
        axes.set_ylim(-3, 103)
        if time:
            draw_time(axes, time, labels=True)
        else:
            _name_spectra(axes, found)
        figure.legend(loc="upper left", bbox_to_anchor=(0.08, 1.0), fontsize=8, borderpad=0.2)
        return figure


def _name_spectra(axes: Axes, found: Unmixing) -> None:
    step = max(-(-len(found) // MOST_TICKS), 1)
    shown = range(0, len(found), step)
    axes.set_xticks(list(shown), [found.spectra[k] for k in shown], rotation=30, ha="right",
                    fontsize=7)  # fmt: skip
