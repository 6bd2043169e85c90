"""The records themselves, cleaning, centroiding and the resolving power."""

from __future__ import annotations

import subprocess
import sys
import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alloyscope.errors import EmptySpectrum, SpectrumError
from alloyscope.spectra import (
    Acquisition,
    CentroidSpectrum,
    ProfileSpectrum,
    ScanRange,
    centroid,
    resolving_power,
)
from alloyscope.spectra.cleaning import clean
from alloyscope.spectra.formats.pymzdata_arrays import _guarded
from tests.spectra.written import tof_profile

ACQUISITION = Acquisition("a.txt", "text")


def spectrum(mz: np.ndarray, intensity: np.ndarray) -> ProfileSpectrum:
    return ProfileSpectrum(mz, intensity, ACQUISITION)


@pytest.mark.parametrize(
    ("mz", "intensity", "found"),
    [
        ([1.0, 2.0], [1.0], "m/z"),
        ([[1.0]], [[1.0]], "m/z"),
        ([1.0, np.nan], [1.0, 1.0], "not finite"),
        ([1.0, 2.0], [1.0, np.inf], "not finite"),
        ([2.0, 1.0], [1.0, 1.0], "out of order"),
        ([1.0, 1.0], [1.0, 1.0], "out of order"),
        ([-1.0, 1.0], [1.0, 1.0], "out of order"),
        ([], [], "no points"),
    ],
)
@pytest.mark.parametrize("kind", [ProfileSpectrum, CentroidSpectrum])
def test_arrays_are_checked(
    kind: type[ProfileSpectrum], mz: list[float], intensity: list[float], found: str
) -> None:
    with pytest.raises(SpectrumError, match=f"found .*{found}"):
        kind(np.array(mz), np.array(intensity), ACQUISITION)


def test_arrays_cannot_be_changed_from_either_side() -> None:
    mz = np.array([1.0, 2.0])
    made = spectrum(mz, np.array([3, 4]))
    mz[0] = 9.0
    assert made.mz[0] == 1.0
    assert made.intensity.dtype == np.float64
    with pytest.raises(ValueError, match="read-only"):
        made.mz[0] = 5.0


def test_window() -> None:
    made = spectrum(np.arange(1.0, 11.0), np.arange(10.0))
    cut = made.window(3.0, 5.5)
    assert isinstance(cut, ProfileSpectrum)
    assert cut.mz.tolist() == [3, 4, 5]
    assert cut.intensity.tolist() == [2, 3, 4]
    assert made.mz_range == (1.0, 10.0)
    with pytest.raises(EmptySpectrum, match=r"within m/z 1\.0000-10\.0000, which the file covers"):
        made.window(20, 30)
    with pytest.raises(SpectrumError, match="lower end below"):
        made.window(5, 3)


def test_at_least_one_scan() -> None:
    with pytest.raises(SpectrumError, match="scans_read = 0"):
        Acquisition("a", "text", scans_read=0)


@given(st.integers(1, 10**6), st.integers(0, 10**6))
def test_scan_ranges_print_what_they_parse(first: int, more: int) -> None:
    asked = ScanRange(first, first + more)
    assert ScanRange.parse(str(asked)) == asked
    assert first in asked
    assert first + more + 1 not in asked


@pytest.mark.parametrize("text", ["", "0", "5-3", "-3", "1-", "a", "1_0", "9" * 5000, "1-2-3"])
def test_no_scan_range(text: str) -> None:
    with pytest.raises(SpectrumError, match="scans"):
        ScanRange.parse(text)


def test_cleaning_against_the_obvious_slow_way() -> None:
    rng = np.random.default_rng(11)
    mz = rng.choice([-1.0, 0.0, 5.0, 6.0, 7.0, np.nan, np.inf, 2e6, *rng.uniform(1, 9, 30)], 400)
    intensity = rng.choice([0.0, 1.0, 2.0, 3.0, np.nan, -1.0, 1e305], 400)
    groups: dict[float, set[float]] = {}
    for m, i in zip(mz, intensity, strict=True):
        if 0 < m <= 1e6 and abs(i) <= 1e300:
            groups.setdefault(m, set()).add(i)
    found_mz, found, dropped = clean(mz, intensity, keep_negative=True)
    assert found_mz.tolist() == sorted(groups)
    np.testing.assert_allclose(found, [np.mean(list(groups[m])) for m in sorted(groups)])
    assert dropped.unsorted == 1
    assert dropped.not_finite == int((~np.isfinite(mz) | ~np.isfinite(intensity)).sum())


def test_negative_values() -> None:
    mz = np.arange(1.0, 5.0)
    kept = clean(mz, np.array([-1.0, 5.0, -50.0, 2.0]), keep_negative=True)
    assert kept[0].tolist() == [1, 2, 4]
    assert (kept[2].negative_kept, kept[2].negative_dropped) == (1, 1)
    assert clean(mz, np.array([-1.0, 5.0, 0.0, 2.0]), keep_negative=False)[0].tolist() == [2, 3, 4]


def test_centroid_finds_the_peaks_where_they_are() -> None:
    mz = (np.sqrt(500) + np.arange(20_000) * 2.5e-4) ** 2
    centres = np.array([520.123, 560.456, 600.789])
    heights = np.array([1000.0, 300.0, 50.0])
    sigma = centres / 15_000 / 2.3548
    shape = np.exp(-0.5 * ((mz[:, None] - centres) / sigma) ** 2)
    intensity = shape @ heights + np.random.default_rng(4).normal(0, 1, mz.size)
    peaks = centroid(spectrum(mz, intensity), snr=10)
    assert peaks is not None
    np.testing.assert_allclose(peaks.mz, centres, rtol=6e-6)
    np.testing.assert_allclose(peaks.intensity, heights, rtol=0.1)
    assert "3 peaks above 10 x the noise level" in peaks.acquisition.notes[-1]
    assert centroid(spectrum(mz, intensity), snr=10_000) is None


def test_peaks_stand_out_of_a_baseline_and_out_of_a_cut() -> None:
    mz = (np.sqrt(500) + np.arange(20_000) * 2.5e-4) ** 2
    centres = np.array([520.1, 560.4, 600.7])
    intensity = 100 + np.random.default_rng(5).normal(0, 1, mz.size)
    intensity += (50 * np.exp(-0.5 * ((mz[:, None] - centres) / 0.02) ** 2)).sum(axis=1)
    whole = spectrum(mz, intensity)
    found = centroid(whole, snr=10)
    assert found is not None
    np.testing.assert_allclose(found.mz, centres, atol=0.01)
    cut = centroid(whole.window(560.3, 560.5), snr=10, reference=whole)
    assert cut is not None
    np.testing.assert_allclose(cut.mz, centres[1:2], atol=0.01)


@pytest.mark.parametrize("n", [1, 2, 50])
def test_a_level_line_has_no_peak(n: int) -> None:
    assert centroid(spectrum(np.arange(1.0, n + 1), np.full(n, 7.0))) is None


@pytest.mark.parametrize("power", [8_000, 20_000])
def test_resolving_power_of_separate_peaks(power: float) -> None:
    mz = (np.sqrt(500) + np.arange(60_000) * 1e-4) ** 2
    centres = np.linspace(510, 790, 20)
    sigma = centres / power / 2.3548
    intensity = (1000 * np.exp(-0.5 * ((mz[:, None] - centres) / sigma) ** 2)).sum(axis=1)
    intensity += np.random.default_rng(9).normal(0, 2, mz.size)
    found = resolving_power(spectrum(mz, intensity))
    assert found is not None
    assert found.value == pytest.approx(power, rel=0.03)
    assert found.n_peaks == 20
    assert found.at_mz == pytest.approx(650, abs=20)


def test_no_resolving_power_from_too_little() -> None:
    mz, intensity = tof_profile(4000)
    assert resolving_power(spectrum(mz, np.minimum(intensity, 3))) is None
    assert resolving_power(spectrum(mz[:50], intensity[:50])) is None
    overlapping = 100 + 50 * np.sin(np.arange(4000) / 4)
    assert resolving_power(spectrum(mz, overlapping)) is None


def test_a_reader_may_be_closed_while_another_is_at_work() -> None:
    """As the garbage collector does; the lock must not wait for itself."""
    done: list[int] = []
    work = threading.Thread(target=lambda: done.append(_guarded(lambda: _guarded(lambda: 7))))
    work.daemon = True
    work.start()
    work.join(timeout=10)
    assert done == [7]


def test_start_up_stays_light() -> None:
    code = (
        "import sys, alloyscope.spectra;"
        "print(*{'scipy.signal', 'lxml', 'pymzdata', 'rich', 'matplotlib', 'numba', 'logging'}"
        " & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() in ("", "logging")  # numpy itself may import logging
