"""JCAMP-DX, read by the library `jcamp` once it is restated so that the library reads it right.

Measured of jcamp 1.3.2 (tests/spectra/formats/test_jcamp_dx.py): plain numbers, squeezed numbers
and differences are right, and so are factors and descending axes. A repeat (DUP) of anything but a
difference, a comment after a number and a "?" end in an exception; labels are known in one
spelling only; exponents without spaces become other numbers; whether lines begin with a check
value is decided once, from the first; of several blocks without a LINK the last one overwrites the
others; and a table that is cut off gives more wavelengths than values, with no more than a print.
So blocks, labels and packed tables are taken apart here, and the points are counted.
"""

from __future__ import annotations

import contextlib
import io
import math
import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alloyscope.errors import EmptySpectrum, UnreadableSpectrum, message
from alloyscope.spectra.formats.absorption_trace import AbsorptionFile, Trace
from alloyscope.spectra.formats.absorption_units import path_length, x_unit_of, y_unit_of
from alloyscope.spectra.formats.jcamp_table import DamagedTableError, unpacked
from alloyscope.spectra.formats.text_encoding import decoded

Floats = NDArray[np.float64]

_LABEL = re.compile(r"^##([^=\n]*)=(.*)$")
_COMMENT = re.compile(r"\$\$.*$", re.M)
_OTHER_DATA = re.compile(r"MASS|NMR|RAMAN|FLUORESC|EMISSION|CHROMATOGRAM|INTERFEROGRAM|PEAK", re.I)
_TABLES = ("XYDATA", "XYPOINTS", "PEAKTABLE", "PEAKASSIGNMENTS", "DATATABLE")


@dataclass(frozen=True)
class _Block:
    """One ##TITLE to ##END: values by label, and the lines of the table."""

    labels: dict[str, str]
    form: str
    table: tuple[str, ...]

    @property
    def title(self) -> str:
        """The name of the sample, in one line."""
        return self.labels.get("TITLE", "").split("\n")[0].strip()[:80]

    def number(self, label: str) -> float | None:
        """A number, whatever follows it; None if there is none."""
        found = re.match(r"\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?",
                         self.labels.get(label, ""))  # fmt: skip
        return float(found[0]) if found and math.isfinite(float(found[0])) else None


def read_jcamp(data: bytes, name: str) -> AbsorptionFile:
    """Read every block with a spectrum.

    Raises UnreadableSpectrum for peak tables, data of another kind, a damaged table, and points
    that are not as many as NPOINTS declares; EmptySpectrum where there is no table.
    """
    text = decoded(data)
    if text is None:
        raise _unreadable(name, "bytes that are no text")
    blocks = [block for block in _blocks(_COMMENT.sub("", text)) if block.form]
    if not blocks:
        raise EmptySpectrum(
            message(name, found="a JCAMP-DX file without a table",
                    expected="XYDATA or XYPOINTS", do="Export it again, as (X++(Y..Y)).")
        )  # fmt: skip
    notes: list[str] = []
    traces = tuple(_trace(block, _where(block, blocks, name), notes) for block in blocks)
    return AbsorptionFile(traces, "JCAMP-DX", notes=tuple(dict.fromkeys(notes)))


def _where(block: _Block, blocks: list[_Block], name: str) -> str:
    return f"{name} block '{block.title[:40]}'" if len(blocks) > 1 else name


def _blocks(text: str) -> list[_Block]:
    """Everything from each ##TITLE to the next."""
    blocks: list[_Block] = []
    labels: dict[str, str] = {}
    table: list[str] = []
    form = last = ""
    for line in text.split("\n"):
        match = _LABEL.match(line)
        if match is None:
            if last in _TABLES:
                table.append(line)
            elif last:
                labels[last] = f"{labels[last]}\n{line.strip()}".strip()
            continue
        last = re.sub(r"[\s/_-]", "", match[1]).upper()
        if last == "TITLE":
            blocks.append(_Block(labels, form, tuple(table)))
            labels, table, form = {}, [], ""
        if last in _TABLES:
            form = f"{last} {''.join(match[2].split())}"
        labels[last] = match[2].strip()
    return [*blocks, _Block(labels, form, tuple(table))]


def _trace(block: _Block, where: str, notes: list[str]) -> Trace:
    kind, _, form = block.form.partition(" ")
    said = block.labels.get("DATATYPE", "")
    if kind not in ("XYDATA", "XYPOINTS") or _OTHER_DATA.search(said):
        found = f"data of the type '{said[:40]}'" if _OTHER_DATA.search(said) else "a peak table"
        raise _unreadable(where, found)
    y_said = block.labels.get("YUNITS", "")
    unit = y_unit_of(y_said)
    if unit == "other":
        raise _unreadable(where, f"values in '{y_said[:40]}'")
    x_unit = x_unit_of(block.labels.get("XUNITS", ""))
    if x_unit is None or unit is None:
        notes.append("Units not stated: nm and absorbance assumed.")
    x, y = _read_by_library(block, form.upper(), where)
    if unit == "molar" and "log" in y_said.lower():
        with np.errstate(over="ignore"):
            y = 10.0**y
    path = path_length("\n".join(f"{k} {v}" for k, v in block.labels.items() if "PATH" in k))
    return Trace(x, y, block.title, x_unit or "nm", unit or "absorbance",
                 path_cm=path)  # fmt: skip


def _read_by_library(block: _Block, form: str, where: str) -> tuple[Floats, Floats]:
    """x and y (n_points,) of a block, factors applied; NaN where the file has a "?"."""
    from jcamp import read

    try:
        first_x, x, y = _numbers(block, form, where)
        _check_count(block, len(y), where)
        lines = _restated(block, first_x, x, y)
    except DamagedTableError as error:
        raise _unreadable(where, f"a damaged table: {error}") from None
    try:
        # It prints what it has doubts about; those are checked here.
        with contextlib.redirect_stdout(io.StringIO()), np.errstate(all="ignore"):
            values = read(lines)
    except Exception as error:
        raise _unreadable(where, f"a table that cannot be read ({error})"[:120]) from error
    read_x, read_y = np.asarray(values["x"], np.float64), np.asarray(values["y"], np.float64)
    if not read_x.size == read_y.size == len(y):
        raise _unreadable(where, f"{read_y.size} values at {read_x.size} wavelengths")
    read_y[~np.isfinite(y)] = np.nan
    return read_x, read_y


def _numbers(
    block: _Block, form: str, where: str
) -> tuple[list[float], list[float] | None, list[float]]:
    """First x of each line, x of each point where the table has it, and y."""
    if form == "(X++(Y..Y))":
        first_x, y = unpacked(block.table)
        return first_x, None, y
    if form != "(XY..XY)":
        raise _unreadable(where, f"a table of the form '{form[:30]}'")
    _, flat = unpacked([f"0 {line}" for line in block.table if line.strip()])
    if len(flat) % 2:
        raise DamagedTableError("a wavelength without a value at its end")
    return [], flat[::2], flat[1::2]


def _check_count(block: _Block, found: int, where: str) -> None:
    declared = block.number("NPOINTS")
    if declared is not None and int(declared) != found:
        raise UnreadableSpectrum(
            message(where, found=f"{found} of {int(declared)} points",
                    expected="as many as NPOINTS declares",
                    do="The file is cut off or damaged: export it again.")
        )  # fmt: skip


def _restated(
    block: _Block, first_x: list[float], x: list[float] | None, y: list[float]
) -> list[str]:
    """The block as the library reads it right: plain labels, plain numbers, 0 for a "?"."""
    x_factor, y_factor = (block.number(f"{axis}FACTOR") or 1.0 for axis in "XY")
    head = ["##TITLE=t", f"##XFACTOR={x_factor!r}", f"##YFACTOR={y_factor!r}"]
    if x is not None:
        rows = [f"{_plain(a)}, {_plain(b)}" for a, b in zip(x, y, strict=True)]
        return [*head, "##XYPOINTS=(XY..XY)", *rows, "##END="]
    first, last = _ends(block, first_x, len(y), x_factor)
    head += [f"##FIRSTX={first!r}", f"##LASTX={last!r}", f"##NPOINTS={len(y)}"]
    rows = [" ".join(["0", *map(_plain, y[i : i + 10])]) for i in range(0, len(y), 10)]
    return [*head, "##XYDATA=(X++(Y..Y))", *rows, "##END="]


def _ends(block: _Block, first_x: list[float], n: int, factor: float) -> tuple[float, float]:
    """First and last x; raises DamagedTableError where the table contradicts them."""
    first, last = block.number("FIRSTX"), block.number("LASTX")
    step = block.number("DELTAX")
    if n < 2:
        raise DamagedTableError(f"{n} points in a table")
    first = first_x[0] * factor if first is None and first_x else first
    if last is None and first is not None and step is not None:
        last = first + (n - 1) * step
    if first is None or last is None or first == last:
        raise DamagedTableError("no FIRSTX and LASTX, or the same in both")
    slack = max(2 * abs(last - first) / (n - 1), abs(factor), 0.002 * abs(last - first))
    if first_x and min(abs(first_x[0] * factor - first), abs(first_x[0] - first)) > slack:
        raise DamagedTableError(f"FIRSTX is {first:.6g}, its table begins at {first_x[0]:.6g}")
    low, high = min(first, last) - slack, max(first, last) + slack
    if first_x and not any(low <= x <= high for x in (first_x[-1] * factor, first_x[-1])):
        raise DamagedTableError(f"LASTX is {last:.6g}, its last line begins at {first_x[-1]:.6g}")
    return first, last


def _plain(value: float) -> str:
    """A number that the library takes as such; 0 in place of a missing one."""
    return f"{value:.12g}" if math.isfinite(value) else "0"


def _unreadable(where: str, found: str) -> UnreadableSpectrum:
    return UnreadableSpectrum(
        message(where, found=found, expected="an absorption spectrum in XYDATA or XYPOINTS",
                do="Export the spectrum again, as CSV if need be.")
    )  # fmt: skip
