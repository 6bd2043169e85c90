"""What is mixed and when: feeds, additions in sequence, times of samples."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from alloyscope.errors import ReactionError, message
from alloyscope.reaction.reaction import Reaction

MINUTES = {"s": 1 / 60, "sec": 1 / 60, "min": 1.0, "h": 60.0, "d": 1440.0, "day": 1440.0,
           "days": 1440.0}  # fmt: skip
LONGEST = 100 * 365 * MINUTES["d"]
TIME = re.compile(r"\s*([\d.]+(?:[eE][+-]?\d+)?)\s*([a-z]+)\s*")
AMOUNT = re.compile(r"\s*([\d.]+(?:[eE][+-]?\d+)?)?\s*(\S.*?)\s*")
PRODUCT = re.compile(r"product\s+of\s+(\S+)\s+after\s+(.+)")


@dataclass(frozen=True)
class Product:
    """The whole product of an earlier reaction.

    ratio     : feed, clusters of each parent, in the order of the parents
    after_min : how long it ran
    Raises ReactionError for negative amounts and times, and for nothing fed.
    """

    ratio: tuple[float, ...]
    after_min: float

    def __post_init__(self) -> None:
        said = (*self.ratio, self.after_min)
        if not all(0 <= n < math.inf for n in said) or sum(self.ratio) <= 0:
            raise ReactionError(
                message("product of an earlier reaction",
                        found=f"a feed of {ratio_text(self.ratio)}, {self.after_min:g} min",
                        expected="a ratio as 3:1, 0 min or more")
            )  # fmt: skip

    def __str__(self) -> str:
        return f"product of {ratio_text(self.ratio)} after {time_text(self.after_min)}"


@dataclass(frozen=True)
class Addition:
    """Something added to a running reaction.

    what    : a parent's name, or the product of an earlier reaction
    amount  : clusters, or clusters that had been fed to the product, in the units of the ratio
    at_min  : minutes from the start
    """

    what: str | Product
    amount: float
    at_min: float

    def __str__(self) -> str:
        return f"{self.amount:.12g} {self.what} @ {time_text(self.at_min)}"


@dataclass(frozen=True)
class Experiment:
    """One reaction: what is mixed at the start, what is added later.

    ratio     : clusters of each parent fed at the start, in the order of the parents
    additions : in any order of time; at 0 they are there from the start
    Raises ReactionError for negative amounts and for nothing fed at the start.
    """

    ratio: tuple[float, ...]
    additions: tuple[Addition, ...] = ()

    def __post_init__(self) -> None:
        said = [*self.ratio, *(n for a in self.additions for n in (a.amount, a.at_min))]
        if not all(0 <= n < math.inf for n in said):
            raise ReactionError(
                message("experiment", found="an amount or a time below 0, or endless",
                        expected="0 or more")
            )  # fmt: skip
        at_start = [a.amount for a in self.additions if a.at_min == 0]
        if sum(self.ratio) + sum(at_start) <= 0:
            raise ReactionError(
                message("experiment", found="nothing fed at the start", expected="a ratio as 3:1")
            )


def parse_time(text: str) -> float:
    """Minutes.

    Raises ReactionError.

    >>> parse_time("20h"), parse_time("30 s"), parse_time("2min")
    (1200.0, 0.5, 2.0)
    """
    found = TIME.fullmatch(text)
    if found is None or found[2] not in MINUTES or found[1].count(".") > 1:
        raise ReactionError(
            message(f'time "{text}"', found="no number with a unit",
                    expected="one such as 30s, 2min, 20h or 3d")
        )  # fmt: skip
    minutes = float(found[1]) * MINUTES[found[2]]
    if minutes > LONGEST:
        raise ReactionError(message(f'time "{text}"', found="more than 100 years", expected="less"))
    return minutes


def time_text(minutes: float) -> str:
    """A time in the unit that people would use, or in minutes where that takes many digits.

    >>> [time_text(minutes) for minutes in (0.0, 0.5, 2.0, 90.0, 1200.0, 1201.0, 10080.0)]
    ['0 min', '30 s', '2 min', '90 min', '20 h', '1201 min', '7 d']
    """
    unit = "s" if 0 < minutes < 1 else "min" if minutes < 120 else "h"
    unit = "d" if minutes >= 2 * MINUTES["d"] and minutes % MINUTES["d"] == 0 else unit
    written = f"{minutes / MINUTES[unit]:g}"
    exact = abs(float(written) * MINUTES[unit] - minutes) <= 1e-12 * minutes
    return f"{written} {unit}" if exact else f"{minutes:.12g} min"


def ratio_text(ratio: tuple[float, ...]) -> str:
    """A ratio as `parse_ratio` reads it."""
    return ":".join(f"{n:.12g}" for n in ratio)


def parse_ratio(text: str, reaction: Reaction) -> tuple[float, ...]:
    """Clusters of each parent: "3:1" or "3/1", in the order of the parents.

    Raises ReactionError.
    """
    parts = re.split(r"[:/]", text)
    try:
        ratio = tuple(float(part) for part in parts)
    except ValueError:
        ratio = ()
    names = ":".join(parent.name for parent in reaction.parents)
    if len(ratio) != len(reaction.parents) or min(ratio) < 0 or not 0 < sum(ratio) < float("inf"):
        raise ReactionError(
            message(f'ratio "{text}"', found=f"{len(parts)} numbers" if ratio else "no numbers",
                    expected=f"{names}, as 3:1, not negative and not all 0")
        )  # fmt: skip
    return ratio


def parse_addition(text: str, reaction: Reaction, at: str = "") -> Addition:
    """An addition: "2 Au44 @ 20h", or "product of 1:3 after 20h @ 20h".

    The amount is in the units of the ratio: clusters of the parent, or clusters that had been fed
    to the product; without one a product is the whole of it, 4 for 1:3, a parent 1.
    at : the time, where `text` has no @
    Raises ReactionError.
    """
    what, sign, when = text.partition("@")
    if sign and at:
        raise ReactionError(
            message(f'addition "{text}"', found=f'a second time, "{at}"', expected="one time")
        )
    found = AMOUNT.fullmatch(what)
    if found is None or not (when.strip() or at) or (found[1] or "1").count(".") > 1:
        raise ReactionError(
            message(f'addition "{text}"', found="no amount, name and time",
                    expected='"2 Au44 @ 20h", or "product of 1:3 after 20h @ 20h"')
        )  # fmt: skip
    time = parse_time(when.strip() or at)
    product = PRODUCT.fullmatch(found[2])
    if product is None:
        name = reaction.parent(found[2]).name
        return Addition(name, float(found[1] or 1), time)
    ratio = parse_ratio(product[1], reaction)
    return Addition(Product(ratio, parse_time(product[2])), float(found[1] or sum(ratio)), time)


def ratio_of_volumes(volumes: Mapping[str, float], reaction: Reaction) -> tuple[float, ...]:
    """Clusters of each parent in volumes of stocks of equal metal concentration.

    Raises ReactionError for a name that is no parent's.
    """
    by_name = {reaction.parent(name).name: volume for name, volume in volumes.items()}
    metals = [reaction.by_name[parent.framework].metals for parent in reaction.parents]
    return tuple(
        by_name.get(parent.name, 0.0) / n
        for parent, n in zip(reaction.parents, metals, strict=True)
    )
