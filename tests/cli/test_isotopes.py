"""`alloyscope isotopes` as a user runs it."""

import csv
import json

import numpy as np
import pytest


def test_pattern_as_csv(alloyscope, tmp_path):
    ran = alloyscope("isotopes", "[Au12Ag32(p-MBA)30]4-", "--csv", tmp_path / "f.csv")
    assert ran.status == 0
    assert "valence electrons 18" in ran.out
    with (tmp_path / "f.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["mz", "probability"]
    tallest = max(rows, key=lambda row: float(row["probability"]))
    assert float(tallest["mz"]) == pytest.approx(2602.6481, abs=1e-4)
    assert sum(float(row["probability"]) for row in rows) == pytest.approx(1, abs=1e-4)


def test_plain_formula_with_charge(alloyscope):
    ran = alloyscope("isotopes", "Au25C126H90O36S18", "--charge", "-1", "--json")
    found = json.loads(ran.out)["isotopes"][0]
    assert found["charge"] == -1
    as_cluster = json.loads(alloyscope("isotopes", "[Au25(p-MBA)18]-", "--json").out)
    assert np.allclose(found["peaks"]["mz"], as_cluster["isotopes"][0]["peaks"]["mz"])
    assert as_cluster["isotopes"][0]["electrons"] == 8


def test_negative_charge_is_not_taken_for_an_option(alloyscope):
    assert alloyscope("isotopes", "Au25C126H90O36S18", "--charge", "-1").status == 0


def test_neutral_is_a_mass(alloyscope, tmp_path):
    ran = alloyscope("isotopes", "Au25(PET)18", "--csv", tmp_path / "f.csv")
    assert ran.status == 0
    assert (tmp_path / "f.csv").read_text().startswith("mass,probability\n")


def test_many_ions_from_a_file(alloyscope, tmp_path):
    (tmp_path / "ions.txt").write_text("[Au25(SR)18]-\n[Ag44(SR)30]4-\n")
    ran = alloyscope("isotopes", "--file", tmp_path / "ions.txt", "--ligand", "p-MBA",
                     "--csv", tmp_path / "f.csv", "--figure", tmp_path / "f.svg",
                     "--resolving-power", 20000)  # fmt: skip
    assert ran.status == 0
    with (tmp_path / "f.csv").open() as file:
        assert {row["ion"] for row in csv.DictReader(file)} == {
            "[Au25(p-MBA)18]-", "[Ag44(p-MBA)30]4-"}  # fmt: skip
    assert "<svg" in (tmp_path / "f.svg").read_text()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["[Au25(p-MBB)18]-"], "p-MBA"),
        (["[Au25(SR)18]-"], "--ligand"),
        (["[Ag44(p-MBA)30]444-"], "Did you mean 4-"),
        (["Au25(p-MBA)18-"], r"[Au25(p-MBA)18]-"),
        ([], "at least one"),
        (["[Au25(p-MBA)18]-", "--resolving-power", "3"], "resolving_power"),
        (["[Au25(p-MBA)18]-", "--figure", "f.jpg"], ".svg"),
        (["[Au25(p-MBA)18]-", "--isotope-table", "none.csv"], "none.csv"),
        (["[Au25(p-MBA)18]-", "--case", "none.toml"], "no such file"),
        (["--nonsense"], "--nonsense"),
        (["[Ag44(p-MBA)30]4-", "--prune", "0.5"], "tallest"),
        (["[Au25(p-MBA)18]-", "--charge", "9" * 5000], "charge"),
        (["[Au25(p-MBA)18]-", "--tail", "1e308"], "tail"),
    ],
)
def test_bad_input_is_one_clear_line(alloyscope, arguments, said):
    ran = alloyscope("isotopes", *arguments)
    assert ran.status == 2
    assert ran.out == ""
    assert ran.err.startswith("alloyscope: ")
    assert said in ran.err
    assert ran.err.count("\n") == 1


def test_nothing_is_overwritten_unasked(alloyscope, tmp_path):
    path = tmp_path / "f.csv"
    path.write_text("mine")
    ran = alloyscope("isotopes", "[Au25(PET)18]-", "--csv", path)
    assert (ran.status, path.read_text()) == (2, "mine")
    assert alloyscope("isotopes", "[Au25(PET)18]-", "--csv", path, "--overwrite").status == 0
    assert path.read_text().startswith("mz,")


def test_a_saved_case_runs_again(alloyscope, tmp_path):
    case = tmp_path / "case.toml"
    first = alloyscope(
        "isotopes", "[Au25(SR)18]-", "--ligand", "MHA", "--save-case", case, "--json"
    )
    again = alloyscope("isotopes", "--case", case, "--json")
    assert json.loads(first.out)["isotopes"] == json.loads(again.out)["isotopes"]


def test_another_isotope_table_moves_the_probabilities(alloyscope):
    bundled = json.loads(alloyscope("isotopes", "[Au25(PET)18]-", "--json").out)
    other = json.loads(
        alloyscope("isotopes", "[Au25(PET)18]-", "--isotope-table", "isospec", "--json").out
    )
    one, two = (np.array(x["isotopes"][0]["peaks"]["probability"][:8]) for x in (bundled, other))
    assert 1e-5 < np.abs(one - two).max() < 5e-3


def test_fine_structure_lists_isotopologues(alloyscope, tmp_path):
    path = tmp_path / "f.csv"
    ran = alloyscope("isotopes", "[AgCl2]-", "--fine-structure", "0.999", "--csv", path)
    assert ran.status == 0
    rows = path.read_text().splitlines()[1:]
    assert len(rows) == 6
    assert sum(float(row.split(",")[1]) for row in rows) >= 0.999


def test_a_written_charge_goes_before_the_option(alloyscope):
    found = json.loads(alloyscope("isotopes", "[Au25(PET)18]0", "--charge", "-1", "--json").out)
    assert found["isotopes"][0]["charge"] == 0
