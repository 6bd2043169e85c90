"""Minutes since the first of clock times, dates with times, or milliseconds since 1970."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# 10:02:33.5 as people write it, and 10-02-33-500 as OceanView puts it in the names of files.
_CLOCK = re.compile(
    r"(?<![\d:])(\d{1,2}):(\d{2}):(\d{2}(?:[.,]\d+)?)(?![\d:])"
    r"|(?<![\d-])(\d{2})-(\d{2})-(\d{2})-(\d{3})(?![\d-])"
)
_EPOCH_MS = 1e11
_DAY = 86_400.0


def clock_minutes(labels: Sequence[str]) -> Floats | None:
    """Minutes (n_labels,) from the first; None where a label has no time, or they do not ascend.

    >>> clock_minutes(["23:59:00", "00:01:30"])
    array([0. , 2.5])
    """
    seconds = _milliseconds(labels)
    if seconds is None:
        seconds = _dates(labels)
    if seconds is None:
        seconds = _clocks(labels)
    if seconds is None or not (np.diff(seconds) > 0).all():
        return None
    return np.asarray((seconds - seconds[0]) / 60)


def _milliseconds(labels: Sequence[str]) -> Floats | None:
    try:
        values = np.array([float(label) for label in labels])
    except ValueError:
        return None
    return values / 1000 if ((values > _EPOCH_MS) & (values < 1e14)).all() else None


def _dates(labels: Sequence[str]) -> Floats | None:
    try:
        stamps = [datetime.fromisoformat(label.strip()) for label in labels]
        return np.array([(stamp - stamps[0]).total_seconds() for stamp in stamps])
    except (ValueError, TypeError):
        return None


def _clocks(labels: Sequence[str]) -> Floats | None:
    found = [list(_CLOCK.finditer(label[:300])) for label in labels]
    if any(len(matches) != 1 for matches in found):
        return None
    seconds = np.array([_seconds(matches[0]) for matches in found])
    return np.asarray(np.where(seconds < seconds[0], seconds + _DAY, seconds))


def _seconds(match: re.Match[str]) -> float:
    if match[1]:
        return int(match[1]) * 3600 + int(match[2]) * 60 + float(match[3].replace(",", "."))
    hours, minutes, seconds, thousandths = (int(match[i]) for i in range(4, 8))
    return hours * 3600 + minutes * 60 + seconds + thousandths / 1000
