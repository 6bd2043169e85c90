import numpy as np
import pytest

from alloyscope.chemistry import parse_species
from alloyscope.errors import ReactionError
from alloyscope.reaction.measured import observation_of_amounts, speciation_observation
from alloyscope.reaction.seen import shown
from alloyscope.speciation import Condition, Speciation
from tests.reaction.snapshots import PAIR, snapshot

POINT = (3.0, 60.0)
THERE = {POINT: snapshot(A={1: 0.2, 2: 0.1}, B={20: 0.1})}
SEEN = {point: shown(one, {"B": 3.0}) for point, one in THERE.items()}


def speciation(amount, **more):
    texts = ("Au1Ag43(p-MBA)30", "Au2Ag42(p-MBA)29Cl", "Au20Ag24(p-MBA)27", "Au25(p-MBA)18")
    species = tuple(parse_species(text) for text in texts)
    amount = np.array([amount])
    rest = {"variance": np.full((1, 4), 1e-4), "factor": np.full((1, 4, 1), 0.01)} | more
    condition = Condition(feed=(("Au44", 6.0), ("Ag44", 2.0)), time_min=60.0)
    return Speciation(species, (condition,), amount, **rest, basis="ion counts",
                      denominator="all assigned ions")  # fmt: skip


def test_shares_as_shown_leave_no_residual():
    it = speciation_observation("s1", speciation([0.2, 0.1, 0.3, 0.4]), PAIR)
    assert it.points == (POINT,)
    assert it.states == (("M44S30", (1, 43)), ("M44S30", (2, 42)), ("M44S27", (20, 24)))
    assert it.ignored == (str(parse_species("Au25(p-MBA)18")),)
    assert np.allclose(it.residuals(THERE, SEEN), 0, atol=1e-9)
    assert it.log_likelihood(THERE, THERE) < -10


def test_what_is_not_seen_in_the_measurement_counts_against_the_model():
    more = {POINT: snapshot(A={1: 0.2, 2: 0.1}, B={20: 0.3}, C={40: 0.6})}
    it = speciation_observation("s1", speciation([0.2, 0.1, 0.3, 0.0]), PAIR)
    assert it.predicted(more, more).sum() == pytest.approx(0.5)
    assert it.log_likelihood(more, more) < it.log_likelihood(THERE, SEEN) - 10


def test_residuals_are_whitened_with_the_covariance_of_shares():
    it = speciation_observation("s1", speciation([0.2, 0.1, 0.3, 0.4]), PAIR)
    covariance = np.diag(np.full(3, 1e-4)) + 1e-4
    held = np.array([0.2, 0.1, 0.3])
    slope = (np.eye(3) - np.outer(held / 0.6, np.ones(3))) / 0.6
    whole = slope @ covariance @ slope.T + 0.01**2 * np.eye(3)
    off = (it.share - it.predicted(THERE, THERE)).ravel()
    found = it.residuals(THERE, THERE)
    assert found @ found == pytest.approx(off @ np.linalg.solve(whole, off))


def test_amounts_of_one_state_are_summed():
    states = [("M44S30", (1, 43)), ("M44S30", (1, 43)), ("M44S26", (44, 0))]
    it = observation_of_amounts("s", (POINT,), states, ["4-", "3-", "C"], np.array([[1.0, 2, 1]]),
                                np.diag([0.01, 0.01, 0.0]), PAIR)  # fmt: skip
    assert it.share.tolist() == [[0.75, 0.25]]
    assert it.covariance[0, 0] == pytest.approx(0.02 * (0.25 / 4) ** 2)


@pytest.mark.parametrize(
    ("states", "amount", "named"),
    [([("M25S18", (25, 0))], [1.0], "no species"), ([("M44S26", (44, 0))], [0.0], "nothing of")],
)
def test_nothing_to_compare_is_refused(states, amount, named):
    with pytest.raises(ReactionError, match=named):
        observation_of_amounts("s", (POINT,), states, ["x"], np.array([amount]), np.eye(1), PAIR)


def test_feeds_that_are_not_of_the_parents_are_refused():
    other = speciation([0.2, 0.1, 0.3, 0.0])
    feed = Condition(feed=(("Cu44", 1.0),), time_min=1.0)
    odd = Speciation(other.species, (feed,), other.amount, other.variance, other.factor,
                     "ion counts", "all assigned ions")  # fmt: skip
    with pytest.raises(ReactionError, match="Au44, Ag44"):
        speciation_observation("s1", odd, PAIR)
