import numpy as np
import pytest

from alloyscope.errors import GelError
from alloyscope.gel.conditions import GelConditions
from alloyscope.gel.match import match_lane
from alloyscope.gel.mobility import mobilities
from alloyscope.gel.profile import LaneBand
from tests.gel.samples import PAPER, sample

FOUND = mobilities(PAPER, draws=200, seed=1)
RELATIVE = {one.name: one.relative for one in FOUND}


def bands(*positions: float) -> list[LaneBand]:
    return [LaneBand(p, 0.1, 1.5, 50.0, 40.0) for p in positions]


def test_bands_of_well_separated_samples_are_named():
    run = [50 * RELATIVE[name] for name in ("C alloy", "B", "A")]
    found = match_lane(bands(*run), [FOUND[1], FOUND[2], FOUND[3]], origin=0.0)
    assert [one.name for one in found.bands] == ["C alloy", "B", "A"]
    assert all(one.certain for one in found.bands)
    assert found.scale[0] == pytest.approx(50, rel=0.03)
    assert found.missing == ()
    assert "No marker" in found.notes[0]


def test_probabilities_add_up_and_near_neighbours_stay_ambiguous():
    run = [50 * RELATIVE["C x=44"], 50 * RELATIVE["B"], 50 * RELATIVE["A"]]
    found = match_lane(bands(*run), FOUND, marker=("A", 50.0))
    for one in found.bands:
        assert sum(p for _, p in one.candidates) == pytest.approx(1.0, abs=0.05)
    assert [one.certain for one in found.bands] == [False, True, True]
    names = [name for name, _ in found.bands[0].candidates]
    assert {"C x=44", "C alloy"} <= set(names)
    assert len(found.ambiguous) == 1


def test_one_band_without_a_marker_says_little():
    found = match_lane(bands(30.0), FOUND)
    assert not found.bands[0].certain
    assert len(found.bands[0].candidates) >= 4
    assert any("any sample fits" in note for note in found.notes)


def test_a_band_that_is_none_of_the_samples():
    run = 50 * np.array([RELATIVE["B"], RELATIVE["A"]])
    found = match_lane(bands(12.0, *run), [FOUND[2], FOUND[3]], marker=("A", 50.0))
    assert [one.name for one in found.bands] == ["", "B", "A"]


def test_a_band_outside_of_every_interval_is_no_certain_match():
    loaded = [FOUND[1].sample, sample("B", "B", 21), sample("A", "A", 12)]
    three = mobilities(loaded, draws=1000, seed=1)
    found = match_lane(bands(32.4, 40.0, 52.0), three)
    assert [one.name for one in found.bands] == ["C alloy", "B", "A"]
    assert [one.fits for one in found.bands] == [True, True, False]
    assert [one.certain for one in found.bands] == [True, True, False]
    (at, sd) = found.bands[2].expected
    assert at + 1.96 * sd < 52.0 < at + 4 * sd
    assert any("52.00 is A at best, and misfits" in note for note in found.notes)
    far = match_lane(bands(32.4, 40.0, 70.0), three)
    assert far.bands[2].name == ""


def test_certain_bands_lie_in_the_intervals_that_are_drawn():
    run = [50 * RELATIVE[name] for name in ("C alloy", "B", "A")]
    for marker in (None, ("A", 50.0)):
        found = match_lane(bands(*run), FOUND[1:], marker=marker)
        expected = {name: (at, sd) for name, at, sd in found.expected}
        for one in found.bands:
            at, sd = expected[one.name]
            assert abs(one.band.position - at) < 1.96 * sd
            assert one.certain
        assert found.marked == (marker is not None)


def test_a_lone_band_tells_where_the_others_should_be():
    found = match_lane(bands(50.0), [FOUND[1], FOUND[3]])
    assert found.bands[0].expected is None
    assert found.bands[0].fits
    assert len(found.expected) == 2


def test_a_sample_without_a_band_is_missing():
    found = match_lane(bands(50 * RELATIVE["A"]), [FOUND[1], FOUND[3]], marker=("A", 50.0))
    assert found.bands[0].name == "A"
    assert found.missing[0][0] == "C alloy"


def test_rf_by_the_front_and_distances_from_the_well():
    found = match_lane(bands(35.0, 55.0), FOUND, origin=5.0, front=65.0)
    assert [one.rf for one in found.bands] == pytest.approx([0.5, 50 / 60])


def test_positions_drawn_from_the_model_are_named_as_often_as_stated():
    """Of bands called with 95 % or more, at least nine in ten are right."""
    rng, right, called = np.random.default_rng(5), 0, 0
    three = [sample("C", "C", 42), sample("B", "B", 21), sample("A", "A", 12)]
    at = GelConditions(model="charge-to-radius", potential="debye-hueckel")
    found = mobilities(three, at, draws=200, seed=2)
    for _ in range(60):
        k = rng.integers(200)
        drawn = np.array([one.drawn[k] for one in found])
        true = 50 * drawn / drawn[2] * (1 + 0.01 * rng.standard_normal(3))
        order = np.argsort(true)
        matched = match_lane(bands(*true[order]), found, marker=("A", 50.0), model_sd=0.01)
        for one, place in zip(matched.bands, order, strict=True):
            called += one.certain
            right += one.certain and one.name == three[place].name
    assert called > 30
    assert right / called > 0.9


@pytest.mark.parametrize(
    ("positions", "how", "said"),
    [
        ((), {}, "no band"),
        ((3.0,), {"origin": 4.0}, "before the well"),
        ((30.0,), {"marker": ("D", 50.0)}, "marker"),
        ((30.0,), {"marker": ("A", -1.0)}, "marker"),
        (tuple(range(10, 40)), {}, "ways to match"),
    ],
)
def test_what_cannot_be_matched(positions, how, said):
    with pytest.raises(GelError, match=said):
        match_lane(bands(*positions), FOUND, **how)
