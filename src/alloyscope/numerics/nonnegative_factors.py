"""Data as amounts times spectra, both non-negative, some of the spectra known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alloyscope.numerics.nonnegative import nonnegative_rows

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

FIRST, ROUNDS = 20, 1000
"""Rounds given to every start, and in all to the best."""

STILL = 1e-5
"""Relative gain over ten rounds below which a fit has ended: of ten thousand values a tenth of a
unit of chi square, which noise does not tell from nothing."""

OFFSET = 0.05
"""Of the largest mean: keeps what is hardly there from being called purest."""


@dataclass(frozen=True, eq=False)
class Factors:
    """What alternating least squares ends in; one of many solutions, where they can be turned.

    amounts : (n_rows, n_known + n_unknown) the known ones first
    spectra : (n_unknown, n_points)
    square  : sum of squares left
    rounds  : taken
    settled : whether it came to rest
    """

    amounts: Floats
    spectra: Floats
    square: float
    rounds: int
    settled: bool


def nonnegative_factors(
    data: Floats, known: Floats, free: Flags, n_unknown: int, *, seed: int = 0,
    starts: tuple[Floats, ...] = (),
) -> Factors:  # fmt: skip
    """Unknown spectra, and the amounts of all, by alternating non-negative least squares.

    data   : (n_rows, n_points) with noise of one size everywhere
    known  : (n_known, n_points) spectra that stay
    free   : (n_known,) which of them may have negative amounts
    starts : (n_unknown, n_points) spectra to start from, in place of purest rows and purest points

    Every start gets some rounds and the best goes on until it gains no more.
    """
    tries = starts or tuple(_starts(data, known, free, n_unknown, seed))
    found = [_alternate(data, known, free, start, FIRST) for start in tries]
    best = min(found, key=lambda one: one.square)
    return _alternate(data, known, free, best.spectra, ROUNDS)


def _alternate(data: Floats, known: Floats, free: Flags, unknown: Floats, rounds: int) -> Factors:
    """Rounds of amounts, then spectra, each step drawn out as long as that gains.

    A. M. S. Ang, N. Gillis, Neural Comput. 2019, 31, 417.
    """
    unknown = unknown / np.maximum(np.linalg.norm(unknown, axis=1), 1e-300)[:, None]
    best, ahead = unknown, unknown
    amounts, square = _round_amounts(data, known, free, unknown), np.inf
    mark, reach, settled, k = np.inf, 0.5, False, 0
    for k in range(1, rounds + 1):
        tried = _round_amounts(data, known, free, ahead)
        rest, own = data - tried[:, : len(known)] @ known, tried[:, len(known) :]
        unknown = nonnegative_rows(_firm(own.T @ own), rest.T @ own).T
        reached = float(np.sum((rest - own @ unknown) ** 2))
        if reached > square:
            ahead, reach = best, reach / 2
        else:
            ahead = np.maximum(unknown + reach * (unknown - best), 0.0)
            best, amounts, square, reach = unknown, tried, reached, min(1.1 * reach, 1.0)
        if k % 10 == 0:
            settled = mark - square <= STILL * square
            if settled:
                break
            mark = square
    return Factors(amounts, best, square, k, settled)


def _round_amounts(data: Floats, known: Floats, free: Flags, unknown: Floats) -> Floats:
    whole = np.vstack((known, unknown))
    flags = np.concatenate((free, np.zeros(len(unknown), np.bool_)))
    return nonnegative_rows(_firm(whole @ whole.T), data @ whole.T, flags)


def _firm(gram: Floats) -> Floats:
    """Products that can be solved, also where a factor has died or two are one."""
    size = np.diag(gram)
    floor = np.where(size > 0, size, max(float(size.max(initial=0.0)), 1e-300))
    return np.asarray(gram + 1e-12 * np.diag(floor))


def _starts(
    data: Floats, known: Floats, free: Flags, n_unknown: int, seed: int
) -> Iterator[Floats]:
    """Purest rows; spectra of purest points; mixtures of rows drawn at random."""
    held = nonnegative_rows(_firm(known @ known.T), data @ known.T, free) if len(known) else None
    rest = data - held @ known if held is not None else data
    yield np.maximum(rest[purest(rest, n_unknown)], 0.0) + 1e-9
    points = purest(rest.T, n_unknown)
    own = np.maximum(rest[:, points], 0.0) + 1e-9 * np.abs(rest).max()
    yield nonnegative_rows(_firm(own.T @ own), rest.T @ own).T + 1e-9
    rng = np.random.default_rng(seed)
    yield np.maximum(rng.dirichlet(np.full(len(rest), 0.3), n_unknown) @ rest, 0.0) + 1e-9


def purest(rows: Floats, n: int) -> list[int]:
    """The rows that are least like mixtures of one another.

    Each next row stands out most from the space of those before it, all scaled by their size with
    an offset that keeps small noisy ones back, as in W. Windig, J. Guilment, Anal. Chem. 1991, 63,
    1425.
    """
    size = np.linalg.norm(rows, axis=1)
    left = rows / (size + OFFSET * size.max() + 1e-300)[:, None]
    found: list[int] = []
    for _ in range(n):
        best = int(np.argmax(np.sum(left**2, axis=1)))
        found.append(best)
        direction = left[best] / max(float(np.linalg.norm(left[best])), 1e-300)
        left = left - np.outer(left @ direction, direction)
    return found
