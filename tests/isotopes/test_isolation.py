"""Patterns of fragments of a cut precursor, against the enumeration of every isotopologue."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from alloyscope.chemistry import isotope_table, parse_ion
from alloyscope.constants import ELECTRON_MASS
from alloyscope.errors import SpectrumError
from alloyscope.isotopes import distribution
from alloyscope.isotopes.families import family_of_counts
from alloyscope.isotopes.isolation import Isolation

WHOLE = "[Ag3Cl4]-"


def atoms(symbol: str) -> list[tuple[int, float, float]]:
    return [(i.nucleons, i.mass, i.abundance) for i in isotope_table()[symbol].isotopes]


def enumerated(low: float, high: float) -> dict[int, float]:
    """Probability by nucleons of AgCl2 from those Ag3Cl4- that pass, one isotopologue by one."""
    found: dict[int, float] = {}
    for silver in product(atoms("Ag"), repeat=3):
        for chlorine in product(atoms("Cl"), repeat=4):
            every = (*silver, *chlorine)
            mz = sum(m for _, m, _ in every) + ELECTRON_MASS
            if low <= mz <= high:
                part = (*silver[:1], *chlorine[:2])
                nucleons = sum(n for n, _, _ in part)
                found[nucleons] = found.get(nucleons, 0.0) + float(np.prod([p for *_, p in every]))
    total = sum(found.values())
    return {nucleons: p / total for nucleons, p in found.items()}


@pytest.mark.parametrize(("low", "high"), [(460.0, 464.5), (463.0, 466.0), (440.0, 490.0)])
def test_a_fragment_of_a_cut_precursor(low: float, high: float) -> None:
    isolation = Isolation(parse_ion(WHOLE), low, high)
    counts = np.array([[1, 2], [3, 4]])
    patterns = family_of_counts(("Ag", "Cl"), counts, prune=1e-12)
    cut = isolation.cut(patterns, ("Ag", "Cl"), counts)
    expected = enumerated(low, high)
    found = dict(zip(cut[0].nucleons.tolist(), cut[0].probability.tolist(), strict=True))
    for nucleons, p in found.items():
        assert p == pytest.approx(expected.get(nucleons, 0.0), abs=1e-9)
    mz = cut[1].mz(-1)
    assert cut[1].probability[(mz < low) | (mz > high)].sum() == 0
    assert cut[1].probability.sum() == pytest.approx(1.0)


def test_a_window_that_lets_all_through_changes_nothing() -> None:
    isolation = Isolation(parse_ion(WHOLE), 400.0, 500.0)
    counts = np.array([[1, 2]])
    patterns = family_of_counts(("Ag", "Cl"), counts, prune=1e-12)
    cut = isolation.cut(patterns, ("Ag", "Cl"), counts)
    np.testing.assert_allclose(cut.probability, patterns.probability, rtol=1e-6)
    assert isolation.share() == pytest.approx(1.0)


def test_what_is_no_part_of_the_precursor_stays_whole() -> None:
    isolation = Isolation(parse_ion(WHOLE), 463.0, 465.0)
    counts = np.array([[1, 5]])
    patterns = family_of_counts(("Ag", "Cl"), counts, prune=1e-12)
    cut = isolation.cut(patterns, ("Ag", "Cl"), counts)
    np.testing.assert_array_equal(cut.probability, patterns.probability)


def test_the_share_let_through() -> None:
    peaks = distribution(parse_ion(WHOLE).formula)
    mz = peaks.mz(-1)
    middle = float(mz[np.argmax(peaks.probability)])
    share = Isolation(parse_ion(WHOLE), middle - 0.3, middle + 0.3).share()
    assert share == pytest.approx(peaks.probability.max())


def test_windows_that_hold_nothing_are_refused() -> None:
    with pytest.raises(SpectrumError, match="lower end"):
        Isolation(parse_ion(WHOLE), 465.0, 463.0)
    with pytest.raises(SpectrumError, match=r"some of \[Ag3Cl4\]-"):
        Isolation(parse_ion(WHOLE), 700.0, 710.0)
