"""Mixtures of known references: amounts, intervals, groups, alarms, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from alloyscope.chemistry import parse_species
from alloyscope.errors import UnmixingError
from alloyscope.spectra.absorption_spectrum import AbsorptionSeries, AbsorptionSpectrum
from alloyscope.uvvis.nuisance import Nuisance
from alloyscope.uvvis.reference import Reference
from alloyscope.uvvis.unmix import unmix

WAVELENGTH = np.arange(350.0, 851.0, 1.0)
NOISE = 0.002


def band(centre, width, height=1.0):
    return height * np.exp(-0.5 * ((WAVELENGTH - centre) / width) ** 2)


PURE = np.array([
    band(420, 30) + band(540, 35, 0.5) + band(645, 40, 0.3),
    band(390, 35, 0.8) + band(490, 30, 0.9) + band(728, 50, 0.2),
    band(480, 45, 0.7) + band(575, 40, 0.6) + band(765, 40, 0.5),
])  # fmt: skip
NAMES = ("Ag44(p-MBA)30", "Au12Ag32(p-MBA)30", "Au44(p-MBA)26")


def references(**changes):
    return tuple(
        Reference(name, AbsorptionSpectrum(WAVELENGTH, curve, path_cm=1.0), parse_species(name),
                  molar=1e-5, **changes)
        for name, curve in zip(NAMES, PURE, strict=True)
    )  # fmt: skip


def series(amounts, *, seed=0, extra=0.0, noise=NOISE, times=None):
    rng = np.random.default_rng(seed)
    amounts = np.atleast_2d(amounts)
    seen = amounts @ PURE + 0.02 + extra + noise * rng.normal(size=(len(amounts), WAVELENGTH.size))
    return AbsorptionSeries(WAVELENGTH, seen, tuple(f"mix {i + 1}" for i in range(len(amounts))),
                            times, "mixtures.csv", 1.0)  # fmt: skip


def test_amounts_come_out_in_moles_per_litre_with_their_errors():
    found = unmix(series([0.5, 0.3, 0.2]), references())
    assert found.unit == "mol/L"
    assert np.allclose(found.amounts[0], [5e-6, 3e-6, 2e-6], atol=4 * found.sd.max())
    assert found.sd.max() < 2e-8
    assert found.nuisance[0, 0] == pytest.approx(0.02, abs=1e-3)
    assert found.noise.mean() == pytest.approx(NOISE, rel=0.1)
    assert not found.goodness.something_else
    assert found.fraction[0].sum() == pytest.approx(1.0)
    low, high = found.fraction_interval
    assert (low[0] <= [0.5, 0.3, 0.2]).all()
    assert (high[0] >= [0.5, 0.3, 0.2]).all()


def test_without_concentrations_amounts_are_parts_of_the_references_and_it_is_said():
    plain = tuple(replace(one, molar=None) for one in references())
    found = unmix(series([0.5, 0.3, 0.2]), plain)
    assert found.unit == "parts of the reference as given"
    assert any("not moles" in note for note in found.notes)
    assert np.allclose(found.amounts[0], [0.5, 0.3, 0.2], atol=0.01)
    with pytest.raises(UnmixingError, match="mol/L"):
        found.speciation()


def test_path_lengths_and_molar_absorptivity_scale_amounts():
    mixed = replace(series([0.5, 0.3, 0.2]), path_cm=0.2)
    one = unmix(mixed, references())
    assert np.allclose(one.amounts[0], [2.5e-5, 1.5e-5, 1e-5], rtol=0.02)
    as_extinction = tuple(
        Reference(r.name, AbsorptionSpectrum(WAVELENGTH, 1e5 * curve), r.species, extinction=True)
        for r, curve in zip(references(), PURE, strict=True)
    )
    assert np.allclose(unmix(mixed, as_extinction).amounts, one.amounts, rtol=1e-3)


def test_an_absent_component_has_a_one_sided_interval():
    found = [unmix(series([0.5, 0.3, 0.0], seed=seed), references()) for seed in range(12)]
    low = np.array([one.fraction_interval[0][0, 2] for one in found])
    high = np.array([one.fraction_interval[1][0, 2] for one in found])
    assert (low == 0).sum() >= 10
    assert (high > 0).all()
    assert (high < 0.02).all()
    assert all(one.amounts.min() >= 0 for one in found)


def test_a_foreign_band_is_flagged_where_it_is():
    found = unmix(series([0.5, 0.3, 0.2], extra=band(680, 15, 5 * NOISE)), references())
    assert found.goodness.something_else
    top = found.goodness.structures[0]
    assert top.height > 0
    assert top.low_nm < 680 < top.high_nm
    assert "more than fitted" in found.verdict
    assert (found.widened > 1.2).all()


def test_weak_foreign_bands_show_in_a_series_before_they_show_in_one_spectrum():
    mixed = np.tile([0.5, 0.3, 0.2], (20, 1))
    weak = band(680, 25, 0.8 * NOISE)
    many = unmix(series(mixed, extra=weak, seed=3), references())
    assert many.goodness.something_else
    assert many.goodness.spectra.size < 10


def test_references_that_are_one_are_told_as_a_sum():
    twin = replace(references()[1], name="twin")
    found = unmix(series([0.5, 0.3, 0.2]), (*references(), twin))
    (group,) = found.unresolved
    assert group.members == (1, 3)
    assert group.amount[0] == pytest.approx(3e-6, rel=0.02)
    assert group.sd[0] < 3e-8
    assert found.interval[0][0, 1] == 0.0
    assert found.interval[1][0, 1] == pytest.approx(3e-6, rel=0.1)
    assert "Not told apart" in found.verdict


def test_noise_of_the_references_is_shared_by_all_spectra():
    rng = np.random.default_rng(5)
    noisy = tuple(
        replace(one, spectrum=replace(one.spectrum, absorbance=one.spectrum.absorbance
                                      + 0.01 * rng.normal(size=WAVELENGTH.size)))
        for one in references()
    )  # fmt: skip
    found = unmix(series(np.tile([0.5, 0.3, 0.2], (6, 1))), noisy)
    shared = np.linalg.norm(found.shared_factor, axis=2)
    own = np.sqrt(np.einsum("ijj->ij", found.own_covariance))
    assert (shared > 1.2 * own).all()
    spec = found.speciation()
    across = spec.factor[0] @ spec.factor[1].T
    assert np.diag(across).min() > 0.2 * np.diag(spec.covariance(0)).min()


def test_speciation_has_the_covariance_of_fractions():
    found = unmix(series([[0.5, 0.3, 0.2], [0.2, 0.2, 0.6]]), references(molar_sd=2e-7))
    spec = found.speciation()
    assert spec.basis == "clusters"
    assert spec.denominator == "clusters present"
    assert np.allclose(spec.amount.sum(axis=1), 1.0)
    assert np.allclose([spec.sd(i) for i in range(2)], found.fraction_sd)
    assert np.allclose(spec.covariance(0).sum(), 0.0, atol=1e-12)
    fed = found.speciation("clusters fed so far", fed=2e-5)
    assert np.allclose(fed.amount[0], [0.25, 0.15, 0.1], atol=0.01)
    with pytest.raises(UnmixingError, match="fed"):
        found.speciation("clusters fed so far")
    with pytest.raises(UnmixingError, match="denominator"):
        found.speciation("all assigned ions")


def test_nuisance_terms_are_not_taken_for_components():
    slope = 0.03 * (WAVELENGTH - 600) / 100
    haze = 0.05 * (WAVELENGTH / 500) ** -4
    mixed = series([0.5, 0.3, 0.2], extra=slope + haze)
    found = unmix(mixed, references(), nuisance=Nuisance(slope=True, scatter=True))
    assert not found.goodness.something_else
    assert np.allclose(found.nuisance[0, 1:], [0.03, 0.05], atol=0.01)
    assert np.allclose(found.amounts[0], [5e-6, 3e-6, 2e-6], atol=4 * found.sd.max())
    assert unmix(mixed, references()).goodness.something_else


def test_a_shift_of_the_wavelengths_and_the_exponent_of_scatter_are_found():
    moved = [np.interp(WAVELENGTH - 0.8, WAVELENGTH, curve) for curve in PURE]
    haze = 0.2 * (WAVELENGTH / 500) ** -2.5
    mixed = series([0.5, 0.3, 0.2], extra=np.array([0.5, 0.3, 0.2]) @ (moved - PURE) + haze)
    terms = Nuisance(scatter=True, exponent=None, shift=True)
    found = unmix(mixed, references(), nuisance=terms)
    shift, exponent = found.shared_terms.values
    assert abs(shift - 0.8) < 4 * found.shared_terms.sd[0] + 0.02
    assert abs(exponent - 2.5) < 4 * found.shared_terms.sd[1] + 0.1
    assert np.allclose(found.amounts[0], [5e-6, 3e-6, 2e-6], atol=4 * found.sd.max())


def test_noise_may_be_given():
    mixed = series([0.5, 0.3, 0.2])
    for noise in (NOISE, np.full(WAVELENGTH.size, NOISE), np.full((1, WAVELENGTH.size), NOISE)):
        found = unmix(mixed, references(), noise=noise)
        assert found.noise_source == "given"
        assert not found.goodness.something_else
    assert unmix(mixed, references(), noise=NOISE / 3).goodness.something_else
    with pytest.raises(UnmixingError, match="noise"):
        unmix(mixed, references(), noise=-1.0)


def test_references_that_end_early_cut_the_range_and_short_overlap_is_refused():
    short = replace(references()[0], spectrum=references()[0].spectrum.window(400, 700))
    found = unmix(series([0.5, 0.3, 0.2]), (short, *references()[1:]))
    assert found.wavelength_nm[[0, -1]].tolist() == [400, 700]
    assert any("400 to 700 nm" in note for note in found.notes)
    tiny = replace(short, spectrum=references()[0].spectrum.window(842, 851))
    with pytest.raises(UnmixingError, match="shared by the mixtures"):
        unmix(series([0.5, 0.3, 0.2]), (tiny, *references()[1:]))


def test_references_on_another_axis_are_interpolated():
    coarse = tuple(
        replace(one, spectrum=AbsorptionSpectrum(WAVELENGTH[::4], curve[::4], path_cm=1.0))
        for one, curve in zip(references(), PURE, strict=True)
    )
    found = unmix(series([0.5, 0.3, 0.2]), coarse)
    assert np.allclose(found.fraction[0], [0.5, 0.3, 0.2], atol=0.01)


def test_sketches_are_refused_unless_allowed():
    drawn = replace(references()[0], spectrum=replace(references()[0].spectrum, sketch=True))
    with pytest.raises(UnmixingError, match="sketch"):
        unmix(series([0.5, 0.3, 0.2]), (drawn,))
    found = unmix(series([0.5, 0.0, 0.0]), (drawn,), allow_sketches=True)
    assert any("Sketches" in note for note in found.notes)


def test_one_reference_and_empty_mixtures():
    alone = unmix(series([1.0, 0.0, 0.0]), references()[:1])
    assert alone.fraction[0, 0] == 1.0
    assert not alone.goodness.something_else
    blank = unmix(series([[0.0, 0.0, 0.0], [0.5, 0.3, 0.2]]), references())
    assert blank.empty.tolist() == [0]
    assert blank.fraction_interval[1][0].tolist() == [1.0, 1.0, 1.0]
    assert any("Nothing of the components" in note for note in blank.notes)


def test_a_negative_mixture_holds_nothing_and_is_flagged():
    found = unmix(series([0.5, 0.3, 0.2], extra=-2 * PURE[0]), references())
    assert found.amounts[0, 0] == 0.0
    assert found.goodness.something_else


@pytest.mark.parametrize(
    ("amounts", "given", "match"),
    [
        ([0.5, 0.3, 0.2], (), "references"),
        ([0.5, 0.3, 0.2], (references()[0], references()[0]), "more than once"),
    ],
)
def test_what_cannot_be_is_refused(amounts, given, match):
    with pytest.raises(UnmixingError, match=match):
        unmix(series(amounts), given)


def test_few_points_and_no_signal_are_refused():
    mixed = series([0.5, 0.3, 0.2])
    few = replace(mixed, wavelength_nm=mixed.wavelength_nm[::150],
                  absorbance=mixed.absorbance[:, ::150])  # fmt: skip
    with pytest.raises(UnmixingError, match="4 wavelengths for 4 amounts"):
        unmix(few, references())
    nothing = replace(mixed, absorbance=np.zeros_like(mixed.absorbance))
    with pytest.raises(UnmixingError, match="no absorbance"):
        unmix(nothing, references())
    ten = replace(mixed, wavelength_nm=mixed.wavelength_nm[::60],
                  absorbance=mixed.absorbance[:, ::60])  # fmt: skip
    assert np.isfinite(unmix(ten, references()).sd).all()


def test_references_prove_themselves():
    flat = AbsorptionSpectrum(WAVELENGTH, np.zeros(WAVELENGTH.size))
    with pytest.raises(UnmixingError, match="above 0"):
        Reference("flat", flat)
    good = references()[0].spectrum
    for changes in ({"molar": 0.0}, {"molar_sd": -1.0}, {"name": " "}):
        with pytest.raises(UnmixingError):
            Reference(**{"name": "a", "spectrum": good, **changes})
    with pytest.raises(UnmixingError, match="exponent"):
        Nuisance(exponent=9.0)


def test_noiseless_data_are_no_trouble():
    found = unmix(series([0.5, 0.3, 0.2], noise=0.0), references())
    assert np.allclose(found.fraction[0], [0.5, 0.3, 0.2], atol=1e-5)
    assert np.isfinite(found.fraction_sd).all()


def test_one_mixture_and_bare_spectra():
    spectrum = AbsorptionSpectrum(WAVELENGTH, PURE[0], "one")
    with pytest.raises(UnmixingError, match=r"found AbsorptionSpectrum; expected Reference"):
        unmix(spectrum, [spectrum])
    assert unmix(spectrum, [Reference("A", spectrum)]).names == ("A",)
