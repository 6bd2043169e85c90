"""Spectra of species from populations that are known."""

from __future__ import annotations

import numpy as np
import pytest

from alloyscope.chemistry import parse_species
from alloyscope.errors import UnmixingError
from alloyscope.speciation import Condition, Speciation
from alloyscope.spectra.absorption_spectrum import AbsorptionSeries
from alloyscope.uvvis.hard import Populations, species_spectra
from tests.uvvis.test_factors import TIMES, course, series
from tests.uvvis.test_unmix import NAMES, PURE


def speciation(amount, times=TIMES, variance=0.0, basis="clusters"):
    return Speciation(
        tuple(map(parse_species, NAMES)), tuple(Condition(time_min=float(t)) for t in times),
        amount, np.full(amount.shape, variance), np.zeros((*amount.shape, 0)), basis,
        "clusters present",
    )  # fmt: skip


def test_spectra_come_out_within_their_errors():
    found = species_spectra(series(course()), speciation(course()))
    inside = np.abs(found.absorptivity - PURE) <= 1.96 * found.sd
    assert 0.9 < inside.mean() < 0.99
    assert not found.goodness.something_else
    assert found.unresolved == ()
    assert 1 < found.condition < 20
    assert any("exact" in note for note in found.notes)


def test_uncertain_populations_widen_the_spectra():
    rng = np.random.default_rng(3)
    given = np.abs(course() + 0.02 * rng.normal(size=(30, 3)))
    found = species_spectra(series(course()), speciation(given, variance=0.02**2))
    exact = species_spectra(series(course()), speciation(course()))
    inside = np.abs(found.absorptivity - PURE) <= 1.96 * found.sd
    assert inside.mean() > 0.85
    assert found.sd.mean() > 3 * exact.sd.mean()
    assert not found.goodness.something_else


def test_a_calibration_shared_by_all_times_does_not_average_out():
    factor = 0.05 * course()[:, :, None] * np.eye(3)[None, :, :1]
    known = Populations(("A", "B", "C"), TIMES, course(), np.zeros((30, 3)), factor)
    found = species_spectra(series(course()), known)
    top = int(np.argmax(PURE[0]))
    assert found.sd[0, top] == pytest.approx(0.05 * PURE[0, top], rel=0.3)


def test_populations_are_interpolated_and_never_extrapolated():
    fine = np.linspace(0.0, 10.0, 201)
    dense = np.stack([np.interp(fine, TIMES, column) for column in course().T], axis=1)
    found = species_spectra(series(course()), speciation(dense, fine))
    assert np.abs(found.absorptivity - PURE).max() < 0.02
    with pytest.raises(UnmixingError, match="times from 0 to 9 min"):
        species_spectra(series(course()), speciation(dense[fine <= 9], fine[fine <= 9]))


def test_molar_absorptivity_needs_only_a_concentration():
    found = species_spectra(series(course()), speciation(course()), molar=1e-5)
    assert found.unit == "L/(mol cm)"
    assert found.absorptivity.max() == pytest.approx(1e5 * PURE.max(), rel=0.05)


def test_species_that_vary_together_are_told_as_one():
    a, b, c = course().T
    found = species_spectra(series(course()), np.column_stack((a, 0.5 * b, 0.5 * b, c)),
                            names=("A", "B1", "B2", "C"))  # fmt: skip
    (group,) = found.unresolved
    assert group.members == (1, 2)
    assert np.abs(group.spectrum - PURE[1]).max() < 0.02
    assert (found.sd[[1, 2]].max(axis=1) > 0.3).all()
    assert "B1, B2" in found.verdict


def test_populations_that_do_not_explain_the_spectra_are_flagged():
    found = species_spectra(series(course()), course()[:, ::-1] ** 2)
    assert found.goodness.something_else


@pytest.mark.parametrize(
    ("given", "match"),
    [
        (speciation(course(), basis="ion counts"), "ion counts"),
        (np.ones((4, 2)), "4 rows for 30 spectra"),
        (np.ones((30, 31)), "30 spectra for 31 species"),
        (np.column_stack((np.ones(30), np.zeros(30))), "never there"),
        (np.full((30, 2), np.nan), "finite"),
    ],
)
def test_what_cannot_be_is_refused(given, match):
    with pytest.raises(UnmixingError, match=match):
        species_spectra(series(course()), given)


def test_ion_counts_may_be_taken_for_amounts_and_it_is_said():
    found = species_spectra(series(course()), speciation(course(), basis="ion counts"),
                            ion_counts_are_amounts=True)  # fmt: skip
    assert any("fly alike" in note for note in found.notes)


def test_the_noise_of_a_spectrum_that_alone_tells_a_species_is_that_of_the_others():
    rng = np.random.default_rng(3)
    axis = np.linspace(400, 800, 401)
    first = np.exp(-0.5 * ((axis - 500) / 40) ** 2)
    second = np.exp(-0.5 * ((axis - 650) / 40) ** 2)
    share = np.array([0.0, 0.0, 0.0, 0.0, 0.0, 1.0])
    noise = 0.01
    data = np.outer(1 - share, first) + np.outer(share, second)
    data = data + rng.normal(0, noise, data.shape)
    six = AbsorptionSeries(axis, data, tuple("abcdef"))
    found = species_spectra(six, np.column_stack((1 - share, share)), names=("one", "two"))
    high = second > 0.5
    assert found.sd[1, high].mean() == pytest.approx(noise, rel=0.15)
    assert found.sd[0, first > 0.5].mean() == pytest.approx(noise / 5**0.5, rel=0.15)
