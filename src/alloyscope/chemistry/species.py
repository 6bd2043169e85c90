"""Clusters and the ions they are seen as.

A `Species` is metals, ligands and the charge of that core. An `Ion` is a species with what the
spray added or took away, and the charge it is seen at. A `FormulaIon` is any other charged formula.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, TypeVar

from alloyscope.chemistry.element import default_isotope_table
from alloyscope.chemistry.formula import MOST, Formula
from alloyscope.chemistry.ligand import Adduct, Ligand
from alloyscope.constants import ELECTRON_MASS
from alloyscope.data import toml_table
from alloyscope.errors import ChargeError, NotationError, message

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

KINDS = (
    "thiolate", "selenolate", "dithiolate", "ligand", "alkynyl", "carboxylate", "phosphine",
    "diphosphine", "neutral", "oxoanion", "halide", "hydride", "chalcogenide",
)  # fmt: skip
"""Order in which kinds of ligand are printed; users' own kinds come last."""


@cache
def nonmetals() -> frozenset[str]:
    """Elements that are never metals of a core."""
    return frozenset(toml_table("metals.toml")["nonmetals"]["symbols"])


@cache
def counter_ions() -> frozenset[str]:
    """Metals that are counter-ions when they stand in a formula."""
    return frozenset(toml_table("metals.toml")["counter_ions"]["symbols"])


def is_metal(symbol: str) -> bool:
    """Whether an element can be a metal of a core."""
    return symbol in default_isotope_table().elements and symbol not in nonmetals()


@dataclass(frozen=True)
class Species:
    """A cluster: so many of each metal, so many of each ligand, and its charge.

    metals  : (symbol, count), heaviest element first
    ligands : (Ligand, count), in the order of `KINDS`, then by name
    charge  : of the core, in elementary charges, signed

    Raises NotationError for a count below one, an element that is not a metal, or nothing at all;
    ChargeError for a charge that so few units cannot hold.
    """

    metals: tuple[tuple[str, int], ...]
    ligands: tuple[tuple[Ligand, int], ...]
    charge: int

    def __post_init__(self) -> None:
        if not self.metals and not self.ligands:
            raise NotationError(message("species", found="nothing", expected="metals or ligands"))
        for unit, count in (*self.metals, *self.ligands):
            if isinstance(unit, str) and not is_metal(unit):
                raise NotationError(message("species", found=f"metal {unit}", expected="a metal"))
            if not 1 <= count <= MOST:
                raise NotationError(
                    message("species", found=f"{count} {unit}", expected="a count of 1 or more")
                )
        check_charge(self.charge, self.most_charge, self.body)

    @staticmethod
    def of(
        metals: Mapping[str, int], ligands: Mapping[Ligand, int], charge: int = 0
    ) -> Species:  # fmt: skip
        """The species with these counts in canonical order; zero counts are left out."""
        table = default_isotope_table()
        return Species(
            tuple(sorted(((m, n) for m, n in metals.items() if n),
                         key=lambda entry: -table[entry[0]].atomic_number)),
            tuple(sorted(((x, n) for x, n in ligands.items() if n), key=_ligand_order)),
            charge,
        )  # fmt: skip

    @cached_property
    def formula(self) -> Formula:
        """Atoms of metals and ligands as bound."""
        counts = dict(self.metals)
        for ligand, n in self.ligands:
            for symbol, atoms in ligand.formula.items():
                counts[symbol] = counts.get(symbol, 0) + n * atoms
        return Formula.of(counts)

    @property
    def n_metals(self) -> int:
        """Number of metal atoms."""
        return sum(n for _, n in self.metals)

    @property
    def n_ligands(self) -> int:
        """Number of ligands of all kinds."""
        return sum(n for _, n in self.ligands)

    def count(self, unit: str) -> int:
        """How many of a metal (by symbol) or a ligand (by name) there are."""
        return sum(n for u, n in (*self.metals, *self.ligands) if str(u) == unit)

    @property
    def most_charge(self) -> int:
        """More charge than this, of either sign, no core of so few metals holds."""
        return self.n_metals // 2 + 4

    @property
    def body(self) -> str:
        """Metals and ligands without brackets or charge: `Au12Ag32(p-MBA)30`."""
        metals = "".join(f"{symbol}{_times(n)}" for symbol, n in self.metals)
        return metals + "".join(f"{_written(ligand)}{_times(n)}" for ligand, n in self.ligands)

    def __str__(self) -> str:
        return f"[{self.body}]{charge_text(self.charge)}" if self.charge else self.body


@dataclass(frozen=True)
class Ion:
    """A species with what was added to it (+) and taken from it (-), at the charge it is seen at.

    species : the core, with its own charge
    adducts : (Adduct, signed count), gains before losses
    charge  : signed, as observed

    The charge should be that of the core plus the adducts'. One that is not is kept, and `remark`
    says so. Raises NotationError when more is taken away than there is, ChargeError for a charge
    that so few units cannot hold.
    """

    species: Species
    adducts: tuple[tuple[Adduct, int], ...]
    charge: int

    def __post_init__(self) -> None:
        if any(n < 0 for _, n in self.adducts):
            _ = self.formula  # refuses to take away what is not there
        carried = sum(abs(n) * max(abs(adduct.charge), 1) for adduct, n in self.adducts)
        check_charge(self.charge, self.species.most_charge + carried, self.species.body)

    @staticmethod
    def of(
        species: Species,
        adducts: Mapping[Adduct, int] | Iterable[tuple[Adduct, int]] = (),
        charge: int | None = None,
    ) -> Ion:
        """The ion with these adducts in canonical order; its charge follows unless it is given."""
        counts: dict[Adduct, int] = {}
        for adduct, n in adducts.items() if isinstance(adducts, Mapping) else adducts:
            counts[adduct] = counts.get(adduct, 0) + n
        ordered = sorted(
            ((adduct, n) for adduct, n in counts.items() if n),
            key=lambda entry: (entry[1] < 0, entry[0].rank, entry[0].name),
        )
        follows = species.charge + sum(adduct.charge * n for adduct, n in ordered)
        return Ion(species, tuple(ordered), follows if charge is None else charge)

    @cached_property
    def formula(self) -> Formula:
        """Atoms of the whole ion."""
        counts = dict(self.species.formula)
        for adduct, n in self.adducts:
            for symbol, atoms in adduct.formula.items():
                counts[symbol] = counts.get(symbol, 0) + n * atoms
        return Formula.of(counts)

    @property
    def expected_charge(self) -> int:
        """Charge of the core plus that of the adducts."""
        return self.species.charge + sum(adduct.charge * n for adduct, n in self.adducts)

    @property
    def remark(self) -> str:
        """Empty, or that the charge does not follow from the core's and the adducts'."""
        if self.charge == self.expected_charge:
            return ""
        core, adducts = charge_text(self.species.charge) or "0", adducts_text(self.adducts)
        return (
            f"charge {charge_text(self.charge) or 0} does not follow: a core of {core} with "
            f"{adducts or 'no adducts'} is {charge_text(self.expected_charge) or 'neutral'}"
        )

    def delta(self, name: str) -> int:
        """How many of an adduct were added (+) or taken away (-): `delta("Na")`."""
        return sum(n for adduct, n in self.adducts if adduct.name == name)

    def __str__(self) -> str:
        if not self.adducts and not self.remark:
            return str(self.species)
        adducts = adducts_text(self.adducts)
        outer = charge_text(self.charge) or "0"
        if not self.remark:
            return f"[{self.species.body}{adducts}]{outer}"
        core = charge_text(self.species.charge) or "0"
        return f"[({self.species.body})^{core}{' ' + adducts if adducts else ''}]{outer}"


@dataclass(frozen=True)
class FormulaIon:
    """Any charged formula, with no claim about metals and ligands.

    Raises ChargeError for a charge that so few units cannot hold.
    """

    formula: Formula
    charge: int
    remark: str = ""

    def __post_init__(self) -> None:
        check_charge(self.charge, self.formula.n_atoms + 3, str(self.formula))

    def __str__(self) -> str:
        return f"[{self.formula}]{charge_text(self.charge)}" if self.charge else str(self.formula)


if TYPE_CHECKING:
    Mass = TypeVar("Mass", float, NDArray[np.float64])

AnyIon = Ion | FormulaIon
"""What has a formula and a charge, and so an isotope pattern."""


def mz(mass: Mass, charge: int) -> Mass:
    """m/z of a neutral mass (Da), or an array of them, at a signed charge.

    The electrons' mass is counted: m/z = (m - z m_e) / |z|. Raises ChargeError for charge 0.
    """
    if charge == 0:
        raise ChargeError(
            message("m/z", found="charge 0", expected="a charge such as 4- or 2+",
                    do="A neutral species has a mass and no m/z.")
        )  # fmt: skip
    return (mass - charge * ELECTRON_MASS) / abs(charge)


def charge_text(charge: int) -> str:
    """A charge as chemists write it: `4-`, `+`, and nothing for 0."""
    if charge == 0:
        return ""
    return (str(abs(charge)) if abs(charge) > 1 else "") + ("-" if charge < 0 else "+")


def adducts_text(adducts: Iterable[tuple[Adduct, int]]) -> str:
    """Adducts as they are written: `+12Na-16H`."""
    return "".join(
        f"{'-' if n < 0 else '+'}{abs(n) if abs(n) > 1 else ''}{adduct}" for adduct, n in adducts
    )


def check_charge(charge: int, most: int, where: str) -> None:
    """Raise ChargeError for a charge of more than `most`, either sign."""
    if abs(charge) > most:
        last = charge_text(abs(charge) % 10 * (-1 if charge < 0 else 1)) if abs(charge) > 9 else ""
        raise ChargeError(
            message(where, found=f"charge {charge_text(charge)}",
                    expected=f"at most {most} on so few atoms",
                    do=f"Did you mean {last}?" if last else "")
        )  # fmt: skip


def _ligand_order(entry: tuple[Ligand, int]) -> tuple[int, str]:
    kind, name = entry[0].kind, entry[0].name
    return (KINDS.index(kind) if kind in KINDS else len(KINDS)), name


def _written(ligand: Ligand) -> str:
    """A ligand of one atom stands bare, as in Au11(PPh3)7Cl3; others in parentheses."""
    bare = ligand.formula.n_atoms == 1 and ligand.name == str(ligand.formula)
    return ligand.name if bare else f"({ligand.name})"


def _times(count: int) -> str:
    return str(count) if count != 1 else ""
