"""Labels do not collide, and end inside the axes."""

import numpy as np
from matplotlib.figure import Figure

from alloyscope.report.labels import SIZE, Label, draw_led, lead_labels, place_labels


def test_written_labels_do_not_overlap_and_stay_inside():
    rng = np.random.default_rng(3)
    axes = Figure(figsize=(8, 4)).add_subplot()
    axes.set_xlim(0, 1000)
    axes.set_ylim(0, 1)
    places, heights = rng.uniform(0, 1000, 150), rng.uniform(0, 1, 150)
    labels = [Label(x, h, f"{x:.3f}", "k") for x, h in zip(places, heights, strict=True)]
    written = place_labels(axes, labels)
    boxes = [text.get_window_extent() for text in axes.texts]
    assert 20 < written == len(boxes) < 150
    for k, box in enumerate(boxes):
        assert box.y1 <= axes.get_window_extent().y1
        assert not any(box.overlaps(other) for other in boxes[:k])


def test_the_first_label_is_always_written():
    axes = Figure().add_subplot()
    axes.set_xlim(0, 1)
    labels = [Label(0.5, 0.1, "first", "k"), Label(0.5, 0.9, "second", "k")]
    assert place_labels(axes, labels) == 1
    assert axes.texts[0].get_text() == "first"


def led(places, heights, first=0.0, last=1000.0):
    figure = Figure(figsize=(8, 4))
    axes = figure.add_axes((0.1, 0.1, 0.85, 0.85))
    axes.set_xlim(first, last)
    labels = [Label(x, h, f"{x:.3f}", "k") for x, h in zip(places, heights, strict=True)]

    def tallest(low, high):
        return max((h for x, h in zip(places, heights, strict=True) if low <= x <= high), default=0)

    placed = lead_labels(axes, labels, tallest)
    axes.set_ylim(0.0, max(one.top(0.0, 72 * 0.85 * 4) for one in placed))
    draw_led(axes, placed)
    return axes, placed


def test_led_labels_keep_their_order_clear_the_signal_and_stay_inside():
    rng = np.random.default_rng(5)
    places, heights = rng.uniform(0, 1000, 200), rng.uniform(0.2, 1, 200)
    axes, placed = led(places, heights)
    assert len(placed) > 40
    by_peak = sorted(placed, key=lambda one: one.label.x)
    assert [one.x for one in by_peak] == sorted(one.x for one in placed)
    boxes = [one.text.get_window_extent() for one in placed]
    for k, box in enumerate(boxes):
        assert not any(box.overlaps(other) for other in boxes[:k])
        assert box.y1 <= axes.get_window_extent().y1
        (low, foot), (high, _) = axes.transData.inverted().transform(box)
        assert not any(low <= x <= high and h > foot for x, h in zip(places, heights, strict=True))


def test_a_crowd_is_named_beside_its_peaks_as_far_as_lines_may_lead():
    places = 500 + np.arange(5.0)
    axes, placed = led(places, np.linspace(1, 0.5, 5))
    assert len(placed) == 5
    assert all(line.get_color() == "k" for line in axes.lines)
    assert len(axes.lines) == 5
    line = 1.4 * SIZE * 1000 / (72 * 8 * 0.85)
    assert np.allclose(np.diff([one.x for one in placed]), line)
    assert np.isclose(np.mean([one.x for one in placed]), 502.0)
    many = led(500 + 0.01 * np.arange(40.0), np.linspace(1, 0.5, 40))[1]
    assert 5 < len(many) < 12
    assert many[0].label.height <= 1.0


def test_a_label_alone_stands_on_its_peak():
    axes, (one,) = led([300.0], [0.7])
    assert one.x == 300.0
    assert not axes.lines


def test_labels_at_the_ends_stay_inside():
    _, placed = led([0.0, 1.0, 999.0, 1000.0], [1.0, 0.9, 0.8, 0.7])
    assert len(placed) == 4
    assert min(one.x for one in placed) > 5
    assert max(one.x for one in placed) < 995


def test_no_more_labels_than_fit_abreast():
    places = np.linspace(100, 900, 200)
    axes, placed = led(places, np.linspace(1, 0.5, 200))
    box = axes.get_window_extent()
    assert len(placed) > 30
    for one in placed:
        own = one.text.get_window_extent()
        assert box.x0 <= own.x0
        assert own.x1 <= box.x1
