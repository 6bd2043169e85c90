"""Tables of numbers in a text: how they are written, where they begin and end."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alloyscope.spectra.formats.text_dialect import DIALECTS, QUOTED_COMMAS, Ambiguous, Dialect

Floats = NDArray[np.float64]
NAN = float("nan")

# What instruments write where the detector gave no number.
NO_VALUE = re.compile(
    r"\*+|[-–—]+|#+|\?+|over.*|ovr.*|ovf.*|under.*|sat(?:urated|\.)?|n\.?/?a\.?|nan|null|none|"
    r"[+-]?inf(?:inity)?|[+-]?1\.#\w*|[+-]?∞|[<>]\s?[\d.,]+|#(?:num|value|n/a|div/0|wert|zahl)!?",
    re.I,
)
COMMENT = ("#", "%", "//", "!")
# Blocks with this share of the rows of the largest are tables of their own.
ANOTHER_TABLE = 0.2
FEWEST_ROWS = 2


@dataclass(frozen=True)
class Block:
    """A table in a text: the lines above it and its rows.

    heading  : fields of the lines above, nearest last; blank lines are empty lists
    titles   : the same lines, unsplit
    rows     : fields of each row
    numbers  : (n_rows, width) NaN where a cell holds no number
    bad      : lines between the rows that are no rows, with their numbers
    line     : number of the first row in the file, counted from 1
    stop     : number of the last row
    """

    heading: tuple[list[str], ...]
    titles: tuple[str, ...]
    rows: tuple[list[str], ...]
    numbers: Floats
    bad: tuple[tuple[int, str], ...]
    line: int
    stop: int


def table_dialect(lines: Sequence[str]) -> Dialect | Ambiguous | None:
    """How the rows of a table are written; None if no line holds two numbers.

    Absorbances are never grouped in threes, so a comma in 0,123 marks decimals wherever it can;
    empty cells do not count against a delimiter, since columns may be of unequal length.
    """
    candidates = (*DIALECTS, *((QUOTED_COMMAS,) if any('","' in line for line in lines) else ()))
    scores = {dialect: _score(dialect, lines) for dialect in candidates}
    best: Dialect = max(candidates, key=scores.__getitem__)
    if scores[best] <= 0:
        return None
    if best.delimiter is None and sum("\t" in line for line in lines) > 0.5 * len(lines):
        tabs = Dialect("\t", best.decimal)
        best = tabs if scores[tabs] >= scores[best] else best
    other = Dialect(best.delimiter, ",")
    if best.decimal == "." and best.delimiter != "," and scores.get(other) == scores[best]:
        return other if any("," in line for line in lines) else best
    if best.delimiter == "," and best.decimal == "." and _may_be_decimals(best, lines):
        return Ambiguous("every comma may be a delimiter or a decimal comma")
    return best


def _score(dialect: Dialect, lines: Sequence[str]) -> int:
    """Cells that are numbers less those that are something else, over rows with two or more."""
    score = 0
    for line in lines:
        cells = [field for field in dialect.split(line) if field]
        texts = [cell for cell in cells if dialect.number(cell) is None]
        if len(cells) - len(texts) >= 2:
            score += len(cells) - 2 * len(texts) + sum(map(bool, map(NO_VALUE.fullmatch, texts)))
    return score


def _may_be_decimals(dialect: Dialect, lines: Sequence[str]) -> bool:
    """Whether all cells are whole numbers, more than two in a row, and no heading counts them."""
    fields = [dialect.split(line) for line in lines]
    rows = [row for row in fields if sum(dialect.number(cell) is not None for cell in row) >= 2]
    if any(not cell.lstrip("+-").isdigit() for row in rows for cell in row if cell):
        return False
    width = Counter(map(len, rows)).most_common(1)[0][0]
    headed = any(len(row) == width and row not in rows for row in fields)
    return width > 2 and not headed


def cell_value(cell: str, dialect: Dialect) -> float | None:
    """Value of a cell: NaN for a mark of an instrument such as OVER, None for other text."""
    if dialect.decimal == "." and cell[-1:].isdigit() and "_" not in cell:
        try:
            return float(cell)
        except ValueError:
            pass
    value = dialect.number(cell)
    if value is None:
        return NAN if NO_VALUE.fullmatch(cell) else None
    return value


def blocks_of(lines: Sequence[str], dialect: Dialect) -> list[Block]:
    """The tables of a text, the largest and those of about its size, in the order of the file."""
    fields = [dialect.split(line) for line in lines]
    values = [[cell_value(cell, dialect) if cell else None for cell in row] for row in fields]
    is_row = [_is_row(row) for row in values]
    spans = _spans(lines, is_row)
    if not spans:
        return []
    sizes = [sum(is_row[start:stop]) for start, stop in spans]
    least = max(FEWEST_ROWS, ANOTHER_TABLE * max(sizes))
    blocks, above = [], 0
    for (start, stop), size in zip(spans, sizes, strict=True):
        if size >= least:
            blocks.append(_block(lines, fields, values, is_row, (above, start, stop)))
            above = stop
    return blocks


def _is_row(values: list[float | None]) -> bool:
    numbers = sum(value is not None for value in values)
    texts = len(values) - numbers
    return numbers >= 2 and any(v is not None and v == v for v in values) and texts <= numbers + 3


def _spans(lines: Sequence[str], is_row: list[bool]) -> list[tuple[int, int]]:
    """Stretches of rows; a blank line ends one only where no row follows it, or a text does."""
    spans: list[tuple[int, int]] = []
    start = last = -1
    open_gap = False
    for i, line in enumerate(lines):
        if not is_row[i]:
            open_gap = open_gap or (start >= 0 and not line.strip('\0 \t,;|"'))
            texts_between = i - last > 3 and bool(line.strip())
            if start >= 0 and (texts_between or (open_gap and line.strip('\0 \t,;|"'))):
                spans.append((start, last + 1))
                start = -1
            continue
        if start < 0:
            start, open_gap = i, False
        open_gap = False
        last = i
    if start >= 0:
        spans.append((start, last + 1))
    return spans


def _block(
    lines: Sequence[str],
    fields: list[list[str]],
    values: list[list[float | None]],
    is_row: list[bool],
    span: tuple[int, int, int],
) -> Block:
    above, start, stop = span
    chosen = [i for i in range(start, stop) if is_row[i]]
    width = max(len(values[i]) for i in chosen)
    numbers = np.full((len(chosen), width), np.nan)
    for row, i in enumerate(chosen):
        numbers[row, : len(values[i])] = [NAN if v is None else v for v in values[i]]
    numbers[~np.isfinite(numbers)] = np.nan
    bad = tuple(
        (i + 1, lines[i].strip()[:40])
        for i in range(start, stop)
        if not is_row[i]
        and lines[i].strip('\0 \t,;|"')
        and not lines[i].lstrip().startswith(COMMENT)
    )
    return Block(
        tuple(fields[above:start]), tuple(lines[above:start]),
        tuple(fields[i] for i in chosen), numbers, bad, start + 1, stop,
    )  # fmt: skip
