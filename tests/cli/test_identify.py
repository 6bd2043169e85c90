"""`alloyscope identify` as a user runs it."""

import csv
import json

import pytest

CASE = ("--case", "au44-ag44")


def test_a_peak_of_the_flagship_system(alloyscope):
    ran = alloyscope("identify", 2602.65, *CASE)
    assert ran.status == 0
    first = next(line for line in ran.out.splitlines() if line.startswith("1 "))
    assert "[Au12Ag32(p-MBA)30]4-" in first
    assert "M44S30 (A)" in first
    assert "isotope peaks 0.200 apart at 5-, not 0.250 as at 4-" in ran.out
    assert "look for [Au11Ag33(p-MBA)30]4- at 2580.38" in ran.out


def test_json_and_csv_agree(alloyscope, tmp_path):
    path = tmp_path / "peaks.csv"
    ran = alloyscope("identify", 2602.65, 2335.46, *CASE, "--charge", "4-", "--ppm", 10,
                     "--most", 3, "--csv", path, "--json")  # fmt: skip
    found = json.loads(ran.out)["identify"]
    with path.open() as file:
        rows = list(csv.DictReader(file))
    listed = [(peak["mz"], it["ion"]) for peak in found for it in peak["possibilities"]]
    assert [(float(row["mz"]), row["ion"]) for row in rows] == listed
    assert len(rows) == 6
    assert {row["charge"] for row in rows} == {"-4"}
    assert rows[3]["ion"] == "[Ag44(p-MBA)30]4-"
    assert rows[0]["apart_from_first"] == ""
    assert "decides from" in rows[1]["apart_from_first"]
    assert json.loads(ran.out)["case"]["identify"]["ppm"] == 10


def test_a_further_ligand_is_looked_for_when_named(alloyscope):
    arguments = ("identify", 2333.4758, *CASE, "--charge", "4-", "--ppm", 3, "--most", 500)
    without = alloyscope(*arguments)
    named = alloyscope(*arguments, "--ligand", "p-MBA", "--ligand", "NTP")
    assert "NTP" not in without.out
    assert "(NTP)" in named.out


def test_positive_ions_of_another_ligand(alloyscope):
    (ion,) = json.loads(alloyscope("isotopes", "[Au25(PET)18+2Na]+", "--json").out)["isotopes"]
    ran = alloyscope("identify", ion["most_abundant_mz"], "--case", "au25-ag25", "--ligand", "PET",
                     "--polarity", "positive", "--json")  # fmt: skip
    (found,) = json.loads(ran.out)["identify"]
    assert "[Au25(PET)18+2Na]+" in [it["ion"] for it in found["possibilities"]]


def test_a_list_of_ions_in_place_of_a_space(alloyscope, tmp_path):
    (tmp_path / "ions.csv").write_text("formula,charge\nAuCl2,-1\nAuCl4,-1\n")
    ran = alloyscope("identify", 266.905, "--ions", tmp_path / "ions.csv")
    assert ran.status == 0
    assert "1 ion has" in ran.out
    assert "[AuCl2]-" in ran.out


def test_nothing_is_an_answer(alloyscope, tmp_path):
    (tmp_path / "ions.txt").write_text("[AuCl2]-\n")
    ran = alloyscope("identify", 267.0, "--ions", tmp_path / "ions.txt")
    assert ran.status == 0
    assert "no ion of this search space" in ran.out
    assert "nearest: [AuCl2]-" in ran.out


def test_a_saved_run_runs_again(alloyscope, tmp_path):
    case = tmp_path / "case.toml"
    first = alloyscope("identify", 2602.65, *CASE, "--ppm", 5, "--save-case", case, "--json")
    again = alloyscope("identify", "--case", case, "--json")
    assert json.loads(first.out)["identify"] == json.loads(again.out)["identify"]
    assert "core_charge = 6.0" in case.read_text()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "at least one"),
        (("2602.65",), "--case au44-ag44"),
        (("2602.65", "--case", "au44"), "Did you mean au44-ag44"),
        (("1921.3", "--case", "au25-ag25"), "--ligand"),
        (("2602.65", *CASE, "--charge", "four"), "4-"),
        (("2602.65", *CASE, "--charge", "4-", "--polarity", "positive"), "a positive charge"),
        (("2602.65", *CASE, "--ppm", "-3"), "ppm"),
        (("-5", *CASE), "-5"),
        (("0", *CASE), "mz"),
        (("2602.65", "--ions", "none.csv"), "none.csv"),
        (("2602.65", *CASE, "--ligand", "p-MBA", "--ligand", "p-MBA"), "twice"),
        (("2602.65", *CASE, "--ligand", "p-MBA", "--ligand", "PPh3"), "neutral = { PPh3"),
        (("2602.65", *CASE, "--ligand", "p-MBB"), "p-MBA"),
    ],
)
def test_bad_input_is_one_clear_line(alloyscope, arguments, said):
    ran = alloyscope("identify", *arguments)
    assert ran.status == 2
    assert ran.out == ""
    assert ran.err.startswith("alloyscope: ")
    assert said in ran.err
    assert ran.err.count("\n") == 1


def test_nothing_is_overwritten_unasked(alloyscope, tmp_path):
    path = tmp_path / "f.csv"
    path.write_text("mine")
    assert alloyscope("identify", 2602.65, *CASE, "--csv", path).status == 2
    assert path.read_text() == "mine"
    assert alloyscope("identify", 2602.65, *CASE, "--csv", path, "--overwrite").status == 0
    assert path.read_text().startswith("mz,ion,framework,")
