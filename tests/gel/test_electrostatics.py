import numpy as np
import pytest
from scipy.integrate import solve_bvp
from scipy.special import expn

from alloyscope.gel.electrostatics import (
    charge_of_potential,
    charge_unit,
    debye_length,
    henry,
    linear_charge,
    permittivity,
    retardation,
    viscosity,
)

T = 298.15


def of(value: float) -> np.ndarray:
    return np.array([value])


def test_water_and_its_double_layer():
    assert permittivity(T) == pytest.approx(78.3, abs=0.1)
    assert viscosity(T) == pytest.approx(0.890e-3, rel=0.01)
    assert 1 / charge_unit(T) == pytest.approx(0.716, abs=0.003)
    assert debye_length(of(0.1), T)[0] == pytest.approx(0.961, abs=0.005)


def poisson_boltzmann_charge(y0: float, radius: float, kappa: float) -> float:
    """Charge by solving y'' + 2 y'/r = kappa^2 sinh y itself."""
    far = radius + 15 / kappa
    r = np.linspace(radius, far, 400)
    start = y0 * radius / r * np.exp(-kappa * (r - radius))
    found = solve_bvp(
        lambda r, y: np.vstack([y[1], kappa**2 * np.sinh(y[0]) - 2 * y[1] / r]),
        lambda a, b: np.array([a[0] - y0, b[0]]), r, np.vstack([start, np.gradient(start, r)]),
        tol=1e-6, max_nodes=50_000,
    )  # fmt: skip
    assert found.success
    return float(-found.y[1][0] * radius**2 * charge_unit(T))


@pytest.mark.parametrize("ionic_strength", [0.01, 0.025, 0.1])
@pytest.mark.parametrize("y", [-0.5, -2.0, -4.0])
def test_charge_follows_the_poisson_boltzmann_equation(ionic_strength, y):
    radius = 1.4
    kappa = 1 / debye_length(of(ionic_strength), T)
    found = charge_of_potential(of(y), of(radius), kappa, T)[0]
    exact = poisson_boltzmann_charge(y, radius, float(kappa[0]))
    assert found == pytest.approx(exact, rel=0.03 if kappa[0] * radius < 0.5 else 0.015)


def test_small_potentials_are_linear_and_large_ones_gather_counter_ions():
    radius, kappa = of(1.4), of(0.5)
    for y in (1e-9, -1e-4, 1e-3):
        assert charge_of_potential(of(y), radius, kappa, T) == pytest.approx(
            linear_charge(of(y), radius, kappa, T), rel=1e-5
        )
    assert charge_of_potential(of(6.0), radius, kappa, T) > 1.5 * linear_charge(
        of(6.0), radius, kappa, T
    )


def test_charge_is_odd_in_the_potential_and_rises_with_it():
    y = np.linspace(-12, 12, 400)
    charge = charge_of_potential(y, np.full(400, 1.4), np.full(400, 0.5), T)
    assert charge == pytest.approx(-charge[::-1])
    assert (np.diff(charge) > 0).all()


def test_henrys_function_between_its_limits():
    f = henry(np.logspace(-4, 4, 200))
    assert f[0] == pytest.approx(1.0, abs=1e-3)
    assert f[-1] == pytest.approx(1.5, abs=1e-3)
    assert (np.diff(f) >= 0).all()
    kappa_a = np.logspace(-1.5, 2, 100)
    exact = 1.5 * (1 - np.exp(kappa_a) * (5 * expn(7, kappa_a) - 2 * expn(5, kappa_a)))
    assert henry(kappa_a) == pytest.approx(exact, rel=0.01)


def test_retardation_by_the_square_of_the_sizes():
    fibre = of(0.8)
    ratio = retardation(of(2.4), fibre) / retardation(of(0.8), fibre)
    assert ratio == pytest.approx((4 / 2) ** 2)
