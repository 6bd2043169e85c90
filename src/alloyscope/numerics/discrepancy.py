"""Amounts from data that also hold something smooth and small that no column describes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alloyscope.numerics.nonnegative import nonnegative_rows
from alloyscope.numerics.residual_space import ResidualSpace

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

WIDTHS = (120.0, 30.0)
"""Of the axis, 1 sd of the bumps that a discrepancy is made of: a baseline's, and a band's."""

SIZES = np.geomspace(0.15, 1500.0, 10)
"""Of a discrepancy, 1 sd of a point over the noise of one."""

NONE = 0.5
"""Probability, before the data, that there is none; all others share the rest alike."""


@dataclass(frozen=True, eq=False)
class Weighed:
    """Amounts, averaged over all discrepancies as likely as each is for its row.

    amount     : (n_rows, n_columns) bounded
    unbounded  : (n_rows, n_columns)
    covariance : (n_rows, n_columns, n_columns) in squares of each row's level
    pull       : (n_columns, n_points) weight of weighted data in the amounts, on the average
    none       : (n_rows,) probability that there is no discrepancy
    """

    amount: Floats
    unbounded: Floats
    covariance: Floats
    pull: Floats
    none: Floats


def weighed_amounts(
    weighted: Floats, level: Floats, columns: Floats, gram: Floats, free: Flags,
    space: ResidualSpace, axis: Floats, shape: Floats,
) -> Weighed:  # fmt: skip
    """Generalised least squares with a smooth random curve whose size each row's residual tells.

    weighted : (n_rows, n_points) data over `shape`
    columns  : (n_columns, n_points) over `shape`
    gram     : (n_columns, n_columns) their products, corrected and firm
    The curve is a normal process; its size and width are averaged over by their restricted
    likelihood, which knows only what no column can make. M. C. Kennedy, A. O'Hagan, J. R. Stat.
    Soc. B 2001, 63, 425; H. D. Patterson, R. Thompson, Biometrika 1971, 58, 545.
    """
    waves, kinds = _waves(axis, shape, space.slow.shape[1] + 4)
    slow = weighted @ space.slow / level[:, None]
    pulls, spreads, merits = [], [], []
    for width in kinds:
        along = space.slow.T @ (waves * width).T
        for size in SIZES:
            pull, spread = _solution(columns, waves, gram, size * width)
            pulls.append(pull)
            spreads.append(spread)
            merits.append(_merit(slow, np.eye(len(along)) + size**2 * along @ along.T))
    inverse = np.asarray(np.linalg.inv(gram), np.float64)
    pulls.insert(0, inverse @ columns)
    spreads.insert(0, inverse)
    merits.insert(0, _merit(slow, np.eye(slow.shape[1])))
    prior = np.full(len(merits), (1.0 - NONE) / (len(merits) - 1))
    prior[0] = NONE
    chance = np.array(merits).T + np.log(prior)
    chance = np.exp(chance - chance.max(axis=1, keepdims=True))
    chance /= chance.sum(axis=1, keepdims=True)
    return _averaged(weighted, level, np.array(pulls), np.array(spreads), chance, free)


def _waves(axis: Floats, shape: Floats, n: int) -> tuple[Floats, list[Floats]]:
    """(n, n_points) cosines over `shape`, and their (n, 1) sizes in curves of each width."""
    span = axis[-1] - axis[0]
    order = np.arange(n)
    waves = np.cos(np.pi * np.outer(order, (axis - axis[0]) / span)) / shape
    kinds = []
    for width in WIDTHS:
        power = np.exp(-((np.pi * width * order / span) ** 2))
        kinds.append(np.sqrt(power / (power[0] + 0.5 * power[1:].sum()))[:, None])
    return waves, kinds


def _solution(columns: Floats, waves: Floats, gram: Floats, size: Floats) -> tuple[Floats, Floats]:
    """Weight of the data in the amounts, and these amounts' covariance, beside a random curve."""
    n = len(columns)
    curve = waves * size
    cross = columns @ curve.T
    # Eliminating the curve first keeps sizes of 0 harmless.
    inner = np.linalg.inv(curve @ curve.T + np.eye(len(curve)))
    spread = np.linalg.inv(gram - cross @ inner @ cross.T + 1e-14 * np.diag(np.diag(gram)))
    spread = (spread + spread.T) / 2
    return spread @ (columns - cross @ inner @ curve), spread[:n, :n]


def _merit(slow: Floats, covariance: Floats) -> Floats:
    """(n_rows,) log of the restricted likelihood."""
    _, log_determinant = np.linalg.slogdet(covariance)
    square = np.einsum("ij,ij->i", slow, np.linalg.solve(covariance, slow.T).T)
    return np.asarray(-0.5 * (square + log_determinant))


def _averaged(
    weighted: Floats, level: Floats, pulls: Floats, spreads: Floats, chance: Floats, free: Flags
) -> Weighed:
    each = np.einsum("tqp,ip->itq", pulls, weighted, optimize=True)
    mean = np.einsum("it,itq->iq", chance, each)
    off = (each - mean[:, None, :]) / level[:, None, None]
    covariance = np.einsum("it,tqr->iqr", chance, spreads)
    covariance += np.einsum("it,itq,itr->iqr", chance, off, off)
    pull = np.einsum("t,tqp->qp", chance.mean(axis=0), pulls)
    amount = mean.copy()
    for i in np.flatnonzero(((mean < 0) & ~free).any(axis=1)):
        size = np.sqrt(np.diag(covariance[i]))
        precision = np.linalg.inv(covariance[i] / np.outer(size, size)) / np.outer(size, size)
        precision = (precision + precision.T) / 2
        amount[i] = nonnegative_rows(precision, (precision @ mean[i])[None], free)[0]
    return Weighed(amount, mean, covariance, pull, chance[:, 0])
