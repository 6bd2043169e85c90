"""`alloyscope simulate` as a user runs it."""

import csv
import json

import pytest

from alloyscope.case import read_case

RUN = ("simulate", "--case", "au44-ag44")


def test_what_the_terminal_says(alloyscope):
    ran = alloyscope(*RUN, "--ratio", "3:1", "--times", "2min,20h")
    assert ran.status == 0, ran.err
    assert ran.out.startswith("Clusters fed: Au44:Ag44 3:1.")
    assert "M44S30 (A)" in ran.out
    rows = [line.split() for line in ran.out.splitlines()]
    assert [row[:2] for row in rows[-2:]] == [["2", "min"], ["20", "h"]]


def test_the_folder_holds_everything_and_repeats(alloyscope, tmp_path):
    out = tmp_path / "out"
    ran = alloyscope(*RUN, "--ratio", "3:1", "--times", "2min,3h", "--add", "2 Au44 @ 2h",
                     "--set", "kh=0.5", "--out", out)  # fmt: skip
    assert ran.status == 0, ran.err
    tables = {"speciation.csv", "frameworks.csv", "pools.csv", "balance.csv"}
    figures = {name + ending for name in ("compositions", "spectra", "frameworks", "mean-x")
               for ending in (".svg", ".png")}  # fmt: skip
    others = {"simulation.json", "case.resolved.toml", "index.html"}
    assert {path.name for path in out.iterdir()} == tables | figures | others
    page = (out / "index.html").read_text()
    assert "then 2 Au44 at 2 h" in page
    assert page.count("<svg") == 4
    again = tmp_path / "again"
    ran = alloyscope("simulate", "--case", out / "case.resolved.toml", "--out", again,
                     "--no-figures")  # fmt: skip
    assert ran.status == 0, ran.err
    assert {path.name for path in again.iterdir()} == tables | others
    for name in tables:
        assert (again / name).read_bytes() == (out / name).read_bytes()
    assert read_case(again / "case.resolved.toml").reaction.values == {"kh": 0.5}


def test_what_an_earlier_run_drew_does_not_stay(alloyscope, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / "spectra.png").write_text("old")
    ran = alloyscope(*RUN, "--ratio", "3:1", "--times", "2min", "--out", out)
    assert ran.status == 2
    assert "not empty" in ran.err
    ran = alloyscope(*RUN, "--ratio", "3:1", "--times", "2min", "--out", out, "--no-figures",
                     "--overwrite")  # fmt: skip
    assert ran.status == 0, ran.err
    assert not (out / "spectra.png").exists()


def test_json_is_all_there_is(alloyscope):
    ran = alloyscope(*RUN, "--volume", "0.3 Au44", "--volume", "0.1 Ag44", "--times", "2min",
                     "--ligand", "PET", "--json")  # fmt: skip
    told = json.loads(ran.out)["simulate"]
    assert told["feed"] == pytest.approx({"Au44": 0.3, "Ag44": 0.1})
    assert told["ligand"] == "PET"
    assert [sample["time_min"] for sample in told["samples"]] == [2.0]


def test_options_go_before_the_case(alloyscope, tmp_path):
    case = tmp_path / "case.toml"
    case.write_text('extends = "au44-ag44"\n[reaction.values]\nkh = 0.5\nkx = 2.0\n'
                    '[experiment]\nvolumes = { Au44 = 1.0 }\ntimes = ["1min"]\n'
                    '[[experiment.step]]\nat = "30s"\nadd = "1 Ag44"\n')  # fmt: skip
    saved = tmp_path / "saved.toml"
    ran = alloyscope("simulate", "--case", case, "--ratio", "1:2", "--set", "kh=0.25", "--add",
                     "1 Au44 @ 1min", "--times", "5min", "--save-case", saved)  # fmt: skip
    assert ran.status == 0, ran.err
    found = read_case(saved)
    assert (found.experiment.ratio, found.experiment.volumes) == ("1:2", {})
    assert found.experiment.times == ("5min",)
    assert [step.add for step in found.experiment.step] == ["1 Ag44", "1 Au44"]
    assert found.reaction.values == {"kh": 0.25, "kx": 2.0}


def test_parents_of_unequal_metal_counts(alloyscope, tmp_path):
    out = tmp_path / "out"
    ran = alloyscope("simulate", "--case", "au25-ag44", "--ratio", "2:1", "--times", "20h",
                     "--out", out, "--no-figures")  # fmt: skip
    assert ran.status == 0, ran.err
    with (out / "speciation.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert {row["framework"] for row in rows} == {"M25S18", "M44S30"}
    with (out / "pools.csv").open() as file:
        assert "SR" in next(csv.DictReader(file))


def test_an_addition_that_is_not_seen_is_said(alloyscope):
    ran = alloyscope(*RUN, "--ratio", "3:1", "--times", "2min", "--add", "2 Au44 @ 20h")
    assert "2 Au44 @ 20 h comes after the last sample, 2 min" in ran.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "neither --ratio nor --volume; expected what is mixed. For example --ratio 3:1"),
        (("--ratio", "3"), 'ratio "3"'),
        (("--ratio", "3:1", "--volume", "1 Au44"), "--ratio and --volume"),
        (("--volume", "Au44"), '--volume: found "Au44"'),
        (("--volume", "-1 Au44"), "volumes.Au44"),
        (("--ratio", "3:1", "--times", "-2min"), "before the start"),
        (("--ratio", "3:1", "--times", "2"), 'time "2"'),
        (("--ratio", "3:1", "--add", "2 Au44"), '--add: found "2 Au44"'),
        (("--ratio", "3:1", "--add", "2 Cu44 @ 2h"), "no parent of this name"),
        (("--ratio", "3:1", "--set", "kh"), '--set: found "kh"'),
        (("--ratio", "3:1", "--set", "kh=nan"), "values.kh"),
        (("--ratio", "3:1", "--set", "kz=1"), "values of parameters: found kz"),
        (("--ratio", "3:1", "--set", "kh=1e9"), "between its bounds"),
        (("--ratio", "3:1", "--ligand", "PET", "--ligand", "NTP"), "one thiolate"),
    ],
)
def test_what_cannot_be_done_is_one_line(alloyscope, arguments, said):
    ran = alloyscope(*RUN, *arguments)
    assert ran.status == 2
    assert ran.err.startswith("alloyscope: ")
    assert ran.err.count("\n") == 1
    assert said in ran.err


def test_a_case_without_a_reaction_is_said(alloyscope):
    ran = alloyscope("simulate", "--ratio", "3:1")
    assert ran.status == 2
    assert "found no metals; expected a reaction" in ran.err
