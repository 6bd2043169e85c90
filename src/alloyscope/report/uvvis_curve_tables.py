"""Curves of absorption spectra as CSV: bands as fitted, differences from the first spectrum."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from alloyscope.constants import EV_NM
from alloyscope.report.assignment_tables import Cell, csv_text
from alloyscope.results.uvvis import UvvisRun
from alloyscope.uvvis.bands import BandAnalysis

Floats = NDArray[np.float64]


def band_curves_csv(run: UvvisRun) -> str:
    """Every point of the spectra analysed: measured, fitted, each band, second derivative.

    Bands are numbered as `bands.csv` lists them; the second derivative is in 1/eV^2.
    """
    most = max((len(found.bands) for found in run.bands), default=0)
    head = ["spectrum", "time_min", "wavelength_nm", "energy_ev", "measured", "fitted",
            "background", *(f"band_{k + 1}" for k in range(most)), "second_derivative",
            "second_derivative_sd"]  # fmt: skip
    times = run.series.time_min
    rows: list[list[Cell]] = []
    for index, found in zip(run.analysed, run.bands, strict=True):
        time = None if times is None else f"{times[index]:g}"
        rows += [[run.series.names[index], time, *map(_cell, point)]
                 for point in _points(found, most)]  # fmt: skip
    return csv_text(head, rows)


def _points(found: BandAnalysis, most: int) -> Floats:
    """(n_points, most + 7) numbers of one spectrum; NaN for bands that it does not have."""
    wavelength = found.wavelength_nm
    bands = np.full((most, wavelength.size), np.nan)
    bands[: len(found.bands)] = found.contributions
    columns = [wavelength, EV_NM / wavelength, found.absorbance, found.fitted, found.background]
    return np.stack([*columns, *bands, *_derivative(found)], axis=1)


def _derivative(found: BandAnalysis) -> tuple[Floats, Floats]:
    """The second derivative and its sd at the points of the spectrum; NaN where there is none."""
    seen, energy = found.derivative, EV_NM / found.wavelength_nm
    told = np.isfinite(seen.sd) if seen is not None else np.zeros(0, np.bool_)
    if seen is None or not told.any():
        return np.full(energy.size, np.nan), np.full(energy.size, np.nan)
    value, sd = (np.interp(energy, seen.energy[told], one[told], np.nan, np.nan)
                 for one in (seen.curvature, seen.sd))  # fmt: skip
    return np.asarray(value), np.asarray(sd)


def differences_csv(run: UvvisRun) -> str:
    """Spectra less the first, in columns."""
    series = run.series
    values = np.stack([series.wavelength_nm, *(series.absorbance[1:] - series.absorbance[0])], 1)
    head = ["wavelength_nm", *(f"{name} - {series.names[0]}" for name in series.names[1:])]
    return csv_text(head, ([_cell(value) for value in row] for row in values))


def _cell(value: float) -> Cell:
    return f"{value:.6g}" if np.isfinite(value) else None
