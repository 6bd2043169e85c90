"""Components of a series told from noise."""

import numpy as np
import pytest

from alloyscope.errors import SpectrumError
from alloyscope.uvvis.noise_level import autocorrelation, drawn_noise, noise_in
from alloyscope.uvvis.rank import significant_rank
from tests.uvvis.courses import (
    SILVER,
    TIMES,
    WAVELENGTH,
    band,
    course,
    noise,
    rising,
    series_of,
    three_species,
    two_species,
)


def drawn(seed, alike):
    """A series of 0 to 4 components, their number, and whether each stands 3 times above noise."""
    rng = np.random.default_rng(seed)
    n_times, n = int(rng.integers(5, 21)), int(rng.integers(0, 4))
    times, sd = np.linspace(0, 1, n_times), 10 ** rng.uniform(-3.5, -2)
    spectra = np.array([
        rising(0.3) + sum(band(rng.uniform(380, 850), rng.uniform(15, 50), rng.uniform(0.2, 1))
                          for _ in range(3)) for _ in range(n)
    ]).reshape(n, WAVELENGTH.size)  # fmt: skip
    courses = np.array([
        np.exp(-0.5 * ((times - rng.uniform(0, 1)) / rng.uniform(0.2, 0.6)) ** 2) for _ in range(n)
    ]).reshape(n, n_times)  # fmt: skip
    uneven = 1 + 0.8 * np.exp(-(WAVELENGTH - 350) / 30)
    error = noise(rng, (n_times, WAVELENGTH.size), sd, alike) * uneven
    signal = courses.T @ spectra
    if not n:
        return series_of(error, times), 0, True
    values = np.linalg.svd(signal / uneven, compute_uv=False)
    least = np.linalg.svd(error / uneven, compute_uv=False)[0]
    return series_of(signal + error, times), n, bool(values[n - 1] > 3 * least)


@pytest.mark.parametrize("alike", [1, 4])
def test_the_number_of_components_is_found(alike):
    clear, right, extra = 0, 0, 0
    for seed in range(60):
        series, n, stands = drawn(seed, alike)
        found = significant_rank(series, seed=seed).rank
        clear, right = clear + stands, right + (stands and found == n)
        extra += found > n
    assert clear >= 45
    assert right >= 0.95 * clear
    assert extra <= 3


def test_noise_is_found_in_size_and_correlation():
    for alike in (1, 5):
        found = significant_rank(course(two_species(), seed=3, sd=2e-3, alike=alike))
        assert found.rank == 2
        assert found.noise_sd == pytest.approx(2e-3, rel=0.1)
        assert found.noise.length == pytest.approx(alike, rel=0.5)


def test_thresholds_part_components_from_noise():
    found = significant_rank(course(three_species()))
    assert found.rank == found.without_baseline == 3
    assert (found.singular_values[:3] > found.threshold[:3]).all()
    assert (found.singular_values[3:8] < found.threshold[3:8]).all()
    assert (found.p[:3] < 1e-6).all()
    assert (found.p[3:8] > 1e-3).all()
    assert found.spectra.shape == (TIMES.size, WAVELENGTH.size)


def test_an_offset_is_told_from_a_species():
    rng = np.random.default_rng(1)
    found = significant_rank(course(two_species() + 0.02 * rng.standard_normal((10, 1))))
    assert (found.rank, found.without_baseline) == (3, 2)
    assert "with an offset and a slope taken out of each spectrum: 2" in found.notes[-1]


def test_a_spike_is_no_species():
    absorbance = two_species()
    absorbance[4, 200] += 0.5
    found = significant_rank(course(absorbance))
    assert found.rank == 2
    assert any("not smooth" in note for note in found.notes)


def test_few_spectra_are_held_against_differences():
    two = significant_rank(course(two_species()[[0, 9]], times=TIMES[[0, 9]]))
    assert two.rank == 2
    assert any("there may be more" in note for note in two.notes)
    same = significant_rank(course(np.stack([SILVER, SILVER]), times=TIMES[:2]))
    assert same.rank == 1


def test_rounding_is_no_component():
    same = np.round(np.tile(SILVER, (6, 1)), 9)
    found = significant_rank(course(same, sd=1e-9, times=TIMES[:6]))
    assert found.rank == 1
    assert found.notes == ()
    nothing = significant_rank(course(np.zeros((6, WAVELENGTH.size)), sd=0.0, times=TIMES[:6]))
    assert nothing.rank == 0


def test_a_stated_noise_is_used():
    series = course(two_species(), sd=1e-3)
    assert significant_rank(series, 1e-3).rank == 2
    assert significant_rank(series, 1.0).rank == 0


def test_drawn_noise_has_the_correlation_it_was_asked_for():
    memory = np.array([0.8, -0.2])
    rows = drawn_noise(memory, (200, 500), np.random.default_rng(0))
    measured = (rows[:, 1:] * rows[:, :-1]).mean()
    assert rows.std() == pytest.approx(1, abs=0.02)
    assert measured == pytest.approx(autocorrelation(memory, 2)[1], abs=0.02)
    again = noise_in(rows, 200)
    assert again.memory[:2] == pytest.approx(memory, abs=0.03)


def test_noise_of_a_mean_carries_the_correlation():
    rows = drawn_noise(np.array([0.7]), (400, 300), np.random.default_rng(0))
    level = noise_in(rows, 400)
    weights = np.full(9, 1 / 9)
    assert level.of_mean(weights, slice(100, 109)) == pytest.approx(
        (rows[:, 100:109] @ weights).std(), rel=0.1
    )


@pytest.mark.parametrize("how", [{"noise": -1.0}, {"noise": 0.0}, {"false_alarm": 1.5}])
def test_nonsense_is_refused(how):
    with pytest.raises(SpectrumError, match="expected a noise above 0"):
        significant_rank(course(two_species()), **how)
