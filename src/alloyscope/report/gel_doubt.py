"""What is not sure of an order in a gel, in a few words: by its own model, and by the others."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from alloyscope.gel.conditions import Model
from alloyscope.results.gel import GelRun

MOST_NAMED = 2
"""Pairs of neighbours that are named; of more, their number is told."""

Pair = tuple[str, str]


def own_doubt(found: GelRun) -> str:
    """Which neighbours' order is uncertain by the model that was chosen; "" where none is."""
    model = found.conditions.model
    told = [pair for pair in _neighbours(found) if _word(found, model, pair) != "tie at once"]
    doubted = [pair for pair in told if _word(found, model, pair) in ("leave", "tie")]
    if not doubted:
        return ""
    return "uncertain" if doubted == told else f"{_ordered(doubted, told)} uncertain"


def others_doubt(found: GelRun) -> str:
    """What the other models make of neighbours of which the chosen one is sure; "" for the same."""
    model = found.conditions.model
    others = [one for one in found.mobility if one != model]
    sure = [pair for pair in _neighbours(found) if _word(found, model, pair) == "agree"]
    made: dict[str, list[Pair]] = {}
    for pair in sure:
        words = {_word(found, one, pair).removesuffix(" at once") for one in others}
        # Models that differ among themselves leave the order uncertain.
        made.setdefault(words.pop() if len(words) == 1 else "leave", []).append(pair)
    said = []
    if "tie" in made:
        pairs = made["tie"]
        said.append("tie " + (_number(pairs, sure) or " and ".join(f"{a} with {b}" for a, b in
                                                                    pairs)))  # fmt: skip
    if "leave" in made:
        said.append(f"leave {_ordered(made['leave'], sure)} uncertain")
    if "turn" in made:
        said.append(f"turn {_ordered(made['turn'], sure)} round")
    if not others or not said:
        return ""
    who = "the other models" if len(others) > 1 else "the other model"
    text = " and ".join(said)
    return f"{who} {text if len(others) > 1 else _singular(text)}"


def _word(found: GelRun, model: Model, names: Pair) -> str:
    """What a model makes of two neighbours: agree, turn, tie (at once: as stated), or leave."""
    pair = found.pair(model, *names)
    if pair is None:
        return "leave"
    if pair.tied:
        return "tie at once"
    if pair.verdict == "tied":
        return "tie"
    if pair.verdict == "uncertain":
        return "leave"
    return "agree" if pair.slower == names[0] else "turn"


def _neighbours(found: GelRun) -> list[Pair]:
    return [(slow.name, fast.name) for slow, fast in pairwise(found.chosen)]


def _ordered(pairs: Sequence[Pair], of: Sequence[Pair]) -> str:
    return _number(pairs, of) or " and ".join(f"{slow} < {fast}" for slow, fast in pairs)


def _number(pairs: Sequence[Pair], of: Sequence[Pair]) -> str:
    return f"{len(pairs)} of {len(of)} neighbours" if len(pairs) > MOST_NAMED else ""


def _singular(text: str) -> str:
    return " ".join(f"{word}s" if word in ("tie", "leave", "turn") else word
                    for word in text.split(" "))  # fmt: skip
