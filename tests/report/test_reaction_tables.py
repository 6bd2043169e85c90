"""A simulation as CSV and as words: units, names, and nothing lost."""

import csv
import io

import pytest

from alloyscope.report.reaction_tables import reaction_csvs
from alloyscope.report.reaction_text import sample_columns, sample_name, sample_rows
from tests.reaction.simulations import direct, sequence, three_metals


def rows_of(seen, name):
    return list(csv.DictReader(io.StringIO(reaction_csvs(seen)[name])))


def test_speciation_has_a_row_a_composition():
    seen = direct().simulated
    rows = rows_of(seen, "speciation.csv")
    assert list(rows[0])[:5] == ["time_min", "framework", "x", "fraction", "mean_x"]
    assert {row["framework"] for row in rows} == {"M44S30", "M44S27", "M44S26"}
    assert {row["framework"]: row["alias"] for row in rows}["M44S27"] == "B"
    for k, time in enumerate((2, 60, 1200)):
        now = [row for row in rows if float(row["time_min"]) == time]
        for name, framework in seen.reaction.by_name.items():
            own = [row for row in now if row["framework"] == framework.label]
            fraction = [float(row["fraction"]) for row in own]
            assert sum(fraction) == pytest.approx(seen.sampled.total[name][k], abs=1e-6)
            assert sum(float(row["share_of_framework"]) for row in own) == pytest.approx(
                1, abs=1e-4
            )
            mean = sum(float(row["x"]) * f for row, f in zip(own, fraction, strict=True))
            assert mean / sum(fraction) == pytest.approx(float(own[0]["mean_x"]), abs=1e-3)
            assert all(int(row["n_Au"]) + int(row["n_Ag"]) == 44 for row in own)
            assert [int(row["x"]) for row in own] == sorted({int(row["n_Au"]) for row in own})
        assert sum(float(row["share_of_clusters"]) for row in now) == pytest.approx(1, abs=1e-6)


def test_every_composition_of_three_metals_has_its_row():
    rows = rows_of(three_metals().simulated, "speciation.csv")
    assert "alias" in rows[0]
    counts = {(row["n_Au"], row["n_Ag"], row["n_Cu"]) for row in rows if row["time_min"] == "1200"}
    assert ("1", "2", "1") in counts
    assert len(counts) > 12


def test_pools_and_balance_are_per_metal_atom_fed():
    seen = direct().simulated
    pools = rows_of(seen, "pools.csv")
    assert list(pools[0])[:6] == ["time_min", "Au", "Ag", "p-MBA", "RSSR", "electrons"]
    assert "dark Au" in pools[0]
    for k, row in enumerate(pools):
        held = sum(float(row[name]) for name in ("Au", "Ag", "dark Au", "dark Ag"))
        assert held + float(row["clusters"]) == pytest.approx(1.0, abs=1e-6)
        assert float(row["Au"]) == pytest.approx(seen.sampled.pool("Au")[k], rel=1e-6)
    for row in rows_of(seen, "balance.csv"):
        assert float(row["Au"]) == pytest.approx(0.75)
        assert float(row["p-MBA"]) == pytest.approx((3 * 26 + 30) / 176)
        assert float(row["electrons"]) == pytest.approx((3 * 20 + 18) / 176)
        assert float(row["largest_error"]) < 1e-9


def test_frameworks_without_clusters_have_no_mean():
    seen = sequence().simulated
    rows = rows_of(seen, "frameworks.csv")
    assert len(rows) == 10
    assert "alias" not in rows[0]
    for row in rows:
        assert bool(row["mean_x"]) == (float(row["clusters"]) >= 1e-9)


def test_rows_of_the_terminal_fit_their_headings():
    for made in (direct, sequence, three_metals):
        seen = made().simulated
        rows = sample_rows(seen)
        assert len(rows) == seen.sampled.times.size
        assert {len(row) for row in rows} == {len(sample_columns(seen))}


def test_samples_soon_after_an_addition_say_so():
    seen = sequence().simulated
    names = [sample_name(seen, minutes) for minutes in (60.0, 120.0, 122.0, 180.0, 242.0)]
    assert names == ["60 min", "2 h", "2 h + 2 min", "3 h", "4 h + 2 min"]
