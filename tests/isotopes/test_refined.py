"""Light patterns set apart: isotopologues in their places, sums and heavy patterns as they were."""

from __future__ import annotations

import numpy as np
import pytest

from alloyscope.chemistry import Formula
from alloyscope.isotopes.families import family_of_counts
from alloyscope.isotopes.fine_structure import fine_structure
from alloyscope.isotopes.refined import refined

SYMBOLS = ("Ag", "C", "H", "O", "S")
LIGHT, HEAVY = [1, 14, 10, 4, 2], [44, 210, 150, 60, 30]


def test_a_light_formula_has_its_isotopologues_and_a_heavy_one_its_peaks() -> None:
    counts = np.array([LIGHT, HEAVY])
    whole = family_of_counts(SYMBOLS, counts, prune=1e-6)
    apart = refined(whole, SYMBOLS, counts, 2000.0)
    np.testing.assert_array_equal(apart[1].mass, whole[1].mass)
    np.testing.assert_array_equal(apart[1].probability, whole[1].probability)
    fine = fine_structure(Formula.parse("AgC14H10O4S2"), coverage=0.99995)
    near = np.abs(apart[0].mass[:, None] - fine.mass[None, :]).min(axis=1)
    assert near.max() == 0.0
    assert apart[0].mass.size > 2 * whole[0].mass.size
    assert (np.diff(apart[0].mass) >= 0).all()
    best = np.argmax(fine.probability)
    there = apart[0].probability[np.argmin(np.abs(apart[0].mass - fine.mass[best]))]
    assert there == pytest.approx(fine.probability[best], rel=1e-3)


def test_what_a_peak_holds_stays_what_it_is() -> None:
    counts = np.array([LIGHT])
    whole = family_of_counts(SYMBOLS, counts, prune=1e-6)
    changed = whole.probability * np.linspace(2.0, 0.1, whole.probability.size)
    apart = refined(type(whole)(whole.bounds, whole.nucleons, changed, whole.mass), SYMBOLS, counts,
                    2000.0)  # fmt: skip
    assert apart.probability.sum() == pytest.approx(changed.sum())
    for nucleons, p in zip(whole.nucleons, changed, strict=True):
        if p > 0.01:
            assert apart.probability[apart.nucleons == nucleons].sum() == pytest.approx(p, rel=0.01)


def test_nothing_is_refined_into_nothing() -> None:
    counts = np.zeros((0, 5), np.int64)
    assert len(refined(family_of_counts(SYMBOLS, counts), SYMBOLS, counts, 2000.0).mass) == 0
