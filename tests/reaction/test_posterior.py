"""Draws of parameters: about the values, within the bounds, from the posterior or the priors."""

import numpy as np
import pytest

from alloyscope.case import case_from
from alloyscope.case.reaction import reaction_of
from alloyscope.chemistry import default_vocabulary
from alloyscope.errors import CaseError, ReactionError
from alloyscope.reaction.parameter import Parameter
from alloyscope.reaction.posterior import Posterior, drawn_values
from tests.reaction.declared import framework, made

K = Parameter("k", 1e-2, "1/min", True, 1e-4, 1.0, 1e-2, 0.3, True)
E = Parameter("e", 2.0, "kT", low=-6.0, high=6.0, free=True)
FIXED = Parameter("fixed", 5.0)


def reaction_with(posterior=None, parameters=(K, E, FIXED)):
    return made((framework("A", 5, 3, 0),), parameters=parameters, posterior=posterior)


def coordinates(drawn):
    return np.array([[np.log10(one["k"]), one["e"]] for one in drawn])


def test_draws_have_the_mean_and_covariance_of_the_posterior():
    covariance = ((0.01, 0.018), (0.018, 0.04))
    drawn = drawn_values(reaction_with(Posterior(("k", "e"), covariance)), 4000, 7)
    assert all(one.keys() == {"k", "e"} for one in drawn)
    found = coordinates(drawn)
    assert found.mean(axis=0) == pytest.approx([-2, 2], abs=0.02)
    assert np.cov(found.T) == pytest.approx(np.array(covariance), rel=0.1)


def test_without_a_posterior_priors_spread_and_bounds_hold():
    found = coordinates(drawn_values(reaction_with(), 4000, 7))
    assert found.std(axis=0)[0] == pytest.approx(0.3, rel=0.05)
    # Flat between -6 and 6: a spread of 3.5, cut off at the upper bound.
    assert 2.0 < found.std(axis=0)[1] < 3.6
    assert found[:, 1].max() == 6.0
    assert np.corrcoef(found.T)[0, 1] == pytest.approx(0, abs=0.05)


def test_draws_repeat_with_their_seed():
    reaction = reaction_with()
    assert drawn_values(reaction, 3, 1) == drawn_values(reaction, 3, 1)
    assert drawn_values(reaction, 3, 1) != drawn_values(reaction, 3, 2)


def test_nothing_free_draws_nothing():
    assert drawn_values(reaction_with(parameters=(FIXED,)), 2, 1) == ({}, {})


@pytest.mark.parametrize(
    ("names", "covariance", "said"),
    [
        (("k",), ((1.0, 0.0),), "1 rows of 2"),
        (("k", "e"), ((1.0, 0.5), (0.2, 1.0)), "not symmetric"),
        (("k", "e"), ((1.0, 2.0), (2.0, 1.0)), "negative variance"),
        (("k", "k"), ((1.0, 0.0), (0.0, 1.0)), "more than once"),
        (("k",), ((float("nan"),),), "not finite"),
    ],
)
def test_what_is_no_covariance_is_refused(names, covariance, said):
    with pytest.raises(ReactionError, match=said):
        Posterior(names, covariance)


def test_names_must_be_parameters():
    with pytest.raises(ReactionError, match="posterior names: found q"):
        reaction_with(Posterior(("q",), ((1.0,),)))


def test_a_case_states_it():
    stated = {
        "metals": ["Au", "Ag"],
        "framework": [{"metals": 4, "ligands": 3, "charge": 1, "name": "X"}],
        "parent": [{"name": "P", "framework": "X", "composition": {"Au": 4}}],
        "parameter": [{"name": "k", "value": 1.0}],
        "posterior": {"names": ["k"], "covariance": [[0.04]]},
    }
    case = case_from({"reaction": stated}, "test")
    found = reaction_of(case, default_vocabulary()).posterior
    assert found == Posterior(("k",), ((0.04,),))
    wrong = case_from({"reaction": stated | {"posterior": {"names": ["k"]}}}, "test")
    with pytest.raises(CaseError, match=r"case \[reaction.posterior\]"):
        reaction_of(wrong, default_vocabulary())
