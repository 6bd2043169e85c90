"""Structured rates and derivatives against the list of every elementary reaction."""

import numpy as np
import pytest

from alloyscope.reaction.explicit import explicit_reactions
from alloyscope.reaction.kinetics import elementary
from alloyscope.reaction.layout import layout_of
from alloyscope.reaction.network import network_of
from alloyscope.reaction.rates import empty_parts, fill_jacobian, fill_parts, fill_rates
from tests.reaction.declared import REACTIONS, made, of_every_kind, quartet, step

SMALL = [name for name in REACTIONS if "44" not in name]
NO_MEETINGS = ["one framework", "exchange alone", "exchange of three metals"]


def rates_of(net, y):
    found = np.empty(y.size)
    fill_rates(y, net, found)
    return found


def jacobian_of(net, y):
    found = np.empty((y.size, y.size))
    fill_jacobian(y, net, found)
    return found


def explicitly(reaction, y):
    """Rates and Jacobian of the list."""
    arrays = explicit_reactions(reaction).arrays
    rates, jacobian = np.empty(y.size), np.empty((y.size, y.size))
    elementary.fill_rates(y, arrays, rates)
    elementary.fill_jacobian(y, arrays, jacobian)
    return rates, jacobian


def states(reaction, n, seed=0):
    """Random states, some of whose entries are 0, over several orders of magnitude."""
    rng, size = np.random.default_rng(seed), len(layout_of(reaction).contents)
    for _ in range(n):
        y = 10.0 ** rng.uniform(-4, 0, size)
        y[rng.random(size) < 0.2] = 0.0
        yield y


def assembled(net, y):
    """The Jacobian that `fill_parts` holds in pieces."""
    parts = empty_parts(net)
    fill_parts(y, net, parts)
    n, z, width = net.place.size, y.size - net.place.size, net.width
    sums = parts.below[z:]
    inner = parts.right[:, z:] @ sums
    for i in range(n):
        for j in range(max(i - width, 0), min(i + width + 1, n)):
            inner[i, j] += parts.band[i, width + j - i]
    whole = np.block([
        [inner, parts.right[:, :z]],
        [parts.below[:z] + parts.corner[:z, z:] @ sums, parts.corner[:z, :z]],
    ])  # fmt: skip
    order = np.concatenate([net.place, np.arange(n, y.size)])
    return whole[np.ix_(order, order)]


def close(a, b, share):
    assert np.abs(a - b).max() <= share * np.abs(b).max()


@pytest.mark.parametrize("name", REACTIONS)
def test_rates_and_derivatives_are_those_of_the_explicit_list(name):
    reaction = REACTIONS[name]
    net = network_of(reaction)
    for y in states(reaction, 3):
        rates, jacobian = explicitly(reaction, y)
        close(rates_of(net, y), rates, 1e-10)
        close(jacobian_of(net, y), jacobian, 1e-10)


@pytest.mark.parametrize("k", range(len(of_every_kind().steps)))
def test_each_step_alone_has_the_rates_of_its_list(k):
    """Alone, a small rate cannot hide behind a large one."""
    whole = of_every_kind()
    reaction = whole.without(*whole.steps[:k], *whole.steps[k + 1 :], exchange=True)
    net = network_of(reaction)
    for y in states(reaction, 2, seed=k):
        rates, jacobian = explicitly(reaction, y + 1e-3)
        assert np.abs(rates).max() > 0
        close(rates_of(net, y + 1e-3), rates, 1e-12)
        close(jacobian_of(net, y + 1e-3), jacobian, 1e-12)


@pytest.mark.parametrize("name", REACTIONS)
def test_no_step_changes_metals_ligands_or_electrons(name):
    reaction = REACTIONS[name]
    net, contents = network_of(reaction), layout_of(reaction).contents
    for y in states(reaction, 2):
        rates = rates_of(net, y)
        close(rates @ contents + 1.0, np.ones(contents.shape[1]), 1e-12 * np.abs(rates).sum())


@pytest.mark.parametrize("name", SMALL)
def test_jacobian_is_that_of_differences(name):
    reaction = REACTIONS[name]
    net = network_of(reaction)
    y = np.random.default_rng(2).uniform(0.2, 1.0, len(layout_of(reaction).contents))
    differences = np.empty((y.size, y.size))
    for k in range(y.size):
        h = np.zeros(y.size)
        h[k] = 1e-4
        differences[:, k] = (rates_of(net, y + h) - rates_of(net, y - h)) / 2e-4
    close(jacobian_of(net, y), differences, 1e-6)


@pytest.mark.parametrize("name", NO_MEETINGS)
def test_pieces_are_the_jacobian_where_nothing_meets(name):
    reaction = REACTIONS[name]
    net = network_of(reaction)
    for y in states(reaction, 2):
        close(assembled(net, y), jacobian_of(net, y), 1e-12)


@pytest.mark.parametrize("name", ["every kind", "three metals", "unequal metals"])
def test_pieces_without_meetings_are_the_jacobian(name):
    reaction = REACTIONS[name]
    meetings = [s for s in reaction.steps if str(s.equation).count("+") and any(
        str(s.equation).startswith(head) for head in ("A + C <->", "A + C + SR", "2 A", "A + B",
                                                      "P + Q"))]  # fmt: skip
    rest = reaction.without(*meetings)
    net = network_of(rest)
    assert 0 < len(rest.steps) < len(reaction.steps)
    for y in states(rest, 2):
        close(assembled(net, y), jacobian_of(net, y), 1e-12)


@pytest.mark.parametrize("name", [name for name in REACTIONS if name not in NO_MEETINGS])
def test_pieces_are_right_when_all_of_a_framework_grows_alike(name):
    """What meets is condensed to sums: exact as long as shares within a framework stay."""
    reaction = REACTIONS[name]
    net, layout = network_of(reaction), layout_of(reaction)
    for y in states(reaction, 2):
        exact, pieces = jacobian_of(net, y), assembled(net, y)
        for own in layout.slices.values():
            change = np.zeros(y.size)
            change[own] = y[own]
            close(pieces @ change, exact @ change, 1e-10)
        close(pieces[:, layout.n_states :], exact[:, layout.n_states :], 1e-12)


@pytest.mark.parametrize("pools", [(1e-18, -1e-18), (-1e-18, -1e-18), (0.0, 0.0), (-1e-30, 1e-9)])
def test_growth_from_pools_that_rounding_emptied_does_next_to_nothing(pools):
    """The share of a composition has no derivative at a pool of 0, but the rate is none."""
    reaction = made(quartet(6, 6), [step("6 M + 6 SR + 4 e -> A", 0.3)], exchange=None)
    net, layout = network_of(reaction), layout_of(reaction)
    y = np.full(len(layout.contents), -1e-17)
    y[layout.n_states : layout.n_states + 2] = pools
    assert np.abs(rates_of(net, y)).max() < 1e-30
    assert np.abs(assembled(net, y)).max() < 1e-20
    close(jacobian_of(net, y) + 1, explicitly(reaction, y)[1] + 1, 1e-12)
