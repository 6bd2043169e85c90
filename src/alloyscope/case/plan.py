"""From what a case says to the product that is wanted, and where its feed is looked for."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

from alloyscope.case.schema import Case
from alloyscope.errors import CaseError, ReactionError, message
from alloyscope.reaction.experiment import parse_ratio, parse_time
from alloyscope.reaction.feeds import Search
from alloyscope.reaction.reaction import Reaction
from alloyscope.reaction.target import Target

Made = TypeVar("Made")

LITRES = {"L": 1.0, "mL": 1e-3, "ml": 1e-3, "uL": 1e-6, "µL": 1e-6, "μL": 1e-6}
MOLAR = {"M": 1.0, "mM": 1e-3, "uM": 1e-6, "µM": 1e-6, "μM": 1e-6}
QUANTITY = re.compile(r"\s*(\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)\s*(\S+)\s*")


def target_of(case: Case, reaction: Reaction) -> Target:
    """The product that the case wants. Raises CaseError that names the key."""
    asked = case.plan
    target = _placed("", lambda: Target(asked.framework, asked.x or None))
    _placed("", lambda: target.frameworks(reaction))
    return target


def search_of(case: Case, reaction: Reaction) -> Search:
    """Feeds and times among which the case looks. Raises CaseError that names the key."""
    usual = Search()
    low, high = (_ratio(text, reaction) for text in case.plan.ratios)
    texts = case.plan.times
    between = not texts or (len(texts) == 1 and "-" in texts[0].replace("–", "-"))
    if not texts:
        times = usual.times
    elif between:
        ends = texts[0].replace("–", "-").split("-")
        times = _placed("times", lambda: tuple(parse_time(text) for text in ends))
    else:
        times = _placed("times", lambda: tuple(sorted({parse_time(text) for text in texts})))
    return _placed("", lambda: Search(low, high, times, between))


def total_of(case: Case) -> float | None:
    """L of mixture; None where the case does not say. Raises CaseError."""
    return _quantity("total", case.plan.total, LITRES, "5 mL")


def concentration_of(case: Case) -> float | None:
    """M of metal in the stocks; None where the case does not say. Raises CaseError."""
    return _quantity("metal_concentration", case.plan.metal_concentration, MOLAR, "1 mM")


def _quantity(key: str, text: str, units: dict[str, float], example: str) -> float | None:
    if not text:
        return None
    found = QUANTITY.fullmatch(text)
    if found is None or found[2] not in units or not 0 < float(found[1]) < float("inf"):
        raise CaseError(
            message(f"case [plan] {key}", found=f'"{text}"',
                    expected=f'a number above 0 with a unit, such as "{example}"')
        )  # fmt: skip
    return float(found[1]) * units[found[2]]


def _ratio(text: str, reaction: Reaction) -> float:
    """Clusters of the first parent per cluster of the second."""
    parts = _placed("ratios", lambda: parse_ratio(text, reaction))
    if len(parts) != 2 or min(parts) <= 0:
        raise CaseError(
            message("case [plan] ratios", found=f'"{text}"',
                    expected="two parents, both of them fed, as in 1:40")
        )  # fmt: skip
    return parts[0] / parts[1]


def _placed(key: str, made: Callable[[], Made]) -> Made:
    """What a function makes; an error names the key of [plan]."""
    try:
        return made()
    except ReactionError as error:
        raise CaseError(f"case {f'[plan] {key}'.strip()}: {error}") from error
