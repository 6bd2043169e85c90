"""How much of each kind of cluster there is at each time: a table, or the case's reaction."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from alloyscope.case.csv_table import stated_amount
from alloyscope.case.reaction import reaction_of
from alloyscope.case.reference_spectra import species_called
from alloyscope.case.schema import Case
from alloyscope.chemistry.ligand import Vocabulary
from alloyscope.chemistry.species import Species
from alloyscope.data import csv_rows, read_table
from alloyscope.errors import CaseError, ReactionError, message
from alloyscope.reaction.experiment import Experiment, parse_ratio, time_text
from alloyscope.reaction.reaction import Reaction
from alloyscope.reaction.simulate import simulate
from alloyscope.speciation import Condition, Speciation
from alloyscope.spectra.absorption_spectrum import AbsorptionSeries

Floats = NDArray[np.float64]
LEAST = 0.02
"""Clusters per cluster fed that a framework has to reach at some time to be looked for."""

ALIKE_NOTE = "All clusters of a framework are taken to absorb alike, whatever their metals."

ALIKE = 1e-3
"""Relative difference of two times that are the same."""


@dataclass(frozen=True, eq=False)
class Populations:
    """How much of each kind of cluster there is at the times of a series.

    names      : (n_kinds,) as tables and figures call them
    speciation : (n_times, n_kinds); of a framework, a species of its mean composition
    notes      : what is assumed, one sentence each
    """

    names: tuple[str, ...]
    speciation: Speciation
    notes: tuple[str, ...] = ()


def populations_of(case: Case, vocabulary: Vocabulary, series: AbsorptionSeries) -> Populations:
    """Populations at the times of a series, by the case's file or by its reaction.

    Raises CaseError for spectra without times, times or columns that are missing, TableError.
    """
    if series.time_min is None:
        raise CaseError(
            message(series.source, found="spectra without times", expected="a time course",
                    do="State them: --times 2min,10min,20h.")
        )  # fmt: skip
    times = series.time_min
    if case.uvvis.ratio:
        return _predicted(case, vocabulary, times)
    path = Path(case.uvvis.populations)
    return _read(path, case, vocabulary, times)


def _predicted(case: Case, vocabulary: Vocabulary, times: Floats) -> Populations:
    reaction = reaction_of(case, vocabulary)
    try:
        feed = Experiment(parse_ratio(case.uvvis.ratio, reaction))
        run = simulate(reaction, feed, times)
    except ReactionError as error:
        raise CaseError(f"case [uvvis] ratio: {error}") from error
    kinds, amounts, means = [], [], []
    for name, framework in reaction.by_name.items():
        total = run.total[name]
        if total.max() < LEAST:
            continue
        kinds.append(name if name == framework.label else f"{framework.label} ({name})")
        amounts.append(total)
        x = np.average(run.mean_count(name), weights=total)
        means.append(_typical(reaction, vocabulary, name, float(x)))
    note = (f"Populations are what the case's reaction predicts of a feed of {case.uvvis.ratio}: "
            "the spectra found are no surer than it is.")  # fmt: skip
    return _made(kinds, means, np.stack(amounts, axis=1), times, (note, ALIKE_NOTE))


def _typical(reaction: Reaction, vocabulary: Vocabulary, name: str, x: float) -> Species:
    """A framework's species of mean composition, in whole atoms."""
    framework = reaction.by_name[name]
    first = min(max(round(x), 0), framework.metals)
    metals = {reaction.metals[0]: first, reaction.metals[1]: framework.metals - first}
    ligand = vocabulary.ligand(reaction.ligand)
    return Species.of({m: n for m, n in metals.items() if n}, {ligand: framework.ligands},
                      framework.charge)  # fmt: skip


def _read(path: Path, case: Case, vocabulary: Vocabulary, times: Floats) -> Populations:
    rows = csv_rows(read_table(path))
    head = list(rows[0]) if rows else []
    if "time_min" not in head:
        raise CaseError(
            message(path.name, found=f"columns {', '.join(head) or 'none'}",
                    expected="time_min, and framework with clusters, or a column for each species",
                    do="frameworks.csv of simulate is one such table.")
        )  # fmt: skip
    long = "framework" in head
    table = _by_framework(rows, path) if long else _by_column(rows, path)
    names = [name for name, course in table.items() if max(course.values(), default=0.0) >= LEAST]
    if not names:
        raise CaseError(
            message(path.name, found=f"nothing that reaches {LEAST:g}",
                    expected="populations of one species or more")
        )  # fmt: skip
    amounts = np.array([[_at(table[name], float(t), path) for name in names] for t in times])
    species = [_species(name, case, vocabulary, path) for name in names]
    aliases = {row["framework"]: row.get("alias", "") for row in rows} if long else {}
    shown = [f"{name} ({aliases[name]})" if aliases.get(name) else name for name in names]
    return _made(shown, species, amounts, times, (ALIKE_NOTE,) if long else ())


def _by_framework(rows: list[dict[str, str]], path: Path) -> dict[str, dict[float, float]]:
    """Clusters by framework and time; of single compositions the sum."""
    column = next((c for c in ("clusters", "fraction", "share") if c in rows[0]), None)
    if column is None:
        raise CaseError(
            message(path.name, found="frameworks without amounts",
                    expected="a column clusters, fraction or share")
        )  # fmt: skip
    found: dict[str, dict[float, float]] = {}
    for number, row in enumerate(rows, 2):
        course = found.setdefault(row["framework"], {})
        time = _number(row, "time_min", number, path)
        course[time] = course.get(time, 0.0) + _number(row, column, number, path)
    times = sorted({time for course in found.values() for time in course})
    return {name: {t: course.get(t, 0.0) for t in times} for name, course in found.items()}


def _by_column(rows: list[dict[str, str]], path: Path) -> dict[str, dict[float, float]]:
    names = [name for name in rows[0] if name != "time_min" and not name.endswith("_sd")]
    return {
        name: {_number(row, "time_min", k, path): _number(row, name, k, path)
               for k, row in enumerate(rows, 2)}
        for name in names
    }  # fmt: skip


def _number(row: dict[str, str], column: str, line: int, path: Path) -> float:
    return stated_amount(row.get(column) or "", f"{path.name} row {line} {column}")


def _at(course: dict[float, float], time: float, path: Path) -> float:
    near = min(course, key=lambda t: abs(t - time))
    if abs(near - time) > ALIKE * max(time, 1.0):
        raise CaseError(
            message(path.name, found=f"no row for {time_text(time)}, the time of a spectrum",
                    expected="populations at the times of all spectra",
                    do="Simulate them: alloyscope simulate --times ..., or use --ratio.")
        )  # fmt: skip
    return course[near]


def _species(name: str, case: Case, vocabulary: Vocabulary, path: Path) -> Species:
    for text in (name, f"{name} x=0"):
        found = species_called(text, case, vocabulary)
        if found:
            return found
    raise CaseError(
        message(path.name, found=f'"{name}"', expected="a species, or a framework of the case",
                do="Name the case that has it: --case au44-ag44.")
    )  # fmt: skip


def _made(
    names: list[str], species: list[Species], amounts: Floats, times: Floats,
    notes: tuple[str, ...],
) -> Populations:  # fmt: skip
    conditions = tuple(Condition(time_text(float(t)), time_min=float(t)) for t in times)
    speciation = Speciation(
        tuple(species), conditions, amounts, np.zeros_like(amounts),
        np.zeros((*amounts.shape, 0)), "clusters", "clusters fed so far",
    )  # fmt: skip
    return Populations(tuple(names), speciation, notes)
