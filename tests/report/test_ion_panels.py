"""Close-ups: every ion in one panel, named, its numbers beside it."""

import numpy as np
import pytest

from alloyscope.report.ion_panels import (
    MOST_IONS,
    PER_FIGURE,
    extent,
    ion_figures,
    panels_of,
)
from alloyscope.report.typeset import pretty
from tests.assignment.example import assigned, example, family, nothing, reported

LADDERS = family(44, 30, range(0, 13), -4, -4, 3, centre=5, width=3, total=3e4)


@pytest.fixture(scope="module")
def crowded():
    return assigned(LADDERS)


def test_every_ion_is_in_one_panel(crowded):
    for found in (example(), crowded):
        panels = panels_of(found.called, found.fitted.mz)
        names = [str(call.ion) for panel in panels for call in panel]
        assert sorted(names) == sorted(str(call.ion) for call in found.called)
        assert max(len(panel) for panel in panels) <= MOST_IONS
        tops = [max(call.abundance for call in panel) for panel in panels]
        assert tops == sorted(tops, reverse=True)


def test_overlapping_ions_share_a_panel_and_separate_ones_do_not():
    same = ("[Au40Ag4(p-MBA)26-H]3-", "[Au39Ag4(p-MBA)27-3H+2Na]3-")
    found = assigned({same[0]: 9e3, same[1]: 7e3, "[Ag44(p-MBA)30]4-": 8e3})
    one, two = panels_of(found.called, found.fitted.mz)
    assert len(one) == 2
    assert [str(call.ion) for call in two] == ["[Ag44(p-MBA)30]4-"]


def test_a_chain_is_cut_between_ladders(crowded):
    for panel in panels_of(crowded.called, crowded.fitted.mz):
        assert len({call.ion.species for call in panel}) == 1


def test_names_and_numbers_are_written():
    found = example()
    first = next(ion_figures(reported(found)))
    texts = {text.get_text() for axes in first.axes for text in axes.texts}
    assert pretty(found.called[0].ion) in texts
    assert "−0.2 ppm · 8.349 ± 0.034 %" in texts
    assert any(text.endswith("*") for text in texts)


def test_figures_hold_six_panels_each_and_text_does_not_collide(crowded):
    figures = list(ion_figures(reported(crowded)))
    panels = panels_of(crowded.called, crowded.fitted.mz)
    assert [len(figure.axes) // 2 for figure in figures] == [
        len(panels[k : k + PER_FIGURE]) for k in range(0, len(panels), PER_FIGURE)
    ]
    for figure in figures[:1]:
        figure.draw_without_rendering()
        boxes = [text.get_window_extent() for axes in figure.axes for text in axes.texts]
        boxes += [axes.get_window_extent() for axes in figure.axes]
        for k, box in enumerate(boxes):
            assert not any(box.overlaps(other) for other in boxes[:k])
            assert figure.bbox.x0 <= box.x0
            assert box.x1 <= figure.bbox.x1
            assert box.y1 <= figure.bbox.y1


def test_the_whole_envelope_is_in_view():
    found = example()
    for panel, axes in zip(
        panels_of(found.called, found.fitted.mz)[:6],
        next(ion_figures(reported(found))).axes[::2],
        strict=True,
    ):
        low, high = axes.get_xlim()
        for call in panel:
            assert low < extent(call, found.fitted.mz)[0]
            assert extent(call, found.fitted.mz)[1] < high


def test_residuals_are_in_units_of_sd():
    found = example()
    axes = next(ion_figures(reported(found))).axes[1]
    drawn = axes.lines[-1]
    mz, left = np.asarray(drawn.get_xdata()), np.asarray(drawn.get_ydata())
    rows = np.searchsorted(found.fitted.mz, mz)
    expected = (found.fitted.signal - found.fitted.model)[rows] / found.fitted.sd[rows]
    assert np.allclose(left, expected)
    assert 0.8 < left.std() < 1.2


def test_nothing_called_needs_no_close_up():
    assert list(ion_figures(reported(nothing()))) == []


@pytest.mark.parametrize(("second", "panels"), [(4e3, 1), (4e2, 2)])
def test_close_ions_share_a_panel_if_both_can_be_seen(second, panels):
    ions = {"[Au21Ag4(p-MBA)18-2H]3-": 9e3, "[Au21Ag4(p-MBA)18+Na-3H]3-": second}
    found = assigned(ions)
    one, two = (extent(call, found.fitted.mz) for call in found.called)
    assert one[1] < two[0]
    assert len(panels_of(found.called, found.fitted.mz)) == panels
