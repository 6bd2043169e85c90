"""mzXML, Bruker's peak lists, and files that are something else."""

from __future__ import annotations

import gzip
import os
import zipfile
from pathlib import Path

import numpy as np
import pytest

from alloyscope.errors import EmptySpectrum, UnreadableSpectrum
from alloyscope.spectra import CentroidSpectrum, ProfileSpectrum, overview, read_mass_spectrum
from tests.spectra.written import WrittenScan, mzxml_bytes, tof_profile

MZ, INTENSITY = tof_profile(2000)


def written(tmp_path: Path, data: bytes, name: str = "a.xml") -> Path:
    path = tmp_path / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("wide", [True, False])
@pytest.mark.parametrize("compress", [True, False])
def test_mzxml(tmp_path: Path, wide: bool, compress: bool) -> None:
    scans = [WrittenScan(MZ, INTENSITY * i, time_min=0.5 * i) for i in (1, 2, 3)]
    spectrum = read_mass_spectrum(
        written(tmp_path, mzxml_bytes(scans, wide=wide, compress=compress))
    )
    assert isinstance(spectrum, ProfileSpectrum)
    np.testing.assert_allclose(spectrum.mz, MZ, rtol=1e-12 if wide else 1e-7)
    np.testing.assert_allclose(spectrum.intensity, 2 * INTENSITY)
    said = spectrum.acquisition
    assert (said.file_format, said.polarity, said.ms_level) == ("mzXML", "negative", 1)
    assert said.time_min == pytest.approx((0.5, 1.5))
    assert (said.instrument, said.analyzer) == ("micrOTOF", "TOF")


def test_nested_mzxml_scans(tmp_path: Path) -> None:
    """The fragments' scan stands inside that of their precursor."""
    scans = [
        WrittenScan(MZ, INTENSITY),
        WrittenScan(MZ, INTENSITY * 5, ms_level=2, precursor_mz=700.5),
        WrittenScan(MZ, INTENSITY * 3),
    ]
    data = mzxml_bytes(scans).replace(b"</peaks></scan>", b"</peaks>", 1)
    data = data.replace(b"</peaks></scan>", b"</peaks></scan></scan>", 1)
    path = written(tmp_path, data)
    np.testing.assert_allclose(read_mass_spectrum(path).intensity, 2 * INTENSITY)
    fragments = read_mass_spectrum(path, ms_level=2)
    assert fragments.acquisition.precursor_mz == 700.5
    np.testing.assert_allclose(fragments.intensity, 5 * INTENSITY)


def test_truncated_and_damaged_mzxml(tmp_path: Path) -> None:
    data = mzxml_bytes([WrittenScan(MZ, INTENSITY)] * 4)
    path = written(tmp_path, data[: int(0.6 * len(data))])
    said = read_mass_spectrum(path).acquisition
    assert said.notes[0] == "Truncated: 2 of 4 scans read."
    path = written(tmp_path, data.replace(b'precision="64"', b'precision="7"', 1))
    said = read_mass_spectrum(path).acquisition
    assert "1 of 4 scans dropped as damaged; scan 1: its precision is '7'" in said.notes[0]


PKLIST = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<pklist version="1.0" creator="flexAnalysis">\n'
    b"<pk><absi>10.5</absi><area>1</area><mass>500.25</mass><reso>9000</reso><s2n>4</s2n></pk>\n"
    b"<pk><absi>7</absi><mass>501.5</mass></pk>\n<pk><absi>x</absi><mass>502.5</mass></pk>\n"
    b"</pklist>"
)
MS_PEAKS = (
    b'<root><analysis><DataAnalysis><ms_spectrum polarity="-" type="line"><ms_peaks>'
    b'<pk mz="501.1" i="9" res="8000" sn="3"/><pk mz="500.1" i="7"/></ms_peaks></ms_spectrum>'
    b"</DataAnalysis></analysis></root>"
)


def test_flexanalysis_peak_list(tmp_path: Path) -> None:
    spectrum = read_mass_spectrum(written(tmp_path, PKLIST))
    assert isinstance(spectrum, CentroidSpectrum)
    assert spectrum.mz.tolist() == [500.25, 501.5]
    assert spectrum.intensity.tolist() == [10.5, 7]
    notes = spectrum.acquisition.notes
    assert "1 peak without a readable m/z and intensity dropped." in notes


def test_dataanalysis_peak_list(tmp_path: Path) -> None:
    spectrum = read_mass_spectrum(written(tmp_path, MS_PEAKS))
    assert isinstance(spectrum, CentroidSpectrum)
    assert spectrum.mz.tolist() == [500.1, 501.1]
    assert spectrum.acquisition.polarity == "negative"


def test_truncated_peak_list_gives_its_whole_peaks(tmp_path: Path) -> None:
    spectrum = read_mass_spectrum(written(tmp_path, PKLIST[: PKLIST.index(b"<pk><absi>x")]))
    assert spectrum.mz.tolist() == [500.25, 501.5]
    assert any("cut off or damaged" in note for note in spectrum.acquisition.notes)


def test_external_entities_are_not_resolved(tmp_path: Path) -> None:
    secret = written(tmp_path, b"777.7", "secret.txt")
    data = (
        f'<!DOCTYPE pklist [<!ENTITY e SYSTEM "{secret.as_uri()}">]>'
        "<pklist><pk><absi>1</absi><mass>&e;</mass></pk>"
        "<pk><absi>2</absi><mass>500</mass></pk></pklist>"
    )
    spectrum = read_mass_spectrum(written(tmp_path, data.encode()))
    assert spectrum.mz.tolist() == [500.0]


@pytest.mark.parametrize(
    ("data", "what", "advice"),
    [
        (b"\x01\xa1F\0i\0n\0n\0i\0g\0a\0n\0" + bytes(50), "Thermo RAW", "msconvert a.dat --mzML"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(50), "wiff", "msconvert a.dat --mzML"),
        (b"SQLite format 3\0", "SQLite", "msconvert FOLDER.d --mzML"),
        (b"%PDF-1.7\n", "PDF", "two columns of text"),
        (b"\x89PNG\r\n\x1a\n", "PNG", "two columns of text"),
        (bytes(range(256)) * 9, "binary data of an unknown kind", "msconvert a.dat --mzML"),
        (b"<html><body>1 2</body></html>", "web page", "two columns"),
        (b"<?xml version='1.0'?><svg></svg>", "XML of another kind <svg>", "msconvert a.dat"),
        (gzip.compress(b"%PDF-1.7\n", mtime=0), "PDF", "two columns of text"),
    ],
)
def test_foreign_files(tmp_path: Path, data: bytes, what: str, advice: str) -> None:
    with pytest.raises(UnreadableSpectrum, match=r"^a\.dat: found ") as error:
        read_mass_spectrum(written(tmp_path, data, "a.dat"))
    assert what in str(error.value)
    assert advice in str(error.value)


def test_workbook(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    with pytest.raises(UnreadableSpectrum, match=r"Excel workbook .*two columns of text"):
        read_mass_spectrum(path)


@pytest.mark.parametrize(
    ("entry", "what"),
    [
        ("analysis.baf", "a Bruker folder"),
        ("_FUNC001.DAT", "a Waters .raw folder"),
        ("x", "a folder"),
    ],
)
def test_folders(tmp_path: Path, entry: str, what: str) -> None:
    folder = tmp_path / "sample.d"
    folder.mkdir()
    (folder / entry).write_bytes(b"x")
    with pytest.raises(UnreadableSpectrum, match=rf"sample.d: found {what};.*msconvert sample.d"):
        read_mass_spectrum(folder)


def test_missing_empty_and_closed_files(tmp_path: Path) -> None:
    with pytest.raises(UnreadableSpectrum, match=r"gone.mzML: found no such file"):
        read_mass_spectrum(tmp_path / "gone.mzML")
    with pytest.raises(EmptySpectrum, match=r"a.xml: found an empty file"):
        read_mass_spectrum(written(tmp_path, b""))
    with pytest.raises(EmptySpectrum, match=r"a.xml: found an empty gzip file"):
        read_mass_spectrum(written(tmp_path, gzip.compress(b"")))
    with pytest.raises(UnreadableSpectrum, match="cannot be opened"):
        read_mass_spectrum("a\0b")
    path = written(tmp_path, b"1 2\n", "closed.txt")
    path.chmod(0)
    if os.geteuid() != 0:
        with pytest.raises(UnreadableSpectrum, match=r"cannot be opened.*permissions"):
            overview(path)
