import numpy as np
import pytest
from scipy import stats

from alloyscope.errors import SpeciationError
from alloyscope.shells.equilibrium import common_ratio, exchange_constant, exchanged_fraction
from alloyscope.shells.statistics import (
    binomial,
    cooperative_shell,
    finite_shell,
    mean_of,
    occupations,
    random_shell,
    renewed,
    site_shell,
    thinned,
    tilted,
    two_populations,
    variance_of,
)


@pytest.mark.parametrize(("n", "mean"), [(18, 4.3), (30, 0.0), (30, 30.0), (1, 0.5)])
def test_a_random_shell_is_binomial(n, mean):
    assert random_shell(n, mean) == pytest.approx(stats.binom.pmf(np.arange(n + 1), n, mean / n))


@pytest.mark.parametrize(("n", "mean"), [(18, 18.1), (18, -0.1), (0, 0.0), (18, float("nan"))])
def test_a_mean_that_sites_cannot_have_is_refused(n, mean):
    with pytest.raises(SpeciationError, match="expected at least one site"):
        random_shell(n, mean)


def test_unequal_sites_narrow_a_shell_by_the_variance_of_their_occupations():
    shell = site_shell((12, 6), (0.1, 0.8))
    assert mean_of(shell) == pytest.approx(12 * 0.1 + 6 * 0.8)
    assert variance_of(shell) == pytest.approx(12 * 0.09 + 6 * 0.16)
    assert site_shell((12, 6), (0.3, 0.3)) == pytest.approx(binomial(18, 0.3))


@pytest.mark.parametrize("energy", [-3.0, -0.5, 0.0, 0.5, 2.0])
def test_cooperativity_is_that_of_all_placements_counted_one_by_one(energy):
    n, tilt = 8, 0.4
    weights = np.zeros(n + 1)
    for placement in range(2**n):
        k = placement.bit_count()
        weights[k] += np.exp(tilt * k - energy * k * (n - k) / (n - 1))
    expected = weights / weights.sum()
    assert cooperative_shell(n, mean_of(expected), energy) == pytest.approx(expected, abs=1e-11)


def test_likes_that_attract_broaden_and_likes_that_repel_narrow():
    widths = [variance_of(cooperative_shell(30, 12.0, energy)) for energy in (-2.0, 0.0, 0.8)]
    assert widths[1] == pytest.approx(12 * 0.6)
    assert widths[0] < 0.7 * widths[1] < 1.4 * widths[1] < widths[2]


def test_a_closed_pool_is_hypergeometric_and_a_preference_moves_it():
    even = finite_shell(18, 20, 40)
    assert even == pytest.approx(stats.hypergeom.pmf(np.arange(19), 60, 20, 18))
    assert mean_of(finite_shell(18, 20, 40, 3.0)) > mean_of(even) + 2
    with pytest.raises(SpeciationError, match="at least 18"):
        finite_shell(18, 5, 4)


def test_drawing_from_a_binomial_leaves_a_binomial():
    assert thinned(binomial(56, 0.4), 27) == pytest.approx(binomial(27, 0.4))
    only = np.zeros(57)
    only[30] = 1.0
    assert thinned(only, 27) == pytest.approx(stats.hypergeom.pmf(np.arange(28), 56, 30, 27))


def test_renewal_is_ligand_by_ligand():
    start = np.zeros(19)
    start[5] = 1.0
    found = renewed(start, 0.3, 0.6)
    stays, comes = 0.7 + 0.3 * 0.6, 0.3 * 0.6
    expected = np.convolve(binomial(5, stays), binomial(13, comes))
    assert found == pytest.approx(expected, abs=1e-13)
    assert renewed(start, 0.0, 0.6) == pytest.approx(start, abs=1e-13)
    assert renewed(start, 1.0, 0.6) == pytest.approx(binomial(18, 0.6), abs=1e-13)


@pytest.mark.parametrize("mean", [1e-6, 0.5, 9.0, 17.99])
def test_a_tilt_gives_the_mean(mean):
    assert mean_of(tilted(binomial(18, 0.3), mean)) == pytest.approx(mean, rel=1e-9)


def test_two_populations_are_broader():
    shell = two_populations(18, (2.0, 9.0), 0.4)
    mean = 0.4 * 2 + 0.6 * 9
    assert mean_of(shell) == pytest.approx(mean)
    between = 0.4 * (2 - mean) ** 2 + 0.6 * (9 - mean) ** 2
    assert variance_of(shell) == pytest.approx(0.4 * 2 * 16 / 18 + 0.6 * 9 * 9 / 18 + between)


def test_exchange_comes_to_the_equilibrium_that_its_constant_says():
    foreign, clusters, n, k = 20.0, 1.0, 18, 2.5
    theta = exchanged_fraction(foreign, clusters, n, k)
    bound = theta * n * clusters
    assert theta / (1 - theta) * bound / (foreign - bound) == pytest.approx(k)
    assert exchanged_fraction(18.0, 1.0, 18, 1.0) == pytest.approx(0.5)
    assert exchanged_fraction(0.0, 1.0, 18) == 0.0
    assert exchanged_fraction(5.0, 1.0, 18, 1e12) == pytest.approx(5 / 18, rel=1e-6)
    with pytest.raises(SpeciationError, match="amounts of 0 or more"):
        exchanged_fraction(-1.0, 1.0, 18)


def test_a_common_ratio_fills_all_reservoirs():
    amount, counts = np.array([2.0, 5.0]), [np.array([12.0, 6.0]), np.array([1.0])]
    constants = [np.array([1.0, 4.0]), np.array([1.0])]
    ratio = common_ratio(amount, constants, counts, 17.0)
    held = sum(a * (c @ occupations(k, ratio))
               for a, k, c in zip(amount, constants, counts, strict=True))  # fmt: skip
    assert held == pytest.approx(17.0)
    assert common_ratio(amount, constants, counts, 0.0) == 0.0
    assert common_ratio(amount, constants, counts, 41.0) == float("inf")


def test_a_constant_comes_from_a_mean_and_free_ligands():
    found = exchange_constant(6.0, 0.1, 18, 0.25)
    assert found.constant == pytest.approx(0.5 / 0.25)
    step = exchange_constant(6.0 + 1e-6, 0.1, 18, 0.25).constant - found.constant
    assert found.sd == pytest.approx(0.1 * step / 1e-6, rel=1e-4)
    assert exchange_constant(18.0, 0.1, 18, 0.25).constant == float("inf")
    with pytest.raises(SpeciationError, match="a number above 0"):
        exchange_constant(6.0, 0.1, 18, 0.0)
