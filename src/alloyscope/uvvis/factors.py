"""Components without a reference: their spectra by factor analysis, and how far these are told."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alloyscope.errors import UnmixingError, message
from alloyscope.numerics.feasible_factors import FeasibleFactors, feasible_factors
from alloyscope.numerics.nonnegative_factors import Factors, nonnegative_factors
from alloyscope.numerics.residual_space import difference_sd
from alloyscope.uvvis.nuisance import Nuisance

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

SLACK = 3.0
"""Standard deviations below 0 that noise may take an amount or an absorbance."""

UNIQUE = 0.05
"""Of its maximum: a spectrum that noise and turns together leave no wider than this is unique."""


@dataclass(frozen=True, eq=False)
class Unknowns:
    """Components that were not among the references.

    spectra, sd : (n_unknown, n_points); sd of noise alone, the amounts held
    feasible    : what turns into one another leave open, for references and unknowns
    unique      : (n_components,) whether only noise is left open
    settled     : whether the fit came to rest
    """

    spectra: Floats
    sd: Floats
    feasible: FeasibleFactors
    unique: Flags
    settled: bool


def find_unknowns(
    data: Floats, wavelength: Floats, known: Floats, n_unknown: int, nuisance: Nuisance,
    noise: Floats | None, seed: int,
) -> Unknowns:  # fmt: skip
    """Spectra of `n_unknown` components beside the known ones, none of them below 0.

    data  : (n_spectra, n_points)
    known : (n_known, n_points)
    noise : sd as the user gives it; None finds white noise

    Nuisance terms are fitted with the rest and then taken as they are.
    """
    sd = _sd(data, noise)
    terms = nuisance.columns(wavelength)
    held = np.vstack((known, terms))
    free = np.concatenate((np.zeros(len(known), np.bool_), nuisance.may_be_negative))
    shape = np.sqrt(np.mean((sd / sd.mean(axis=1, keepdims=True)) ** 2, axis=0))
    level = sd.mean(axis=1)
    weighted = data / shape / level[:, None]
    found = nonnegative_factors(weighted, held / shape, free, n_unknown, seed=seed)
    return _unknowns(found, known, len(terms), shape, level, seed)


def check_numbers(n_spectra: int, n_known: int, n_unknown: int, where: str) -> None:
    """Raises UnmixingError where so many unknown components cannot be found in so few spectra."""
    if n_unknown < 0:
        raise UnmixingError(message("unknown", found=str(n_unknown), expected="0 or more"))
    if not n_known and not n_unknown:
        raise UnmixingError(
            message("references", found="none", expected="one or more",
                    do="Give references, or say how many unknown components to look for.")
        )  # fmt: skip
    if n_unknown and n_spectra < 2:
        raise UnmixingError(
            message(where, found="one spectrum",
                    expected="two or more, in which the amounts differ, for an unknown component",
                    do="One spectrum cannot tell what it is a sum of: add others, or references.")
        )  # fmt: skip
    if n_unknown and n_spectra < n_known + n_unknown:
        raise UnmixingError(
            message(where, found=f"{n_spectra} spectra for {n_known + n_unknown} components",
                    expected="as many spectra as components, or more, where some are unknown",
                    do="Add spectra in which the amounts differ, or references.")
        )  # fmt: skip


def _sd(data: Floats, noise: Floats | None) -> Floats:
    if noise is not None:
        return np.broadcast_to(noise, data.shape)
    level = np.maximum(difference_sd(data), 1e-6 * np.abs(data).max())
    return np.repeat(level[:, None], data.shape[1], axis=1)


def _unknowns(
    found: Factors, known: Floats, n_terms: int, shape: Floats, level: Floats, seed: int
) -> Unknowns:
    """Scaled spectra and amounts with noise, and what turns leave open."""
    n = len(known)
    height = float(known.max(axis=1).mean()) if n else 1.0
    spectra = found.spectra * shape
    scale = spectra.max(axis=1) / height
    scale = np.where(scale > 0, scale, 1.0)
    spectra = spectra / scale[:, None]
    own = found.amounts[:, n + n_terms :] * scale
    # Weighted rows were divided by their level: these amounts are in units of it.
    spread = np.sqrt(np.diag(np.linalg.pinv(own.T @ own)))
    sd = spread[:, None] * shape
    whole = np.vstack((known, spectra))
    amounts = np.hstack((found.amounts[:, :n], own)) * level[:, None]
    inverse = np.linalg.pinv((whole / shape) @ (whole / shape).T, rcond=1e-12)
    amount_sd = level[:, None] * np.sqrt(np.diag(inverse))
    spectra_sd = np.vstack((np.zeros_like(known), sd))
    feasible = feasible_factors(
        amounts, whole, n, SLACK * amount_sd, SLACK * spectra_sd, height=height, seed=seed
    )
    width = np.max(feasible.spectra_high - feasible.spectra_low - 2 * SLACK * spectra_sd, axis=1)
    span = np.max(feasible.amounts_high - feasible.amounts_low - 2 * SLACK * amount_sd, axis=0)
    told = span <= UNIQUE * np.maximum(amounts.max(axis=0), 1e-300)
    unique = np.where(np.arange(len(whole)) < n, told, width <= UNIQUE * height)
    return Unknowns(spectra, sd, feasible, unique, found.settled)
