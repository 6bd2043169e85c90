import numpy as np
import pytest

from alloyscope.chemistry import parse_ion
from alloyscope.errors import AlloyscopeError, ChargeError
from alloyscope.isotopes import distribution, envelope

AG44 = parse_ion("[Ag44(p-MBA)30]4-")


@pytest.mark.parametrize("shape", ["gaussian", "tailed"])
def test_the_signal_holds_the_whole_probability(shape):
    found = envelope(AG44, 20000, shape=shape)
    grid = np.linspace(found.mz[0] - 3, found.mz[-1] + 3, 200_001)
    assert np.trapezoid(found.at(grid), grid) == pytest.approx(1, abs=1e-3)


def test_resolved_peaks_are_the_aggregated_ones():
    found = envelope(AG44, 200_000)
    at, height = found.maxima()
    tall = found.probability > 0.05 * found.probability.max()
    seen = at[height > 0.049]
    np.testing.assert_allclose(seen, found.mz[tall], atol=2e-3)


def test_a_low_resolving_power_shows_one_hump_at_the_centre():
    found = envelope(AG44, 500)
    at, height = found.maxima()
    assert height.tolist() == [1.0]
    assert at[0] == pytest.approx(found.average_mz, abs=0.1)


def test_its_numbers_are_those_of_the_distribution():
    found, peaks = envelope(AG44, 10000), distribution(AG44.formula)
    assert found.most_abundant_mz == pytest.approx(peaks.mz(-4)[np.argmax(peaks.probability)])
    assert found.average_mz == pytest.approx(peaks.mean_mass / 4 + 0.000548579909, abs=1e-5)


@pytest.mark.parametrize("power", [0.0, 5.0, 1e9, float("nan"), -100.0])
def test_a_resolving_power_is_a_number_of_sense(power):
    with pytest.raises(AlloyscopeError, match="resolving power"):
        envelope(AG44, power)


def test_what_has_no_envelope_is_refused():
    with pytest.raises(ChargeError, match="no charge"):
        envelope(parse_ion("Ag44(p-MBA)30"), 10000)
    with pytest.raises(AlloyscopeError, match="peak shape"):
        envelope(AG44, 10000, shape="box")
