"""Experiments simulated: mixing, additions in sequence, what is conserved, and what is refused."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alloyscope.errors import ReactionError
from alloyscope.reaction.experiment import Addition, Experiment, Product
from alloyscope.reaction.framework import Parent
from alloyscope.reaction.reaction import Exchange
from alloyscope.reaction.simulate import Simulator, simulate
from tests.reaction.declared import REACTIONS, made, quartet, step

EVERY = Simulator.of(REACTIONS["every kind"])
SEVERAL = {name: Simulator.of(REACTIONS[name]) for name in ("every kind", "unequal metals")}


def fed_metals(trajectory, experiment):
    """(n_times, n_metals) shares of each metal in all clusters fed until then."""
    reaction = trajectory.reaction

    def atoms(what, amount):
        if isinstance(what, Product):
            each = [(p.name, n) for p, n in zip(reaction.parents, what.ratio, strict=True)]
            return sum(atoms(name, amount * n / sum(what.ratio)) for name, n in each)
        held = reaction.parent(what).composition
        return amount * np.array([held.get(metal, 0) for metal in reaction.metals], float)

    whole = []
    for t in trajectory.times:
        parts = [atoms(p.name, n)
                 for p, n in zip(reaction.parents, experiment.ratio, strict=True)]  # fmt: skip
        parts += [atoms(a.what, a.amount) for a in experiment.additions
                  if a.at_min < t or a.at_min == 0]  # fmt: skip
        whole.append(np.sum(parts, axis=0) / np.sum(parts))
    return np.array(whole)


@pytest.mark.parametrize("name", REACTIONS)
def test_all_that_was_fed_is_there(name):
    experiment = Experiment((3.0, 1.0))
    found = simulate(REACTIONS[name], experiment, [0.0, 2.0, 30.0, 1200.0])
    metals = fed_metals(found, experiment)
    np.testing.assert_allclose(found.invariants[:, : metals.shape[1]], metals, atol=1e-10)
    np.testing.assert_allclose(found.invariants, found.invariants[[0] * 4], rtol=1e-9, atol=1e-12)


AMOUNT = st.sampled_from([0.0, 0.25, 1.0, 7.0])
WHAT = st.one_of(
    st.sampled_from(["gold", "silver"]),
    st.builds(Product, st.tuples(st.just(1.0), AMOUNT), st.sampled_from([0.0, 1.0, 50.0])),
)
ADDITIONS = st.lists(
    st.builds(Addition, WHAT, AMOUNT, st.sampled_from([0.0, 1.0, 2.0, 40.0, 500.0])), max_size=4
).map(tuple)


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(list(SEVERAL)), st.tuples(st.just(1.0), AMOUNT), ADDITIONS)
def test_sequences_conserve_everything(name, ratio, additions):
    experiment = Experiment(ratio, additions)
    found = SEVERAL[name].run(experiment, [0.0, 1.0, 1.5, 40.0, 41.0, 600.0])
    metals = fed_metals(found, experiment)
    np.testing.assert_allclose(found.invariants[:, :2], metals, atol=1e-10)
    assert (found.fed > 0).all()


def test_first_sample_at_0_is_the_mixture():
    found = EVERY.run(Experiment((3.0, 1.0)), [0.0])
    assert (found.steps, found.times.tolist()) == (0, [0.0])
    assert found.share("C")[0] == pytest.approx(0.75)
    assert found.share("A")[0] == pytest.approx(0.25)
    assert found.yield_of_clusters[0] == pytest.approx(1.0)
    assert found.mean_count("C")[0] == pytest.approx(6.0)


def test_metals_weigh_in_mixtures_of_unequal_clusters():
    """1 cluster of 5 and 1 of 8: half of the clusters each, 8/13 of the metal in the larger."""
    reaction = made(REACTIONS["unequal metals"].frameworks)
    reaction = replace(reaction, parents=(Parent("small", "P", {"Au": 5}),
                                          Parent("large", "Q", {"Ag": 8})))  # fmt: skip
    found = simulate(reaction, Experiment((1.0, 1.0)), [0.0])
    assert found.share("P")[0] == pytest.approx(0.5)
    assert found.invariants[0, :2] == pytest.approx([5 / 13, 8 / 13])
    assert found.fed[0] * 13 / 2 == pytest.approx(reaction.size)


def test_samples_at_an_additions_time_are_before_it():
    experiment = Experiment((1.0, 1.0), (Addition("gold", 2.0, 10.0),))
    found = EVERY.run(experiment, [10.0, 10.0 + 1e-9])
    plain = EVERY.run(Experiment((1.0, 1.0)), [10.0])
    np.testing.assert_allclose(found.amounts[0], plain.amounts[0], rtol=1e-6, atol=1e-9)
    assert found.invariants[:, 0] == pytest.approx([0.5, 0.75])


def test_an_addition_at_0_is_part_of_the_feed():
    added = EVERY.run(Experiment((1.0, 1.0), (Addition("gold", 2.0, 0.0),)), [0.0, 5.0])
    plain = EVERY.run(Experiment((3.0, 1.0)), [0.0, 5.0])
    np.testing.assert_allclose(added.amounts, plain.amounts, rtol=1e-9, atol=1e-12)


def test_the_whole_product_left_alone_goes_on_as_it_would_have():
    product = Product((3.0, 1.0), 5.0)
    again = EVERY.run(Experiment((0.0, 0.0), (Addition(product, 4.0, 0.0),)), [0.0, 15.0])
    plain = EVERY.run(Experiment((3.0, 1.0)), [5.0, 20.0])
    np.testing.assert_allclose(again.amounts, plain.amounts, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(again.fed, plain.fed)


def test_an_addition_after_the_last_time_does_nothing():
    late = EVERY.run(Experiment((1.0, 1.0), (Addition("gold", 2.0, 99.0),)), [1.0, 5.0])
    plain = EVERY.run(Experiment((1.0, 1.0)), [1.0, 5.0])
    np.testing.assert_allclose(late.amounts, plain.amounts, rtol=1e-6, atol=1e-9)


def test_additions_of_one_time_come_together_in_any_order():
    adds = (Addition("gold", 2.0, 5.0), Addition("silver", 1.0, 5.0), Addition("gold", 1.0, 2.0))
    a = EVERY.run(Experiment((1.0, 1.0), adds), [20.0])
    b = EVERY.run(Experiment((1.0, 1.0), adds[::-1]), [20.0])
    np.testing.assert_allclose(a.amounts, b.amounts, rtol=1e-6, atol=1e-9)


def test_many_times_are_those_of_few():
    many = np.linspace(0.0, 100.0, 1001)
    experiment = Experiment((1.0, 2.0), (Addition("gold", 1.0, 33.3),))
    found = EVERY.run(experiment, many)
    few = EVERY.run(experiment, [20.0, 50.0, 100.0])
    np.testing.assert_allclose(found.amounts[[200, 500, 1000]], few.amounts, rtol=1e-3, atol=1e-6)
    assert (np.diff(found.times) > 0).all()


@pytest.mark.parametrize(
    "times", [[], [-1.0], [2.0, 1.0], [1.0, 1.0], [float("nan")], [0.0, float("inf")]]
)
def test_times_that_do_not_ascend_are_refused(times):
    with pytest.raises(ReactionError, match="times: found"):
        EVERY.run(Experiment((1.0, 1.0)), times)


def test_a_ratio_of_too_few_parents_is_refused():
    with pytest.raises(ReactionError, match="ratio: found 1 numbers; expected one for each of 2"):
        EVERY.run(Experiment((1.0,)), [1.0])


@pytest.mark.parametrize(
    ("ratio", "after"),
    [((0.0, 0.0), 1.0), ((1.0, -1.0), 1.0), ((1.0, 1.0), -1.0), ((1.0, 1.0), float("nan"))],
)
def test_a_product_of_nothing_is_refused(ratio, after):
    with pytest.raises(ReactionError, match="product of an earlier reaction: found a feed of"):
        Product(ratio, after)


def test_rates_beyond_all_measure_are_named():
    reaction = made(quartet(6, 6), [step("A -> 6 M + 6 SR + 4 e", 1.0)],
                    exchange=Exchange(1e280, 1e280))  # fmt: skip
    with pytest.raises(ReactionError, match="rate constant that is far too large"):
        simulate(reaction, Experiment((1.0, 1.0)), [1200.0])


def test_observers_see_each_part():
    seen = []
    experiment = Experiment((1.0, 1.0), (Addition("gold", 2.0, 10.0),))
    EVERY.run(experiment, [20.0], observe=lambda *what: seen.append(what))
    assert seen == [("simulating", 0, 2), ("simulating", 1, 2)]
