"""Read species and ions as chemists write them; `parse_ion(str(ion)) == ion`.

    ion     = "[" core adduct* "]" charge | "(" core adduct* ")" charge | core adduct*
    core    = body | "[" body "]" charge | "(" body ")" charge
    body    = (metal | ligand | "(" ligand or body ")") count ...
    adduct  = sign count (name charge | "[" body or formula "]" charge)
    charge  = 4- | -4 | ^4- | ^{4-} | -- | 0

A sign behind a name is its charge when another sign, a bracket or the end follows; otherwise it
begins the next adduct. `typography.plain` first removes LaTeX, HTML and Unicode dress.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import lru_cache

from alloyscope.chemistry.cursor import CLOSING, Cursor, matching_bracket
from alloyscope.chemistry.element import default_isotope_table
from alloyscope.chemistry.formula import Formula
from alloyscope.chemistry.ligand import (
    THIOLATE_ALIASES,
    Adduct,
    Ligand,
    Vocabulary,
    default_vocabulary,
)
from alloyscope.chemistry.species import (
    AnyIon,
    FormulaIon,
    Ion,
    Species,
    charge_text,
    counter_ions,
    is_metal,
)
from alloyscope.chemistry.typography import plain
from alloyscope.errors import ChargeError, NotationError, UnknownElement, UnknownLigand, message

CHARGE = re.compile(r"\^?\s*(?:(\d+)\s*([+-])(?!\d)|([+-])(\d+)|([+]+|[-]+)|0)(?=\s*$)")
CORE_CHARGE = re.compile(r"\^\s*(?:(\d*)([+-])|0)|(\d*)([+-])(?=\s*(?:[+\-\])}]|$))")
THIOLATE = re.compile(f"(?:{'|'.join(THIOLATE_ALIASES)})(?![a-z])")
LONGEST = 400
"""Characters of the longest text that is read as one ion."""

ADDUCT = "an adduct such as Na, H, NH4, DMF or [Ag(p-MBA)2]-"


def parse_ion(text: str, vocabulary: Vocabulary | None = None, charge: int | None = None) -> AnyIon:
    """Read an ion, or a plain formula with a charge, as printed or as pasted from a paper.

    A text without charge is a neutral species, or has the `charge` that is given. The core's
    charge follows from the ion's and the adducts' unless it is written.

    Raises NotationError (place in the text), UnknownLigand with the nearest names, ChargeError.

    >>> ion = parse_ion("[Au44(p-MBA)26+12Na-16H]6-")
    >>> ion.charge, ion.species.charge, ion.delta("Na")
    (-6, -2, 12)
    >>> str(parse_ion("$[(Au_{18}Ag_7(MHA)_{18})^{-} - 9H^+ + 4Na^+]^{6-}$"))
    '[Au18Ag7(MHA)18+4Na-9H]6-'
    """
    brief = plain(text) if len(text) <= 10 * LONGEST else text
    if not 0 < len(brief) <= LONGEST:
        raise NotationError(
            message("ion", found=f"a text of {len(brief)} characters",
                    expected="a species, as in [Ag44(p-MBA)30]4-")
        )  # fmt: skip
    return _parse_ion(brief, vocabulary or default_vocabulary(), charge)


def written_charge(text: str) -> int | None:
    """The charge that an ion's text ends with; None where it has none.

    Raises ChargeError for one that cannot be read.
    """
    brief = plain(text)
    return _outer(brief)[1] if brief else None


def parse_species(text: str, vocabulary: Vocabulary | None = None) -> Species:
    """Read a cluster without adducts.

    Raises what `parse_ion` raises, and NotationError when there are adducts.

    >>> str(parse_species("[Ag32Au12(pMBA)30]^4-"))
    '[Au12Ag32(p-MBA)30]4-'
    """
    ion = parse_ion(text, vocabulary)
    if not isinstance(ion, Ion) or ion.adducts or ion.remark:
        raise NotationError(
            message(f'"{text}"', found="more than metals, ligands and a charge",
                    expected="a species such as [Au12Ag32(p-MBA)30]4-",
                    do="Read ions with adducts, and plain formulas, as an ion.")
        )  # fmt: skip
    return ion.species


@lru_cache(maxsize=4096)
def _parse_ion(text: str, vocabulary: Vocabulary, unwritten: int | None) -> AnyIon:
    inside, charge = _outer(text)
    charge = unwritten if charge is None else charge
    try:
        return _ion_inside(inside, charge, vocabulary)
    except (NotationError, ChargeError):  # a formula, or one with too many Na for a salt
        formula = _as_formula(inside)
        if formula is None:
            raise
        if inside != str(formula):  # in Hill order it may be a species after all: OC is CO
            return _parse_ion(f"[{formula}]{charge_text(charge or 0)}", vocabulary, None)
        return FormulaIon(formula, charge or 0)


def _ion_inside(text: str, charge: int | None, vocabulary: Vocabulary) -> Ion:
    cursor = Cursor(text, vocabulary)
    metals, ligands, core_charge = _core(cursor)
    adducts = _adducts(cursor)
    salt = not counter_ions().issuperset(metals)
    ions = {s: metals.pop(s) for s in list(metals) if salt and s in counter_ions()}
    if core_charge is None:
        seen = charge or 0
        core_charge = seen - sum(adduct.charge * n for adduct, n in adducts) - sum(ions.values())
    adducts += [(vocabulary.adduct_names[symbol], n) for symbol, n in ions.items()]
    return Ion.of(Species.of(metals, ligands, core_charge), adducts, charge)


def _outer(text: str) -> tuple[str, int | None]:
    """The text inside the outer bracket, if one encloses all but the charge, and the charge."""
    if text[0] in CLOSING:
        end = matching_bracket(text, 0)
        if end is None:
            raise Cursor(text, default_vocabulary()).error(f'a closing "{CLOSING[text[0]]}"')
        tail = text[end + 1 :].strip()
        if not tail and text[0] != "(":
            return text[1:end].strip(), None
        found = CHARGE.fullmatch(tail) if tail else None
        if tail.isdigit() and tail != "0" and text[0] != "(":
            raise ChargeError(
                message(f'"{text}"', found=f'"{tail}" without a sign',
                        expected=f"a charge, {tail}- or {tail}+",
                        do="Several of one unit are written in parentheses, (AuSR)4.")
            )  # fmt: skip
        if found and not (text[0] == "(" and tail == "0"):
            return text[1:end].strip(), _charge_value(found)
        if re.fullmatch(r"[\d+\-^.,]*[+\-^][\d+\-^.,]*|\D{1,3}", tail) and not tail.isalpha():
            raise ChargeError(
                message(f'"{text}"', found=f'charge "{tail}"', expected="one such as 4-, + or ^2-",
                        do=_nearest_charge(tail))
            )  # fmt: skip
        return text, None
    if "^" in text and (found := CHARGE.match(text, text.rindex("^"))):
        return text[: text.rindex("^")].strip(), _charge_value(found)
    return _without_bracket(text)


def _without_bracket(text: str) -> tuple[str, int | None]:
    bare = re.search(r"(\d*)\s*[+-]+$", text)
    if bare is None:
        return text, None
    inside = text[: bare.start()]
    sign = text[-1]
    few = f"[{inside}{bare[1]}]{sign}"
    many = f" or [{inside}{bare[1][:-1]}]{bare[1][-1]}{sign}" if bare[1] else ""
    raise ChargeError(
        message(f'"{text}"', found=f'"{bare[0]}" without brackets', expected="a charge set apart",
                do=f"Write {few}{many}.")
    )  # fmt: skip


def _charge_value(found: re.Match[str]) -> int:
    number, sign, sign_first, number_last, repeated = found.groups()
    if repeated:
        return len(repeated) if repeated[0] == "+" else -len(repeated)
    size = int(number or number_last or 0)
    return -size if (sign or sign_first) == "-" else size


def _nearest_charge(tail: str) -> str:
    digits, signs = re.sub(r"\D", "", tail), re.sub(r"[^+-]", "", tail)
    if not signs:
        return ""
    return f"Nearest: {charge_text(int(digits or 1) * (-1 if signs[0] == '-' else 1))}."


def _core(cursor: Cursor) -> tuple[dict[str, int], dict[Ligand, int], int | None]:
    """Metals, ligands and the charge if it is written, up to the first adduct."""
    cursor.skip_space()
    if cursor.peek() in CLOSING and cursor.peek():
        start = cursor.at
        inside = cursor.group()
        found = cursor.match(CORE_CHARGE)
        if found is not None:
            metals, ligands = _body(Cursor(inside.strip(), cursor.vocabulary), whole=True)
            return metals, ligands, _core_charge_value(found)
        cursor.at = start
    metals, ligands = _body(cursor, whole=False)
    found = cursor.match(re.compile(r"\^\s*(?:(\d*)([+-])|0)()()"))
    return metals, ligands, None if found is None else _core_charge_value(found)


def _core_charge_value(found: re.Match[str]) -> int:
    number, sign, bare_number, bare_sign = found.groups()
    if not (sign or bare_sign):
        return 0
    size = int(number or bare_number or 1)
    return -size if (sign or bare_sign) == "-" else size


def _body(cursor: Cursor, whole: bool) -> tuple[dict[str, int], dict[Ligand, int]]:
    """Units with counts until a sign (or the end, which `whole` demands)."""
    metals: dict[str, int] = {}
    ligands: dict[Ligand, int] = {}
    cursor.skip_space()
    while cursor.rest and (whole or cursor.peek() not in "+-^"):
        group_metals, group_ligands = _unit(cursor)
        times = cursor.count()
        for symbol, n in group_metals.items():
            metals[symbol] = metals.get(symbol, 0) + times * n
        for ligand, n in group_ligands.items():
            ligands[ligand] = ligands.get(ligand, 0) + times * n
        cursor.skip_space()
    if not metals and not ligands:
        raise cursor.error("metals and ligands, as in Au12Ag32(p-MBA)30")
    return metals, ligands


def _unit(cursor: Cursor) -> tuple[dict[str, int], dict[Ligand, int]]:
    if cursor.peek() in CLOSING:
        return _group(cursor)
    thiolate = THIOLATE.match(cursor.rest)
    if thiolate:
        cursor.vocabulary.ligand(thiolate[0])  # says so when SR stands for none
    ligand = _longest(cursor.rest, cursor.vocabulary.ligand_names)
    if ligand and not _stands_bare(ligand, cursor):
        ligand = ligand[:1] if ligand[:1] in cursor.vocabulary.ligand_names else ""
    metal = _longest(cursor.rest, default_isotope_table().elements)
    if metal and len(metal) >= len(ligand) and is_metal(metal):
        cursor.at += len(metal)
        return {metal: 1}, {}
    if ligand:
        cursor.at += len(ligand)
        return {}, {cursor.vocabulary.ligand(ligand): 1}
    raise cursor.error("a metal, a ligand in parentheses, a count, or + or - and an adduct")


def _stands_bare(name: str, cursor: Cursor) -> bool:
    """Whether a ligand needs no parentheses here.

    A name that is a formula does when a count follows, which belongs to its last atom (CO2 is not
    two CO), or when the formula is another one's (C6S, a hexanethiolate, is also six C and an S).
    """
    ligand, formula = cursor.vocabulary.ligand_names[name], _as_formula(name)
    if formula is None or (name == str(ligand.formula) and ligand.formula.n_atoms == 1):
        return True
    if formula == ligand.formula:
        return not cursor.rest[len(name) : len(name) + 1].isdigit()
    return name != str(formula)


def _group(cursor: Cursor) -> tuple[dict[str, int], dict[Ligand, int]]:
    """A bracketed ligand, or a bracketed part of the cluster such as (AuSR)4."""
    inside = cursor.group().strip()
    if is_metal(inside) and inside not in cursor.vocabulary.ligand_names:
        return {inside: 1}, {}
    try:
        return {}, {cursor.vocabulary.ligand(inside): 1}
    except UnknownLigand as unknown:
        try:
            return _body(Cursor(inside, cursor.vocabulary), whole=True)
        except NotationError as error:
            raise (error if isinstance(error, UnknownLigand) else unknown) from error


def _longest(text: str, names: object) -> str:
    """The longest of the names that `text` begins with, or nothing."""
    for length in range(min(len(text), 40), 0, -1):
        if text[:length] in names:  # type: ignore[operator]
            return text[:length]
    return ""


def _adducts(cursor: Cursor) -> list[tuple[Adduct, int]]:
    adducts = []
    cursor.skip_space()
    while cursor.rest:
        if cursor.peek() not in "+-":
            raise cursor.error("+ or - and an adduct")
        sign = 1 if cursor.peek() == "+" else -1
        cursor.at += 1
        cursor.skip_space()
        times = cursor.count()
        cursor.skip_space()
        adducts.append((_adduct(cursor), sign * times))
        cursor.skip_space()
    return adducts


def _adduct(cursor: Cursor) -> Adduct:
    start = cursor.at
    if cursor.peek() in CLOSING and cursor.peek():
        inside = cursor.group().strip()
        found = cursor.match(CORE_CHARGE)
        return _grouped(inside, 0 if found is None else _core_charge_value(found), cursor, start)
    names = cursor.vocabulary.adduct_names
    known = _longest(cursor.rest, names)
    bare = re.match(r"(?:[A-Z][a-z]?\d*|\([^()]*\)\d*)+", cursor.rest)
    if known and (bare is None or len(known) >= len(bare[0])):
        cursor.at += len(known)
        found = cursor.match(CORE_CHARGE)  # Na+ is Na, but H- is not the proton
        charge = names[known].charge if found is None else _core_charge_value(found)
        return _grouped(known, charge, cursor, start)
    if bare is None:
        near = get_close_matches(cursor.rest, names, n=3, cutoff=0.3)
        raise cursor.error(ADDUCT + (f"; nearest: {', '.join(near)}" if near else ""))
    return _neutral_adduct(bare[0], cursor)


def _neutral_adduct(text: str, cursor: Cursor) -> Adduct:
    """A neutral formula or cluster fragment without brackets: -CO2, -Au4(p-MBA)4."""
    start = cursor.at
    ligand = cursor.vocabulary.ligand_names.get(text.strip("()"))
    if ligand is not None:
        raise cursor.error(
            f"its charge: [{text}]{charge_text(ligand.charge)} for the bound ligand's, "
            f"[{text}] for the neutral"
        )
    cursor.at += len(text)
    if cursor.match(CORE_CHARGE):
        cursor.at = start
        raise cursor.error(f"a charged group in brackets, as in [{text}]-")
    return _grouped(text, 0, cursor, start)


def _grouped(inside: str, charge: int, cursor: Cursor, start: int) -> Adduct:
    """The adduct of that name or composition and charge; `start` is where it stands."""
    known = cursor.vocabulary.adduct_names.get(inside)
    if known and known.charge == charge:
        return known
    text = str(known.formula) if known else inside
    try:
        metals, ligands = _body(Cursor(text, cursor.vocabulary), whole=True)
        part = Species.of(metals, ligands, charge)
        name, formula = part.body, part.formula
    except NotationError as error:
        found = _as_formula(text)
        if found is None and isinstance(error, UnknownLigand):
            raise
        if found is None:
            cursor.at = start
            raise cursor.error(ADDUCT) from error
        name, formula = str(found), found
    for adduct in cursor.vocabulary.adducts:
        if adduct.formula == formula and adduct.charge == charge:
            return adduct
    return Adduct(f"[{name}]{charge_text(charge)}", formula, charge)


def _as_formula(text: str) -> Formula | None:
    try:
        return Formula.parse(text)
    except (NotationError, UnknownElement):
        return None
