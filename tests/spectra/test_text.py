"""Two columns of text in every dress they come in."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from alloyscope.errors import AlloyscopeError, EmptySpectrum, UnreadableSpectrum
from alloyscope.spectra import ProfileSpectrum, read_mass_spectrum
from tests.spectra.written import tof_profile

MZ, INTENSITY = tof_profile(600)
MZ = np.round(MZ, 4)
POINTS = list(zip(MZ, INTENSITY, strict=True))


def table(delimiter: str = "\t", decimal: str = ".", end: str = "\n") -> str:
    rows = [f"{a:.4f}{delimiter}{b:.2f}".replace(".", decimal) for a, b in POINTS]
    return end.join(rows) + end


def read(tmp_path: Path, text: str | bytes, name: str = "a.txt") -> ProfileSpectrum:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    spectrum = read_mass_spectrum(path)
    assert isinstance(spectrum, ProfileSpectrum)
    return spectrum


def assert_same(spectrum: ProfileSpectrum) -> None:
    np.testing.assert_allclose(spectrum.mz, MZ, rtol=0, atol=1e-9)
    np.testing.assert_allclose(spectrum.intensity, INTENSITY)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("delimiter", "decimal"),
    [
        ("\t", "."),
        ("\t", ","),
        (";", "."),
        (";", ","),
        ("; ", ","),
        ("|", "."),
        ("|", ","),
        (",", "."),
        (", ", "."),
        (" ", "."),
        ("   ", ","),
    ],
)
def test_delimiters_decimal_marks_line_ends(
    tmp_path: Path, delimiter: str, decimal: str, end: str
) -> None:
    spectrum = read(tmp_path, table(delimiter, decimal, end))
    assert_same(spectrum)
    assert spectrum.acquisition.notes == ()


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1"]
)
def test_encodings(tmp_path: Path, encoding: str) -> None:
    header = "Prüfling µ, Polarität: negativ\nm/z\tIntensität\n"
    assert_same(read(tmp_path, (header + table()).encode(encoding)))


@pytest.mark.parametrize(
    "header",
    [
        "m/z\tintensity\n",
        "# m/z, intensity\n\n",
        "SPECTRUM - MS\nsample.raw\nFTMS - p ESI Full ms [500.00-2000.00]\nScan #: 1\nRT: 0.01\n"
        "Mass\tIntensity\n",
        "Mass range: 100 2000\nPoints 600\n\n\nm/z\tIntens.\n",
        "% exported 2024-05-01 12:30:11\n! comment\n// more\n",
        "X(Thomsons)\tY(Counts)\n",
    ],
)
def test_headers(tmp_path: Path, header: str) -> None:
    spectrum = read(tmp_path, header + table())
    assert_same(spectrum)


@pytest.mark.parametrize(
    ("header", "polarity"),
    [
        ("Polarity: negative", "negative"),
        ("ESI- spectrum of sample 3", "negative"),
        ("FTMS - p ESI Full ms", "negative"),
        ("-MS, 0.1-0.5min #(6-30)", "negative"),
        ("ESI(+)", "positive"),
        ("FTMS + p NSI", "positive"),
        ("polarity=+", "positive"),
        ("positive or negative", None),
        ("ESI-MS of sample-3, m/z 100 - 2000", None),
        ("LC-MS", None),
        ("", None),
    ],
)
def test_polarity_in_the_header(tmp_path: Path, header: str, polarity: str | None) -> None:
    spectrum = read(tmp_path, f"{header}\nm/z\tintensity\n{table()}")
    assert spectrum.acquisition.polarity == polarity


def test_thousands_separators(tmp_path: Path) -> None:
    rows = [f"{a + 900:,.4f}\t{b * 1000:,.1f}" for a, b in POINTS]
    spectrum = read(tmp_path, "\n".join(rows))
    np.testing.assert_allclose(spectrum.mz, MZ + 900, atol=1e-9)
    np.testing.assert_allclose(spectrum.intensity, INTENSITY * 1000)
    german = [row.translate(str.maketrans(",.", ".,")) for row in rows]
    np.testing.assert_allclose(read(tmp_path, "\n".join(german)).mz, MZ + 900, atol=1e-9)
    swiss = [row.replace(",", "'") for row in rows]
    np.testing.assert_allclose(read(tmp_path, "\n".join(swiss)).mz, MZ + 900, atol=1e-9)


def test_quotes_exponents_and_trailing_delimiters(tmp_path: Path) -> None:
    rows = [f'"{a:.4f}",{b:.6e},' for a, b in POINTS]
    assert_same(read(tmp_path, "\n".join(rows)))
    rows = [f'"{a:.4f}","{b:.2f}"'.replace(".", ",") for a, b in POINTS]
    assert_same(read(tmp_path, "\n".join(rows)))


def test_named_columns_out_of_many(tmp_path: Path) -> None:
    rows = [f"{i};x;{b:.2f};{i * 7};{a:.4f}" for i, (a, b) in enumerate(POINTS)]
    text = "No.;Label;Abundance;Charge;m/z\n" + "\n".join(rows)
    spectrum = read(tmp_path, text)
    assert_same(spectrum)
    assert spectrum.acquisition.notes == ("Columns 5 and 3 of 5 taken as m/z and intensity.",)


def test_a_row_number_is_no_mz(tmp_path: Path) -> None:
    rows = [f"{i + 1}\t{a:.4f}\t{b:.2f}" for i, (a, b) in enumerate(POINTS)]
    spectrum = read(tmp_path, "\n".join(rows))
    assert_same(spectrum)
    assert spectrum.acquisition.notes == ("Columns 2 and 3 of 3 taken as m/z and intensity.",)


def test_unreadable_rows_are_dropped_and_named(tmp_path: Path) -> None:
    lines = table().splitlines()
    lines[16] = "abc"
    lines[20] = "501.x\t3"
    lines[30] = "# a comment is no row"
    spectrum = read(tmp_path, "\n".join(lines) + "\n")
    assert len(spectrum) == 597
    assert "2 of 599 rows dropped: line 17 'abc', line 21 '501.x\t3'." in spectrum.acquisition.notes


def test_too_many_unreadable_rows_are_refused(tmp_path: Path) -> None:
    lines = table().splitlines()
    lines[10:500:10] = ["- - -"] * 49
    with pytest.raises(UnreadableSpectrum, match=r"a.txt line 11: found '- - -', and 49 of 600"):
        read(tmp_path, "\n".join(lines))


def test_last_line_cut_off(tmp_path: Path) -> None:
    text = table().rstrip("\n")
    spectrum = read(tmp_path, text[: text.rindex("\t")])
    assert len(spectrum) == 599
    assert any("is cut off and was dropped" in note for note in spectrum.acquisition.notes)
    spectrum = read(tmp_path, table() + "end of data\nsecond line\n")
    assert "2 lines after the data skipped, 'end of data' first." in spectrum.acquisition.notes


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1234,5,67,8\n1234,6,70,1\n1234,7,65,3\n", "commas that can be read in two ways"),
        ("500,123\t1,234\n500,456\t2,345\n500,789\t9,876\n", "commas that can be read in two"),
        ("500.1\n500.2\n500.3\n", "one column of numbers, '500.1' the first"),
        ("500,1\n500,2\n500,2\n", "commas that can be read"),
        ("hello world\nno numbers here\n", "no line with two numbers; it starts 'hello world'"),
        ("BEGIN IONS\n100 2\n", "a Mascot generic file"),
        ("wavelength,absorbance,x\n300,0.5,1\n", "columns named wavelength, absorbance, x"),
    ],
)
def test_refused(tmp_path: Path, text: str, found: str) -> None:
    with pytest.raises(UnreadableSpectrum, match=r"^a\.txt: found") as error:
        read(tmp_path, text)
    assert found in str(error.value)


@pytest.mark.parametrize("text", ["", "\n \n\t\n", "\ufeff", "500\t0\n501\t0\n502\t0\n"])
def test_empty(tmp_path: Path, text: str) -> None:
    with pytest.raises(EmptySpectrum, match=r"a\.txt"):
        read(tmp_path, text)


def test_named_integer_columns_are_no_ambiguity(tmp_path: Path) -> None:
    rows = "".join(f"{i},{500 + i},{i % 7},1\n" for i in range(50))
    path = tmp_path / "a.csv"
    path.write_text("no,m/z,intensity,charge\n" + rows)
    spectrum = read_mass_spectrum(path, mode="centroid")
    np.testing.assert_array_equal(spectrum.mz, 500.0 + np.arange(50))
    np.testing.assert_array_equal(spectrum.intensity, np.arange(50) % 7)


def test_bad_values_are_dropped_and_counted(tmp_path: Path) -> None:
    rows = [*table().splitlines(), "nan\t5", "600\tinf", "-600\t5", "1e9\t5", "700\t1e305"]
    rows = [rows[0], *rows]
    spectrum = read(tmp_path, "\n".join(rows) + "\n")
    assert_same(spectrum)
    notes = " ".join(spectrum.acquisition.notes)
    for text in ("2 points with NaN", "2 points with an m/z not", "1 point with an intensity"):
        assert text in notes
    assert "1 point dropped as repeats" in notes


def test_a_million_rows(tmp_path: Path) -> None:
    mz = 500 + np.arange(1_000_000) * 1e-3
    path = tmp_path / "big.csv"
    np.savetxt(path, np.column_stack((mz, np.sin(mz) ** 2 * 100)), fmt="%.4f", delimiter=";")
    spectrum = read_mass_spectrum(path)
    np.testing.assert_allclose(spectrum.mz, mz, atol=1e-4)


def test_gzipped_text(tmp_path: Path) -> None:
    import gzip

    assert_same(read(tmp_path, gzip.compress(table().encode()), "a.txt.gz"))


def test_names_in_the_error_are_those_of_the_user(tmp_path: Path) -> None:
    with pytest.raises(AlloyscopeError, match=r"^my spectrum\.csv: found"):
        read(tmp_path, b"\x00\x01\x02\x03" * 100, "my spectrum.csv")
