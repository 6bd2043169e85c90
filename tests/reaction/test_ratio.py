import math

import pytest

from alloyscope.errors import ReactionError
from alloyscope.reaction.ratio import fed, parse_sides, ratio_name, ratios_of

KNOWN = (1 / 40, 1 / 10, 1 / 3, 1 / 2, 2.0, 3.0, 6.0, 10.0, 30.0)


@pytest.mark.parametrize(
    ("text", "ratios"),
    [
        ("3/1", (3.0,)),
        ("3:1", (3.0,)),
        (" 1 / 3 ", (1 / 3,)),
        ("2", (2.0,)),
        ("1/0", (math.inf,)),
        ("20/1,30/1", (20.0, 30.0)),
        ("3/1 vs 2/1", (3.0, 2.0)),
        ("1/40..1/2", (1 / 40, 1 / 10, 1 / 3, 1 / 2)),
        ("1/40<...<1/2", (1 / 40, 1 / 10, 1 / 3, 1 / 2)),
        ("10>...>2", (10.0, 6.0, 3.0, 2.0)),
        ("10..2", (10.0, 6.0, 3.0, 2.0)),
        ("4/1..5/1", (4.0, 5.0)),
    ],
)
def test_ratios_are_read_in_their_order(text, ratios):
    assert ratios_of(text, KNOWN) == ratios


@pytest.mark.parametrize(
    "text", ["", "x", "3/", "0/0", "-1", "10<...<2", "2>...>10", "2..2", "1e3", "3/1 vs", "3//1"]
)
def test_what_is_no_ratio_is_refused_in_one_line(text):
    with pytest.raises(ReactionError, match=r"^ratio .*: found .*; expected .*\.$"):
        ratios_of(text, KNOWN)


def test_sides_of_a_ratio_are_read():
    low, high = parse_sides("R<1 -> A (18 e); R>1 -> B, C (20 e)")
    assert (low.frameworks, low.electrons, high.frameworks) == (("A",), 18, ("B", "C"))
    assert low.holds(0.5)
    assert not low.holds(1.0)
    assert high.holds(2.0)
    assert str(low) == "R < 1"


@pytest.mark.parametrize("text", ["R<1", "R<1 -> ", "R=1 -> A", "3/1", "R<1 -> A; 3/1"])
def test_what_are_no_sides_is_refused(text):
    with pytest.raises(ReactionError, match="R<1 -> A"):
        parse_sides(text)


@pytest.mark.parametrize("ratio", [*KNOWN, math.inf, 1.5, math.pi])
def test_names_of_ratios_read_back(ratio):
    assert ratios_of(ratio_name(ratio), ()) == (pytest.approx(ratio, rel=1e-3),)
    first, second = fed(ratio)
    assert first + second == pytest.approx(1)
    assert math.isinf(ratio) or first / second == pytest.approx(ratio)
