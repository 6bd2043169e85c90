"""A judged fit and a comparison as tables, words and figures."""

import csv
import io
from dataclasses import replace

import numpy as np
import pytest

from alloyscope.reaction.judged import judged
from alloyscope.reaction.profile import profile
from alloyscope.report.compare_figure import compare_figure
from alloyscope.report.compare_tables import compare_csv, listed
from alloyscope.report.fit_figures import (
    parameter_figure,
    profile_figure,
    scoreboard_figure,
    share_figure,
    yield_figure,
)
from alloyscope.report.fit_tables import fit_csvs
from alloyscope.report.fit_text import (
    baseline_line,
    board_rows,
    fate_columns,
    fate_rows,
    headline,
    interval,
    interval_line,
    prior,
)
from tests.reaction.fits import fitted
from tests.reaction.test_compare import compared
from tests.reaction.test_judged import found


def rows(name):
    return list(csv.DictReader(io.StringIO(fit_csvs(found())[name])))


def test_parameters_are_written_with_their_intervals():
    kd = next(row for row in rows("parameters.csv") if row["name"] == "kd")
    assert float(kd["low"]) < float(kd["value"]) < float(kd["high"])
    assert (kd["interval_by"], kd["open_below"], kd["determined"]) == (
        "profile",
        "no",
        "determined",
    )
    assert (kd["prior"], kd["prior_sd"], kd["unit"]) == ("0.01", "1", "1/min")


def test_the_covariance_stands_under_the_names_of_parameters():
    table = rows("covariance.csv")
    names = [row["name"] for row in table]
    matrix = np.array([[float(row[name]) for name in names] for row in table])
    assert matrix == pytest.approx(fitted().covariance, rel=1e-8)


def test_every_statement_is_written_with_its_smallest_margin():
    table = rows("scoreboard.csv")
    assert len(table) == found().shown.total
    assert sum(row["met"] == "yes" for row in table) == found().shown.met
    assert sum(row["met_without_reaction"] == "yes" for row in table) == found().unreacted.met
    for row in table:
        assert (float(row["smallest_margin"]) >= 0) == (row["met"] == "yes")


def test_yields_profiles_and_starts_are_written():
    assert [row["ratio"] for row in rows("yields.csv")] == ["1/2", "1/1", "3/1"]
    for row in rows("yields.csv"):
        held = ("metal_in_clusters", "Au_in_complexes", "Ag_in_complexes", "metal_dark")
        assert sum(float(row[key]) for key in held) == pytest.approx(1.0, abs=1e-6)
    points = rows("profiles.csv")
    assert {row["parameter"] for row in points} == {"kd"}
    assert all(float(row["value"]) == pytest.approx(float(row["kd"])) for row in points)
    losses = [float(row["loss"]) for row in rows("starts.csv")]
    assert losses == sorted(losses)


def test_words_count_what_the_scoreboard_counts():
    board = found().shown
    assert f"{board.met} of {board.total} statements" in headline(found())
    assert "1 measured speciation" in headline(found())
    assert f"no reaction {found().unreacted.met};" in baseline_line(found())
    table = board_rows(found())
    assert table[-1][:3] == ["all", str(board.total), str(board.met)]
    assert sum(int(row[2]) for row in table[:-1]) == board.met
    assert len(fate_columns(found())) == len(fate_rows(found())[0])
    assert any("oxidised" in name for name, _ in fate_columns(found()))
    assert "of kd by profile likelihood" in interval_line(found())


def test_intervals_and_priors_are_said_plainly():
    one = found().estimates[1]
    assert " to " in interval(one)
    assert interval(replace(one, low=0.1, open_below=False, open_above=True)) == "0.1 or more"
    assert interval(replace(one, high=0.1, open_below=True)) == "0.1 or less"
    both = replace(one, open_below=True, open_above=True)
    assert interval(both) == "anything within the bounds"
    assert prior(one) == "0.01, 1 decade"
    assert prior(replace(one, parameter=replace(one.parameter, sd=np.inf))) == "flat"


def test_figures_show_what_was_found():
    board = scoreboard_figure(found())
    assert "5 of 5" in [text.get_text() for text in board.axes[0].texts]
    shares = share_figure(found())
    assert [ax.get_title(loc="left") for ax in shares.axes] == ["M4S3 (A)", "M4S2 (B)"]
    line = shares.axes[0].lines[0].get_ydata()
    assert line == pytest.approx([100 * one.shown["A"] for one in found().curve])
    whole = yield_figure(found()).axes[0].collections[-1].get_paths()[0].vertices[:, 1].max()
    assert whole == pytest.approx(100, abs=0.1)
    assert len(parameter_figure(found()).axes[0].get_yticklabels()) == 5
    every = judged(fitted(), draws=0, profiles=profile(fitted()))
    drawn = [ax for ax in profile_figure(every).axes if ax.get_visible()]
    assert [ax.get_title(loc="left") for ax in drawn][-1] == "kn (1/min)"
    assert len(scoreboard_figure(every).legends[0].get_texts()) == 3


def test_comparisons_are_written_and_drawn():
    table = list(csv.DictReader(io.StringIO(compare_csv(compared()))))
    by_name = {row["name"]: row for row in table}
    assert by_name["kd"]["verdict"] == "needed"
    assert by_name["kd"]["lost"] == "gold free"
    assert float(by_name["ki"]["loss_difference"]) > float(by_name["kn"]["loss_difference"])
    left, right = compare_figure(compared()).axes
    assert len(left.get_yticklabels()) == len(table)
    assert [bar.get_width() for bar in right.patches] == [int(row["met"]) for row in table]


def test_long_lists_are_cut():
    assert listed(("a", "b")) == "a, b"
    assert listed([str(k) for k in range(9)]) == "0, 1, 2, 3, 4, 5 and 3 more"
