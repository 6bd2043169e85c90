"""`find_bands` on simulated spectra of known bands; the figures of hundreds come from validation.

Bounds are loose: they are to catch what breaks, not to measure (`validation/uvvis_bands.py`).
"""

import numpy as np

from alloyscope.uvvis.find_bands import find_bands
from tests.recovery.absorption import absorbing, compare, visible

SEEDS = (1, 3, 5, 12, 14, 15)


def test_bands_are_found_where_they_are() -> None:
    found = []
    for seed in SEEDS:
        truth = absorbing(seed)
        found.append(compare(truth, find_bands(truth.spectrum)))
    seen = sum(c.visible for c in found)
    offsets = np.array([x for c in found for x in c.offsets])
    sds = np.array([x for c in found for x in c.sds])
    assert seen >= 10
    assert offsets.size >= 0.85 * seen
    assert (np.abs(offsets) <= 3).sum() >= 0.8 * seen
    assert (np.abs(offsets) <= 1.96 * sds).mean() >= 0.8
    assert sum(c.false for c in found) == 0


def test_what_noise_hides_is_not_asked_for() -> None:
    truth = absorbing(7)
    assert 0 < visible(truth).sum() < truth.energy.size
