"""Simulated mixtures taken apart; the figures of hundreds come from validation/uvvis_unmixing.py.

Bounds allow for the chance of so few cases: they are to catch what breaks, not to measure.
"""

from __future__ import annotations

import numpy as np

from alloyscope.uvvis.unmix import unmix
from tests.recovery.uvvis_mixtures import mixture

SEEDS = range(5001, 5051)


def test_intervals_hold_the_truth_and_alarms_are_rare() -> None:
    inside, alarms = [], 0
    for seed in SEEDS:
        seen = mixture(seed)
        found = unmix(seen.series, seen.references)
        low, high = found.fraction_interval
        inside.append(np.mean((low <= seen.fraction) & (seen.fraction <= high)))
        alarms += found.goodness.something_else
    assert 0.90 < np.mean(inside) < 0.99
    assert alarms <= 3


def test_an_unknown_component_is_flagged() -> None:
    flagged = 0
    for seed in SEEDS[:15]:
        seen = mixture(seed, foreign=5.0)
        flagged += unmix(seen.series, seen.references).goodness.something_else
    assert flagged >= 12


def test_an_unknown_component_is_found_in_its_band() -> None:
    seen = mixture(5003, n=3, n_spectra=20, relative=3e-3, uneven=False)
    found = unmix(seen.series, seen.references[:2], unknown=1)
    whole = unmix(seen.series, seen.references)
    low, high = found.interval
    slack = 2 * whole.sd[:, :2]
    truth = whole.amounts[:, :2]
    assert not found.goodness.something_else
    assert ((low[:, :2] - slack <= truth) & (truth <= high[:, :2] + slack)).mean() > 0.9
