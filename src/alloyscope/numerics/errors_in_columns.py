"""Spectra behind mixtures whose composition is known, but not exactly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alloyscope.numerics.nonnegative import nonnegative_rows

Floats = NDArray[np.float64]

ROUNDS = 3
"""Of errors that depend on the spectra, and spectra that depend on the errors."""

REDUCED = 0.3
"""Least share of the smallest eigenvalue that a correction for errors in amounts may leave."""


@dataclass(frozen=True, eq=False)
class ColumnSpectra:
    """One spectrum for each column of amounts.

    spectra, sd : (n_columns, n_points), 0 or more
    covariance  : (n_points, n_columns, n_columns) at each point
    """

    spectra: Floats
    sd: Floats
    covariance: Floats


def column_spectra(
    data: Floats, amount: Floats, level: Floats, variance: Floats, factor: Floats
) -> ColumnSpectra:
    """Generalised least squares with errors in data and amounts, point by point.

    data     : (n_rows, n_points)
    amount   : (n_rows, n_columns)
    level    : (n_rows,) noise of each row
    variance : (n_rows, n_columns) of the amounts, own parts
    factor   : (n_rows, n_columns, n_factors) of the amounts' covariance, shared parts

    A row's error at a point is its noise and the amounts' errors times the spectra there, which
    all rows share as far as the amounts do. What errors in amounts add to their products is taken
    off (W. A. Fuller, Measurement Error Models, Wiley 1987, ch. 2), or spectra would be too flat.
    """
    n = amount.shape[1]
    spectra = _plain(data, amount, level)
    covariance = np.zeros((data.shape[1], n, n))
    uncertain = bool(variance.any() or factor.any())
    for _ in range(ROUNDS if uncertain else 1):
        solved: list[tuple[Floats, Floats]] = [
            _at_point(data[:, j], amount, level, variance, factor, np.maximum(spectra[:, j], 0.0))
            for j in range(data.shape[1])
        ] if uncertain else _alike(data, amount, level)  # fmt: skip
        covariance = np.array([one for _, one in solved])
        spectra = np.array([bounded for bounded, _ in solved]).T
    sd = np.sqrt(np.maximum(np.einsum("jkk->kj", covariance), 0.0))
    return ColumnSpectra(spectra, sd, covariance)


def _plain(data: Floats, amount: Floats, level: Floats) -> Floats:
    weight = 1.0 / level**2
    gram = _firm((amount.T * weight) @ amount, data, amount)
    return np.asarray(nonnegative_rows(gram, (data.T * weight) @ amount).T)


def _alike(data: Floats, amount: Floats, level: Floats) -> list[tuple[Floats, Floats]]:
    """The same solution for all points, where amounts are exact."""
    spectra = _plain(data, amount, level)
    gram = _firm((amount.T / level**2) @ amount, data, amount)
    covariance = np.asarray(np.linalg.inv(gram), np.float64)
    return [(column, covariance) for column in spectra.T]


def _firm(gram: Floats, data: Floats, amount: Floats) -> Floats:
    """With a weak limit: no spectrum is taller than a few times what would make the data alone."""
    tallest = 3.0 * np.abs(data).max() / amount.max(axis=0)
    return np.asarray(gram + np.diag(1.0 / tallest**2 + 1e-13 * np.diag(gram)))


def _at_point(
    data: Floats, amount: Floats, level: Floats, variance: Floats, factor: Floats, spectrum: Floats
) -> tuple[Floats, Floats]:
    """Spectra at one point, bounded, and their covariance."""
    shared = np.einsum("ikf,k->if", factor, spectrum)
    errors = np.diag(level**2 + variance @ spectrum**2) + shared @ shared.T
    inverse = np.linalg.inv(errors)
    weighted = amount.T @ inverse
    gram = weighted @ amount
    added = np.diag(np.diag(inverse) @ variance)
    added = added + np.einsum("ikf,ij,jlf->kl", factor, inverse, factor, optimize=True)
    less = _firm(gram - added, data[:, None], amount)
    plain = _firm(gram, data[:, None], amount)
    size = np.sqrt(np.diag(plain))
    smallest = np.linalg.eigvalsh(plain / np.outer(size, size))[0]
    if np.linalg.eigvalsh(less / np.outer(size, size))[0] < REDUCED * smallest:
        less = plain
    solved = np.linalg.inv(less)
    # Sandwich: the correction moves the estimate, not the information in the data.
    covariance = np.asarray(solved @ plain @ solved, np.float64)
    bounded = nonnegative_rows(less, (weighted @ data)[None])[0]
    return np.asarray(bounded, np.float64), covariance
