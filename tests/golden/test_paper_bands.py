"""UV-vis bands that Chem. Sci. 2022, 13, 4598 states are reference data with their source."""

import pytest

from alloyscope.uvvis.find_bands import find_bands
from alloyscope.uvvis.library import reference_bands
from alloyscope.uvvis.sketch import sketch

STATED = {
    "[Au44(p-MBA)26]2-": {"band": (480, 575, 765)},
    "[Ag44(p-MBA)30]4-": {"band": (420, 488, 540, 645, 840)},
    "[Au12Ag32(p-MBA)30]4-": {"band": (390, 490), "hump": (546, 620, 728)},
    "[Au20Ag24(p-MBA)27]3-": {"shoulder": (500, 690)},
    "[Au21Ag23(p-MBA)27]3-": {"shoulder": (500, 690)},
    "[Au22Ag22(p-MBA)27]3-": {"shoulder": (500, 690)},
}


@pytest.mark.parametrize("species", STATED)
def test_positions_are_those_stated_with_their_source(species):
    entry = reference_bands(species)
    for kind, places in STATED[species].items():
        assert tuple(b.nm for b in entry.bands if b.kind == kind) == places
    assert sum(map(len, STATED[species].values())) == len(entry.bands)
    assert "Chem. Sci. 2022, 13, 4598" in entry.source
    assert entry.doi == "10.1039/d1sc06296d"


@pytest.mark.parametrize(
    ("species", "colour"),
    [("[Au44(p-MBA)26]2-", "dark brown"), ("[Ag44(p-MBA)30]4-", "deep red")],
)
def test_colours_are_those_stated(species, colour):
    assert (reference_bands(species).colour, reference_bands(species).solvent) == (colour, "DMF")


def test_a_spectrum_drawn_from_positions_gives_them_back():
    found = find_bands(sketch("[Ag44(p-MBA)30]4-"))
    assert [b.position_nm for b in found.sure] == pytest.approx([420, 488, 540, 645, 840], abs=3)
