"""How well a shell's probabilities meet a measured distribution: residuals and deviance.

The scale of the amounts is free. With counts the deviance is that of Poisson counts, otherwise
chi squared with the covariance of the amounts.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc

from alloyscope.shells.distribution import LigandDistribution

Floats = NDArray[np.float64]
LEAST = 1e-12
"""Probability below which a model says never."""

FREE = 3.0
"""1 sd of the free scale of amounts, over themselves."""

FEWEST = 5.0
"""Counts expected in a bin of Pearson's test; fewer are put together with a neighbour's."""

Residuals = Callable[[Floats], Floats]
"""From a shell (N + 1,) to residuals (n,) whose squares add up to the deviance."""


def residuals_of(seen: LigandDistribution) -> Residuals:
    """What measures how far a shell's probabilities are from a distribution."""
    return _counted(seen) if seen.counted else _weighed(seen)


def _counted(seen: LigandDistribution) -> Residuals:
    n, whole = seen.amount, seen.amount.sum()

    def residuals(shell: Floats) -> Floats:
        p = np.maximum(shell[seen.k], LEAST)
        expected = whole * p / p.sum()
        off = n - expected
        logs = np.where(n > 0, n * np.log(np.where(n > 0, n, 1.0) / expected), 0.0)
        near = np.abs(off) < 1e-4 * expected
        exact = np.sign(off) * np.sqrt(np.maximum(2.0 * (logs - off), 0.0))
        return np.asarray(np.where(near, off / np.sqrt(expected), exact))

    return residuals


def _weighed(seen: LigandDistribution) -> Residuals:
    # The scale of the data is free: its variance is made so large that it costs nothing.
    whole = seen.amount.sum()
    joint = seen.joint + FREE**2 * np.outer(seen.amount, seen.amount)
    joint[np.diag_indices_from(joint)] *= 1.0 + 1e-10
    whiten = np.linalg.inv(np.linalg.cholesky(joint))

    def residuals(shell: Floats) -> Floats:
        p = np.maximum(shell[seen.k], LEAST)
        return np.asarray(whiten @ (seen.amount - whole * p / p.sum()))

    return residuals


def goodness(seen: LigandDistribution, shell: Floats, n_parameters: int) -> tuple[float, int]:
    """p that as large a misfit comes about by chance, and the degrees of freedom left.

    p is nan where no freedom is left. Counts are judged by Pearson's chi squared.
    """
    if not seen.counted:
        found = residuals_of(seen)(shell)
        free = seen.k.size - 1 - n_parameters
        return (float(chdtrc(free, found @ found)) if free > 0 else float("nan")), free
    p = np.maximum(shell[seen.k], LEAST)
    expected = seen.amount.sum() * p / p.sum()
    observed, pooled = _pooled(seen.amount, expected)
    free = observed.size - 1 - n_parameters
    if free <= 0:
        return float("nan"), free
    return float(chdtrc(free, ((observed - pooled) ** 2 / pooled).sum())), free


def _pooled(observed: Floats, expected: Floats) -> tuple[Floats, Floats]:
    """Neighbouring bins put together until each expects enough, from both ends inwards."""
    groups: list[list[int]] = []
    middle = int(np.argmax(expected))
    for order in (range(middle), range(expected.size - 1, middle - 1, -1)):
        group: list[int] = []
        for k in order:
            group.append(k)
            if expected[group].sum() >= FEWEST:
                groups.append(group)
                group = []
        if group and groups:
            groups[-1] += group
        elif group:
            groups.append(group)
    pick = np.zeros((len(groups), expected.size))
    for row, group in enumerate(groups):
        pick[row, group] = 1.0
    return pick @ observed, pick @ expected
