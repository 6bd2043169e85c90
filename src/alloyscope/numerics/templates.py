"""Templates on a measured trace, and the sparse non-negative fit of their sum.

A template is the signal of one ion with one count: its isotope peaks at calibrated m/z, drawn with
the instrument's peak shape. Templates are stored one behind the other, each over a run of
consecutive points of the trace.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
SHAPE_STEPS = 200
"""Points of the shape table per full width at half maximum."""


@njit(cache=True)
def calibrated(mz: float, reference: float, theta: Floats) -> float:
    """m/z where a peak is measured, for offset, drift and curvature in theta[:3] (ppm)."""
    u = (mz - reference) / 1000.0
    return float(mz * (1.0 + 1e-6 * (theta[0] + theta[1] * u + theta[2] * u * u)))


@njit(cache=True)
def width_at(mz: float, theta: Floats) -> float:
    """Full width at half maximum at an m/z: theta[3] = ln R at m/z 2500, theta[4] its exponent."""
    return float(mz / (np.exp(theta[3]) * (mz / 2500.0) ** theta[4]))


@njit(cache=True)
def render(
    x: Floats, step: Floats, bounds: Integers, mz: Floats, share: Floats,
    reference: float, theta: Floats, shape: Floats, shape_low: float,
) -> tuple[Integers, Integers, Floats]:  # fmt: skip
    """Draw templates on the points x.

    x, step : (n_points,) m/z ascending, and the m/z each point stands for
    bounds  : (n_ions + 1,) of each ion's peaks in mz, share
    shape   : table of the peak shape from shape_low widths on, SHAPE_STEPS a width

    Returns the first point of each template (n_ions,), bounds (n_ions + 1,) of the values, values.
    """
    n = bounds.size - 1
    first, places = np.zeros(n, np.int64), np.zeros(n + 1, np.int64)
    shape_high = shape_low + (shape.size - 2) / SHAPE_STEPS
    for k in range(n):
        low, high = mz[bounds[k]], mz[bounds[k + 1] - 1]
        low, high = calibrated(low, reference, theta), calibrated(high, reference, theta)
        first[k] = np.searchsorted(x, low + shape_low * width_at(low, theta))
        last = np.searchsorted(x, high + shape_high * width_at(high, theta))
        places[k + 1] = places[k] + max(last - first[k], 0)
    values = np.zeros(places[n])
    for k in range(n):
        size = places[k + 1] - places[k]
        begin = first[k]
        for q in range(bounds[k], bounds[k + 1]):
            centre = calibrated(mz[q], reference, theta)
            width = width_at(centre, theta)
            edge = centre + shape_low * width
            while begin < first[k] + size and x[begin] < edge:
                begin += 1
            j = begin
            edge = centre + shape_high * width
            while j < first[k] + size and x[j] < edge:
                t = ((x[j] - centre) / width - shape_low) * SHAPE_STEPS
                i = int(t)
                drawn = shape[i] + (t - i) * (shape[i + 1] - shape[i])
                values[places[k] + j - first[k]] += share[q] * drawn / width * step[j]
                j += 1
    return first, places, values


@njit(cache=True)
def project(
    first: Integers, places: Integers, values: Floats, residual: Floats, weight: Floats
) -> tuple[Floats, Floats]:
    """Weighted products (n_ions,) of each template with the residual and with itself."""
    n = first.size
    with_residual, with_itself = np.zeros(n), np.zeros(n)
    for k in range(n):
        a, b = 0.0, 0.0
        for i in range(places[k], places[k + 1]):
            j = first[k] + i - places[k]
            v = values[i] * weight[j]
            a += v * residual[j]
            b += v * values[i]
        with_residual[k], with_itself[k] = a, b
    return with_residual, with_itself


@njit(cache=True)
def overlap(
    first: Integers, places: Integers, values: Floats, weight: Floats, k: int, other: int
) -> float:
    """Weighted product of two templates."""
    start = max(first[k], first[other])
    stop = min(
        first[k] + places[k + 1] - places[k], first[other] + places[other + 1] - places[other]
    )
    total = 0.0
    for j in range(start, stop):
        total += (
            values[places[k] + j - first[k]] * values[places[other] + j - first[other]] * weight[j]
        )
    return total


@njit(cache=True)
def add_template(
    into: Floats, first: Integers, places: Integers, values: Floats, k: int, amount: float
) -> None:
    """Add `amount` of template k to a trace, in place."""
    for i in range(places[k], places[k + 1]):
        into[first[k] + i - places[k]] += amount * values[i]


@njit(cache=True)
def summed(
    n_points: int, first: Integers, places: Integers, values: Floats, rows: Integers,
    amount: Floats,
) -> Floats:  # fmt: skip
    """(n_points,) sum of the templates in `rows`, `amount` of each."""
    out = np.zeros(n_points)
    for i in range(rows.size):
        add_template(out, first, places, values, rows[i], amount[i])
    return out


@njit(cache=True)
def products(
    first: Integers, places: Integers, values: Floats, signals: Floats, weight: Floats
) -> Floats:
    """(n_signals, n_ions) weighted products of signals (n_signals, n_points) with templates."""
    n = first.size
    out = np.zeros((signals.shape[0], n))
    for row in range(signals.shape[0]):
        for k in range(n):
            total = 0.0
            for i in range(places[k], places[k + 1]):
                j = first[k] + i - places[k]
                total += values[i] * weight[j] * signals[row, j]
            out[row, k] = total
    return out


@njit(cache=True)
def gram(
    first: Integers, places: Integers, values: Floats, weight: Floats, rows: Integers
) -> Floats:
    """(n, n) weighted products of the templates in `rows` with one another."""
    n = rows.size
    out = np.zeros((n, n))
    for a in range(n):
        for b in range(a + 1):
            out[a, b] = overlap(first, places, values, weight, rows[a], rows[b])
            out[b, a] = out[a, b]
    return out


@njit(cache=True)
def nonnegative(matrix: Floats, vector: Floats, start: Floats, rounds: int, tol: float) -> Floats:
    """Minimise 0.5 a'Ga - v'a over a >= 0.

    Solves for the amounts above zero, drops those that come out below it, takes back those whose
    slope asks for it. Where that goes round in circles, coordinate descent settles what is left to
    within `tol` standard deviations.
    """
    n = vector.size
    a, free = start.copy(), np.ones(n, np.bool_)
    for _ in range(12):
        kept = np.flatnonzero(free)
        solved = np.zeros(n)
        if kept.size:
            block = matrix[kept][:, kept]
            for i in range(kept.size):
                block[i, i] *= 1.0 + 1e-10
            solved[kept] = np.linalg.solve(block, vector[kept])
        if kept.size and solved[kept].min() < 0.0:
            free &= solved >= 0.0
            continue
        a = solved
        slope = vector - matrix @ a
        asked = ~free & (slope > 1e-9 * np.abs(vector))
        if not asked.any():
            return a
        free |= asked
    for _ in range(rounds):
        largest = 0.0
        for i in range(n):
            slope_i = vector[i]
            for j in range(n):
                slope_i -= matrix[i, j] * a[j]
            new = max(a[i] + slope_i / matrix[i, i], 0.0)
            largest = max(largest, abs(new - a[i]) * np.sqrt(matrix[i, i]))
            a[i] = new
        if largest < tol:
            break
    return a


@njit(cache=True)
def _tallest_near(
    x: Floats, step: Floats, y: Floats, variance: Floats, mz: float, share: float,
    reference: float, theta: Floats, tolerance: float, height: float,
) -> tuple[bool, float, float, float, float]:  # fmt: skip
    """Whether a peak's place was recorded; the highest point there, its variance, the height of
    a peak of unit amount, and points to a width."""
    centre = calibrated(mz, reference, theta)
    width = width_at(centre, theta)
    reach = tolerance * width
    low = max(int(np.searchsorted(x, centre - reach)) - 1, 0)
    if low >= x.size or abs(x[low] - centre) > 3 * width + reach:
        return False, 0.0, 0.0, 1.0, 0.0
    most, doubt, grid = y[low], variance[low], step[low]
    j = low + 1
    while j < x.size and x[j] <= centre + reach + step[j]:
        if y[j] > most:
            most, doubt, grid = y[j], variance[j], step[j]
        j += 1
    return grid > 0.0, most, doubt, share * height / width * grid, grid / width


@njit(cache=True)
def screen(
    x: Floats, step: Floats, y: Floats, variance: Floats,
    bounds: Integers, mz: Floats, share: Floats,
    reference: float, theta: Floats, tolerance: float, height: float,
) -> tuple[Floats, Floats]:  # fmt: skip
    """How much of each ion the trace allows, and how significant that would be.

    bounds, mz, share : of each ion's tall peaks alone
    tolerance : widths that a peak may be away from where it is calculated
    height    : of the peak shape's apex, per unit area and width

    Returns (n_ions,) the largest amount for which no tall peak is missing, infinite where too
    little was recorded to tell, and that amount over its standard deviation, all else being
    absent, 0 where there is no telling.
    """
    n = bounds.size - 1
    amount, significance = np.full(n, np.inf), np.zeros(n)
    for k in range(n):
        least, norm, seen, whole = np.inf, 0.0, 0.0, 0.0
        for q in range(bounds[k], bounds[k + 1]):
            whole += share[q]
            found, most, doubt, drawn, density = _tallest_near(
                x, step, y, variance, mz[q], share[q], reference, theta, tolerance, height
            )
            if not found:
                continue
            seen += share[q]
            least = min(least, (1.1 * max(most, 0.0) + 3.0 * np.sqrt(doubt)) / drawn)
            norm += share[q] ** 2 * 0.664 * density / doubt
        if seen > 0.7 * whole:
            amount[k] = least
            significance[k] = least * np.sqrt(norm)
    return amount, significance
