"""Noise of a series of spectra: how large at each wavelength, and how alike neighbours are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve_toeplitz, toeplitz
from scipy.ndimage import uniform_filter1d

Floats = NDArray[np.float64]
ORDER = 8
"""Of the autoregression that noise is described by."""

DIGITS = 2e-5
"""Of the range of absorbance."""

REACH = 51
"""Points over which the noise at a wavelength is averaged."""


@dataclass(frozen=True, eq=False)
class NoiseLevel:
    """Noise of one spectrum, alike in all spectra of a series.

    sd          : (n_points,) 1 sd at each wavelength
    memory      : (n,) coefficients of the autoregression by which neighbouring points are alike;
                  all 0 for white noise
    length      : over how many points noise is alike: 1 for white noise
    """

    sd: Floats
    memory: Floats

    @property
    def length(self) -> float:
        """Variance of a mean over many points, over that of white noise."""
        power = power_spectrum(self.memory, max(self.sd.size, 2))
        return float(power[0] / power.mean())

    def of_mean(self, weights: Floats, at: slice) -> float:
        """1 sd of a weighted sum over neighbouring points."""
        alike = autocorrelation(self.memory, weights.size)
        weighted = weights * self.sd[at]
        return float(np.sqrt(max(float(weighted @ toeplitz(alike) @ weighted), 0.0)))


def least_noise(absorbance: Floats) -> float:
    """Less noise than this no spectrometer has, nor the digits it prints."""
    return max(DIGITS * float(np.ptp(absorbance)), 1e-9)


def noise_in(residual: Floats, free: float, least: float = 0.0) -> NoiseLevel:
    """Noise from what spectra hold beyond their components.

    residual : (n_spectra, n_points) spectra less their components
    free     : spectra less components
    least    : 1 sd that there is at any rate
    """
    scale = np.sqrt(residual.shape[0] / max(free, 1.0))
    squares = (residual**2).mean(axis=0)
    local = np.asarray(uniform_filter1d(squares, min(REACH, squares.size)), np.float64)
    sd = np.asarray(np.maximum(scale * np.sqrt(local), max(least, 1e-12)), np.float64)
    return NoiseLevel(sd, _autoregression(residual / sd))


def noise_of_differences(absorbance: Floats) -> NoiseLevel:
    """White noise from fourth differences along the wavelengths, where spectra are few.

    Bands many points wide have next to none; 70 is the sum of the squares of 1, 4, 6, 4, 1.
    """
    differences = np.diff(absorbance, 4, axis=1)
    sd = 1.4826 * np.median(np.abs(differences)) / np.sqrt(70.0) if differences.size else 0.0
    return NoiseLevel(
        np.full(absorbance.shape[1], max(float(sd), least_noise(absorbance))), np.zeros(1)
    )


def power_spectrum(memory: Floats, n: int) -> Floats:
    """(n,) power of the autoregression at the frequencies of a discrete Fourier transform."""
    gain = np.fft.fft(np.concatenate([[1.0], -memory]), n)
    return np.asarray(1.0 / np.abs(gain) ** 2)


def autocorrelation(memory: Floats, n: int) -> Floats:
    """(n,) correlation of points so far apart, 1 first."""
    wide = max(4 * n, 256)
    cycle = np.fft.ifft(power_spectrum(memory, wide)).real
    return np.asarray(cycle[:n] / cycle[0])


def drawn_noise(memory: Floats, shape: tuple[int, int], random: np.random.Generator) -> Floats:
    """(n_spectra, n_points) of noise with sd 1 and this memory."""
    power = power_spectrum(memory, shape[1])
    white = np.fft.rfft(random.standard_normal(shape), axis=1)
    shaped = white * np.sqrt(power / power.mean())[: white.shape[1]]
    return np.asarray(np.fft.irfft(shaped, shape[1], axis=1))


def _autoregression(rows: Floats) -> Floats:
    """Coefficients by the Yule-Walker equations, over all rows."""
    n = rows.shape[1]
    order = min(ORDER, max(n // 10, 1))
    lags = np.array([(rows[:, : n - k] * rows[:, k:]).sum() for k in range(order + 1)])
    if lags[0] <= 0:
        return np.zeros(1)
    lags[0] *= 1.0 + 1e-9
    found = np.asarray(solve_toeplitz(lags[:-1], lags[1:]))
    # Coefficients that chance alone makes are left out, so that white noise stays white.
    return found if (np.abs(found) > 4.0 / np.sqrt(rows.size)).any() else np.zeros(1)
