"""Shares of a whole, their covariance and their intervals; groups that cannot be told apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alloyscope.numerics.bounded_interval import within_one

Floats = NDArray[np.float64]

UNTOLD = 0.2
"""1 sd of a split within the whole from which its members are called unresolved: the 95 % interval
then takes most of what there is."""

MEMBER = 0.3
"""Of the largest weight in a direction that cannot be told, from which a component has part."""

SOMETHING = 3.0
"""Standard deviations of the sum below which there is nothing to take shares of."""


@dataclass(frozen=True, eq=False)
class Shares:
    """Shares of each component in the sum of all.

    value, sd, low, high : (n_spectra, n_components); low and high end the 95 % interval
    slope                : (n_spectra, n_components, n_components) of shares by amounts
    empty                : (n_spectra,) where there is nothing to take shares of
    """

    value: Floats
    sd: Floats
    low: Floats
    high: Floats
    slope: Floats
    empty: NDArray[np.bool_]


def shares_of(amount: Floats, unbounded: Floats, covariance: Floats) -> Shares:
    """Shares from amounts.

    amount, unbounded : (n_spectra, n_components) with and without bounds
    covariance        : (n_spectra, n_components, n_components) of either
    """
    n = amount.shape[1]
    total = amount.sum(axis=1)
    spread = np.sqrt(np.maximum(covariance.sum(axis=(1, 2)), 0.0))
    empty = total <= SOMETHING * spread
    whole = np.where(total > 0, total, 1.0)
    value = amount / whole[:, None]
    slope = (np.eye(n)[None] - value[:, :, None]) / whole[:, None, None]
    variance = np.einsum("ijk,ikl,ijl->ij", slope, covariance, slope)
    sd = np.sqrt(np.maximum(variance, 0.0))
    sum_unbounded = unbounded.sum(axis=1)
    sure = np.where(sum_unbounded > 0, sum_unbounded, whole)
    low, high = within_one(unbounded / sure[:, None], sd)
    low = np.where(empty[:, None], 0.0, np.minimum(low, value))
    high = np.where(empty[:, None], 1.0, np.maximum(high, value))
    sd = np.where(empty[:, None], 1.0, sd)
    return Shares(value, sd, low, high, slope, empty)


def untold_groups(amount: Floats, covariance: Floats, size: Floats) -> tuple[tuple[int, ...], ...]:
    """Groups of components whose split the data leave open, as indices.

    amount     : (n,) of one spectrum
    covariance : (n, n) of it
    size       : (n,) of each component's column, so that amounts become parts of the signal
    """
    whole = float(amount @ size)
    if whole <= 0 or amount.size < 2:
        return ()
    scaled = covariance * np.outer(size, size) / whole**2
    spread, directions = np.linalg.eigh(scaled)
    groups: list[set[int]] = []
    for variance, direction in zip(spread, directions.T, strict=True):
        if variance <= UNTOLD**2:
            continue
        weight = np.abs(direction)
        members = set(np.flatnonzero(weight > MEMBER * weight.max()).tolist())
        for other in [group for group in groups if group & members]:
            groups.remove(other)
            members |= other
        groups.append(members)
    return tuple(tuple(sorted(group)) for group in groups if len(group) > 1)
