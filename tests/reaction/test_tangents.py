"""Tangents against differences between runs at a tight tolerance."""

from dataclasses import replace

import numpy as np
import pytest

from alloyscope.reaction.experiment import Addition, Experiment, Product
from alloyscope.reaction.framework import Framework
from alloyscope.reaction.layout import layout_of
from alloyscope.reaction.network import network_of
from alloyscope.reaction.parameter import Parameter
from alloyscope.reaction.rates import empty_parts, fill_jacobian, fill_rates
from alloyscope.reaction.simulate import Simulator
from alloyscope.reaction.tangents import carry, fill_tangent_rates
from alloyscope.reaction.variation import variation_of
from tests.reaction.declared import REACTIONS, THREE, like_au44_ag44, of_every_kind

TIMES = [0.0, 1.0, 20.0, 300.0]
MIXED = Experiment((2.0, 1.0))
IN_SEQUENCE = Experiment((1.0, 2.0), (
    Addition("gold", 0.5, 0.0), Addition("silver", 2.0, 5.0),
    Addition(Product((3.0, 1.0), 7.0), 1.5, 12.0),
))  # fmt: skip


def parameterised(reaction):
    """Every quantity that is not 0 becomes a free parameter."""
    found = []

    def named(what, quantity, logarithmic):
        if quantity == 0.0:
            return quantity
        name = f"{what} {len(found)}"
        found.append(Parameter(name, quantity, "", logarithmic, free=True,
                               low=1e-12 if logarithmic else -1e3, high=1e3))  # fmt: skip
        return name

    def table(what, quantities):
        return {metal: named(what, q, False) for metal, q in quantities.items()}

    def of(framework: Framework):
        sites = tuple(replace(site, energy=table("energy", site.energy),
                              cooperativity=table("cooperativity", site.cooperativity))
                      for site in framework.sites)  # fmt: skip
        level = framework.level and (framework.level[0], named("level", framework.level[1], False))
        return replace(framework, sites=sites, level=level,
                       energy=named("energy", framework.energy, False),
                       lability=named("lability", framework.lability, True))  # fmt: skip

    steps = tuple(
        replace(s, rate=named("rate", s.rate, True), slope=named("slope", s.slope, False),
                quench=tuple((metal, named("quench", q, False)) for metal, q in s.quench))
        for s in reaction.steps
    )  # fmt: skip
    exchange = reaction.exchange and replace(
        reaction.exchange, clusters=named("clusters", reaction.exchange.clusters, True),
        complexes=named("complexes", reaction.exchange.complexes, True),
    )  # fmt: skip
    potentials = tuple((name, named("potential", q, False)) for name, q in reaction.potentials)
    frameworks = tuple(map(of, reaction.frameworks))
    return replace(reaction, frameworks=frameworks, steps=steps, exchange=exchange,
                   potentials=potentials, parameters=tuple(found))  # fmt: skip


def off_by(reaction, name, step):
    """The reaction with one coordinate changed, whatever the bounds."""
    return replace(reaction, parameters=tuple(
        replace(p, value=p.at(p.coordinate(p.value) + step), low=-np.inf if not p.logarithmic
                else 1e-300, high=np.inf) if p.name == name else p for p in reaction.parameters
    ))  # fmt: skip


def by_differences(reaction, names, of, step=1e-4):
    """Central differences of a function of the reaction, by coordinate."""
    return np.stack([(of(off_by(reaction, name, step)) - of(off_by(reaction, name, -step)))
                     / (2 * step) for name in names], axis=1)  # fmt: skip


def close(a, b, share):
    """By parameter, relative to the largest."""
    for k in range(b.shape[1]):
        assert np.abs(a[:, k] - b[:, k]).max() <= share * np.abs(b[:, k]).max() + 1e-12, k


@pytest.mark.parametrize("name", REACTIONS)
def test_rates_of_tangents_are_the_jacobian_and_differences_by_parameters(name):
    reaction = parameterised(REACTIONS[name])
    net, size = network_of(reaction), len(layout_of(reaction).contents)
    rng = np.random.default_rng(3)
    y, along = rng.uniform(0.1, 1.0, size), rng.normal(size=(size, len(reaction.free)))
    found, jacobian = np.empty_like(along), np.empty((size, size))
    varied = variation_of(reaction, net, reaction.free)
    fill_tangent_rates(y, net, varied, empty_parts(net), np.zeros_like(along), found)

    def rates(changed):
        found = np.empty(size)
        fill_rates(y, network_of(changed), found)
        return found

    names = [p.name for p in reaction.free]
    expected = by_differences(reaction, names, rates, 1e-5)
    noise = 1e-10 * np.abs(rates(reaction)).max()
    assert np.abs(found - expected).max() > 0
    for k in range(len(names)):
        limit = 1e-5 * np.abs(expected[:, k]).max() + noise
        assert np.abs(found[:, k] - expected[:, k]).max() < limit, names[k]
    with_state = np.empty_like(along)
    fill_tangent_rates(y, net, varied, empty_parts(net), along, with_state)
    fill_jacobian(y, net, jacobian)
    assert with_state - found == pytest.approx(jacobian @ along, abs=1e-11 * np.abs(jacobian).max())


def checked_against_runs(reaction, experiment, names, times=TIMES, share=2e-5):
    """Tangents, after they have been compared with differences."""
    run, tangents = Simulator.of(reaction, 1e-7).run_with_tangents(experiment, times)
    expected = by_differences(
        reaction, names, lambda one: Simulator.of(one, 1e-10).run(experiment, times).amounts, 1e-3
    )
    picked = [[p.name for p in reaction.free].index(name) for name in names]
    assert np.abs(expected).max() > 1e-3
    close(tangents[:, picked], expected, share)
    return run, tangents


@pytest.mark.parametrize("experiment", [MIXED, IN_SEQUENCE], ids=["mixed", "in sequence"])
def test_tangents_are_differences_between_runs(experiment):
    reaction = parameterised(of_every_kind(4, 5))
    names = [p.name for p in reaction.free][::3]
    run, tangents = checked_against_runs(reaction, experiment, names)
    plain = Simulator.of(reaction, 1e-7).run(experiment, TIMES)
    assert run.amounts == pytest.approx(plain.amounts, abs=1e-14)
    balances = tangents @ run.layout.contents
    assert np.abs(balances).max() < 1e-11 * np.abs(tangents).max() + 1e-13


def test_tangents_of_three_metals():
    reaction = parameterised(of_every_kind(4, 5, THREE))
    checked_against_runs(reaction, MIXED, [p.name for p in reaction.free][::6], [10.0])


def test_tangents_of_a_reaction_like_au44_ag44():
    reaction = parameterised(like_au44_ag44())
    names = [p.name for p in reaction.free][::4]
    checked_against_runs(reaction, Experiment((3.0, 1.0)), names, [2.0, 60.0, 1200.0])


def test_parameters_at_their_bounds_have_tangents():
    reaction = parameterised(REACTIONS["one framework"])
    inside = Simulator.of(reaction).run_with_tangents(MIXED, TIMES)[1]
    for bound in ("low", "high"):
        at_it = replace(reaction, parameters=tuple(replace(p, **{bound: p.value})
                                                   for p in reaction.parameters))  # fmt: skip
        found = Simulator.of(at_it).run_with_tangents(MIXED, TIMES)[1]
        assert found == pytest.approx(inside)


def test_what_moves_no_amount_has_tangents_of_zero():
    reaction = parameterised(REACTIONS["one framework"])
    response = Parameter("response", 2.0, "", True, 0.1, 10.0, free=True)
    frameworks = tuple(replace(f, response="response") for f in reaction.frameworks)
    more = replace(reaction, frameworks=frameworks, parameters=(response, *reaction.parameters))
    found = Simulator.of(more).run_with_tangents(MIXED, TIMES)[1]
    assert not found[:, 0].any()
    assert found[:, 1:] == pytest.approx(Simulator.of(reaction).run_with_tangents(MIXED, TIMES)[1])


def test_without_free_parameters_there_are_no_tangents():
    run, tangents = Simulator.of(REACTIONS["one framework"]).run_with_tangents(MIXED, TIMES)
    assert tangents.shape == (4, 0, run.amounts.shape[1])


def test_one_compilation_serves_all():
    for reaction in (parameterised(one) for one in REACTIONS.values()):
        Simulator.of(reaction).run_with_tangents(MIXED, [1e-3])
    assert len(carry.signatures) == 1


def test_where_corrections_do_not_converge_the_exact_matrix_gives_the_same(monkeypatch):
    made = Simulator.of(parameterised(like_au44_ag44()))
    _, usual = made.run_with_tangents(Experiment((3.0, 1.0)), [2.0, 60.0])
    monkeypatch.setattr("alloyscope.reaction.simulate.tolerance_of", lambda rtol: 0.0)
    _, exact = made.run_with_tangents(Experiment((3.0, 1.0)), [2.0, 60.0])
    assert not np.array_equal(usual, exact)
    assert usual == pytest.approx(exact, abs=1e-3 * np.abs(exact).max())
