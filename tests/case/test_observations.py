import csv
import json

import numpy as np
import pytest

from alloyscope.case.observations import read_observations
from alloyscope.errors import CaseError
from alloyscope.reaction.scoreboard import figures_of, without_reaction
from tests.conftest import ROOT
from tests.reaction.snapshots import PAIR

PAPER = ROOT.parent / "shared" / "data" / "paper" / "observations-direct.toml"

ENTRY = """
[[observation]]
id = "d1"
kind = "x_range"
R = "3/1"
t_min = 20
f = "A"
lo = 1
hi = 12
"""


@pytest.fixture
def read(tmp_path):
    def of(text, reaction=PAIR):
        path = tmp_path / "seen.toml"
        path.write_text(text, encoding="utf-8")
        return read_observations(path, reaction)

    return of


def test_an_observation_is_read(read):
    (it,) = read(ENTRY).statements
    assert (it.ratios, it.t_min, it.f, it.lo, it.hi, it.lo_tol) == ((3.0,), 20, ("A",), 1, 12, 1)


def test_a_range_of_ratios_takes_in_those_of_the_same_time(read):
    more = ENTRY.replace("d1", "d{0}").replace("3/1", "{1}").replace("20", "{2}")
    texts = [more.format(k, *what) for k, what in enumerate(
        [("1/4..1/2", 20), ("1:3", 20), ("3/8", 30), ("2/1", 20)])]  # fmt: skip
    assert read("".join(texts)).statements[0].ratios == (1 / 4, 1 / 3, 1 / 2)


def test_the_window_of_a_parents_framework_allows_the_parent(read):
    window = ENTRY.replace("x_range", "framework_window")
    one = read(window).statements[0]
    other = read(window.replace('"A"', '"B"')).statements[0]
    assert (one.lo_tol, one.hi_tol, one.also) == (0, 0, (0,))
    assert (other.lo_tol, other.hi_tol, other.also) == (1, 1, ())


def test_electrons_are_judged_by_those_that_have_fewest(read):
    text = ENTRY + ENTRY.replace("d1", "d2").replace("x_range", "electrons").replace(
        '"3/1"', '"R<1 -> A (18 e); R>1 -> B, C (20 e)"'
    ).replace('f = "A"\nlo = 1\nhi = 12\n', "")
    it = read(text).statements[1]
    assert it.f == ("A",)
    assert it.ratios == (3.0,)


def test_entries_that_are_not_for_fitting_are_left_out_whatever_they_hold(read):
    found = read(ENTRY + '[[observation]]\nsplit = "static"\ncolour = "red"\n')
    assert found.left_out == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("x_range", "x_rnage"), "d1 kind: found .x_rnage.*Did you mean x_range"),
        (('f = "A"', 'f = "Z"'), "d1 f: found .Z.; expected one of A, B, C"),
        (("hi = 12", "hi = 0"), "d1 lo: found 1, above hi = 0"),
        (("hi = 12", "high = 12"), "d1. high: found a key.*Did you mean hi"),
        (("hi = 12", 'hi = "12"'), "d1. hi: found '12'"),
        (("hi = 12", "hi = 60"), "within 0 to 44"),
        (("hi = 12\n", ""), "d1 hi: found nothing"),
        (('R = "3/1"\n', ""), "d1. R: found nothing"),
        (("3/1", "three"), 'd1 R: ratio "three"'),
        (("3/1", "4..1>2"), "d1 R"),
        (("t_min = 20", "t_min = -1"), "d1. t_min: found -1"),
        (('id = "d1"\n', ""), "1 id: found nothing"),
        (('id = "d1"', 'id = "d1"\nsequence = "second"'), "sequence: found 'second'"),
        (("[[observation]]", "[[observations]]"), "Did you mean observation"),
        (("[[observation]]", "[observation]"), "tables"),
        (("[[observation]]", "[[observation"), "expected a TOML file"),
        (("kind", 'split = "static"\nkind'), "no observation to judge"),
        (("[[observation]]", ENTRY + "[[observation]]"), "d1 more than once"),
    ],
)
def test_what_is_wrong_is_said_in_one_line_with_file_and_entry(read, change, said):
    with pytest.raises(CaseError, match=said) as caught:
        read(ENTRY.replace(*change))
    assert "seen.toml" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(CaseError, match="no such file"):
        read_observations(tmp_path / "no.toml", PAIR)


IONS = """ion,framework,n_Au,n_Ag,charge,abundance,abundance_sd,alias
[Ag44(p-MBA)30]4-,M44S30,0,44,-4,0.3,0.01,A
[Ag44(p-MBA)30-H]5-,M44S30,0,44,-5,0.1,0.01,A
[Au44(p-MBA)26]2-,M44S26,44,0,-2,0.4,0.02,C
[Au25(p-MBA)18]-,M25S18,25,0,-1,0.2,0.01,
"""
MEASURED = '[[speciation]]\nfile = "ions.csv"\nratio = "3:1"\nt_min = 1200\n'


def test_ions_of_an_assignment_are_read_with_their_covariance(read, tmp_path):
    (tmp_path / "ions.csv").write_text(IONS, encoding="utf-8")
    (alone,) = read(MEASURED).speciations
    assert alone.points == ((3.0, 1200.0),)
    assert alone.share.tolist() == [[0.5, 0.5]]
    assert alone.ignored == ("[Au25(p-MBA)18]-",)
    ions = [row["ion"] for row in csv.DictReader(IONS.splitlines())]
    covariance = (np.diag([1e-4, 1e-4, 4e-4, 1e-4]) + 5e-5).tolist()
    beside = {"assign": {"ions": [{"ion": ion} for ion in ions],
                         "abundance_covariance": covariance}}  # fmt: skip
    (tmp_path / "assignment.json").write_text(json.dumps(beside), encoding="utf-8")
    (joint,) = read(MEASURED).speciations
    slope = np.array([[0.5, 0.5, -0.5, 0.0], [-0.5, -0.5, 0.5, 0.0]]) / 0.8
    assert np.allclose(joint.covariance, slope @ covariance @ slope.T)
    assert not np.allclose(alone.covariance, joint.covariance)


def test_a_distribution_is_read(read, tmp_path):
    text = "framework,n_Au,n_Ag,x,fraction,fraction_sd,share\nM44S30,1,43,1,0.5,0.02,0.4\n"
    text += "M44S30,2,42,2,0.5,0.02,0.4\nM44S26,44,0,44,1,0,0.6\n"
    (tmp_path / "d.csv").write_text(text, encoding="utf-8")
    found = read(MEASURED.replace("ions.csv", "d.csv") + "model_sd = 0.02\n")
    assert np.allclose(found.speciations[0].share, [[0.2, 0.2, 0.6]])
    assert found.speciations[0].model_sd == 0.02
    assert found.needed == {3.0: (1200.0,)}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("abundance_sd", "sd"), "found columns ion.*expected framework, abundance"),
        (("n_A", "m_A"), "no column of n_Ag, n_Au"),
        (("0.02", "much"), 'row 3 abundance_sd: found "much"'),
        (("M44S30,0,44", "M44S30,few,44"), "row 1: found counts few, 44"),
        (("M44", "M45"), "no species that the reaction has"),
        ((IONS, IONS.splitlines()[0]), "no rows"),
    ],
)
def test_what_is_wrong_with_a_table_is_said(read, tmp_path, change, said):
    (tmp_path / "ions.csv").write_text(IONS.replace(*change), encoding="utf-8")
    with pytest.raises(CaseError, match=said):
        read(MEASURED)


def test_a_table_that_is_not_there_is_said(read):
    with pytest.raises(CaseError, match=r"ions\.csv: found No such file"):
        read(MEASURED)


@pytest.mark.skipif(not PAPER.exists(), reason="the paper's observations are not beside this")
def test_all_direct_observations_of_the_paper_are_read():
    found = read_observations(PAPER, PAIR)
    assert (len(found.statements), found.left_out) == (97, 28)
    assert sum(len(times) for times in found.needed.values()) == 35
    figures = set(figures_of(found.statements).values())
    assert figures == {"2b", "2d", "3d", "3e", "3f", "other"}
    assert without_reaction(found.statements, PAIR).met == 34
