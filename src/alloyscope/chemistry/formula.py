"""Elemental formulas: an exact count of atoms."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from alloyscope.chemistry.element import IsotopeTable, default_isotope_table
from alloyscope.errors import NotationError, message

TOKEN = re.compile(r"\[(\d+)([A-Z][a-z]?)\]|([A-Z][a-z]?)|([(\[{])|([)\]}])|(\d+)|([·*.])|\s+")
SYNONYMS = {"D": "2H"}
MOST = 10**9
"""Atoms of one element that a formula may have."""


@dataclass(frozen=True)
class Formula(Mapping[str, int]):
    """Atoms by element symbol, in Hill order, every count positive.

    An isotopically labelled atom is keyed by its nucleon number and symbol, `"13C"`.
    Raises NotationError for a count below zero, which is a loss of atoms that are not there, or
    above `MOST`.

    >>> Formula.parse("Au25(C7H5O2S)18")["C"]
    126
    >>> str(Formula.parse("C7H5O2S") * 2 + Formula.parse("Au"))
    'C14H10AuO4S2'
    """

    atoms: tuple[tuple[str, int], ...]

    def __post_init__(self) -> None:
        wrong = [f"{count} {symbol}" for symbol, count in self.atoms if not 0 <= count <= MOST]
        if wrong:
            raise NotationError(
                message("formula", found=", ".join(wrong), expected=f"counts from 0 to {MOST:.0e}",
                        do="Less than 0: more atoms are taken away than there are.")
            )  # fmt: skip

    @staticmethod
    def of(counts: Mapping[str, int]) -> Formula:
        """The formula with these counts; zeros are left out."""
        present = {symbol: int(count) for symbol, count in counts.items() if count}
        carbon = "C" in present

        def hill(symbol: str) -> tuple[int, str]:
            first = {"C": 0, "H": 1}.get(symbol, 2) if carbon else 2
            return first, symbol.lstrip("0123456789") + symbol

        return Formula(tuple((symbol, present[symbol]) for symbol in sorted(present, key=hill)))

    @staticmethod
    def parse(text: str) -> Formula:
        """Read a formula such as `Au25C126H90O36S18`, `Au(C7H5O2S)2`, `[13C]6H12`, `CD3OD`.

        Raises NotationError (place and character) or UnknownElement.
        """
        return Formula.of(_parse(text, default_isotope_table()))

    @cached_property
    def _counts(self) -> dict[str, int]:
        return dict(self.atoms)

    def __getitem__(self, symbol: str) -> int:
        return self._counts[symbol]

    def __iter__(self) -> Iterator[str]:
        return iter(self._counts)

    def __len__(self) -> int:
        return len(self.atoms)

    def __add__(self, other: Formula) -> Formula:
        return Formula.of({s: self.get(s, 0) + other.get(s, 0) for s in {**self, **other}})

    def __sub__(self, other: Formula) -> Formula:
        return Formula.of({s: self.get(s, 0) - other.get(s, 0) for s in {**self, **other}})

    def __mul__(self, times: int) -> Formula:
        return Formula.of({s: n * times for s, n in self.atoms})

    def __str__(self) -> str:
        return "".join(
            (f"[{s}]" if s[0].isdigit() else s) + (str(n) if n != 1 else "") for s, n in self.atoms
        )

    @property
    def n_atoms(self) -> int:
        """Number of atoms."""
        return sum(n for _, n in self.atoms)

    def average_mass(self, table: IsotopeTable | None = None) -> float:
        """Abundance-weighted mean mass, Da, of the neutral formula."""
        table = table or default_isotope_table()
        return sum(n * table[s].mean_mass for s, n in self.atoms)

    def average_mass_sd(self, table: IsotopeTable | None = None) -> float:
        """1 sd of the average mass (Da) that the isotopes' natural variation leaves open."""
        table = table or default_isotope_table()
        return float(sum((n * table[s].mean_mass_sd) ** 2 for s, n in self.atoms) ** 0.5)

    def monoisotopic_mass(self, table: IsotopeTable | None = None) -> float:
        """Mass with the most common isotope of each element, Da."""
        table = table or default_isotope_table()
        return sum(n * table[s].most_abundant.mass for s, n in self.atoms)


def _parse(text: str, table: IsotopeTable) -> dict[str, int]:
    """Atom counts of a formula, brackets multiplied out."""
    levels: list[dict[str, int]] = [{}]
    last: dict[str, int] | None = None
    position = 0
    while position < len(text):
        token = TOKEN.match(text, position)
        if token is None:
            raise _unreadable(text, position)
        nucleons, labelled, symbol, opening, closing, number, _ = token.groups()
        if number:
            if last is None or number.startswith("0") or len(number) > 6:
                raise _unreadable(text, position)
            _add(levels[-1], last, int(number) - 1)
            last = None
        elif opening:
            levels.append({})
            last = None
        elif closing:
            if len(levels) == 1:
                raise _unreadable(text, position)
            last = levels.pop()
            _add(levels[-1], last, 1)
        elif symbol or labelled:
            name = f"{nucleons}{labelled}" if labelled else SYNONYMS.get(symbol, symbol)
            table[name]
            last = {name: 1}
            _add(levels[-1], last, 1)
        position = token.end()
    if len(levels) > 1 or not levels[0]:
        raise _unreadable(text, len(text))
    return levels[0]


def _add(into: dict[str, int], atoms: Mapping[str, int], times: int) -> None:
    for symbol, count in atoms.items():
        into[symbol] = into.get(symbol, 0) + times * count


def _unreadable(text: str, position: int) -> NotationError:
    found = f'"{text[position]}" at character {position + 1}' if position < len(text) else "its end"
    return NotationError(
        message(f'formula "{text}"', found=found,
                expected="element symbols with counts, as in Au25C126H90O36S18")
    )  # fmt: skip
