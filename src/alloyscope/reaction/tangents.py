"""Derivatives of the state by parameters, carried along with the integration.

The corrector of every accepted step is differentiated at its length and order, after the step
(W. F. Feehery, J. E. Tolsma and P. I. Barton, Appl. Numer. Math. 25, 41 (1997)):

(I - c J) s = (history of s) + c (d f / d coordinate)

by the factors of I - c J~, in which meetings are averaged, and corrections with the exact J; where
these do not converge, by the exact matrix.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from alloyscope.numerics.bordered_band import solve
from alloyscope.reaction.integration import (
    HIGHEST,
    RESCALED,
    SAMPLED,
    Record,
    advance,
    factor_newton,
    interpolate,
    predict,
    rescale,
)
from alloyscope.reaction.kinetics.along import add_meetings, add_pieces
from alloyscope.reaction.kinetics.parts import Parts
from alloyscope.reaction.network import Network
from alloyscope.reaction.rates import empty_parts, fill_jacobian, fill_linear, fill_parts
from alloyscope.reaction.variation import Variation, fill_by_parameters

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
MOST_PASSES = 6
TOLERANCE = 0.1
"""Of the linear equations, over the square root of the solver's, as Newton's iteration has it."""


def tolerance_of(rtol: float) -> float:
    """How well the equations of tangents are solved, where the state has this tolerance."""
    return TOLERANCE * min(0.03, float(np.sqrt(rtol)))


@njit(cache=True, error_model="numpy")
def carry(
    net: Network, varied: Variation, y: Floats, record: Record, tolerance: float, tangents: Floats,
    out: Floats,
) -> int:  # fmt: skip
    """Carry tangents along with an integration that was recorded.

    varied    : how the network changes with p parameters
    y         : (n + n_z,) at the start
    tolerance : of what is left of the equations, relative to the largest entry of each tangent
    tangents  : (n + n_z, p) d y / d coordinate at the start; becomes that at the end
    out       : (n_samples, (n + n_z) p), filled
    Returns how often equations were solved.
    """
    size, p = tangents.shape
    pieces, work = empty_parts(net), empty_parts(net)
    pivots = np.zeros(net.n_border, np.int64)
    along, solved = np.zeros((HIGHEST + 3, size * p)), 0
    rates = np.empty((size, p))
    fill_tangent_rates(y, net, varied, pieces, tangents, rates)
    along[0], along[1] = tangents.ravel(), record.first * rates.ravel()
    for k in range(record.deeds.shape[0]):
        deed, order = int(record.deeds[k, 0]), int(record.deeds[k, 1])
        value, which = record.deeds[k, 2], int(record.deeds[k, 3])
        if deed == RESCALED:
            rescale(along, order, value)
        elif deed == SAMPLED:
            interpolate(along, order, value, out[which])
        else:
            new = record.states[which]
            fill_parts(new, net, pieces)
            factor_newton(pieces, work, pivots, size - net.place.size, value)
            guess, psi = predict(along, order)
            correction, passes = _corrected(
                new, net, varied, pieces, work, pivots, value, guess.reshape((size, p)),
                psi.reshape((size, p)), tolerance,
            )  # fmt: skip
            advance(along, order, correction.ravel())
            solved += passes
    tangents[:] = along[0].reshape((size, p))
    return solved


@njit(cache=True, error_model="numpy")
def fill_tangent_rates(
    y: Floats, net: Network, varied: Variation, pieces: Parts, along: Floats, rates: Floats
) -> None:
    """d s / d t of tangents s = along at a state, (n + n_z, p), into `rates`.

    pieces : overwritten
    """
    fill_by_parameters(y, net, varied, rates)
    fill_linear(y, net, pieces)
    add_pieces(pieces, along, rates)
    add_meetings(y, net.meeting, along, rates)


@njit(cache=True, error_model="numpy")
def _corrected(
    y: Floats, net: Network, varied: Variation, pieces: Parts, work: Parts, pivots: Ints, c: float,
    guess: Floats, psi: Floats, tolerance: float,
) -> tuple[Floats, int]:  # fmt: skip
    """Corrections to extrapolated tangents, (n + n_z, p), and how often equations were solved.

    y             : the new state
    pieces        : overwritten
    work, pivots  : factors of about I - c J
    guess, psi    : (n + n_z, p) extrapolated, and the history's part of the corrector's equation
    tolerance     : of what is left of the equations, relative to the largest entry of each tangent
    """
    n, (size, p) = net.place.size, guess.shape
    forcing, rates = np.empty((size, p)), np.empty((size, p))
    fill_by_parameters(y, net, varied, forcing)
    fill_linear(y, net, pieces)
    rows, border = np.empty((n, p)), np.empty((net.n_border, p))
    correction, tangent = np.zeros((size, p)), guess.copy()
    passes = 0
    while passes < MOST_PASSES:
        passes += 1
        rates[:] = forcing
        add_pieces(pieces, tangent, rates)
        add_meetings(y, net.meeting, tangent, rates)
        border[:] = 0.0
        for k in range(size):
            into = rows[net.place[k]] if k < n else border[k - n]
            for a in range(p):
                into[a] = c * rates[k, a] - psi[k, a] - correction[k, a]
        solve(work.band, work.right, work.below, work.corner, pivots, rows, border)
        for k in range(size):
            change = rows[net.place[k]] if k < n else border[k - n]
            for a in range(p):
                correction[k, a] += change[a]
                tangent[k, a] += change[a]
        if _small(net, rows, border, tangent, tolerance):
            _close(net, psi, correction)
            return correction, passes
    correction = _solved(y, net, pieces, c, guess, psi, forcing)
    _close(net, psi, correction)
    return correction, passes + 1


@njit(cache=True, error_model="numpy")
def _solved(
    y: Floats, net: Network, pieces: Parts, c: float, guess: Floats, psi: Floats, forcing: Floats
) -> Floats:
    """Corrections by the exact, dense matrix, where those with averaged meetings fail."""
    size = guess.shape[0]
    rates = forcing.copy()
    add_pieces(pieces, guess, rates)
    add_meetings(y, net.meeting, guess, rates)
    matrix = np.empty((size, size))
    fill_jacobian(y, net, matrix)
    matrix *= -c
    for k in range(size):
        matrix[k, k] += 1.0
    return np.ascontiguousarray(np.linalg.solve(matrix, c * rates - psi))


@njit(cache=True, error_model="numpy")
def _small(net: Network, rows: Floats, border: Floats, tangent: Floats, tolerance: float) -> bool:
    """Whether the last change of every tangent was small."""
    n, p = rows.shape
    for a in range(p):
        largest, change = 0.0, 0.0
        for k in range(tangent.shape[0]):
            largest = max(largest, abs(tangent[k, a]))
        for k in range(n):
            change = max(change, abs(rows[k, a]))
        for k in range(tangent.shape[0] - n):
            change = max(change, abs(border[k, a]))
        if change > tolerance * largest:
            return False
    return True


@njit(cache=True, error_model="numpy")
def _close(net: Network, psi: Floats, correction: Floats) -> None:
    """Let the closing pools take up what is left of each balance, which tangents obey too."""
    size, p = psi.shape
    for b in range(net.closing.size):
        left = np.zeros(p)
        for k in range(size):
            held = net.contents[k, b]
            if held != 0.0:
                for a in range(p):
                    left[a] += held * (correction[k, a] + psi[k, a])
        correction[net.closing[b]] -= left
