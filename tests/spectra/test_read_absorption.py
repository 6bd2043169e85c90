"""Absorption spectra as text: the exports of instruments, wide tables, folders, bad input."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from alloyscope.errors import AlloyscopeError, EmptySpectrum, SpectrumError, UnreadableSpectrum
from alloyscope.spectra import AbsorptionSeries, read_absorption, read_absorption_spectrum
from tests.spectra.absorption_files import (
    COURSE,
    NM,
    PEAK,
    TIMES,
    cary,
    ocean,
    perkin_elmer,
    shimadzu,
    transposed,
    wide,
)

Write = Callable[..., Path]
MINUTES = ("0 min", "2 min", "10 min", "1 h")
PERCENT = 100 * 10**-PEAK


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(data: str | bytes, name: str = "sample.dat") -> Path:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return path

    return written


JASCO = "TITLE\tAg44 run 3\nXUNITS\tNANOMETERS\nYUNITS\tABSORBANCE\nNPOINTS\t101\nXYDATA"


def two_columns(
    x: np.ndarray = NM, y: np.ndarray = PEAK, heading: str = "nm,Abs", fmt: str = "{:.6f},{:.6f}"
) -> str:
    return "\n".join([heading, *(fmt.format(a, b) for a, b in zip(x, y, strict=True))]) + "\n"


def assert_holds(
    series: AbsorptionSeries, spectra: np.ndarray, times: object = None, atol: float = 6e-4
) -> None:
    np.testing.assert_allclose(series.wavelength_nm, NM, atol=1e-3)
    np.testing.assert_allclose(series.absorbance, np.atleast_2d(spectra), atol=atol)
    if times is None:
        assert series.time_min is None
    else:
        np.testing.assert_allclose(series.time_min, times)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (cary(["Au44"], PEAK[None]), "Au44"),
        (shimadzu(), "Au44 - RawData"),
        (shimadzu(comma=True), "Au44 - RawData"),
        (perkin_elmer(), "Ag44 in DMF"),
        (ocean(), "sample"),
        (ocean(comma=True), "sample"),
        (ocean(end=False), "sample"),
        (two_columns(), "sample"),
        (two_columns(heading="Wavelength (nm)\tAg44", fmt="{:.1f}\t{:.5f}"), "Ag44"),
        (two_columns(heading="", fmt="{:.1f} {:.5f}"), "sample"),
        (two_columns(heading="# a comment", fmt="  {:.1f}   {:.4e}"), "sample"),
        (two_columns(heading=JASCO,
                     fmt="{:.1f}\t{:.5f}"), "Ag44 run 3"),
        (two_columns(heading="Wellenlänge [nm];Extinktion", fmt="{:.1f};{:.5f}").replace(".", ","),
         "sample"),
        ("no,nm,Abs\n" + "\n".join(f"{i},{a},{b}" for i, (a, b) in enumerate(
            zip(NM, PEAK, strict=True))), "sample"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("packed", ["utf-8", "utf-8-sig", "utf-16", "latin-1", "gzip"])
def test_exports_of_one_spectrum(write: Write, text: str, name: str, packed: str) -> None:
    data = gzip.compress(text.encode()) if packed == "gzip" else text.encode(packed)
    path = write(data)
    spectrum = read_absorption_spectrum(path)
    assert spectrum.name == name
    assert_holds(read_absorption(path), PEAK)


@pytest.mark.parametrize(
    ("text", "note"),
    [
        (cary(["Au44"], PERCENT[None], y="%T"), "A = -log10 T"),
        (shimadzu(y=PERCENT, unit="T%"), "A = -log10 T"),
        (perkin_elmer(PERCENT, "%T"), "A = -log10 T"),
        (two_columns(y=PERCENT / 100, heading="nm,Transmittance"), "A = -log10 T"),
        (two_columns(y=PERCENT, heading="nm,T"), "taken as percent"),
        (two_columns(y=1000 * PEAK, heading="nm,mAU"), "thousandths"),
        (two_columns(1239.841984 / NM, heading="Energy (eV),Abs", fmt="{:.9f},{:.5f}"), "from eV"),
        (two_columns(1239.841984 / NM, heading="eV,Abs", fmt="{:.9f},{:.5f}"), "from eV"),
        (two_columns(1e7 / NM, heading="Wavenumber (cm-1),Abs"), "from cm⁻¹"),
        (two_columns(NM / 1000, heading="Wavelength [µm],Abs"), "micrometres"),
    ],
)
def test_other_units_are_converted_and_said(write: Write, text: str, note: str) -> None:
    series = read_absorption(write(text))
    assert_holds(series, PEAK, atol=5e-3)
    assert note in " ".join(series.notes)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (cary(["0 min", "2 min", "10 min", "60 min"], COURSE), ""),
        (wide(MINUTES), ""),
        (wide(MINUTES, delimiter="\t", decimal=","), ""),
        (wide(["t=0 min", "t=2min", "t = 10 min", "t=60min"], delimiter=";", decimal=","), ""),
        (wide(["0", "2", "10", "60"]), "minutes assumed"),
        (wide(["0", "2", "10", "60"], delimiter="  ", corner="nm"), "minutes assumed"),
        (wide(["0", "120", "600", "3600"], corner="Wavelength (nm) / Time (s)"), ""),
        ("Time (s)\n" + wide(["0", "120", "600", "3600"]), ""),
        (wide(["0", "2", "10", "60"], corner="0"), "minutes assumed"),
        (transposed(["0", "2", "10", "60"]), ""),
        (transposed(["0", "2", "10", "60"], "no"), "minutes assumed"),
        (transposed(["0", "120", "600", "3600"], "Time (s)"), ""),
        (transposed(MINUTES, ""), ""),
        (transposed(["10:00:00", "10:02:00", "10:10:00", "11:00:00"], ""), ""),
        (transposed(["0", "2", "10", "60"], "0"), "minutes assumed"),
    ],
)
def test_time_courses(write: Write, text: str, said: str) -> None:
    series = read_absorption(write(text))
    assert_holds(series, COURSE, TIMES)
    assert said in " ".join(series.notes)
    if not said:
        assert "assumed" not in " ".join(series.notes)


def test_wavelengths_that_may_go_down_or_across_need_a_heading(write: Write) -> None:
    labels = ["200", "300", "400", "500"]
    assert_holds(read_absorption(write(wide(labels))), COURSE, [200, 300, 400, 500])
    by_second = read_absorption(write(transposed(labels, "Time (s)")))
    assert_holds(by_second, COURSE, np.array([200, 300, 400, 500]) / 60)
    with pytest.raises(UnreadableSpectrum, match="may both be wavelengths"):
        read_absorption(write(transposed(labels, "")))


def test_spectra_are_sorted_by_time_and_keep_their_names(write: Write) -> None:
    series = read_absorption(write(wide(["10 min", "1 h", "0 min", "2 min"], COURSE[[2, 3, 0, 1]])))
    assert_holds(series, COURSE, TIMES)
    assert series.names == ("0 min", "2 min", "10 min", "1 h")
    assert series.spectrum(1).time_min == 2


def test_given_times_override_those_of_the_file(write: Write) -> None:
    path = write(wide(["a", "B", "c", "A"]))
    series = read_absorption(path)
    assert_holds(series, COURSE)
    assert series.names == ("a", "B", "c", "A")
    assert series.notes == ("No times in the names: the order of the file or folder is kept.",)
    assert_holds(read_absorption(path, times=(0, 5, 7.5, 9)), COURSE, [0, 5, 7.5, 9])
    for times in [(0, 1), (0, 1, 2, np.nan), (0, 1, 1, 2)]:
        with pytest.raises(SpectrumError, match=r"times for 4 spectra|two spectra at 1 min"):
            read_absorption(path, times=times)


def test_two_spectra_at_one_time_are_refused(write: Write) -> None:
    with pytest.raises(SpectrumError, match="two spectra at 60 min, '60 min' and '1 h'"):
        read_absorption(write(wide(["0 min", "2 min", "60 min", "1 h"])))


def test_a_file_of_several_is_not_one_spectrum(write: Write) -> None:
    with pytest.raises(SpectrumError, match="found 4 spectra"):
        read_absorption_spectrum(write(wide(MINUTES)))


def test_tables_below_each_other_are_all_read(write: Write) -> None:
    text = "\n".join(two_columns(heading=f"{name}\nnm,Abs", y=y) for name, y in
                     zip(("0 min", "2 min", "10 min", "60 min"), COURSE, strict=True))  # fmt: skip
    assert_holds(read_absorption(write(text)), COURSE, TIMES)


def test_a_table_with_absorbance_and_transmittance_gives_absorbance(write: Write) -> None:
    rows = "\n".join(f"{a},{t:.4f},{b}" for a, t, b in zip(NM, PERCENT, PEAK, strict=True))
    series = read_absorption(write("nm,%T,Abs\n" + rows))
    assert_holds(series, PEAK)
    assert series.notes == ("Columns passed over: %T.",)
    with pytest.raises(UnreadableSpectrum, match="columns named nm, Counts, Dark"):
        read_absorption(write("nm,Counts,Dark\n" + rows))


def test_a_name_is_no_kind_of_value_and_a_kind_of_value_no_name(write: Write) -> None:
    rows = "\n".join(f"{a:.1f};99;3;{b}" for a, b in zip(NM, PEAK, strict=True))
    text = f"Wave;Sample;Dark;Absorbance\n[nm];[counts];[counts];[A]\n\n{rows}"
    assert read_absorption(write(text)).names == ("sample",)
    names = ("Ag44 reference", "Au44 reference", "A", "R=1/3")
    assert read_absorption(write(wide(names))).names == names


def test_clock_times_in_names_are_counted_from_the_first(write: Write, tmp_path: Path) -> None:
    clock = ("23-59-00-000", "00-01-00-000", "00-09-00-000", "00-59-00-000")
    for i, (time, y) in enumerate(zip(clock, COURSE, strict=True)):
        write(ocean(y), f"run/Au44_Absorbance_{i}_{time}.txt")
    series = read_absorption(tmp_path / "run")
    assert_holds(series, COURSE, TIMES)
    assert series.notes == ("Times counted from the first, by the clock.",)


def test_the_instruments_baseline_is_no_sample(write: Write) -> None:
    both = np.array([np.full(NM.size, 99.0), PERCENT])
    series = read_absorption(write(cary(["Baseline 100%T", "Au44"], both, y="%T")))
    assert series.names == ("Au44",)
    assert "Columns passed over: Baseline 100%T." in series.notes


def test_an_absorbance_against_time_is_no_spectrum(write: Write) -> None:
    with pytest.raises(UnreadableSpectrum, match=r"values against 'Time \(s\)'"):
        read_absorption(write(two_columns(heading="Time (s),Abs")))


def test_blocks_with_names_and_dates_above_them(write: Write) -> None:
    blocks = [
        f"Sample {i}\n3/4/2021 10:0{i}:00 AM\n\nWavelength (nm)\t10mm Absorbance\n"
        + "\n".join(f"{a:.1f}\t{b}" for a, b in zip(NM, y, strict=True))
        for i, y in enumerate(COURSE, 1)
    ]
    series = read_absorption(write("\n\n".join(blocks)))
    assert_holds(series, COURSE)
    assert series.names == ("Sample 1", "Sample 2", "Sample 3", "Sample 4")


def test_rows_with_a_date_and_milliseconds(write: Write) -> None:
    first = "\t\t" + "\t".join(f"{nm:g}" for nm in NM)
    rows = [
        f"2021-03-04 10:{int(t):02d}:00.000\t{1614852000000 + int(t * 60000)}\t"
        + "\t".join(f"{v:.4f}" for v in y)
        for t, y in zip((0, 2, 10, 40), COURSE, strict=True)
    ]
    series = read_absorption(write("\n".join([">>>>>Begin Spectral Data<<<<<", first, *rows])))
    assert_holds(series, COURSE, (0, 2, 10, 40))


def test_the_path_length_is_read_where_it_is_stated(write: Write) -> None:
    path = write("Path length (mm): 2\n" + two_columns())
    assert read_absorption(path).path_cm == pytest.approx(0.2)
    assert read_absorption(write(two_columns())).path_cm is None


def test_molar_coefficients_are_kept_and_said(write: Write) -> None:
    series = read_absorption(write(two_columns(y=PEAK * 1e5, heading="nm,epsilon (M-1 cm-1)")))
    assert series.absorbance.max() == pytest.approx(1e5 * PEAK.max())
    assert "only the shape" in series.notes[0]


# Folders


def test_a_folder_in_natural_order_with_times_from_names(write: Write, tmp_path: Path) -> None:
    for name, y in zip(("0s", "0120s", "10min", "1h"), COURSE, strict=True):
        write(two_columns(y=y), f"run/Au44_t={name}.csv")
    write("notes of the day", "run/readme.txt")
    write("", "run/.hidden")
    seen: list[tuple[int, int | None]] = []
    series = read_absorption(tmp_path / "run", progress=lambda n, of: seen.append((n, of)))
    assert_holds(series, COURSE, TIMES)
    assert series.names[1] == "Au44_t=0120s"
    assert any(note.startswith("Left out: readme.txt: found") for note in series.notes)
    assert seen[-1] == (5, 5)


def test_a_folder_without_times_keeps_the_order_people_count_in(
    write: Write, tmp_path: Path
) -> None:
    for number, y in zip((1, 2, 10, 11), COURSE, strict=True):
        write(two_columns(y=y), f"run/{number}.csv")
    series = read_absorption(tmp_path / "run")
    assert_holds(series, COURSE)
    assert series.names == ("1", "2", "10", "11")
    assert "No times in the names" in series.notes[-1]


def test_a_folder_where_one_name_has_no_time(write: Write, tmp_path: Path) -> None:
    for name in ("0 min", "5 min", "overnight"):
        write(two_columns(), f"run/{name}.csv")
    series = read_absorption(tmp_path / "run")
    assert series.time_min is None
    assert "1 of 3 names have no time, or two, 'overnight'" in series.notes[-1]


def test_folders_without_spectra(write: Write, tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    with pytest.raises(UnreadableSpectrum, match="run: found an empty folder"):
        read_absorption(tmp_path / "run")
    write("nothing here", "run/a.txt")
    with pytest.raises(UnreadableSpectrum, match=r"1 files, none of them one.*a\.txt: found"):
        read_absorption(tmp_path / "run")
    with pytest.raises(SpectrumError, match="found a folder"):
        read_absorption_spectrum(tmp_path / "run")


def test_the_start_needs_no_unit_and_times_may_stand_inside(write: Write, tmp_path: Path) -> None:
    for name, y in zip(("Au44_t0", "Au44_2min", "Au44_10 min", "Au44_1h"), COURSE, strict=True):
        write(two_columns(y=y), f"run/{name}.csv")
    assert_holds(read_absorption(tmp_path / "run"), COURSE, TIMES)
    for i, (time, y) in enumerate(zip(MINUTES, COURSE, strict=True)):
        write(two_columns(y=y, heading=f"nm,{time}"), f"other/scan{i}.csv")
    assert_holds(read_absorption(tmp_path / "other"), COURSE, TIMES)


def test_what_was_done_to_every_file_is_said_once(write: Write, tmp_path: Path) -> None:
    for name, y in zip(MINUTES, COURSE, strict=True):
        write(two_columns(y=100 * 10**-y, heading="# simulated\nnm,%T"), f"run/{name}.csv")
    assert read_absorption(tmp_path / "run").notes == (
        "The file says of itself that it is simulated or a sketch, not measured.",
        "Converted from transmittance: A = -log10 T.",
    )


# Axes


def test_axes_that_differ_meet_on_the_coarsest(write: Write, tmp_path: Path) -> None:
    fine = np.arange(350.0, 700.0, 1.3)
    write(two_columns(fine, 0.001 * fine), "run/a.csv")
    write(two_columns(NM, 0.002 * NM), "run/b.csv")
    series = read_absorption(tmp_path / "run")
    kept = NM[(fine[0] <= NM) & (fine[-1] >= NM)]
    np.testing.assert_array_equal(series.wavelength_nm, kept)
    np.testing.assert_allclose(series.absorbance, np.outer([0.001, 0.002], kept), atol=1e-6)
    assert "1 of 2 spectra interpolated linearly on the wavelengths of 'b'" in series.notes[-2]
    assert series.notes[-1] == "Cut to what all spectra share: 350 to 695 nm."


def test_nothing_is_drawn_across_a_hole(write: Write, tmp_path: Path) -> None:
    fine = np.concatenate([np.arange(300.0, 400.0, 1.3), np.arange(500.0, 801.0, 1.3)])
    write(two_columns(fine, 0.001 * fine), "run/a.csv")
    write(two_columns(NM, 0.002 * NM), "run/b.csv")
    series = read_absorption(tmp_path / "run")
    assert not ((series.wavelength_nm > 400) & (series.wavelength_nm < 500)).any()
    assert "where a spectrum has a hole" in series.notes[-1]


def test_one_grid_with_a_gap_is_not_interpolated(write: Write) -> None:
    lines = wide(MINUTES).split("\n")
    lines[20] = lines[20].split(",")[0] + ",0.5,OVER,0.5,0.5"
    series = read_absorption(write("\n".join(lines)))
    keep = np.arange(NM.size) != 19
    np.testing.assert_array_equal(series.wavelength_nm, NM[keep])
    np.testing.assert_array_equal(series.absorbance, COURSE[:, keep])
    assert series.notes == (
        "2 min: 1 point without a number dropped (over range or empty).",
        "1 wavelength left out that not all spectra have.",
    )


def test_no_common_wavelengths(write: Write, tmp_path: Path) -> None:
    write(two_columns(NM), "run/a.csv")
    write(two_columns(NM + 1000), "run/b.csv")
    with pytest.raises(SpectrumError, match="share no wavelengths: 300 to 800 nm, 1300 to 1800"):
        read_absorption(tmp_path / "run")


# What is dropped is said


def test_faults_are_repaired_and_said(write: Write) -> None:
    rows = [f"{a:.1f},{b:.4f}" for a, b in zip(NM, PEAK, strict=True)]
    shuffled = [*rows[50:], *rows[:50]]
    shuffled[3] = shuffled[3].split(",")[0] + ",Inf"
    shuffled[4] = shuffled[4].split(",")[0] + ",****"
    shuffled[7] = shuffled[7].split(",")[0] + ","
    shuffled.append("400.0,1.0")
    series = read_absorption(write("\n".join(["nm,Abs", *shuffled, "500.0"])))
    assert len(series.wavelength_nm) == NM.size - 3
    at = int(np.flatnonzero(series.wavelength_nm == 400)[0])
    assert series.absorbance[0, at] == pytest.approx((1 + PEAK[NM == 400][0]) / 2)
    assert series.notes == (
        "1 of 102 rows dropped: line 9 '585.0,'.",
        "The last line, '500.0', is cut off and was dropped.",
        "2 points without a number dropped (over range or empty).",
        "Wavelengths out of order: sorted.",
        "1 wavelength with several values: their mean taken.",
    )


def test_a_cut_file_that_declares_its_points(write: Write) -> None:
    text = perkin_elmer()
    series = read_absorption(write(text[: text.index("605.000")]))
    assert series.notes == ("Truncated: 39 of 101 points read.",)


def test_no_light_is_no_absorbance(write: Write) -> None:
    y = PERCENT.copy()
    y[:5] = (0, -0.1, 0, 0, 0)
    series = read_absorption(write(two_columns(y=y, heading="nm,%T")))
    assert series.wavelength_nm[0] == NM[5]
    assert series.notes[0] == "5 points with no transmittance above zero dropped."
    with pytest.raises(EmptySpectrum, match="above zero transmittance"):
        read_absorption(write(two_columns(y=-y, heading="nm,%T").replace("--", "")))


def test_saturation_is_said(write: Write) -> None:
    series = read_absorption(write(two_columns(y=np.minimum(PEAK * 10, 3.0))))
    assert "Saturated: all values from 380 to 460 nm are 3" in series.notes[0]
    series = read_absorption(write(two_columns(y=PEAK * 5)))
    assert "Absorbance above 3.5 at" in series.notes[0]
    assert read_absorption(write(two_columns())).notes == ()


def test_a_file_that_calls_itself_simulated_is_called_so(write: Write) -> None:
    series = read_absorption(write("# simulated, not measured\n" + two_columns()))
    assert series.notes == (
        "The file says of itself that it is simulated or a sketch, not measured.",
    )


@pytest.mark.parametrize(
    ("data", "error", "said"),
    [
        ("", EmptySpectrum, "an empty file"),
        (gzip.compress(b"", mtime=0), EmptySpectrum, "an empty file"),
        (" \n\n", EmptySpectrum, "an empty file"),
        ("<html><body>400 0.1</body></html>", UnreadableSpectrum, "a web page"),
        ("<!DOCTYPE html>\n<p>", UnreadableSpectrum, "a web page"),
        ('<?xml version="1.0"?><mzML>', UnreadableSpectrum, "a mass spectrum"),
        ("\n".join(f"{a}" for a in NM), UnreadableSpectrum, "one column of numbers"),
        ("to do: measure", UnreadableSpectrum, "no line with two numbers"),
        (two_columns(heading="m/z,intensity"), UnreadableSpectrum, "columns of a mass spectrum"),
        (two_columns(y=PEAK * 1e5), UnreadableSpectrum, "values up to 80"),
        (two_columns(NM * 10), UnreadableSpectrum, "an axis from 3000 to 8000"),
        (two_columns(NM / 100), UnreadableSpectrum, "an axis from 3 to 8"),
        ("400,1,2\n401,2,3\n402,3,4", UnreadableSpectrum, "commas that can be read in two ways"),
        (two_columns().replace("0,0.", "0;x0."), UnreadableSpectrum, "no line with two numbers"),
        (two_columns()[:9] + "OVER\n305.0,OVER\n", UnreadableSpectrum, "no line with two"),
        (b"PK\x03\x04" + bytes(200), UnreadableSpectrum, "an Excel workbook"),
        (bytes(range(256)) * 8, UnreadableSpectrum, "bytes that are no text"),
    ],
)
def test_what_is_no_absorption_spectrum_is_refused(
    write: Write, data: str | bytes, error: type[AlloyscopeError], said: str
) -> None:
    with pytest.raises(error, match=rf"^sample\.dat.*{re.escape(said)}"):
        read_absorption(write(data))


@pytest.mark.parametrize(
    ("name", "data", "do"),
    [
        ("a.DSW", b"\x10Varian UV-VIS-NIR\0\1\2", "Spreadsheet ASCII"),
        ("a.bsw", bytes(range(1, 32)) * 9, "Spreadsheet ASCII"),
        ("a.sp", b"PEPE\1\2\3\4" + bytes(300), "In UV WinLab"),
        ("a.sd", bytes(range(1, 32)) * 9, "In ChemStation"),
        ("a.KD", bytes(range(1, 32)) * 9, "In ChemStation"),
        ("a.spc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "In UVProbe"),
        ("a.jws", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "In Spectra Manager"),
        ("a.sre", bytes(range(1, 32)) * 9, "Export the spectrum as CSV"),
    ],
)
def test_instruments_own_files_are_told_how_to_export(
    write: Write, name: str, data: bytes, do: str
) -> None:
    with pytest.raises(UnreadableSpectrum, match=re.escape(do)):
        read_absorption(write(data, name))


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(UnreadableSpectrum, match=r"none\.csv: found no such file"):
        read_absorption(tmp_path / "none.csv")
