"""Which columns or rows of a table are spectra: side by side, in pairs, or one in each row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from alloyscope.errors import UnreadableSpectrum, message
from alloyscope.spectra.formats.absorption_clock import clock_minutes
from alloyscope.spectra.formats.absorption_headings import Headings, headings_of, is_axis
from alloyscope.spectra.formats.absorption_table import Block
from alloyscope.spectra.formats.absorption_trace import Trace
from alloyscope.spectra.formats.absorption_units import (
    XUnit,
    YUnit,
    sample_name,
    time_in,
    time_unit_in,
    x_unit_of,
    y_unit_of,
)

Floats = NDArray[np.float64]
# Wavelengths at which anybody measures solutions; m/z and points on other axes lie elsewhere.
LOWEST_NM, HIGHEST_NM = 150.0, 3500.0
_AT_WAVELENGTH = re.compile(r"\D{0,12}?(\d{3,4}(?:\.\d+)?)\s?nm\)?", re.I)
_MASS = re.compile(r"\bm\s?/\s?z\b|\bmass\b|\bmoverz\b|\bthomsons?\b|\bcharge\b", re.I)
# The instrument's own baseline, which Cary exports beside the samples.
_BASELINE = re.compile(r"^\W*baseline\b|\b(?:100|0)\s?%\s?T\b", re.I)
MOST_LABELS = 3


@dataclass(frozen=True)
class Laid:
    """Spectra of one table, with what was passed over."""

    traces: tuple[Trace, ...]
    time_unit: float | None
    notes: tuple[str, ...]


def traces_of(block: Block, where: str) -> Laid:
    """The spectra of a table.

    Raises UnreadableSpectrum for a table of something else, or one that can be read both ways.
    """
    numbers, rows = block.numbers, block.rows
    labels, text_corner = _labels(block)
    across = numbers[0, labels:][~np.isnan(numbers[0, labels:])]
    down = numbers[1:, 0]
    above = headings_of(block)
    if _MASS.search(" ".join((*above.columns, *above.names))) and not any(
        is_axis(cell) for cell in above.columns
    ):
        raise _no_absorption(where, "columns of a mass spectrum", "alloyscope assign reads those.")
    wavelengths = _headed_wavelengths(above, numbers.shape[1])
    if wavelengths is not None:
        return _one_in_each_row(block, above, wavelengths, 0)
    is_across, is_down = _is_axis_of_nm(across), _is_axis_of_nm(down) or _headed_energy(above)
    said = (rows[0][0] if rows[0] else "", above.column(0), above.name(0))
    says_down = any(map(is_axis, said))
    if is_across and across.size >= 3 and (not is_down or (text_corner and not says_down)):
        if is_down and not any("time" in cell.lower() for cell in said):
            raise _both_ways(where)
        return _one_in_each_row(block, above, None, labels)
    first_row = text_corner or _odd_corner(numbers)
    if not first_row:
        if time_unit_in(above.column(0)) is not None and not is_axis(above.column(0)):
            raise _no_absorption(where, f"values against '{above.column(0)}'",
                                 "A time course needs whole spectra.")  # fmt: skip
        return _columns(numbers, above, where)
    heads = headings_of(block, tuple(rows[0]))
    return _columns(numbers[1:], replace(heads, title=above.title), where)


def _labels(block: Block) -> tuple[int, bool]:
    """Leading cells of the first row that are no wavelengths or times, and whether it has any."""
    first = block.numbers[0]
    texts = int(np.argmax(~np.isnan(first)))
    cells = block.rows[0]
    odd = not LOWEST_NM <= first[0] <= HIGHEST_NM
    if texts == 0 and odd and first.size > 3 and _is_axis_of_nm(first[1:]):
        return 1, False
    return min(texts, MOST_LABELS), texts > 0 and not any(
        cell.upper().startswith(("OVER", "*")) for cell in cells[:texts]
    )


def _is_axis_of_nm(values: Floats) -> bool:
    """Whether the numbers go one way within the range of wavelengths."""
    values = values[~np.isnan(values)]
    if values.size < 2 or values.min() < LOWEST_NM or values.max() > HIGHEST_NM:
        return False
    steps = np.diff(values)
    return bool(max((steps > 0).mean(), (steps < 0).mean()) > 0.9)


def _headed_energy(heads: Headings) -> bool:
    first = heads.column(0)
    return is_axis(first) and x_unit_of(first) != "nm"


def _odd_corner(numbers: Floats) -> bool:
    """Whether the first row is one of times, with a 0 or a gap in its corner: a matrix saved."""
    return bool(
        numbers.shape[0] > 2 and numbers.shape[1] > 2
        and _is_axis_of_nm(numbers[1:, 0]) and not LOWEST_NM <= numbers[0, 0] <= HIGHEST_NM
    )  # fmt: skip


def _headed_wavelengths(heads: Headings, width: int) -> Floats | None:
    """Wavelengths in the headings, "450 nm" above each column but the first."""
    found = [_AT_WAVELENGTH.fullmatch(heads.column(i)) for i in range(1, width)]
    if width < 4 or not all(found):
        return None
    values = np.array([float(match[1]) for match in found if match])
    return values if _is_axis_of_nm(values) else None


def _both_ways(where: str) -> UnreadableSpectrum:
    return UnreadableSpectrum(
        message(where, found="a first row and a first column that may both be wavelengths",
                expected="wavelengths in one of them",
                do="Head the first column 'Wavelength (nm)' or 'Time (min)'.")
    )  # fmt: skip


# One spectrum in each row


def _one_in_each_row(
    block: Block, heads: Headings, wavelengths: Floats | None, labels: int
) -> Laid:
    """Wavelengths stand in the first row or in the headings, a time or a name before each row."""
    numbers, rows = block.numbers, list(block.rows)
    if wavelengths is None:
        shift = _shift(block, labels)
        axis = numbers[0, labels : numbers.shape[1] - (shift - labels)]
        body, rows, labels = numbers[1:, shift:], rows[1:], shift
    else:
        axis, body, labels = wavelengths, numbers[:, 1:], 1
    names = _row_names([row[:labels] for row in rows])
    unit = heads.y_unit or "absorbance"
    traces = (
        Trace(axis, values, name, heads.x_unit or "nm", unit)
        for values, name in zip(body, names, strict=True)
    )
    corner = headings_of(block, tuple(block.rows[0][:labels])).time_unit
    return Laid(tuple(traces), corner or heads.time_unit, ())


def _shift(block: Block, labels: int) -> int:
    """Cells before the values of a row: where the first row is shorter, its labels are missing."""
    full = len(block.rows[0])
    widths = [len(row) for row in block.rows[1:]]
    usual = max(set(widths), key=widths.count) if widths else full
    return labels + max(0, min(usual - full, MOST_LABELS))


def _row_names(labels: Sequence[list[str]]) -> list[str]:
    """A name for each row: minutes since the first where the labels are clock times."""
    if not labels or not all(labels):
        return ["" for _ in labels]
    for column in reversed(range(min(len(label) for label in labels))):
        minutes = clock_minutes([label[column] for label in labels])
        if minutes is not None:
            return [f"{value:.9g} min" for value in minutes]
    return [" ".join(label).strip() for label in labels]


# Spectra in columns


def _columns(numbers: Floats, heads: Headings, where: str) -> Laid:
    """Each column of values with the column of wavelengths before it."""
    axes = _axes(numbers, heads)
    width = numbers.shape[1]
    traces: list[Trace] = []
    passed: list[str] = []
    for axis, stop in zip(axes, [*axes[1:], width], strict=True):
        columns = [i for i in range(axis + 1, stop) if not np.isnan(numbers[:, i]).all()]
        units = [_y_unit(i, heads) for i in columns]
        kept = _kept(units)
        if len(columns) == 1 and _BASELINE.search(heads.name(axis) or heads.name(columns[0])):
            passed.append(heads.name(axis) or heads.name(columns[0]))
            continue
        passed += [heads.column(i) for i, keep in zip(columns, kept, strict=True) if not keep]
        x_unit = _x_unit(axis, heads)
        spectra = [i for i, keep in zip(columns, kept, strict=True) if keep]
        traces += [
            _trace(numbers, axis, i, heads, (x_unit, unit), spectra)
            for i, unit in zip(columns, units, strict=True)
            if i in spectra
        ]
    if not traces:
        named = f"columns named {', '.join(filter(None, heads.columns))[:120]}"
        raise _no_absorption(where, named if passed else "one column of numbers",
                             "Export absorbance, or transmittance headed %T.")  # fmt: skip
    note = f"Columns passed over: {', '.join(passed[:6])}."
    return Laid(tuple(traces), heads.time_unit, (note,) if passed else ())


def _axes(numbers: Floats, heads: Headings) -> list[int]:
    """Columns that hold wavelengths, by their headings, or by what is in them."""
    width = numbers.shape[1]
    named = [i for i in range(min(width, len(heads.columns))) if is_axis(heads.column(i))]
    named = [i for i in named if i + 1 < width and i + 1 not in named]
    if named:
        return named
    firsts, seconds = range(0, width - 1, 2), range(1, width, 2)
    if (
        width >= 4
        and width % 2 == 0
        and all(_is_axis_of_nm(numbers[:, i]) for i in firsts)
        and not any(_is_axis_of_nm(numbers[:, i]) for i in seconds)
    ):
        return list(firsts)
    numbered = numbers[0, 0] in (0.0, 1.0) and (np.diff(numbers[:, 0]) == 1).all()
    return [1] if width > 2 and numbered and _is_axis_of_nm(numbers[:, 1]) else [0]


def _x_unit(axis: int, heads: Headings) -> XUnit:
    stated = x_unit_of(heads.column(axis)) if is_axis(heads.column(axis)) else None
    above = x_unit_of(heads.name(axis)) if is_axis(heads.name(axis)) else None
    return stated or above or heads.x_unit or "nm"


def _y_unit(i: int, heads: Headings) -> YUnit | None:
    """Kind of value in a column; None where nothing says."""
    return y_unit_of(heads.column(i)) or heads.y_unit


def _kept(units: Sequence[YUnit | None]) -> list[bool]:
    """Which columns are spectra: absorbance rather than transmittance where there are both."""
    stated = {unit for unit in units if unit is not None} - {"other"}
    if len(stated) > 1 and "absorbance" in stated:
        return [unit == "absorbance" for unit in units]
    return [unit != "other" for unit in units]


def _trace(
    numbers: Floats,
    axis: int,
    i: int,
    heads: Headings,
    units: tuple[XUnit, YUnit | None],
    columns: Sequence[int],
) -> Trace:
    """The spectrum in a column; a sample's name stands in its heading or above it."""
    n = len(columns)
    own = _own_name(heads, i, columns)
    above = heads.name(i) or (heads.name(axis) if n == 1 else "")
    # "Abs" above a heading is no name, but "A" may be one.
    above = "" if is_axis(above) or (len(above) > 2 and not sample_name(above)) else above
    title = sample_name(heads.title) if numbers.shape[1] <= 2 else ""
    name = own or title or above
    if time_in(own) is None and time_in(above) is not None:
        name = above
    return Trace(numbers[:, axis], numbers[:, i], name[:80], units[0], units[1] or "absorbance")


def _own_name(heads: Headings, i: int, columns: Sequence[int]) -> str:
    """The heading, unless it is like the other headings and names a kind of value: "Abs"."""
    heading = heads.column(i)
    among = {heads.column(j) for j in columns}
    return heading if len(among) > 1 else sample_name(heading)


def _no_absorption(where: str, found: str, do: str) -> UnreadableSpectrum:
    return UnreadableSpectrum(
        message(where, found=found, expected="wavelengths and absorbances", do=do)
    )
