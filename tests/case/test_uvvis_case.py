"""References and populations as a case names them."""

from pathlib import Path

import numpy as np
import pytest

from alloyscope.case import Case, read_case, settings, write_case
from alloyscope.case.populations import populations_of
from alloyscope.case.reference_spectra import references_of, sketches_for, species_called
from alloyscope.case.vocabulary import vocabulary_of
from alloyscope.errors import CaseError
from tests.conftest import ROOT
from tests.uvvis.courses import TIMES, course, two_species

REFERENCES = str(ROOT / "examples" / "uvvis-au44-ag44" / "references")


def au44_ag44(**uvvis):
    return settings(read_case(Path("au44-ag44")), "test", uvvis=uvvis)


def test_names_stand_for_species():
    case = au44_ag44()
    known = vocabulary_of(case)
    called = {name: species_called(name, case, known)
              for name in ("Ag44", "Au44", "A x=12", "[Ag44(p-MBA)30]4-")}  # fmt: skip
    assert str(called["Ag44"]) == str(called["[Ag44(p-MBA)30]4-"]) == "[Ag44(p-MBA)30]4-"
    assert str(called["Au44"]) == "[Au44(p-MBA)26]2-"
    assert str(called["A x=12"]) == "[Au12Ag32(p-MBA)30]4-"
    for name in ("sample 3", "A", "A x=1-12", "Ag", ""):
        assert species_called(name, case, known) is None
    assert species_called("Ag44", Case(), known) is None


def test_references_are_read_with_their_species_and_concentration():
    case = au44_ag44(references=(REFERENCES,), molar={"Ag44": 6e-6})
    found = {one.name: one for one in references_of(case, vocabulary_of(case))}
    assert set(found) == {"[Ag44(p-MBA)30]4-", "[Au44(p-MBA)26]2-"}
    assert found["[Ag44(p-MBA)30]4-"].molar == 6e-6
    assert found["[Au44(p-MBA)26]2-"].molar is None


def test_references_that_contradict_one_another_are_refused():
    case = au44_ag44(references=(REFERENCES, REFERENCES))
    with pytest.raises(CaseError, match="one spectrum of each"):
        references_of(case, vocabulary_of(case))
    case = au44_ag44(references=(REFERENCES,), molar={"Cu44": 1e-6})
    with pytest.raises(CaseError, match="molar: found Cu44"):
        references_of(case, vocabulary_of(case))


def test_sketches_fill_what_is_missing():
    case = au44_ag44(references=(REFERENCES,))
    series = course(two_species())
    measured = references_of(case, vocabulary_of(case))
    every = {one.name for one in sketches_for(case, series, ())}
    rest = sketches_for(case, series, measured)
    assert rest
    assert all(one.spectrum.sketch for one in rest)
    assert every - {one.name for one in rest} == {one.name for one in measured}


def test_populations_by_the_reaction_and_by_its_table_agree(alloyscope, tmp_path):
    series = course(two_species())
    case = au44_ag44(ratio="3:1")
    predicted = populations_of(case, vocabulary_of(case), series)
    times = ",".join(f"{t:g}min" for t in TIMES)
    ran = alloyscope("simulate", "--case", "au44-ag44", "--ratio", "3:1", "--times", times,
                     "--no-figures", "--out", tmp_path / "run")  # fmt: skip
    assert ran.status == 0, ran.err
    for table in ("frameworks.csv", "speciation.csv"):
        case = au44_ag44(populations=str(tmp_path / "run" / table))
        read = populations_of(case, vocabulary_of(case), series)
        assert set(read.names) == set(predicted.names)
        order = [read.names.index(name) for name in predicted.names]
        assert read.speciation.amount[:, order] == pytest.approx(
            predicted.speciation.amount, abs=1e-4
        )
    assert any("predicts" in note for note in predicted.notes)
    assert {str(one)[:3] for one in predicted.speciation.species} <= {"[Au", "[Ag"}


def test_a_table_of_ones_own(tmp_path):
    path = tmp_path / "mine.csv"
    rows = "\n".join(f"{t:g},{np.exp(-t / 60):.6f},{1 - np.exp(-t / 60):.6f}" for t in TIMES)
    path.write_text(f"time_min,Ag44,A x=12\n{rows}\n")
    case = au44_ag44(populations=str(path))
    found = populations_of(case, vocabulary_of(case), course(two_species()))
    assert [str(one) for one in found.speciation.species] == [
        "[Ag44(p-MBA)30]4-", "[Au12Ag32(p-MBA)30]4-"]  # fmt: skip
    assert found.speciation.amount.sum(axis=1) == pytest.approx(1)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("t,Ag44\n1,1\n", "columns t, Ag44"),
        ("time_min,Ag44\n2,x\n", '"x"'),
        ("time_min,Ag44\n2,-1\n", '"-1"'),
        ("time_min,Ag44\n2,1\n", "no row for 5 min"),
        ("time_min,Ag44\n2,0\n", "nothing that reaches"),
        ("time_min,framework\n2,A\n", "frameworks without amounts"),
        ("", "columns none"),
    ],
)
def test_tables_that_do_not_do_are_refused(tmp_path, text, said):
    path = tmp_path / "bad.csv"
    path.write_text(text)
    case = au44_ag44(populations=str(path))
    with pytest.raises(CaseError, match=said):
        populations_of(case, vocabulary_of(case), course(two_species()))


def test_files_are_named_from_the_cases_folder(tmp_path):
    case = settings(Case(), "test", uvvis={"file": str(tmp_path / "a.csv"),
                                           "references": (str(tmp_path / "b.csv"),)})  # fmt: skip
    relative = settings(case, "test", uvvis={"file": "a.csv", "references": ("b.csv", "c")})
    write_case(relative, tmp_path / "case.toml")
    again = read_case(tmp_path / "case.toml").uvvis
    assert Path(again.references[0]).name == "b.csv"
    assert len(again.references) == 2
