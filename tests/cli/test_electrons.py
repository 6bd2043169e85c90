"""`alloyscope electrons` as a user runs it."""

import csv
import json

import pytest

from alloyscope.case import read_case

OBSERVED = """
[[observation]]
id = "1"
kind = "framework_dominant"
figure = "2b"
R = "1/3"
t_min = 1200.0
f = "A"
[[observation]]
id = "2"
kind = "coexist"
figure = "2d"
R = "6/1"
t_min = 1200.0
f = "B"
g = "C"
"""


def test_species_and_ions(alloyscope):
    ran = alloyscope("electrons", "[Au12Ag32(p-MBA)30]4-", "[Au44(p-MBA)26+12Na-16H]6-",
                     "[Ag44(p-MBA)30]3-", "--json")  # fmt: skip
    assert ran.status == 0, ran.err
    told = json.loads(ran.out)["electrons"]
    assert [one["electrons"] for one in told["species"]] == [18, 20, 17]
    assert [one["radical"] for one in told["species"]] == [False, False, True]
    assert "left out" in told["species"][1]["remark"]
    assert told["fed"] is None


def test_a_metal_of_unknown_valence_is_said_and_the_others_are_counted(alloyscope):
    ran = alloyscope("electrons", "[Ag24Ir(p-MBA)18]-", "[Au25(p-MBA)18]-")
    assert ran.status == 0, ran.err
    assert "no valence for Ir" in ran.out
    assert "1S² 1P⁶" in ran.out


def test_both_countings_of_hydride_are_said(alloyscope):
    ran = alloyscope("electrons", "[HAu9(PPh3)8]2+", "--json")
    (told,) = json.loads(ran.out)["electrons"]["species"]
    assert told["electrons"] == 6
    assert "H counted as hydride" in told["remark"]
    assert "8 e⁻, 1S² 1P⁶, closed" in told["remark"]


def test_the_name_of_a_parent_is_the_parent(alloyscope):
    ran = alloyscope("electrons", "Au44", "--case", "au44-ag44", "--json")
    (told,) = json.loads(ran.out)["electrons"]["species"]
    assert (told["species"], told["electrons"]) == ("[Au44(p-MBA)26]2-", 20)
    assert "the case's parent" in told["remark"]


def test_what_the_case_s_parents_feed(alloyscope, tmp_path):
    out, again = tmp_path / "out", tmp_path / "again"
    seen = tmp_path / "seen.toml"
    seen.write_text(OBSERVED)
    ran = alloyscope("electrons", "A x=12", "--case", "au44-ag44", "--ratios", "1:4..8:1",
                     "--predict", "--observations", seen, "--out", out)  # fmt: skip
    assert ran.status == 0, ran.err
    assert "19 electrons per cluster are fed at R = 1/1" in ran.out
    told = " ".join(ran.out.split())
    assert "all frameworks stand where the rule puts them: 3 reported and " in told
    assert "predicted (those of less than 5 % left out)" in told
    tables = {"species.csv", "fed.csv", "frameworks.csv"}
    others = {"electrons.json", "case.resolved.toml", "index.html"}
    assert {path.name for path in out.iterdir()} == tables | others | {"fed.svg", "fed.png"}
    assert (out / "index.html").read_text().count("<svg") == 1
    ran = alloyscope("electrons", "--case", out / "case.resolved.toml", "--out", again,
                     "--no-figures")  # fmt: skip
    assert ran.status == 0, ran.err
    for name in tables:
        assert (again / name).read_bytes() == (out / name).read_bytes()
    with (out / "frameworks.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert {row["follows_rule"] for row in rows} == {"yes", ""}
    assert {row["source"] for row in rows} == {"predicted", "2b", "2d"}


def test_a_case_with_a_reaction_says_what_its_parents_feed(alloyscope):
    ran = alloyscope("electrons", "--case", "au25-ag44", "--json")
    assert ran.status == 0, ran.err
    fed = json.loads(ran.out)["electrons"]["fed"]
    assert fed["fed"][0]["ratio"] == pytest.approx(1 / 40)
    first = fed["fed"][0]
    assert first["electrons_per_cluster"] != pytest.approx(first["electrons_per_metals"])


def test_a_rule_that_is_broken_is_said(alloyscope):
    ran = alloyscope("electrons", "--case", "au25-ag44", "--ratios", "1:3..3:1", "--predict")
    assert ran.status == 0, ran.err
    assert "On the other side of the rule" in ran.out
    assert "parents of one size" in ran.out


def test_options_go_before_the_case(alloyscope, tmp_path):
    saved = tmp_path / "saved.toml"
    ran = alloyscope(
        "electrons", "--case", "au44-ag44", "--ratios", "1:2-2:1", "--save-case", saved
    )
    assert ran.status == 0, ran.err
    assert read_case(saved).electrons.ratios == ("1:2", "2:1")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "found no species"),
        (("nonsense",), "nonsense"),
        (("--case", "au44-ag44", "--ratios", "1:40"), "two ratios"),
        (("--case", "au44-ag44", "--ratios", "40:1..1:40"), "the lower first"),
        (("--case", "au44-ag44", "--ratios", "0:1..1:40"), "both parents fed"),
        (("--case", "au44-ag44", "--ratios", "a..b"), "no ratio"),
        (("--case", "au44-ag44", "--predict", "--time", "20"), "no number with a unit"),
        (("--case", "au44-ag44", "--observations", "none.toml"), "no such file"),
        (("[Au25(p-MBA)18]-", "--ratios", "1:3..3:1"), "expected a reaction"),
    ],
)
def test_what_cannot_be_done_is_one_line(alloyscope, arguments, said):
    ran = alloyscope("electrons", *arguments)
    assert ran.status == 2
    assert ran.err.startswith("alloyscope: ")
    assert ran.err.count("\n") == 1
    assert said in ran.err
