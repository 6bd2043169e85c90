"""The isotope table beside IsoSpecPy's and molmass's."""

import pytest

from alloyscope.chemistry.element import isotope_table

# Isotopes whose mass was measured better since those tables were made (AME2020 and AME2016 for
# the one, older for the other), by more than 1e-5 Da.
BETTER_MASS = {("Pd", 102), ("Pt", 190)}
# Elements whose recommended composition changed: Yb by J. Wang et al., Int. J. Mass Spectrom. 384,
# 30 (2015), CIAAW 2015; 230Th was given an abundance of 0.0002 by CIAAW 2013.
NEWER_ABUNDANCE = {"Yb", "Th"}


def isospec() -> dict[tuple[str, int], tuple[float, float]]:
    elements = isotope_table("isospec").elements.values()
    return {(e.symbol, i.nucleons): (i.mass, i.abundance) for e in elements for i in e.isotopes}


def molmass() -> dict[tuple[str, int], tuple[float, float]]:
    elements = pytest.importorskip("molmass").ELEMENTS
    return {
        (element.symbol, isotope.massnumber): (isotope.mass, isotope.abundance)
        for element in elements
        for isotope in element.isotopes.values()
        if isotope.abundance > 0
    }


@pytest.mark.parametrize("peer", [isospec, molmass])
def test_masses_and_abundances_agree_or_are_known_to_be_newer(peer):
    theirs = peer()
    seen = 0
    for symbol, element in isotope_table().elements.items():
        for isotope in element.isotopes:
            key = (symbol, isotope.nucleons)
            if key not in theirs:
                assert symbol in NEWER_ABUNDANCE, key
                continue
            mass, abundance = theirs[key]
            if key not in BETTER_MASS:
                assert isotope.mass == pytest.approx(mass, abs=1e-5), key
            if symbol not in NEWER_ABUNDANCE:
                allowed = 3 * isotope.abundance_sd + 2e-9
                assert isotope.abundance == pytest.approx(abundance, abs=allowed), key
            seen += 1
    assert seen > 280


@pytest.mark.parametrize("peer", [isospec, molmass])
def test_no_isotope_of_the_peer_is_missing(peer):
    known = {(s, i.nucleons) for s, e in isotope_table().elements.items() for i in e.isotopes}
    missing = {key for key in peer() if key not in known}
    assert not {symbol for symbol, _ in missing} & set(isotope_table().elements)
