"""mzML: whole, gzipped, cut off, spoiled in every way we could think of."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import numpy as np
import pytest

from alloyscope.errors import EmptySpectrum, SpectrumError, UnreadableSpectrum
from alloyscope.spectra import (
    CentroidSpectrum,
    ProfileSpectrum,
    ScanRange,
    overview,
    read_mass_spectrum,
)
from alloyscope.spectra.formats.mzml import _header, _slow_scans, read_mzml
from alloyscope.spectra.formats.tape import SpectrumFile
from alloyscope.spectra.scan import Scan, ScanFile
from tests.spectra.written import WrittenScan, mzml_bytes, tof_profile

MZ, INTENSITY = tof_profile()


def scans(n: int, **kwargs: object) -> list[WrittenScan]:
    return [
        WrittenScan(MZ, INTENSITY * (i + 1), time_min=0.1 * (i + 1), **kwargs)  # type: ignore[arg-type]
        for i in range(n)
    ]


def written(tmp_path: Path, data: bytes, name: str = "a.mzML") -> Path:
    path = tmp_path / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("compress", [True, False])
@pytest.mark.parametrize("gzipped", [True, False])
def test_mean_of_all_scans_and_what_the_file_says(
    tmp_path: Path, compress: bool, gzipped: bool
) -> None:
    data = mzml_bytes(scans(3), compress=compress)
    path = written(tmp_path, gzip.compress(data) if gzipped else data)
    spectrum = read_mass_spectrum(path)
    assert isinstance(spectrum, ProfileSpectrum)
    np.testing.assert_array_equal(spectrum.mz, MZ)
    np.testing.assert_allclose(spectrum.intensity, 2 * INTENSITY, rtol=1e-15)
    said = spectrum.acquisition
    assert (said.source, said.file_format, said.polarity) == ("a.mzML", "mzML", "negative")
    assert (said.scans_read, said.scans_in_file, said.ms_level) == (3, 3, 1)
    assert said.time_min == pytest.approx((0.1, 0.3))
    assert (said.instrument, said.analyzer) == ("Q-Tof Premier", "time-of-flight")
    assert said.notes == ("3 scans averaged point by point on their common m/z lattice.",)


def test_fast_and_slow_way_agree(tmp_path: Path) -> None:
    many = scans(4, precursor_mz=700.25, ms_level=2)
    many[2] = WrittenScan(MZ, INTENSITY.astype("f4"), polarity="positive", continuity=None)
    file = SpectrumFile(written(tmp_path, mzml_bytes(many, chromatogram=True)), gzipped=False)
    fast = read_mzml(file)
    slow = ScanFile("mzML", iter(()))
    for a, b in zip(fast.scans, _slow_scans(file, _header(file), slow, 0, 0), strict=True):
        assert isinstance(a, Scan)
        assert isinstance(b, Scan)
        np.testing.assert_array_equal(a.mz, b.mz)
        np.testing.assert_array_equal(a.intensity, b.intensity)
        for name in ("number", "scan_id", "polarity", "ms_level", "time_min", "precursor_mz"):
            assert getattr(a, name) == getattr(b, name)
    assert fast.chromatograms == slow.chromatograms == 1


@pytest.mark.parametrize(("asked", "factor"), [("2", 2.0), ("2-3", 2.5), ("1-4", 2.5)])
def test_one_scan_or_a_range(tmp_path: Path, asked: str, factor: float) -> None:
    path = written(tmp_path, mzml_bytes(scans(4)))
    spectrum = read_mass_spectrum(path, scans=ScanRange.parse(asked))
    np.testing.assert_allclose(spectrum.intensity, factor * INTENSITY)


def test_scan_that_is_not_there_is_refused_with_the_number_that_are(tmp_path: Path) -> None:
    path = written(tmp_path, mzml_bytes(scans(4)))
    with pytest.raises(SpectrumError, match=r"found 4 scans; expected scans 3-9.*from 1 to 4"):
        read_mass_spectrum(path, scans=ScanRange(3, 9))


def test_truncated_file_gives_its_whole_scans(tmp_path: Path) -> None:
    data = mzml_bytes(scans(5), declared=82)
    cut = [m.start() for m in re.finditer(b"<binary>", data)][6] + 500  # within the fourth scan
    for name, content in (("a.mzML", data[:cut]), ("b.mzML.gz", gzip.compress(data[:cut]))):
        spectrum = read_mass_spectrum(written(tmp_path, content, name))
        np.testing.assert_allclose(spectrum.intensity, 2 * INTENSITY)
        assert spectrum.acquisition.notes[0] == "Truncated: 3 of 82 scans read."


def test_truncated_gzip_says_so(tmp_path: Path) -> None:
    data = gzip.compress(mzml_bytes(scans(5), compress=False))
    path = written(tmp_path, data[: int(0.7 * len(data))])
    spectrum = read_mass_spectrum(path)
    assert 1 <= spectrum.acquisition.scans_read < 5
    assert "The gzip file is cut off." in spectrum.acquisition.notes
    assert spectrum.acquisition.notes[0].startswith("Truncated: ")


SPOILED = {
    "base64": ({"<binary>": "<binary>!!!!"}, "base64 text is damaged"),
    "zlib": ({"<binary>eJ": "<binary>AA"}, "zlib stream is damaged"),
    "no m/z": ({'accession="MS:1000514"': 'accession="MS:1000595"'}, "no m/z array"),
    "lengths": ({"64-bit float": "x", "MS:1000523": "MS:1000521"}, "8000 m/z values but 4000"),
    "numpress": (
        {"MS:1000574": "MS:1002312", "zlib compression": "MS-Numpress linear compression"},
        "MS-Numpress",
    ),
    "no end": ({"</spectrum>": "", "</binary>": "", "MS:1000514": "MS:1"}, "no m/z array"),
}


@pytest.mark.parametrize("kind", SPOILED)
def test_a_damaged_scan_costs_only_itself(
    tmp_path: Path, kind: str, capfd: pytest.CaptureFixture[str]
) -> None:
    changes, reason = SPOILED[kind]
    many = scans(3)
    many[1] = WrittenScan(MZ, INTENSITY, changes=changes)
    spectrum = read_mass_spectrum(written(tmp_path, mzml_bytes(many)))
    np.testing.assert_allclose(spectrum.intensity, 2 * INTENSITY)
    notes = " ".join(spectrum.acquisition.notes)
    assert "1 of 3 scans dropped as damaged; scan 2: " in notes
    assert reason in notes
    assert capfd.readouterr() == ("", "")  # a Rust panic writes to standard error


@pytest.mark.parametrize("length", ["0", "-5", "99999999999999999999", "abc", "17"])
def test_absurd_declared_lengths_are_not_believed(tmp_path: Path, length: str) -> None:
    changes = {'defaultArrayLength="4000"': f'defaultArrayLength="{length}"'}
    many = [*scans(1), WrittenScan(MZ, 3 * INTENSITY, changes=changes)]
    spectrum = read_mass_spectrum(written(tmp_path, mzml_bytes(many)))
    np.testing.assert_allclose(spectrum.intensity, 2 * INTENSITY)


def test_all_scans_damaged_is_an_error_that_says_why(tmp_path: Path) -> None:
    many = [WrittenScan(MZ, INTENSITY, changes={"<binary>": "<binary>!"})] * 2
    with pytest.raises(UnreadableSpectrum, match="2 scans, none whole; scan 1: its base64"):
        read_mass_spectrum(written(tmp_path, mzml_bytes(many)))


def test_chromatogram_only(tmp_path: Path) -> None:
    path = written(tmp_path, mzml_bytes([], chromatogram=True))
    with pytest.raises(UnreadableSpectrum, match="1 chromatogram and no spectrum"):
        read_mass_spectrum(path)
    assert overview(path).chromatograms == 1


def test_polarity_and_level_of_the_first_scans(tmp_path: Path) -> None:
    many = [
        WrittenScan(MZ, INTENSITY * 2, ms_level=2, precursor_mz=900.5),
        WrittenScan(MZ, INTENSITY * 3),
        WrittenScan(MZ, INTENSITY * 5, polarity="positive"),
        WrittenScan(MZ, INTENSITY * 7),
    ]
    path = written(tmp_path, mzml_bytes(many))
    spectrum = read_mass_spectrum(path)
    np.testing.assert_allclose(spectrum.intensity, 5 * INTENSITY)
    assert "2 scans left out that are not negative MS level 1." in spectrum.acquisition.notes
    positive = read_mass_spectrum(path, polarity="positive")
    np.testing.assert_allclose(positive.intensity, 5 * INTENSITY)
    fragments = read_mass_spectrum(path, ms_level=2)
    assert fragments.acquisition.precursor_mz == 900.5
    np.testing.assert_allclose(fragments.intensity, 2 * INTENSITY)
    with pytest.raises(SpectrumError, match=r"MS level 1 and 2; expected .*MS level 3"):
        read_mass_spectrum(path, ms_level=3)


def test_polarity_that_is_not_there_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, mzml_bytes(scans(2)))
    with pytest.raises(SpectrumError, match=r"found scans of polarity negative.*polarity positive"):
        read_mass_spectrum(path, polarity="positive")


def test_only_fragments_are_read_with_a_note(tmp_path: Path) -> None:
    path = written(tmp_path, mzml_bytes(scans(2, ms_level=2, precursor_mz=2424.492)))
    said = read_mass_spectrum(path).acquisition
    assert (said.ms_level, said.precursor_mz) == (2, 2424.492)
    assert any("MS level 2" in note for note in said.notes)


def test_nothing_but_zeros(tmp_path: Path) -> None:
    path = written(tmp_path, mzml_bytes([WrittenScan(MZ, 0 * INTENSITY)]))
    with pytest.raises(EmptySpectrum, match="no intensity above zero in 1 scan"):
        read_mass_spectrum(path)
    path = written(tmp_path, mzml_bytes([WrittenScan(MZ[:0], INTENSITY[:0])]))
    with pytest.raises(EmptySpectrum, match="no usable point"):
        read_mass_spectrum(path)


def test_parameters_from_a_referenced_group(tmp_path: Path) -> None:
    group = (
        '<referenceableParamGroupList count="1"><referenceableParamGroup id="g">'
        '<cvParam cvRef="MS" accession="MS:1000129" name="negative scan" value=""/>'
        "</referenceableParamGroup></referenceableParamGroupList><run "
    )
    reference = '<referenceableParamGroupRef ref="g"/>'
    many = [WrittenScan(MZ, INTENSITY, polarity=None, extra=reference)]
    data = mzml_bytes(many).replace(b"<run ", group.encode(), 1)
    assert read_mass_spectrum(written(tmp_path, data)).acquisition.polarity == "negative"


def test_time_in_seconds(tmp_path: Path) -> None:
    changes = {"UO:0000031": "UO:0000010", 'unitName="minute"': 'unitName="second"'}
    many = [WrittenScan(MZ, INTENSITY, time_min=90.0, changes=changes)]
    said = read_mass_spectrum(written(tmp_path, mzml_bytes(many))).acquisition
    assert said.time_min == (1.5, 1.5)


def test_progress_is_told_scan_by_scan(tmp_path: Path) -> None:
    told: list[tuple[int, int | None]] = []
    path = written(tmp_path, mzml_bytes(scans(3)))
    read_mass_spectrum(path, progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_overview(tmp_path: Path) -> None:
    many = [*scans(2), WrittenScan(MZ + 1, INTENSITY, polarity="positive", ms_level=2)]
    many[1] = WrittenScan(MZ, INTENSITY, changes={"<binary>": "<binary>!"})
    found = overview(written(tmp_path, mzml_bytes(many, chromatogram=True)))
    assert (found.file_format, found.scans, found.damaged, found.scans_declared) == (
        "mzML",
        2,
        1,
        3,
    )
    assert found.ms_levels == {1: 1, 2: 1}
    assert found.polarities == {"negative": 1, "positive": 1}
    assert found.time_min == (0.1, 0.1)
    assert found.mz_range == (MZ[0], MZ[-1] + 1)
    assert found.chromatograms == 1


def test_declared_mode_gives_way_to_clear_data(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    peaks = np.sort(rng.uniform(500, 2000, 300))
    scan = WrittenScan(peaks, rng.uniform(1, 100, 300), continuity="profile")
    spectrum = read_mass_spectrum(written(tmp_path, mzml_bytes([scan])))
    assert type(spectrum).__name__ == "CentroidSpectrum"
    assert "Declared as profile, but the data are centroid" in spectrum.acquisition.notes[0]
    asked = read_mass_spectrum(written(tmp_path, mzml_bytes([scan])), mode="profile")
    assert isinstance(asked, ProfileSpectrum)


def test_scans_asked_for_are_met_late(tmp_path: Path) -> None:
    """Twelve MS scans come first: polarity and mode are those of the MS/MS scans all the same."""
    sticks = np.array([500.0, 600.0, 700.0])
    heights = np.array([5.0, 9.0, 2.0], "f4")
    late = [
        WrittenScan(sticks, heights, polarity=p, ms_level=2, continuity="centroid")
        for p in ("positive", "negative", "positive")
    ]
    path = written(tmp_path, mzml_bytes([*scans(12), *late]))
    spectrum = read_mass_spectrum(path, ms_level=2)
    assert isinstance(spectrum, CentroidSpectrum)
    np.testing.assert_allclose(spectrum.intensity, heights)
    assert spectrum.acquisition.polarity == "positive"
    assert spectrum.acquisition.scans_read == 2
    assert "13 scans left out that are not positive MS level 2." in spectrum.acquisition.notes


def test_profile_and_centroid_scans_are_not_averaged_together(tmp_path: Path) -> None:
    other = WrittenScan(MZ[::50], INTENSITY[::50].astype("f4"), continuity="centroid")
    path = written(tmp_path, mzml_bytes([*scans(2), other]))
    spectrum = read_mass_spectrum(path)
    assert isinstance(spectrum, ProfileSpectrum)
    assert spectrum.acquisition.scans_read == 2
    assert "1 scans left out, not declared as profile." in spectrum.acquisition.notes
