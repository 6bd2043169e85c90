"""Labels do not collide, and end inside the axes."""

import numpy as np
from matplotlib.figure import Figure

from alloyscope.report.labels import Label, place_labels


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
