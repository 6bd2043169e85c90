"""What can be switched off in a reaction, and what is left without it."""

from dataclasses import replace

import pytest

from alloyscope.errors import ReactionError
from alloyscope.reaction.mechanisms import mechanisms, unused
from alloyscope.reaction.reaction import Exchange
from tests.reaction.declared import REACTIONS, step
from tests.reaction.fits import reaction


def by_name(made, *names):
    return {one.name: one for one in mechanisms(made, names)}


def test_every_step_and_exchange_can_be_switched_off_alone():
    found = by_name(reaction())
    assert list(found) == ["kx", "exchange complexes", "kd", "ki", "kn", "cooperativity"]
    assert found["kx"].without.exchange == Exchange(0.0, 0.01)
    assert found["exchange complexes"].without.exchange == Exchange("kx", 0.0)
    assert found["ki"].title == "B + SR <-> A"
    assert len(found["ki"].without.steps) == 2
    assert not any(s.cooperativity for f in found["cooperativity"].without.frameworks
                   for s in f.sites)  # fmt: skip


def test_what_nothing_uses_any_more_is_not_free():
    free = {name: {p.name for p in one.without.free} for name, one in by_name(reaction()).items()}
    assert free["kx"] == {"kd", "ki", "a", "kn"}
    assert free["kn"] == {"kx", "kd", "ki", "a"}
    assert free["cooperativity"] == {"kx", "kd", "ki", "a", "kn"}


def test_labilities_change_nothing_without_exchange():
    made = reaction()
    labile = replace(made, exchange=Exchange("kx", 0.0),
                     frameworks=tuple(replace(f, lability="ki") for f in made.frameworks),
                     steps=made.steps[:1])  # fmt: skip
    assert unused(labile) == {"kn"}
    (off,) = mechanisms(labile, ["kx"])
    assert off.without.exchange is None
    assert {p.name for p in off.without.free} == {"kd", "a"}


def test_steps_of_one_rate_go_together_and_numbers_are_named_by_equation():
    made = reaction()
    twice = replace(made, steps=(*made.steps[:2], step("Au -> dark Au", "kn"),
                                 step("Ag -> dark Ag", "kn")))  # fmt: skip
    found = by_name(twice)
    assert found["kn"].title == "Au -> dark Au; Ag -> dark Ag"
    assert len(found["kn"].without.steps) == 2
    assert list(by_name(twice, " Ag ->  dark Ag")) == ["kn"]
    assert "B + SR <-> A" not in found
    assert "2 A <-> 2 D + 2 SR" in by_name(REACTIONS["every kind"])


def test_responses_are_a_mechanism_where_they_differ():
    made = reaction()
    assert "responses" not in by_name(made)
    seen = replace(made, frameworks=(replace(made.frameworks[0], response="kn"),
                                     made.frameworks[1]))  # fmt: skip
    off = by_name(seen)["responses"].without
    assert [f.response for f in off.frameworks] == [1.0, 1.0]


def test_a_name_that_there_is_not_is_said():
    with pytest.raises(ReactionError, match='mechanism: found "kk"; expected one of kx, exchange'):
        mechanisms(reaction(), ["kk"])
