"""A series of spectra: from one file, from a folder, with and without energies."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from alloyscope.errors import CaseError, EmptySpectrum, SpectrumError
from alloyscope.fragments.series import read_breakdown, read_series
from tests.fragments.example import PRECURSOR, SERIES, spectra
from tests.spectra.written import WrittenScan, mzml_bytes


def folder(tmp_path: Path, names: dict[str, float]) -> Path:
    """Spectra of the example in files of their own, which do not state energies."""
    for name, energy in names.items():
        at = next(one.spectrum for one in spectra() if one.energy == energy)
        scan = WrittenScan(np.asarray(at.mz), np.asarray(at.intensity), ms_level=2)
        (tmp_path / name).write_bytes(mzml_bytes([scan]))
    (tmp_path / "notes.md").write_text("not a spectrum")
    return tmp_path


def test_a_file_of_several_energies() -> None:
    found = spectra()
    assert [one.energy for one in found] == [8, 12, 15, 18, 21, 24, 28, 34]
    assert {one.stated_by for one in found} == {"file"}
    assert {one.spectrum.acquisition.scans_read for one in found} == {1}


def test_a_folder_whose_names_hold_the_energies(tmp_path: Path) -> None:
    found = read_series(folder(tmp_path, {"a_18eV.mzML": 18.0, "a_8.5 V.mzML": 8.0,
                                          "a_28eV.mzML": 28.0}))  # fmt: skip
    assert [one.energy for one in found] == [8.5, 18.0, 28.0]
    assert {one.stated_by for one in found} == {"name of the file"}


def test_energies_that_the_user_gives_go_first(tmp_path: Path) -> None:
    place = folder(tmp_path, {"1.mzML": 8.0, "10.mzML": 28.0, "2.mzML": 18.0})
    found = read_series(place, (5.0, 10.0, 20.0))
    assert [one.energy for one in found] == [5.0, 10.0, 20.0]
    assert [one.spectrum.acquisition.source for one in found] == ["1.mzML", "2.mzML", "10.mzML"]
    with pytest.raises(CaseError, match="found 2; expected 3"):
        read_series(place, (5.0, 10.0))


def test_what_is_no_series(tmp_path: Path) -> None:
    with pytest.raises(SpectrumError, match="no spectra"):
        read_series(tmp_path)
    silent = folder(tmp_path, {"a.mzML": 18.0, "b.mzML": 28.0})
    with pytest.raises(CaseError, match=r"a\.mzML: found no collision energy"):
        read_breakdown(silent, PRECURSOR)
    empty = tmp_path / "empty"
    empty.mkdir()
    (empty / "a.mzML").write_bytes(b"")
    with pytest.raises(EmptySpectrum):
        read_series(empty)


def test_a_window_of_mz() -> None:
    found = read_series(SERIES, mz=(2500.0, 2700.0))
    low, high = found[0].spectrum.mz_range
    assert 2500.0 <= low < high <= 2700.0


def test_curves_from_a_folder(tmp_path: Path) -> None:
    place = folder(tmp_path, {"15eV.mzML": 15.0, "18eV.mzML": 18.0, "21eV.mzML": 21.0})
    found = read_breakdown(place, PRECURSOR, depth=1, window=(2601.0, 2604.0), gas="Ar")
    assert found.half is not None
    assert found.half.centre == pytest.approx(18.0, abs=0.5)
    assert found.gas == "Ar"
    assert found.sources == ("15eV.mzML", "18eV.mzML", "21eV.mzML")
