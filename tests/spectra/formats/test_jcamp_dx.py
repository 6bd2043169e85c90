"""JCAMP-DX: every packing against an independent encoder, and what the library does alone."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

import jcamp as library
import numpy as np
import pytest

from alloyscope.errors import EmptySpectrum, SpectrumError, UnreadableSpectrum
from alloyscope.spectra import AbsorptionSeries, read_absorption
from alloyscope.spectra.formats.jcamp_table import DamagedTableError, unpacked
from tests.spectra.absorption_files import NM, PEAK, asdf, jcamp

FORMS = ("AFFN", "PAC", "SQZ", "SQZDUP", "DIF", "DIFDUP")
BELOW = PEAK - 0.31


def read(tmp_path: Path, text: str) -> AbsorptionSeries:
    path = tmp_path / "a.jdx"
    path.write_text(text, encoding="utf-8")
    return read_absorption(path)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("y", [PEAK, BELOW, -PEAK, np.zeros(NM.size)], ids=list("abcd"))
@pytest.mark.parametrize("falling", [False, True])
def test_packed_tables(tmp_path: Path, form: str, y: np.ndarray, falling: bool) -> None:
    order = slice(None, None, -1 if falling else 1)
    series = read(tmp_path, jcamp(y[order], form, NM[order]))
    np.testing.assert_allclose(series.wavelength_nm, NM, atol=1e-9)
    np.testing.assert_allclose(series.absorbance[0], y, atol=6e-5)
    assert series.names == ("Ag44",)
    assert series.notes == ()


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("400A5JJ", [15, 16, 17]),
        ("400A5UB5T", [15, 15, 15, 25, 25]),
        ("400A5J2T%S", [15, 27, 39, 39]),
        ("400E5J", [55, 56]),
        ("400a5b0@", [-15, -20, 0]),
        ("400 1E-1 2e+1", [0.1, 20]),
        ("400+1E-1-2e-1", [0.1, -0.2]),
        ("400-1+2-3", [-1, 2, -3]),
        ("400 1 ? 3", [1, np.nan, 3]),
        ("400 15U 25T", [15, 15, 15, 25, 25]),
    ],
)
def test_lines_of_a_table(line: str, values: list[float]) -> None:
    first_x, y = unpacked([line])
    assert first_x == [400]
    np.testing.assert_array_equal(y, values)


def test_a_check_value_follows_only_a_difference() -> None:
    assert unpacked(["400A5A6A7", "403A8JJ", "405B0J"])[1] == [15, 16, 17, 18, 19, 20, 21]
    with pytest.raises(DamagedTableError, match="begins with 21 after one that ends with 20"):
        unpacked(["403A8JJ", "405B1J"])


# What jcamp 1.3.2 does alone; if one of these fails, the module's account of it is out of date.


def alone(table: str, n: int, head: str = "", form: str = "(X++(Y..Y))") -> dict[str, np.ndarray]:
    text = (
        f"##TITLE=t\n##FIRSTX=400\n##LASTX={399 + n}\n##NPOINTS={n}\n{head}"
        f"##XYDATA={form}\n{table}##END=\n"
    )
    with contextlib.redirect_stdout(io.StringIO()):
        values: dict[str, np.ndarray] = library.read(text.splitlines(keepends=True))
    return values


@pytest.mark.parametrize("form", ["AFFN", "PAC", "SQZ", "DIF", "DIFDUP"])
def test_the_library_is_right_on(form: str) -> None:
    x, y = np.arange(400.0, 440.0), [round(200 * np.sin(i / 5)) for i in range(40)]
    y[10:15] = [y[9]] * 5
    np.testing.assert_array_equal(alone(asdf(list(x), y, form), 40)["y"], y)


def test_the_library_is_wrong_on() -> None:
    with pytest.raises(IndexError):
        alone("400A5UB5T\n", 5)
    with pytest.raises(Exception, match="Unknown character"):
        alone("400 1 ? 3\n", 3)
    with pytest.raises(Exception, match="Unknown character"):
        alone("400 1 2 3 $$ comment\n", 3)
    assert alone("400+1E-1+2e-1\n", 2)["y"].size != 2
    assert alone("400 1 2 3\n", 3, form="(X++(Y..Y)) $$ c")["y"].size == 0
    cut = alone("400 1 2 3\n", 6)
    assert (cut["x"].size, cut["y"].size) == (6, 3)
    # The second line begins with a check value, but the first line has no difference in it.
    assert alone("400A5A6A7\n403A8JJ\n405B0J\n", 7)["y"].size == 8


# Units, labels, blocks


def test_units(tmp_path: Path) -> None:
    for text, note in (
        (jcamp(10**-PEAK, YUNITS="TRANSMITTANCE"), "A = -log10 T"),
        (jcamp(100 * 10**-PEAK, factor=1e-2, YUNITS="TRANSMITTANCE"), "taken as percent"),
        (jcamp(100 * 10**-PEAK, factor=1e-2, YUNITS="%T"), "A = -log10 T"),
        (jcamp(x=NM / 1000, XUNITS="MICROMETERS"), "from micrometres"),
        (jcamp(XUNITS=""), "Units not stated: nm and absorbance assumed."),
    ):
        series = read(tmp_path, text)
        np.testing.assert_allclose(series.absorbance[0], PEAK, atol=2e-3)
        np.testing.assert_allclose(series.wavelength_nm, NM, atol=1e-9)
        assert note in " ".join(series.notes)
    wavenumbers = np.linspace(12500, 33000, 101)
    series = read(tmp_path, jcamp(x=wavenumbers, XUNITS="1/CM"))
    np.testing.assert_allclose(series.wavelength_nm, 1e7 / wavenumbers[::-1])
    np.testing.assert_allclose(series.absorbance[0], PEAK[::-1], atol=6e-5)
    with pytest.raises(UnreadableSpectrum, match="an axis from 400 to 4000"):
        read(tmp_path, jcamp(x=np.linspace(400, 4000, 101), XUNITS="1/CM"))
    with pytest.raises(UnreadableSpectrum, match="values in 'REFLECTANCE'"):
        read(tmp_path, jcamp(YUNITS="REFLECTANCE"))


def test_the_logarithm_of_epsilon(tmp_path: Path) -> None:
    series = read(tmp_path, jcamp(PEAK + 4, YUNITS="Logarithm epsilon"))
    np.testing.assert_allclose(np.log10(series.absorbance[0]), PEAK + 4, atol=6e-5)
    assert "only the shape" in series.notes[0]


def test_labels_in_other_spellings_and_comments(tmp_path: Path) -> None:
    text = jcamp(form="AFFN", PATHLENGTH="2 mm")
    text = text.replace("##NPOINTS=101", "##N POINTS = 101 $$ as declared")
    text = text.replace("##XYDATA=(X++(Y..Y))", "##XY_DATA= ( X++(Y..Y) ) $$ a comment")
    lines = text.split("\n")
    lines[-4] += "   $$ the last but one"
    series = read(tmp_path, "\n".join(["$$ a comment before all", *lines]))
    np.testing.assert_allclose(series.absorbance[0], PEAK, atol=6e-5)
    assert series.path_cm == pytest.approx(0.2)


def test_pairs_of_x_and_y(tmp_path: Path) -> None:
    pairs = "\n".join(f"{x:.1f}, {round(y * 1e4)}; " for x, y in zip(NM, PEAK, strict=True))
    head = jcamp().split("##XYDATA")[0]
    series = read(tmp_path, f"{head}##XYPOINTS=(XY..XY)\n{pairs}\n##END=\n")
    np.testing.assert_allclose(series.absorbance[0], PEAK, atol=6e-5)
    with pytest.raises(UnreadableSpectrum, match="found 100 of 101 points"):
        read(tmp_path, f"{head}##XYPOINTS=(XY..XY)\n{pairs[: pairs.rindex('800')]}\n##END=\n")


@pytest.mark.parametrize("linked", [True, False])
def test_several_blocks(tmp_path: Path, linked: bool) -> None:
    blocks = "".join(
        jcamp(PEAK * (1 - t / 100), form, TITLE=f"{t} min")
        for t, form in zip((0, 2, 10, 30, 60, 90), FORMS, strict=True)
    )
    link = "##TITLE=course\n##JCAMP-DX=4.24\n##DATA TYPE=LINK\n##BLOCKS=7\n"
    series = read(tmp_path, f"{link}{blocks}##END=\n" if linked else blocks)
    np.testing.assert_array_equal(series.time_min, [0, 2, 10, 30, 60, 90])
    np.testing.assert_allclose(series.absorbance[5], PEAK * 0.1, atol=6e-5)


@pytest.mark.parametrize("form", FORMS)
def test_a_cut_file_says_how_much_is_left(tmp_path: Path, form: str) -> None:
    lines = jcamp(form=form).split("\n")
    with pytest.raises(UnreadableSpectrum, match=r"^a\.jdx: found \d+ of 101 points"):
        read(tmp_path, "\n".join(lines[:-6]))


@pytest.mark.parametrize(
    ("text", "error", "said"),
    [
        (jcamp().replace("XYDATA=(X++(Y..Y))", "PEAK TABLE=(XY..XY)"), UnreadableSpectrum,
         "a peak table"),
        (jcamp(**{"DATA TYPE": "MASS SPECTRUM"}), UnreadableSpectrum, "'MASS SPECTRUM'"),
        (jcamp(**{"DATA TYPE": "NMR SPECTRUM"}), UnreadableSpectrum, "'NMR SPECTRUM'"),
        (jcamp().replace("(X++(Y..Y))", "(X++(R..R))"), UnreadableSpectrum, "of the form"),
        (jcamp().split("##XYDATA")[0], EmptySpectrum, "without a table"),
        (jcamp(FIRSTX=500), UnreadableSpectrum, "FIRSTX is 500, its table begins at 300"),
        (jcamp(LASTX=500), UnreadableSpectrum, "LASTX is 500"),
        (jcamp(LASTX=300), UnreadableSpectrum, "the same in both"),
        (jcamp(NPOINTS=100), UnreadableSpectrum, "101 of 100 points"),
        (jcamp(form="AFFN").replace("##END", "800 1 x 3\n##END"), UnreadableSpectrum, "'x'"),
        (jcamp(form="DIF").replace("\n800", "\n800A"), UnreadableSpectrum, "a line that begins"),
    ],
)  # fmt: skip
def test_what_is_refused(tmp_path: Path, text: str, error: type[SpectrumError], said: str) -> None:
    with pytest.raises(error) as raised:
        read(tmp_path, text)
    assert said in str(raised.value)
    assert str(raised.value).startswith("a.jdx")


def test_missing_values_are_dropped_and_said(tmp_path: Path) -> None:
    text = jcamp(form="AFFN")
    row = next(line for line in text.split("\n") if line.startswith("400 "))
    series = read(tmp_path, text.replace(row, " ".join(["400", "?", "?", *row.split()[3:]])))
    assert set(NM) - set(series.wavelength_nm) == {400.0, 405.0}
    assert series.notes == ("2 points without a number dropped (over range or empty).",)
