import numpy as np
import pytest
from validation.gel_relaxation import DRAG, factor, mobility

from alloyscope.gel.electrostatics import henry
from alloyscope.gel.relaxation import relaxation


def of(value: float) -> np.ndarray:
    return np.array([value])


def cubic(y: float, x: float, drag: float) -> float:
    """H. Ohshima, J. Colloid Interface Sci. 239, 587 (2001): to the third order in y."""
    f3 = x * (x + 1.3 * np.exp(-0.18 * x) + 2.5) / (2 * (x + 1.2 * np.exp(-7.4 * x) + 4.8) ** 3)
    f4 = 9 * x * (x + 5.2 * np.exp(-3.9 * x) + 5.6)
    f4 /= 8 * (x - 1.55 * np.exp(-0.32 * x) + 6.02) ** 3
    return float(y * (henry(of(x))[0] - y**2 * (f3 + drag * f4)))


@pytest.mark.parametrize("kappa_a", [0.3, 0.7, 3.0, 10.0])
@pytest.mark.parametrize("y", [1.0, 2.0])
def test_the_full_model_agrees_with_the_cubic_at_small_potentials(kappa_a, y):
    for drag in (0.184, DRAG):
        assert mobility(y, kappa_a, drag) == pytest.approx(cubic(y, kappa_a, drag), rel=0.025)


@pytest.mark.parametrize(("y", "kappa_a"), [(1.0, 0.7), (5.0, 0.7), (5.3, 0.85), (7.0, 4.5)])
def test_the_table_holds_the_full_model(y, kappa_a):
    assert relaxation(of(y), of(kappa_a))[0] == pytest.approx(factor(y, kappa_a), abs=1e-3)


def test_thick_double_layers_keep_the_order_of_charges_and_thinner_ones_need_not():
    y = np.linspace(0.1, 8, 200)
    thick = y * relaxation(y, np.full(200, 0.7))
    thin = y * relaxation(y, np.full(200, 10.0))
    assert (np.diff(thick) > 0).all()
    assert 4 < y[int(thin.argmax())] < 6  # the maximum that O'Brien and White found


def test_nothing_relaxes_without_a_potential_and_both_signs_are_alike():
    assert relaxation(of(0.0), of(1.0))[0] == 1.0
    assert relaxation(of(-4.0), of(1.0)) == relaxation(of(4.0), of(1.0))


def test_beyond_the_table_the_mobility_stays_what_it_was():
    assert 12 * relaxation(of(12.0), of(0.7))[0] == pytest.approx(
        8 * relaxation(of(8.0), of(0.7))[0]
    )
    assert relaxation(of(4.0), of(0.001)) == relaxation(of(4.0), of(0.1))
