"""Shells in words, tables and figures, and what they add to an assignment's report."""

import csv

import numpy as np
import pytest
from rich.console import Console

from alloyscope.report.shell_figures import series_figure, shells_figure
from alloyscope.report.shell_page import assigned_part
from alloyscope.report.shell_tables import fit_csv, ligands_csv, series_csv
from alloyscope.report.shell_text import mean_rows, model_rows, shells_text
from alloyscope.results.shells import ShellSeen, ShellsSeen, shells_within
from alloyscope.shells.compare import compare_shells
from alloyscope.shells.distribution import LigandDistribution
from alloyscope.shells.series import shell_series
from alloyscope.shells.statistics import binomial, two_populations
from tests.shells.examples import mixed

WHOLE = {(x, k): 0.5 * float(p) for x in (0, 1) for k, p in enumerate(binomial(30, 0.1))
         if p > 1e-3}  # fmt: skip


@pytest.fixture(scope="module")
def each():
    return shells_within(mixed(WHOLE, ligand="Cl", sd=0.002), "Au")


def test_every_framework_with_two_kinds_of_ligand_is_judged(each):
    assert [one.comparison.distribution.ligand for one in each] == ["Cl"]
    assert each[0].joint.metal == "Au"
    assert each[0].comparison.distribution.mean == pytest.approx(3.0, abs=0.05)


def test_one_kind_of_ligand_is_none_to_judge():
    assert shells_within(mixed({(0, 0): 1.0, (1, 0): 1.0}), "Au") == ()
    assert assigned_part((), "") == ""


def test_the_own_ligand_is_the_one_of_most_sites():
    mostly = {(0, k): float(p) for k, p in enumerate(binomial(30, 0.9)) if p > 1e-3}
    found = shells_within(mixed(mostly, ligand="Cl", sd=0.002), "Au")
    assert found[0].comparison.distribution.ligand == "p-MBA"


def test_tables_hold_what_was_judged(each):
    rows = list(csv.DictReader(ligands_csv(each).splitlines()))
    assert sum(float(row["fraction"]) for row in rows) == pytest.approx(1.0, abs=1e-6)
    assert {row["model"] for row in rows} == {each[0].shown.model}
    fits = list(csv.DictReader(fit_csv(each).splitlines()))
    assert {row["model"] for row in fits} == {"random", "two-site", "cooperative",
                                             "two populations"}  # fmt: skip


def test_words_say_mean_verdict_and_intervals(each):
    assert "Nothing speaks against random exchange" in mean_rows(each)[0][-1]
    assert model_rows(each[0])[0][1].startswith("mean 3 (2.9")


def test_a_page_says_it(each):
    part = assigned_part(each, "<svg></svg>")
    assert "<h2>Ligands</h2>" in part
    assert "independent exchange of Au and Cl" in part


def test_figures_draw_bars_and_the_random_shell(each):
    axes = shells_figure(each).axes[0]
    heights = [bar.get_height() for bar in axes.patches]
    assert heights == pytest.approx(each[0].comparison.distribution.fraction)
    assert [text.get_text() for text in axes.get_legend().get_texts()] == [
        "random, at the measured mean"]  # fmt: skip
    distributions = [each[0].comparison.distribution] * 2
    series = shell_series(distributions, (1.0, 2.0), (0.1, 0.1))
    assert len(series_figure(series).axes) == 2
    assert np.isfinite(series.constant.constant)


def judged(shell, sd=2.0, **more):
    rng = np.random.default_rng(1)
    amount = 1000 * shell + rng.normal(0.0, sd, shell.size)
    noise, k = sd**2 * np.eye(shell.size), np.arange(shell.size)
    seen = LigandDistribution("NTP", "M25S18", 18, k, amount, noise, **more)
    found = compare_shells(seen, intervals=False)
    return ShellSeen("p.csv", found, found.best)


def test_all_that_is_drawn_is_in_frame():
    axes = shells_figure([judged(two_populations(18, (1.8, 10.8), 0.5))]).axes[0]
    low, high = axes.get_ylim()
    drawn = np.concatenate([line.get_ydata() for line in axes.get_lines()[:2]])
    assert low <= drawn.min() <= drawn.max() < high
    noisy = shells_figure([judged(binomial(18, 0.3))]).axes[0]
    assert noisy.get_ylim()[0] < min(bar.get_height() for bar in noisy.patches) < 0


def test_where_k_are_not_told_apart_nothing_looks_like_a_measurement():
    one = judged(binomial(18, 0.3), blurred=True)
    mean, wide, verdict = mean_rows([one])[0][2:]
    assert (mean, wide) == ("about 5.4", "")
    assert "no verdict" in verdict
    assert model_rows(one) == []
    assert fit_csv([one]).count("\n") == 1
    assert all(row["fraction_sd"] == "" for row in csv.DictReader(ligands_csv([one]).splitlines()))
    assert one.comparison.as_json()["mean_sd"] is None
    series = shell_series([one.comparison.distribution] * 3, (1.0, 2.0, 3.0))
    assert not series_figure(series).axes[0].lines[1:]
    assert all(row["mean_sd"] == "" for row in csv.DictReader(series_csv(
        series, ["a", "b", "c"]).splitlines()))  # fmt: skip
    axes = shells_figure([one]).axes[0]
    assert axes.get_legend() is None
    assert not axes.containers[1:]
    assert any("not told apart" in text.get_text() for text in axes.texts)
    console = Console(width=120)
    with console.capture() as capture:
        console.print(shells_text(ShellsSeen((one,))))
    assert "p of fit" not in capture.get()
