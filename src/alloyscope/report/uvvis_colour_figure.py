"""The colour of the solution drawn as swatches: spectra in rows, depth in columns."""

from __future__ import annotations

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from alloyscope.report.style import INK, SETTINGS
from alloyscope.report.uvvis_names import SKETCH, spectrum_name
from alloyscope.results.uvvis import DEPTHS, UvvisRun
from alloyscope.uvvis.colour import Colour

WIDTH, ROW = 7.4, 0.42
MOST_ROWS = 20


def colour_figure(run: UvvisRun) -> Figure:
    """Swatches with their names, those as measured framed."""
    n = len(run.colours)
    rows = sorted({round(k) for k in np.linspace(0, n - 1, min(n, MOST_ROWS))})
    head, foot = 0.55, 0.3
    tall = head + ROW * len(rows) + foot
    with rc_context(SETTINGS):
        figure = Figure(figsize=(WIDTH, tall))
        axes = figure.add_axes((0.16, foot / tall, 0.58, ROW * len(rows) / tall))
        for at, row in enumerate(rows):
            for column, one in enumerate(run.colours[row]):
                _swatch(axes, column, len(rows) - 1 - at, one)
            _name_row(axes, run, row, len(rows) - 1 - at)
        axes.set_xlim(0, len(DEPTHS))
        axes.set_ylim(0, len(rows))
        axes.set_xticks([])
        axes.set_axis_off()
        for column, depth in enumerate(DEPTHS):
            axes.annotate(f"{depth * run.path_cm:g} cm", (column + 0.5, len(rows)), (0, 4),
                          textcoords="offset points", ha="center", fontsize=8)  # fmt: skip
        light = run.colours[0][0].illuminant
        figure.text(0.16, 1 - 0.17 / tall, f"depth of solution looked through, light {light}",
                    fontsize=8.5, va="center")  # fmt: skip
        figure.text(0.16, 0.08 / tall, "framed: as measured; × beyond what a screen can show",
                    fontsize=7.5, color=INK)  # fmt: skip
        return figure


def _swatch(axes: Axes, column: int, row: int, one: Colour) -> None:
    measured = one.dilution == 1.0
    axes.add_patch(Rectangle((column + 0.04, row + 0.08), 0.92, 0.84, facecolor=one.hex,
                             edgecolor="#000000" if measured else "#c9ced6",
                             lw=1.3 if measured else 0.6))  # fmt: skip
    if not one.in_gamut:
        ink = "#000000" if one.lab[0] > 55 else "#ffffff"
        axes.text(column + 0.87, row + 0.74, "×", ha="center", va="center", fontsize=7, color=ink)


def _name_row(axes: Axes, run: UvvisRun, row: int, at: int) -> None:
    measured = next(one for one in run.colours[row] if one.dilution == 1.0)
    axes.annotate(spectrum_name(run, row)[:18], (0, at + 0.5), (-6, 0), ha="right", va="center",
                  textcoords="offset points", fontsize=8)  # fmt: skip
    said = f"{measured.name}, {SKETCH}" if measured.sketch else measured.name
    axes.annotate(said, (len(DEPTHS), at + 0.5), (6, 0), ha="left", va="center",
                  textcoords="offset points", fontsize=8)  # fmt: skip
