"""Tables of JCAMP-DX, packed or plain, as numbers.

AFFN is plain numbers, PAC leaves out the spaces before signs; SQZ puts sign and first digit in one
letter, DIF writes differences so, and DUP counts repeats (McDonald and Wilks, Appl. Spectrosc.
1988, 42, 151). A line whose last value is a difference repeats that value at the start of the
next, as a check.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

_SQUEEZED = {c: i for i, c in enumerate("@ABCDEFGHI")} | {
    c: -i for i, c in enumerate("abcdefghi", 1)
}
_DIFFERENCE = {c: i for i, c in enumerate("%JKLMNOPQR")} | {
    c: -i for i, c in enumerate("jklmnopqr", 1)
}
_REPEATS = {c: i for i, c in enumerate("STUVWXYZs", 1)}
_PACKED = re.compile(r"[@%A-DF-Za-df-s]")
_PLAIN_TOKEN = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?|\?")
_PACKED_TOKEN = re.compile(r"([@A-Ia-i%J-Rj-rS-Zs]?)([+-]?\d*\.?\d*)|\?")
# Points on one line; the format allows 80 characters, and no spectrum has as many points.
MOST_ON_A_LINE = 100_000
MOST_POINTS = 2_000_000


class DamagedTableError(ValueError):
    """A table that contradicts itself; caught where its file is named."""


def unpacked(lines: Sequence[str]) -> tuple[list[float], list[float]]:
    """First x of each line, and all y of a table of the form (X++(Y..Y)); NaN for a "?".

    Raises DamagedTableError where a check value is not the one that ended the line before, or a
    character has no meaning.
    """
    text = "\n".join(lines)
    packed = _PACKED.search(text) is not None or _e_is_a_digit(text)
    first_x: list[float] = []
    y: list[float] = []
    check: float | None = None
    for line in filter(None, map(str.strip, lines)):
        values, ends_in_difference = _packed_line(line) if packed else (_plain_line(line), False)
        if not values:
            raise DamagedTableError(f"'{line[:40]}'")
        first_x.append(values[0])
        if check is not None and len(values) > 1:
            if values[1] != check:
                raise DamagedTableError(
                    f"a line that begins with {values[1]:.9g} after one that ends with {check:.9g}"
                )
            del values[1]
        y += values[1:]
        if len(y) > MOST_POINTS:
            raise DamagedTableError(f"more than {MOST_POINTS} points")
        check = y[-1] if ends_in_difference and y else None
    return first_x, y


def _e_is_a_digit(text: str) -> bool:
    """Whether E, the only letter there is, stands for 5 rather than for an exponent."""
    if "e" not in text.lower():
        return False
    return _PLAIN_TOKEN.sub("", text).strip(" \t\n,;") != "" or not re.search(
        r"\d[eE][+-]\d|(?:^|\s)[+-]?\d+\.\d*[eE]\d", text, re.M
    )


def _plain_line(line: str) -> list[float]:
    left = _PLAIN_TOKEN.sub(" ", line).strip(" \t,;")
    if left:
        raise DamagedTableError(f"'{left[:40]}'")
    return [math.nan if token == "?" else float(token) for token in _PLAIN_TOKEN.findall(line)]


def _packed_line(line: str) -> tuple[list[float], bool]:
    """Values of a line, its x first, and whether the last is a difference."""
    values: list[float] = []
    difference: float | None = None
    at = 0
    while at < len(line):
        if line[at] in " \t,;":
            at += 1
            continue
        match = _PACKED_TOKEN.match(line, at)
        if match is None or match.end() == at:
            raise DamagedTableError(f"'{line[at : at + 20]}'")
        at = match.end()
        difference = _add(match, values, difference)
        if len(values) > MOST_ON_A_LINE:
            raise DamagedTableError(f"more than {MOST_ON_A_LINE} points on a line")
    return values, difference is not None


def _add(match: re.Match[str], values: list[float], difference: float | None) -> float | None:
    """Append what a token stands for; returns the difference that a repeat would add again."""
    mark, digits = match[1] or "", match[2] or ""
    if match[0] == "?":
        values.append(math.nan)
        return None
    if mark in _DIFFERENCE and mark:
        if not values:
            raise DamagedTableError("a difference before any value")
        step = _joined(_DIFFERENCE[mark], digits, mark.islower())
        values.append(values[-1] + step)
        return step
    if mark in _REPEATS and mark:
        count = int(_joined(_REPEATS[mark], digits, False)) - 1
        if len(values) < 2 or not 0 <= count <= MOST_ON_A_LINE:
            raise DamagedTableError(f"a repeat '{match[0][:20]}' of nothing")
        for _ in range(count):
            values.append(values[-1] + (difference or 0.0))
        return difference
    if mark:
        values.append(_joined(_SQUEEZED[mark], digits, mark.islower()))
    else:
        values.append(_number(digits))
    return None


def _joined(first: int, digits: str, negative: bool) -> float:
    return _number(f"{'-' if negative else ''}{abs(first)}{digits}")


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise DamagedTableError(f"'{text[:20]}'") from None
