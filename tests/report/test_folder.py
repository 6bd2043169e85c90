"""The folder of an assignment: complete, checked first, nothing lost that was there."""

import json
import re
from time import process_time

import pytest

from alloyscope.case import Case, read_case
from alloyscope.errors import OutputError
from alloyscope.report.folder import write_assignment
from alloyscope.results import Results
from tests.assignment.example import example, nothing, reported

TABLES = {"ions.csv", "groups.csv", "unexplained.csv", "distribution.csv", "limits.csv"}
TEXTS = TABLES | {"instrument.json", "assignment.json", "case.resolved.toml", "index.html"}


def results(found):
    case = Case().with_settings(spectrum={"file": "run.mzML"}, assign={"q": 0.01})
    return Results(case, assigned=reported(found, {"M44S30": "A"}))


def names(folder):
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    out = tmp_path_factory.mktemp("all") / "new" / "out"
    write_assignment(out, figures=True, overwrite=False)(results(example()))
    return out


def test_everything_is_there(folder):
    figures = {"spectrum", "distribution", *(f"ions/ions-{n:02d}" for n in range(1, 5))}
    pictures = {name + ending for name in figures for ending in (".svg", ".png")}
    assert names(folder) == TEXTS | pictures


def test_the_record_is_the_result_as_json(folder):
    content = json.loads((folder / "assignment.json").read_text())
    assert content == json.loads(json.dumps(results(example()).as_json()))
    assert json.loads((folder / "instrument.json").read_text()) == content["assign"]["instrument"]


def test_the_saved_case_is_read_back_from_its_folder(folder):
    case = read_case(folder / "case.resolved.toml")
    assert case.assign.q == 0.01
    assert case.spectrum.file.endswith("run.mzML")


def test_the_page_holds_everything_and_fetches_nothing(folder):
    html = (folder / "index.html").read_text()
    assert html.count("<svg") == 6
    assert "36 ions of the search space called" in html
    assert "M44S30 (A)" in html
    assert "cannot be told from" in html
    for call in example().called:
        assert str(call.ion) in html
    assert "<script" not in html
    assert "<link" not in html
    assert "url(http" not in html
    for name in re.findall(r'href="([^"#]+)"', html):
        assert (folder / name).is_file(), name


def test_nothing_found_gives_headings_and_the_spectrum(tmp_path):
    write_assignment(tmp_path, figures=True, overwrite=False)(results(nothing()))
    pictures = {
        name + ending for name in ("spectrum", "distribution") for ending in (".svg", ".png")
    }
    assert names(tmp_path) == TEXTS | pictures
    assert len((tmp_path / "ions.csv").read_text().splitlines()) == 1
    html = (tmp_path / "index.html").read_text()
    assert "Nothing of this search space is present." in html
    assert html.count("<svg") == 1
    assert "<h2>Ions</h2>" not in html


def test_without_figures_tables_take_no_time(tmp_path):
    write = write_assignment(tmp_path, figures=False, overwrite=False)
    began = process_time()
    write(results(example()))
    assert process_time() - began < 2.0
    assert names(tmp_path) == TEXTS
    assert "<svg" not in (tmp_path / "index.html").read_text()


def test_without_a_folder_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_assignment(None, figures=True, overwrite=False)(results(example()))
    assert names(tmp_path) == set()


def test_a_folder_with_something_in_it_is_refused_before_the_work(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(OutputError, match=r"not empty.*--overwrite"):
        write_assignment(tmp_path, figures=True, overwrite=False)
    assert names(tmp_path) == {"notes.txt"}


def test_overwriting_replaces_ours_and_keeps_the_rest(tmp_path):
    (tmp_path / "ions").mkdir()
    for name in ("notes.txt", "ions/mine.svg", "ions/ions-17.svg", "ions/ions-17.png", "ions.csv"):
        (tmp_path / name).write_text("old")
    write_assignment(tmp_path, figures=False, overwrite=True)(results(example()))
    assert names(tmp_path) == TEXTS | {"notes.txt", "ions/mine.svg"}
    assert (tmp_path / "notes.txt").read_text() == "old"
    assert (tmp_path / "ions.csv").read_text() != "old"


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "out").write_text("mine")
    for place in (tmp_path / "out", tmp_path / "out" / "deeper"):
        with pytest.raises(OutputError, match=r"a file|cannot be written"):
            write_assignment(place, figures=True, overwrite=True)
