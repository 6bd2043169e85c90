"""A plan as words, tables and figures: nothing lost, nothing said twice."""

import csv
import io
from dataclasses import replace

import pytest

from alloyscope.reaction.design import plan
from alloyscope.reaction.feeds import Search
from alloyscope.reaction.target import Target
from alloyscope.report.plan_figures import map_figure, product_figure
from alloyscope.report.plan_tables import plan_csvs
from alloyscope.report.plan_text import (
    figure_rows,
    listed_parts,
    part_rows,
    range_line,
    reading_line,
    volume_line,
)
from tests.reaction.planned import alloy, half_and_half, three_metals, unequal

PLANS = [alloy, half_and_half, unequal, three_metals]


def rows_of(found, name):
    return list(csv.DictReader(io.StringIO(plan_csvs(found)[name])))


@pytest.mark.parametrize("made", PLANS)
def test_tables_add_up(made):
    found = made().planned
    products = rows_of(found, "products.csv")
    assert sum(float(row["share"]) for row in products) == pytest.approx(1)
    wanted = sum(float(row["share"]) for row in products if row["wanted"] == "yes")
    assert wanted == pytest.approx(found.outcome.purity)
    grid = rows_of(found, "map.csv")
    assert len(grid) == found.map.ratios.size * found.map.times.size
    if found.drawn:
        assert len(rows_of(found, "draws.csv")) == len(found.drawn)
    else:
        assert "draws.csv" not in plan_csvs(found)


def test_words_name_volumes_ranges_and_where_the_spread_is_from():
    found = unequal().planned
    assert "µL of Au25" in volume_line(found)
    assert "2 mM of metal" in volume_line(found)
    assert "best purity: feeds" in range_line(found)
    source = "posterior" if found.reaction.posterior else "priors' spread"
    assert source in reading_line(found)
    said = reading_line(half_and_half().planned)
    assert "nothing is said of the uncertainty" in said
    assert "equal concentrations" in volume_line(half_and_half().planned)


def test_a_best_at_the_edge_says_so():
    found = plan(half_and_half().planned.reaction, Target("M25S18"),
                 search=Search(0.5, 2.0), draws=0)  # fmt: skip
    assert "(the lowest and the highest tried)" in range_line(found)


def test_parts_without_clusters_are_left_out_but_for_what_is_wanted():
    found = alloy().planned
    assert found.outcome.parts[0].wanted
    nothing = replace(found.outcome, parts=tuple(replace(part, share=0.0)
                                                 for part in found.outcome.parts))  # fmt: skip
    empty = replace(found, outcome=nothing)
    assert [part.wanted for part in listed_parts(empty)] == [True]
    assert part_rows(found)[0][:2] == ["M44S30 (A), 12 Au", "wanted"]
    assert all(row[2] for row in figure_rows(found))
    assert not any(row[2] for row in figure_rows(half_and_half().planned))


@pytest.mark.parametrize("made", PLANS)
def test_figures_draw_the_plan(made):
    found = made().planned
    axes = map_figure(found).axes
    titles = {ax.get_title(loc="left") for ax in axes}
    assert {"purity, % of the clusters", "yield, % of the clusters fed"} <= titles
    marks = [line for line in axes[0].lines if line.get_marker() == "o"]
    assert marks
    upper = product_figure(found).axes[0]
    names = [label.get_text() for label in upper.get_yticklabels()]
    assert len(names) == len(listed_parts(found)) + len(found.reaction.metals)
    widths = [bar.get_width() for bar in upper.patches]
    assert widths[0] == pytest.approx(100 * listed_parts(found)[0].share)


def test_one_feed_is_drawn_against_time():
    found = plan(alloy().planned.reaction, alloy().planned.target, search=Search(0.3, 0.3),
                 draws=0)  # fmt: skip
    assert map_figure(found).axes[0].get_xlabel() == "time, fed 1:3.33"
