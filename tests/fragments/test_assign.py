"""Fragments in the simulated series, and what cannot be assigned."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from alloyscope.errors import CaseError, ChargeError, SpectrumError
from alloyscope.fragments.assign import (
    WIDE_OPEN,
    FragmentAssignment,
    assign_fragments,
    was_wider,
)
from alloyscope.isotopes.isolation import Isolation
from alloyscope.spectra import CentroidSpectrum, ProfileSpectrum, centroid, read_mass_spectrum
from tests.conftest import EXAMPLE
from tests.fragments.example import ENERGIES, PRECURSOR, assigned, ion, spectra

TRUTH = {
    "[Au12Ag32(p-MBA)30]4-", "[Au12Ag31(p-MBA)28]3-", "[Au11Ag32(p-MBA)28]3-",
    "[Au12Ag30(p-MBA)27]3-", "[Au11Ag31(p-MBA)27]3-", "[Au10Ag32(p-MBA)27]3-",
    "[Au12Ag30(p-MBA)26]2-", "[Au11Ag31(p-MBA)26]2-", "[Au10Ag32(p-MBA)26]2-",
    "[Ag(p-MBA)2]-", "[Au(p-MBA)2]-", "[Ag2(p-MBA)3]-", "[AuAg(p-MBA)3]-", "[Au2(p-MBA)3]-",
}  # fmt: skip
"""All that the simulation makes."""


def spectrum(energy: float) -> ProfileSpectrum:
    return next(one.spectrum for one in spectra() if one.energy == energy)


def test_what_is_called_is_there_and_what_is_strong_is_called() -> None:
    for found in assigned():
        called = {str(one.ion) for one in found.fragments if one.sure}
        assert called <= TRUTH
        assert {"[Au12Ag31(p-MBA)28]3-", "[Ag(p-MBA)2]-"} <= called
        assert found.found.explained > 0.95
    middle = assigned()[ENERGIES.index(21.0)]
    assert len([one for one in middle.fragments if one.sure]) >= 9
    assert middle.survivor is not None
    assert middle.verdict.startswith(f"{sum(o.sure for o in middle.fragments) - 1} fragments of")


def test_routes_that_no_mz_tells_apart_are_said() -> None:
    found = assigned()[-1]
    double = next(one for one in found.fragments if str(one.ion) == "[Au12Ag30(p-MBA)27]3-")
    assert double.fragment.ambiguous
    assert any("more than one set of losses" in note for note in found.notes)


def test_the_window_that_cuts_the_precursor_is_in_the_patterns() -> None:
    at = spectrum(21.0)
    assert at.acquisition.isolation == (2601.0, 2604.0)
    cut = assign_fragments(at, PRECURSOR, depth=1)
    whole = assign_fragments(at, PRECURSOR, depth=1, window=WIDE_OPEN)
    assert cut.isolation is not None
    assert 0.6 < cut.let_through < 0.7
    assert whole.isolation is None
    assert any("lets 66% of the precursor" in note for note in cut.notes)

    def left(found: FragmentAssignment) -> float:
        fitted = found.found.fitted
        return float(((fitted.signal - fitted.model) ** 2).sum())

    assert left(cut) < 0.9 * left(whole)
    survivor = next(one for one in cut.found.called if str(one.ion) == str(PRECURSOR))
    inside = (survivor.peaks >= 2601.0) & (survivor.peaks <= 2604.0)
    assert survivor.probability[~inside].sum() < 1e-9


def test_an_envelope_beyond_the_window_says_that_it_was_wider() -> None:
    at = spectrum(15.0)
    assert not was_wider([at], Isolation(PRECURSOR, 2601.0, 2604.0))
    assert was_wider([at], Isolation(PRECURSOR, 2602.0, 2603.0))


def test_another_precursor_than_the_file_states_is_refused() -> None:
    with pytest.raises(
        SpectrumError, match=r"m/z 2602\.500 isolated; expected \[Ag44\(p-MBA\)30\]4-"
    ):
        assign_fragments(spectrum(21.0), ion("[Ag44(SR)30]4-"))


def test_the_other_polarity_is_refused() -> None:
    with pytest.raises(SpectrumError, match=r"a negative spectrum; expected a positive one"):
        assign_fragments(spectrum(21.0), ion("[Au11(PPh3)8Cl2]+"))


def test_a_precursor_must_be_an_ion_and_hold_what_leaves() -> None:
    with pytest.raises(ChargeError, match="without a charge"):
        assign_fragments(spectrum(21.0), ion("Au12Ag32(SR)30"))
    from alloyscope.chemistry.cleavage import parse_cleavage

    with pytest.raises(CaseError, match="Cl-"):
        assign_fragments(spectrum(21.0), PRECURSOR, (parse_cleavage("Cl-"),))


def test_a_peak_list_is_refused() -> None:
    peaks = centroid(spectrum(21.0))
    assert isinstance(peaks, CentroidSpectrum)
    with pytest.raises(SpectrumError, match="a peak list"):
        assign_fragments(peaks, PRECURSOR)  # type: ignore[arg-type]


def test_an_ms1_spectrum_is_assigned_with_a_note() -> None:
    first = read_mass_spectrum(EXAMPLE)
    assert isinstance(first, ProfileSpectrum)
    found = assign_fragments(first, ion("[Ag44(SR)30]4-"), depth=1)
    assert "[Ag43(p-MBA)28]3-" in {str(one.ion) for one in found.fragments}
    assert any(note.startswith("An MS1 spectrum") for note in found.notes)


def test_a_spectrum_without_any_of_it_says_so() -> None:
    rng = np.random.default_rng(3)
    at = spectrum(21.0)
    mz = np.arange(2000.0, 2600.0, 0.05)
    taken = replace(at.acquisition, precursor_mz=None, isolation=None)
    noise = ProfileSpectrum(mz, rng.poisson(0.3, mz.size).astype(float), taken)
    found = assign_fragments(noise, PRECURSOR, depth=1)
    assert found.fragments == ()
    assert found.verdict.startswith("nothing of [Au12Ag32(p-MBA)30]4- is found")
    assert any("lies outside the spectrum" in n or "is not seen" in n for n in found.notes)
