"""A simulation drawn: everything is named, nothing collides or leaves the figure."""

import numpy as np
import pytest

from alloyscope.report.reaction_figures import (
    composition_figure,
    framework_figure,
    mean_x_figure,
    waterfall_figure,
)
from alloyscope.report.shell_figures import mixed_figure
from alloyscope.report.style import SETTINGS
from alloyscope.report.time_axis import TimeAxis, addition_names
from tests.reaction.simulations import (
    direct,
    exchange_alone,
    mixed_ligands,
    sequence,
    three_metals,
)

FIGURES = (composition_figure, waterfall_figure, framework_figure, mean_x_figure)


def texts_of(figure):
    legends = [*figure.legends, *(axes.get_legend() for axes in figure.axes if axes.get_legend())]
    found = [*figure.texts, *(t for axes in figure.axes for t in axes.texts)]
    found += [axes.title for axes in figure.axes] + [axes._left_title for axes in figure.axes]
    found += [text for legend in legends for text in legend.get_texts()]
    for axes in figure.axes:
        low, high = axes.get_xlim()
        found += [t for t in axes.get_xticklabels() if low <= t.get_position()[0] <= high]
    return [text for text in found if text.get_text() and text.get_visible()]


@pytest.mark.parametrize("draw", FIGURES)
@pytest.mark.parametrize("made", [direct, sequence, three_metals, exchange_alone])
def test_words_stay_inside_and_apart(draw, made):
    from matplotlib import rc_context

    with rc_context(SETTINGS):
        figure = draw(made().simulated)
        figure.draw_without_rendering()
        boxes = [text.get_window_extent() for text in texts_of(figure)]
    assert boxes
    for k, box in enumerate(boxes):
        assert figure.bbox.x0 <= box.x0
        assert box.x1 <= figure.bbox.x1
        assert figure.bbox.y0 <= box.y0
        assert box.y1 <= figure.bbox.y1
        assert not any(box.overlaps(other) for other in boxes[:k])


@pytest.mark.parametrize("draw", FIGURES)
def test_additions_are_named(draw):
    words = " ".join(text.get_text() for text in texts_of(draw(sequence().simulated)))
    assert "2 h: + 2 Au25" in words
    assert "4 h: + product of 1:2 after 60 min (3)" in words
    assert "M25S18" in words


def test_frameworks_are_named_as_in_tables():
    words = [text.get_text() for text in texts_of(waterfall_figure(direct().simulated))]
    assert {"M44S30 (A)", "M44S26 (C)", "2 min", "20 h"} <= set(words)


def test_both_humps_of_a_mixture_get_their_x():
    words = [text.get_text() for text in texts_of(waterfall_figure(exchange_alone().simulated))]
    assert {"0", "3"} <= set(words)
    assert "nothing above 0.001" in {
        text.get_text() for text in texts_of(framework_figure(exchange_alone().simulated))
    }


def test_the_tallest_stick_fills_each_row():
    figure = waterfall_figure(direct().simulated)
    assert len(figure.axes) == 3
    for axes in figure.axes:
        tops = [path.vertices[:, 1].max() for c in axes.collections for path in c.get_paths()]
        assert max(tops) == pytest.approx(1.0)


def test_time_runs_on_through_additions():
    time = TimeAxis((0.0, 60.0, 61.0), 1200.0, ("a", "b"))
    minutes = np.array([0, 0.1, 1, 30, 60, 60.01, 60.5, 61, 61.5, 100, 1200])
    assert (np.diff(time.place(minutes)) > 0).all()
    assert time.place(60.0) == pytest.approx(time.offsets[1])
    places, labels = time.ticks()
    assert labels[int(np.argmax(places))] == "20 h"
    assert max(places) == pytest.approx(time.stop)
    assert np.diff(sorted(places)).min() > 0.1 * time.stop
    first, second = addition_names(time, 5.0)
    assert (first.line, second.line) in {(0, 0), (0, 1)}
    assert first.line != second.line or second.at > first.at + 0.4


def test_names_of_additions_at_once_take_a_line_each():
    time = TimeAxis((0.0, 60.0, 60.1, 60.2), 70.0, ("a" * 30, "b" * 30, "c" * 30))
    assert [name.line for name in addition_names(time, 5.0)] == [0, 1, 2]


def test_shells_of_mixed_ligands_are_told_apart_without_colour():
    found = mixed_ligands()
    figure = mixed_figure(found.mixed, found.simulated)
    axes = figure.axes[0]
    assert not axes.collections[3:]
    assert len(axes.containers) == 3
    named = axes.get_legend().get_lines()
    assert len({line.get_marker() for line in named}) == 3
    assert len({str(line._dash_pattern) for line in named}) == 3
    figure.draw_without_rendering()
    for text in axes.get_legend().get_texts():
        assert text.get_window_extent().x1 <= figure.bbox.x1
