"""Plans are the best there is, hold what was fed, and say how sure they are."""

from dataclasses import replace

import numpy as np
import pytest

from alloyscope.errors import ReactionError
from alloyscope.reaction.design import plan, stocks_of
from alloyscope.reaction.experiment import Experiment
from alloyscope.reaction.feeds import Search, about, clusters_of, score
from alloyscope.reaction.posterior import Posterior
from alloyscope.reaction.simulate import simulate
from alloyscope.reaction.target import Target, outcome_of
from tests.reaction.declared import framework, made
from tests.reaction.planned import alloy, half_and_half, three_metals, unequal

FIXED = Search(1 / 3, 1 / 3, (600.0,), between=False)


def test_nothing_on_the_map_is_better():
    found = alloy().planned
    assert found.score >= 0.985 * found.map.score(found.aim).max()
    row = int(np.argmin(np.abs(found.map.ratios - found.ratio)))
    earlier = found.map.times < 0.98 * found.time_min
    assert found.map.score(found.aim)[row, earlier].max() < found.score


def test_the_outcome_is_that_of_a_simulation():
    found = alloy().planned
    run = simulate(found.reaction, Experiment(clusters_of(found.ratio)), [found.time_min])
    other = outcome_of(run, found.target)
    assert found.outcome.purity == pytest.approx(other.purity)
    mask = found.target.among(found.reaction, run.layout)
    assert found.outcome.made == pytest.approx(run.amounts[0, : mask.size][mask].sum() / run.fed[0])


def test_scores_fall_to_nine_tenths_at_the_ends_of_the_ranges():
    found = alloy().planned
    low, high = found.ratio_range
    assert low < found.ratio < high
    for ratio in (low, high):
        run = simulate(found.reaction, Experiment((ratio, 1.0)), [found.time_min])
        outcome = outcome_of(run, found.target)
        assert outcome.purity * outcome.made == pytest.approx(0.9 * found.score, rel=0.03)
    assert found.time_range[0] < found.time_min <= found.time_range[1]


def test_exchange_alone_is_best_fed_as_the_product_is_made_up():
    found = half_and_half().planned
    assert found.ratio == pytest.approx(1.0, abs=0.05)
    assert found.time_min == 1200.0
    assert found.map.times.tolist() == [120, 1200]


@pytest.mark.parametrize("made_up", [alloy, unequal])
def test_volumes_hold_the_clusters_of_the_ratio(made_up):
    found = made_up().planned
    first, second = found.stocks
    assert first.share + second.share == pytest.approx(1)
    assert first.clusters / second.clusters == pytest.approx(found.ratio)
    total = first.metal + second.metal
    assert total == pytest.approx(found.concentration * (first.volume + second.volume))


def test_volumes_of_unequal_clusters_follow_their_metals():
    found = unequal().planned
    first, second = stocks_of(found.reaction, 2.0, None, 1e-3)
    assert first.share / second.share == pytest.approx(2 * 25 / 44)
    assert (first.volume, first.metal, first.clusters) == (None, None, None)
    assert "2 mM" in " ".join(found.remarks)


def test_draws_spread_about_the_plan_and_narrow_with_the_posterior():
    unsure = replace(alloy().planned.reaction, posterior=None)
    target, at = alloy().planned.target, {"search": FIXED, "draws": 8}
    names = tuple(p.name for p in unsure.free)
    tiny = tuple(tuple(1e-10 * (j == k) for k in range(len(names))) for j in range(len(names)))
    wide = plan(unsure, target, **at)
    narrow = plan(replace(unsure, posterior=Posterior(names, tiny)), target, **at)
    assert (wide.spread_from, narrow.spread_from) == ("priors", "posterior")
    assert len(wide.drawn) + wide.failed == 8
    (a, b), (c, d) = (one.interval(lambda outcome: outcome.purity) for one in (wide, narrow))
    assert c == pytest.approx(narrow.outcome.purity, rel=1e-3)
    assert d - c < 0.01 * (b - a)


def test_no_draws_no_interval():
    found = half_and_half().planned
    assert found.interval(lambda outcome: outcome.purity) is None
    assert (found.spread_from, found.drawn) == ("", ())


def test_a_parent_as_target_is_said():
    reaction = alloy().planned.reaction
    found = plan(reaction, Target("C", (44, 44)), search=Search(0.5, 8.0), draws=0)
    assert found.ratio == 8.0
    said = " ".join(found.remarks)
    assert "Au44, which is fed, is counted as M44S26 (C) with 44 Au" in said
    assert "edge of the range searched" in said


def test_what_cannot_be_made_is_said():
    reaction = alloy().planned.reaction
    found = plan(reaction, Target("A", (40, 44)), search=FIXED, draws=0)
    assert not found.possible
    assert "cannot be made" in found.remarks[0]
    assert alloy().planned.possible


def test_three_metals_are_planned_by_the_first():
    found = three_metals().planned
    assert found.outcome.purity > 0.3
    assert set(found.outcome.used) == {"Au", "Ag", "Cu"}


def test_aims_differ_in_what_they_prize():
    purity, made = np.array([1.0, 0.9, 0.3]), np.array([0.002, 0.4, 0.6])
    assert score("both", purity, made).argmax() == 1
    assert score("yield", purity, made).argmax() == 2
    assert score("purity", purity, made).tolist() == pytest.approx([0.2, 0.9, 0.3])


def test_a_range_is_the_stretch_about_the_best():
    at, scores = np.array([1.0, 2.0, 4.0, 8.0, 16.0]), np.array([1.0, 0.5, 0.95, 1.0, 0.8])
    assert about(at, scores, 3, smooth=False) == (4.0, 8.0)
    low, high = about(at, scores, 3, smooth=True)
    assert 2 < low < 4
    assert high == pytest.approx(8 * 2**0.5)


@pytest.mark.parametrize(
    "wrong", [{"lowest": 0.0}, {"lowest": 3.0, "highest": 2.0}, {"times": (0.0, 5.0)},
              {"times": (5.0, 1.0)}, {"times": (1.0,)}, {"times": (), "between": False}]
)  # fmt: skip
def test_what_cannot_be_searched(wrong):
    with pytest.raises(ReactionError, match="searched"):
        Search(**wrong)


def test_a_plan_needs_two_parents():
    alone = made((framework("A", 5, 3, 0),))
    one = replace(alone, parents=alone.parents[:1])
    with pytest.raises(ReactionError, match="1 parents; expected two"):
        plan(one, Target("A"))
