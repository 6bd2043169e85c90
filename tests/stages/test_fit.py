"""What a case asks of fits becomes fits, or an error says which key does not fit."""

from pathlib import Path

import pytest

from alloyscope.case import read_case, settings
from alloyscope.case.vocabulary import vocabulary_of
from alloyscope.errors import CaseError
from alloyscope.pipeline import run
from alloyscope.stages.fit import compared, fitted, objective_of
from tests.small_case import small


def test_a_case_is_fitted_and_judged(tmp_path):
    told = []
    case = small(tmp_path, fit={"starts": 1, "profile": ("kd",), "draws": 2})
    found = run(case, lambda *said: told.append(said[0]), journal=tmp_path / "journal.jsonl").fitted
    assert found is not None
    assert [p.name for p in found.profiles] == ["kd"]
    assert len(found.random) == 2
    assert {said.split(",")[0] for said in told} == {"fitting", "profiles", "random draws"}
    assert "kd" in (tmp_path / "journal.jsonl").read_text(encoding="utf-8")


def test_one_use_is_made_of_observations(tmp_path):
    case = small(tmp_path, fit={"starts": 1, "draws": 0})
    assert run(case).audited is None
    audited = run(settings(case, "test", observations={"use": "audit"}))
    assert audited.audited is not None
    assert audited.fitted is None


def test_mechanisms_and_figures_are_left_out_as_asked(tmp_path):
    case = small(tmp_path, use="compare", compare={"without": ("kd",), "starts": 1})
    found = compared(case, vocabulary_of(case))
    assert [d.mechanism.name for d in found.differences] == ["kd"]
    assert found.left_out == ()
    case = small(tmp_path, use="compare",
                 compare={"without": ("none",), "leave_out": ("all",), "starts": 1})  # fmt: skip
    found = compared(case, vocabulary_of(case))
    assert found.differences == ()
    assert [one.figure for one in found.left_out] == ["1a", "2b"]


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ({"fit": {"profile": ("kq",)}}, r'\[fit\] profile: found "kq"; expected all, none or one'),
        (
            {"fit": {"profile": ("all", "kd")}},
            r"\[fit\] profile: found all, kd; expected all, none",
        ),
        ({"use": "compare", "compare": {"without": ()}}, "neither a mechanism nor a figure"),
        ({"use": "compare", "compare": {"without": ("kq",)}}, 'mechanism: found "kq"'),
    ],
)
def test_what_cannot_be_is_said(tmp_path, section, said):
    with pytest.raises(Exception, match=said):
        run(small(tmp_path, **section))


def test_without_observations_there_is_nothing_to_fit():
    case = read_case(Path("au44-ag44"))
    with pytest.raises(CaseError, match=r"case \[observations\]: found no file"):
        objective_of(case, vocabulary_of(case))
    with pytest.raises(CaseError, match=r"case \[observations\]: found no file"):
        fitted(case, vocabulary_of(case))
