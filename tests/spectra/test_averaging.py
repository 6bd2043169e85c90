"""Means of scans: exact on a common lattice, interpolated without bridging gaps otherwise."""

from __future__ import annotations

import numpy as np
import pytest

from alloyscope.errors import SpectrumError
from alloyscope.spectra.averaging import CentroidAverage, ProfileAverage
from alloyscope.spectra.lattice import Lattice, Spacing, local_spacing, with_gaps_closed
from tests.spectra.written import tof_profile


def suppressed(mz: np.ndarray, intensity: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Zeros left out but for one on each side of a signal, as detectors do."""
    keep = np.convolve(intensity > 0, (1, 1, 1), "same") > 0
    return mz[keep], intensity[keep]


def test_suppressed_zeros_on_one_lattice_are_merged_exactly() -> None:
    rng = np.random.default_rng(5)
    lattice, _ = tof_profile(3000)
    average = ProfileAverage()
    total = np.zeros(3000)
    for _ in range(7):
        counts = rng.poisson(0.08, 3000).astype(float)
        total += counts
        average.add(*suppressed(lattice, counts))
    mz, mean = average.mean()
    found = dict(zip(mz.tolist(), mean.tolist(), strict=True))
    assert set(found) <= set(lattice.tolist())
    expected = {m: t / 7 for m, t in zip(lattice.tolist(), total.tolist(), strict=True) if t > 0}
    assert {m: v for m, v in found.items() if v > 0} == pytest.approx(expected)
    assert "common m/z lattice" in average.note()


def test_points_rounded_differently_are_the_same_point() -> None:
    lattice, intensity = tof_profile(1000)
    average = ProfileAverage()
    average.add(lattice, intensity)
    average.add(np.round(lattice, 4), intensity)
    mz, mean = average.mean()
    np.testing.assert_array_equal(mz, lattice)
    np.testing.assert_allclose(mean, intensity)


def test_shifted_scans_are_interpolated() -> None:
    step = 0.01
    centre = 505.0
    average = ProfileAverage()
    for shift in (0.0, 0.3, 0.5, 0.7):
        mz = 500 + step * (np.arange(1000) + shift)
        average.add(mz, 100 * np.exp(-0.5 * ((mz - centre) / 0.1) ** 2))
    mz, mean = average.mean()
    assert "linear interpolation" in average.note()
    assert np.median(np.diff(mz)) == pytest.approx(step, rel=1e-3)
    np.testing.assert_allclose(mean, 100 * np.exp(-0.5 * ((mz - centre) / 0.1) ** 2), atol=0.15)


def orbitrap_peak(start: float, shift: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """A window 10 m/z wide with one peak, its points as far apart as (m/z) ** 1.5."""
    mz = (start**-0.5 - (np.arange(10 / (1e-6 * start**1.5)) + shift) * 5e-7) ** -2
    return mz, 1000 * np.exp(-0.5 * ((mz - start - 5) / (4e-6 * start**1.5)) ** 2)


@pytest.mark.parametrize("starts", [(100, 1000), (1000, 100), (100, 3000, 1000)])
def test_scans_far_beyond_the_first_keep_place_and_area(starts: tuple[int, ...]) -> None:
    average = ProfileAverage()
    scans = [orbitrap_peak(start, shift) for start in starts for shift in (0.0, 0.3)]
    for scan in scans:
        average.add(*scan)
    mz, mean = average.mean()
    assert "linear interpolation" in average.note()
    assert (mz[0], mz[-1]) == pytest.approx(
        (min(s[0][0] for s in scans), max(s[0][-1] for s in scans)), rel=2e-4
    )
    for start in starts:
        here = (mz > start) & (mz < start + 10)
        width = 4e-6 * start**1.5
        area = np.trapezoid(mean[here], mz[here]) * len(starts)
        assert area == pytest.approx(1000 * width * np.sqrt(2 * np.pi), rel=0.01)
        assert mz[here][mean[here].argmax()] == pytest.approx(start + 5, abs=width / 3)


def test_a_lattice_is_extended_without_moving_a_point() -> None:
    mz, _ = tof_profile(5000)
    spacing = local_spacing(mz)
    assert spacing is not None
    lattice = Lattice(mz, spacing)
    before = lattice.number(mz)
    assert not lattice.covers(mz * 3)
    for factor in (3, 0.1):
        lattice.extend(mz * factor, Spacing(spacing.log_mz, spacing.log_step + np.log(factor)))
        assert lattice.covers(mz * factor)
    np.testing.assert_allclose(lattice.number(mz), before, rtol=0, atol=1e-6)


def test_no_straight_line_across_a_gap() -> None:
    left, right = 500 + np.arange(50) * 0.01, 502 + np.arange(50) * 0.01
    mz = np.concatenate((left, right))
    average = ProfileAverage()
    average.add(mz, np.full(100, 8.0))
    average.add(mz + 0.004, np.full(100, 8.0))
    mz, mean = average.mean()
    inside = (mz > 500.52) & (mz < 501.97)
    assert mean[inside].sum() == 0
    assert mean[(mz > 500.05) & (mz < 500.45)] == pytest.approx(8.0)


def test_a_scan_without_points_counts_as_zero() -> None:
    mz, intensity = tof_profile(100)
    average = ProfileAverage()
    for scan in ((mz[:0], intensity[:0]), (mz, intensity), (mz[:0], intensity[:0])):
        average.add(*scan)
    np.testing.assert_allclose(average.mean()[1], intensity / 3)


def test_spacing_sees_through_suppressed_zeros() -> None:
    rng = np.random.default_rng(7)
    lattice, _ = tof_profile(20_000)
    mz, _ = suppressed(lattice, rng.poisson(0.02, 20_000).astype(float))
    spacing = local_spacing(mz)
    assert spacing is not None
    np.testing.assert_allclose(spacing.at(lattice[1:]), np.diff(lattice), rtol=0.01)
    assert local_spacing(lattice[:2]) is None


def test_lattice_numbers_and_mz_are_inverse() -> None:
    mz, _ = tof_profile(5000)
    spacing = local_spacing(mz)
    assert spacing is not None
    lattice = Lattice(mz, spacing)
    number = lattice.number(mz)
    np.testing.assert_allclose(lattice.mz(number), mz, rtol=1e-12)
    np.testing.assert_allclose(np.diff(number), 1, rtol=0.01)


def test_zeros_beside_gaps() -> None:
    number = np.array([0.0, 1.0, 2.0, 3.0, 10.5, 11.5, 13.3])
    closed, intensity, own = with_gaps_closed(number, np.full(7, 5.0))
    np.testing.assert_allclose(closed, [-1, 0, 1, 2, 3, 4, 9.5, 10.5, 11.5, 12.4, 12.4, 13.3, 14.3])
    assert intensity.tolist() == [0, 5, 5, 5, 5, 0, 0, 5, 5, 0, 0, 5, 0]
    np.testing.assert_array_equal(own, intensity / 5)


def test_a_grid_beyond_memory_is_refused() -> None:
    average = ProfileAverage()
    fine = np.arange(100) * 1e-7
    both = np.concatenate((500 + fine, 1500 + fine))
    average.add(both, np.ones(200))
    with pytest.raises(SpectrumError, match=r"grid of [\d,]+ points"):
        average.add(both + 0.5e-7, np.ones(200))


def test_peaks_within_the_tolerance_are_one() -> None:
    average = CentroidAverage(tolerance_ppm=5)
    average.add(np.array([500.0, 600.0]), np.array([10.0, 4.0]))
    average.add(np.array([500.002, 700.0]), np.array([30.0, 8.0]))
    mz, mean = average.mean()
    np.testing.assert_allclose(mz, [500.0015, 600.0, 700.0])
    np.testing.assert_allclose(mean, [20.0, 2.0, 4.0])


def test_82_scans_of_100_000_points_are_brought_onto_one_lattice() -> None:
    mz, intensity = tof_profile(100_000)
    average = ProfileAverage()
    for i in range(82):
        average.add(mz * (1 + 1e-7 * (i % 40)), intensity)
    found, mean = average.mean()
    assert found.size == pytest.approx(100_000, rel=0.01)
    assert mean.sum() == pytest.approx(intensity.sum(), rel=0.01)
