"""What a cluster ion loses in one step: cleavages as declared, and the pieces they mean.

    cleavage = "[" units adduct* "]" [count | charge] | units [sign ...] ["."] | molecule
    unit     = ("M" | "SR" | "X" | "L" | metal | "(" ligand ")" | ligand) count

M, SR, X and L are any metal, thiolate (anionic ligand but a halide), halide and neutral ligand of
the ion that loses them. A number before a charge stands behind a bracket only: M(SR)2- has one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product
from typing import Any

from alloyscope.chemistry.formula import Formula
from alloyscope.chemistry.ligand import Adduct, Ligand, Vocabulary, default_vocabulary
from alloyscope.chemistry.notation import parse_ion
from alloyscope.chemistry.species import (
    AnyIon,
    FormulaIon,
    Ion,
    Species,
    charge_text,
    is_metal,
)
from alloyscope.data import toml_table
from alloyscope.errors import AlloyscopeError, CaseError, ChargeError, NotationError, message

KINDS = ("M", "SR", "X", "L")
UNIT = re.compile(r"\(([^()]+)\)(\d*)|([A-Z][a-z]?)(\d*)")
BRACKET = re.compile(r"\[(?P<inside>[^\[\]]+)\](?P<times>\d*)(?P<sign>[+-]*)[.·•]?$")
BARE = re.compile(r"(?P<inside>[^\[\]]+?)(?P<sign>[+-]*)[.·•]?$")
ADDUCTS = re.compile(r"((?:[+-]\d*[A-Z][A-Za-z0-9]*)*)$")
MOST_UNITS = 60
LONGEST = 60
"""Units of one kind that leave at once, and characters of a cleavage, at most."""


@dataclass(frozen=True)
class Cleavage:
    """One way for a cluster ion to lose something.

    name    : as it is printed: [M(SR)2]-
    units   : (kind or name, count) that leave: kinds are M, SR, X and L
    adducts : (adduct, signed count) that leave with them, or the molecule that leaves alone
    charge  : of what leaves, signed
    penalty : nats of prior odds
    acid    : a molecule that comes out of an acid group
    usual   : looked for where nothing is declared
    reason, source : why, and where it was seen

    Raises CaseError when nothing leaves or a penalty is below 0.
    """

    name: str
    units: tuple[tuple[str, int], ...]
    adducts: tuple[tuple[Adduct, int], ...]
    charge: int
    penalty: float = 0.0
    acid: bool = False
    usual: bool = False
    reason: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        counts = [n for _, n in self.units]
        if not (self.units or self.adducts) or min(counts, default=1) < 1:
            raise CaseError(
                message(f"cleavage {self.name}", found="nothing that leaves",
                        expected="something such as [M(SR)2]-")
            )  # fmt: skip
        if not 0 <= self.penalty < 100 or max(counts, default=1) > MOST_UNITS:
            raise CaseError(
                message(f"cleavage {self.name}",
                        found=f"penalty {self.penalty:g}, {max(counts, default=0)} units of a kind",
                        expected=f"0 nats or more, at most {MOST_UNITS} units")
            )  # fmt: skip

    @property
    def same(self) -> tuple[object, ...]:
        """What two cleavages have in common when they are one."""
        return tuple(sorted(self.units)), tuple(sorted(map(str, self.adducts))), self.charge

    def __str__(self) -> str:
        return self.name


def parse_cleavage(text: str, vocabulary: Vocabulary | None = None) -> Cleavage:
    """Read a cleavage; one that the bundled table has comes with what that says of it.

    Raises CaseError that names it, UnknownLigand with the nearest names.

    >>> parse_cleavage("M(SR)2-").units, parse_cleavage("[M(SR)2]-").charge
    ((('M', 1), ('SR', 2)), -1)
    >>> parse_cleavage("CO2").adducts[0][0].name
    'CO2'
    """
    vocabulary = vocabulary or default_vocabulary()
    found = _parsed(text, vocabulary)
    known = {one.same: one for one in bundled_cleavages()}
    return known.get(found.same, found)


@lru_cache(maxsize=1)
def bundled_cleavages() -> tuple[Cleavage, ...]:
    """The cleavages of `data/cleavages.toml`. Raises TableError, CaseError where it is wrong."""
    return tuple(cleavage_from(entry) for entry in toml_table("cleavages.toml")["cleavage"])


def cleavage_from(entry: Mapping[str, Any], vocabulary: Vocabulary | None = None) -> Cleavage:
    """A cleavage from a table's entry: name, and penalty, acid, usual, reason, source.

    Raises CaseError that names it.
    """
    fields = {key: value for key, value in entry.items() if key != "name"}
    return replace(_parsed(str(entry["name"]), vocabulary or default_vocabulary()), **fields)


def named_cleavages(
    names: Iterable[str], vocabulary: Vocabulary | None = None, own: Iterable[Cleavage] = ()
) -> tuple[Cleavage, ...]:
    """The cleavages named, each once; `own` are declared in the case and go before the table's.

    Without names: own ones, and the usual ones of the table. Raises CaseError.
    """
    declared = tuple(own)
    wanted = [name for text in names for name in re.split(r"[,;]", text) if name.strip()]
    if not wanted:
        usual = (one for one in bundled_cleavages() if one.usual)
        return tuple({one.same: one for one in (*usual, *declared)}.values())
    known = {one.same: one for one in declared}
    found = [parse_cleavage(name, vocabulary) for name in wanted]
    chosen = {one.same: known.get(one.same, one) for one in found}
    return tuple({**chosen, **known}.values())


def _parsed(text: str, vocabulary: Vocabulary) -> Cleavage:
    brief = re.sub(r"\s", "", text.replace("−", "-").replace("⁻", "-").replace("⁺", "+"))
    if not 0 < len(brief) <= LONGEST:
        raise _unread(text)
    if brief in ("RSSR", "RS-SR", "(RS)2"):
        brief = "(SR)2"
    whole = BRACKET.fullmatch(brief) or BARE.fullmatch(brief)
    if whole is None:
        raise _unread(text)
    inside, sign = whole["inside"], whole["sign"]
    times = whole.groupdict().get("times") or ""
    charge, repeat = _charge(sign, times)
    molecule = _molecule(inside, vocabulary) if not sign else None
    if molecule is not None:
        return Cleavage(molecule.name, (), ((molecule, repeat),), 0)
    tail = ADDUCTS.search(inside)
    added = tail[1] if tail else ""
    units = _units(inside[: len(inside) - len(added)], text, vocabulary)
    units = tuple((name, n * repeat) for name, n in units)
    adducts = _adducts(added, text, vocabulary)
    return Cleavage(_name(units, adducts, charge), units, adducts, charge)


def _charge(sign: str, times: str) -> tuple[int, int]:
    """Charge, and how often the whole leaves: behind a bracket 4 is a count and 2- a charge."""
    if not sign:
        return 0, int(times or 1)
    size = int(times or 1) * len(sign)
    return (size if sign[0] == "+" else -size), 1


def _molecule(inside: str, vocabulary: Vocabulary) -> Adduct | None:
    """A neutral molecule known as an adduct, or written as a formula that no units make."""
    known = vocabulary.adduct_names.get(inside)
    if known is not None:
        return known if not known.charge else None
    if inside in KINDS or "SR" in inside or "M" in re.findall(r"[A-Z][a-z]?", inside):
        return None
    try:
        formula = Formula.parse(inside)
    except AlloyscopeError:
        return None
    if inside in vocabulary.ligand_names or any(is_metal(symbol) for symbol in formula):
        return None
    return Adduct(f"[{formula}]", formula, 0)


def _units(text: str, whole: str, vocabulary: Vocabulary) -> tuple[tuple[str, int], ...]:
    counts: dict[str, int] = {}
    at = 0
    while at < len(text):
        name, length, number = _unit(text[at:], vocabulary)
        if not name or number == "0" or len(number) > 3:
            raise _unread(whole)
        counts[name] = counts.get(name, 0) + int(number or 1)
        at += length
    if not counts:
        raise _unread(whole)
    return tuple(counts.items())


def _unit(rest: str, vocabulary: Vocabulary) -> tuple[str, int, str]:
    """Name of the first unit, how many characters it takes, and its count as written."""
    for kind in ("SR", "M", "X", "L"):
        found = re.match(rf"(?:\({kind}\)|{kind}(?![a-z]))(\d*)", rest)
        if found:
            return kind, found.end(), found[1]
    found = UNIT.match(rest)
    if found is not None and found[1] is not None:
        return vocabulary.ligand(found[1]).name, found.end(), found[2]
    bare = found[3] if found else ""
    ends = range(min(len(rest), 40), 0, -1)
    ligand = next((rest[:k] for k in ends if rest[:k] in vocabulary.ligand_names), "")
    name = bare if is_metal(bare) and len(bare) >= len(ligand) else ligand
    number = re.match(r"\d*", rest[len(name) :])
    written = number[0] if number else ""
    metal = not ligand or (name == bare and is_metal(bare))
    known = name if metal else vocabulary.ligand(name).name
    return known, len(name) + len(written), written


def _adducts(text: str, whole: str, vocabulary: Vocabulary) -> tuple[tuple[Adduct, int], ...]:
    if not text:
        return ()
    try:
        ion = parse_ion(f"[Au(p-MBA)99{text}]", vocabulary)  # atoms enough for any loss
    except AlloyscopeError as error:
        raise CaseError(f'cleavage "{whole}": {error}') from error
    return ion.adducts if isinstance(ion, Ion) else ()


def _name(
    units: tuple[tuple[str, int], ...], adducts: tuple[tuple[Adduct, int], ...], charge: int
) -> str:
    body = "".join(
        f"{'(' + name + ')' if name == 'SR' or len(name) > 2 else name}{n if n > 1 else ''}"
        for name, n in units
    )
    body += "".join(f"{'+' if n > 0 else '-'}{abs(n) if abs(n) > 1 else ''}{a}" for a, n in adducts)
    single = {"(SR)": "SR." if not charge else "SR", "(SR)2": "RSSR" if not charge else ""}
    if not adducts and single.get(body):
        return single[body] + charge_text(charge)
    alone = len(units) == 1 and units[0][1] == 1 and not adducts
    return f"{body if alone else f'[{body}]'}{charge_text(charge)}"


def _unread(text: str) -> NotationError:
    names = ", ".join(one.name for one in bundled_cleavages()) if text else ""
    return NotationError(
        message("cleavage", found=f'"{text[:LONGEST]}"',
                expected="what leaves, with its charge: [M(SR)2]-, M+, RSSR, SR., Cl-, CO2",
                do=f"The table has {names}." if names else "")
    )  # fmt: skip


@dataclass(frozen=True)
class Loss:
    """A piece that leaves an ion in one step.

    leaving : what it is, with its charge
    units   : (metal or ligand, count)
    adducts : (adduct, signed count) that it takes along, or the molecule that it is
    """

    leaving: AnyIon
    cleavage: Cleavage
    units: tuple[tuple[str | Ligand, int], ...]
    adducts: tuple[tuple[Adduct, int], ...]

    @property
    def charge(self) -> int:
        """Of what leaves."""
        return self.leaving.charge


def losses(cleavage: Cleavage, ion: Ion) -> tuple[Loss, ...]:
    """Every piece that a cleavage can take from an ion, () where it cannot.

    A piece with acid groups may take along cations that stand in place of their protons.

    >>> found = losses(parse_cleavage("[M(SR)2]-"), parse_ion("[Au12Ag32(p-MBA)30]4-"))
    >>> [str(loss.leaving) for loss in found]
    ['[Ag(p-MBA)2]-', '[Au(p-MBA)2]-']
    """
    found = []
    for parts in product(*(_choices(name, n, ion) for name, n in cleavage.units)):
        counts: dict[str | Ligand, int] = {}
        for part in parts:
            for unit, n in part.items():
                counts[unit] = counts.get(unit, 0) + n
        for pairs in _exchanged(counts, ion):
            loss = _loss(cleavage, counts, pairs)
            if loss is not None:
                found.append(loss)
    return tuple({str(loss.leaving): loss for loss in found}.values())


def _loss(
    cleavage: Cleavage, counts: Mapping[str | Ligand, int], pairs: Mapping[Adduct, int]
) -> Loss | None:
    adducts = dict(cleavage.adducts)
    for adduct, n in pairs.items():
        adducts[adduct] = adducts.get(adduct, 0) + n
    taken = tuple((adduct, n) for adduct, n in adducts.items() if n)
    try:
        if not counts:
            formula = Formula.of({})
            for adduct, n in taken:
                formula = formula + adduct.formula * n
            return Loss(FormulaIon(formula, cleavage.charge), cleavage, (), taken)
        metals = {unit: n for unit, n in counts.items() if isinstance(unit, str)}
        ligands = {unit: n for unit, n in counts.items() if isinstance(unit, Ligand)}
        core = cleavage.charge - sum(adduct.charge * n for adduct, n in taken)
        leaving = Ion.of(Species.of(metals, ligands, core), taken, cleavage.charge)
    except (NotationError, ChargeError):  # more charge, or less hydrogen, than it can have
        return None
    return Loss(leaving, cleavage, tuple(counts.items()), taken)


def _exchanged(counts: Mapping[str | Ligand, int], ion: Ion) -> list[dict[Adduct, int]]:
    """Cations that a piece takes along in place of its acids' protons, none first."""
    proton = next((adduct for adduct, n in ion.adducts if adduct.name == "H" and n < 0), None)
    acids = sum(unit.acids * n for unit, n in counts.items() if isinstance(unit, Ligand))
    most = min(acids, -ion.delta("H")) if proton else 0
    cations = [(a, n) for a, n in ion.adducts if a.charge > 0 and n > 0 and a.name != "H"]
    found = []
    for taken in product(*(range(min(n, most // a.charge) + 1) for a, n in cations)):
        moved = sum(a.charge * n for (a, _), n in zip(cations, taken, strict=True))
        if moved <= most:
            pairs = {a: n for (a, _), n in zip(cations, taken, strict=True) if n}
            found.append(pairs | ({proton: -moved} if proton and moved else {}))
    return found


def _choices(kind: str, count: int, ion: Ion) -> list[dict[str | Ligand, int]]:
    """Every way to take so many units of a kind, or of one name, out of an ion."""
    units: list[tuple[str | Ligand, int]] = [*ion.species.metals, *ion.species.ligands]
    held = [(unit, n) for unit, n in units if _is_of(unit, kind)]
    ranges = [range(min(n, count) + 1) for _, n in held]
    return [
        {unit: n for (unit, _), n in zip(held, taken, strict=True) if n}
        for taken in product(*ranges)
        if sum(taken) == count
    ]


def _is_of(unit: str | Ligand, kind: str) -> bool:
    if isinstance(unit, str):
        return kind in ("M", unit)
    halide, anionic = unit.kind == "halide", unit.charge < 0
    of = "X" if halide else ("SR" if anionic else "L")
    return kind in (of, unit.name)
