"""Nuisance terms that are one for a whole series: a shift of wavelengths, scatter's exponent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alloyscope.numerics.mixture_fit import Columns, MixtureFit, mixture_fit
from alloyscope.uvvis.nuisance import EXPONENTS, SHIFTS, Nuisance

Floats = NDArray[np.float64]

LIMITS = {"shift": SHIFTS, "exponent": EXPONENTS}
START = {"shift": 0.0, "exponent": 4.0}
STEP = {"shift": 0.05, "exponent": 0.05}
"""Of the differences that give the curvature."""


@dataclass(frozen=True, eq=False)
class SharedTerms:
    """Values of the shared terms, and what their uncertainty does to the amounts.

    values, sd : (n_terms,) nm of the shift, the exponent
    factor     : (n_spectra, n_columns, n_terms) of the amounts' covariance
    at_limit   : (n_terms,) values that ended at the end of what is looked for
    """

    names: tuple[str, ...]
    values: Floats
    sd: Floats
    factor: Floats
    at_limit: NDArray[np.bool_]


def no_shared_terms(n_spectra: int, n_columns: int) -> SharedTerms:
    """Where there are none."""
    return SharedTerms((), np.zeros(0), np.zeros(0), np.zeros((n_spectra, n_columns, 0)),
                       np.zeros(0, np.bool_))  # fmt: skip


def fit_with_shared_terms(
    data: Floats, wavelength: Floats, grid: Floats, spectra: Floats, sd: Floats,
    nuisance: Nuisance, noise: Floats | None,
) -> tuple[MixtureFit, SharedTerms]:  # fmt: skip
    """The fit at the shared terms of least chi square, found by a simplex within their limits.

    data        : (n_spectra, n_points) at `wavelength`
    spectra, sd : (n_references, n_grid) at `grid`, which goes further where there is a shift
    """
    from scipy.optimize import minimize

    build = _builder(wavelength, grid, spectra, sd, nuisance)
    names = nuisance.shared
    start = np.array([START[name] for name in names])
    first = mixture_fit(data, wavelength, build(start), noise)
    if not names:
        return first, no_shared_terms(len(data), len(first.columns.values))
    level = first.noise.level[:, None] * first.noise.shape
    given = level if noise is None else noise

    def chi2(values: Floats) -> float:
        fit = mixture_fit(data, wavelength, build(values), given)
        return float(np.sum(((data - fit.fitted) / level) ** 2))

    limits = [LIMITS[name] for name in names]
    simplex = np.vstack((start, start + np.diag([0.5 if n == "shift" else -1.0 for n in names])))
    options = {"initial_simplex": simplex, "xatol": 1e-3, "fatol": 1e-3}
    found = minimize(chi2, start, method="Nelder-Mead", bounds=limits, options=options).x
    fit = mixture_fit(data, wavelength, build(found), noise)
    return fit, _spread(chi2, build, found, names, fit, data, wavelength, given)


def _spread(
    chi2: Callable[[Floats], float], build: Callable[[Floats], Columns], found: Floats,
    names: tuple[str, ...], fit: MixtureFit, data: Floats, wavelength: Floats, noise: Floats,
) -> SharedTerms:  # fmt: skip
    """Covariance of the terms from the curvature of chi square, and the amounts' slopes."""
    steps = np.diag([STEP[name] for name in names])
    n, centre = len(names), chi2(found)
    curve = np.zeros((n, n))
    for a in range(n):
        for b in range(a + 1):
            up, down = found + steps[a] + steps[b], found - steps[a] - steps[b]
            if a == b:
                curve[a, a] = chi2(found + steps[a]) - 2 * centre + chi2(found - steps[a])
            else:
                one, two = found + steps[a] - steps[b], found - steps[a] + steps[b]
                curve[a, b] = curve[b, a] = (chi2(up) - chi2(one) - chi2(two) + chi2(down)) / 4
    scale = np.diag(steps)
    values, directions = np.linalg.eigh(curve / np.outer(scale, scale))
    # The level of noise grew with what the wrong start left: chi square is brought to 1 a point.
    ratio = float(np.mean((fit.noise.level * fit.widened) ** 2) / np.mean(noise**2))
    widest = np.array([np.ptp(LIMITS[name]) for name in names]).max()
    variance = np.minimum(2.0 * ratio / np.maximum(values, 1e-12), widest**2)
    root = directions * np.sqrt(variance)
    moved = [mixture_fit(data, wavelength, build(found + step), noise).amount
             - mixture_fit(data, wavelength, build(found - step), noise).amount
             for step in steps]  # fmt: skip
    slope = np.stack(moved, axis=2) / (2 * scale)
    at_limit = np.array([min(abs(v - end) for end in LIMITS[name]) < 1e-3
                         for v, name in zip(found, names, strict=True)])  # fmt: skip
    return SharedTerms(names, found, np.linalg.norm(root, axis=1), slope @ root, at_limit)


def _builder(
    wavelength: Floats, grid: Floats, spectra: Floats, sd: Floats, nuisance: Nuisance
) -> Callable[[Floats], Columns]:
    """Columns at given values of the shared terms."""
    from scipy.interpolate import CubicSpline

    names = nuisance.shared
    curves = CubicSpline(grid, spectra, axis=1) if "shift" in names else None
    n = len(spectra)
    spread = np.repeat(sd[:, :1], wavelength.size, axis=1)
    free = np.concatenate((np.zeros(n, np.bool_), nuisance.may_be_negative))

    def build(values: Floats) -> Columns:
        at = dict(zip(names, values, strict=True))
        terms = nuisance.columns(wavelength, at.get("exponent"))
        drawn = spectra
        if curves is not None:
            drawn = curves(np.clip(wavelength - at["shift"], grid[0], grid[-1]))
        none = np.zeros_like(terms)
        return Columns(np.vstack((drawn, terms)), np.vstack((spread, none)), free)

    return build
