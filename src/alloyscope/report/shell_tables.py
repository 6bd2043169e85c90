"""Shells of two kinds of ligand as CSV."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from alloyscope.report.assignment_tables import Cell, csv_text
from alloyscope.report.shell_text import told_apart
from alloyscope.results.shells import MixedShells, ShellSeen, ShellsSeen
from alloyscope.shells.fit import finite
from alloyscope.shells.series import ShellSeries

LEAST = 1e-6
"""Fractions below this are left out of a simulation's table."""


def shell_csvs(seen: ShellsSeen) -> dict[str, str]:
    """Every table by its file name."""
    texts = {"distribution.csv": ligands_csv(seen.each), "fit.csv": fit_csv(seen.each)}
    if seen.series is not None:
        texts["series.csv"] = series_csv(seen.series, [one.source for one in seen.each])
    return texts


def ligands_csv(each: Sequence[ShellSeen]) -> str:
    """Fractions of every k, those of the random shell of the measured mean and of the model shown.

    One row a k; errors and models are left empty where neighbouring k are not told apart.
    """
    head = ["source", "framework", "ligand", "k", "amount", "fraction", "fraction_sd", "random",
            "model", "model_fraction"]  # fmt: skip
    return csv_text(head, (row for one in each for row in _k_rows(one)))


def _k_rows(one: ShellSeen) -> Iterator[list[Cell]]:
    seen = one.comparison.distribution
    # Of the k that were looked at, so that fractions add up to 1 in every column.
    random, model = one.comparison.expected[seen.k], one.shown.shell[seen.k]
    model = model / model.sum()
    for j, k in enumerate(seen.k):
        told: list[Cell] = ["", "", "", ""]
        if told_apart(one):
            told = [f"{seen.fraction_sd[j]:.4g}", f"{random[j]:.6g}", one.shown.model,
                    f"{model[j]:.6g}"]  # fmt: skip
        yield [one.source, seen.framework, seen.ligand, int(k), f"{seen.amount[j]:.8g}",
               f"{seen.fraction[j]:.8g}", *told]  # fmt: skip


def fit_csv(each: Sequence[ShellSeen]) -> str:
    """Every parameter of every model; empty where an end of an interval is open."""
    head = ["source", "framework", "ligand", "model", "parameter", "value", "sd", "low95", "high95",
            "unit", "deviance", "freedom", "p_value", "bic", "p_against_random"]  # fmt: skip
    return csv_text(head, (row for one in each if told_apart(one) for row in _fit_rows(one)))


def _fit_rows(one: ShellSeen) -> Iterator[list[Cell]]:
    seen = one.comparison.distribution
    tests = {test.model: test.p_value for test in one.comparison.tests}
    for fit in one.comparison.fits:
        for p in fit.parameters:
            ends = [_cell(value) for value in (p.value, p.sd, p.low, p.high)]
            yield [one.source, seen.framework, seen.ligand, fit.model, p.name, *ends, p.unit,
                   f"{fit.deviance:.6g}", fit.freedom, _cell(fit.p_value), f"{fit.bic:.6g}",
                   _cell(tests.get(fit.model, float("nan")))]  # fmt: skip


def series_csv(series: ShellSeries, sources: Sequence[str]) -> str:
    """One row a condition; errors are left empty where neighbouring k are not told apart."""
    head = ["source", "at", "mean", "mean_sd", "constant", "constant_sd"]
    constants = series.constants or (None,) * series.at.size
    return csv_text(head, (
        [source, f"{at:g}", f"{mean:.6g}", f"{sd:.4g}" if series.told else "",
         "" if one is None else _cell(one.constant),
         _cell(one.sd) if one is not None and series.told else ""]
        for source, at, mean, sd, one in zip(sources, series.at, series.mean, series.sd, constants,
                                             strict=True)
    ))  # fmt: skip


def mixed_csvs(found: MixedShells) -> dict[str, str]:
    """Shells of a simulation at the times asked for: what reservoirs hold, and distributions."""
    every = found.every
    held = ["time_min", "reservoir", "ligands", "foreign", "share", "mean_k", "sd_k"]
    rows: list[list[Cell]] = []
    fractions: list[list[Cell]] = []
    for k in found.sampled:
        for column, name in enumerate(every.reservoirs):
            mean = sd = ""
            if name in found.frameworks:
                mean, sd = _cell(every.mean(name)[k]), _cell(every.sd(name)[k])
            label = found.reservoir_name(name)
            rows.append([f"{every.times[k]:.10g}", label, f"{every.ligands[k, column]:.8g}",
                         f"{every.foreign_ligands[k, column]:.8g}", _cell(every.share(name)[k]),
                         mean, sd])  # fmt: skip
            if mean:
                shell = every.shells[name][k]
                fractions += [[f"{every.times[k]:.10g}", label, int(n), f"{shell[n]:.6g}"]
                              for n in np.flatnonzero(shell >= LEAST)]  # fmt: skip
    return {
        "shells.csv": csv_text(held, rows),
        "shell_distribution.csv": csv_text(["time_min", "framework", "k", "fraction"], fractions),
    }  # fmt: skip


def _cell(value: float) -> str:
    known = finite(value)
    return "" if known is None else f"{known:.6g}"
