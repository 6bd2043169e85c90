"""How a table of numbers is written: delimiter, decimal mark, and which columns are meant."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

NAMES = {"\t": "tab", ";": "semicolon", ",": "comma", "|": "pipe", None: "space"}
PLAIN = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,4})?|[+-]?(?:nan|inf|infinity)", re.I)
# Groups of three digits, marked as people mark them; \u202f and \xa0 are narrow spaces.
GROUPED = re.compile(r"([+-]?\d{1,3}(?:[,'’\u202f\xa0 ]\d{3})+)(\.\d*)?(?:[eE][+-]?\d{1,4})?")
SWAP = str.maketrans(",.", ".,")
GROUP_MARKS = str.maketrans("", "", ",'’\u202f\xa0 ")
MINUS_SIGNS = str.maketrans("−–", "--")

MZ_NAMES = (
    re.compile(r"(obs\w*\s*)?m\s*/\s*z\b.*|mz|m\.z\.?|moverz|x\s*\(?thomsons?\)?", re.I),
    re.compile(r"mass\s*/\s*charge.*|mass(\s*[\[(].*)?|masses|x([ _-]?(axis|values?))?|m", re.I),
)
INTENSITY_NAMES = (
    re.compile(
        r"(abs\w*\.?\s*|ion\s*)?(int\b|int\.|intens).*|abundance.*|counts?\b.*|absi|i", re.I
    ),
    re.compile(r"(rel\w*\.?\s*)(int|abund).*|signal.*|heights?.*|y\b.*|ion counts?.*|area.*", re.I),
)


@dataclass(frozen=True)
class Dialect:
    """Delimiter (None: any run of spaces or tabs) and decimal mark.

    Fields may be quoted; digits may be grouped in threes where the delimiter leaves no doubt.
    """

    delimiter: str | None
    decimal: str

    def split(self, line: str) -> list[str]:
        """Fields of one line, quotes and outer spaces removed, empty ones at the end dropped."""
        if '"' in line and self.delimiter is not None:
            try:
                fields = next(csv.reader([line], delimiter=self.delimiter, skipinitialspace=True))
            except (csv.Error, StopIteration):
                return []
        else:
            fields = line.replace('"', " ").split(self.delimiter)
        fields = [field.strip(" \t'\"") for field in fields]
        while fields and not fields[-1]:
            fields.pop()
        return fields

    def number(self, field: str) -> float | None:
        """Value of a field; None if it is not a number in this dialect.

        >>> Dialect("\\t", ",").number("2.504,25"), Dialect("\\t", ".").number("2,504.25")
        (2504.25, 2504.25)
        """
        if not field or len(field) > 60 or not field.isascii():
            field = field.translate(MINUS_SIGNS)
        if self.decimal == ",":
            field = field.translate(SWAP)
        if PLAIN.fullmatch(field) and field.isascii():
            return float(field)
        if self.delimiter == "," or not GROUPED.fullmatch(field) or len(field) > 60:
            return None
        return float(field.translate(GROUP_MARKS))


DIALECTS = (
    Dialect("\t", "."),
    Dialect("\t", ","),
    Dialect(";", "."),
    Dialect(";", ","),
    Dialect("|", "."),
    Dialect("|", ","),
    Dialect(",", "."),
    Dialect(None, "."),
    Dialect(None, ","),
)
QUOTED_COMMAS = Dialect(",", ",")  # "1234,5","67,8"


@dataclass(frozen=True)
class Ambiguous:
    """A table that can be read in two ways, and what the doubt is."""

    doubt: str


def dialect_of(lines: Sequence[str]) -> Dialect | Ambiguous | None:
    """How the rows of a table are written; None if no line holds two numbers.

    lines : a sample of the file's lines, header included
    """
    candidates = DIALECTS + ((QUOTED_COMMAS,) if any('","' in line for line in lines) else ())
    scores = {dialect: _score(dialect, lines) for dialect in candidates}
    best = max(candidates, key=scores.__getitem__)
    if scores[best] == 0:
        return None
    other = Dialect(best.delimiter, ",")
    if best.decimal == "." and best.delimiter != "," and scores[other] == scores[best]:
        rows = [line for line in lines if _score(best, [line])]
        if any("," in line for line in rows):
            return Ambiguous("a comma may mark decimals or thousands in every number")
    return _without_doubt(best, lines) if best.delimiter == "," else best


def _score(dialect: Dialect, lines: Sequence[str]) -> float:
    """Sum over the rows of the share of fields that are numbers; a row has two numbers or more."""
    score = 0.0
    for line in lines:
        fields = dialect.split(line)
        n_numbers = sum(dialect.number(field) is not None for field in fields)
        if n_numbers >= 2:
            score += n_numbers / len(fields)
    return round(score, 9)


def _without_doubt(dialect: Dialect, lines: Sequence[str]) -> Dialect | Ambiguous:
    """Commas as delimiter, unless they may as well be decimal commas: 1234,5,67,8."""
    if dialect.decimal == ",":
        return dialect
    rows = [fields for line in lines if len(fields := dialect.split(line)) >= 2]
    rows = [row for row in rows if sum(dialect.number(f) is not None for f in row) >= 2]
    if any(not field.lstrip("+-").isdigit() for row in rows for field in row):
        return dialect
    if columns_by_name(lines, dialect) is not None:
        return dialect
    widths = Counter(len(row) for row in rows)
    first = [row[0] for row in rows]
    if set(widths) == {2} and len(set(first)) == len(first):
        return dialect
    return Ambiguous("every comma may be a delimiter or a decimal comma")


def columns_by_name(lines: Sequence[str], dialect: Dialect) -> tuple[int, int] | None:
    """Columns headed m/z and intensity; None if no line names both."""
    for line in lines:
        bare = line.lstrip("#%!;/ \t")
        for splitter in (dialect, Dialect("\t", "."), Dialect(",", "."), Dialect(None, ".")):
            names = splitter.split(bare)
            mz, intensity = _named(names, MZ_NAMES), _named(names, INTENSITY_NAMES)
            if mz is not None and intensity is not None and mz != intensity:
                return mz, intensity
    return None


def _named(names: list[str], patterns: Sequence[re.Pattern[str]]) -> int | None:
    for pattern in patterns:
        for i, name in enumerate(names):
            if pattern.fullmatch(name.strip("[]()")):
                return i
    return None


def columns_by_content(rows: Sequence[list[float | None]]) -> tuple[int, int] | None:
    """The first two columns that hold numbers, a leading row number apart.

    rows : numbers of each row, None where a field is none
    """
    width = Counter(len(row) for row in rows).most_common(1)[0][0] if rows else 0
    whole = [row for row in rows if len(row) >= width]
    numeric = [
        i for i in range(width) if sum(row[i] is not None for row in whole) > 0.5 * len(whole)
    ]
    if len(numeric) >= 3 and len(whole) >= 3:
        first = [row[numeric[0]] for row in whole]
        steps = {b - a for a, b in pairwise(first) if a is not None and b is not None}
        if steps == {1.0} and first[0] in (0.0, 1.0):
            numeric = numeric[1:]
    return (numeric[0], numeric[1]) if len(numeric) >= 2 else None
