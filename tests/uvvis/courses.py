"""Time courses with a known answer: spectra of species times populations, plus noise."""

import numpy as np

from alloyscope.spectra.absorption_spectrum import AbsorptionSeries

WAVELENGTH = np.arange(350.0, 900.0, 1.0)
TIMES = np.array([2.0, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 240.0, 600.0, 1200.0])


def band(centre, width, height=1.0, wavelength=WAVELENGTH):
    return height * np.exp(-0.5 * ((wavelength - centre) / width) ** 2)


def rising(height):
    return height * np.exp(-(WAVELENGTH - 350.0) / 150.0)


SILVER = band(420, 25, 0.6) + band(540, 30, 0.5) + band(645, 25, 0.3) + rising(0.4)
GOLD = band(480, 30, 0.7) + band(575, 30, 0.3) + band(765, 40, 0.25) + rising(0.4)
ALLOY = band(390, 25, 0.5) + band(500, 40, 0.6) + band(690, 40, 0.2) + rising(0.3)


def noise(rng, shape, sd, alike=1):
    """Noise that is a mean over so many points of white noise, of this sd."""
    white = rng.standard_normal((shape[0], shape[1] + alike - 1))
    rows = [np.convolve(row, np.ones(alike) / np.sqrt(alike), "valid") for row in white]
    return sd * np.array(rows)


def series_of(absorbance, times=TIMES):
    return AbsorptionSeries(
        WAVELENGTH, absorbance, tuple(f"{t:g} min" for t in times), times, "made"
    )


def two_species(rate=1 / 60, times=TIMES):
    """SILVER becomes GOLD by the first order."""
    left = np.exp(-rate * times)
    return np.outer(left, SILVER) + np.outer(1 - left, GOLD)


def three_species(fast=1 / 15, slow=1 / 300, times=TIMES):
    """SILVER becomes GOLD, which becomes ALLOY."""
    a = np.exp(-fast * times)
    b = fast / (fast - slow) * (np.exp(-slow * times) - np.exp(-fast * times))
    return np.outer(a, SILVER) + np.outer(b, GOLD) + np.outer(1 - a - b, ALLOY)


def course(absorbance, seed=0, sd=1e-3, alike=1, times=TIMES):
    rng = np.random.default_rng(seed)
    return series_of(absorbance + noise(rng, absorbance.shape, sd, alike), times)
