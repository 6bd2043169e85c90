"""Feeds, times and additions as people write them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alloyscope.errors import ReactionError
from alloyscope.reaction.experiment import (
    MINUTES,
    Addition,
    Experiment,
    Product,
    parse_addition,
    parse_ratio,
    parse_time,
    ratio_of_volumes,
    ratio_text,
    time_text,
)
from tests.reaction.declared import REACTIONS, like_au44_ag44

PAIR = like_au44_ag44()
AMOUNTS = st.floats(0.0, 1e6).map(lambda x: float(f"{x:.6g}"))
TIMES = st.floats(0.0, 5e7).map(lambda x: float(f"{x:.6g}"))
RATIOS = st.tuples(AMOUNTS, AMOUNTS).filter(lambda ratio: sum(ratio) > 0)


@pytest.mark.parametrize("unit", MINUTES)
def test_every_unit_of_time(unit):
    assert parse_time(f"3{unit}") == parse_time(f" 3.0 {unit} ") == pytest.approx(3 * MINUTES[unit])


@given(TIMES)
def test_times_round_trip(minutes):
    assert parse_time(time_text(minutes)) == pytest.approx(minutes, rel=1e-11)


@given(RATIOS)
def test_ratios_round_trip(ratio):
    assert parse_ratio(ratio_text(ratio), PAIR) == ratio


@given(st.one_of(st.sampled_from(["Au44", "Ag44"]), st.builds(Product, RATIOS, TIMES)),
       AMOUNTS, TIMES)  # fmt: skip
def test_additions_round_trip(what, amount, at):
    wanted = Addition(what, amount, at)
    found = parse_addition(str(wanted), PAIR)
    assert found.amount == pytest.approx(amount)
    assert found.at_min == pytest.approx(at)
    if isinstance(what, str):
        assert found.what == what
    else:
        assert found.what.ratio == pytest.approx(what.ratio)
        assert found.what.after_min == pytest.approx(what.after_min)


@pytest.mark.parametrize(
    "text", ["20", "h", "20 weeks", "1.2.3 h", "-2 min", "", "1e400 d", "nan h"]
)
def test_times_that_cannot_be_are_refused(text):
    with pytest.raises(ReactionError, match=re.escape(f'time "{text}": found')):
        parse_time(text)


def test_either_sign_of_a_ratio():
    assert parse_ratio("3:1", PAIR) == parse_ratio("3/1", PAIR) == (3.0, 1.0)
    assert parse_ratio("0:1", PAIR) == (0.0, 1.0)


@pytest.mark.parametrize(
    "text", ["3", "3:1:1", "-1:2", "0:0", "a:b", "", "inf:1", "nan:1", "3:", "1e400:1"]
)
def test_ratios_that_cannot_be_are_refused(text):
    with pytest.raises(ReactionError, match=re.escape(f'ratio "{text}": found')):
        parse_ratio(text, PAIR)


def test_additions_of_parents_and_products():
    assert parse_addition("2 Au44 @ 20h", PAIR) == Addition("Au44", 2.0, 1200.0)
    assert parse_addition("Au44@0min", PAIR) == Addition("Au44", 1.0, 0.0)
    assert parse_addition("0.5 Ag44", PAIR, at="30 s") == Addition("Ag44", 0.5, 0.5)


def test_a_product_without_an_amount_is_the_whole_of_it():
    product = Product((1.0, 3.0), 1200.0)
    assert parse_addition("product of 1:3 after 20h @ 1d", PAIR) == Addition(product, 4.0, 1440.0)
    assert parse_addition("2 product of 1/3 after 20h @ 1d", PAIR).amount == 2.0


@pytest.mark.parametrize(
    ("text", "at", "said"),
    [
        ("2 Au44", "", 'addition "2 Au44": found no amount, name and time'),
        ("@ 20h", "", 'addition "@ 20h": found no amount, name and time'),
        ("2 Au44 @ 20h", "3h", 'found a second time, "3h"'),
        ("2 Pt44 @ 20h", "", 'parent "Pt44": found no parent of this name; expected one of Au44'),
        ("2 Au44 @ soon", "", 'time "soon": found'),
        ("product of 1:0:2 after 20h @ 1d", "", 'ratio "1:0:2": found'),
        ("product of 1:3 after a while @ 1d", "", 'time "a while": found'),
        ("product of 0:0 after 1h @ 1d", "", 'ratio "0:0": found'),
    ],
)
def test_additions_that_cannot_be_read_are_refused(text, at, said):
    with pytest.raises(ReactionError, match=re.escape(said)):
        parse_addition(text, PAIR, at)


def test_volumes_of_stocks_of_equal_metal():
    assert ratio_of_volumes({"Au44": 3.0, "Ag44": 1.0}, PAIR) == (3.0 / 44, 1.0 / 44)
    small = REACTIONS["unequal metals"]
    assert ratio_of_volumes({"silver": 1.0}, small) == (0.0, 1.0 / 5)
    with pytest.raises(ReactionError, match='parent "Pt44"'):
        ratio_of_volumes({"Pt44": 1.0}, PAIR)


@pytest.mark.parametrize(
    ("ratio", "additions", "said"),
    [
        ((-1.0, 2.0), (), "an amount or a time below 0"),
        ((1.0, 2.0), (Addition("Au44", -1.0, 2.0),), "an amount or a time below 0"),
        ((1.0, 2.0), (Addition("Au44", 1.0, -2.0),), "an amount or a time below 0"),
        ((0.0, 0.0), (), "nothing fed at the start"),
        ((0.0, 0.0), (Addition("Au44", 1.0, 2.0),), "nothing fed at the start"),
        ((), (), "nothing fed at the start"),
        ((float("nan"), 1.0), (), "an amount"),
        ((1.0, 1.0), (Addition("Au44", float("inf"), 2.0),), "an amount"),
    ],
)
def test_experiments_that_cannot_be_are_refused(ratio, additions, said):
    with pytest.raises(ReactionError, match=f"experiment: found {said}"):
        Experiment(ratio, additions)


def test_what_is_fed_may_be_there_from_an_addition_at_0():
    assert Experiment((0.0, 0.0), (Addition("Au44", 1.0, 0.0),)).additions[0].amount == 1.0
