"""Spoiled files of absorption spectra: a sound series or a clear error, nothing else."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alloyscope.errors import AlloyscopeError
from alloyscope.spectra import AbsorptionSeries, read_absorption
from tests.properties.spoiling import Edit, edits, fuzzing, mutated
from tests.spectra.absorption_files import (
    COURSE,
    NM,
    PEAK,
    cary,
    jcamp,
    ocean,
    perkin_elmer,
    shimadzu,
    spc,
    transposed,
    wide,
)

pytestmark = pytest.mark.usefixtures("no_hang")

FEW = slice(0, None, 5)
SHORT, SHORT_NM = COURSE[:, FEW], NM[FEW]
MINUTES = ["0 min", "2 min", "10 min", "1 h"]
TEXTS = tuple(
    text.encode(encoding)
    for text, encoding in (
        (cary(MINUTES[:2], SHORT[:2], SHORT_NM), "utf-8"),
        (shimadzu(comma=True), "utf-16"),
        (perkin_elmer(100 * 10**-PEAK, "%T"), "latin-1"),
        (ocean(), "utf-8-sig"),
        (wide(MINUTES, SHORT, SHORT_NM, ";", "Energie (eV)", ","), "latin-1"),
        (wide(["0", "2", "10", "60"], SHORT, SHORT_NM, "\t"), "utf-8"),
        (transposed(["10:00:00", "10:02:00", "10:10:00", "11:00:00"], ""), "utf-8"),
    )
)
JCAMPS = tuple(
    text.encode()
    for text in (
        jcamp(PEAK[FEW], "DIFDUP", SHORT_NM),
        jcamp(PEAK[FEW], "SQZDUP", SHORT_NM) + jcamp(PEAK[FEW], "PAC", SHORT_NM, TITLE="b"),
        jcamp(PEAK[FEW], "AFFN", 1e7 / SHORT_NM, XUNITS="1/CM"),
    )
)
PACKED = (
    gzip.compress(TEXTS[0]),
    spc([PEAK[FEW]], SHORT_NM, exponent=1),
    spc(list(SHORT), SHORT_NM, z=(0, 2, 10, 60), z_type=5),
    spc(list(SHORT), SHORT_NM, flags=0xC0),
)


def assert_sound(path: Path, data: bytes) -> AbsorptionSeries | None:
    """Read the bytes as a file; whatever comes out must be sound."""
    path.write_bytes(data)
    try:
        series = read_absorption(path)
    except AlloyscopeError as error:
        said = str(error)
        assert said.startswith(path.name) and "found" in said  # noqa: PT018
        assert "\n" not in said
        return None
    assert np.isfinite(series.absorbance).all()
    assert series.wavelength_nm[0] >= 150
    assert series.wavelength_nm[-1] <= 3500
    assert (np.diff(series.wavelength_nm) > 0).all()
    assert len(series.names) == len(series) >= 1
    assert all(series.names)
    return series


@fuzzing(300)
@given(data=st.sampled_from(TEXTS), changes=edits)
def test_spoiled_text(folder: Path, data: bytes, changes: list[Edit]) -> None:
    assert_sound(folder / "spoiled.txt", mutated(data, changes))


@fuzzing(350)
@given(data=st.sampled_from(JCAMPS), changes=edits)
def test_spoiled_jcamp(folder: Path, data: bytes, changes: list[Edit]) -> None:
    assert_sound(folder / "spoiled.jdx", mutated(data, changes))


@fuzzing(300)
@given(data=st.sampled_from(PACKED), changes=edits)
def test_spoiled_binary_files(folder: Path, data: bytes, changes: list[Edit]) -> None:
    assert_sound(folder / "spoiled.dat", mutated(data, changes))


@fuzzing(150)
@given(data=st.binary(max_size=400))
def test_any_bytes(folder: Path, data: bytes) -> None:
    assert_sound(folder / "any.bin", data)


def test_the_files_spoiled_are_sound_themselves(folder: Path) -> None:
    read = [assert_sound(folder / "sound", data) for data in (*TEXTS, *JCAMPS, *PACKED)]
    # The one headed as energies holds 300 to 800, which is no energy in eV.
    assert [i for i, series in enumerate(read) if series is None] == [4]
