"""Absorption spectra as text, in the ways that instruments and spreadsheets write them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import islice

from alloyscope.errors import EmptySpectrum, UnreadableSpectrum, message
from alloyscope.spectra.formats.absorption_layout import Laid, traces_of
from alloyscope.spectra.formats.absorption_table import COMMENT, Block, blocks_of, table_dialect
from alloyscope.spectra.formats.absorption_trace import AbsorptionFile, Trace
from alloyscope.spectra.formats.absorption_units import path_length, x_unit_of, y_unit_of
from alloyscope.spectra.formats.text import TOLERATED_ROWS, TOLERATED_SHARE
from alloyscope.spectra.formats.text_dialect import NAMES, Ambiguous, Dialect
from alloyscope.spectra.formats.text_encoding import decoded

SAMPLE_LINES = 100
LONGEST_PREAMBLE = 20_000

_OCEAN_BEGIN = re.compile(r"^>+\s*Begin [^\n<]*<+[^\n]*\n", re.M)
_OCEAN_END = re.compile(r"^>+\s*End [^\n<]*<+", re.M)
_OCEAN_NAME = re.compile(r"Data from (.+?)(?:\.txt)?(?: Node)?\s*$", re.M)
_PE_NAME = 8
_DECLARED = re.compile(
    r"^\W*(?:number of (?:pixels|points)[^\n:=\t]*|n\s?points|data points)\W+(\d{1,9})\s*$",
    re.I | re.M,
)
_SIMULATED = re.compile(r"\bsimulat(?:ed|ion)\b|\bsynthetic\b|\bsketch\b", re.I)


@dataclass(frozen=True)
class _Page:
    """Text of a file, cut where its format says that the numbers begin.

    preamble : lines of the header, in which no table is looked for
    body     : the rest
    first_line : number of the body's first line, counted from 1
    name     : of the sample; units: of x and y; where the format has a place for them
    declared : points that the header says there are
    """

    file_format: str
    preamble: str
    body: str
    first_line: int
    name: str = ""
    units: tuple[str, str] = ("", "")
    declared: int | None = None


def read_absorption_text(data: bytes, name: str) -> AbsorptionFile:
    """Read the tables of a text.

    data : content of the file; name : of the file, for what is said of it
    Raises EmptySpectrum for a file without a character, UnreadableSpectrum for one without
    a table of wavelengths and absorbances, one with too many rows that are none, or one whose
    commas or axes can be read in two ways.
    """
    text = decoded(data)
    if text is None:
        raise _unreadable(name, "bytes that are no text", "Export the spectrum as CSV.")
    text = text.replace("\0", "")
    if not text.strip():
        raise EmptySpectrum(message(name, found="an empty file", expected="an absorption spectrum"))
    page = _page(text, name)
    lines = page.body.split("\n")
    dialect = _dialect(lines, name)
    blocks = blocks_of(lines, dialect)
    if not blocks:
        raise _no_table(lines, name)
    laid = [traces_of(_checked(block, page, dialect, name), name) for block in blocks]
    notes = [note for each in laid for note in each.notes]
    notes += _row_notes(blocks, page, lines)
    found = max(len(block.rows) for block in blocks)
    if page.declared is not None and found < page.declared and len(laid[0].traces) == 1:
        notes.append(f"Truncated: {found} of {page.declared} points read.")
    if _SIMULATED.search(page.preamble[:LONGEST_PREAMBLE] + "\n".join(blocks[0].titles)):
        notes.append("The file says of itself that it is simulated or a sketch, not measured.")
    unit = next((each.time_unit for each in laid if each.time_unit is not None), None)
    return AbsorptionFile(_told(laid, page, text), page.file_format, unit, tuple(notes))


def _page(text: str, name: str) -> _Page:
    """The text cut at the mark of its format, if it has one."""
    if text.startswith("PE ") and "\n#DATA" in text[:LONGEST_PREAMBLE]:
        return _perkin_elmer(text, name)
    begin = _OCEAN_BEGIN.search(text[:LONGEST_PREAMBLE])
    declared = _DECLARED.search(text[:LONGEST_PREAMBLE])
    points = int(declared[1]) if declared else None
    if begin is None:
        return _Page("text", "", text, 1, declared=points)
    preamble, body = text[: begin.end()], _OCEAN_END.split(text[begin.end() :])[0]
    named = _OCEAN_NAME.search(preamble)
    units = ("", "")
    for word, unit in (("absorbance", "Abs"), ("transmission", "%T")):
        units = units if units[1] or word not in preamble.lower() else ("", unit)
    return _Page("Ocean Optics text", preamble, body, preamble.count("\n") + 1,
                 named[1] if named else "", units, points)  # fmt: skip


def _perkin_elmer(text: str, name: str) -> _Page:
    """PerkinElmer's ASCII: a header of fixed lines, #GR with the units, #DATA with the points."""
    if text.startswith("PE FL"):
        raise _unreadable(name, "a fluorescence spectrum of PerkinElmer's",
                          "Give the absorption spectrum.")  # fmt: skip
    cut = text.index("\n#DATA") + 1
    end = text.find("\n", cut)
    body = text[end + 1 :] if end >= 0 else ""
    header = [line.strip() for line in text[:cut].split("\n")]
    graph = header.index("#GR") + 1 if "#GR" in header else len(header)
    units = ([*header[graph : graph + 2], "", ""])[:2]
    points = header[graph + 6] if len(header) > graph + 6 else ""
    sample = header[_PE_NAME] if len(header) > _PE_NAME and graph > _PE_NAME else ""
    return _Page("PerkinElmer ASCII", text[:cut], body, text[:cut].count("\n") + 2, sample[:80],
                 (units[0], units[1]), int(points) if points.isdecimal() else None)  # fmt: skip


def _dialect(lines: list[str], name: str) -> Dialect:
    half = SAMPLE_LINES // 2
    sample = [line for line in lines if line.strip()]
    if len(sample) > SAMPLE_LINES:
        rest = sample[half:]
        sample = sample[:half] + rest[:: max(1, len(rest) // half)]
    dialect = table_dialect(sample)
    if isinstance(dialect, Ambiguous):
        raise UnreadableSpectrum(
            message(name, found=f"commas that can be read in two ways: {dialect.doubt}",
                    expected="another delimiter, or column names in the first line",
                    do="Save it with tabs or semicolons between the columns.")
        )  # fmt: skip
    if dialect is None:
        raise _no_table(lines, name)
    return dialect


def _checked(block: Block, page: _Page, dialect: Dialect, name: str) -> Block:
    """The block, unless too many lines in it are no rows."""
    total = len(block.rows) + len(block.bad)
    if len(block.bad) > max(TOLERATED_ROWS, TOLERATED_SHARE * total):
        number, line = block.bad[0]
        raise UnreadableSpectrum(
            message(f"{name} line {number + page.first_line - 1}",
                    found=f"'{line}', and {len(block.bad)} of {total} rows like it",
                    expected=f"numbers in {NAMES[dialect.delimiter]}-separated columns",
                    do="Remove what is not data, or export the spectrum again.")
        )  # fmt: skip
    return block


def _row_notes(blocks: list[Block], page: _Page, lines: list[str]) -> list[str]:
    """Say which lines were dropped, in the tables and after the last."""
    notes = []
    bad = [(number + page.first_line - 1, line) for block in blocks for number, line in block.bad]
    if bad:
        told = ", ".join(f"line {number} '{line}'" for number, line in islice(bad, 3))
        total = len(bad) + sum(len(block.rows) for block in blocks)
        notes.append(f"{len(bad)} of {total} rows dropped: {told}.")
    after = [line.strip() for line in lines[blocks[-1].stop :] if line.strip('\0 \t,;|"')]
    after = [line for line in after if not line.startswith(COMMENT)]
    if len(after) == 1 and lines[-1].strip():
        notes.append(f"The last line, '{after[0][:40]}', is cut off and was dropped.")
    elif after:
        notes.append(
            f"{len(after)} line{'s' * (len(after) > 1)} after the data skipped, "
            f"'{after[0][:40]}' first."
        )
    return notes


def _told(laid: list[Laid], page: _Page, text: str) -> tuple[Trace, ...]:
    """The traces with what the header says of all of them."""
    path = path_length(text[:LONGEST_PREAMBLE])
    x_unit, y_unit = x_unit_of(page.units[0]), y_unit_of(page.units[1])
    traces = [replace(trace, path_cm=path) for each in laid for trace in each.traces]
    if x_unit is not None:
        traces = [replace(trace, x_unit=x_unit) for trace in traces]
    if y_unit is not None:
        traces = [replace(trace, y_unit=y_unit) for trace in traces]
    if page.name and len(traces) == 1 and not traces[0].name:
        traces = [replace(traces[0], name=page.name)]
    return tuple(traces)


def _no_table(lines: list[str], name: str) -> UnreadableSpectrum:
    full = [line.strip() for line in lines if line.strip()]
    numbers = [line for line in full if Dialect(None, ".").number(line.replace(",", "."))]
    if len(numbers) > 0.5 * len(full):
        found = f"one column of numbers, '{numbers[0][:40]}' the first"
    else:
        found = f"no line with two numbers; it starts '{full[0][:60] if full else ''}'"
    return _unreadable(name, found, "Export the spectrum as CSV with both columns.")


def _unreadable(name: str, found: str, do: str) -> UnreadableSpectrum:
    expected = "wavelengths and absorbances in columns"
    return UnreadableSpectrum(message(name, found=found, expected=expected, do=do))
