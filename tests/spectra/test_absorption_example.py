"""The simulated UV-vis example: made by its script, read as what it is."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from alloyscope.spectra import read_absorption, read_absorption_spectrum
from tests.conftest import ROOT

EXAMPLE = ROOT / "examples" / "uvvis-au44-ag44"
SIMULATED = "The file says of itself that it is simulated or a sketch, not measured."


@pytest.fixture
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_uvvis", ROOT / "examples/make_uvvis.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_files_are_what_the_script_makes(
    script: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(script, "FOLDER", tmp_path)
    script.main()
    for name in ("course.csv", "references/Au44.csv", "references/Ag44.csv"):
        made, kept = read_absorption(tmp_path / name), read_absorption(EXAMPLE / name)
        np.testing.assert_allclose(made.absorbance, kept.absorbance, atol=2e-4)


def test_the_course_is_one_reaction_of_known_amounts(script: ModuleType) -> None:
    series = read_absorption(EXAMPLE / "course.csv")
    np.testing.assert_array_equal(series.time_min, script.MINUTES)
    np.testing.assert_array_equal(series.wavelength_nm, script.NM)
    assert series.path_cm == 1
    assert series.notes == (SIMULATED,)
    xi = script.extent(series.time_min)
    spectra = [script.coefficient(b) for b in (script.AU44, script.AG44, script.ALLOY)]
    amounts = np.array([script.AU_UM - xi, script.AG_UM - 3 * xi, 4 * xi])
    noise = series.absorbance - amounts.T @ np.array(spectra)
    assert noise.std() == pytest.approx(script.NOISE, rel=0.05)
    assert np.linalg.svd(series.absorbance)[1][2] < 2 * script.NOISE * np.sqrt(script.NM.size)


def test_the_references_are_the_parents() -> None:
    for name, peak in (("Ag44", 420), ("Au44", 478)):
        spectrum = read_absorption_spectrum(EXAMPLE / "references" / f"{name}.csv")
        assert spectrum.name == name
        visible = spectrum.window(400, 1000)
        assert visible.wavelength_nm[visible.absorbance.argmax()] == pytest.approx(peak, abs=3)
    folder = read_absorption(EXAMPLE / "references")
    assert folder.names == ("Ag44", "Au44")
    assert folder.time_min is None
