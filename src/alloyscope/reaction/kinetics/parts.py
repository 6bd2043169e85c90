"""What all kinds share: the pieces of the Jacobian, and what drives a step."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Parts(NamedTuple):
    """The Jacobian in pieces; w is the pools, then the sums.

    place  : (n,) row of each population in the band
    band   : (n, 2 b + 1) d n'/d n at fixed w, in that order
    right  : (n, n_w) d n'/d w, in that order
    below  : (n_w, n) d z'/d n at fixed w, then d sum/d n
    corner : (n_w, n_w) d z'/d w; 0 in the rows of the sums
    """

    place: Ints
    band: Floats
    right: Floats
    below: Floats
    corner: Floats


class Drive(NamedTuple):
    """What drives each of n_s steps, and what they do to the pools.

    forward, backward : (n_s, 4) entries of y whose product the rate has, -1 where fewer
    constant, actor   : (n_s,), (n_s, n) activity = constant + actor . n
    column            : (n_s,) of the activity in the border, -1 where it is constant
    stoich            : (n_s, n_z) change of each pool; without metals of clusters' composition
    """

    forward: Ints
    backward: Ints
    constant: Floats
    actor: Floats
    column: Ints
    stoich: Floats


@njit(cache=True)
def activity(y: Floats, drive: Drive, s: int) -> float:
    """constant + actor . n of one step."""
    found = float(drive.constant[s])
    if drive.column[s] >= 0:
        for k in range(drive.actor.shape[1]):
            found += drive.actor[s, k] * y[k]
    return found


@njit(cache=True)
def product(y: Floats, entries: Ints) -> float:
    """Product of the entries of y."""
    found = 1.0
    for k in entries:
        if k >= 0:
            found *= y[k]
    return found


@njit(cache=True)
def product_but(y: Floats, entries: Ints, left_out: int) -> float:
    """Product of the entries but for one factor: the derivative by it."""
    found = 1.0
    for at in range(entries.size):
        if entries[at] >= 0 and at != left_out:
            found *= y[entries[at]]
    return found


@njit(cache=True)
def add_activity_row(drive: Drive, s: int, parts: Parts) -> None:
    """The row that defines the activity of a step."""
    column = drive.column[s]
    if column >= 0:
        for k in range(drive.actor.shape[1]):
            parts.below[column, parts.place[k]] = drive.actor[s, k]


@njit(cache=True)
def add_band(parts: Parts, row: int, column: int, value: float) -> None:
    """d n_row'/d n_column."""
    i, j = parts.place[row], parts.place[column]
    parts.band[i, parts.band.shape[1] // 2 + j - i] += value
