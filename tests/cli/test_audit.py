import json

import pytest

from alloyscope.case import read_case

SEEN = """
[[observation]]
id = "b"
kind = "x_range"
R = "3/1"
t_min = 1200
f = "B"
lo = 20
hi = 22
"""


@pytest.fixture
def seen(tmp_path):
    path = tmp_path / "seen.toml"
    path.write_text(SEEN, encoding="utf-8")
    return path


def test_an_audit_is_printed_and_written(alloyscope, seen, tmp_path):
    out = tmp_path / "out"
    ran = alloyscope("audit", "--case", "au44-ag44", "--observations", seen, "--out", out)
    assert (ran.status, ran.err) == (0, "")
    assert "88 Au" in ran.out
    assert {path.name for path in out.iterdir()} == {
        "mass_balance.csv", "mass_balance.svg", "mass_balance.png", "audit.json",
        "case.resolved.toml",
    }  # fmt: skip
    again = alloyscope("audit", "--case", out / "case.resolved.toml", "--json")
    found = json.loads(again.out)["audit"]
    assert found[0]["missing"]["Au"] == pytest.approx(88)
    assert found[0]["clusters_fed"] == {"Au44": 3, "Ag44": 1}
    assert json.loads((out / "audit.json").read_text(encoding="utf-8"))["audit"] == found
    kept = alloyscope("audit", "--case", "au44-ag44", "--observations", seen, "--out", out)
    assert kept.status == 2
    assert "--overwrite" in kept.err


def test_a_figure_of_an_earlier_run_does_not_stay(alloyscope, seen, tmp_path):
    for more in ((), ("--overwrite", "--no-figures")):
        alloyscope("audit", "--case", "au44-ag44", "--observations", seen,
                   "--out", tmp_path / "out", *more)  # fmt: skip
    assert not list((tmp_path / "out").glob("*.svg"))
    assert (tmp_path / "out" / "mass_balance.csv").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--case", "au44-ag44"), "found no observations"),
        (("--observations", "none.toml", "--case", "au44-ag44"), "none.toml: found no such file"),
        (("--observations", "none.toml"), r"[reaction]: found no metals"),
        (("--ligand", "p-MBA", "--ligand", "Cl"), "expected one thiolate"),
    ],
)
def test_what_cannot_be_audited_is_said_in_one_line(alloyscope, arguments, said):
    ran = alloyscope("audit", *arguments)
    assert ran.status == 2
    assert said in ran.err
    assert ran.err.count("\n") == 1


def test_statements_that_contradict_one_another_name_the_file(alloyscope, seen):
    seen.write_text(SEEN + SEEN.replace('"b"', '"b2"').replace("20\nhi = 22", "1\nhi = 2"),
                    encoding="utf-8")  # fmt: skip
    ran = alloyscope("audit", "--case", "au44-ag44", "--observations", seen)
    assert "seen.toml: observations b, b2: found no x left for B" in ran.err


def test_observations_of_a_case_are_meant_from_its_folder(alloyscope, seen):
    case = seen.with_name("case.toml")
    case.write_text('extends = "au44-ag44"\n[observations]\nfile = "seen.toml"\n', encoding="utf-8")
    assert read_case(case).observations.file == str(seen)
    assert alloyscope("audit", "--case", case).status == 0
