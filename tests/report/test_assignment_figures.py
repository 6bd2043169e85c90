"""The whole spectrum and the distribution as figures."""

from dataclasses import replace

import numpy as np
import pytest

from alloyscope.report.assignment_figures import (
    distribution_figure,
    framework_colours,
    recorded_parts,
    spectrum_figure,
)
from alloyscope.report.assignment_text import with_sd
from alloyscope.report.style import save_both
from tests.assignment.example import assigned, example, family, nothing, paper, reported

MANY = (
    family(44, 30, range(0, 13), -4, -4, 3, centre=5, width=3, total=3e4)
    | family(44, 30, range(0, 13), -4, -3, 3, centre=5, width=3, total=2e4)
    | family(44, 27, range(15, 26), -3, -3, 2, centre=21, width=2.5, total=2e4)
    | {f"[Ag{n}(p-MBA){n + 1}]-": 3e3 / n for n in range(1, 9)}
)
WINDOWS = ((490, 520), (2300, 2370), (7660, 7720))
GAPPED = {"[Au(p-MBA)2]-": 4e3, "[Ag44(p-MBA)30]4-": 8e3, "[Au25(p-MBA)18]-": 5e3}


def labels_of(figure):
    return [text for axes in figure.axes for text in axes.texts]


def everything(figure):
    own = [text.get_text() for text in figure.texts + labels_of(figure)]
    return own + [text.get_text() for legend in figure.legends for text in legend.get_texts()]


@pytest.mark.parametrize(
    "found",
    [
        pytest.param(example, id="paper"),
        pytest.param(lambda: assigned(MANY), id="149 ions"),
        pytest.param(lambda: assigned({"[Ag44(p-MBA)30]4-": 500.0}), id="1 ion"),
        pytest.param(lambda: assigned(GAPPED, windows=WINDOWS), id="gaps"),
        pytest.param(lambda: assigned(paper(), points=70.0), id="a million points"),
    ],
)
def test_labels_do_not_collide_and_stay_inside(found):
    figure = spectrum_figure(reported(found()))
    figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in labels_of(figure)]
    assert boxes
    for k, box in enumerate(boxes):
        assert not any(box.overlaps(other) for other in boxes[:k])
        assert box.y1 <= figure.axes[0].get_window_extent().y1
        assert box.x0 >= 0
        assert box.x1 <= figure.bbox.x1


def test_labels_clear_the_signal():
    found = example()
    figure = spectrum_figure(reported(found))
    axes = figure.axes[0]
    figure.draw_without_rendering()
    inverse = axes.transData.inverted()
    for text in labels_of(figure):
        (x0, y0), (x1, _) = inverse.transform(text.get_window_extent())
        rows = slice(*np.searchsorted(found.fitted.mz, (x0, x1)))
        assert found.fitted.signal[rows].max() <= y0


def test_the_tallest_of_each_framework_is_named_in_its_colour():
    seen = reported(example())
    colours = framework_colours(seen)
    written = {text.get_text(): text.get_color() for text in labels_of(spectrum_figure(seen))}
    assert written["Au₅Ag₃₉⁴⁻"] == colours["M44S30"]
    assert written["Au₂₁Ag₂₃³⁻"] == colours["M44S27"]
    assert written["Au₄₂Ag₂³⁻"] == colours["M44S26"]
    assert written["[Ag₅(p-MBA)₆]⁻"] == colours["M5S6"]
    assert "3100.700 ?" in written
    assert len(set(colours.values())) == 4


def test_frameworks_are_drawn_where_they_were_fitted():
    seen = reported(example())
    axes = spectrum_figure(seen).axes[0]
    for name, ink in framework_colours(seen).items():
        (line,) = [line for line in axes.lines
                   if line.get_color() == ink and len(line.get_xdata()) > 100]  # fmt: skip
        x, y = np.asarray(line.get_xdata()), np.asarray(line.get_ydata())
        shown = x[np.nan_to_num(y) > 0.5 * np.nanmax(y)]
        places = [call.mz_theory for call in seen.assignment.called if call.framework == name]
        assert min(places) - 5 < shown.min() <= shown.max() < max(places) + 5


def test_what_was_not_recorded_is_left_out_of_the_axis():
    found = assigned(GAPPED, windows=WINDOWS)
    parts = recorded_parts(found.fitted.mz)
    ends = [(found.fitted.mz[p.start], found.fitted.mz[p.stop - 1]) for p in parts]
    assert np.allclose(ends, WINDOWS, atol=0.1)
    figure = spectrum_figure(reported(found))
    assert len(figure.axes) == 6
    assert len({axes.get_ylim() for axes in figure.axes[::2]}) == 1
    figure.draw_without_rendering()
    ticks = [label.get_window_extent() for axes in figure.axes[1::2]
             for label in axes.get_xticklabels()]  # fmt: skip
    assert not any(a.overlaps(b) for k, a in enumerate(ticks) for b in ticks[:k])


def test_a_whole_spectrum_is_one_part():
    assert recorded_parts(np.linspace(500, 5000, 10_000)) == [slice(0, 10_000)]


def test_many_points_make_no_large_file(tmp_path):
    found = assigned(paper(), points=70.0)
    assert found.fitted.mz.size > 1_000_000
    svg = save_both(spectrum_figure(reported(found)), tmp_path / "f")
    assert len(svg) < 500_000
    assert (tmp_path / "f.svg").read_text().startswith("<?xml")
    assert (tmp_path / "f.png").read_bytes().startswith(b"\x89PNG")


def test_nothing_found_shows_the_spectrum_and_says_so():
    figure = spectrum_figure(reported(nothing()))
    assert "nothing of this search space is present" in everything(figure)
    assert "2222.200 ?" in everything(figure)
    assert "nothing of this search space is present" in everything(distribution_figure(
        reported(nothing())))  # fmt: skip


def test_bars_are_the_distribution():
    seen = reported(example(), {"M44S30": "A"})
    figure = distribution_figure(seen)
    titles = [axes.get_title(loc="left") for axes in figure.axes]
    assert titles == ["M44S30 (A)", "M44S27", "M44S26", "M5S6"]
    assert len({axes.get_xlim() for axes in figure.axes}) == 1
    for share in seen.shares:
        axes = figure.axes[[t.split()[0] for t in titles].index(share.framework)]
        assert np.allclose([bar.get_height() for bar in axes.patches], share.fraction)
        middles = [bar.get_x() + bar.get_width() / 2 for bar in axes.patches]
        assert np.allclose(middles, share.x)
        (errors,) = axes.collections
        lengths = [segment[1, 1] - segment[0, 1] for segment in errors.get_segments()]
        assert np.allclose(lengths, 2 * share.fraction_sd)
        assert f"{with_sd(100 * share.amount, 100 * share.amount_sd)} %" in axes.get_title(
            loc="right"
        )
        assert axes.get_ylim()[1] > (share.fraction + share.fraction_sd).max()


def test_small_frameworks_are_named_below():
    figure = distribution_figure(reported(assigned(MANY)))
    assert len(figure.axes) == 2
    (also,) = [text.get_text() for text in figure.texts]
    assert also.startswith("also: ")
    assert "M1S2 " in also


def test_one_of_the_isotopes_of_an_unknown_ion_is_named():
    unknown = tuple((2222.2 + 0.5 * k, 900.0 - 100 * abs(k - 2)) for k in range(5))
    found = assigned({"[Ag44(p-MBA)30]4-": 9e3}, windows=((2200, 2400),), unknown=unknown)
    peaks = sorted(found.unexplained, key=lambda peak: -peak.intensity)
    figure = spectrum_figure(reported(replace(found, unexplained=tuple(peaks))))
    assert [text for text in everything(figure) if text.endswith("?")] == ["2223.200 ?"]
