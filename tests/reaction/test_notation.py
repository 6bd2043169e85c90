"""Equations round-trip, and what does not balance is shown."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alloyscope.errors import ReactionError
from alloyscope.reaction.notation import ARROWS, Content, Equation, check_balance, parse_equation

NAMES = st.sampled_from(["A", "B2", "M44S30", "SR", "RSSR", "e", "dark Au", "Å"])
SIDES = st.dictionaries(NAMES, st.integers(1, 99), min_size=1, max_size=5).map(
    lambda side: tuple(side.items())
)
CONTENTS = {
    "A": Content(44, 30, 18, -4), "C": Content(44, 26, 20, -2), "B": Content(44, 27, 20, -3),
    "M": Content(1, charge=1), "Au": Content(1, charge=1, named=(("Au", 1),)),
    "Ag": Content(1, charge=1, named=(("Ag", 1),)), "SR": Content(ligands=1, charge=-1),
    "RSSR": Content(ligands=2, electrons=-2), "e": Content(electrons=1, charge=-1),
}  # fmt: skip


@settings(deadline=None, max_examples=100)
@given(SIDES, SIDES, st.booleans())
def test_equations_round_trip(left, right, reversible):
    equation = Equation(left, right, reversible)
    assert parse_equation(str(equation)) == equation


@pytest.mark.parametrize(("arrow", "reversible"), ARROWS.items())
def test_every_arrow(arrow, reversible):
    assert parse_equation(f"A{arrow}2B + RSSR").reversible is reversible


def test_terms_named_twice_are_added():
    equation = parse_equation("A + C -> B + RSSR + B")
    assert equation.right == (("B", 2), ("RSSR", 1))
    assert equation.change == {"B": 2, "RSSR": 1, "A": -1, "C": -1}


def test_what_stands_on_both_sides_takes_part_unchanged():
    equation = parse_equation("A + C + SR -> 2 A + SR")
    assert equation.spectators == ("A", "SR")
    assert equation.change == {"A": 1, "C": -1}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("A + B", "found 0 arrows"),
        ("A -> B -> C", "found 2 arrows"),
        ("A <-> B => C", "found 2 arrows"),
        ("A + -> B", 'found ""'),
        ("-> B", 'found ""'),
        ("A -> 0 B", 'found "0 B"'),
        ("A -> 1.5 B", 'found "1.5 B"'),
        ("A -> -2 B", 'found "-2 B"'),
    ],
)
def test_what_cannot_be_read_is_named(text, said):
    with pytest.raises(ReactionError, match=re.escape(f'equation "{text}": {said}')):
        parse_equation(text)


@pytest.mark.parametrize(
    "text", ["A + C <-> 2 B + RSSR", "C + SR <-> B", "A -> 44 M + 30 SR + 18 e",
             "Ag + C -> Ag + 44 M + 26 SR + 20 e", "A -> B + RSSR + SR"],
)  # fmt: skip
def test_balanced_steps_pass(text):
    check_balance(parse_equation(text), CONTENTS)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("A -> 43 M + 30 SR + 18 e", "metals 44 -> 43 (-1), charge -4 -> -5 (-1)"),
        ("A -> 44 M + 31 SR + 18 e", "ligands 30 -> 31 (+1), charge -4 -> -5 (-1)"),
        ("A -> 44 M + 30 SR + 17 e", "electrons 18 -> 17 (-1), charge -4 -> -3 (+1)"),
        ("A + C -> 2 B", "ligands 56 -> 54 (-2), electrons 38 -> 40 (+2)"),
        ("Au -> Ag", "Au 1 -> 0 (-1), Ag 0 -> 1 (+1)"),
        ("A + Au -> A + Ag", "Au 1 -> 0 (-1), Ag 0 -> 1 (+1)"),
        ("A -> 43 M + Ag + 30 SR + 18 e", "Ag 0 -> 1 (+1)"),
    ],
)
def test_each_imbalance_is_shown(text, said):
    with pytest.raises(ReactionError, match=re.escape(f"out of balance: {said};")):
        check_balance(parse_equation(text), CONTENTS)


def test_a_charge_alone_out_of_balance_is_shown():
    contents = {"X": Content(1, charge=1), "Y": Content(1)}
    with pytest.raises(ReactionError, match=re.escape("out of balance: charge 1 -> 0 (-1)")):
        check_balance(parse_equation("X -> Y"), contents)


def test_unknown_names_are_shown_with_the_known():
    with pytest.raises(ReactionError, match=r'found "Cu"; expected one of A, C, B, M, Au'):
        check_balance(parse_equation("A -> 44 Cu"), CONTENTS)
