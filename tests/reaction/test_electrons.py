import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alloyscope.case import read_case
from alloyscope.case.reaction import reaction_of
from alloyscope.chemistry import default_vocabulary
from alloyscope.errors import ReactionError
from alloyscope.reaction.electrons import (
    FrameworkAt,
    electrons_fed,
    observed_frameworks,
    wrong_side,
)
from alloyscope.reaction.observation import Observation

REACTION = reaction_of(read_case(Path("au44-ag44")), default_vocabulary().binding("p-MBA"))


def test_the_paper_s_parents_cross_nineteen_at_equal_amounts():
    found = electrons_fed(REACTION, [1 / 40, 1, 40])
    assert dict(found.parents) == {"Au44": 20, "Ag44": 18}
    assert (found.middle, found.crossing) == (19.0, 1.0)
    assert found.per_cluster == pytest.approx([18 + 2 / 41, 19, 20 - 2 / 41])
    assert found.per_metals == pytest.approx(found.per_cluster)


@given(st.floats(1e-3, 1e3))
def test_the_feed_turned_round_mirrors_the_electrons(ratio):
    found = electrons_fed(REACTION, [ratio, 1 / ratio])
    assert found.per_cluster.mean() == pytest.approx(19.0)
    assert found.at(ratio) + found.at(1 / ratio) == pytest.approx(38.0)


def test_more_of_the_richer_parent_brings_more():
    found = electrons_fed(REACTION, np.logspace(-2, 2, 30))
    assert (np.diff(found.per_cluster) > 0).all()
    assert electrons_fed(REACTION, [0.0, math.inf]).per_cluster.tolist() == [18.0, 20.0]


def test_the_rule_and_what_breaks_it():
    seen = [FrameworkAt(1 / 3, "A", 1.0, "x"), FrameworkAt(3.0, "A", 0.2, "x"),
            FrameworkAt(3.0, "B", 0.8, "x"), FrameworkAt(1.0, "B", 0.5, "x")]  # fmt: skip
    found = electrons_fed(REACTION, [1.0], seen)
    assert [found.follows(one) for one in seen] == [True, False, True, None]
    assert wrong_side(found) == ("A at R = 3/1",)
    assert [one["follows_rule"] for one in found.as_json()["frameworks_seen"]].count(False) == 1


def test_parents_of_unlike_size_count_per_metal():
    other = reaction_of(read_case(Path("au25-ag44")), default_vocabulary().binding("p-MBA"))
    found = electrons_fed(other, [1.0])
    first, second = (other.by_name[p.framework] for p in other.parents)
    mean = (first.electrons + second.electrons) / 2
    assert found.per_cluster[0] == mean
    assert found.per_metals[0] == pytest.approx(
        44 * (first.electrons + second.electrons) / (first.metals + second.metals)
    )


def test_frameworks_by_what_was_seen_at_the_end():
    seen = observed_frameworks(
        [
            Observation("1", "framework_dominant", "2b", (1 / 3,), 1200.0, f=("A",)),
            Observation("2", "coexist", "2d", (6.0,), 1200.0, f=("B", "C")),
            Observation("3", "framework_absent", "2d", (6.0,), 1200.0, f=("A",)),
            Observation("4", "framework_present", "3e", (6.0,), 10.0, f=("A",)),
        ],
        REACTION,
    )
    assert {(one.ratio, one.framework) for one in seen} == {(1 / 3, "A"), (6.0, "B"), (6.0, "C")}


@pytest.mark.parametrize("ratios", [[], [-1.0], [math.nan]])
def test_ratios_that_are_none(ratios):
    with pytest.raises(ReactionError, match="electrons fed"):
        electrons_fed(REACTION, ratios)
