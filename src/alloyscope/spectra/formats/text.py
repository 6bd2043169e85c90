"""Two columns of text, m/z and intensity, as any program may have exported them."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from itertools import islice

import numpy as np

from alloyscope.errors import EmptySpectrum, UnreadableSpectrum, message
from alloyscope.spectra.formats.tape import SpectrumFile
from alloyscope.spectra.formats.text_dialect import (
    NAMES,
    Ambiguous,
    Dialect,
    columns_by_content,
    columns_by_name,
    dialect_of,
)
from alloyscope.spectra.formats.text_encoding import decoded
from alloyscope.spectra.mass_spectrum import FloatArray, Polarity
from alloyscope.spectra.scan import Scan, ScanFile

SAMPLE_CHARACTERS = 60_000
SAMPLE_LINES = 400
LARGEST_TEXT = 1 << 31
COMMENT = ("#", "%", "//", "!", ";")
# More unreadable rows than this is not a table with a few faults.
TOLERATED_SHARE = 0.05
TOLERATED_ROWS = 2

MINUS = r"[-−–]"
NEGATIVE = re.compile(
    rf"\bnegativ|\bneg\b|\b(?:esi|nsi|apci|maldi|es)\s?\(?{MINUS}\)?(?![\w-])|\({MINUS}\)\s?(?:esi|ms)"
    rf"|\b[fit]tms\s{MINUS}\s|(?:^|\s){MINUS}\s?ms\b|polarity\W{{1,4}}{MINUS}",
    re.I | re.M,
)
POSITIVE = re.compile(
    r"\bpositiv|\bpos\b|\b(?:esi|nsi|apci|maldi|es)\s?\(?\+\)?(?![\w-])|\(\+\)\s?(?:esi|ms)"
    r"|\b[fit]tms\s\+\s|(?:^|\s)\+\s?ms\b|polarity\W{1,4}\+",
    re.I | re.M,
)


@dataclass(frozen=True)
class _Layout:
    """Where the table starts and how it is written."""

    dialect: Dialect
    columns: tuple[int, int]
    n_columns: int
    first_line: int
    start: int
    header: str


def read_text(file: SpectrumFile) -> ScanFile:
    """Read a table of text; it holds one scan.

    Raises EmptySpectrum for a file without a character, UnreadableSpectrum for one without two
    columns of numbers, or with too many rows that are none, or with commas that could be both
    delimiter and decimal mark.
    """
    opened = ScanFile("text", iter(()), declared=1)
    name = file.path.name
    text = _content(file, opened)
    layout = _layout(text, name)
    table = _all_at_once(text[layout.start :], layout)
    if table is None:
        table = _row_by_row(text[layout.start :], layout, name, opened)
    if layout.n_columns > 2:
        a, b = (i + 1 for i in layout.columns)
        opened.notes.append(
            f"Columns {a} and {b} of {layout.n_columns} taken as m/z and intensity."
        )
    scan = Scan(1, table[:, 0], table[:, 1], polarity=_polarity(layout.header))
    opened.scans = iter((scan,))
    return opened


def _content(file: SpectrumFile, opened: ScanFile) -> str:
    """Everything in the file, as text."""
    source = file.source()
    parts: list[bytes] = []
    try:
        while data := source.read(1 << 22):
            parts.append(data)
            if sum(map(len, parts)) > LARGEST_TEXT:
                raise UnreadableSpectrum(
                    message(file.path.name, found="more than 2 GB of text", expected="one spectrum")
                )
    finally:
        source.close()
    if source.damage:
        opened.notes.append(f"{source.damage[0].upper()}{source.damage[1:]}.")
    text = decoded(b"".join(parts))
    if text is None:
        raise UnreadableSpectrum(
            message(
                file.path.name,
                found="binary data of an unknown kind",
                expected="mzML, mzXML, a Bruker peak list or two columns of text",
                do=f"If it is a vendor's file, convert it: msconvert {file.path.name} --mzML",
            )
        )
    if not text.strip("\ufeff\0 \t\r\n"):
        raise EmptySpectrum(
            message(file.path.name, found="no characters", expected="m/z and intensity")
        )
    return text


def _layout(text: str, name: str) -> _Layout:
    sample = text[:SAMPLE_CHARACTERS].split("\n")
    if len(text) > SAMPLE_CHARACTERS:
        sample.pop()  # cut in the middle
    dialect = dialect_of(_evenly(sample))
    if isinstance(dialect, Ambiguous):
        raise UnreadableSpectrum(
            message(
                name,
                found=f"commas that can be read in two ways: {dialect.doubt}",
                expected="another delimiter, or column names in the first line",
                do="Save it with tabs or semicolons between the columns.",
            )
        )
    if dialect is None:
        raise _no_table(sample, name)
    rows = [[dialect.number(field) for field in dialect.split(line)] for line in sample]
    data = [row for row in rows if _n_numbers(row) >= 2]
    above = rows.index(data[0])
    named = columns_by_name(sample[:above], dialect)
    if named is None and above:
        _refuse_other_table(sample[above - 1], data, dialect, name)
    columns = named if named and max(named) < max(map(len, data)) else columns_by_content(data)
    first = _first_row(rows, columns) if columns else None
    if columns is None or first is None:
        raise _no_table(sample, name)
    start = sum(len(line) + 1 for line in sample[:first])
    n_columns = max(len(row) for row in data[:100])
    return _Layout(dialect, columns, n_columns, first + 1, start, text[:start])


def _refuse_other_table(
    heading: str, data: list[list[float | None]], dialect: Dialect, name: str
) -> None:
    """Raise if columns have names, and more than two, but none is m/z and intensity."""
    names = dialect.split(heading)
    width = max(map(len, data[:100]))
    if dialect.delimiter is None or width < 3 or len(names) != width or not all(names):
        return
    raise UnreadableSpectrum(
        message(
            name,
            found=f"columns named {', '.join(names)[:120]}",
            expected="one named m/z and one named intensity",
            do="If this is a spectrum, name the two columns so.",
        )
    )


def _first_row(rows: list[list[float | None]], columns: tuple[int, int]) -> int | None:
    """The first line with a number in both columns."""
    for i, row in enumerate(rows):
        if len(row) > max(columns) and all(row[column] is not None for column in columns):
            return i
    return None


def _evenly(lines: list[str]) -> list[str]:
    """A sample that holds the header and rows from all over."""
    if len(lines) <= SAMPLE_LINES:
        return lines
    head = SAMPLE_LINES // 2
    return lines[:head] + lines[head :: max(1, (len(lines) - head) // head)]


def _n_numbers(row: list[float | None]) -> int:
    return sum(value is not None for value in row)


def _no_table(sample: list[str], name: str) -> UnreadableSpectrum:
    lines = [line.strip() for line in sample if line.strip()]
    numbers = [line for line in lines if Dialect(None, ".").number(line.replace(",", "."))]
    if len(numbers) > 0.5 * len(lines):
        found = f"one column of numbers, '{numbers[0][:40]}' the first"
    else:
        found = f"no line with two numbers; it starts '{lines[0][:60] if lines else ''}'"
    return UnreadableSpectrum(
        message(
            name,
            found=found,
            expected="two columns, m/z and intensity",
            do="Export the spectrum as text with both columns, or as mzML.",
        )
    )


def _all_at_once(body: str, layout: _Layout) -> FloatArray | None:
    """The table (n_rows, 2) by numpy's parser; None if any row is unlike the others."""
    dialect = layout.dialect
    if dialect.decimal == ",":
        if "." in body:
            return None
        body = body.replace(",", ".")
    try:
        return np.loadtxt(
            io.StringIO(body),
            delimiter=dialect.delimiter,
            usecols=layout.columns,
            comments=None,
            quotechar='"' if '"' in body else None,
            ndmin=2,
        )
    except (ValueError, OverflowError):
        return None


def _row_by_row(body: str, layout: _Layout, name: str, opened: ScanFile) -> FloatArray:
    """The table (n_rows, 2), with a note of the rows that could not be read."""
    rows: list[tuple[float, float]] = []
    bad: list[tuple[int, str]] = []
    last_good = 0
    for number, line in enumerate(body.split("\n"), layout.first_line):
        pair = _pair(line, layout)
        if pair is not None:
            rows.append(pair)
            last_good = number
        elif line.strip('\0 \t",;|') and not line.lstrip().startswith(COMMENT):
            bad.append((number, line.strip()[:40]))
    inside = [(number, line) for number, line in bad if number < last_good]
    total = len(rows) + len(inside)
    if len(inside) > max(TOLERATED_ROWS, TOLERATED_SHARE * total):
        raise UnreadableSpectrum(
            message(
                f"{name} line {inside[0][0]}",
                found=f"'{inside[0][1]}', and {len(inside)} of {total} rows like it",
                expected=f"numbers in {NAMES[layout.dialect.delimiter]}-separated columns "
                f"{layout.columns[0] + 1} and {layout.columns[1] + 1}",
                do="Remove what is not data, or export the spectrum again.",
            )
        )
    _note_rows(bad, inside, total, body, opened)
    return np.array(rows, np.float64).reshape(-1, 2)


def _note_rows(
    bad: list[tuple[int, str]],
    inside: list[tuple[int, str]],
    total: int,
    body: str,
    opened: ScanFile,
) -> None:
    """Say which rows were dropped: inside the table, or after it."""
    if inside:
        told = ", ".join(f"line {number} '{line}'" for number, line in islice(inside, 3))
        opened.notes.append(f"{len(inside)} of {total} rows dropped: {told}.")
    after = bad[len(inside) :]
    if len(after) == 1 and not body.endswith("\n"):
        opened.notes.append(f"The last line, '{after[0][1]}', is cut off and was dropped.")
    elif after:
        opened.notes.append(f"{len(after)} lines after the data skipped, '{after[0][1]}' first.")


def _pair(line: str, layout: _Layout) -> tuple[float, float] | None:
    fields = layout.dialect.split(line)
    if len(fields) <= max(layout.columns):
        return None
    mz, intensity = (layout.dialect.number(fields[i]) for i in layout.columns)
    return (mz, intensity) if mz is not None and intensity is not None else None


def _polarity(header: str) -> Polarity | None:
    """Polarity named in the header; None if it names none, or both."""
    negative, positive = NEGATIVE.search(header), POSITIVE.search(header)
    if bool(negative) == bool(positive):
        return None
    return "negative" if negative else "positive"
