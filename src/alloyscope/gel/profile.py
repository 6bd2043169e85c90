"""Lanes of a gel as they were digitised: distance against intensity, one lane or several."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from alloyscope.errors import GelError, message
from alloyscope.gel.kernel import Floats
from alloyscope.spectra.formats.text_dialect import Ambiguous, Dialect, dialect_of
from alloyscope.spectra.formats.text_encoding import decoded

FEWEST = 16
"""Points below which a lane has no shape."""

LARGEST = 1 << 26
"""Bytes of a file that may be a lane profile."""

SAMPLE = 400
"""Lines that tell how a table is written."""

TOLERATED = 2
"""Rows without numbers, in the middle of a table, that are left out and said."""

BEYOND_NOISE, LEAST_SHARE = 1.5, 0.02
"""A band stands above its surroundings by so many sd more than noise alone is expected to, from its
lowest to its highest point, and by this share of the tallest point."""

LEAST_NOISE = 1e-3
"""Over the tallest point: what the rounding of an 8-bit image makes, 1 / (256 sqrt(12)). A lane
that shows less is smoothed or computed, and tells nothing of its noise."""


@dataclass(frozen=True, eq=False)
class LaneProfile:
    """One lane.

    distance  : (n,) from the well, ascending, in the file's unit
    intensity : (n,) in the file's unit
    notes     : what was done to the file's numbers
    Raises GelError for arrays that do not fit, too few points, or numbers that are none.
    """

    name: str
    distance: Floats
    intensity: Floats
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        where = lane_called(self.name)
        if self.distance.shape != self.intensity.shape or self.distance.ndim != 1:
            raise GelError(message(where, found="columns of different length", expected="pairs"))
        if self.distance.size < FEWEST:
            raise GelError(
                message(where, found=f"{self.distance.size} points",
                        expected=f"{FEWEST} or more along the lane")
            )  # fmt: skip
        if not (np.isfinite(self.distance).all() and np.isfinite(self.intensity).all()):
            raise GelError(message(where, found="values that are no numbers", expected="numbers"))
        if not (np.diff(self.distance) > 0).all():
            raise GelError(message(where, found="distances that do not ascend", expected="ascent"))


@dataclass(frozen=True)
class LaneBand:
    """A band found in a lane.

    position, position_sd, width : in the lane's unit; width at half height
    height : above its surroundings, in the lane's unit of intensity
    signal_to_noise : of that height; at most one over `LEAST_NOISE`
    """

    position: float
    position_sd: float
    width: float
    height: float
    signal_to_noise: float


def lane_called(name: str) -> str:
    """A lane as it is spoken of; a name that says so itself needs no word before it.

    >>> lane_called("3"), lane_called("lane3")
    ('lane 3', 'lane3')
    """
    return name if name.lower().startswith("lane") else f"lane {name}"


def read_lane_profile(path: Path) -> tuple[LaneProfile, ...]:
    """Lanes of a text table whose first column is the distance and each further one a lane.

    Any delimiter and decimal mark; names of the lanes from the row above the numbers.
    Raises GelError that names the file, and the line where there is one.
    """
    lines = _lines(path)
    dialect = dialect_of(lines[:SAMPLE])
    if isinstance(dialect, Ambiguous):
        raise GelError(
            message(path.name, found=f"commas that can be read in two ways: {dialect.doubt}",
                    expected="another delimiter", do="Save it with tabs or semicolons.")
        )  # fmt: skip
    if dialect is None:
        raise _no_table(path)
    start, rows, dropped = _table(lines, dialect, path)
    width = len(rows[0])
    names = _names(lines[:start], dialect, width)
    table = np.array(rows)
    notes = [f"{dropped} rows without numbers left out."] if dropped else []
    distance = table[:, 0]
    if (np.diff(distance) < 0).all():
        table, distance = table[::-1], distance[::-1]
        notes.append("The file's distances descend: read from its end.")
    if not (np.diff(distance) > 0).all():
        at = int(np.flatnonzero(np.diff(table[:, 0]) <= 0)[0])
        raise GelError(
            message(f"{path.name} line {start + at + 2}",
                    found=f"distance {table[at + 1, 0]:g} after {table[at, 0]:g}",
                    expected="distances that ascend, in the first column")
        )  # fmt: skip
    try:
        return tuple(
            LaneProfile(names[k], distance, table[:, k + 1], tuple(notes)) for k in range(width - 1)
        )
    except GelError as error:
        raise GelError(f"{path.name}: {error}") from error


def _lines(path: Path) -> list[str]:
    try:
        if path.stat().st_size > LARGEST:
            raise GelError(message(path.name, found="more than 64 MB", expected="a lane profile"))
        text = decoded(path.read_bytes())
    except OSError as error:
        reason = error.strerror or str(error)
        raise GelError(message(str(path), found=reason, expected="a lane profile")) from error
    if text is None:
        raise GelError(
            message(path.name, found="bytes that are no text", expected="a table of distance and "
                    "intensity", do="Export the lane from the program that read the image.")
        )  # fmt: skip
    return text.lstrip("\ufeff").split("\n")


def _no_table(path: Path) -> GelError:
    return GelError(
        message(path.name, found="no table", expected="distance and intensity in two columns or "
                "more of numbers")
    )  # fmt: skip


def _table(
    lines: Sequence[str], dialect: Dialect, path: Path
) -> tuple[int, list[list[float]], int]:
    """Index of the first row of numbers, the rows, and how many others were left out."""
    start, rows, dropped = -1, list[list[float]](), 0
    for k, line in enumerate(lines):
        numbers = [dialect.number(field) for field in dialect.split(line)]
        if len(numbers) >= 2 and None not in numbers:
            start = k if start < 0 else start
            rows.append([float(n) for n in numbers if n is not None])
            if len(rows[-1]) != len(rows[0]):
                raise GelError(
                    message(f"{path.name} line {k + 1}", found=f"{len(rows[-1])} columns",
                            expected=f"{len(rows[0])}, as above")
                )  # fmt: skip
        elif line.strip() and start >= 0:
            dropped += 1
            if dropped > TOLERATED:
                raise GelError(
                    message(f"{path.name} line {k + 1}", found=f'"{line.strip()[:40]}"',
                            expected="numbers in every column")
                )  # fmt: skip
    if not rows:
        raise _no_table(path)
    return start, rows, dropped


def _names(above: Sequence[str], dialect: Dialect, width: int) -> list[str]:
    head = next((dialect.split(line.lstrip("#% ")) for line in reversed(above) if line.strip()), [])
    if len(head) == width and all(re.search(r"\w", name) for name in head[1:]):
        return head[1:]
    return [str(k + 1) for k in range(width - 1)]


def noise_of(intensity: NDArray[np.float64]) -> float:
    """1 sd of independent noise, from second differences, which bands hardly touch."""
    second = np.diff(intensity, 2)
    return float(1.4826 * np.median(np.abs(second - np.median(second))) / np.sqrt(6))


def lane_bands(profile: LaneProfile) -> tuple[LaneBand, ...]:
    """Bands that stand out of a lane, from the well on.

    A shoulder without a top of its own is not found. Raises GelError where nothing stands out.
    """
    from scipy.ndimage import gaussian_filter1d
    from scipy.signal import find_peaks, peak_widths

    raw = profile.intensity
    tallest = float(np.ptp(raw))
    noise = max(noise_of(raw), LEAST_NOISE * max(tallest, 1e-300))
    smooth = max(1.0, raw.size / 400)
    curve = gaussian_filter1d(raw, smooth)
    # Smoothing over s points lowers independent noise by the root of 2 s sqrt(pi).
    left = noise / np.sqrt(2 * smooth * np.sqrt(np.pi))
    strong = 2 * np.sqrt(2 * np.log(raw.size)) + BEYOND_NOISE
    least = max(strong * left, LEAST_SHARE * tallest)
    tops, of = find_peaks(curve, prominence=least, width=1.0)
    if not tops.size or tallest <= 0:
        raise GelError(
            message(lane_called(profile.name), found="no band that stands out of the noise",
                    expected="one or more",
                    do="Bands must be peaks: invert the intensity where they are dips.")
        )  # fmt: skip
    widths, _, left_edge, right_edge = peak_widths(curve, tops, rel_height=0.5)
    step = float(np.median(np.diff(profile.distance)))
    found = []
    for k, top in enumerate(tops):
        position = _centre(profile.distance, curve, int(top), left_edge[k], right_edge[k])
        height, width = float(of["prominences"][k]), float(widths[k]) * step
        sd = width / 2.355
        # Least error of the place of a Gaussian in white noise; and half a step of digitising.
        error = noise / height * np.sqrt(2 * sd * step / np.sqrt(np.pi))
        found.append(LaneBand(position, float(np.hypot(error, step / np.sqrt(12))), width, height,
                              height / noise))  # fmt: skip
    return tuple(found)


def _centre(distance: Floats, curve: Floats, top: int, left: float, right: float) -> float:
    """Vertex of the parabola through the upper part of a peak."""
    reach = max(2, int(0.35 * (right - left)))
    low, high = max(0, top - reach), min(curve.size, top + reach + 1)
    x = distance[low:high] - distance[top]
    a, b, _ = np.polyfit(x, curve[low:high], 2)
    shift = -b / (2 * a) if a < 0 else 0.0
    return float(distance[top] + np.clip(shift, x[0], x[-1]))
