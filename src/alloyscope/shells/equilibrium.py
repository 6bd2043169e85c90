"""Equilibrium of ligand exchange: what shells hold, given what was fed, and constants from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from alloyscope.errors import SpeciationError, message
from alloyscope.shells.statistics import occupations

Floats = NDArray[np.float64]


def exchanged_fraction(foreign: float, clusters: float, n_sites: int, constant: float = 1.0,
                       own: float = 0.0) -> float:  # fmt: skip
    """Share of all sites that hold a foreign ligand once exchange has come to its equilibrium.

    M-own + foreign <-> M-foreign + own,   K = theta / (1 - theta) [own] / [foreign]

    foreign, own : free ligands fed, in one unit
    clusters     : with `n_sites` own ligands each, in the same unit
    constant     : K
    Raises SpeciationError for amounts below 0 or nothing at all.
    """
    if min(foreign, clusters, own, constant) < 0 or n_sites < 1 or clusters <= 0:
        raise SpeciationError(
            message("exchange", found=f"{foreign:g} foreign, {own:g} own ligands, {clusters:g} "
                    f"clusters, K = {constant:g}", expected="amounts of 0 or more, and clusters")
        )  # fmt: skip
    if foreign == 0 or constant == 0:
        return 0.0
    sites, most = clusters * n_sites, min(1.0, foreign / (clusters * n_sites))

    def off(theta: float) -> float:
        bound = theta * sites
        return theta * (own + bound) - constant * (1.0 - theta) * (foreign - bound)

    return float(brentq(off, 0.0, most, xtol=1e-15)) if off(most) > 0 else most


def common_ratio(amount: Floats, constants: Sequence[Floats], counts: Sequence[Floats],
                 foreign: float) -> float:  # fmt: skip
    """Free foreign over own ligand at which reservoirs together hold `foreign` ligands.

    amount    : (n,) shells, or free ligands, of each reservoir
    constants : of each reservoir, (n_classes,) exchange constants; of free ligands 1
    counts    : of each reservoir, (n_classes,) sites
    """
    whole = sum(float(a * c.sum()) for a, c in zip(amount, counts, strict=True))
    if foreign <= 0 or whole <= 0:
        return 0.0
    if foreign >= whole * (1 - 1e-14):
        return float("inf")

    def off(log_ratio: float) -> float:
        held = sum(float(a * (c @ occupations(k, float(np.exp(log_ratio)))))
                   for a, k, c in zip(amount, constants, counts, strict=True))  # fmt: skip
        return held - foreign

    return float(np.exp(brentq(off, -60.0, 60.0, xtol=1e-13)))


@dataclass(frozen=True)
class ExchangeConstant:
    """K of the exchange of one ligand for another, from a mean occupation.

    K = theta / (1 - theta) over free foreign / own; infinite where every site is taken.
    sd : from that of the mean, to first order
    """

    constant: float
    sd: float


def exchange_constant(mean: float, sd: float, n_sites: int, ratio: float) -> ExchangeConstant:
    """K from a mean number of foreign ligands and the ratio of free foreign to own ligand.

    ratio : [Cl-] / [RSH], say, at the end
    Raises SpeciationError for a ratio that is not above 0.
    """
    if not (ratio > 0 and np.isfinite(ratio)):
        raise SpeciationError(
            message("free ligands", found=f"a ratio of {ratio:g}", expected="a number above 0")
        )
    theta = mean / n_sites
    if theta >= 1:
        return ExchangeConstant(float("inf"), float("inf"))
    return ExchangeConstant(theta / (1 - theta) / ratio,
                            sd / n_sites / (1 - theta) ** 2 / ratio)  # fmt: skip
