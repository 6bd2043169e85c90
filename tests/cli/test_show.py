"""`alloyscope show` on the example spectrum, whose content is known."""

import json

import pytest

from tests.conftest import EXAMPLE

IONS = ("--ion", "[Au21Ag23(SR)27]3-", "--ion", "[Au25(SR)18-H]2-")


def test_what_is_in_the_file(alloyscope):
    ran = alloyscope("show", EXAMPLE)
    assert ran.status == 0
    for said in ("4 of 4", "negative", "profile", "time-of-flight", "calibration", "unknown"):
        assert said in ran.out


def test_ions_are_found_where_the_simulation_put_them(alloyscope):
    ran = alloyscope("show", EXAMPLE, "--ligand", "p-MBA", *IONS, "--json")
    ions = json.loads(ran.out)["show"]["ions"]
    for ion in ions:
        miscalibration = 6.0 + 1.5 * (ion["most_abundant_mz"] - 2800) / 1000
        assert ion["error_ppm"] == pytest.approx(miscalibration, abs=4)
        assert ion["r2_free_scale_and_shift"] > 0.98
        assert ion["r2_free_scale_and_shift"] >= ion["r2_free_scale"]
        assert 11000 < ion["resolving_power"] < 16000
    assert [ion["electrons"] for ion in ions] == [20, 8]


def test_an_ion_that_is_not_there_does_not_look_alike(alloyscope):
    ran = alloyscope("show", EXAMPLE, "--ion", "[Au30Ag14(p-MBA)27]3-", "--json")
    (ion,) = json.loads(ran.out)["show"]["ions"]
    assert ion["r2_free_scale_and_shift"] < 0.5


def test_an_ion_outside_is_said_and_not_drawn(alloyscope, tmp_path):
    ran = alloyscope("show", EXAMPLE, "--ion", "[Au(p-MBA)2]-", "--figure", tmp_path / "f.svg")
    assert ran.status == 0
    assert "nothing to compare" in ran.out
    assert (tmp_path / "f.svg").exists()


def test_one_scan_of_four(alloyscope):
    found = json.loads(alloyscope("show", EXAMPLE, "--scans", "2", "--json").out)["show"]
    assert found["scans_read"] == 1
    assert found["time_min"] == [0.05, 0.05]


def test_peak_list_as_csv(alloyscope, tmp_path):
    path = tmp_path / "peaks.csv"
    assert alloyscope("show", EXAMPLE, "--mz", "3830-3850", "--peaks", path).status == 0
    rows = [tuple(map(float, row.split(","))) for row in path.read_text().splitlines()[1:]]
    tallest = max(rows, key=lambda row: row[1])
    assert tallest[0] == pytest.approx(3839.61, abs=0.6)
    assert rows == sorted(rows)


@pytest.mark.parametrize("view", ["overlay", "mirror"])
@pytest.mark.parametrize("normalise", ["least-squares", "tallest", "area"])
def test_figure_says_how_it_was_scaled(alloyscope, tmp_path, view, normalise):
    path = tmp_path / "f.svg"
    ran = alloyscope("show", EXAMPLE, "--ligand", "p-MBA", *IONS, "--mz", "3500-3900",
                     "--view", view, "--normalise", normalise, "--figure", path)  # fmt: skip
    assert ran.status == 0
    wording = {"least-squares": "least squares", "tallest": "tallest peak", "area": "area scaled"}
    assert wording[normalise] in path.read_text()


def test_page_holds_everything_and_fetches_nothing(alloyscope, tmp_path):
    page = tmp_path / "out" / "page.html"
    ran = alloyscope("show", "--case", EXAMPLE.with_suffix(".toml"), "--page", page)
    assert ran.status == 0
    html = page.read_text()
    assert html.count("<svg") == 1
    assert "[Au43Ag(p-MBA)26-H]3-" in html
    assert "<script" not in html
    assert "<link" not in html
    assert "url(http" not in html


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["none.mzML"], "none.mzML"),
        ([], "no file"),
        ([EXAMPLE, "--mz", "10-20"], "1802"),
        ([EXAMPLE, "--mz", "26o0"], "2590-2620"),
        ([EXAMPLE, "--mz", "2620-2590"], "below"),
        ([EXAMPLE, "--scans", "9"], "4"),
        ([EXAMPLE, "--polarity", "positive"], "negative"),
        ([EXAMPLE, "--ion", "[Au25(XY)18]-"], "XY"),
        ([EXAMPLE, "--ion", "Au25(p-MBA)18"], "charge"),
    ],
)
def test_bad_input_is_one_clear_line(alloyscope, arguments, said):
    ran = alloyscope("show", *arguments)
    assert ran.status == 2
    assert said in ran.err
    assert ran.err.startswith("alloyscope: ")
    assert ran.err.count("\n") == 1
