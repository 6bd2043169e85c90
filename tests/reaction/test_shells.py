from functools import cache
from pathlib import Path

import numpy as np
import pytest

from alloyscope.case import read_case
from alloyscope.case.reaction import reaction_of
from alloyscope.chemistry import default_vocabulary
from alloyscope.errors import ReactionError
from alloyscope.reaction import shells
from alloyscope.reaction.experiment import Addition, Experiment
from alloyscope.reaction.ligand_flows import LigandFlows
from alloyscope.reaction.mixed_ligands import LigandExchange, LigandFeed, fed_share
from alloyscope.reaction.rates import fill_rates
from alloyscope.reaction.shells import shells_of
from alloyscope.reaction.simulate import simulate
from alloyscope.reaction.simulated import drawing_times
from alloyscope.shells.statistics import binomial, mean_of, site_shell
from tests.reaction.declared import framework, made, of_every_kind, step

NEVER = LigandExchange(float("inf"))


@cache
def reaction():
    vocabulary = default_vocabulary().binding("p-MBA")
    return reaction_of(read_case(Path("au44-ag44")), vocabulary)


@cache
def run():
    experiment = Experiment((3.0, 1.0))
    return simulate(reaction(), experiment, drawing_times(experiment, 1200.0))


@cache
def everything():
    """Every kind of step at once."""
    experiment = Experiment((2.0, 1.0))
    return simulate(of_every_kind(), experiment, drawing_times(experiment, 40.0))


def decay(rate=0.05):
    """A alone falls into the pools; the other parent, C, stays."""
    n = 6
    frameworks = (framework("A", n, 6, -4), framework("C", n, 4, -2), framework("D", n, 5, -3))
    steps = [step(f"A -> {n} M + 6 SR + 4 e", rate)]
    return made(frameworks, steps, exchange=None, potentials=())


def conversion(rate=0.3):
    n = 6
    frameworks = (framework("B", n, 5, -3), framework("C", n, 4, -2))
    return made(frameworks, [step("B -> C + SR", rate)], exchange=None, potentials=())


def followed(some, ratio, feed, exchange, end=30.0):
    experiment = Experiment(ratio)
    return shells_of(simulate(some, experiment, drawing_times(experiment, end)), feed, exchange)


@pytest.mark.parametrize("half_life", [0.0, 5.0, 300.0, float("inf")])
@pytest.mark.parametrize("which", [run, everything])
def test_each_kind_of_ligand_is_conserved(which, half_life):
    gold, silver = (parent.name for parent in which().reaction.parents)
    most = which().reaction.by_name[which().reaction.parent(silver).framework].ligands
    found = shells_of(which(), LigandFeed("NTP", {silver: most, gold: 1.0}),
                      LigandExchange(half_life, 1.7))  # fmt: skip
    assert np.abs(found.balance).max() < 1e-10
    held = LigandFlows.of(which().reaction, which().layout).held(which())
    assert found.ligands == pytest.approx(held, abs=1e-7 * held.sum(axis=1).max())
    share = found.foreign_ligands / np.maximum(found.ligands, 1e-9)
    assert share.min() > -1e-9
    assert share.max() < 1 + 1e-6


@pytest.mark.parametrize("half_life", [0.0, 20.0, float("inf")])
def test_shells_hold_what_their_framework_holds(half_life):
    found = shells_of(run(), LigandFeed("NTP", {"Ag44": 12.0}), LigandExchange(half_life))
    for name in reaction().by_name:
        there = np.isfinite(found.mean(name)) & (found.ligands[:, 0] > 1e-6)
        means = np.array([mean_of(p) for p in found.shells[name]])
        assert means[there] == pytest.approx(found.mean(name)[there], abs=1e-3)
        assert found.shells[name].sum(axis=1) == pytest.approx(1.0)


def test_fluxes_are_those_of_the_reaction():
    state = everything().amounts[40]
    flows = LigandFlows.of(everything().reaction, everything().layout)
    change = np.empty_like(state)
    fill_rates(state, flows.network, change)
    own = everything().layout
    pools = [change[own.pool(name)] for name in flows.reservoirs if name in own.pools]
    sums = [change[own.slices[name]].sum() for name in everything().reaction.by_name]
    expected = np.array(sums + pools) * flows.sizes
    assert flows.stoichiometry @ flows.rates(state) == pytest.approx(expected, abs=1e-10)


def test_without_exchange_labels_stay_with_what_carries_them():
    found = followed(decay(), (1.0, 1.0), LigandFeed("NTP", {"silver": 3.0}, random=False), NEVER)
    lost = 1 - np.exp(-0.05 * found.times)
    assert found.mean("A") == pytest.approx(np.full(found.times.size, 3.0))
    assert found.mean("C") == pytest.approx(np.zeros(found.times.size), abs=1e-12)
    # Half of what A sets free is foreign, at every time.
    free = found.foreign_ligands[:, found.reservoirs.index("SR")]
    assert free == pytest.approx(0.5 * 3.0 * lost, abs=2e-4)
    assert found.sd("A") == pytest.approx(np.zeros(found.times.size), abs=1e-6)


def test_a_ligand_that_leaves_is_any_of_the_shell():
    feed = LigandFeed("NTP", {"silver": 2.0}, random=False)
    found = followed(conversion(), (0.0, 1.0), feed, NEVER)
    product = found.shells["C"][-1]
    assert product[1:3] == pytest.approx([2 / 5, 3 / 5])


def test_two_that_meet_share_their_ligands_at_random():
    feed = LigandFeed("NTP", {"Ag44": 30.0})
    found = shells_of(run(), feed, NEVER)
    first = int(np.flatnonzero(np.isfinite(found.mean("B")))[0])
    assert found.mean("B")[first] == pytest.approx(27 * 30 / 56, rel=0.02)


@pytest.mark.parametrize("preference", [1.0, 3.0])
def test_fast_exchange_gives_random_shells_of_one_pool(preference):
    exchange = LigandExchange(0.0, 1.0, {"A": preference})
    found = shells_of(run(), LigandFeed("NTP", {"Ag44": 30.0}), exchange)
    whole = fed_share(reaction(), run(), LigandFeed("NTP", {"Ag44": 30.0}))
    for k in (0, 30, -1):
        for name in ("A", "C"):
            share = found.share(name)[k]
            assert found.shells[name][k] == pytest.approx(
                binomial(found.shells[name].shape[1] - 1, share), abs=1e-12)  # fmt: skip
        a, c = found.share("A")[k], found.share("C")[k]
        assert a / (1 - a) == pytest.approx(preference * c / (1 - c), rel=1e-9)
    if preference == 1.0:
        assert found.share("A")[-1] == pytest.approx(whole, rel=1e-9)


def test_slow_exchange_lies_between_none_and_fast():
    feed = LigandFeed("NTP", {"Ag44": 30.0})
    ends = [shells_of(run(), feed, LigandExchange(t)).mean("A")[60]
            for t in (0.0, 10.0, 100.0, 1e9, float("inf"))]  # fmt: skip
    assert ends == sorted(ends)
    assert ends[3] == pytest.approx(ends[4], rel=1e-4)
    late = shells_of(run(), feed, LigandExchange(1e-3)).mean("A")[60]
    assert late == pytest.approx(ends[0], rel=1e-4)


def test_sites_of_unequal_preference_narrow_the_shell():
    exchange = LigandExchange(0.0, sites={"A": ((6, 24), (9.0, 1.0))})
    found = shells_of(run(), LigandFeed("NTP", {"Ag44": 10.0}), exchange)
    mean = found.mean("A")[0]
    assert found.sd("A")[0] ** 2 < 0.95 * mean * (1 - mean / 30)
    ratio = found.share("C")[0] / (1 - found.share("C")[0])
    occupied = [9 * ratio / (1 + 9 * ratio), ratio / (1 + ratio)]
    assert found.shells["A"][0] == pytest.approx(site_shell((6, 24), occupied))


def test_parts_of_time_are_short_enough(monkeypatch):
    feed = LigandFeed("NTP", {"Ag44": 30.0})
    usual = {name: shells_of(run(), feed, LigandExchange(60.0)).mean(name) for name in ("A", "C")}
    monkeypatch.setattr(shells, "SUBSTEPS", 32)
    fine = shells_of(run(), feed, LigandExchange(60.0))
    for name, mean in usual.items():
        assert mean[1:] == pytest.approx(fine.mean(name)[1:], abs=0.06)


@pytest.mark.parametrize(
    ("feed", "exchange", "says"),
    [({"Ag44": 31.0}, {}, "found 31 NTP ligands; expected 0 to 30"),
     ({"Ag25": 1.0}, {}, "no parent of this name"),
     ({}, {"half_life": -1.0}, "a half-life of 0 or more"),
     ({}, {"preference": 0.0}, "constants above 0"),
     ({}, {"constants": {"Z": 2.0}}, "found framework Z"),
     ({}, {"sites": {"A": ((6, 20), (1.0, 2.0))}}, "found 26 sites"),
     ({}, {"sites": {"A": ((6, 24), (1.0, 2.0))}, "half_life": 2.0}, "classes of sites")],
)  # fmt: skip
def test_shells_that_cannot_be_are_refused(feed, exchange, says):
    with pytest.raises(ReactionError, match=says):
        shells_of(run(), LigandFeed("NTP", feed), LigandExchange(**exchange))


def test_shells_are_followed_from_direct_mixing_only():
    experiment = Experiment((1.0, 1.0), (Addition("Au44", 1.0, 10.0),))
    added = simulate(reaction(), experiment, [0.0, 5.0, 20.0])
    with pytest.raises(ReactionError, match="direct mixing"):
        shells_of(added, LigandFeed("NTP", {"Ag44": 5.0}))
