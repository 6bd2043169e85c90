"""Refits without a mechanism, and without a figure."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from scipy.integrate import quad

from alloyscope.errors import ReactionError
from alloyscope.reaction.compare import compare_mechanisms, leave_out, log_evidence, refit_of
from alloyscope.reaction.fit import fit_reaction
from alloyscope.reaction.margins import log_likelihood
from tests.reaction.fits import fitted, objective


@cache
def compared():
    return compare_mechanisms(objective(reaction=fitted().reaction), starts=2, most=25)


def test_what_made_the_data_is_needed_and_what_did_not_is_not():
    found = {d.mechanism.name: d for d in compared().differences}
    for name in ("kd", "ki"):
        assert found[name].verdict == "needed"
        assert found[name].loss > found[name].uncertainty > 0
        assert found[name].log_evidence > 5
    assert found["kn"].verdict == "makes no difference the data can see"
    assert abs(found["kn"].log_evidence) < 1
    losses = [d.loss for d in compared().differences]
    assert losses == sorted(losses, reverse=True)


def test_statements_lost_and_won_are_named():
    found = {d.mechanism.name: d for d in compared().differences}
    whole, without = found["kd"].whole, found["kd"].without
    assert len(whole.met) - len(without.met) == len(found["kd"].lost) - len(found["kd"].won)
    assert "gold free" in found["kd"].lost
    assert found["kn"].lost == found["kn"].won == ()


def test_the_uncertainty_is_paired_over_all_that_was_observed():
    one = compared().differences[0]
    each = one.whole.log_likelihoods - one.without.log_likelihoods
    assert each.size == 10 + 30
    assert one.uncertainty == pytest.approx(np.sqrt(40 * each.var(ddof=1)))
    seen = one.whole.fit.objective.seen(one.whole.fit.reaction, 1e-6)
    stated = log_likelihood(one.whole.fit.objective.statements, seen.shown)
    assert one.whole.log_likelihoods[:10].sum() == pytest.approx(stated)


def test_evidence_is_that_of_an_integral_where_one_parameter_is_free():
    made = fitted().reaction
    one = replace(made, parameters=tuple(
        replace(p, free=p.name == "a") for p in made.parameters
    ))  # fmt: skip
    fit = fit_reaction(objective(reaction=one, rtol=1e-8), 1)
    prior = 1 / np.sqrt(2 * np.pi) / 2.0

    def density(a):
        return prior * np.exp(fit.loss - fit.objective.loss(np.array([a])))

    middle, sd = float(fit.coordinates[0]), float(fit.sd[0])
    integral = quad(density, middle - 8 * sd, middle + 8 * sd, points=[middle])[0]
    assert log_evidence(fit) == pytest.approx(np.log(integral) - fit.loss, abs=0.1)


def test_there_is_no_evidence_under_a_prior_without_bounds():
    fit = fitted()
    flat = tuple(replace(p, sd=np.inf, low=-np.inf) if p.name == "a" else p
                 for p in fit.reaction.parameters)  # fmt: skip
    made = replace(fit, objective=objective(reaction=replace(fit.reaction, parameters=flat)))
    assert np.isnan(log_evidence(made))


def test_a_figure_left_out_is_foretold_by_the_others():
    both = leave_out(objective(statements=objective().statements), starts=1, most=25)
    assert [one.figure for one in both] == ["1a", "2b"]
    one = both[1]
    assert one.foretold.total == 5
    assert {s.id for s in one.fit.objective.statements} == {
        "b there", "a there", "a falls", "a mixes", "x of b"
    }  # fmt: skip
    seen = refit_of(replace(fitted(), coordinates=one.fit.coordinates))
    assert one.foretold.met == len(seen.met & {v.observation.id for v in one.foretold.verdicts})


def test_figures_that_there_are_not_and_that_are_all_there_is_are_refused():
    with pytest.raises(ReactionError, match='figure: found "9z"; expected one of 1a, 2b'):
        leave_out(objective(), ["9z"])
    some = [s for s in objective().statements if s.figure == "Fig 1a"]
    with pytest.raises(ReactionError, match='found "1a", all that was seen'):
        leave_out(objective(statements=some, speciations=()), ["1a"])


def test_what_rests_on_a_single_statement_helps_and_is_not_needed():
    one = compared().differences[0]
    each = one.whole.log_likelihoods.copy()
    each[0] -= 20.0
    fit = replace(one.whole.fit, loss=one.whole.fit.loss + 20.0)
    lone = replace(one, without=replace(one.whole, fit=fit, log_likelihoods=each))
    assert lone.loss == pytest.approx(20.0)
    assert lone.uncertainty == pytest.approx(20.0)
    assert lone.verdict == "helps"
    worse = replace(one.whole, fit=replace(fit, loss=one.whole.fit.loss - 3.0))
    assert replace(lone, without=worse).verdict == "better without it"


def test_the_whole_model_can_be_refitted_alone():
    alone = compare_mechanisms(objective(reaction=fitted().reaction), starts=1, alone=True)
    assert alone.differences == ()
    assert alone.whole.fit.loss == pytest.approx(fitted().loss, abs=1e-3)
