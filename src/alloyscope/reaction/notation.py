"""Steps of a reaction as people write them: `A + C <-> 2 B + RSSR`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from alloyscope.errors import ReactionError, message

ARROWS = {"<->": True, "<=>": True, "⇌": True, "->": False, "=>": False, "→": False}
ARROW = re.compile("|".join(map(re.escape, sorted(ARROWS, key=len, reverse=True))))
TERM = re.compile(r"(?:(\d+)\s*)?([^\W\d].*)")


@dataclass(frozen=True)
class Equation:
    """Terms on either side by name, each with its coefficient, as written.

    A term that stands on both sides takes part and is not used up: an attacker, or a template.
    """

    left: tuple[tuple[str, int], ...]
    right: tuple[tuple[str, int], ...]
    reversible: bool

    def __str__(self) -> str:
        arrow = "<->" if self.reversible else "->"
        return f"{_side(self.left)} {arrow} {_side(self.right)}"

    @property
    def spectators(self) -> tuple[str, ...]:
        """Terms that stand on both sides."""
        right = {name for name, _ in self.right}
        return tuple(name for name, _ in self.left if name in right)

    @property
    def change(self) -> dict[str, int]:
        """Net coefficient of each term that changes, products positive."""
        net = Counter(dict(self.right))
        net.subtract(dict(self.left))
        return {name: n for name, n in net.items() if n}


def parse_equation(text: str) -> Equation:
    """Read an equation; names are not looked up.

    Raises ReactionError.

    >>> str(parse_equation("A + C <=> 2B + RSSR"))
    'A + C <-> 2 B + RSSR'
    >>> parse_equation("A + C -> A + 44 M + 26 SR + 20 e").spectators
    ('A',)
    """
    arrows = ARROW.findall(text)
    if len(arrows) != 1:
        raise ReactionError(
            message(f'equation "{text}"', found=f"{len(arrows)} arrows",
                    expected='one, "->" or "<->", as in "A + C <-> 2 B + RSSR"')
        )  # fmt: skip
    left, right = (_terms(side, text) for side in ARROW.split(text))
    return Equation(left, right, ARROWS[arrows[0]])


def _terms(side: str, text: str) -> tuple[tuple[str, int], ...]:
    found: Counter[str] = Counter()
    for part in side.split("+"):
        term = TERM.fullmatch(part.strip())
        if term is None or term[1] == "0":
            raise ReactionError(
                message(f'equation "{text}"', found=f'"{part.strip()}"',
                        expected='a name with a whole number before it or none: "2 B"')
            )  # fmt: skip
        found[" ".join(term[2].split())] += int(term[1] or 1)
    return tuple(found.items())


def _side(terms: tuple[tuple[str, int], ...]) -> str:
    return " + ".join(name if n == 1 else f"{n} {name}" for name, n in terms)


@dataclass(frozen=True)
class Content:
    """What one unit of a term holds. metals are those of no particular kind, M."""

    metals: int = 0
    ligands: int = 0
    electrons: int = 0
    charge: int = 0
    named: tuple[tuple[str, int], ...] = ()


def check_balance(equation: Equation, contents: Mapping[str, Content]) -> None:
    """Raise ReactionError that shows what an equation gains or loses."""
    for name, _ in (*equation.left, *equation.right):
        if name not in contents:
            raise ReactionError(
                message(f'step "{equation}"', found=f'"{name}"',
                        expected="one of " + ", ".join(contents))
            )  # fmt: skip
    off = []
    for what in ("metals", "ligands", "electrons", "charge", *_named(equation, contents)):
        left, right = (
            sum(n * _held(contents[name], what) for name, n in side)
            for side in (equation.left, equation.right)
        )
        if left != right:
            off.append(f"{what} {left} -> {right} ({right - left:+d})")
    if off:
        raise ReactionError(
            message(f'step "{equation}"', found="out of balance: " + ", ".join(off),
                    expected="metals, each metal named, ligands, electrons and charge equal on "
                    "both sides")
        )  # fmt: skip


def _named(equation: Equation, contents: Mapping[str, Content]) -> list[str]:
    """Metals that terms are made of by name: they do not turn into one another, nor into M."""
    terms = (name for name, _ in (*equation.left, *equation.right))
    return list(dict.fromkeys(metal for name in terms for metal, _ in contents[name].named))


def _held(content: Content, what: str) -> int:
    if what in ("metals", "ligands", "electrons", "charge"):
        return int(getattr(content, what))
    return dict(content.named).get(what, 0)
