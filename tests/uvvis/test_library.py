"""Stated bands of known clusters, and which of them a spectrum shows."""

from dataclasses import replace

import numpy as np
import pytest

from alloyscope.errors import TableError
from alloyscope.uvvis.band_matching import match_bands
from alloyscope.uvvis.find_bands import find_bands
from alloyscope.uvvis.library import StatedBand, reference_bands, reference_library
from alloyscope.uvvis.sketch import sketch

AG44 = "[Ag44(p-MBA)30]4-"


@pytest.mark.parametrize("entry", reference_library(), ids=lambda e: str(e.species))
def test_every_entry_has_a_source_and_finds_itself(entry):
    assert entry.doi.startswith("10.")
    assert entry.figure
    assert reference_bands(entry.species) is entry
    assert reference_bands(str(entry.species)) is entry


def test_a_range_of_compositions_and_another_thiolate_are_covered():
    assert reference_bands("[Au20Ag24(p-MBA)27]3-").positions_nm == (500, 690)
    assert reference_bands("[Au23Ag21(p-MBA)27]3-") is None
    assert reference_bands("[Ag44(NTP)30]4-").species.body == "Ag44(p-MBA)30"
    assert reference_bands("[Ag44(p-MBA)30]3-") is None
    assert reference_bands("[Cu44(p-MBA)30]4-") is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"bands": (StatedBand(500, "band"), StatedBand(400, "band"))}, "ascending"),
        ({"bands": ()}, "ascending"),
        ({"bands": (StatedBand(500, "peak"),)}, "band, hump, shoulder"),
        ({"doi": ""}, "no source"),
        ({"x": (1, 2)}, "a range that holds the species"),
    ],
)
def test_an_entry_that_contradicts_itself_cannot_be(change, said):
    with pytest.raises(TableError, match=said):
        replace(reference_library()[0], **change)


@pytest.fixture(scope="module")
def ag44():
    return find_bands(sketch(AG44))


def test_the_right_cluster_comes_first(ag44):
    first, second, *_ = match_bands(ag44)
    assert str(first.reference.species) == AG44
    assert len(first.seen) == 5
    assert (first.missing, first.extra, first.outside) == ((), (), ())
    assert max(np.abs(first.offsets)) < 3
    assert first.chance < 1e-3 < second.chance
    assert first.verdict.startswith("5 of 5 stated bands seen; bands anywhere would meet")


def test_what_is_missing_extra_or_outside_is_said():
    entry = reference_bands(AG44)
    found = find_bands(sketch(AG44), window=(350, 700))
    (one,) = match_bands(found, [entry])
    assert [band.nm for band in one.outside] == [840]
    more = replace(entry, bands=(StatedBand(380, "band"), *entry.bands))
    (other,) = match_bands(found, [more])
    assert [band.nm for band in other.missing] == [380]
    fewer = replace(entry, bands=entry.bands[1:])
    (third,) = match_bands(found, [fewer])
    assert [round(band.position_nm) for band in third.extra] == [420]
    assert third.chance > one.chance


def test_nothing_is_matched_by_chance_alone(ag44):
    entry = replace(reference_bands(AG44), bands=(StatedBand(700, "band"),))
    (none,) = match_bands(ag44, [entry])
    assert (none.seen, none.chance, none.verdict) == ((), 1.0, "0 of 1 stated bands seen")
    entry = replace(entry, bands=(StatedBand(1500, "band"),))
    assert match_bands(ag44, [entry])[0].verdict == "no stated band lies inside the window"


def test_a_band_is_met_where_its_fitted_centre_lies():
    drawn = find_bands(sketch(reference_bands("[Au12Ag32(p-MBA)30]4-"), np.arange(350.0, 900.0)))
    band = replace(drawn.sure[0], position_nm=728.3, maximum_nm=719.2)
    met = match_bands(replace(drawn, bands=(band,)))
    assert 728 in {round(stated.nm) for one in met for stated, _ in one.seen}
