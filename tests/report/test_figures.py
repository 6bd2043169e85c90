"""Figures show what was measured, whatever that was."""

import numpy as np
import pytest
from hypothesis import given

from alloyscope.case import Case
from alloyscope.chemistry import parse_ion
from alloyscope.pipeline import run
from alloyscope.report.figures import drawable, look_figure
from alloyscope.report.typeset import pretty
from alloyscope.testing import ions
from tests.conftest import EXAMPLE


def look(file, *asked, **spectrum):
    case = Case().with_settings(spectrum={"file": str(file), **spectrum}, show={"ions": asked})
    return run(case).look


def test_drawing_keeps_every_peak_top():
    mz = np.linspace(1000, 2000, 1_000_000)
    signal = np.zeros(mz.size)
    signal[123_456] = 7.0
    signal[777_777] = 3.0
    x, y = drawable(mz, signal)
    assert x.size <= 4000
    assert sorted(y)[-2:] == [3.0, 7.0]
    assert abs(x[np.argmax(y)] - mz[123_456]) < 1.0


@pytest.mark.parametrize("step", [0.01, 0.001])
def test_no_line_spans_a_part_that_was_not_recorded(step):
    mz = np.concatenate((np.arange(100, 110, step), np.arange(200, 210, step)))
    x, y = drawable(mz, np.ones(mz.size))
    assert np.isnan(y).sum() == 1
    assert 109.9 < x[np.isnan(y)][0] < 200.0


def test_a_wide_spectrum_is_one_line():
    mz = np.linspace(500, 5000, 200_000)
    assert not np.isnan(drawable(mz, np.ones(mz.size))[1]).any()


def test_absent_ions_leave_no_hole_in_the_panels():
    asked = ["[Au(p-MBA)2]-", "[Au21Ag23(p-MBA)27]3-", "[Ag44(p-MBA)30]4-"]
    seen = look(EXAMPLE, *asked)
    figure = look_figure(seen, Case().show)
    titles = {axes.get_title(loc="left") for axes in figure.axes}
    assert {pretty(parse_ion(text)) for text in asked[1:]} <= titles
    assert len(figure.axes) == 3


@pytest.mark.parametrize("normalise", ["least-squares", "tallest", "area"])
def test_peak_lists_are_drawn_as_sticks_of_the_right_height(tmp_path, normalise):
    from alloyscope.isotopes import distribution

    ion = parse_ion("[Au12Ag32(p-MBA)30]4-")
    peaks = distribution(ion.formula, prune=1e-3)
    path = tmp_path / "sticks.txt"
    rows = zip(peaks.mz(ion.charge), 1000 * peaks.probability, strict=True)
    path.write_text("".join(f"{mz:.5f} {height:.4f}\n" for mz, height in rows))
    seen = look(path, str(ion), mode="centroid")
    assert seen.ions[0].overlay.resolving_power is None
    figure = look_figure(seen, Case().with_settings(show={"normalise": normalise}).show)
    tops = [line.get_segments() for axes in figure.axes for line in axes.collections]
    heights = [max(abs(s[:, 1]).max() for s in segments) for segments in tops if len(segments)]
    assert len(heights) >= 2
    assert np.allclose(heights, 1000 * peaks.probability.max(), rtol=0.02)


@given(ions())
def test_printed_ions_read_back(ion):
    assert parse_ion(pretty(ion)) == ion
