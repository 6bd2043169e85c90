"""Galactic .SPC: files put together byte by byte, and what spc-io does alone."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import numpy as np
import pytest

from alloyscope.errors import UnreadableSpectrum
from alloyscope.spectra import AbsorptionSeries, read_absorption
from tests.spectra.absorption_files import COURSE, NM, PEAK, TIMES, spc

pytest.importorskip("spc_io")


def read(tmp_path: Path, data: bytes) -> AbsorptionSeries:
    path = tmp_path / "a.spc"
    path.write_bytes(data)
    return read_absorption(path)


@pytest.mark.parametrize("flags", [0, 0x80, 0xC0])
@pytest.mark.parametrize("exponent", [-128, 1, 4])
def test_one_spectrum(tmp_path: Path, flags: int, exponent: int) -> None:
    series = read(tmp_path, spc([PEAK], flags=flags, exponent=exponent))
    np.testing.assert_allclose(series.wavelength_nm, NM, atol=1e-4)
    np.testing.assert_allclose(series.absorbance[0], PEAK, atol=1e-6)
    assert series.names == ("a",)
    assert series.notes == ()


@pytest.mark.parametrize("flags", [0, 0x80, 0xC0, 0x08, 0x10])
@pytest.mark.parametrize("exponent", [-128, 1])
@pytest.mark.parametrize(("z_type", "unit"), [(4, 60.0), (5, 1.0), (30, 1 / 60)])
def test_a_time_course(tmp_path: Path, flags: int, exponent: int, z_type: int, unit: float) -> None:
    z = [time * unit for time in TIMES]
    data = spc(list(COURSE), flags=flags, z=z, z_type=z_type, exponent=exponent)
    series = read(tmp_path, data)
    np.testing.assert_allclose(series.time_min, TIMES, rtol=1e-6)
    np.testing.assert_allclose(series.absorbance, COURSE, atol=1e-6)


def test_spectra_without_times(tmp_path: Path) -> None:
    series = read(tmp_path, spc(list(COURSE)))
    assert series.time_min is None
    assert series.names == ("spectrum 1", "spectrum 2", "spectrum 3", "spectrum 4")


def test_units(tmp_path: Path) -> None:
    series = read(tmp_path, spc([10**-PEAK], y_type=128))
    np.testing.assert_allclose(series.absorbance[0], PEAK, atol=1e-6)
    assert series.notes == ("Converted from transmittance: A = -log10 T.",)
    series = read(tmp_path, spc([PEAK], np.linspace(1.5, 4.0, NM.size), x_type=14))
    np.testing.assert_allclose(series.wavelength_nm[0], 1239.841984 / 4)
    series = read(tmp_path, spc([PEAK], x_type=0, y_type=0))
    assert series.notes == ("Units not stated: nm and absorbance assumed.",)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (spc([PEAK])[:700], "found 39 of 101 points"),
        (spc(list(COURSE))[:-8], "as many points as the header declares"),
        (spc([PEAK], version=0x4D), "of the old format"),
        (spc([PEAK], version=0x4C), "of the big-endian format"),
        (spc([PEAK], x_type=9), "another kind than wavelengths"),
        (spc([PEAK], y_type=4), "values are no absorbances"),
        (spc([PEAK], flags=0xC0)[:700], "a damaged .SPC"),
    ],
)
def test_what_is_refused(tmp_path: Path, data: bytes, said: str) -> None:
    with pytest.raises(UnreadableSpectrum, match=r"^a\.spc: found") as raised:
        read(tmp_path, data)
    assert said in str(raised.value)


def test_a_damaged_log_costs_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = spc([PEAK])
    data = data[:248] + (len(data)).to_bytes(4, "little") + data[252:] + b"half a log"
    np.testing.assert_allclose(read(tmp_path, data).absorbance[0], PEAK, atol=1e-6)
    assert capsys.readouterr().err == ""


def test_without_spc_io(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "spc_io.low_level.spc_raw", None)
    with pytest.raises(UnreadableSpectrum, match=r"pip install 'alloyscope\[spc\]'"):
        read(tmp_path, spc([PEAK]))


def test_what_spc_io_does_alone() -> None:
    """If this fails, the module's account of spc-io is out of date."""
    from spc_io import SPC
    from spc_io.low_level.spc_raw import SpcRaw

    def values(data: bytes) -> np.ndarray:
        return np.asarray(SpcRaw.from_bytes_io(io.BytesIO(data)).subs[0].yarray)

    np.testing.assert_allclose(values(spc([PEAK])), PEAK, atol=1e-6)
    # The exponent of a single spectrum stands in the main header, 4, not in its own, 0.
    np.testing.assert_allclose(values(spc([PEAK], exponent=4)), PEAK / 16, atol=1e-6)
    course = spc(list(COURSE), z=TIMES, z_type=5, flags=0x10)
    assert SPC.from_bytes_io(io.BytesIO(course)).ztype == "XNMETR"
    with pytest.raises(NotImplementedError):
        SpcRaw.from_bytes_io(io.BytesIO(spc(list(COURSE), flags=0x08)))


def test_a_file_that_spc_io_wrote(tmp_path: Path) -> None:
    from spc_io import SPC
    from spc_io.high_level import EvenAxis

    written = SPC(EvenAxis(NM[0], NM[-1], NM.size), xtype="XNMETR", ytype="YABSRB")
    written.add_subfile(yarray=PEAK, w=0.0, z=0.0)
    data = bytearray(written.to_spc_raw().to_bytes())
    series = read(tmp_path, bytes(data))
    np.testing.assert_allclose(series.absorbance[0], PEAK, atol=1e-6)
