"""What reports of gels and electrons say and draw."""

from dataclasses import replace

import pytest

from alloyscope.case import Case
from alloyscope.chemistry import parse_species
from alloyscope.gel.conditions import GelConditions
from alloyscope.gel.lane import lane
from alloyscope.gel.match import LaneMatch
from alloyscope.gel.mobility import Sample, by_every_model
from alloyscope.gel.order import held_ranges, pair_orders
from alloyscope.report.gel_figures import ferguson_figure, lane_figure, order_figure
from alloyscope.report.gel_page import gel_page
from alloyscope.report.gel_tables import mobilities_csv, ranges_csv
from alloyscope.report.gel_text import (
    all_notes,
    headline,
    match_line,
    mobility_rows,
    order_line,
    order_rows,
    percent,
    range_lines,
    signed,
)
from alloyscope.results import Results
from alloyscope.results.gel import GelRun
from tests.gel.samples import PAPER, sample

AT = GelConditions()


def made(samples=PAPER, draws=40, at=AT) -> GelRun:
    found = by_every_model(samples, at, draws=draws)
    return GelRun(
        at, found, {m: pair_orders(ones, at.tie) for m, ones in found.items()},
        held_ranges(found, at), lane(found[at.model], at), draws=draws,
    )  # fmt: skip


RUN = made()


def test_ties_are_written_as_ties():
    assert order_line(RUN, "charge-to-mass") == "C x=44 < C alloy < B < A"
    assert "≈" in order_line(RUN, "ferguson")


def test_the_first_line_says_what_is_not_sure():
    assert headline(RUN) == (
        "C x=44 < C alloy < B < A, from the slowest, by charge to mass; the other models tie "
        "C x=44 with C alloy and leave C alloy < B and B < A uncertain"
    )
    by_size = made(PAPER[1:], at=GelConditions(model="ferguson"))
    assert headline(by_size) == "C alloy < B < A, from the slowest, by Ferguson, uncertain"
    many = made([sample(f"C {x}", "C", x) for x in (44, 30, 15, 0)])
    assert headline(many).endswith("; the other models tie 3 of 3 neighbours")


def test_of_one_other_model_the_first_line_speaks_in_the_singular():
    kept = {m: RUN.mobility[m] for m in ("charge-to-mass", "ferguson")}
    assert "; the other model ties C x=44 with" in headline(replace(RUN, mobility=kept))


def test_the_order_of_neighbours_is_told_by_every_model():
    rows = order_rows(RUN)
    assert len(rows) == 9
    assert [row[-1] for row in rows[:3]] == ["certain", "tied", "tied"]
    assert [row[3] for row in rows[:2]] == ["+1.77", "0.00"]
    lines = range_lines(RUN)
    assert lines[0].startswith("Scanned one at a time: pH 3 to 11")
    assert lines[1] == ("C x=44 < C alloy: holds all over it by charge to mass; nowhere by charge "
                        "to radius, Ferguson.")  # fmt: skip


def test_without_draws_no_share_is_told():
    rows = order_rows(made(draws=0))
    assert {row[4] for row in rows} == {""}
    assert {row[-1] for row in rows} == {"not tested", "tied"}


def test_one_sample_has_a_mobility_and_no_order():
    one = made(PAPER[:1], draws=0)
    assert headline(one) == "C x=44: 2.13 e/kDa by charge to mass"
    assert range_lines(one) == []
    assert all_notes(one) == ()


@pytest.mark.parametrize(("share", "text"), [(0.0, "0"), (1.0, "100"), (0.9999, "99.9"),
                                             (1e-6, "0.1"), (0.683, "68.3")])  # fmt: skip
def test_a_hundred_only_where_nothing_is_missing(share, text):
    assert percent(share) == text


def test_what_does_not_move_has_no_sign():
    neutral = parse_species("[Au25(PET)18]0")
    rows = mobility_rows(made((*PAPER[2:], Sample("neutral", (neutral,)))))
    assert rows[0] == ["neutral", *["0"] * 6]


def test_an_error_of_rounding_alone_is_not_told():
    for sd, said in ((1.4e-10, "runs 47."), (0.84, "runs 47 ± 0.84.")):
        line = match_line(LaneMatch("lane1", (), (47.0, sd), (), marked=True))
        assert line.startswith("Lane1: ")
        assert line.endswith(f"by the marker the fastest sample {said}")


def test_charges_have_a_true_minus_sign():
    assert [signed(z) for z in (-32.74, 3.0, 0.01)] == ["−32.7", "+3.0", "0"]


def test_lanes_are_drawn_with_their_names_and_the_well_above():
    axes = lane_figure(RUN).axes[0]
    names = [label.get_text() for label in axes.get_xticklabels()]
    assert names == ["C x=44", "C alloy", "B", "A", "together"]
    bottom, top = axes.get_ylim()
    assert bottom > 1.0 > top
    assert len(axes.get_images()) == 5


def test_bars_add_up_to_a_hundred_per_cent():
    axes = order_figure(RUN).axes[0]
    assert sum(bar.get_width() for bar in axes.patches) == pytest.approx(900)


def test_fergusons_lines_fall_by_the_retardation():
    axes = ferguson_figure(RUN).axes[0]
    line = axes.get_lines()[-2]
    x, y = line.get_data()
    assert (y[-1] - y[0]) / (x[-1] - x[0]) == pytest.approx(-0.0226, abs=5e-4)


def test_lines_that_lie_one_upon_another_are_said_to():
    left, right = ferguson_figure(RUN).axes
    assert left.get_title(loc="left") == "Ferguson's plot: lines 2.1 % apart at most"
    starts = {round(float(line.get_ydata()[0]), 3) for line in right.get_lines()[:4]}
    assert len(starts) >= 3
    alone = ferguson_figure(made(PAPER[:1], draws=0)).axes[0]
    assert alone.get_title(loc="left") == "Ferguson's plot"


def test_tables_hold_every_species():
    assert len(mobilities_csv(RUN).splitlines()) == 1 + 3 * sum(len(s.members) for s in PAPER)
    assert ",,\n" not in mobilities_csv(RUN).splitlines()[1]
    never = [row for row in ranges_csv(RUN).splitlines() if row.endswith(",,")]
    assert len(never) == 12


def test_the_page_escapes_and_holds_its_tables():
    page = gel_page(Results(Case(), gel=RUN), {"lanes": "<svg></svg>"}, ["mobilities.csv"])
    assert "C x=44 &lt; C alloy" in page
    assert "<svg></svg>" in page
    assert page.count("<table>") == 3
