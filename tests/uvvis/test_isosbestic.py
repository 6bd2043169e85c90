"""Isosbestic points: found where two species cross, refused where a third comes in."""

import numpy as np
import pytest

from alloyscope.errors import SpectrumError
from alloyscope.uvvis.isosbestic import isosbestic_points
from alloyscope.uvvis.rank import significant_rank
from tests.uvvis.courses import (
    GOLD,
    SILVER,
    TIMES,
    WAVELENGTH,
    course,
    three_species,
    two_species,
)


def true_crossings():
    difference = SILVER - GOLD
    k = np.flatnonzero(difference[:-1] * difference[1:] < 0)
    return WAVELENGTH[k] - difference[k] / (difference[k + 1] - difference[k])


def test_two_species_cross_where_they_should():
    pulls, steps = [], []
    for seed in range(15):
        found = isosbestic_points(course(two_species(), seed=seed, alike=1 + 3 * (seed % 2)))
        assert found.verdict == "clean"
        assert found.parts == ()
        for point in found.clean:
            nearest = true_crossings()[np.argmin(np.abs(true_crossings() - point.wavelength_nm))]
            pulls.append((point.wavelength_nm - nearest) / point.sd)
            steps += [point.drift_p] if np.isfinite(point.drift_p) else []
    assert len(pulls) >= 70
    assert len(steps) >= 50
    assert np.mean(np.array(steps) < 0.01) < 0.05
    assert np.std(pulls) == pytest.approx(1.0, abs=0.25)


def test_a_third_species_moves_the_crossings():
    for seed in range(5):
        found = isosbestic_points(course(three_species(), seed=seed))
        assert found.verdict == "drifting"
        assert found.clean == ()
        moved = [point for point in found.points if point.drift_p < 1e-6]
        assert moved
    assert any("more than two species" in note for note in found.notes)


def test_parts_of_the_time_may_cross_where_the_whole_does_not():
    late = TIMES > 100
    absorbance = np.where(late[:, None], three_species(0.2, 1 / 600), two_species(1 / 20))
    found = isosbestic_points(course(absorbance))
    assert found.verdict == "drifting"
    early = found.parts[0]
    assert early.first == 0
    assert 4 <= early.last <= 6
    assert early.clean
    assert any("The first" in note for note in found.notes)


def test_offset_and_dilution_are_allowed_for_and_said():
    rng = np.random.default_rng(5)
    absorbance = two_species() * (1 + 0.02 * rng.standard_normal((10, 1)))
    absorbance = absorbance + 0.01 * rng.standard_normal((10, 1))
    found = isosbestic_points(course(absorbance, seed=5))
    assert found.verdict == "clean"
    assert any(point.corrected for point in found.clean)
    assert any("offset and a dilution" in note for note in found.notes)
    assert all(point.p < 0.01 for point in found.clean if point.corrected)


def test_no_change_and_no_crossing_are_none():
    same = isosbestic_points(course(np.tile(SILVER, (10, 1))))
    assert (same.verdict, same.points) == ("none", ())
    growing = isosbestic_points(course(np.outer(np.linspace(0.2, 1, 10), SILVER)))
    assert growing.verdict == "none"


def test_too_few_spectra_are_said():
    found = isosbestic_points(course(two_species()[:2], times=TIMES[:2]))
    assert found.verdict == "none"
    assert "too few" in found.notes[0]


def test_known_noise_gives_the_same():
    series = course(two_species())
    noise = significant_rank(series).noise
    assert (isosbestic_points(series, noise).points[0].wavelength_nm
            == isosbestic_points(series).points[0].wavelength_nm)  # fmt: skip


def test_alpha_is_a_share():
    with pytest.raises(SpectrumError, match="alpha"):
        isosbestic_points(course(two_species()), alpha=2.0)
