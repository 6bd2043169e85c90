"""What a linear fit leaves: slow structure, and the noise beside which it is judged."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

FEWEST = 3
"""Directions of each kind without which nothing is judged."""


@dataclass(frozen=True, eq=False)
class ResidualSpace:
    """Directions orthogonal to a fit's columns, and to each other.

    fitted : (n_points, n_fitted) directions that the fit takes
    slow   : (n_points, n_slow) slow structure, as bands have it
    middle : (n_points, n_middle) faster, but slow enough to show noise that goes over points
    """

    fitted: Floats
    slow: Floats
    middle: Floats

    @property
    def n_fast(self) -> int:
        """Directions left beside those fitted and the slow ones, the middle ones among them."""
        return int(self.slow.shape[0] - self.fitted.shape[1] - self.slow.shape[1])

    def fast_part(self, data: Floats) -> Floats:
        """(n_rows, n_points) data without what is fitted and what is slow."""
        out = data - (data @ self.fitted) @ self.fitted.T
        return np.asarray(out - (out @ self.slow) @ self.slow.T)


def residual_space(columns: Floats, axis: Floats, sd: Floats, period: float) -> ResidualSpace:
    """The directions of a weighted fit.

    columns : (n_columns, n_points) of the fit, each point over its sd
    axis    : (n_points,) ascending
    sd      : (n_points,) relative noise
    period  : slow is what takes at least so much of the axis to go up and down once
    """
    fitted = _orthonormal(columns.T)
    room = axis.size - fitted.shape[1]
    wanted = int(2.0 * (axis[-1] - axis[0]) / period) + 1
    n_slow = max(min(wanted, room // 3), 0)
    n_middle = max(min(n_slow, room - n_slow), 0)
    along = (axis - axis[0]) / (axis[-1] - axis[0])
    waves = np.cos(np.pi * np.outer(along, np.arange(n_slow + n_middle))) / sd[:, None]
    waves = np.linalg.qr(waves)[0]
    return ResidualSpace(
        fitted, _beside(waves[:, :n_slow], fitted), _beside(waves[:, n_slow:], fitted)
    )


def _orthonormal(columns: Floats) -> Floats:
    directions, size, _ = np.linalg.svd(columns, full_matrices=False)
    return np.asarray(directions[:, size > 1e-10 * size.max(initial=0.0)])


def _beside(waves: Floats, fitted: Floats) -> Floats:
    """Mixtures of orthonormal waves, themselves orthonormal, that are orthogonal to the fit.

    Not what waves leave when fitted directions are taken off: that would be made of the noise of
    columns wherever these nearly make a wave.
    """
    if not waves.shape[1]:
        return waves
    _, size, turned = np.linalg.svd(fitted.T @ waves)
    rank = int(np.sum(size > 1e-10))
    return np.asarray(waves @ turned[rank:].T)


def difference_sd(values: Floats) -> Floats:
    """(n_rows,) noise from fourth differences, which smooth curves leave alone.

    values : (n_rows, n_points)

    Noise that goes over several points, as smoothed curves have it, comes out too small.
    """
    if values.shape[1] < 6:
        return np.zeros(values.shape[0])
    steps = np.diff(values, 4, axis=1) / np.sqrt(70.0)
    return np.asarray(np.sqrt(np.mean(steps**2, axis=1)))


def local_sd(rows: Floats, window: int) -> Floats:
    """(n_points,) root mean square of noise about each point, over all rows.

    rows   : (n_rows, n_points) noise alone, each row of like size
    window : points on which a mean square rests
    """
    square = np.mean(rows**2, axis=0)
    n = square.size
    half = min(max(window // 2, 1), n)
    first, last = np.maximum(np.arange(n) - half, 0), np.minimum(np.arange(n) + half + 1, n)
    # Twice, so that the weight of a point falls off gently.
    for _ in range(2):
        total = np.concatenate(([0.0], np.cumsum(square)))
        square = (total[last] - total[first]) / (last - first)
    return np.asarray(np.sqrt(square))


def independent_rows(rows: Floats) -> float:
    """How many independent rows of noise these are worth: fewer, where they share some of it."""
    rows = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-300)
    gram = rows @ rows.T
    # Chance alone makes products of 1 / n_points on the average, which are taken off.
    n = rows.shape[0]
    chance = n * (n - 1) / max(rows.shape[1], 1)
    return float(np.clip(n**2 / max(np.sum(gram**2) - chance, 1e-300), 1.0, n))
