"""`alloyscope uvvis` as a user runs it."""

import csv
import io
import json

import numpy as np
import pytest

from alloyscope.case import read_case
from tests.conftest import ROOT
from tests.uvvis.courses import SILVER, TIMES, WAVELENGTH, course, two_species

FOLDER = ROOT / "examples" / "uvvis-au44-ag44"
COURSE, REFERENCES = FOLDER / "course.csv", FOLDER / "references"


def written(path, columns, heads):
    lines = [",".join(["Wavelength (nm)", *heads])]
    lines += [",".join(f"{value:.5f}" for value in row)
              for row in np.column_stack([WAVELENGTH, *columns])]  # fmt: skip
    path.write_text("\n".join(lines) + "\n")
    return path


def rows_in(path):
    return list(csv.DictReader(io.StringIO(path.read_text())))


@pytest.fixture
def small(tmp_path):
    """A course of two species, without bands sought in most spectra."""
    made = course(two_species())
    return written(tmp_path / "small.csv", made.absorbance, [f"{t:g} min" for t in TIMES])


def test_a_time_course_with_references(alloyscope, tmp_path):
    out = tmp_path / "out"
    ran = alloyscope("uvvis", COURSE, "--references", REFERENCES, "--case", "au44-ag44",
                     "--analysed", 1, "--out", out)  # fmt: skip
    assert ran.status == 0, ran.err
    assert ran.out.startswith("Something else is here")
    tables = {"bands.csv", "band_curves.csv", "differences.csv", "spectra.csv", "fractions.csv",
              "components.csv", "colour.csv",
              "singular_values.csv", "isosbestic.csv", "kinetics.csv",
              "band_courses.csv"}  # fmt: skip
    figures = {name + ending for name in ("series", "differences", "unmixing", "components",
                                          "fractions", "bands", "singular-values",
                                          "kinetics", "colour")
               for ending in (".svg", ".png")}  # fmt: skip
    others = {"uvvis.json", "case.resolved.toml", "index.html"}
    assert {path.name for path in out.iterdir()} == tables | figures | others
    assert (out / "index.html").read_text().count("<svg") == 9
    bands = rows_in(out / "bands.csv")
    near = [float(row["position_nm"]) for row in bands if row["sure"] == "yes"]
    for stated in (390, 490, 728):
        assert min(abs(stated - at) for at in near) < 3
    again = tmp_path / "again"
    ran = alloyscope("uvvis", "--case", out / "case.resolved.toml", "--out", again, "--no-figures")
    assert ran.status == 0, ran.err
    for name in tables:
        assert (again / name).read_bytes() == (out / name).read_bytes()


def test_one_spectrum(alloyscope, tmp_path):
    path = written(tmp_path / "one.csv", [course(SILVER[None, :], times=TIMES[:1]).absorbance[0]],
                   ["Ag44"])  # fmt: skip
    ran = alloyscope("uvvis", path, "--window", "360:880", "--path", 2)
    assert ran.status == 0, ran.err
    assert "one spectrum, 360 to 880 nm, 521 points, cuvette 2 cm" in ran.out
    assert "isosbestic" not in ran.out.lower()
    assert "Colour in 2 cm under D65" not in ran.out or "380" not in ran.out


def test_json_is_all_there_is(alloyscope, small):
    ran = alloyscope("uvvis", small, "--analysed", 1, "--bands", "420,480", "--illuminant", "A",
                     "--json")  # fmt: skip
    told = json.loads(ran.out)["uvvis"]
    assert told["rank"]["rank"] == 2
    assert told["isosbestic"]["verdict"] == "clean"
    assert told["kinetics"]["together"][0]["half_life_min"] == pytest.approx(41.6, rel=0.02)
    assert [band["wavelength_nm"] for band in told["kinetics"]["bands"]] == [420.0, 480.0]
    assert told["colour"][0][0]["illuminant"] == "A"


def test_times_and_settings_are_kept(alloyscope, small, tmp_path):
    saved = tmp_path / "saved.toml"
    times = ",".join(f"{k + 1}h" for k in range(10))
    ran = alloyscope("uvvis", small, "--times", times, "--bands", "420", "--analysed", 1,
                     "--no-offset", "--slope", "--noise", 0.001, "--save-case", saved,
                     "--out", tmp_path / "out", "--no-figures")  # fmt: skip
    assert ran.status == 0, ran.err
    asked = read_case(saved).uvvis
    assert asked.times[-1] == "10h"
    assert (asked.offset, asked.slope, asked.noise) == (False, True, 0.001)
    rows = rows_in(tmp_path / "out" / "band_courses.csv")
    assert float(rows[-1]["time_min"]) == 600.0


def test_populations_of_the_case(alloyscope, tmp_path):
    out = tmp_path / "out"
    ran = alloyscope("uvvis", COURSE, "--case", "au44-ag44", "--ratio", "1:3", "--analysed", 1,
                     "--bands", "420", "--out", out, "--no-figures")  # fmt: skip
    assert ran.status == 0, ran.err
    assert "from their populations" in ran.out
    assert (out / "species_spectra.csv").exists()


def test_a_folder_that_is_not_empty_is_left_alone(alloyscope, small, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine")
    ran = alloyscope("uvvis", small, "--out", tmp_path / "mine")
    assert ran.status == 2
    assert "not empty" in ran.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "no spectrum; expected a file or a folder"),
        (("missing.csv",), "missing.csv"),
        (("COURSE", "--window", "400"), '--window: found "400"'),
        (("COURSE", "--window", "a:b"), '--window: found "a"'),
        (("COURSE", "--window", "800:400"), "The first must be below the second"),
        (("COURSE", "--window", "1500:1600"), "a part of course.csv"),
        (("COURSE", "--bands", "blue"), '--bands: found "blue"'),
        (("COURSE", "--bands", "200"), "bands: found 200 nm"),
        (("COURSE", "--times", "2"), 'time "2"'),
        (("COURSE", "--times", "2min,10min"), "10 spectra"),
        (("COURSE", "--unknown", "9"), "unknown"),
        (("COURSE", "--unknown", "-1"), "unknown"),
        (("COURSE", "--path", "-1"), "path"),
        (("COURSE", "--path", "0"), "--path: found 0 cm; expected more than 0"),
        (("COURSE", "--noise", "nan"), "noise"),
        (("COURSE", "--illuminant", "sun"), "illuminant"),
        (("COURSE", "--references", "nowhere.csv"), "nowhere.csv"),
        (("COURSE", "--molar", "Ag44"), '--molar: found "Ag44"'),
        (("COURSE", "--molar", "Ag44=many"), '--molar: found "many"'),
        (("COURSE", "--molar", "Ag44=1e-6"), "molar: found Ag44"),
        (("COURSE", "--ratio", "1:3"), "expected a reaction"),
        (("COURSE", "--ratio", "1:3", "--unknown", "1"), "populations say what is there"),
        (("COURSE", "--populations", "gone.csv"), "gone.csv"),
        (("COURSE", "--false-alarm", "2"), "false_alarm"),
        (("COURSE", "--ligand", "PET", "--ligand", "NTP"), "one thiolate"),
        (("COURSE", "--analysed", "-2"), "analysed"),
    ],
)
def test_what_cannot_be_done_is_one_line(alloyscope, arguments, said):
    ran = alloyscope("uvvis", *(COURSE if one == "COURSE" else one for one in arguments))
    assert ran.status == 2
    assert ran.err.startswith("alloyscope: ")
    assert ran.err.count("\n") == 1
    assert said in ran.err


def test_frameworks_without_their_case_ask_for_it(alloyscope, small, tmp_path):
    rows = [f"{t:g},C,0.5" for t in TIMES]
    table = tmp_path / "frameworks.csv"
    table.write_text("\n".join(["time_min,framework,clusters", *rows]) + "\n")
    ran = alloyscope("uvvis", small, "--populations", table)
    assert ran.status == 2
    assert "--case au44-ag44" in ran.err
    assert ran.err.count("\n") == 1
    assert "--case" in alloyscope("uvvis", "--help").out.partition("--populations")[2][:300]
