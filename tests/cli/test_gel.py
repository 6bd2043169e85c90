"""`alloyscope gel` as a user runs it."""

import csv
import json

import numpy as np
import pytest

from alloyscope.case import read_case

FOUR = ("C x=44", "C x=40-43", "B x=19-24", "A x=1-12")
RUN = ("gel", *FOUR, "--case", "au44-ag44", "--draws", "60")
TABLES = {"mobilities.csv", "lane.csv", "orders.csv", "ranges.csv"}
OTHERS = {"gel.json", "case.resolved.toml", "index.html"}


@pytest.fixture
def lane(tmp_path):
    x = np.arange(0.0, 62.0, 0.15)
    y = 8 + sum(h * np.exp(-0.5 * ((x - c) / 1.0) ** 2)
                for c, h in ((52.0, 90.0), (42.6, 60.0), (34.2, 35.0)))  # fmt: skip
    y += np.random.default_rng(3).standard_normal(x.size)
    file = tmp_path / "lane.csv"
    rows = [f"{a:.2f},{b:.2f},{60 - b:.2f}" for a, b in zip(x, y, strict=True)]
    file.write_text("distance/mm,mix,dips\n" + "\n".join(rows) + "\n")
    return file


def test_what_the_terminal_says(alloyscope):
    ran = alloyscope(*RUN)
    assert ran.status == 0, ran.err
    assert ran.out.startswith("C x=44 < C x=40-43 < B x=19-24 < A x=1-12, from the slowest, by "
                              "charge to mass")  # fmt: skip
    assert "holds all over it by charge to mass; nowhere by charge to radius, Ferguson" in ran.out
    assert "60 draws" in ran.out


def test_the_folder_holds_everything_and_repeats(alloyscope, tmp_path, lane):
    out, again = tmp_path / "out", tmp_path / "again"
    ran = alloyscope(*RUN, "--profile", lane, "--front", "60", "--seed", "4", "--out", out)
    assert ran.status == 0, ran.err
    figures = {name + end for name in ("lanes", "orders", "ferguson", "match")
               for end in (".svg", ".png")}  # fmt: skip
    tables = TABLES | {"bands.csv"}
    assert {path.name for path in out.iterdir()} == tables | figures | OTHERS
    page = (out / "index.html").read_text()
    assert page.count("<svg") == 4
    ran = alloyscope("gel", "--case", out / "case.resolved.toml", "--out", again, "--no-figures")
    assert ran.status == 0, ran.err
    assert {path.name for path in again.iterdir()} == tables | OTHERS
    for name in tables:
        assert (again / name).read_bytes() == (out / name).read_bytes()
    with (out / "bands.csv").open() as file:
        best = {}
        for row in csv.DictReader(file):
            best.setdefault(row["position"], row["candidate"])
    assert list(best.values())[1:] == ["B x=19-24", "A x=1-12"]


def test_json_tells_the_same(alloyscope):
    ran = alloyscope(*RUN, "--model", "ferguson", "--gel", "12", "--ph", "7.5", "--json")
    told = json.loads(ran.out)["gel"]
    assert (told["conditions"]["gel_percent"], told["conditions"]["ph"]) == (12.0, 7.5)
    assert len(told["mobilities"]) == 12
    assert {one["model"] for one in told["orders"]} == {"charge-to-mass", "charge-to-radius",
                                                        "ferguson"}  # fmt: skip
    for one in told["orders"]:
        shares = one["faster_share"], one["tied_share"], one["slower_share"]
        assert sum(shares) == pytest.approx(1.0)


def test_the_lane_of_what_a_reaction_makes(alloyscope, tmp_path):
    out = tmp_path / "out"
    ran = alloyscope("gel", "--case", "au44-ag44", "--ratio", "3:1", "--draws", "0", "--out", out,
                     "--no-figures")  # fmt: skip
    assert ran.status == 0, ran.err
    assert ran.out.startswith("Au44:Ag44 3:1, 20 h: C < B < A")
    assert "Nothing was drawn" in ran.out
    with (out / "lane.csv").open() as file:
        head = next(csv.reader(file))
    assert head[:2] == ["distance", "intensity"]
    assert set(head[2:]) == {"A", "B", "C"}


def test_what_an_earlier_run_wrote_does_not_stay(alloyscope, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    for name in ("match.png", "bands.csv"):
        (out / name).write_text("old")
    one = ("gel", "A x=12", "--case", "au44-ag44", "--draws", "0", "--out", out, "--no-figures")
    assert "not empty" in alloyscope(*one).err
    assert alloyscope(*one, "--overwrite").status == 0
    assert {path.name for path in out.iterdir()} == OTHERS | {"mobilities.csv", "lane.csv"}


def test_options_go_before_the_case(alloyscope, tmp_path):
    case, saved = tmp_path / "case.toml", tmp_path / "saved.toml"
    case.write_text('extends = "au44-ag44"\n[gel]\nspecies = ["A x=0"]\nph = 9.0\npercent = 10.0\n'
                    "draws = 0\n[gel.spread]\nshell = 0.2\n")  # fmt: skip
    ran = alloyscope("gel", "B x=20", "--case", case, "--ph", "8.0", "--save-case", saved)
    assert ran.status == 0, ran.err
    found = read_case(saved).gel
    assert (found.species, found.ph, found.percent) == (("B x=20",), 8.0, 10.0)
    assert found.spread.shell == 0.2


def test_ligands_and_metals_of_ones_own(alloyscope, tmp_path):
    case = tmp_path / "case.toml"
    case.write_text(
        '[[chemistry.ligand]]\nname = "MyS"\nformula = "C4H7O2S"\nacids = 1\n'
        '[gel]\nspecies = ["[Au24Ir(MyS)18]-"]\ndraws = 0\nvolumes = { Ir = 14.1 }\n'
        "lengths = { MyS = 0.7 }\nacids = { MyS = [4.6] }\n"
    )
    ran = alloyscope("gel", "--case", case, "--json")
    assert ran.status == 0, ran.err
    told = json.loads(ran.out)["gel"]["mobilities"]
    assert len(told) == 3
    assert -19 < told[0]["charge"] < -17
    case.write_text(case.read_text().replace("acids = { MyS = [4.6] }\n", ""))
    ran = alloyscope("gel", "--case", case)
    assert ran.status == 2
    assert "no pKa" in ran.err


def test_the_ion_s_adducts_are_left_out_and_that_is_said(alloyscope):
    ran = alloyscope("gel", "[Ag44(p-MBA)30-H]5-", "--draws", "0")
    assert ran.status == 0, ran.err
    assert "[Ag44(p-MBA)30]4-: " in ran.out
    assert "left out" in ran.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "found no species"),
        (("D x=3",), 'species "D x=3": found "D"; expected one of A, M44S30'),
        (("A x=50",), "x of 50; expected 0 to 44"),
        (("A",), "without the number of its atoms"),
        (("A x=12", "A x=12"), "A x=12 more than once"),
        (("[Ag44(XYZ)30]4-",), "XYZ"),
        (("C7H6O2S",), "found"),
        (("A x=12", "--ph", "20"), "gel pH: found 20; expected 0 to 14"),
        (("A x=12", "--gel", "0"), "gel percentage: found 0 %; expected 1 to 50 %"),
        (("A x=12", "--gel", "80"), "found 80 %"),
        (("A x=12", "--ionic-strength", "9"), "gel ionic strength: found 9 M"),
        (("[Au25(PET)18]0",), "no sample with a charge"),
        (("A x=12", "--ratio", "3:1"), "species or a ratio, one of them"),
        (("--ratio", "3:1:2"), "case [gel]: ratio"),
        (("A x=12", "--profile", "none.csv"), "none.csv: found No such file"),
        (("A x=12", "--draws", "-1"), "gel] draws"),
        (("A x=12", "--model", "mass"), "'mass'"),
        (("A x=12", "--ligand", "PET", "--ligand", "NTP"), "one thiolate"),
    ],
)
def test_what_cannot_be_done_is_one_line(alloyscope, arguments, said):
    ran = alloyscope("gel", *arguments, "--case", "au44-ag44")
    assert ran.status == 2
    assert ran.err.startswith("alloyscope: ")
    assert ran.err.count("\n") == 1
    assert said in ran.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--lane", "third"), 'lane: found "third"; expected one of mix, dips, or 1 to 2'),
        (("--origin", "40"), "before the well"),
        (("--marker", "A x=1-12"), "marker"),
        (("--marker", "A x=0 @ 50"), "expected one of"),
        (("--front", "10", "--origin", "20"), "beyond the well"),
    ],
)
def test_lanes_that_cannot_be_matched_are_one_line(alloyscope, lane, arguments, said):
    ran = alloyscope(*RUN, "--profile", lane, *arguments)
    assert ran.status == 2
    assert ran.err.count("\n") == 1
    assert said in ran.err


@pytest.mark.parametrize(("text", "said"), [("nonsense", "no table"), ("d,i\n1,2\n", "2 points")])
def test_broken_profiles_are_one_line(alloyscope, tmp_path, text, said):
    file = tmp_path / "broken.csv"
    file.write_text(text)
    ran = alloyscope(*RUN, "--profile", file)
    assert ran.status == 2
    assert ran.err.count("\n") == 1
    assert "broken.csv" in ran.err


def test_a_marker_sets_the_scale(alloyscope, lane):
    ran = alloyscope(*RUN, "--profile", lane, "--marker", "A x=1-12 @ 52", "--json")
    assert ran.status == 0, ran.err
    match = json.loads(ran.out)["gel"]["match"]
    assert match["scale"][0] == pytest.approx(52.0, rel=0.01)
    assert match["notes"] == []
    ran = alloyscope(*RUN, "--profile", lane, "--lane", "dips", "--json")
    assert ran.status == 0 or "invert" in ran.err
