"""`alloyscope assign` as a user runs it: what reaches the algorithm, what comes back."""

import csv
import json

import pytest

from alloyscope.case import read_case
from alloyscope.chemistry import parse_ion
from tests.assignment.example import example, nothing
from tests.conftest import EXAMPLE

AU44 = ("--case", "au44-ag44")


@pytest.fixture
def asked(monkeypatch):
    """What the algorithm was called with; it answers with `asked.answer`."""

    class Asked:
        answer = example()

        def __call__(self, spectrum, space, **rest):
            self.spectrum, self.space, self.rest = spectrum, space, rest
            return self.answer

    recorder = Asked()
    monkeypatch.setattr("alloyscope.assignment.assign.assign", recorder)
    return recorder


def test_what_the_terminal_says(alloyscope, asked):
    ran = alloyscope("assign", EXAMPLE, *AU44)
    assert ran.status == 0
    assert ran.out.startswith("36 ions of the search space called")
    assert "M44S30 (A)" in ran.out
    assert "[Au5Ag39(p-MBA)30]4-" in ran.out


def test_the_example_is_read_as_it_was_made(alloyscope, tmp_path):
    out = tmp_path / "out"
    ran = alloyscope("assign", EXAMPLE, *AU44, "--mz", "3500-4300", "--out", out)
    assert ran.status == 0, ran.err
    with (out / "ions.csv").open() as file:
        ions = {row["ion"]: row for row in csv.DictReader(file)}
    families = {44 - x: f"[Au{x}Ag{44 - x}(p-MBA)27]3-" for x in range(20, 24)}
    families |= {3: "[Au41Ag3(p-MBA)26-H]3-", 2: "[Au42Ag2(p-MBA)26-H]3-",
                 1: "[Au43Ag(p-MBA)26-H]3-", 0: "[Au44(p-MBA)26-H]3-"}  # fmt: skip
    assert set(ions) == {*families.values(), "[Au25(p-MBA)18-H]2-"}
    for row in ions.values():
        assert abs(float(row["error_ppm"])) < 5
    with (out / "distribution.csv").open() as file:
        rows = list(csv.DictReader(file))
    got = {int(row["x"]): float(row["fraction"]) for row in rows if row["framework"] == "M44S27"}
    for x, share in zip(range(20, 24), (0.03, 0.08, 0.07, 0.03), strict=True):
        assert got[x] == pytest.approx(share / 0.21, abs=0.02)


def test_options_reach_the_algorithm(alloyscope, asked, tmp_path):
    blank = tmp_path / "blank.txt"
    blank.write_text("".join(f"{2000 + 0.01 * k:.2f} {k % 7}\n" for k in range(2000)))
    ran = alloyscope(
        "assign", EXAMPLE, *AU44, "--ligand", "p-MBA", "--ligand", "NTP", "--mz", "2300-2800",
        "--scans", "1-2", "--resolving-power", "12000", "--resolving-power-at", "2000",
        "--mass-accuracy", "15", "--analyzer", "ft", "--lock", "2335.46", "--lock", "2602.65",
        "--require", "[Ag44(SR)30]4-", "--exclude", "[Au25(SR)18]-", "--exclude",
        "[Ag44(SR)30]5-", "--blank", blank, "--q", "0.01",
    )  # fmt: skip
    assert ran.status == 0, ran.err
    assert asked.spectrum.acquisition.scans_read == 2
    assert 2300 <= asked.spectrum.mz[0] < asked.spectrum.mz[-1] <= 2800
    assert asked.space.metals == ("Au", "Ag")
    assert [str(ligand) for ligand in asked.space.ligands] == ["p-MBA", "NTP"]
    hints = asked.rest["hints"]
    assert (hints.resolving_power, hints.resolving_power_at) == (12000, 2000)
    assert hints.mass_accuracy_ppm == 15
    assert hints.transform is True
    assert hints.lock == (2335.46, 2602.65)
    assert asked.rest["require"] == (parse_ion("[Ag44(p-MBA)30]4-"),)
    assert [str(ion) for ion in asked.rest["exclude"]] == [
        "[Au25(p-MBA)18]-", str(parse_ion("[Ag44(p-MBA)30]5-"))
    ]  # fmt: skip
    assert len(asked.rest["blank"]) == 2000
    assert asked.rest["q"] == 0.01


def test_what_is_not_given_is_not_known_and_the_file_names_its_analyser(alloyscope, asked):
    assert alloyscope("assign", EXAMPLE, *AU44).status == 0
    hints = asked.rest["hints"]
    assert hints.resolving_power == hints.resolving_power_at == hints.mass_accuracy_ppm == 0
    assert hints.transform is False
    assert hints.lock == asked.rest["require"] == asked.rest["exclude"] == ()
    assert asked.rest["blank"] is None
    assert asked.rest["q"] == 0.05


def test_a_list_of_ions_stands_in_for_the_space(alloyscope, asked, tmp_path):
    ions = tmp_path / "ions.csv"
    ions.write_text("ion,charge\nAg44(p-MBA)30,4-\nAu44(p-MBA)26,-2\n[Au25(p-MBA)18]+,\n")
    ran = alloyscope("assign", EXAMPLE, "--ions", ions, "--out", tmp_path / "out", "--no-figures")
    assert ran.status == 0, ran.err
    assert [str(ion) for ion in asked.space.ions] == ["[Ag44(p-MBA)30]4-", "[Au44(p-MBA)26]2-"]


def test_the_folder_is_written_and_named(alloyscope, asked, tmp_path):
    out = tmp_path / "out"
    ran = alloyscope("assign", EXAMPLE, *AU44, "--out", out)
    assert ran.status == 0
    assert ran.out.rstrip().endswith(str(out / "index.html"))
    assert (out / "spectrum.png").exists()
    with (out / "ions.csv").open() as file:
        (row, *_) = csv.DictReader(file)
    assert {"n_Au", "n_Ag", "n_p-MBA", "n_Cl", "delta_H", "delta_Na", "alias"} <= set(row)
    assert row["alias"] == "A"


def test_the_saved_case_asks_for_the_same(alloyscope, asked, tmp_path):
    out = tmp_path / "out"
    first = alloyscope("assign", EXAMPLE, *AU44, "--ligand", "MHA", "--q", "0.02", "--out", out,
                       "--no-figures", "--json", "--save-case", tmp_path / "own.toml")  # fmt: skip
    assert first.status == 0
    space, hints = asked.space, asked.rest["hints"]
    for case in (out / "case.resolved.toml", tmp_path / "own.toml"):
        assert read_case(case).assign.q == 0.02
        again = alloyscope("assign", "--case", case, "--json")
        assert again.status == 0, again.err
        assert (asked.space, asked.rest["hints"], asked.rest["q"]) == (space, hints, 0.02)
        assert json.loads(again.out)["assign"] == json.loads(first.out)["assign"]
    assert json.loads((out / "assignment.json").read_text()) == json.loads(first.out)


def test_json_is_all_that_is_printed(alloyscope, asked, tmp_path):
    ran = alloyscope("assign", EXAMPLE, *AU44, "--json", "--out", tmp_path / "o", "--no-figures")
    content = json.loads(ran.out)
    assert len(content["assign"]["ions"]) == 36
    assert content["show"] is None


def test_nothing_found_is_an_answer(alloyscope, asked, tmp_path):
    asked.answer = nothing()
    out = tmp_path / "out"
    ran = alloyscope("assign", EXAMPLE, *AU44, "--out", out)
    assert ran.status == 0
    assert "Nothing of this search space is present." in ran.out
    assert len((out / "ions.csv").read_text().splitlines()) == 1
    assert (out / "spectrum.svg").exists()


def test_a_folder_in_use_is_refused_before_the_work(alloyscope, asked, tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    ran = alloyscope("assign", EXAMPLE, *AU44, "--out", tmp_path)
    assert ran.status == 2
    assert "--overwrite" in ran.err
    assert ran.err.count("\n") == 1
    assert not hasattr(asked, "space")
    ran = alloyscope("assign", EXAMPLE, *AU44, "--out", tmp_path, "--overwrite", "--no-figures")
    assert ran.status == 0
    assert (tmp_path / "notes.txt").read_text() == "mine"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["none.mzML", *AU44], "none.mzML"),
        ([*AU44], "no file"),
        ([EXAMPLE], "--case au44-ag44"),
        ([EXAMPLE, "--case", "au44-ag45"], "au44-ag44"),
        ([EXAMPLE, *AU44, "--ligand", "XY"], "XY"),
        ([EXAMPLE, *AU44, "--require", "[Au25(XY)18]-"], "[assign] require"),
        ([EXAMPLE, *AU44, "--exclude", "Au25(SR)18"], "charge"),
        ([EXAMPLE, *AU44, "--blank", "none.txt"], "none.txt"),
        ([EXAMPLE, *AU44, "--q", "0"], "[assign] q"),
        ([EXAMPLE, *AU44, "--mass-accuracy", "-3"], "mass_accuracy"),
        ([EXAMPLE, *AU44, "--analyzer", "quadrupole"], "quadrupole"),
        ([EXAMPLE, *AU44, "--ions", "none.csv"], "none.csv"),
        ([EXAMPLE, *AU44, "--mode", "centroid"], "profile"),
        ([EXAMPLE, *AU44, "--mz", "10-20"], "1802"),
        ([EXAMPLE, *AU44, "--polarity", "positive"], "negative"),
    ],
)
def test_bad_input_is_one_clear_line(alloyscope, asked, arguments, said):
    ran = alloyscope("assign", *arguments)
    assert ran.status == 2
    assert said in ran.err
    assert ran.err.startswith("alloyscope: ")
    assert ran.err.count("\n") == 1
    assert ran.out == ""
