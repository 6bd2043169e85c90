"""Spectra of species solved for from their populations, drawn with those populations."""

from __future__ import annotations

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from alloyscope.report.style import SETTINGS, colour
from alloyscope.report.time_axis import draw_time
from alloyscope.report.uvvis_course_figures import times_of
from alloyscope.results.uvvis import UvvisRun

WIDTH = 7.4


def species_figure(run: UvvisRun) -> Figure:
    """Spectra with 1 sd above, populations against time below."""
    found, known, time = run.species, run.populations, times_of(run)
    assert found is not None
    assert known is not None
    assert time is not None
    legend = 0.19 * len(known.names) + 0.1
    tall = 5.3 + legend
    with rc_context(SETTINGS):
        figure = Figure(figsize=(WIDTH, tall))
        above = figure.add_axes((0.09, 2.45 / tall, 0.88, 2.75 / tall))
        below = figure.add_axes((0.09, 0.5 / tall, 0.88, 1.35 / tall))
        for k, name in enumerate(known.names):
            value, sd = found.absorptivity[k], found.sd[k]
            above.fill_between(found.wavelength_nm, value - sd, value + sd, color=colour(k),
                               alpha=0.3, lw=0)  # fmt: skip
            above.plot(found.wavelength_nm, value, color=colour(k), lw=1.2, label=name)
            _draw_population(below, run, k)
        above.set_xlim(found.wavelength_nm[0], found.wavelength_nm[-1])
        above.set_ylim(0.0, _top(found.absorptivity))
        above.set_xlabel("wavelength, nm")
        above.set_ylabel("absorbance, were all this" if "absorbance" in found.unit else found.unit)
        below.set_ylabel("clusters per\ncluster fed", fontsize=8)
        below.yaxis.set_label_coords(-0.052, 0.5)
        below.set_ylim(bottom=0.0)
        draw_time(below, time, labels=True)
        figure.legend(*above.get_legend_handles_labels(), loc="upper left", fontsize=8,
                      bbox_to_anchor=(0.08, 1.0), borderpad=0.2)  # fmt: skip
        return figure


def _draw_population(axes: Axes, run: UvvisRun, k: int) -> None:
    known, time = run.populations, times_of(run)
    assert known is not None
    assert time is not None
    at = time.place([one.time_min or 0.0 for one in known.speciation.conditions])
    axes.plot(at, known.speciation.amount[:, k], "o-", ms=4, lw=1.0, color=colour(k),
              clip_on=False)  # fmt: skip


def _top(values: np.ndarray) -> float:
    return 1.06 * max(float(values.max()), 1e-12)
