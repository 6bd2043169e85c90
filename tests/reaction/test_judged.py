"""A fit judged: what it meets, beside what comes free, and how well it is known."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from alloyscope.reaction.estimates import correlations_of
from alloyscope.reaction.fates import mixed
from alloyscope.reaction.judged import curve_of, judged, prior_draws
from alloyscope.reaction.profile import profile
from alloyscope.reaction.ratio import fed
from alloyscope.reaction.scoreboard import scoreboard
from alloyscope.reaction.seen import unreacted
from alloyscope.reaction.simulate import Simulator
from tests.reaction.fits import fitted, objective, reaction


@cache
def found():
    return judged(fitted(), draws=6, seed=2, profiles=profile(fitted(), ["kd"]))


def test_the_scoreboard_is_that_of_a_simulation_at_the_optimum():
    seen = fitted().objective.seen(fitted().reaction, 1e-6)
    apart = scoreboard(objective().statements, seen.shown)
    assert [v.said for v in found().shown.verdicts] == [v.said for v in apart.verdicts]
    assert found().shown.met == found().amounts.met == found().thresholds["5 % and 10 %"].met
    assert [one.total for one in found().thresholds.values()] == [10, 10, 10]


def test_what_a_spectrum_shows_is_judged_apart_from_amounts():
    dim = tuple(replace(f, response=1e-3) if f.name == "A" else f
                for f in fitted().reaction.frameworks)  # fmt: skip
    fit = replace(fitted(), objective=objective(reaction=replace(reaction(), frameworks=dim)))
    made = judged(fit, draws=1)
    assert made.amounts.met == found().amounts.met
    assert "a there" in [v.observation.id for v in made.shown.failures]


def test_baselines_are_what_comes_free():
    still = {p: unreacted(reaction(), p[0]) for s in objective().statements for p in s.points}
    assert found().unreacted.met == scoreboard(objective().statements, still).met
    median, best = found().random_met
    met = [one.met for one in found().random]
    assert (median, best) == (np.median(met), max(met))
    assert len(met) == 6
    assert found().random_by_figure("1a") <= 5


def test_draws_of_the_priors_spread_as_these_do():
    drawn = prior_draws(objective(), 2000, seed=1)
    assert drawn[:, 3].std() == pytest.approx(2.0, rel=0.1)
    assert drawn[:, 0].mean() == pytest.approx(-1.0, abs=0.1)
    flat = tuple(replace(p, sd=np.inf) if p.name == "a" else p for p in reaction().parameters)
    even = prior_draws(objective(reaction=replace(reaction(), parameters=flat)), 2000, seed=1)[:, 3]
    assert (even.min(), even.max()) == (pytest.approx(-3.0, abs=0.1), pytest.approx(3.0, abs=0.1))


def test_fates_hold_all_that_was_fed():
    for fate in (*found().fates, *found().curve):
        held = fate.in_clusters + sum(fate.complexes.values()) + fate.dark
        assert held == pytest.approx(1.0, abs=1e-9)
        assert sum(fate.frameworks.values()) == pytest.approx(1.0)
        # Every cluster here has four metals.
        assert fate.in_clusters == pytest.approx(fate.clusters)
    assert [(f.ratio, f.t_min) for f in found().fates] == [(0.5, 60.0), (1.0, 60.0), (3.0, 60.0)]


def test_electrons_that_an_oxidant_took_are_those_missing_from_clusters_and_pool():
    run = mixed(Simulator.of(fitted().reaction, 1e-8), {1.0: (60.0,)})[1.0]
    fate = next(f for f in found().fates if f.ratio == 1.0)
    assert fate.oxidised == pytest.approx(float(run.pool("oxidised")[-1]), rel=1e-3)
    assert sum(fed(1.0)) == 1.0


def test_curves_reach_over_the_ratios_of_the_statements():
    points = curve_of(objective().statements)
    assert min(points) == pytest.approx(0.5)
    assert max(points) == pytest.approx(3.0)
    assert set(points.values()) == {(60.0,)}
    assert curve_of([]) == {}
    lone = curve_of([s for s in objective().statements if s.ratios == (3.0,)])
    assert (min(lone), max(lone)) == (pytest.approx(1.0), pytest.approx(9.0))


def test_estimates_say_how_far_the_data_determine_them():
    each = {one.parameter.name: one for one in found().estimates}
    assert each["kd"].by == "profile"
    assert each["kx"].by == "covariance"
    assert each["kd"].word == "determined"
    assert each["kn"].word == "not determined: the data leave it where the prior put it"
    assert each["kd"].low < 0.02 < each["kd"].high
    assert each["kn"].prior_low == pytest.approx(10 ** (-6 - 1.96))
    assert not each["kd"].open_below
    x = fitted().coordinates.copy()
    x[4] = -9.0
    ended = judged(replace(fitted(), coordinates=x), draws=0).estimates[4]
    assert (ended.word, ended.open_below, ended.low) == ("at its lower bound", True, 1e-9)


def test_strong_correlations_are_named_with_their_sign():
    fit = fitted()
    covariance = np.diag([1.0, 4.0, 1.0, 1.0, 1.0])
    covariance[0, 1] = covariance[1, 0] = -1.9
    (one,) = correlations_of(replace(fit, covariance=covariance))
    assert (one.first, one.second, one.value) == ("kd", "kx", pytest.approx(-0.95))


def test_a_fit_that_is_not_at_its_optimum_is_said_to_be_so():
    x = fitted().coordinates.copy()
    x[1] += 0.3
    off = replace(fitted(), coordinates=x, loss=fitted().objective.loss(x))
    made = judged(off, draws=0, profiles=profile(off, ["kd"]))
    assert any("not at its optimum: with kd at 0.0" in said for said in made.remarks)
    assert not any("optimum" in said for said in found().remarks)
    assert found().remarks[0].startswith("2 of 2 starts end within 2")
