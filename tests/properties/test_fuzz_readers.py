"""Spoiled files of every format: a valid spectrum or a clear error comes out, nothing else."""

from __future__ import annotations

import gzip
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alloyscope.errors import AlloyscopeError
from alloyscope.spectra import CentroidSpectrum, ProfileSpectrum, overview, read_mass_spectrum
from tests.properties.spoiling import Edit, edits, fuzzing, mutated
from tests.spectra.written import WrittenScan, mzml_bytes, mzxml_bytes

pytestmark = pytest.mark.usefixtures("no_hang")

MZ = 500 + np.arange(40) * 0.01
RISE = np.round(1000 * np.exp(-0.5 * ((np.arange(40) - 20) / 3) ** 2), 2)
SCANS = [
    WrittenScan(MZ, RISE, time_min=0.1),
    WrittenScan(MZ[5:30], RISE[5:30].astype("f4"), polarity="positive", time_min=0.2),
    WrittenScan(MZ + 0.004, RISE * 2, ms_level=2, precursor_mz=700.5, time_min=0.3),
    WrittenScan(MZ[::8], RISE[::8] + 1, continuity="centroid", time_min=0.4),
]
ROWS = list(zip(MZ, RISE, strict=True))
TEXTS = (
    "\n".join(f"{a:.4f}\t{b}" for a, b in ROWS).encode(),
    ("Polarity: negative\nm/z;Intensität\n" + "\n".join(f"{a:.3f};{b}" for a, b in ROWS))
    .replace(".", ",")
    .encode("utf-16"),
    ("# no,m/z,int\r\n" + "\r\n".join(f'{i},"{a}",{b:e},' for i, (a, b) in enumerate(ROWS))).encode(
        "latin-1"
    ),
    "\n".join(f"  {a + 900:,.2f}  {b * 1000:,.1f}" for a, b in ROWS).encode("utf-8-sig"),
)
MZMLS = (
    mzml_bytes(SCANS, chromatogram=True),
    mzml_bytes(SCANS[:2], compress=False),
    mzml_bytes(SCANS[:1]).replace(b"MS:1000574", b"MS:1002312", 1),
)
OTHERS = (
    gzip.compress(MZMLS[0]),
    gzip.compress(TEXTS[0]) + gzip.compress(TEXTS[0]),
    mzxml_bytes(SCANS),
    mzxml_bytes(SCANS[:2], wide=False, compress=True),
    b'<?xml version="1.0"?><pklist version="1.0"><pk><absi>10.5</absi><mass>500.25</mass>'
    b"<reso>9000</reso></pk><pk><absi>7</absi><mass>500.5</mass></pk></pklist>",
    b'<root><ms_spectrum polarity="-"><ms_peaks><pk mz="500.1" i="7" sn="3"/><pk mz="501.1" '
    b'i="9"/></ms_peaks></ms_spectrum></root>',
)


def assert_sound(path: Path, data: bytes) -> None:
    """Read the bytes as a file; whatever comes out must be sound."""
    path.write_bytes(data)
    try:
        spectrum = read_mass_spectrum(path)
    except AlloyscopeError as error:
        said = str(error)
        assert said.startswith(path.name) and "found" in said  # noqa: PT018
    else:
        assert isinstance(spectrum, ProfileSpectrum | CentroidSpectrum)
        assert np.isfinite(spectrum.mz).all()
        assert np.isfinite(spectrum.intensity).all()
        assert (np.diff(spectrum.mz) > 0).all()
        assert (spectrum.intensity > 0).any()
        assert spectrum.acquisition.scans_read >= 1
    if b"<" in data:  # for text it is the same way again
        with suppress(AlloyscopeError):
            assert overview(path).scans >= 0


@fuzzing(5000)
@given(data=st.sampled_from(TEXTS), changes=edits)
def test_spoiled_text(folder: Path, data: bytes, changes: list[Edit]) -> None:
    assert_sound(folder / "spoiled.txt", mutated(data, changes))


@fuzzing(5000)
@given(data=st.sampled_from(MZMLS), changes=edits)
def test_spoiled_mzml(folder: Path, data: bytes, changes: list[Edit]) -> None:
    assert_sound(folder / "spoiled.mzML", mutated(data, changes))


@fuzzing(1500)
@given(data=st.sampled_from(OTHERS), changes=edits)
def test_spoiled_files_of_the_other_formats(folder: Path, data: bytes, changes: list[Edit]) -> None:
    assert_sound(folder / "spoiled.dat", mutated(data, changes))


@fuzzing(500)
@given(data=st.binary(max_size=400))
def test_any_bytes(folder: Path, data: bytes) -> None:
    assert_sound(folder / "any.bin", data)


def test_the_files_spoiled_are_sound_themselves(folder: Path) -> None:
    for i, data in enumerate((*TEXTS, *MZMLS[:2], *OTHERS)):
        path = folder / f"sound_{i}"
        path.write_bytes(data)
        assert (read_mass_spectrum(path).intensity > 0).any()
