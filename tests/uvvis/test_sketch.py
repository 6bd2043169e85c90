"""Spectra drawn from positions, never passed off as measured."""

import numpy as np
import pytest

from alloyscope.errors import SpectrumError
from alloyscope.uvvis.find_bands import find_bands
from alloyscope.uvvis.library import reference_bands, reference_library
from alloyscope.uvvis.sketch import sketch, widths


@pytest.mark.parametrize("entry", reference_library(), ids=lambda e: str(e.species))
def test_a_sketch_says_that_it_is_one_and_shows_its_bands(entry):
    drawn = sketch(entry)
    assert drawn.sketch
    assert "sketch" in drawn.name
    assert drawn.source.startswith(entry.source)
    assert "nothing is measured" in drawn.notes[0]
    assert drawn.absorbance.max() == pytest.approx(1)
    found = find_bands(drawn)
    assert found.sketch
    assert [b.position_nm for b in found.sure] == pytest.approx(list(entry.positions_nm), abs=3)


def test_shoulders_stay_shoulders():
    found = find_bands(sketch("[Au21Ag23(p-MBA)27]3-"))
    assert [b.kind for b in found.sure] == ["shoulder", "shoulder"]


def test_parts_of_a_sketched_spectrum_and_series_stay_sketches():
    drawn = sketch("[Ag44(p-MBA)30]4-", np.arange(400, 801.0), peak=0.5)
    assert drawn.window(450, 700).sketch
    assert drawn.absorbance.max() == pytest.approx(0.5)
    assert len(drawn) == 401


def test_bands_keep_apart():
    centre = 1239.84 / np.array(reference_bands("[Ag44(p-MBA)30]4-").positions_nm)
    gaps = np.abs(np.diff(centre))
    assert (widths(centre)[1:] < gaps + 0.01).all()
    assert widths(np.array([2.0])) == pytest.approx(0.25)


def test_what_is_in_no_paper_cannot_be_drawn():
    with pytest.raises(SpectrumError, match=r"found no stated bands; expected one of \[Au44"):
        sketch("[Au13Ag31(p-MBA)30]4-")
