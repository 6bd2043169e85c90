import numpy as np
import pytest

from alloyscope.errors import GelError
from alloyscope.gel.conditions import GelConditions
from alloyscope.gel.lane import diffusion_sd, lane, lane_of, samples_of
from alloyscope.gel.mobility import mobilities
from alloyscope.gel.order import pair_orders
from alloyscope.speciation import Condition, Speciation
from tests.gel.samples import PAPER, cluster, sample

AT = GelConditions()


def mixture(species, amounts) -> Speciation:
    amount = np.array([amounts], float)
    return Speciation(tuple(species), (Condition("mix"),), amount, np.zeros_like(amount),
                      np.zeros((*amount.shape, 0)), "clusters", "clusters present")  # fmt: skip


def test_bands_hold_what_was_loaded():
    found = lane(mobilities(PAPER, AT), AT, [1, 1, 1, 5])
    areas = np.trapezoid(found.parts, found.distance, axis=1)
    assert areas[:3] == pytest.approx([0.125] * 3, rel=0.01)
    assert found.intensity == pytest.approx(found.parts.sum(axis=0))
    for band, curve in zip(found.bands, found.parts, strict=True):
        mean = np.average(found.distance, weights=curve)
        assert mean == pytest.approx(band.centre, abs=0.01)


def test_a_distribution_of_x_broadens_a_band_by_mass():
    one, many = (lane(mobilities([s, PAPER[3]], AT), AT).bands[0]
                 for s in (sample("B", "B", 21), sample("B", "B", *range(19, 25))))  # fmt: skip
    assert one.spread == 0.0
    assert many.spread > 0.005
    assert many.sd == pytest.approx(np.hypot(one.sd, many.spread), rel=0.05)


def test_diffusion_falls_with_charge_and_voltage():
    """2 % of the run for one charge over 128 V: sqrt(2 x 25.7 mV / 128 V)."""
    assert diffusion_sd(1.0, 1.0, GelConditions(voltage=128.5)) == pytest.approx(0.02, rel=0.01)
    assert diffusion_sd(1.0, 4.0, AT) == pytest.approx(diffusion_sd(1.0, 1.0, AT) / 2)


def test_the_lane_of_a_mixture_by_frameworks():
    species = [cluster("A", 0), cluster("A", 12), cluster("B", 21)]
    found = lane_of(mixture(species, [1, 2, 1]))
    assert [band.name for band in found.bands] == ["M44S30", "M44S27"]
    assert [band.amount for band in found.bands] == pytest.approx([0.75, 0.25])
    assert found.name == "mix"
    samples, amounts = samples_of(mixture(species, [1, 2, 1]))
    assert samples[0].shares == pytest.approx([1 / 3, 2 / 3])
    assert amounts == pytest.approx([3, 1])


def test_a_lane_of_nothing_and_amounts_that_do_not_fit():
    with pytest.raises(GelError, match="no cluster"):
        lane_of(mixture([cluster("A", 0)], [0.0]))
    with pytest.raises(GelError, match="1 amounts of 4 samples"):
        lane(mobilities(PAPER, AT), AT, [1.0])


def test_tied_samples_make_one_band():
    at = GelConditions(model="charge-to-radius")
    found = mobilities(PAPER[:2], at)
    assert pair_orders(found, at.tie)[0].tied
    bands = lane(found, at).bands
    assert abs(bands[0].centre - bands[1].centre) < 0.1 * bands[0].sd
