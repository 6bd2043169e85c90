import pytest

from alloyscope.chemistry import Formula
from alloyscope.errors import NotationError, UnknownElement


@pytest.mark.parametrize(
    ("text", "hill"),
    [
        ("Au(C7H5O2S)2", "C14H10AuO4S2"),
        ("AuCl4", "AuCl4"),
        ("[13C]6H12", "[13C]6H12"),
        ("CD3OD", "C[2H]4O"),
        ("C6H4·H4O2", "C6H8O2"),
        ("{[(AgS)2]3}", "Ag6S6"),
    ],
)
def test_a_formula_is_read_with_brackets_and_labels(text, hill):
    assert str(Formula.parse(text)) == hill
    assert Formula.parse(hill) == Formula.parse(text)


@pytest.mark.parametrize("text", ["", "Au25(", "Au)", "2Au", "au", "Au-1", "H0", "H1000000"])
def test_what_is_no_formula_is_refused(text):
    with pytest.raises(NotationError):
        Formula.parse(text)


def test_counts_below_zero_and_beyond_all_measure_are_refused():
    with pytest.raises(NotationError, match="taken away"):
        Formula.parse("H2O") - Formula.parse("O2")
    with pytest.raises(NotationError):
        Formula.parse("((((Au999999)999999)999999)999999)")


def test_isotopes_that_are_not_there_are_named():
    with pytest.raises(UnknownElement, match="12C, 13C"):
        Formula.parse("[14C]2")


def test_masses_add_up():
    water, gold = Formula.parse("H2O"), Formula.parse("Au")
    assert (water * 3 + gold).average_mass() == pytest.approx(
        3 * water.average_mass() + gold.average_mass(), rel=1e-14
    )
    assert water.monoisotopic_mass() == pytest.approx(18.010564684, abs=2e-8)
    assert gold.average_mass_sd() == 0
