"""A simulation at the times asked for, densely, and checked against the feed."""

import numpy as np
import pytest

from alloyscope.reaction.simulated import by_x, drawing_times, fed_contents, mean_and_sd
from tests.reaction.simulations import direct, sequence, three_metals


@pytest.mark.parametrize("made", [direct, sequence, three_metals])
def test_what_is_held_is_what_was_fed(made):
    seen = made().simulated
    assert np.abs(seen.balance).max() < 1e-9
    drawn = seen.drawn
    assert drawn.invariants == pytest.approx(fed_contents(drawn), abs=1e-9)


def test_what_was_fed_counts_parents_and_products():
    seen = sequence().simulated
    # 1 Au25 + 1 Ag44; then 2 Au25; then 1 Au25 and 2 Ag44 as a product. At an addition: before it.
    fed = [(1, 1), (1, 1), (3, 1), (3, 1), (4, 3)]
    for row, (au25, ag44) in zip(fed_contents(seen.sampled), fed, strict=True):
        metals = 25 * au25 + 44 * ag44
        expected = [25 * au25, 44 * ag44, 18 * au25 + 30 * ag44, 8 * au25 + 18 * ag44]
        assert row == pytest.approx(np.array(expected) / metals)


def test_samples_stand_at_the_times_asked_for():
    seen = sequence().simulated
    assert seen.sampled.times.tolist() == [60, 120, 180, 240, 1200]
    assert seen.drawn.times[0] == 0
    assert seen.drawn.times[-1] == 1200
    for k, time in enumerate(seen.drawn.times):
        if time in (120, 240, 1200):
            row = int(np.flatnonzero(seen.sampled.times == time)[0])
            assert seen.drawn.amounts[k] == pytest.approx(seen.sampled.amounts[row])


def test_drawn_times_are_close_after_every_start():
    experiment = sequence().simulated.experiment
    times = drawing_times(experiment, 1200.0)
    for start in (0.0, 120.0, 240.0):
        after = times[(times > start) & (times < start + 1)]
        assert after.size > 5
    assert drawing_times(experiment, 60.0)[-1] == 60
    assert drawing_times(experiment, 0.0).tolist() == [0.0]


def test_x_sums_over_the_other_metals():
    run = three_metals().simulated.sampled
    p = by_x(run, "X")
    assert p.shape == (2, 5)
    counts = run.counts("X")
    for x in range(5):
        assert p[:, x] == pytest.approx(run.population("X")[:, counts[:, 0] == x].sum(axis=1))
    mean, sd = mean_and_sd(run, "X")
    assert mean == pytest.approx(run.mean_count("X"))
    assert (sd > 0).all()


def test_plain_types_tell_all():
    told = direct().simulated.as_json()
    assert told["feed"] == {"Au44": 3.0, "Ag44": 1.0}
    for sample in told["samples"]:
        shares = [f["share"] for f in sample["frameworks"]]
        assert sum(shares) == pytest.approx(1.0)
        for f in sample["frameworks"]:
            assert sum(f["fraction"]) == pytest.approx(f["clusters"], abs=1e-6)
    assert set(told["samples"][0]["pools"]) >= {"Au", "Ag", "p-MBA", "RSSR", "electrons"}
