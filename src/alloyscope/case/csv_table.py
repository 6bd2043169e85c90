"""Tables with named columns that users give: their text, their amounts, what stands beside them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from alloyscope.errors import CaseError, message

Row = Mapping[str, str | None]


def table_text(path: Path, expected: str, given: Path | None = None, found: str = "") -> str:
    """Text of a table.

    expected, found : for the error; found by the system's reason where it is not stated
    given           : what the user named, where that is not the table itself
    Raises CaseError when the file is missing or is not text.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = found or getattr(error, "strerror", None) or str(error)
        raise CaseError(message(str(given or path), found=reason, expected=expected)) from error


def stated_amount(text: str | None, where: str, *, least: float = 0.0, do: str = "") -> float:
    """A cell's number, of 0 or more unless another least is stated. Raises CaseError else.

    do : what to do, for the error
    """
    try:
        value = float(text or "")
    except ValueError:
        value = float("nan")
    if not (least <= value < float("inf") and value > -float("inf")):
        expected = f"a number of {least:g} or more" if least > -float("inf") else "a number"
        raise CaseError(message(where, found=f'"{text}"', expected=expected, do=do))
    return value


def abundance_covariance(path: Path, rows: Sequence[Row]) -> NDArray[np.float64] | None:
    """Of the abundances, where assignment.json stands beside the table and is of the same ions.

    Raises CaseError for an assignment.json that `alloyscope assign` did not write.
    """
    beside = path.with_name("assignment.json")
    if not beside.is_file():
        return None
    try:
        found = json.loads(beside.read_text(encoding="utf-8"))["assign"]
        ions = [ion["ion"] for ion in found["ions"]]
        matrix = np.array(found["abundance_covariance"], float)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CaseError(
            message(str(beside), found=f"{type(error).__name__}: {error}",
                    expected="what alloyscope assign writes beside ions.csv")
        ) from error  # fmt: skip
    same = ions == [row.get("ion") for row in rows] and matrix.shape == (len(rows),) * 2
    return matrix if same and bool(np.isfinite(matrix).all()) else None
