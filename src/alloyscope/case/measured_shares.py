"""Shares of compositions from the tables that `alloyscope assign` writes."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from alloyscope.case.csv_table import abundance_covariance, stated_amount, table_text
from alloyscope.case.observation_section import SpeciationEntry
from alloyscope.errors import CaseError, message
from alloyscope.reaction.measured import (
    SpeciationObservation,
    State,
    observation_of_amounts,
)
from alloyscope.reaction.observation import Point
from alloyscope.reaction.reaction import Reaction

Floats = NDArray[np.float64]
Row = dict[str, str]

ABUNDANCES = ("framework", "abundance", "abundance_sd")
FRACTIONS = ("framework", "fraction", "fraction_sd", "share")
"""Columns of ions.csv and of distribution.csv that are used, beside those of the metals."""


def read_measured_shares(
    path: Path, entry: SpeciationEntry, point: Point, reaction: Reaction
) -> SpeciationObservation:
    """What ions.csv or distribution.csv says of a reaction.

    The covariance of ions.csv is taken from assignment.json beside it, where that is of the same
    ions; else amounts count as independent, as those of distribution.csv always do.
    Raises CaseError that names the file, row and column; ReactionError where nothing fits.
    """
    rows = _rows(path)
    by_ions = _columns(path, rows[0], reaction)
    states = [_state(path, k, row, reaction) for k, row in enumerate(rows, 1)]
    if by_ions:
        amount, sd = (_numbers(path, rows, key) for key in ABUNDANCES[1:])
        covariance = abundance_covariance(path, rows)
        names = [row.get("ion") or row["framework"] for row in rows]
    else:
        fraction, spread, share = (_numbers(path, rows, key) for key in FRACTIONS[1:])
        amount, sd, covariance = fraction * share, spread * share, None
        names = [f"{label} {counts}" for label, counts in states]
    whole = np.diag(sd**2) if covariance is None else covariance
    return observation_of_amounts(
        entry.id or path.name, (point,), states, names, amount[None, :], whole, reaction,
        entry.basis, entry.model_sd,
    )  # fmt: skip


def _rows(path: Path) -> list[Row]:
    text = table_text(path, "ions.csv or distribution.csv of assign")
    rows = list(csv.DictReader(text.splitlines()))
    if not rows:
        raise CaseError(message(str(path), found="no rows", expected="one a species"))
    return rows


def _columns(path: Path, row: Row, reaction: Reaction) -> bool:
    """Whether the columns are those of ions.csv. Raises CaseError when they are of neither."""
    metals = {f"n_{metal}" for metal in reaction.metals}
    if not metals & row.keys():
        raise CaseError(
            message(str(path), found="no column of " + ", ".join(sorted(metals)),
                    expected="counts of the reaction's metals")
        )  # fmt: skip
    for columns in (ABUNDANCES, FRACTIONS):
        if set(columns) <= row.keys():
            return columns is ABUNDANCES
    raise CaseError(
        message(str(path), found="columns " + ", ".join(row),
                expected=f"{', '.join(ABUNDANCES)} or {', '.join(FRACTIONS)}")
    )  # fmt: skip


def _state(path: Path, number: int, row: Row, reaction: Reaction) -> State:
    counts = [row.get(f"n_{metal}") or "0" for metal in reaction.metals]
    if not all(count.isdigit() for count in counts):
        raise CaseError(
            message(f"{path} row {number}", found=f"counts {', '.join(counts)}",
                    expected="whole numbers of atoms")
        )  # fmt: skip
    return row["framework"], tuple(int(count) for count in counts)


def _numbers(path: Path, rows: list[Row], key: str) -> Floats:
    return np.array([
        stated_amount(row[key], f"{path} row {number} {key}")
        for number, row in enumerate(rows, 1)
    ])  # fmt: skip
