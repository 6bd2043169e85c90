"""Each kind of statement is met and not met just either side of its threshold."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alloyscope.reaction.margins import (
    JUDGES,
    MISREAD,
    STANDARD,
    Margins,
    Thresholds,
    log_likelihood,
    margins,
    residuals,
)
from alloyscope.reaction.observation import CHANGES, KINDS, Observation
from alloyscope.reaction.ratio import parse_sides
from alloyscope.reaction.seen import shown, unreacted
from alloyscope.reaction.wording import WORDS, said
from tests.reaction.snapshots import PAIR, snapshot

SIDES = parse_sides("R<1 -> A; R>1 -> B, C")


def statement(kind, *, ratios=(3.0,), t_min=60.0, f=("A",), lo=None, hi=None, **more):
    return Observation("o1", kind, "Fig 1", ratios, t_min, f=f, lo=lo, hi=hi, **more)


def at(*seen, ratios=(3.0,), times=(60.0,)):
    points = [(ratio, t) for ratio in ratios for t in times]
    return dict(zip(points, seen, strict=True))


def of_x(kind, by_x, **more):
    return statement(kind, **more), at(snapshot(A=by_x))


def series(kind, *means):
    ratios = tuple(float(k + 1) for k in range(len(means)))
    return statement(kind, ratios=ratios), at(
        *(snapshot(A={0: 1 - m / 10, 10: m / 10}, B={0: 1.0 - 0.1 * m}) for m in means),
        ratios=ratios,
    )


def change(kind, before, after):
    seen = at(snapshot(A=before), snapshot(A=after), times=(10.0, 60.0))
    return statement(kind, t0=10.0), seen


def switch(low, high):
    """Share of A at 1/2 and at 2/1."""
    seen = (snapshot(A={0: low}, B={0: 1 - low}), snapshot(A={0: high}, B={0: 1 - high}))
    return statement("electrons", ratios=(0.5, 2.0), sides=SIDES), at(*seen, ratios=(0.5, 2.0))


def shares(kind, a, **more):
    return statement(kind, **more), at(snapshot(A={3: a / 2, 4: a / 2}, B={20: 1 - a}))


WIDE = {10: 1.0, 12: 0.06, 8: 0.06}

CASES = [
    # met, and the same statement not met
    ("framework_present", shares("framework_present", 0.051), shares("framework_present", 0.049)),
    ("framework_absent", shares("framework_absent", 0.049), shares("framework_absent", 0.051)),
    ("framework_dominant", shares("framework_dominant", 0.51), shares("framework_dominant", 0.49)),
    ("coexist", shares("coexist", 0.101, f=("A", "B")), shares("coexist", 0.099, f=("A", "B"))),
    ("coexist", shares("coexist", 0.899, f=("A", "B")), shares("coexist", 0.901, f=("A", "B"))),
    ("dominant_x", of_x("dominant_x", {6: 0.31, 9: 0.3}, lo=6, hi=8),
     of_x("dominant_x", {6: 0.30, 9: 0.31}, lo=6, hi=8)),
    ("dominant_x", of_x("dominant_x", {0: 1.0}, lo=0, hi=44), of_x("dominant_x", {}, lo=0, hi=44)),
    ("x_range", of_x("x_range", WIDE, lo=8, hi=12), of_x("x_range", WIDE, lo=9, hi=12)),
    ("x_range", of_x("x_range", WIDE, lo=9, hi=13, lo_tol=1, hi_tol=1),
     of_x("x_range", WIDE, lo=10, hi=14, lo_tol=1, hi_tol=1)),
    ("x_range", of_x("x_range", WIDE | {14: 0.049}, lo=8, hi=12),
     of_x("x_range", WIDE | {14: 0.051}, lo=8, hi=12)),
    ("x_range", of_x("x_range", WIDE | {14: 0.011}, lo=8, hi=14, minor=True),
     of_x("x_range", WIDE | {14: 0.009}, lo=8, hi=14, minor=True)),
    ("x_range", of_x("x_range", {0: 1.0, 44: 0.5}, lo=0, hi=44),
     of_x("x_range", {0: 1.0, 44: 0.04}, lo=0, hi=44)),
    ("max_x", of_x("max_x", WIDE, lo=12, hi=12), of_x("max_x", WIDE, lo=10, hi=11)),
    ("max_x", of_x("max_x", WIDE, lo=11, hi=12), of_x("max_x", WIDE, lo=13, hi=14)),
    ("framework_window", of_x("framework_window", {5: 0.91, 2: 0.09}, lo=3, hi=6),
     of_x("framework_window", {5: 0.89, 2: 0.11}, lo=3, hi=6)),
    ("framework_window", of_x("framework_window", {5: 0.5, 2: 0.3, 0: 0.2}, lo=3, hi=6, lo_tol=1,
                              also=(0,)),
     of_x("framework_window", {5: 0.5, 2: 0.3, 0: 0.2}, lo=3, hi=6, also=(0,))),
    ("monotone_mean_x", series("monotone_mean_x", 1, 2, 3), series("monotone_mean_x", 1, 3, 2.99)),
    ("monotone_mean_x", series("monotone_mean_x", 1, 1.001), series("monotone_mean_x", 1, 1)),
    ("monotone_framework", series("monotone_framework", 1, 2, 3),
     series("monotone_framework", 2, 1, 3)),
    ("shift_up", change("shift_up", {3: 1.0}, {3: 0.5, 4: 0.1}),
     change("shift_up", {4: 1.0}, {3: 0.5, 4: 0.1})),
    ("shift_down", change("shift_down", {4: 1.0}, {3: 0.5, 4: 0.1}),
     change("shift_down", {3: 1.0}, {3: 1.0})),
    ("narrowing", change("narrowing", {3: 1.0, 5: 1.0}, {8: 1.0, 9: 1.0}),
     change("narrowing", {8: 1.0, 9: 1.0}, {3: 1.0, 5: 1.0})),
    ("increasing", change("increasing", {3: 0.2}, {4: 0.2102}),
     change("increasing", {3: 0.2}, {4: 0.2098})),
    ("decreasing", change("decreasing", {3: 0.2102}, {4: 0.2}),
     change("decreasing", {3: 0.2098}, {4: 0.2})),
    ("ratio_range", of_x("ratio_range", {22: 1.0}, lo=1, hi=1, f=()),
     of_x("ratio_range", {22: 1.0}, lo=1.01, hi=2, f=())),
    ("ratio_range", of_x("ratio_range", {40: 1.0}, lo=9.9, hi=1e9, f=()),
     of_x("ratio_range", {40: 1.0}, lo=1, hi=9.9, f=())),
    ("electrons", switch(0.901, 0.049), switch(0.899, 0.049)),
    ("electrons", switch(0.901, 0.049), switch(0.901, 0.051)),
    ("efficiency", of_x("efficiency", {0: 0.51, 7: 0.3}, lo=0.8),
     of_x("efficiency", {0: 0.49, 7: 0.3}, lo=0.8)),
    ("efficiency", of_x("efficiency", {0: 0.4}, lo=0.2, hi=0.5),
     of_x("efficiency", {0: 0.6}, lo=0.2, hi=0.5)),
    ("complexes", (statement("complexes", level="none"), at(snapshot({"Au": 0.05, "Ag": 0.04}))),
     (statement("complexes", level="none"), at(snapshot({"Au": 0.05, "Ag": 0.06})))),
    ("complexes", (statement("complexes", level="Au present"), at(snapshot({"Au": 0.11}))),
     (statement("complexes", level="Au present"), at(snapshot({"Au": 0.09, "Ag": 0.5})))),
    ("complexes", (statement("complexes", level="extensive"), at(snapshot({"Ag": 0.11}))),
     (statement("complexes", level="extensive"), at(snapshot({"Ag": 0.09})))),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "yes", "no"), CASES)
def test_a_statement_is_met_on_one_side_of_its_threshold_only(kind, yes, no):
    assert margins(*yes).met
    assert not margins(*no).met
    for it, seen in (yes, no):
        assert it.kind == kind
        line = said(it, seen, STANDARD)
        assert "; reported " in line
        assert len(line) < 120
        assert "\n" not in line


def test_every_kind_has_a_judge_words_and_a_case():
    assert KINDS.keys() == JUDGES.keys() == WORDS.keys() == {kind for kind, _, _ in CASES}


def test_words_say_what_was_found_and_what_was_reported():
    it, seen = shares("framework_absent", 0.12)
    assert said(it, seen, STANDARD) == "A 12 % of clusters; reported absent (below 5 %)"
    it, seen = of_x("x_range", WIDE, lo=9, hi=12, lo_tol=1, hi_tol=1)
    assert said(it, seen, STANDARD) == (
        "A x = 8-12 (from 5 % of its maximum); reported 9-12 within 1"
    )


def test_scaled_thresholds_replace_every_5_and_every_10_percent():
    limits = Thresholds.scaled(0.02, 0.06)
    standard = vars(STANDARD)
    for name, value in vars(limits).items():
        assert value == {0.05: 0.02, 0.10: 0.06}.get(standard[name], standard[name])
    it, seen = shares("framework_present", 0.03)
    assert not margins(it, seen).met
    assert margins(it, seen, limits).met


POPULATIONS = st.dictionaries(st.integers(0, 44), st.floats(0, 2), max_size=6)


@pytest.mark.parametrize(("kind", "yes", "no"), CASES)
@given(a=POPULATIONS, b=POPULATIONS, pool=st.floats(0, 1))
def test_margins_are_finite_as_many_whatever_there_is_and_met_when_none_is_negative(
    kind, yes, no, a, b, pool
):
    it = yes[0]
    seen = dict.fromkeys(it.points, snapshot({"Au": pool}, A=a, B=b))
    found, before = margins(it, seen), margins(*yes)
    assert found.values.shape == found.widths.shape == before.values.shape
    assert np.isfinite(found.values).all()
    assert found.met == all(found.values >= 0)
    assert np.isfinite(found.residuals).all()
    assert -0.5 * (found.residuals**2).sum() == pytest.approx(found.log_likelihood)
    if kind in CHANGES:
        assert not found.met


def test_the_likelihood_of_several_is_that_of_their_residuals():
    both = [CASES[0][1], CASES[6][1]]
    its = [it for it, _ in both]
    seen = both[0][1]
    assert -0.5 * (residuals(its, seen) ** 2).sum() == pytest.approx(log_likelihood(its, seen))
    assert residuals([], {}).shape == (0,)


def test_a_margin_moves_smoothly_with_what_is_there():
    rise = [margins(*shares("framework_present", s)).values[0] for s in (0.04, 0.0400001)]
    assert (rise[1] - rise[0]) / 1e-7 == pytest.approx(1 / 0.04, rel=1e-3)


def test_what_is_shown_is_weighed_by_response_but_clusters_left_are_not():
    there = snapshot({"Au": 0.2}, A={0: 0.3}, C={44: 0.3})
    seen = shown(there, {"C": 0.1})
    it = statement("framework_dominant")
    assert margins(it, at(seen)).values[0] == pytest.approx(np.log(10))
    full = statement("efficiency", f=(), lo=0.6)
    assert margins(full, at(seen)).values[0] == pytest.approx(0, abs=1e-6)
    assert seen.complexes == there.complexes
    assert shown(seen, {"C": 10.0}).populations["C"][44] == pytest.approx(0.3)
    assert margins(full, at(shown(seen, {"C": 10.0}))).values[0] == pytest.approx(0, abs=1e-6)


def test_a_mixture_that_does_not_react_is_its_parents():
    mixed = unreacted(PAIR, 3.0)
    assert mixed.populations["C"][44] == 0.75
    assert mixed.populations["A"][0] == 0.25
    assert mixed.populations["B"].sum() == 0


def test_what_is_met_beyond_doubt_costs_nothing_and_what_is_missed_no_more_than_a_misreading():
    far = margins(*shares("framework_present", 0.5))
    beyond = Margins(far.values + 1e6, far.widths)
    assert beyond.residuals.tolist() == [0.0] * beyond.values.size
    missed = Margins(far.values - 1e6, far.widths)
    assert missed.log_likelihood == pytest.approx(np.log(MISREAD))
