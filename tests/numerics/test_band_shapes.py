"""Shapes of bands and their derivatives."""

import numpy as np
import pytest

from alloyscope.numerics.band_shapes import curves, half_width_factor

X = np.linspace(1.2, 4.0, 57)
CENTRE, WIDTH = np.array([2.0, 2.7]), np.array([0.2, 0.45])
SHAPES = [(0.0, 0.0), (0.4, 0.0), (0.0, 0.3), (0.3, -0.4)]


@pytest.mark.parametrize(("mixing", "skew"), SHAPES)
def test_a_band_is_1_at_its_centre_and_nowhere_more(mixing, skew):
    assert curves(CENTRE, CENTRE, WIDTH, mixing, skew).value.diagonal() == pytest.approx(1)
    assert curves(X, CENTRE, WIDTH, mixing, skew).value.max() <= 1


@pytest.mark.parametrize(("mixing", "skew"), SHAPES)
def test_full_width_at_half_maximum_is_the_width(mixing, skew):
    fine = np.linspace(1.0, 3.0, 200001)
    value = curves(fine, CENTRE[:1], WIDTH[:1], mixing, skew).value[0]
    above = fine[value >= 0.5]
    assert np.ptp(above) == pytest.approx(0.2 * half_width_factor(skew), abs=1e-4)


@pytest.mark.parametrize(("mixing", "skew"), SHAPES)
def test_derivatives_are_those_of_differences(mixing, skew):
    step = 1e-6
    found = curves(X, CENTRE, WIDTH, mixing, skew, shaped=True)

    def value(centre=CENTRE, width=WIDTH, m=mixing, s=skew):
        return curves(X, centre, width, m, s).value

    grown = np.exp(step)
    for derivative, up, down in (
        (found.by_centre, value(centre=CENTRE + step), value(centre=CENTRE - step)),
        (found.by_log_width, value(width=WIDTH * grown), value(width=WIDTH / grown)),
        (found.by_mixing, value(m=mixing + step), value(m=mixing - step)),
        (found.by_skew, value(s=skew + step), value(s=skew - step)),
    ):
        assert derivative == pytest.approx((up - down) / (2 * step), abs=1e-6)


def test_plain_gaussians_take_a_shorter_way_to_the_same():
    short, long = curves(X, CENTRE, WIDTH), curves(X, CENTRE, WIDTH, shaped=True)
    for name in ("value", "by_centre", "by_log_width"):
        assert getattr(short, name) == pytest.approx(getattr(long, name), abs=1e-12)
