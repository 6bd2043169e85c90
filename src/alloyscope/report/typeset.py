"""Ions as figures print them, with subscripts and superscripts; notation reads them back."""

from __future__ import annotations

import re

from alloyscope.chemistry.species import AnyIon, Ion, Species, charge_text

RAISED = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
FEW_METALS = 13
LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def pretty(ion: AnyIon) -> str:
    """An ion in Unicode subscripts and superscripts.

    >>> from alloyscope.chemistry import parse_ion
    >>> pretty(parse_ion("[Au44(p-MBA)26+12Na-16H]6-"))
    '[Au₄₄(p-MBA)₂₆ + 12Na − 16H]⁶⁻'
    """
    charge = charge_text(ion.charge).translate(RAISED)
    if not isinstance(ion, Ion):
        body = "".join(_unit(symbol, n) for symbol, n in ion.formula.atoms)
        return f"[{body}]{charge}" if charge else body
    body, added = _body(ion.species), _adducts(ion)
    if ion.remark:
        core = (charge_text(ion.species.charge) or "0").translate(RAISED)
        return f"[({body}){core}{added}]{charge or '⁰'}"
    return f"[{body}{added}]{charge or ('⁰' if added else '')}" if charge or added else body


def short(ion: AnyIon) -> str:
    """Metals, what stands in for the main ligand, adducts other than H, and the charge.

    Of a known framework, this and the charge rule say the rest. Small complexes stay whole.

    >>> from alloyscope.chemistry import parse_ion
    >>> short(parse_ion("[Au12Ag32(p-MBA)29Cl+3Na-3H]4-"))
    'Au₁₂Ag₃₂Cl + 3Na ⁴⁻'
    """
    if not isinstance(ion, Ion) or ion.species.n_metals < FEW_METALS:
        return pretty(ion)
    most = max((n for _, n in ion.species.ligands), default=0)
    rest = tuple((ligand, n) for ligand, n in ion.species.ligands if n < most)
    body = _body(Species(ion.species.metals, rest, 0))
    added = "".join(f" {'−' if n < 0 else '+'} {abs(n) if abs(n) > 1 else ''}{_adduct(str(one))}"
                    for one, n in ion.adducts if one.name != "H")  # fmt: skip
    charge = charge_text(ion.charge).translate(RAISED)
    return f"{body}{added}{' ' if added else ''}{charge}"


def _body(species: Species) -> str:
    metals = "".join(_unit(symbol, n) for symbol, n in species.metals)
    return metals + "".join(
        _unit(ligand.name if ligand.formula.n_atoms == 1 else f"({ligand.name})", n)
        for ligand, n in species.ligands
    )


def _adducts(ion: Ion) -> str:
    return "".join(
        f" {'−' if n < 0 else '+'} {abs(n) if abs(n) > 1 else ''}{_adduct(str(adduct))}"
        for adduct, n in ion.adducts
    )


def raised(name: str) -> str:
    """A piece's name with its counts lowered and its charge raised: [M(p-MBA)₂]⁻."""
    return _adduct(name)


def _adduct(name: str) -> str:
    """A name such as NH4 or [Ag(p-MBA)2]-, its counts lowered and its charge raised."""
    name = re.sub(r"(?<=\])(\d*[+-])$", lambda m: m[1].translate(RAISED), name)
    return re.sub(r"(?<=[A-Za-z)])(\d+)", lambda m: m[1].translate(LOWERED), name)


def _unit(name: str, count: int) -> str:
    label = re.fullmatch(r"(\d+)([A-Z][a-z]?)", name)
    shown = f"[{name}]" if label else name
    return shown + (str(count).translate(LOWERED) if count != 1 else "")
