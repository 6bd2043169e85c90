"""`alloyscope plan` as a user runs it."""

import csv
import json

import pytest

from alloyscope.case import read_case

RUN = ("plan", "--case", "au44-ag44")
QUICK = ("--ratios", "1:4-1:3", "--draws", "3")


def test_what_the_terminal_says(alloyscope):
    ran = alloyscope(*RUN, *QUICK, "--framework", "A", "--x", "12", "--total", "5 mL")
    assert ran.status == 0, ran.err
    assert ran.out.startswith("M44S30 (A) with 12 Au: feed Au44:Ag44 1:3")
    assert "mL of Ag44" in ran.out
    assert "Within 90 % of the best purity times yield" in ran.out
    assert "3 draws of the parameters" in ran.out


def test_the_folder_holds_everything_and_repeats(alloyscope, tmp_path):
    out, again = tmp_path / "out", tmp_path / "again"
    ran = alloyscope(*RUN, *QUICK, "--x", "11-12", "--time", "20h", "--for", "purity", "--out", out)
    assert ran.status == 0, ran.err
    tables = {"map.csv", "products.csv", "draws.csv"}
    others = {"plan.json", "case.resolved.toml", "index.html"}
    figures = {name + end for name in ("map", "products") for end in (".svg", ".png")}
    assert {path.name for path in out.iterdir()} == tables | figures | others
    page = (out / "index.html").read_text()
    assert page.count("<svg") == 2
    assert "any framework with 11-12 Au" in page
    ran = alloyscope("plan", "--case", out / "case.resolved.toml", "--out", again, "--no-figures")
    assert ran.status == 0, ran.err
    assert {path.name for path in again.iterdir()} == tables | others
    for name in tables:
        assert (again / name).read_bytes() == (out / name).read_bytes()
    with (out / "map.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert {row["time_min"] for row in rows} == {"1200"}
    best = max(float(row["score"]) for row in rows)
    told = json.loads((out / "plan.json").read_text())["plan"]
    assert told["purity"] == pytest.approx(best, rel=0.02)


def test_what_an_earlier_run_wrote_does_not_stay(alloyscope, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    for name in ("map.png", "draws.csv"):
        (out / name).write_text("old")
    once = (*RUN, "--ratios", "1:3", "--time", "20h", "--x", "12", "--draws", "0", "--out", out)
    ran = alloyscope(*once)
    assert "not empty" in ran.err
    ran = alloyscope(*once, "--overwrite", "--no-figures")
    assert ran.status == 0, ran.err
    assert not (out / "map.png").exists()
    assert not (out / "draws.csv").exists()
    assert "nothing was searched" in (out / "index.html").read_text()


def test_json_is_all_there_is(alloyscope):
    ran = alloyscope("plan", "--case", "au25-ag44", "--framework", "M44S30", "--times", "2h,20h",
                     "--draws", "4", "--seed", "3", "--total", "600uL", "--json")  # fmt: skip
    told = json.loads(ran.out)["plan"]
    assert told["target"] == "M44S30"
    assert told["time_min"] in (120.0, 1200.0)
    assert sum(stock["volume"] for stock in told["stocks"]) == pytest.approx(6e-4)
    assert (told["draws"] + told["draws_failed"], told["seed"]) == (4, 3)
    low, high = told["intervals_5_95"]["purity"]
    assert 0 <= low <= high <= 1


def test_options_go_before_the_case(alloyscope, tmp_path):
    case, saved = tmp_path / "case.toml", tmp_path / "saved.toml"
    case.write_text('extends = "au44-ag44"\n[plan]\nframework = "B"\nx = [20, 22]\n'
                    'times = ["2h"]\ndraws = 7\n')  # fmt: skip
    ran = alloyscope("plan", "--case", case, "--framework", "A", "--x", "12", "--draws", "0",
                     "--ratios", "1:3", "--save-case", saved)  # fmt: skip
    assert ran.status == 0, ran.err
    found = read_case(saved).plan
    assert (found.framework, found.x, found.times) == ("A", (12, 12), ("2h",))
    assert (found.draws, found.ratios) == (0, ("1:3", "1:3"))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "neither --framework nor --x; expected what is wanted"),
        (("--framework", "D"), 'target framework: found "D"; expected one of A, B, C'),
        (("--x", "twelve"), '--x: found "twelve"'),
        (("--x", "22-20"), "the first above the second"),
        (("--x", "60"), "at most 44"),
        (("--x", "12", "--time", "2h", "--times", "2h"), "--time and --times"),
        (("--x", "12", "--time", "2"), 'case [plan] times: time "2"'),
        (("--x", "12", "--time", "20h-2h"), "times searched"),
        (("--x", "12", "--time", "0min"), "times after 0"),
        (("--x", "12", "--ratios", "1:40-"), "two ratios"),
        (("--x", "12", "--ratios", "40:1-1:40"), "the lower first"),
        (("--x", "12", "--ratios", "0:1-40:1"), "both of them fed"),
        (("--x", "12", "--total", "5"), '[plan] total: found "5"'),
        (("--x", "12", "--total", "0 mL"), "a number above 0"),
        (("--x", "12", "--metal-concentration", "1 g"), "metal_concentration"),
        (("--x", "12", "--draws", "-1"), "plan] draws"),
        (("--x", "12", "--ligand", "PET", "--ligand", "NTP"), "one thiolate"),
    ],
)
def test_what_cannot_be_done_is_one_line(alloyscope, arguments, said):
    ran = alloyscope(*RUN, *arguments)
    assert ran.status == 2
    assert ran.err.startswith("alloyscope: ")
    assert ran.err.count("\n") == 1
    assert said in ran.err


def test_a_case_without_a_reaction_is_said(alloyscope):
    ran = alloyscope("plan", "--x", "12")
    assert ran.status == 2
    assert "found no metals; expected a reaction" in ran.err
