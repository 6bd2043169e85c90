import pytest

from alloyscope.gel.conditions import GelConditions
from alloyscope.gel.mobility import by_every_model, mobilities
from alloyscope.gel.order import held_ranges, pair_orders
from tests.gel.samples import PAPER, cluster, sample

FOUND = by_every_model(PAPER, draws=400, seed=1)
PAIRS = {m: {(p.slower, p.faster): p for p in pair_orders(f, 0.005)} for m, f in FOUND.items()}


def test_every_pair_once_and_shares_that_add_up():
    for pairs in PAIRS.values():
        assert len(pairs) == 6
        for pair in pairs.values():
            shares = pair.faster_share, pair.tied_share, pair.slower_share
            assert sum(s or 0.0 for s in shares) == pytest.approx(1.0)
            assert pair.difference >= 0


def test_gold_for_silver_is_a_tie_by_size_and_not_by_mass():
    assert PAIRS["charge-to-mass"]["C x=44", "C alloy"].verdict == "certain"
    for model in ("charge-to-radius", "ferguson"):
        pair = PAIRS[model]["C alloy", "C x=44"]
        assert (pair.verdict, pair.tied_share) == ("tied", 1.0)


def test_how_sure_an_order_is_depends_on_the_model():
    shares = {m: pairs["B", "A"].faster_share for m, pairs in PAIRS.items()}
    assert shares["charge-to-mass"] == 1.0
    assert shares["charge-to-mass"] > shares["charge-to-radius"] > shares["ferguson"] > 0.5
    assert PAIRS["ferguson"]["B", "A"].verdict == "uncertain"


def test_without_draws_nothing_is_said_of_certainty():
    pair = pair_orders(mobilities(PAPER[2:]), 0.005)[0]
    assert (pair.verdict, pair.faster_share) == ("not tested", None)
    same = pair_orders(mobilities([cluster("A", 0), cluster("A", 0)]), 0.005)[0]
    assert same.verdict == "tied"


def test_ranges_in_which_neighbours_keep_their_order():
    ranges = held_ranges(FOUND, GelConditions())
    assert len(ranges) == 3 * 3 * 6
    for one in ranges:
        if (one.slower, one.faster) == ("C x=44", "C alloy"):
            assert one.everywhere == (one.model == "charge-to-mass")
        elif one.model == "charge-to-mass" or one.condition in ("ph", "gel_percent"):
            assert one.everywhere
        else:
            assert one.spans
    thin = [r for r in ranges if r.condition == "ionic_strength" and r.model == "charge-to-radius"
            and r.slower == "C alloy"]  # fmt: skip
    ((low, high),) = thin[0].spans
    assert 0.001 < low < 0.01  # in less salt counter-ions level all charges
    assert high == 0.2


def test_a_range_can_end_inside_what_is_scanned():
    """A large cluster overtakes a small one where its ligands are not ionised yet."""
    found = {"charge-to-mass": mobilities([sample("B", "B", 22)])[:1]}
    assert held_ranges(found, GelConditions()) == ()
    from alloyscope.chemistry import parse_species
    from alloyscope.gel.mobility import Sample

    acid = Sample("acid", (parse_species("[Au25(p-MBA)18]-"),))
    core = Sample("core", (parse_species("[Ag25(PET)18]8-"),))
    pair = {"charge-to-mass": mobilities([acid, core])}
    by_ph = next(r for r in held_ranges(pair, GelConditions()) if r.condition == "ph")
    assert not by_ph.everywhere
    ((low, high),) = by_ph.spans
    assert 4.0 < low < 7.0
    assert high == 11.0
