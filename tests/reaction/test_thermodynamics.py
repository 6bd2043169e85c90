"""Free energies by counting every placement, and equilibria computed without any kinetics."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq, least_squares
from scipy.special import comb, expit, logsumexp

from alloyscope.errors import ReactionError
from alloyscope.reaction.framework import SiteClass
from alloyscope.reaction.layout import layout_of
from alloyscope.reaction.network import network_of
from alloyscope.reaction.reaction import Exchange
from alloyscope.reaction.thermodynamics import (
    chemical_potentials,
    compositions,
    free_energies,
    log_partition,
)
from tests.reaction.declared import THREE, TWO, classes, framework, made, quartet, step
from tests.reaction.test_integration import integrated, start_of
from tests.reaction.test_kinetics import rates_of

ENERGY = st.floats(-5.0, 5.0)
LONG = [1e5]
REVERSIBLE = (
    step("A + C <-> 2 B + RSSR", 0.6),
    step("C + SR <-> B", 0.2, slope=0.1),
    step("A <-> B + RSSR + SR", 0.3),
    step("A + C <-> B + D", 0.2),
    step("2 A <-> 2 D + 2 SR", 0.1),
)


def by_counting(sites, metals, n):
    """Log of the sum over every way to put a metal on every site."""
    weights = {}
    for placed in product(range(len(metals)), repeat=n):
        log, start = 0.0, 0
        for site in sites:
            here = placed[start : start + site.count]
            start += site.count
            for metal, energy in site.energy.items():
                log -= energy * here.count(metals.index(metal))
            for metal, j in site.cooperativity.items():
                held = here.count(metals.index(metal))
                log -= j * held * (held - 1) / max(site.count - 1, 1)
        counts = tuple(placed.count(k) for k in range(len(metals)))
        weights.setdefault(counts, []).append(log)
    return weights


@settings(deadline=None, max_examples=25)
@given(st.sampled_from([TWO, THREE]), st.integers(1, 2), st.integers(1, 3),
       st.lists(ENERGY, min_size=6, max_size=6))  # fmt: skip
def test_partition_function_by_counting_every_placement(metals, first, second, energies):
    a, b, c, d, e, f = energies
    sites = (SiteClass("core", first, {"Au": a, metals[-2]: b}, {"Au": c}),
             SiteClass("shell", second, {"Au": d, metals[-2]: e}, {metals[-2]: f}))  # fmt: skip
    n = first + second
    found = log_partition(framework("A", n, n, 0, sites), metals, {})
    counted = by_counting(sites, metals, n)
    for counts, log in zip(compositions(n, len(metals)).tolist(), found, strict=True):
        assert log == pytest.approx(logsumexp(counted[tuple(counts)]), abs=1e-9)


def test_without_energies_placements_are_labelled_ones():
    found = log_partition(framework("A", 44, 30, -4, classes(44, 0.0, 0.0)), TWO, {})
    np.testing.assert_allclose(found, np.log(comb(44, np.arange(45))), rtol=1e-12, atol=1e-9)


@pytest.mark.parametrize(("n", "metals"), [(1, 2), (44, 2), (5, 3), (3, 4)])
def test_compositions_are_all_there_are(n, metals):
    found = compositions(n, metals)
    assert len(found) == comb(n + metals - 1, metals - 1, exact=True)
    assert len({tuple(row) for row in found.tolist()}) == len(found)
    assert (found.sum(axis=1) == n).all()
    assert (found >= 0).all()


@pytest.mark.parametrize(("metals", "n"), [(TWO, 12), (THREE, 5)])
def test_level_makes_two_frameworks_equally_stable_there(metals, n):
    found = free_energies(made(quartet(n, 6), metals=metals))
    line = found["B"].counts[:, 1:-1].sum(axis=1) == 0
    at = [np.interp(0.6 * n, found[f].counts[line, 0], found[f].total[line]) for f in "BC"]
    assert at[0] == pytest.approx(at[1], abs=1e-12)
    assert found["B"].total[0] != pytest.approx(found["C"].total[0], abs=0.1)


def test_levels_in_a_circle_are_refused():
    circle = (framework("A", 4, 4, 0, level=("B", 2.0)), framework("B", 4, 4, 0, level=("A", 2.0)))
    with pytest.raises(ReactionError, match="level of A, B: found frameworks that refer"):
        free_energies(made(circle))


def test_excess_is_over_ideal_mixing():
    """Without preferences it is 0 everywhere; of the pure last metal it is always 0."""
    found = free_energies(made((framework("A", 7, 7, 0),), metals=THREE))["A"]
    np.testing.assert_allclose(found.excess, 0.0, atol=1e-12)
    found = free_energies(made(quartet(7, 6)))
    for f in "ABCD":
        assert found[f].excess[0] == pytest.approx(0.0, abs=1e-12)
        assert np.abs(found[f].excess).max() > 0.5


def test_energies_of_pure_metals_are_sums_over_sites():
    found = free_energies(made((framework("A", 6, 6, 0, classes(6, -1.5, 0.8), energy=2.5),)))
    assert found["A"].total[[0, -1]] == pytest.approx([2.5, 2.5 - 2 * 1.5 + 4 * 0.8])


def settled(reaction, y):
    """What an integration ends in."""
    status, found, *_ = integrated(reaction, LONG, rtol=1e-8, y=y)
    assert status == 0
    return found[0]


def boltzmann(energies, lam):
    """Shares of compositions at a difference of two chemical potentials."""
    logs = lam * energies.counts[:, 0] - energies.total
    return np.exp(logs - logsumexp(logs))


@pytest.mark.parametrize("frameworks", [quartet(8, 6)[:1], quartet(8, 6)[:3]])
@pytest.mark.parametrize("pools", [0.0, 0.7])
def test_exchange_ends_in_the_boltzmann_distribution(frameworks, pools):
    """Given the gold in all, the chemical potential and every population follow."""
    frameworks = [f if f.level is None else framework(f.name, 8, f.ligands, f.charge, f.sites)
                  for f in frameworks]  # fmt: skip
    reaction = made(frameworks, exchange=Exchange(2.0, 0.5 if pools else 0.0))
    layout, energies = layout_of(reaction), free_energies(reaction)
    y = start_of(reaction)
    y[layout.n_states :] = 0.0
    y[layout.pool("Au")], y[layout.pool("Ag")] = 0.9 * pools, 0.1 * pools
    y[layout.state("A", (3, 5))] += 0.4
    totals = {name: y[own].sum() for name, own in layout.slices.items()}

    def gold(lam):
        held = sum(n * boltzmann(energies[f], lam) @ energies[f].counts[:, 0]
                   for f, n in totals.items())  # fmt: skip
        return held + pools * expit(lam)

    lam = brentq(lambda lam: gold(lam) - y @ layout.contents[:, 0], -50, 50, xtol=1e-14)
    found = settled(reaction, y)
    for name, own in layout.slices.items():
        expected = totals[name] * boltzmann(energies[name], lam)
        np.testing.assert_allclose(found[own], expected, rtol=2e-6, atol=1e-12)
    assert found[layout.pool("Au")] == pytest.approx(pools * expit(lam), rel=1e-6, abs=1e-9)


def test_exchange_of_three_metals_ends_in_the_boltzmann_distribution():
    reaction = made(quartet(4, 5, (0.4,)), metals=THREE)
    layout, energies = layout_of(reaction), free_energies(reaction)
    y = start_of(reaction)
    y[layout.state("C", (1, 3, 0))] = 0.3
    found = settled(reaction, y)
    pools = np.log(found[[layout.pool(metal) for metal in THREE]])
    for name, own in layout.slices.items():
        logs = layout.counts[name] @ pools - energies[name].total
        expected = y[own].sum() * np.exp(logs - logsumexp(logs))
        np.testing.assert_allclose(found[own], expected, rtol=2e-6, atol=1e-12)


def equilibrium(reaction, y):
    """The state of equal chemical potentials that holds what y holds, without kinetics.

    Metals, ligands, electrons and the number of clusters are kept; electrons' pool takes no part.
    """
    layout, energies = layout_of(reaction), free_energies(reaction)
    standard, pools = chemical_potentials(reaction), [layout.pool("Au"), layout.pool("Ag")]
    keep = np.hstack([layout.contents, np.zeros((y.size, 1))])
    keep[: layout.n_states, -1] = 1.0

    def at(unknown):
        c, gold, silver, thiolate, disulfide = unknown
        b = c + thiolate
        a = 2 * b + disulfide - c
        level = {"A": a, "B": b, "C": c, "D": a - thiolate}
        found = y.copy()
        for name, own in layout.slices.items():
            counts = energies[name].counts
            found[own] = np.exp(level[name] + counts @ [gold, silver] - energies[name].total)
        found[pools] = np.exp([gold, silver])
        found[layout.pool("SR")] = np.exp(thiolate - standard["SR"])
        found[layout.pool("RSSR")] = np.exp(disulfide - standard["RSSR"])
        return found

    solved = least_squares(lambda u: (at(u) - y) @ keep, [-2.0, -2.0, -2.0, -1.0, -1.0],
                           xtol=1e-15, ftol=1e-15, gtol=1e-15)  # fmt: skip
    assert np.abs(solved.fun).max() < 1e-10
    return at(solved.x)


@pytest.mark.parametrize(
    "steps", [REVERSIBLE[:2], REVERSIBLE[:3], REVERSIBLE, (REVERSIBLE[1], REVERSIBLE[2])]
)
def test_conversions_meetings_and_exchange_have_one_equilibrium(steps):
    """Whatever the path: A + C = 2 B + RSSR, C + SR = B and A = B + RSSR + SR close a cycle."""
    frameworks = quartet(6, 6)[: 4 if len(steps) > 3 else 3]
    reaction = made(frameworks, steps)
    layout, y = layout_of(reaction), start_of(reaction)
    y[layout.pool("SR")] = 0.8
    expected, found = equilibrium(reaction, y), settled(reaction, y)
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-10)


def test_at_equilibrium_every_step_stands_still_alone():
    """Not only the sum of all steps: no flux goes round a cycle."""
    whole = made(quartet(6, 6), REVERSIBLE)
    y = start_of(whole)
    still = equilibrium(whole, y)
    for one in REVERSIBLE:
        alone = whole.without(*(s for s in REVERSIBLE if s is not one), exchange=True)
        net = network_of(alone)
        assert np.abs(rates_of(net, y + 0.1)).max() > 1e-3
        assert np.abs(rates_of(net, still)).max() < 1e-10
    assert np.abs(rates_of(network_of(whole.without(*REVERSIBLE)), still)).max() < 1e-10


def test_potentials_shift_the_equilibrium():
    """RSSR more stable by 2 kT: e^2 times as much of it beside the same of all else."""
    still = {}
    for mu in (0.0, -2.0):
        reaction = made(quartet(6, 6)[:3], REVERSIBLE[:2], potentials=(("RSSR", mu),))
        layout, found = layout_of(reaction), settled(reaction, start_of(reaction))
        a, b, c = (found[layout.slices[f]][2] for f in "ABC")
        still[mu] = b**2 * found[layout.pool("RSSR")] / (a * c)
    assert still[-2.0] / still[0.0] == pytest.approx(np.exp(2.0), rel=1e-4)
