"""The report of tandem spectra: figures that hold their labels, words that say what is known."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest

from alloyscope.fragments.breakdown import Trend, breakdown
from alloyscope.report.msms_figures import breakdown_figure, leaving_figure
from alloyscope.report.msms_ladder import _magnified, ladder_figure
from alloyscope.report.msms_tables import msms_csvs
from alloyscope.report.msms_text import (
    breakdown_lines,
    fragment_rows,
    leaving_lines,
    probability,
    what_left,
)
from alloyscope.results.msms import CANNOT_TELL, TandemMS
from tests.fragments.example import ENERGIES, assigned


@lru_cache(maxsize=1)
def seen() -> TandemMS:
    return TandemMS(
        assigned(), ENERGIES, ("file",) * len(ENERGIES), breakdown(assigned(), ENERGIES)
    )


@pytest.mark.parametrize("draw", [ladder_figure, breakdown_figure, leaving_figure])
def test_all_that_is_written_lies_inside_the_figure(draw) -> None:
    figure = draw(seen())
    figure.draw_without_rendering()
    width, height = figure.bbox.width, figure.bbox.height
    for axes in figure.axes:
        for text in axes.texts:
            box = text.get_window_extent()
            assert -1 <= box.x0 <= box.x1 <= width + 1, text.get_text()
            assert -1 <= box.y0 <= box.y1 <= height + 1, text.get_text()


def test_the_ladder_has_a_rung_for_each_ion_and_says_what_left() -> None:
    figure = ladder_figure(seen())
    written = [text.get_text() for axes in figure.axes for text in axes.texts]
    sure = [one for one in seen().found[seen().shown].fragments if one.sure]
    arrows = [patch for axes in figure.axes for patch in axes.patches]
    assert len(arrows) == len(sure) - 1
    assert any(text.startswith("− [Ag(p-MBA)₂]⁻") for text in written)
    assert any("m/z 2602.65" in text for text in written)


def test_weak_parts_are_magnified_by_round_numbers() -> None:
    assert _magnified(100.0, 95.0) == 1
    assert _magnified(100.0, 10.0) == 5
    assert _magnified(100.0, 0.01) == 5000
    assert _magnified(100.0, 0.0) == 5000


def test_tables_have_their_columns_and_no_numbers_that_are_none() -> None:
    tables = msms_csvs(seen())
    assert set(tables) == {"fragments.csv", "descendants.csv", "breakdown.csv", "survival.csv"}
    for name, text in tables.items():
        assert "nan" not in text, name
        assert ",inf" not in text
    assert tables["survival.csv"].count("\n") == len(ENERGIES) + 1
    alone = replace(seen(), breakdown=None)
    assert set(msms_csvs(alone)) == {"fragments.csv", "descendants.csv"}


def test_what_is_measured_but_not_called_stands_in_brackets() -> None:
    rows = fragment_rows(seen(), 0)
    unsure = [str(one.ion) for one in seen().found[0].fragments if not one.sure]
    assert unsure
    assert {row[0] for row in rows if row[0].startswith("(")} == {f"({ion})" for ion in unsure}


def test_words_for_what_left() -> None:
    assert what_left((), leaving=False, steps=0) == "precursor"
    assert what_left((), leaving=True, steps=1) == "left"
    assert what_left((("[Ag]+", 2),), leaving=False, steps=2) == "2 [Ag]+"
    assert what_left((("CO2", 1),), leaving=True, steps=2) == "left, then lost CO2"
    assert probability(0.03) == "p = 0.03"
    assert probability(1e-40) == "p below 0.000001"


def test_where_no_placement_gives_the_share_no_number_of_atoms_is_said() -> None:
    known = seen().leaving
    assert known is not None
    few = replace(known, x=4, ratio=0.6, log_sd=0.01)
    said = " ".join(leaving_lines(few))
    assert "No placement of the 4 Au gives such a share" in said
    assert "at random 1.1 would sit there" in said
    assert "of the 4 Au sit there" not in said
    assert "No placement" not in " ".join(leaving_lines(known))


def test_groups_of_onsets_and_trends_are_told_as_such() -> None:
    curve = seen().breakdown
    assert curve is not None
    onsets = [replace(curve.onsets[0], fragment=one.fragment,
                      crossing=replace(curve.onsets[0].crossing, at=at, sd=0.1,
                                       low=at - 1.0, high=at + 1.0))
              for one, at in zip(curve.onsets, (12.0, 12.1, 15.0), strict=False)]  # fmt: skip
    first, second = (one.fragment for one in curve.onsets[:2])
    slopes = (0.05, -0.0248, 0.001)
    trends = tuple(Trend(first, second, slope, 0.0096, 2) for slope in slopes)
    lines = breakdown_lines(replace(curve, onsets=tuple(onsets), trends=trends))
    assert "12.00 ± 0.10 and " in lines[1]
    assert "12.10 ± 0.10 together; then " in lines[1]
    assert "rises with energy, at 95 % (5.00 ± 0.96 % per V" in lines[3]
    assert "falls with energy, at 95 % (−2.48 ± 0.96 % per V, p = 0.0098, 2 ratios" in lines[4]
    assert lines[5].startswith("No change of the ratio")
    assert not replace(trends[1], of=6).told


def test_what_the_curves_say_and_do_not_say() -> None:
    lines = breakdown_lines(seen().breakdown)
    assert lines[0].startswith("E50 ")
    assert "meV for each of 1476 vibrations" in lines[0]
    said = " ".join(leaving_lines(seen().leaving))
    assert "at random" in said
    assert "assumption, not a result" in said
    assert leaving_lines(None) == []
    known = seen().leaving
    assert known is not None
    unknown = leaving_lines(replace(known, surface=None))
    assert "nothing is said" in unknown[-1]
    beyond = leaving_lines(replace(known, ratio=1e3, x=1))
    assert len(beyond) >= 3
    assert all(line.endswith(".") for line in (*CANNOT_TELL, *lines, *unknown))


def test_json_is_plain() -> None:
    import json

    found = json.loads(json.dumps(seen().as_json(), allow_nan=False))
    assert len(found["spectra"]) == len(ENERGIES)
    assert np.shape(found["breakdown"]["fraction"]) == (
        len(ENERGIES), len(found["breakdown"]["ions"]),
    )  # fmt: skip
    assert found["leaving"]["surface"]["sites"] == 12
