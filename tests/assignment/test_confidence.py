"""Scores into q-values: what the definition asks, and a world where both kinds are known."""

import numpy as np
import pytest

from alloyscope.assignment.confidence import error_probability, q_values

NONE = np.zeros(0)


def test_a_higher_score_is_less_often_wrong():
    score = np.linspace(-20, 400, 200)
    wrong = error_probability(score)
    assert (np.diff(wrong) <= 0).all()
    assert ((wrong >= 0) & (wrong <= 1)).all()
    assert wrong[0] > 0.99
    assert wrong[-1] < 1e-6
    assert np.isfinite(error_probability(np.array([-np.inf, np.inf, 1e9]))).all()


def test_no_calls_no_values():
    assert q_values(NONE, NONE).size == 0
    assert q_values(NONE, np.array([30.0])).size == 0


def test_without_decoys_what_is_left_are_rivals_among_targets():
    score = np.array([40.0, 3.0, 12.0, 6.0])
    wrong = error_probability(score)
    q = q_values(score, NONE)
    assert q[0] == pytest.approx(1e-5)  # the least there is
    assert q[2] == pytest.approx((wrong[0] + wrong[2]) / 2)
    assert q[1] == pytest.approx(wrong.sum() / 4)


def test_values_never_fall_as_scores_do_and_equals_are_equal():
    rng = np.random.default_rng(1)
    for _ in range(30):
        score = rng.choice((2.0, 5.0, 8.0, 13.0, 50.0, 200.0), 12)
        q = q_values(score, rng.exponential(10.0, rng.integers(0, 4)))
        order = np.argsort(-score, kind="stable")
        assert (np.diff(q[order]) >= 0).all()
        assert ((q >= 0) & (q <= 1)).all()
        for value in np.unique(score):
            assert np.unique(q[score == value]).size == 1


def test_the_order_of_calls_does_not_matter():
    rng = np.random.default_rng(2)
    score, decoys = rng.exponential(30.0, 20), np.array([12.0, 25.0])
    order = rng.permutation(20)
    assert np.allclose(q_values(score[order], decoys[::-1]), q_values(score, decoys)[order])


def test_each_decoy_makes_calls_less_sure():
    score = np.array([100.0, 60.0, 30.0, 10.0])
    q = [q_values(score, np.array(decoys, float)) for decoys in ((), (20,), (20, 40))]
    assert (q[1] >= q[0]).all()
    assert (q[2] >= q[1]).all()
    assert q[2][-1] > q[0][-1] + 0.2
    # A decoy that scored far below says little of what scores far above.
    assert q[1][0] < 0.02


def test_decoys_without_a_score_count_for_nothing():
    score = np.array([20.0, 30.0])
    assert np.array_equal(q_values(score, np.array([0.0, -5.0])), q_values(score, NONE))


def test_as_many_decoys_as_calls_leave_nothing_sure():
    score = np.array([20.0, 22.0, 25.0, 30.0])
    assert q_values(score, score + 5.0).min() > 0.5


def test_where_false_calls_score_as_decoys_do_the_stated_share_is_kept():
    """A fifth of the calls false, of one distribution with the decoys, whose number varies too."""
    rng, called, false = np.random.default_rng(3), 0, 0
    for _ in range(300):
        wrong, decoys = (rng.lognormal(2.5, 0.6, rng.poisson(15)) for _ in range(2))
        score = np.concatenate((rng.lognormal(5.0, 0.8, 60), wrong))
        below = q_values(score, decoys) <= 0.05
        called += below.sum()
        false += below[60:].sum()
    assert 0.02 * called < false < 0.06 * called
    assert called > 300 * 55
