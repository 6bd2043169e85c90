"""Hypothesis strategies over the language of clusters, for tests of alloyscope and programs on it.

Needs hypothesis, which `pip install 'alloyscope[dev]'` brings.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from hypothesis import assume
from hypothesis import strategies as st

from alloyscope.chemistry.element import default_isotope_table
from alloyscope.chemistry.formula import Formula
from alloyscope.chemistry.ligand import Adduct, Vocabulary, default_vocabulary
from alloyscope.chemistry.notation import parse_ion
from alloyscope.chemistry.species import Ion, Species, charge_text, counter_ions, is_metal

SUPERSCRIPT = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
SUBSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
MOLECULES = ("CO2", "H2O", "DMF", "C6H5NO3", "CH4", "C7H6O2S", "NaCl", "AgCl")


def formulas(
    symbols: Sequence[str] | None = None, *, elements: int = 6, atoms: int = 60
) -> st.SearchStrategy[Formula]:
    """Formulas of 1 to `elements` elements with 1 to `atoms` atoms of each.

    symbols : elements to draw from; None for the whole isotope table
    """
    drawn = st.sampled_from(sorted(symbols or default_isotope_table().elements))
    counts = st.integers(1, atoms)
    return st.dictionaries(drawn, counts, min_size=1, max_size=elements).map(Formula.of)


@st.composite
def species(draw: st.DrawFn, vocabulary: Vocabulary | None = None, *, units: int = 60) -> Species:
    """Clusters of up to three metals and up to three kinds of ligand, of any charge they hold.

    units : most atoms of one metal, and most ligands of one kind
    """
    known = vocabulary or default_vocabulary()
    cores = sorted(s for s in default_isotope_table().elements if is_metal(s))
    metal = st.sampled_from(["Au", "Ag", "Cu", "Pd", "Pt", *sorted(set(cores) - counter_ions())])
    ligand, count = st.sampled_from(known.ligands), st.integers(1, units)
    metals = draw(st.dictionaries(metal, count, max_size=3))
    ligands = draw(st.dictionaries(ligand, count, min_size=0 if metals else 1, max_size=3))
    reach = min(sum(metals.values()) // 2 + 4, 30)
    return Species.of(metals, ligands, draw(st.integers(-reach, reach)))


@st.composite
def adducts(draw: st.DrawFn, vocabulary: Vocabulary | None = None) -> Adduct:
    """Adducts of the table, and groups in brackets: fragments, molecules, hydride, radicals."""
    known = vocabulary or default_vocabulary()
    if draw(st.booleans()):
        return draw(st.sampled_from(known.adducts))
    part = draw(species(known, units=4))
    molecule = st.sampled_from([*MOLECULES, *(adduct.name for adduct in known.adducts)])
    name = draw(st.one_of(st.just(part.body), molecule))
    charge = draw(st.integers(-2, 2))
    ion = parse_ion(f"[Au99+[{name}]{charge_text(charge)}]0", known)
    assert isinstance(ion, Ion), name
    return ion.adducts[0][0]


@st.composite
def ions(
    draw: st.DrawFn, vocabulary: Vocabulary | None = None, *, units: int = 60, odd: bool = True
) -> Ion:
    """Ions with up to four adducts, gained, or lost as far as the atoms are there.

    odd : also charges that do not follow from the core's and the adducts'
    """
    core = draw(species(vocabulary, units=units))
    atoms, adducts_held = dict(core.formula), {}
    for adduct in draw(st.lists(adducts(vocabulary), max_size=4, unique_by=lambda a: a.name)):
        held = min(atoms.get(symbol, 0) // n for symbol, n in adduct.formula.items())
        n = draw(st.integers(-min(held, 20), 20))
        adducts_held[adduct] = n
        for symbol, each in adduct.formula.items():
            atoms[symbol] = atoms.get(symbol, 0) + n * each
    follows = core.charge + sum(adduct.charge * n for adduct, n in adducts_held.items())
    carried = sum(abs(n) * max(abs(adduct.charge), 1) for adduct, n in adducts_held.items())
    room = core.most_charge + carried
    if odd and draw(st.booleans()):
        return Ion.of(core, adducts_held, draw(st.integers(-room, room)))
    assume(abs(follows) <= room)
    return Ion.of(core, adducts_held)


@st.composite
def dressed(draw: st.DrawFn, text: str) -> str:
    """The notation as a paper may print it: LaTeX, HTML or Unicode, dashes and spaces."""
    dress = draw(st.sampled_from(["plain", "unicode", "latex", "mhchem", "html"]))
    body, charge = _apart(text)
    if dress == "unicode":
        dash = draw(st.sampled_from("−–‐‑"))
        body = re.sub(r"(?<=[A-Za-z)\]])\d+", lambda m: m[0].translate(SUBSCRIPT), body)
        return body.replace("-", dash) + charge.translate(SUPERSCRIPT)
    if dress == "latex":
        body = re.sub(r"(?<=[A-Za-z)\]])(\d+)", r"_{\1}", body)
        body = re.sub(r"(?<![A-Za-z\\])(A[gu]|Cu)(?![a-z])", r"\\mathrm{\1}", body)
        return f"${body}^{{{charge}}}$" if charge else f"${body}$"
    if dress == "mhchem":
        return rf"\ce{{{body}{'^' if charge else ''}{charge}}}"
    if dress == "html":
        body = re.sub(r"(?<=[A-Za-z)\]])(\d+)", r"<sub>\1</sub>", body)
        return body + (f"<sup>{charge.replace('-', '&minus;')}</sup>" if charge else "")
    return body + draw(st.sampled_from(["", " ", "^"] if charge else [""])) + charge


def _apart(text: str) -> tuple[str, str]:
    """What stands in an outer bracket, bracket and all, and the charge behind it."""
    found = re.fullmatch(r"(\[.*\])(\d*[+-]|0)", text)
    return (found[1], found[2]) if found else (text, "")
