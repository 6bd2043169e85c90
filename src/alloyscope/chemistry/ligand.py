"""Ligands and adducts: sourced tables, and the vocabulary a case adds to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cache, cached_property
from typing import Any, TypeVar

from alloyscope.chemistry.formula import Formula
from alloyscope.data import toml_table
from alloyscope.errors import AlloyscopeError, TableError, UnknownLigand, message

THIOLATE_ALIASES = ("SR", "S-R", "RS")
"""Names that stand for "the thiolate of this study", bound by a case."""


@dataclass(frozen=True)
class Ligand:
    """A ligand as it is bound.

    formula   : atoms as bound, p-MBA = C7H5O2S
    charge    : formal charge as bound, -1 for a thiolate
    denticity : donor atoms
    electrons : valence electrons withdrawn from the metal core
    acids     : hydrogens as bound that leave as H+ in electrospray
    free, cas : the molecule it comes from and its CAS registry number, where there is one

    Raises TableError when the CAS number's check digit is wrong, when `formula` is not `free`
    less some hydrogen, or when a count is out of range.
    """

    name: str
    formula: Formula
    charge: int
    denticity: int = 1
    electrons: int = 1
    acids: int = 0
    kind: str = "ligand"
    title: str = ""
    aliases: tuple[str, ...] = ()
    free: Formula | None = None
    cas: str = ""

    def __post_init__(self) -> None:
        faults = []
        if not self.name or set(self.name) & set("[]{}+^_$\\"):
            faults.append(f"the name {self.name!r}")
        if not 1 <= self.denticity <= 12 or not -6 <= self.charge <= 6:
            faults.append(f"denticity {self.denticity}, charge {self.charge}")
        if self.free is not None and not self._comes_from_free():
            faults.append(f"formula {self.formula} for the free ligand {self.free}")
        if self.cas and not valid_cas(self.cas):
            faults.append(f"CAS number {self.cas}, whose check digit is wrong")
        if faults:
            raise TableError(
                message(f"ligand {self.name}", found="; ".join(faults),
                        expected="a name without []{}+^_$\\, a charge from -6 to 6, a denticity "
                                 "from 1 to 12, and the free ligand less its lost H")
            )  # fmt: skip

    def _comes_from_free(self) -> bool:
        free = dict(self.free or {})
        lost = free.get("H", 0) - self.formula.get("H", 0)
        same = {s: n for s, n in free.items() if s != "H"} == {
            s: n for s, n in self.formula.items() if s != "H"
        }
        return same and lost == -self.charge

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Adduct:
    """An ion or a neutral molecule that is added to a cluster or leaves it.

    charge : its own charge; H is the proton, +1
    rank   : where it is printed among others
    """

    name: str
    formula: Formula
    charge: int
    rank: int = 1000
    aliases: tuple[str, ...] = field(default=(), compare=False)

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """The names that notation may use.

    thiolate : the ligand that SR stands for, None when that is not said
    """

    ligands: tuple[Ligand, ...]
    adducts: tuple[Adduct, ...]
    thiolate: Ligand | None = None

    @cached_property
    def ligand_names(self) -> Mapping[str, Ligand]:
        """Every name and alias of a ligand."""
        names = _names(self.ligands)
        return names | (dict.fromkeys(THIOLATE_ALIASES, self.thiolate) if self.thiolate else {})

    @cached_property
    def adduct_names(self) -> Mapping[str, Adduct]:
        """Every name and alias of an adduct."""
        return _names(self.adducts)

    def ligand(self, name: str) -> Ligand:
        """The ligand called `name`, whatever its capitals when they leave no doubt.

        Raises UnknownLigand with the nearest names.
        """
        if name in self.ligand_names:
            return self.ligand_names[name]
        if name in THIOLATE_ALIASES:
            raise UnknownLigand(
                message("ligand", found=f'"{name}"', expected="the name of a thiolate",
                        do="SR stands for the thiolate of a study; say which it is: --ligand "
                           'p-MBA, or thiolate = "p-MBA" in the case\'s [chemistry].')
            )  # fmt: skip
        folded = {ligand for known, ligand in self.ligand_names.items()
                  if known.casefold() == name.casefold()}  # fmt: skip
        if len(folded) == 1:
            return folded.pop()
        near = get_close_matches(name, self.ligand_names, n=4, cutoff=0.5)
        raise UnknownLigand(
            message("ligand", found=f'"{name}"', expected="a ligand of the table or of the case",
                    do=(f"Nearest: {', '.join(near)}. " if near else "")
                       + "Another ligand is declared in the case as [[chemistry.ligand]].")
        )  # fmt: skip

    def with_ligands(self, ligands: Iterable[Ligand]) -> Vocabulary:
        """This vocabulary with ligands of the user's own, which go before the table's."""
        own = tuple(ligands)
        taken = {ligand.name for ligand in own}
        rest = tuple(ligand for ligand in self.ligands if ligand.name not in taken)
        return replace(self, ligands=own + rest)

    def binding(self, thiolate: str | None) -> Vocabulary:
        """This vocabulary with SR standing for the ligand `thiolate`."""
        return replace(self, thiolate=self.ligand(thiolate) if thiolate else None)


Named = TypeVar("Named", bound=Ligand | Adduct)


def valid_cas(number: str) -> bool:
    """Whether a CAS registry number's check digit is right.

    >>> valid_cas("1074-36-8"), valid_cas("1074-36-9")
    (True, False)
    """
    digits = number.replace("-", "")
    if not digits.isdecimal() or len(digits) < 5:
        return False
    weighted = sum(i * int(d) for i, d in enumerate(reversed(digits[:-1]), 1))
    return weighted % 10 == int(digits[-1])


def ligand_from(entry: Mapping[str, Any]) -> Ligand:
    """A ligand from a TOML table's entry.

    Raises TableError that names the ligand and what is wrong.
    """
    name = str(entry.get("name", "without a name"))
    try:
        fields = dict(entry)
        fields["formula"] = Formula.parse(str(fields["formula"]))
        if "free" in fields:
            fields["free"] = Formula.parse(str(fields["free"]))
        fields["aliases"] = tuple(fields.get("aliases", ()))
        return Ligand(**fields)
    except TableError:
        raise
    except (AlloyscopeError, KeyError, TypeError) as error:
        raise TableError(
            message(f"ligand {name}", found=str(error),
                    expected="name, formula and charge, and if wanted denticity, electrons, acids, "
                             "kind, title, aliases, free, cas")
        ) from error  # fmt: skip


def _names(entries: Iterable[Named]) -> dict[str, Named]:
    """Entries by name and alias; the first to claim a name keeps it."""
    claims = [(name, entry) for entry in entries for name in (entry.name, *entry.aliases)]
    return dict(reversed(claims))


@cache
def default_vocabulary() -> Vocabulary:
    """The bundled ligands and adducts; SR is not bound."""
    ligands = tuple(ligand_from(entry) for entry in toml_table("ligands.toml")["ligand"])
    adducts = tuple(
        Adduct(e["name"], Formula.parse(e["formula"]), e["charge"], rank, tuple(e["aliases"]))
        for rank, e in enumerate(toml_table("adducts.toml")["adduct"])
    )
    return Vocabulary(ligands, adducts)
