"""Every practice and measured file beside the checkout, against an independent parse."""

from __future__ import annotations

import base64
import json
import re
import zlib
from pathlib import Path

import numpy as np
import pytest

from alloyscope.errors import UnreadableSpectrum
from alloyscope.spectra import ProfileSpectrum, read_mass_spectrum, resolving_power
from tests.spectra.written import SHARED

CASES = sorted((SHARED / "practice" / "cases").glob("*/"))
CURVES = sorted((SHARED / "real").glob("*/panel_*.txt"))
pytestmark = pytest.mark.skipif(not CASES, reason="no practice spectra beside the checkout")


def columns(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Rows as Python's own float reads them: finite ones sorted, those of one m/z averaged."""
    rows: dict[float, set[float]] = {}
    for line in path.read_text().splitlines():
        a, b = map(float, line.split("\t"))
        if np.isfinite(a) and np.isfinite(b):
            rows.setdefault(a, set()).add(b)
    mz = np.array(sorted(rows))
    return mz, np.array([np.mean(list(rows[m])) for m in mz])


def first_scan(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """First scan of a practice mzML by regular expression and struct layout."""
    m, i = re.findall(r"<binary>([^<]+)</binary>", path.read_text())[:2]
    mz = np.frombuffer(zlib.decompress(base64.b64decode(m)), "<f8")
    intensity = np.frombuffer(zlib.decompress(base64.b64decode(i)), "<f4").astype(float)
    keep = np.isfinite(mz) & np.isfinite(intensity)
    return mz[keep], intensity[keep]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_practice_text(case: Path) -> None:
    spectrum = read_mass_spectrum(case / "spectrum.txt")
    mz, intensity = columns(case / "spectrum.txt")
    assert isinstance(spectrum, ProfileSpectrum)
    np.testing.assert_array_equal(spectrum.mz, mz)
    np.testing.assert_allclose(spectrum.intensity, intensity)
    assert spectrum.acquisition.polarity is None


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_practice_mzml(case: Path) -> None:
    spectrum = read_mass_spectrum(case / "spectrum.mzML")
    known = json.loads((case / "case.json").read_text())
    said = spectrum.acquisition
    assert isinstance(spectrum, ProfileSpectrum)
    assert said.polarity == known["polarity"] == "negative"
    assert said.ms_level == known["ms_level"]
    assert (
        said.analyzer == {"TOF": "time-of-flight", "FT": "orbitrap"}[known["instrument"].split()[0]]
    )
    assert said.time_min is not None
    if case.name == "practice_18":
        return
    mz, intensity = first_scan(case / "spectrum.mzML")
    np.testing.assert_array_equal(spectrum.mz, mz)
    np.testing.assert_array_equal(spectrum.intensity, intensity)


def test_practice_18_is_cut_in_its_fourth_scan() -> None:
    path = SHARED / "practice" / "cases" / "practice_18" / "spectrum.mzML"
    spectrum = read_mass_spectrum(path)
    said = spectrum.acquisition
    assert (said.scans_read, said.scans_in_file, said.time_min) == (3, 5, (0.01, 0.03))
    assert said.notes[0] == "Truncated: 3 of 5 scans read."
    arrays = [
        zlib.decompress(base64.b64decode(text))
        for text in re.findall(r"<binary>([^<]+)</binary>", path.read_text())
    ]
    total: dict[float, float] = {}
    for m, i in zip(arrays[::2], arrays[1::2], strict=False):
        for a, b in zip(np.frombuffer(m, "<f8"), np.frombuffer(i, "<f4"), strict=True):
            total[float(a)] = total.get(float(a), 0.0) + float(b)
    np.testing.assert_array_equal(spectrum.mz, sorted(total))
    np.testing.assert_allclose(spectrum.intensity * 3, [total[m] for m in sorted(total)])


def test_practice_07_says_what_was_dropped() -> None:
    folder = SHARED / "practice" / "cases" / "practice_07"
    for name in ("spectrum.txt", "spectrum.mzML"):
        notes = read_mass_spectrum(folder / name).acquisition.notes
        assert "118 points with NaN or infinite values dropped." in notes
        assert "902 points with a negative intensity kept (subtracted baseline)." in notes
    assert (
        "m/z was out of order and has been sorted."
        in read_mass_spectrum(folder / "spectrum.txt").acquisition.notes
    )


@pytest.mark.parametrize("path", CURVES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_measured_curves(path: Path) -> None:
    spectrum = read_mass_spectrum(path)
    mz, intensity = columns(path)
    assert isinstance(spectrum, ProfileSpectrum)
    np.testing.assert_array_equal(spectrum.mz, mz)
    np.testing.assert_allclose(spectrum.intensity, intensity, rtol=0.3, atol=1e-12)
    assert spectrum.intensity.max() == intensity.max()


@pytest.mark.parametrize("path", sorted((SHARED / "real").glob("*/panels.csv")))
def test_tables_of_something_else_are_refused(path: Path) -> None:
    with pytest.raises(UnreadableSpectrum, match=r"panels.csv: found .*(columns named|no line)"):
        read_mass_spectrum(path)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_resolving_power_is_right_or_none(case: Path) -> None:
    found = resolving_power(read_mass_spectrum(case / "spectrum.mzML"))  # type: ignore[arg-type]
    if found is None:
        return
    truth = json.loads((case / "truth.json").read_text())["instrument"]
    if truth["type"] == "ft":
        true = truth["R0"] * (400 / found.at_mz) ** 0.5
    else:
        true = truth["R0"] * (found.at_mz / 2500) ** truth.get("R_exp", 0.0)
    assert found.value == pytest.approx(true, rel=0.16)
