"""Molar ratios of the first parent to the second, as observations write them."""

from __future__ import annotations

import math
import re
from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction

from alloyscope.errors import ReactionError, message

NUMBER = r"\d+(?:\.\d+)?"
RATIO = rf"{NUMBER}(?:\s*[/:]\s*{NUMBER})?"
ONE = re.compile(RATIO)
BETWEEN = re.compile(rf"({RATIO})\s*(\.\.|<\s*(?:\.\.\.|…)\s*<|>\s*(?:\.\.\.|…)\s*>)\s*({RATIO})")
SIDE = re.compile(rf"R\s*([<>])\s*({RATIO})\s*->\s*(.+)")
ELECTRONS = re.compile(r"\(\s*(\d+)\s*e-?\s*\)")

EXPECTED = 'one such as 3/1, 1/3..1/2, "20/1, 30/1", 10>...>2 or "3/1 vs 2/1"'


@dataclass(frozen=True)
class Side:
    """What was found on one side of a ratio: "R<1 -> A (18 e)".

    below      : whether below the bound, not above
    frameworks : names
    electrons  : that these have, None where it is not said
    """

    below: bool
    bound: float
    frameworks: tuple[str, ...]
    electrons: int | None = None

    def holds(self, ratio: float) -> bool:
        """Whether a ratio is on this side."""
        return ratio < self.bound if self.below else ratio > self.bound

    def __str__(self) -> str:
        bound = f"{self.bound:g}" if self.bound >= 1 else ratio_name(self.bound)
        return f"R {'<' if self.below else '>'} {bound}"


def parse_one_ratio(text: str) -> float:
    """One ratio; infinite where there is nothing of the second parent.

    Raises ReactionError.

    >>> parse_one_ratio("1/40"), parse_one_ratio("3:1"), parse_one_ratio("1/0")
    (0.025, 3.0, inf)
    """
    text = text.strip()
    parts = [float(part) for part in re.split(r"[/:]", text)] if ONE.fullmatch(text) else []
    first, second = (*parts, 1.0)[:2] if parts else (0.0, 0.0)
    if first == second == 0 or not math.isfinite(first + second):
        raise ReactionError(message(f'ratio "{text}"', found="no ratio", expected=EXPECTED))
    return first / second if second else math.inf


def named_ratios(text: str) -> tuple[float, ...]:
    """Every ratio that the text names. Raises ReactionError."""
    if SIDE.match(text.strip()):
        return ()
    between = BETWEEN.fullmatch(text.strip())
    parts = [between[1], between[3]] if between else re.split(r",|\bvs\b", text)
    return tuple(parse_one_ratio(part) for part in parts)


def ratios_of(text: str, known: Collection[float]) -> tuple[float, ...]:
    """The ratios that the text means, in its order.

    known : ratios that a range takes in when they lie between its ends
    Raises ReactionError.

    >>> ratios_of("1/4..1/2", [1 / 3, 3.0]), ratios_of("10>...>2", [5.0, 30.0])
    ((0.25, 0.3333333333333333, 0.5), (10.0, 5.0, 2.0))
    """
    ends = named_ratios(text)
    between = BETWEEN.fullmatch(text.strip())
    if between is None:
        return ends
    first, last = ends
    said, does = between[2][0], "<" if first < last else ">"
    if first == last or (said in "<>" and said != does):
        raise ReactionError(
            message(f'ratio "{text}"', found=f"{between[1]} {does} {between[3]}",
                    expected="two ratios in the order of the signs between them")
        )  # fmt: skip
    inside = {r for r in known if min(ends) <= r <= max(ends)} | set(ends)
    return tuple(sorted(inside, reverse=first > last))


def parse_sides(text: str) -> tuple[Side, ...]:
    """Which frameworks are found where: "R<1 -> A (18 e); R>1 -> B, C (20 e)".

    Raises ReactionError.
    """
    sides = []
    for part in text.split(";"):
        found = SIDE.fullmatch(part.strip())
        electrons = ELECTRONS.search(part)
        names = found and ELECTRONS.sub("", found[3]).split(",")
        if found is None or not names or not all(name.strip() for name in names):
            raise ReactionError(
                message(f'ratio "{text}"', found=f'"{part.strip()}"',
                        expected='"R<1 -> A (18 e); R>1 -> B, C (20 e)" or the like')
            )  # fmt: skip
        sides.append(Side(found[1] == "<", parse_one_ratio(found[2]),
                          tuple(name.strip() for name in names),
                          int(electrons[1]) if electrons else None))  # fmt: skip
    return tuple(sides)


def ratio_name(ratio: float) -> str:
    """As chemists write it.

    >>> ratio_name(3.0), ratio_name(1 / 40), ratio_name(1.5)
    ('3/1', '1/40', '3/2')
    """
    if not math.isfinite(ratio):
        return "1/0"
    near = Fraction(ratio).limit_denominator(1000)
    exact = abs(near - Fraction(ratio)) < 1e-9
    return f"{near.numerator}/{near.denominator}" if exact else f"{ratio:.4g}/1"


def fed(ratio: float) -> tuple[float, float]:
    """Shares of the first and of the second parent.

    >>> fed(3.0), fed(float("inf"))
    ((0.75, 0.25), (1.0, 0.0))
    """
    return (ratio / (1 + ratio), 1 / (1 + ratio)) if math.isfinite(ratio) else (1.0, 0.0)
