"""What a file says of how its ions were isolated and made to fragment."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from alloyscope.errors import SpectrumError
from alloyscope.spectra import Activation, activations, read_mass_spectrum
from tests.spectra.written import WrittenScan, mzml_bytes, mzxml_bytes, tof_profile

MZ, INTENSITY = tof_profile(2000)


def precursor(energy: float, below: float = 2.0, above: float = 3.0) -> str:
    def param(accession: str, value: float) -> str:
        return f'<cvParam cvRef="MS" accession="{accession}" name="" value="{value}"/>'

    window = param("MS:1000827", 700.0) + param("MS:1000828", below) + param("MS:1000829", above)
    return (
        f"<precursorList><precursor><isolationWindow>{window}</isolationWindow>"
        f"<activation>{param('MS:1000045', energy)}</activation></precursor></precursorList>"
    )


def series(tmp_path: Path) -> Path:
    """One MS1 scan, then two scans at 5 eV, one at 20 eV and one that does not say."""
    scans = [WrittenScan(MZ, INTENSITY)]
    scans += [
        WrittenScan(MZ, INTENSITY * k, ms_level=2, extra=precursor(energy))
        for k, energy in ((1, 20.0), (2, 5.0), (4, 5.0))
    ]
    scans.append(WrittenScan(MZ, INTENSITY, ms_level=2))
    path = tmp_path / "series.mzML"
    path.write_bytes(mzml_bytes(scans))
    return path


def test_energies_of_a_file_are_counted(tmp_path: Path) -> None:
    found = activations(series(tmp_path))
    assert found == (Activation(None, 1), Activation(5.0, 2), Activation(20.0, 1))


def test_the_scans_of_one_energy_are_averaged(tmp_path: Path) -> None:
    spectrum = read_mass_spectrum(series(tmp_path), ms_level=2, collision_energy=5.0)
    np.testing.assert_allclose(spectrum.intensity, 3 * INTENSITY)
    said = spectrum.acquisition
    assert said.collision_energy == 5.0
    assert said.isolation == pytest.approx((698.0, 703.0))
    assert "3 scans left out that are not negative MS level 2 5 eV." in said.notes


def test_all_energies_together_are_said_to_differ(tmp_path: Path) -> None:
    said = read_mass_spectrum(series(tmp_path), ms_level=2).acquisition
    assert (said.collision_energy, said.isolation) == (None, None)
    assert "The scans averaged have different collision energies." in said.notes


def test_an_energy_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SpectrumError, match=r"collision energy 7 eV"):
        read_mass_spectrum(series(tmp_path), ms_level=2, collision_energy=7.0)


def test_a_window_that_holds_nothing_is_none(tmp_path: Path) -> None:
    path = tmp_path / "a.mzML"
    scan = WrittenScan(MZ, INTENSITY, ms_level=2, extra=precursor(5.0, 0.0, 0.0))
    path.write_bytes(mzml_bytes([scan]))
    assert read_mass_spectrum(path).acquisition.isolation is None


def test_mzxml_says_the_same(tmp_path: Path) -> None:
    scans = [WrittenScan(MZ, INTENSITY, ms_level=2, precursor_mz=700.5)]
    data = mzxml_bytes(scans).replace(b' msLevel="2"', b' msLevel="2" collisionEnergy="12.5"')
    data = data.replace(b"precursorIntensity=", b'windowWideness="4" precursorIntensity=')
    path = tmp_path / "a.mzXML"
    path.write_bytes(data)
    said = read_mass_spectrum(path).acquisition
    assert (said.collision_energy, said.precursor_mz) == (12.5, 700.5)
    assert said.isolation == (698.5, 702.5)
