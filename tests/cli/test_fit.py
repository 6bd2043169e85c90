import json
import tomllib
from pathlib import Path

import pytest

from alloyscope.case import read_case
from tests.small_case import write_small


@pytest.fixture
def folder(tmp_path):
    write_small(tmp_path)
    return tmp_path


def arguments(folder, *more, out="out"):
    return ("fit", "--case", folder / "small.toml", "--observations", folder / "seen.toml",
            "--out", folder / out, "--workers", 1, *more)  # fmt: skip


TABLES = {"parameters.csv", "covariance.csv", "scoreboard.csv", "yields.csv", "profiles.csv",
          "starts.csv"}  # fmt: skip
REST = {"fit.json", "fitted.toml", "case.resolved.toml", "index.html", "starts.jsonl"}
FIGURES = ("scoreboard", "shares", "yields", "parameters", "profiles")


def test_a_fit_is_printed_and_written(alloyscope, folder):
    ran = alloyscope(*arguments(folder, "--starts", 2, "--profile", "kd,a"))
    assert (ran.status, ran.err) == (0, "")
    for said in ("of 10 statements met", "Free of charge: no reaction", "95 %", "determined"):
        assert said in ran.out
    drawn = {f"{name}{ending}" for name in FIGURES for ending in (".svg", ".png")}
    assert {path.name for path in (folder / "out").iterdir()} == TABLES | REST | drawn
    held = json.loads((folder / "out" / "fit.json").read_text(encoding="utf-8"))["fit"]
    assert held["statements"] == 10
    assert [p["name"] for p in held["profiles"]] == ["kd", "a"]
    page = (folder / "out" / "index.html").read_text(encoding="utf-8")
    assert page.count("<svg") == 5
    assert "<script" not in page


def test_fitted_values_are_a_case_that_can_be_used(alloyscope, folder):
    alloyscope(*arguments(folder, "--starts", 1, "--no-figures", "--seed", 0))
    text = (folder / "out" / "fitted.toml").read_text(encoding="utf-8")
    assert "--starts 1 --seed 0" in text
    assert tomllib.loads(text)["extends"] == "../small.toml"
    found = json.loads((folder / "out" / "fit.json").read_text(encoding="utf-8"))["fit"]
    case = read_case(folder / "out" / "fitted.toml")
    for one in found["parameters"]:
        assert case.reaction.values[one["name"]] == pytest.approx(one["value"], rel=1e-7)
    assert case.reaction.posterior.names == ("kx", "kd", "ki", "a")
    ran = alloyscope("simulate", "--case", folder / "out" / "fitted.toml", "--ratio", "1:1",
                     "--times", "60min", "--json")  # fmt: skip
    values = {p["name"]: p["value"] for p in json.loads(ran.out)["simulate"]["parameters"]}
    assert values["kd"] == pytest.approx(found["parameters"][1]["value"], rel=1e-7)


def test_a_bundled_case_is_extended_by_its_name(folder):
    from alloyscope.pipeline import run
    from alloyscope.report.fit_folder import fitted_toml
    from tests.small_case import small

    results = run(small(folder, fit={"starts": 1, "draws": 0}))
    text = fitted_toml(results, results.fitted, Path("au44-ag44"), folder)
    assert 'extends = "au44-ag44"' in text


def test_the_same_command_goes_on_where_it_was_interrupted(alloyscope, folder, monkeypatch):
    from alloyscope.reaction import fit as fitting

    whole, calls = fitting.descend, []

    def stopped(*task):
        if calls:
            raise KeyboardInterrupt
        calls.append(task)
        return whole(*task)

    monkeypatch.setattr(fitting, "descend", stopped)
    ran = alloyscope(*arguments(folder, "--starts", 2, "--no-figures"))
    assert ran.status == 130
    assert "starts.jsonl; the same command again goes on." in ran.err
    assert [path.name for path in (folder / "out").iterdir()] == ["starts.jsonl"]
    monkeypatch.setattr(fitting, "descend", whole)
    again = alloyscope(*arguments(folder, "--starts", 2, "--no-figures"))
    assert again.status == 0
    assert (folder / "out" / "starts.jsonl").read_text(encoding="utf-8").count("\n") == 2
    refused = alloyscope(*arguments(folder, "--starts", 2))
    assert refused.status == 2
    assert "--overwrite" in refused.err


def test_a_saved_fit_asks_for_a_fit_again(alloyscope, folder):
    ran = alloyscope(*arguments(folder, "--starts", 1, "--no-figures"))
    again = alloyscope("fit", "--case", folder / "out" / "case.resolved.toml", "--json",
                       "--workers", 1)  # fmt: skip
    assert ran.status == again.status == 0
    found = json.loads(again.out)
    assert found["audit"] is None
    assert found["fit"]["loss"] == pytest.approx(
        json.loads((folder / "out" / "fit.json").read_text(encoding="utf-8"))["fit"]["loss"]
    )


def test_mechanisms_are_compared_and_figures_left_out(alloyscope, folder):
    ran = alloyscope("compare", *arguments(folder, "--starts", 1)[1:])
    assert (ran.status, ran.err) == (0, "")
    assert "needed: the loss rises" in ran.out
    assert {path.name for path in (folder / "out").iterdir()} == {
        "compare.csv", "compare.json", "compare.svg", "compare.png", "case.resolved.toml",
        "starts.jsonl",
    }  # fmt: skip
    names = [line.split(",")[0] for line in
             (folder / "out" / "compare.csv").read_text(encoding="utf-8").splitlines()]  # fmt: skip
    assert set(names[1:]) == {"kx", "exchange complexes", "kd", "ki", "cooperativity"}
    some = alloyscope("compare", *arguments(folder, "--without", "none", "--leave-out", "1a",
                                            "--starts", 1, out="left")[1:])  # fmt: skip
    assert "of 5 in all." in some.out
    rows = (folder / "left" / "left-out.csv").read_text(encoding="utf-8").splitlines()
    assert len(rows) == 6
    assert not (folder / "left" / "compare.csv").exists()


@pytest.mark.parametrize(
    ("command", "more", "said"),
    [
        ("fit", (), "case [observations]: found no file"),
        ("fit", ("--observations", "none.toml"), "none.toml: found no such file"),
        ("fit", ("--ligand", "p-MBA", "--ligand", "Cl"), "expected one thiolate"),
        ("fit", ("--starts", "0"), "--starts"),
        ("compare", (), "case [observations]: found no file"),
    ],
)
def test_what_cannot_be_fitted_is_said_in_one_line(alloyscope, folder, command, more, said):
    ran = alloyscope(command, "--case", folder / "small.toml", *more)
    assert ran.status == 2
    assert said in ran.err
    assert ran.err.count("\n") == 1


def test_names_that_are_not_there_are_said_before_anything_is_fitted(alloyscope, folder):
    ran = alloyscope(*arguments(folder, "--profile", "kq"))
    assert 'found "kq"; expected all, none or one of kx, kd, ki, a' in ran.err
    ran = alloyscope("compare", *arguments(folder, "--without", "kq")[1:])
    assert 'mechanism: found "kq"; expected one of kx, exchange complexes' in ran.err
    assert not (folder / "out").exists()
