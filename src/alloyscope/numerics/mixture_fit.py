"""Rows of data as sums of known columns with noise found in what the fit leaves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alloyscope.numerics.discrepancy import weighed_amounts
from alloyscope.numerics.nonnegative import nonnegative_rows
from alloyscope.numerics.residual_space import (
    FEWEST,
    ResidualSpace,
    difference_sd,
    independent_rows,
    local_sd,
    residual_space,
)

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

CHANCE = 3.0
"""Of the logarithm of the largest over the smallest local noise, in 1 / sqrt(degrees of freedom):
what chance makes of noise that is even."""

WINDOWS, FEW, ROUNDS = 12, 31, 2
"""Parts of the axis on each of which local noise rests, points of one at least, and how often it is
found anew."""

PERIOD = 40.0
"""Of the axis: what goes up and down within less is noise, what takes more is structure."""

LEAST_NOISE = 1e-6
"""Of the largest value: no smaller noise is believed."""

SMOOTHED = 0.01
"""Chance below which noise at middle speed is not larger than at high speed by chance alone."""

OWN_PART = 0.05
"""Of a row's variance at least its own, when the rest may come from the columns' noise."""

REDUCED = 0.3
"""Least share of the smallest eigenvalue that a correction for noise in columns may leave."""


@dataclass(frozen=True, eq=False)
class Columns:
    """What rows are sums of.

    values  : (n_columns, n_points)
    sd      : (n_columns, n_points) their own noise, from rows of another origin
    free    : (n_columns,) whose amounts may be negative
    learned : how many of them, at the end of those with noise, were learned from the same rows
    """

    values: Floats
    sd: Floats
    free: Flags
    learned: int = 0


@dataclass(frozen=True, eq=False)
class RowNoise:
    """Noise of each row.

    shape    : (n_points,) relative noise along the axis
    level    : (n_rows,) sd over shape, of all noise in a row's residual
    freedom  : degrees of freedom of each level; infinite where noise is given
    smoothed : variance at middle speed over that of white noise, 1 where noise is white
    rows     : how many independent rows the rows are worth
    given    : by the user
    """

    shape: Floats
    level: Floats
    freedom: float
    smoothed: float
    rows: float
    given: bool


@dataclass(frozen=True, eq=False)
class MixtureFit:
    """Amounts of columns in rows.

    amount     : (n_rows, n_columns) with bounds
    unbounded  : (n_rows, n_columns) with none, which is normal about the truth
    spread     : (n_rows, n_columns, n_columns) covariance in squares of the row's level, with what
                 a smooth discrepancy as likely as the residual lets it be does to it
    widened    : (n_rows,) factor by which the latter widens sd
    pull       : (n_columns, n_points) weighted data's weight in each amount
    slow       : (n_rows, n_slow) structure left in the residual, over level
    bounded    : (n_rows,) square that the bounds cost, over level
    active     : (n_rows,) amounts held at 0
    corrected  : whether noise of the columns was taken out of their products
    """

    columns: Columns
    noise: RowNoise
    space: ResidualSpace
    amount: Floats
    unbounded: Floats
    spread: Floats
    widened: Floats
    pull: Floats
    slow: Floats
    bounded: Floats
    active: NDArray[np.int64]
    corrected: bool

    @property
    def fitted(self) -> Floats:
        """(n_rows, n_points)."""
        return np.asarray(self.amount @ self.columns.values)

    @property
    def own_covariance(self) -> Floats:
        """(n_rows, n_columns, n_columns) of each row's own: without noise of the columns."""
        size = np.mean((self.columns.sd / self.noise.shape) ** 2, axis=1)
        total = self.noise.level**2
        own = total if self.noise.given else total - self.amount**2 @ size
        own = np.maximum(own, OWN_PART * total)
        return np.asarray(self.spread * own[:, None, None])

    @property
    def shared_factor(self) -> Floats:
        """(n_rows, n_columns, n_factors) covariance by noise of the columns, alike in all rows."""
        noisy = np.flatnonzero((self.columns.sd > 0).any(axis=1))
        parts = [np.zeros((*self.amount.shape, 0))]
        for k in noisy:
            spread = self.pull * (self.columns.sd[k] / self.noise.shape)
            directions, size, _ = np.linalg.svd(spread, full_matrices=False)
            parts.append(self.amount[:, k, None, None] * (directions * size)[None])
        return np.concatenate(parts, axis=2)


def mixture_fit(
    data: Floats, axis: Floats, columns: Columns, noise: Floats | None = None
) -> MixtureFit:
    """Amounts of columns in every row, and the noise, by weighted least squares.

    data  : (n_rows, n_points)
    noise : sd, one, (n_points,) or (n_rows, n_points); None finds it in what the fit leaves
    """
    shape, given = _given(data, noise)
    space, found = _judged(data, axis, columns, shape, given)
    for _ in range(ROUNDS if noise is None else 0):
        local, freedom = _local_noise(data, space, found)
        # Local values scatter by chance; only more than that is followed.
        if not local.min() > 0 or np.log(local.max() / local.min()) < CHANCE / np.sqrt(freedom):
            break
        shape = local / np.sqrt(np.mean(local**2))
        space, found = _judged(data, axis, columns, shape, given, 1.0 + 2.0 / freedom)
    return _solved(data, axis, columns, space, found)


def _local_noise(data: Floats, space: ResidualSpace, noise: RowNoise) -> tuple[Floats, float]:
    """(n_points,) noise about each point, and the degrees of freedom of each value."""
    fast = space.fast_part(data / noise.shape) * noise.shape
    n = data.shape[1]
    length = max(noise.smoothed, 1.0)
    window = int(min(max(n // WINDOWS, FEW) * length, n // 3))
    return local_sd(fast / noise.level[:, None], window), 1.5 * window * noise.rows / length


def _given(data: Floats, noise: Floats | None) -> tuple[Floats, Floats | None]:
    """Relative noise along the axis and the level of each row, where noise is given."""
    if noise is None:
        return np.ones(data.shape[1]), None
    whole = np.broadcast_to(noise, data.shape)
    level = np.sqrt(np.mean(whole**2, axis=1))
    shape = np.sqrt(np.mean((whole / level[:, None]) ** 2, axis=0))
    return np.asarray(shape), np.asarray(level)


def _judged(
    data: Floats, axis: Floats, columns: Columns, shape: Floats, given: Floats | None,
    excess: float = 1.0,
) -> tuple[ResidualSpace, RowNoise]:  # fmt: skip
    """What the fit leaves, and the noise in it.

    excess : variance that noise of one shape has over noise whose shape was learned from it
    """
    space = residual_space(columns.values / shape, axis, shape, PERIOD)
    weighted = data / shape * np.sqrt(excess)
    return space, _row_noise(data, weighted, space, columns, shape, given)


def _solved(
    data: Floats, axis: Floats, columns: Columns, space: ResidualSpace, noise: RowNoise
) -> MixtureFit:
    shape = noise.shape
    weighted, drawn = data / shape, columns.values / shape
    gram, corrected = _gram(drawn, columns, shape)
    size = np.sqrt(np.diag(gram))
    # No amount can exceed what would make the whole row: that keeps what cannot be told finite.
    most = 3.0 * np.linalg.norm(weighted, axis=1).max() / size
    firm = gram + np.diag((np.median(noise.level) / most) ** 2 + 1e-13 * size**2)
    products = weighted @ drawn.T
    plain = nonnegative_rows(firm, products, columns.free)
    off = np.linalg.solve(firm, products.T).T - plain
    bounded = np.maximum(np.einsum("ij,jk,ik->i", off, firm, off), 0.0) / noise.level**2
    active = ((plain <= 0) & ~columns.free).sum(axis=1)
    found = weighed_amounts(weighted, noise.level, drawn, firm, columns.free, space, axis, shape)
    least = np.diag(np.linalg.inv(firm))
    widened = np.sqrt(np.mean(np.einsum("ijj->ij", found.covariance) / least, axis=1))
    return MixtureFit(
        columns, noise, space, found.amount, found.unbounded, found.covariance, widened,
        found.pull, weighted @ space.slow / noise.level[:, None],
        np.where(active > 0, bounded, 0.0), active, corrected,
    )  # fmt: skip


def _row_noise(
    data: Floats, weighted: Floats, space: ResidualSpace, columns: Columns, shape: Floats,
    given: Floats | None,
) -> RowNoise:  # fmt: skip
    """Noise from fast structure in the residual; where smoothed, from that of middle speed."""
    from scipy.stats import f as fisher

    fast = space.fast_part(weighted)
    rows = independent_rows(fast)
    kept = max(len(data) - columns.learned, 0.5) / len(data)
    least = LEAST_NOISE * np.abs(weighted).max()
    if given is not None:
        return RowNoise(shape, np.maximum(given, least), np.inf, 1.0, rows, True)
    if space.n_fast < FEWEST:
        return RowNoise(shape, np.maximum(difference_sd(weighted), least), np.inf, 1.0, rows, False)
    variance = np.maximum((fast**2).sum(axis=1) / (kept * space.n_fast), least**2)
    smoothed, freedom = 1.0, float(space.n_fast)
    n_middle, n_high = space.middle.shape[1], space.n_fast - space.middle.shape[1]
    if n_middle >= FEWEST and n_high >= FEWEST:
        middle = ((fast @ space.middle) ** 2).sum(axis=1)
        high = np.maximum((fast**2).sum(axis=1) - middle, 1e-300)
        ratio = float(np.mean(middle / variance) / np.mean(high / variance) * n_high / n_middle)
        if fisher.sf(ratio, rows * n_middle, rows * n_high) < SMOOTHED:
            smoothed = float(np.mean(middle / variance) / (kept * n_middle))
            smoothed *= _slow_over_middle(smoothed, n_middle, data.shape[1])
            freedom = rows * n_middle
    return RowNoise(
        shape, np.sqrt(variance * max(smoothed, 1.0)), freedom, smoothed, rows, False
    )  # fmt: skip


def _slow_over_middle(smoothed: float, n_middle: int, n_points: int) -> float:
    """Noise of slow over that of middle speed, where a bell has smoothed so many points into one.

    A bell of standard deviation s leaves the power exp(-(2 pi s f)^2), and 2 sqrt(pi) s points
    count as one.
    """
    order = np.arange(2 * n_middle)
    power = np.exp(-((np.pi * smoothed / (2 * np.sqrt(np.pi)) * order / n_points) ** 2))
    return float(min(power[:n_middle].mean() / power[n_middle:].mean(), 3.0))


def _gram(drawn: Floats, columns: Columns, shape: Floats) -> tuple[Floats, bool]:
    """Products of the columns, less what their noise adds, which would draw amounts towards 0."""
    gram = drawn @ drawn.T
    added = np.sum((columns.sd / shape) ** 2, axis=1)
    if columns.learned:
        noisy = np.flatnonzero(added > 0)[-columns.learned :]
        added[noisy] = 0.0
    if not added.any():
        return gram, True
    size = np.sqrt(np.diag(gram))
    scaled = gram / np.outer(size, size)
    smallest = np.linalg.eigvalsh(scaled)[0]
    less = scaled - np.diag(added / size**2)
    if np.linalg.eigvalsh(less)[0] < REDUCED * smallest:
        return gram, False
    return less * np.outer(size, size), True
