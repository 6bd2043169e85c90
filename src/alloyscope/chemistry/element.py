"""Elements and their isotopes, from a cited table that proves itself."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cache, cached_property
from pathlib import Path

from alloyscope.data import bundled, csv_rows, read_table
from alloyscope.errors import TableError, UnknownElement, message

LABELLED = re.compile(r"(\d+)([A-Z][a-z]?)")
"""An isotopically labelled atom as a formula keeps it: 13C, 2H."""


@dataclass(frozen=True)
class Isotope:
    """One isotope of an element.

    nucleons     : number of protons and neutrons
    mass         : Da, of the neutral atom
    mass_sd      : Da, 1 sd
    abundance    : share of the element's atoms, 0 to 1
    abundance_sd : 1 sd over natural materials
    """

    nucleons: int
    mass: float
    mass_sd: float
    abundance: float
    abundance_sd: float


def _possible(isotope: Isotope) -> bool:
    near = abs(isotope.mass - isotope.nucleons) < 0.2
    sds = (isotope.mass_sd, isotope.abundance_sd)
    return near and 0 <= isotope.abundance <= 1 and all(0 <= sd < math.inf for sd in sds)


@dataclass(frozen=True)
class Element:
    """An element and its isotopes, lightest first.

    Raises TableError when the abundances do not sum to 1 within 1e-6, or a mass is further than
    0.2 Da from its nucleon number.
    """

    symbol: str
    atomic_number: int
    name: str
    isotopes: tuple[Isotope, ...]

    def __post_init__(self) -> None:
        total = math.fsum(i.abundance for i in self.isotopes)
        if not math.isclose(total, 1.0, abs_tol=1e-6):
            raise TableError(
                message(f"isotopes of {self.symbol}", found=f"abundances sum {total:.7f}",
                        expected="1")
            )  # fmt: skip
        if len({i.nucleons for i in self.isotopes}) < len(self.isotopes):
            raise TableError(
                message(f"isotopes of {self.symbol}", found="one of them twice",
                        expected="a row for each nucleon number")
            )  # fmt: skip
        for isotope in self.isotopes:
            if not _possible(isotope):
                raise TableError(
                    message(f"isotope {self.symbol}-{isotope.nucleons}", found=str(isotope),
                            expected="a mass near the nucleon number, a share of 0 to 1, and "
                                     "standard deviations of 0 or more")
                )  # fmt: skip

    @cached_property
    def most_abundant(self) -> Isotope:
        """The most common isotope."""
        return max(self.isotopes, key=lambda i: i.abundance)

    @cached_property
    def mean_mass(self) -> float:
        """Abundance-weighted mean mass, Da."""
        return math.fsum(i.abundance * i.mass for i in self.isotopes)

    @cached_property
    def mean_mass_sd(self) -> float:
        """1 sd of the mean mass (Da) over natural materials.

        The minor isotopes are taken to vary independently and the most common one to make up for
        them, which is exact for two isotopes.
        """
        centre = self.most_abundant.mass
        return math.sqrt(
            math.fsum(((i.mass - centre) * i.abundance_sd) ** 2 for i in self.isotopes)
        )


@dataclass(frozen=True, eq=False)
class IsotopeTable:
    """Elements by symbol, with the name and source of the table.

    >>> default_isotope_table()["Ag"].isotopes[0].nucleons
    107
    """

    name: str
    source: str
    elements: Mapping[str, Element]

    def __contains__(self, symbol: str) -> bool:
        label = LABELLED.fullmatch(symbol)
        return (label[2] if label else symbol) in self.elements

    def __getitem__(self, symbol: str) -> Element:
        """The element; `"13C"` gives carbon made of that isotope alone.

        Raises UnknownElement with the nearest symbols.
        """
        if symbol in self.elements:
            return self.elements[symbol]
        label = LABELLED.fullmatch(symbol)
        if label and label[2] in self.elements:
            return self._labelled(self.elements[label[2]], int(label[1]))
        near = get_close_matches(symbol, self.elements, n=3, cutoff=0.4)
        raise UnknownElement(
            message("formula", found=f'"{symbol}"',
                    expected=f"an element of the isotope table {self.name}",
                    do=f"Nearest: {', '.join(near)}." if near else "")
        )  # fmt: skip

    def _labelled(self, element: Element, nucleons: int) -> Element:
        for isotope in element.isotopes:
            if isotope.nucleons == nucleons:
                alone = Isotope(nucleons, isotope.mass, isotope.mass_sd, 1.0, 0.0)
                symbol = f"{nucleons}{element.symbol}"
                return Element(symbol, element.atomic_number, element.name, (alone,))
        known = ", ".join(f"{i.nucleons}{element.symbol}" for i in element.isotopes)
        raise UnknownElement(
            message("formula", found=f"{nucleons}{element.symbol}", expected=f"one of {known}")
        )


def parse_isotope_table(text: str, name: str) -> IsotopeTable:
    """Read a table with the columns of the bundled `isotopes.csv`.

    Raises TableError that names the row that cannot be right.
    """
    found: dict[str, tuple[int, str, list[Isotope]]] = {}
    for number, row in enumerate(csv_rows(text), 1):
        try:
            isotope = Isotope(
                int(row["nucleons"]),
                float(row["mass"]),
                float(row["mass_sd"]),
                float(row["abundance"]),
                float(row["abundance_sd"]),
            )
            entry = found.setdefault(row["symbol"], (int(row["atomic_number"]), row["name"], []))
        except (KeyError, TypeError, ValueError) as error:
            raise TableError(
                message(f"{name} row {number}", found=str(error),
                        expected="symbol,atomic_number,name,nucleons,mass,mass_sd,abundance,"
                                 "abundance_sd")
            ) from error  # fmt: skip
        entry[2].append(isotope)
    source = " ".join(line[1:].strip() for line in text.splitlines() if line.startswith("#"))
    elements = {
        symbol: _normalised(
            Element(symbol, z, title, tuple(sorted(isotopes, key=lambda i: i.nucleons)))
        )
        for symbol, (z, title, isotopes) in found.items()
    }
    if not elements:
        raise TableError(message(name, found="no isotope", expected="at least one row"))
    return IsotopeTable(name, source, elements)


def _normalised(element: Element) -> Element:
    """The element with abundances that sum to 1 beyond the digits of the table they come from."""
    total = math.fsum(i.abundance for i in element.isotopes)
    isotopes = tuple(replace(i, abundance=i.abundance / total) for i in element.isotopes)
    return replace(element, isotopes=isotopes)


@cache
def default_isotope_table() -> IsotopeTable:
    """AME2020 masses with CIAAW abundances; see the head of `data/isotopes.csv`."""
    return parse_isotope_table(bundled("isotopes.csv"), "AME2020/CIAAW")


@cache
def isospec_isotope_table() -> IsotopeTable:
    """The table that IsoSpecPy carries, for comparison with programs built on it."""
    from IsoSpecPy import PeriodicTbl

    sd = {s: {i.nucleons: i.abundance_sd for i in e.isotopes}
          for s, e in default_isotope_table().elements.items()}  # fmt: skip
    elements = {}
    for symbol, known in default_isotope_table().elements.items():
        masses, shares = PeriodicTbl.symbol_to_masses[symbol], PeriodicTbl.symbol_to_probs[symbol]
        isotopes = tuple(
            Isotope(round(m), m, 0.0, p / math.fsum(shares), sd[symbol].get(round(m), 0.0))
            for m, p in zip(masses, shares, strict=True)
        )
        elements[symbol] = Element(symbol, known.atomic_number, known.name, isotopes)
    return IsotopeTable("IsoSpecPy", "https://github.com/MatteoLacki/IsoSpec", elements)


def isotope_table(name: str | None = None) -> IsotopeTable:
    """The table called `name`: None (the bundled one), `"isospec"`, or a CSV file of one's own.

    Raises TableError when the file cannot be read as a table.
    """
    if name is None:
        return default_isotope_table()
    if name == "isospec":
        return isospec_isotope_table()
    return parse_isotope_table(read_table(Path(name)), Path(name).name)
