"""Mixtures with components that are no references: ranges, not single answers."""

from __future__ import annotations

import numpy as np
import pytest

from alloyscope.errors import UnmixingError
from alloyscope.spectra.absorption_spectrum import AbsorptionSeries
from alloyscope.uvvis.factors import check_numbers
from alloyscope.uvvis.nuisance import Nuisance
from alloyscope.uvvis.unmix import unmix
from tests.uvvis.test_unmix import PURE, WAVELENGTH, references

NO_TERMS = Nuisance(offset=False)
TIMES = np.linspace(0.0, 10.0, 30)


def course(k1=0.5, k2=0.2):
    """(30, 3) A to B to C."""
    a = np.exp(-k1 * TIMES)
    b = k1 / (k2 - k1) * (np.exp(-k1 * TIMES) - np.exp(-k2 * TIMES))
    return np.stack((a, b, 1 - a - b), axis=1)


def series(amounts, spectra=PURE, noise=0.001, seed=2):
    rng = np.random.default_rng(seed)
    seen = amounts @ spectra + noise * rng.normal(size=(len(amounts), WAVELENGTH.size))
    return AbsorptionSeries(WAVELENGTH, seen, tuple(f"{t:g} min" for t in TIMES[: len(amounts)]),
                            TIMES[: len(amounts)], "course", 1.0)  # fmt: skip


def holds(low, high, truth, slack=0.02):
    return ((low - slack <= truth) & (truth <= high + slack)).mean()


def test_two_unknown_components_have_bands_with_proven_ends():
    amounts = course()[:, :2] + 0.05
    found = unmix(series(amounts, PURE[:2]), (), unknown=2, nuisance=NO_TERMS)
    bands = found.feasible
    assert bands.exact
    assert found.names == ("unknown 1", "unknown 2")
    assert not found.goodness.something_else
    for pure in PURE[:2]:
        scaled = pure / pure.max()
        assert max(holds(bands.spectra_low[k], bands.spectra_high[k], scaled) for k in (0, 1)) == 1
    assert (bands.spectra_low <= found.component_spectra + 1e-9).all()
    assert (found.component_spectra <= bands.spectra_high + 1e-9).all()
    assert "of 2 components are unique" in found.verdict


def test_components_with_points_and_times_of_their_own_are_unique():
    apart = np.array(
        [np.where(WAVELENGTH < 500, PURE[0], 0), np.where(WAVELENGTH > 560, PURE[2], 0)]
    )
    amounts = np.zeros((30, 2))
    amounts[:20, 0], amounts[10:, 1] = np.linspace(1, 0.1, 20), np.linspace(0.1, 1, 20)
    found = unmix(series(amounts, apart, noise=2e-4), (), unknown=2, nuisance=NO_TERMS)
    assert found.unique.all()


def test_three_unknown_components_have_bands_that_hold_the_truth():
    found = unmix(series(course()), (), unknown=3, nuisance=NO_TERMS)
    bands = found.feasible
    assert not bands.exact
    assert any("may fall short" in note for note in found.notes)
    for pure in PURE:
        scaled = pure / pure.max()
        best = max(holds(bands.spectra_low[k], bands.spectra_high[k], scaled) for k in range(3))
        assert best > 0.97


def test_one_unknown_beside_references():
    found = unmix(series(course()), references()[:2], unknown=1, nuisance=NO_TERMS)
    assert not found.goodness.something_else
    assert found.species[2] is None
    height = found.component_spectra[:2].max(axis=1).mean()
    bands, pure = found.feasible, PURE[2] / PURE[2].max() * height
    assert holds(bands.spectra_low[2], bands.spectra_high[2], pure, 0.02 * height) == 1
    low, high = found.interval
    truth = course()[:, :2] * 1e-5
    assert holds(low[:, :2], high[:, :2], truth, 2 * found.sd[:, :2]) > 0.97
    with pytest.raises(UnmixingError, match="unknown 1"):
        found.speciation()
    short = unmix(series(course()), references()[:2], nuisance=NO_TERMS)
    assert short.goodness.something_else


def test_the_same_seed_gives_the_same_ranges():
    one, two = (unmix(series(course()), (), unknown=3, nuisance=NO_TERMS, seed=4) for _ in (1, 2))
    assert np.array_equal(one.feasible.spectra_high, two.feasible.spectra_high)


@pytest.mark.parametrize(
    ("n_spectra", "unknown", "match"), [(2, 3, "2 spectra for 3"), (30, -1, "unknown")]
)
def test_numbers_that_cannot_be_found_are_refused(n_spectra, unknown, match):
    with pytest.raises(UnmixingError, match=match):
        unmix(series(course()[:n_spectra]), (), unknown=unknown, nuisance=NO_TERMS)


def test_free_shapes_beside_unknown_spectra_are_refused():
    with pytest.raises(UnmixingError, match="free shift"):
        unmix(series(course()), (), unknown=3, nuisance=Nuisance(shift=True))


def test_spectra_of_nothing_beside_unknown_components_are_no_trouble():
    amounts = course()
    amounts[5] = 0.0
    found = unmix(series(amounts), references()[:2], unknown=1, nuisance=NO_TERMS)
    low, high = found.fraction_interval
    assert np.isfinite(found.fraction).all()
    assert (low >= 0).all()
    assert (high <= 1).all()
    assert (high[5] == 1).all()


def test_one_spectrum_cannot_tell_an_unknown():
    with pytest.raises(UnmixingError, match="One spectrum cannot tell"):
        check_numbers(1, 0, 1, "mix.csv")
