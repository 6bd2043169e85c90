"""Published: alloys with 0, 3, 5, 9 NTP give the same products; ligands change the kinetics.

Chem. Sci. 13, 4598 (2022), Figs. S10 and S11.
"""

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from alloyscope.case import read_case, settings
from alloyscope.pipeline import run

NTP = (0.0, 3.0, 5.0, 9.0)
FACTOR = 0.9
"""On all rates, for every NTP per cluster: any number but 1 would do."""


@cache
def reacted(ligands):
    case = settings(
        read_case(Path("au44-ag44")), "test", chemistry={"thiolate": "p-MBA"},
        experiment={"ratio": "1:1", "times": ("30min", "20h", "8d")},
        shells={"mixed": {"foreign": "NTP", "parents": {"Ag44": ligands}, "rate_factor": FACTOR}},
    )  # fmt: skip
    return run(case.only("space", "reaction", "experiment", "shells"))


def half_time(results):
    """Minutes until half of the first A is gone."""
    drawn = results.simulated.drawn
    left = drawn.total["A"] / drawn.total["A"][0]
    first = int(np.flatnonzero(left < 0.5)[0])
    return float(np.interp(0.5, left[[first, first - 1]], drawn.times[[first, first - 1]]))


@pytest.mark.parametrize("ligands", NTP[1:])
def test_ligands_change_the_kinetics(ligands):
    slower = half_time(reacted(ligands)) / half_time(reacted(0.0))
    assert slower == pytest.approx(FACTOR ** (-ligands / 2), rel=0.02)


@pytest.mark.parametrize("ligands", NTP[1:])
def test_ligands_hardly_change_the_fate(ligands):
    plain, mixed = (reacted(n).simulated.sampled for n in (0.0, ligands))
    for name in plain.reaction.by_name:
        assert mixed.share(name)[-1] == pytest.approx(plain.share(name)[-1], abs=0.05)
        if plain.share(name)[-1] > 0.05:
            assert mixed.mean_count(name)[-1] == pytest.approx(plain.mean_count(name)[-1], abs=1.0)


@pytest.mark.parametrize("ligands", NTP[1:])
def test_shells_hold_the_ligands_fed(ligands):
    found = reacted(ligands).mixed
    assert np.abs(found.every.balance).max() < 1e-10
    fed = ligands / (30 + 26)
    assert found.every.share("B")[-1] == pytest.approx(fed, rel=1e-6)


def test_the_same_course_by_another_clock():
    plain, mixed = reacted(0.0), reacted(5.0)
    assert plain.mixed.clock == 1.0
    assert mixed.mixed.clock == pytest.approx(FACTOR**2.5)
    for name in plain.simulated.reaction.by_name:
        one, other = plain.simulated.drawn, mixed.simulated.drawn
        later = np.interp(one.times * mixed.mixed.clock, one.times, one.total[name])
        again = np.interp(one.times, other.times, other.total[name])
        assert again == pytest.approx(later, abs=0.01)
