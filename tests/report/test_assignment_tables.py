"""CSV tables say what the assignment says, in the columns that were promised."""

import csv
import io
import json
from dataclasses import replace

import numpy as np
import pytest

from alloyscope.chemistry import parse_ion
from alloyscope.report.assignment_tables import assignment_csvs
from alloyscope.results import Columns
from tests.assignment.example import RIVAL, assigned, example, nothing, reported

COUNTS = ["n_Au", "n_Ag", "n_p-MBA", "n_Cl", "delta_H", "delta_Na"]
HEADS = {
    "ions.csv": ["ion", "framework", *COUNTS, "charge", "electrons", "mz_theory", "mz_measured",
                 "error_ppm", "raw_error_ppm", "abundance", "abundance_sd", "score", "q_value",
                 "group"],
    "groups.csv": ["group", "ion", *COUNTS, "charge", "odds"],
    "unexplained.csv": ["mz", "charge", "intensity", "signal_to_noise"],
    "distribution.csv": ["framework", "n_Au", "n_Ag", "x", "fraction", "fraction_sd", "share"],
    "limits.csv": ["ion", "framework", *COUNTS, "charge", "mz_theory", "abundance_below"],
}  # fmt: skip


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("name", HEADS)
def test_columns_are_those_promised_also_when_nothing_is_found(name):
    for found in (example(), nothing()):
        head = next(csv.reader(io.StringIO(assignment_csvs(reported(found))[name])))
        assert head == HEADS[name]
    if name not in ("unexplained.csv", "limits.csv"):
        assert len(assignment_csvs(reported(nothing()))[name].splitlines()) == 1


def test_ions_are_the_calls_in_numbers():
    found = example()
    table = rows(assignment_csvs(reported(found))["ions.csv"])
    assert len(table) == len(found.called) == 36
    for row, call in zip(table, found.called, strict=True):
        assert parse_ion(row["ion"]) == call.ion
        assert int(row["charge"]) == call.ion.charge < 0
        assert [int(row[name]) for name in COUNTS] == [
            call.ion.species.count("Au"), call.ion.species.count("Ag"),
            call.ion.species.count("p-MBA"), 0, call.ion.delta("H"), call.ion.delta("Na"),
        ]  # fmt: skip
        for name, digits in (("mz_theory", 5e-6), ("mz_measured", 5e-6), ("error_ppm", 5e-4),
                             ("raw_error_ppm", 5e-4)):  # fmt: skip
            assert float(row[name]) == pytest.approx(getattr(call, name), abs=digits)
        for name in ("abundance", "abundance_sd", "score", "q_value", "electrons", "group"):
            assert float(row[name]) == pytest.approx(getattr(call, name), rel=1e-3)
    assert sum(float(row["abundance"]) for row in table) == pytest.approx(1, abs=1e-6)
    assert table[0]["framework"] == "M44S30"


def test_groups_hold_all_members_with_their_odds():
    table = rows(assignment_csvs(reported(example()))["groups.csv"])
    ((own, ((rival, odds),)),) = RIVAL.items()
    (number,) = {row["group"] for row in table if row["ion"] == own}
    members = [row for row in table if row["group"] == number]
    assert [row["ion"] for row in members] == [own, str(parse_ion(rival))]
    assert [float(row["odds"]) for row in members] == [1 - odds, odds]
    assert {row["group"] for row in table} == {str(k) for k in range(1, 37)}


def test_distribution_is_a_sum_over_ions():
    found = example()
    table = rows(assignment_csvs(reported(found))["distribution.csv"])
    own = [call for call in found.called if call.framework == "M44S27"]
    whole = sum(call.abundance for call in own)
    got = {int(row["x"]): row for row in table if row["framework"] == "M44S27"}
    assert sorted(got) == list(range(19, 25))
    for x, row in got.items():
        amount = sum(call.abundance for call in own if call.ion.species.count("Au") == x)
        assert float(row["fraction"]) == pytest.approx(amount / whole, rel=1e-6)
        assert (int(row["n_Au"]), int(row["n_Ag"])) == (x, 44 - x)
        assert float(row["share"]) == pytest.approx(whole, rel=1e-6)
        assert 0 < float(row["fraction_sd"]) < float(row["fraction"])


def test_a_third_metal_keeps_compositions_apart():
    found = assigned({"[Au2Ag41Cu(p-MBA)30]4-": 500.0, "[Au2Ag40Cu2(p-MBA)30]4-": 1500.0})
    seen = replace(
        reported(replace(found, metals=("Au", "Ag", "Cu"))),
        columns=Columns(("Ag", "Au", "Cu"), ("p-MBA",), ("H",)),
    )
    table = rows(assignment_csvs(seen)["distribution.csv"])
    got = {(row["n_Ag"], row["n_Au"], row["n_Cu"], row["x"]): float(row["fraction"])
           for row in table}  # fmt: skip
    assert got == {("40", "2", "2", "2"): 0.75, ("41", "2", "1", "2"): 0.25}


def test_what_is_left_over():
    tables = assignment_csvs(reported(example()))
    peaks = rows(tables["unexplained.csv"])
    assert [(float(row["mz"]), row["charge"]) for row in peaks] == [(2475.3, "0"), (3100.7, "-2")]
    low = rows(tables["limits.csv"])[0]
    assert (low["ion"], float(low["abundance_below"])) == ("[Ag44(p-MBA)30]4-", 0.0012)
    assert float(low["mz_theory"]) == pytest.approx(2335.4631, abs=1e-4)


def test_aliases_stand_last():
    tables = assignment_csvs(reported(example(), {"M44S30": "A"}))
    for name in ("ions.csv", "distribution.csv"):
        table = rows(tables[name])
        assert list(table[0]) == [*HEADS[name], "alias"]
        for row in table:
            assert row["alias"] == ("A" if row["framework"] == "M44S30" else "")


def test_a_plain_formula_has_atoms_and_no_ligands():
    found = assigned({"[Au2C14H10O4S2]-": 500.0, "[Ag3(p-MBA)4]-": 500.0})
    seen = reported(found)
    row = next(r for r in rows(assignment_csvs(seen)["ions.csv"]) if not r["framework"])
    assert (row["n_Au"], row["n_Ag"], row["n_p-MBA"], row["delta_H"]) == ("2", "0", "", "")
    (share,) = rows(assignment_csvs(seen)["distribution.csv"])
    assert float(share["share"]) == pytest.approx(0.5)
    assert float(share["fraction"]) == pytest.approx(1.0)


def test_json_holds_the_same_and_no_points():
    found = example()
    content = json.loads(json.dumps(reported(found, {"M44S26": "C"}).as_json(), allow_nan=False))
    assert content["verdict"] == found.verdict
    assert [ion["abundance"] for ion in content["ions"]] == [c.abundance for c in found.called]
    assert content["ions"][0]["n_Au"] == 5
    assert np.allclose(content["abundance_covariance"], found.covariance, rtol=1e-5)
    by_name = {one["framework"]: one for one in content["frameworks"]}
    assert by_name["M44S26"]["alias"] == "C"
    assert by_name["M44S27"]["mean_x"] == pytest.approx(21.5)
    own = content["instrument"]
    assert (own["offset_ppm"], own["offset_ppm_sd"]) == (6.0, pytest.approx(0.2))
    assert own["resolving_power"] == pytest.approx(13000)
    assert own["resolving_power_sd"] == pytest.approx(130)
    assert len(json.dumps(content)) < 100_000


def test_json_of_a_pure_metal_has_no_infinity():
    found = assigned({"[Au44(p-MBA)26]4-": 1000.0})
    (one,) = json.loads(json.dumps(reported(found).as_json(), allow_nan=False))["frameworks"]
    assert (one["mean_x"], one["ratio"]) == (44, None)
