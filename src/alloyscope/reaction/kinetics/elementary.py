"""Rates of a list of elementary reactions, one by one: what the other kinds do faster."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
LEAST = 1e-200
"""A pool's logarithm is taken of no less."""


class ElementaryArrays(NamedTuple):
    """Reactions as arrays.

    factors         : (n_r, n_most) entries of y whose product the rate has, -1 where fewer
    constant        : (n_r,)
    first           : (n_r + 1,) where each reaction's changes begin in the next two
    changed, amount : (n_changes,) entries of y, and what one reaction adds to them
    drawn           : (n_r,) composition that is drawn, -1 for laws of mass action
    minus_energy    : (n_drawn,) -G of the compositions that growth draws
    counts          : (n_drawn, n_metals)
    span            : (n_growths, 2) compositions among which one is drawn
    metals          : (n_metals,) entries of y
    """

    factors: Ints
    constant: Floats
    first: Ints
    changed: Ints
    amount: Floats
    drawn: Ints
    minus_energy: Floats
    counts: Floats
    span: Ints
    metals: Ints


@njit(cache=True)
def fill_rates(y: Floats, x: ElementaryArrays, rates: Floats) -> None:
    """d y / d t into `rates`."""
    rates[:] = 0.0
    shares = _shares(y, x)
    for r in range(x.constant.size):
        flux = x.constant[r]
        for k in x.factors[r]:
            if k >= 0:
                flux *= y[k]
        if x.drawn[r] >= 0:
            flux *= shares[x.drawn[r]]
        for c in range(x.first[r], x.first[r + 1]):
            rates[x.changed[c]] += x.amount[c] * flux


@njit(cache=True)
def fill_jacobian(y: Floats, x: ElementaryArrays, jacobian: Floats) -> None:
    """d y' / d y into `jacobian`, (n + n_z, n + n_z)."""
    jacobian[:] = 0.0
    shares, slopes = _shares(y, x), _share_slopes(y, x)
    for r in range(x.constant.size):
        share = shares[x.drawn[r]] if x.drawn[r] >= 0 else 1.0
        whole = x.constant[r]
        for at, column in enumerate(x.factors[r]):
            if column < 0:
                continue
            whole *= y[column]
            slope = x.constant[r] * share
            for other, k in enumerate(x.factors[r]):
                if k >= 0 and other != at:
                    slope *= y[k]
            for c in range(x.first[r], x.first[r + 1]):
                jacobian[x.changed[c], column] += x.amount[c] * slope
        if x.drawn[r] >= 0:
            for m, column in enumerate(x.metals):
                slope = whole * slopes[x.drawn[r], m]
                for c in range(x.first[r], x.first[r + 1]):
                    jacobian[x.changed[c], column] += x.amount[c] * slope


@njit(cache=True)
def _shares(y: Floats, x: ElementaryArrays) -> Floats:
    """(n_drawn,) exp(-G) prod z^n, normed in each span, times the metal there is."""
    found = np.empty(x.minus_energy.size)
    whole = 0.0
    for k in x.metals:
        whole += y[k]
    for low, high in x.span:
        for d in range(low, high):
            found[d] = x.minus_energy[d]
            for m, k in enumerate(x.metals):
                found[d] += x.counts[d, m] * np.log(max(y[k], LEAST))
        weight = np.exp(found[low:high] - found[low:high].max())
        found[low:high] = whole * weight / weight.sum()
    return found


@njit(cache=True)
def _share_slopes(y: Floats, x: ElementaryArrays) -> Floats:
    """(n_drawn, n_metals) derivative of `_shares` by each metal's pool."""
    shares, whole = _shares(y, x), 0.0
    found = np.zeros(x.counts.shape)
    for k in x.metals:
        whole += y[k]
    if whole == 0.0:
        return found
    for low, high in x.span:
        for m, k in enumerate(x.metals):
            mean = (shares[low:high] * x.counts[low:high, m]).sum() / whole
            for d in range(low, high):
                tilt = (x.counts[d, m] - mean) / y[k] if y[k] > LEAST else 0.0
                found[d, m] = shares[d] * (1.0 / whole + tilt)
    return found
