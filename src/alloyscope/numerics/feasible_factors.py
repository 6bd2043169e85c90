"""All non-negative factors that make the same data: how far each may be turned into others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

STEPS = 6000
"""Random turns from the solution given, for three factors and more."""

BETWEEN = 41
"""Points of each interval that are looked at with two factors, the ends among them."""

PUSHES = 250
"""Turns that each push one factor's part of the data to its least, and to its most."""


@dataclass(frozen=True, eq=False)
class FeasibleFactors:
    """Least and most of what non-negative factors of the same data hold.

    spectra_low, spectra_high : (n_factors, n_points), factors not held scaled to the height given
    amounts_low, amounts_high : (n_rows, n_factors)
    shares_low, shares_high   : (n_rows, n_factors) of the sum over factors in each row
    exact                     : ends proven; else the outermost of many turns, which may fall short
    """

    spectra_low: Floats
    spectra_high: Floats
    amounts_low: Floats
    amounts_high: Floats
    shares_low: Floats
    shares_high: Floats
    exact: bool


class _Envelope:
    """Outermost values met so far. The one place where arrays grow in passing."""

    def __init__(self, amounts: Floats, spectra: Floats, held: int, height: float) -> None:
        self.held, self.height = held, height
        whole = np.full(spectra.shape, np.inf), np.full(spectra.shape, -np.inf)
        self.spectra_low, self.spectra_high = whole
        self.amounts_low, self.amounts_high = (np.full(amounts.shape, np.inf),
                                               np.full(amounts.shape, -np.inf))  # fmt: skip
        self.shares_low, self.shares_high = self.amounts_low.copy(), self.amounts_high.copy()
        self.meet(amounts, spectra)

    def meet(self, amounts: Floats, spectra: Floats) -> None:
        """Take a solution in."""
        scale = np.ones(len(spectra))
        scale[self.held :] = spectra[self.held :].max(axis=1) / self.height
        scale[scale <= 0] = 1.0
        spectra, amounts = spectra / scale[:, None], amounts * scale
        # Noise lets amounts go a little below 0, where shares have no meaning.
        positive = np.maximum(amounts, 0.0)
        total = positive.sum(axis=1, keepdims=True)
        shares = positive / np.where(total > 0, total, 1.0)
        for low, high, values in (
            (self.spectra_low, self.spectra_high, spectra),
            (self.amounts_low, self.amounts_high, amounts),
            (self.shares_low, self.shares_high, shares),
        ):
            np.minimum(low, values, out=low)
            np.maximum(high, values, out=high)


def feasible_factors(
    amounts: Floats, spectra: Floats, held: int, amounts_slack: Floats, spectra_slack: Floats,
    *, height: float = 1.0, seed: int = 0, steps: int = STEPS,
) -> FeasibleFactors:  # fmt: skip
    """Turn non-negative factors into each other as far as all stay non-negative.

    amounts       : (n_rows, n_factors) C of the data C S
    spectra       : (n_factors, n_points) S; the first `held` are known and stay as they are
    amounts_slack : (n_rows, n_factors) how far below 0 noise may take an amount
    spectra_slack : (n_factors, n_points) the same of spectra
    height        : of each spectrum that is not held, at its maximum: the scale is free

    S_k + t sum(d_j S_j) with C_j - t d_j C_k makes the same data, and the t that keep all signs are
    an interval with ends in closed form. Every allowed transformation is a chain of such turns.
    With two factors the ends of both intervals are those of W. H. Lawton, E. A. Sylvestre,
    Technometrics 1971, 13, 617, and exact; with more, many turns are taken, at random and towards
    the least and most part of each factor: P. J. Gemperline, Anal. Chem. 1999, 71, 5398;
    R. Tauler, J. Chemom. 2001, 15, 627.
    """
    rng = np.random.default_rng(seed)
    n = len(spectra)
    envelope = _Envelope(amounts, spectra, held, height)
    slack = amounts_slack, spectra_slack
    exact = n <= 2
    if exact:
        for k in range(held, n):
            for j in (j for j in range(n) if j != k):
                direction = np.zeros(n)
                direction[j] = 1.0
                # Points between, too: scaled by their maxima, curves may lie furthest out there.
                for t in np.linspace(*_ends(amounts, spectra, k, direction, *slack), BETWEEN):
                    envelope.meet(*_turned(amounts, spectra, k, direction, float(t)))
    else:
        _wander(amounts, spectra, held, slack, envelope, rng, steps)
        for k in range(held, n):
            for sign in (-1.0, 1.0):
                _push(amounts, spectra, held, slack, envelope, rng, k, sign)
    return FeasibleFactors(
        envelope.spectra_low, envelope.spectra_high, envelope.amounts_low, envelope.amounts_high,
        envelope.shares_low, envelope.shares_high, exact,
    )  # fmt: skip


def _ends(
    amounts: Floats, spectra: Floats, k: int, direction: Floats, amounts_slack: Floats,
    spectra_slack: Floats,
) -> tuple[float, float]:  # fmt: skip
    """The interval of t that keeps every sign; (0, 0) for a factor that noise could stand for."""
    if (amounts[:, k] <= amounts_slack[:, k]).all() or not spectra[k].any():
        return 0.0, 0.0
    along = direction @ spectra
    room = np.maximum(spectra[k] + spectra_slack[k], 0.0)
    moved = -np.outer(amounts[:, k], direction)
    free = np.maximum(amounts + amounts_slack, 0.0)
    slope, space = np.concatenate((along, moved.ravel())), np.concatenate((room, free.ravel()))
    up, down = slope < -1e-12 * np.abs(slope).max(), slope > 1e-12 * np.abs(slope).max()
    high = np.min(-space[up] / slope[up], initial=1e6)
    low = np.max(-space[down] / slope[down], initial=-1e6)
    return float(low), float(high)


def _turned(
    amounts: Floats, spectra: Floats, k: int, direction: Floats, t: float
) -> tuple[Floats, Floats]:
    spectra = spectra.copy()
    spectra[k] += t * (direction @ spectra)
    return amounts - t * np.outer(amounts[:, k], direction), spectra


def _direction(rng: np.random.Generator, n: int, k: int) -> Floats:
    """A random mixture of the other factors, often of a single one."""
    direction = rng.normal(size=n)
    if rng.random() < 0.5:
        keep = rng.integers(n - 1)
        direction[np.arange(n) != keep + (keep >= k)] = 0.0
    direction[k] = 0.0
    return np.asarray(direction)


def _wander(
    amounts: Floats, spectra: Floats, held: int, slack: tuple[Floats, Floats],
    envelope: _Envelope, rng: np.random.Generator, steps: int,
) -> None:  # fmt: skip
    """Hit and run: both ends of each interval are met, and a point between is gone to."""
    for _ in range(steps):
        k = int(rng.integers(held, len(spectra)))
        direction = _direction(rng, len(spectra), k)
        low, high = _ends(amounts, spectra, k, direction, *slack)
        if not low < high:
            continue
        for end in (low, high):
            envelope.meet(*_turned(amounts, spectra, k, direction, end))
        # Now and then to an end: corners of the region are rarely met from its middle.
        share = rng.choice((0.0, 1.0)) if rng.random() < 0.2 else rng.random()
        amounts, spectra = _turned(amounts, spectra, k, direction, low + share * (high - low))


def _push(
    amounts: Floats, spectra: Floats, held: int, slack: tuple[Floats, Floats],
    envelope: _Envelope, rng: np.random.Generator, aim: int, sign: float,
) -> None:  # fmt: skip
    """Turns that make one factor's part of the data smaller, or larger."""
    part = sign * amounts[:, aim].sum() * spectra[aim].sum()
    for _ in range(PUSHES):
        k = int(rng.integers(held, len(spectra)))
        direction = _direction(rng, len(spectra), k)
        for end in _ends(amounts, spectra, k, direction, *slack):
            turned = _turned(amounts, spectra, k, direction, end)
            reached = sign * turned[0][:, aim].sum() * turned[1][aim].sum()
            if reached > part:
                part = reached
                amounts, spectra = turned
                envelope.meet(amounts, spectra)
