"""Profile or centroid, by the data alone."""

from __future__ import annotations

import numpy as np
import pytest

from alloyscope.spectra.cleaning import clean
from alloyscope.spectra.continuity import contradicted, mode_of
from tests.spectra.written import tof_profile


def envelope(charge: int, start: float, n: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Isotope peaks 1.0027/z apart with a scatter of some mDa."""
    rng = np.random.default_rng(seed)
    mz = start + np.arange(n) * 1.0027 / charge + rng.normal(0, 5e-4, n)
    return mz, 1000 * np.exp(-0.5 * ((np.arange(n) - n / 2) / (n / 6)) ** 2) + 1


@pytest.mark.parametrize("charge", range(1, 9))
@pytest.mark.parametrize("n", [8, 25, 60])
@pytest.mark.parametrize("digits", [2, 4, 8])
def test_one_isotope_envelope_is_centroid(charge: int, n: int, digits: int) -> None:
    mz, intensity = envelope(charge, 2436.2, n)
    mz, intensity, _ = clean(np.round(mz, digits), intensity, keep_negative=False)
    assert mode_of(mz, intensity) == "centroid"


def test_envelopes_side_by_side_are_centroid() -> None:
    parts = [envelope(4, 2436.2, 30), envelope(3, 3249.0, 30), envelope(2, 4120.0, 30)]
    mz, intensity = (np.concatenate(both) for both in zip(*parts, strict=True))
    assert mode_of(mz, intensity) == "centroid"


@pytest.mark.parametrize("n", [10, 100, 3000])
@pytest.mark.parametrize("digits", [3, 6])
def test_scattered_peaks_are_centroid(n: int, digits: int) -> None:
    rng = np.random.default_rng(n)
    mz = np.unique(np.round(rng.uniform(300, 3000, n), digits))
    assert mode_of(mz, rng.exponential(100, mz.size)) == "centroid"


@pytest.mark.parametrize("digits", [3, 4, 9])
@pytest.mark.parametrize("suppress", [False, True])
def test_time_of_flight_profiles(digits: int, suppress: bool) -> None:
    mz, intensity = tof_profile(4000)
    if suppress:
        intensity[intensity < 2] = 0
        keep = np.convolve(intensity > 0, (1, 1, 1), "same") > 0
        mz, intensity = mz[keep], intensity[keep]
    assert mode_of(np.round(mz, digits), intensity) == "profile"


def test_single_counts_are_profile() -> None:
    rng = np.random.default_rng(2)
    mz = (np.sqrt(500) + np.sort(rng.choice(40_000, 60, replace=False)) * 2.5e-4) ** 2
    triple = np.sort(np.concatenate((mz - 0.0115, mz, mz + 0.0115)))
    assert mode_of(triple, np.tile([0.0, 1.0, 0.0], 60)) == "profile"


def test_a_quadrupole_profile_in_tenths() -> None:
    mz = 100 + np.arange(5000) * 0.1
    intensity = 50 + 40 * np.sin(np.arange(5000) / 3)
    assert mode_of(mz, intensity) == "profile"


def test_too_few_points_to_tell() -> None:
    assert mode_of(np.array([500.0, 500.1, 500.2]), np.ones(3)) is None


def test_only_clear_data_contradict_the_file() -> None:
    mz, intensity = tof_profile(4000)
    assert contradicted("centroid", mz, intensity)
    assert not contradicted("profile", mz, intensity)
    assert not contradicted("profile", mz[:20], intensity[:20])
    rng = np.random.default_rng(0)
    scattered = np.sort(rng.uniform(300, 3000, 300))
    assert contradicted("profile", scattered, rng.exponential(1, 300))
