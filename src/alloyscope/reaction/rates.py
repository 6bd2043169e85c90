"""Rates of a whole reaction, and their derivatives."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from alloyscope.reaction.kinetics import (
    among_pools,
    conversion,
    exchange,
    growth,
    loss,
    meeting,
)
from alloyscope.reaction.kinetics.parts import Parts
from alloyscope.reaction.network import Network

Floats = NDArray[np.float64]

exchange_rates, exchange_jacobian = exchange.add_rates, exchange.add_jacobian
loss_rates, loss_jacobian = loss.add_rates, loss.add_jacobian
conversion_rates, conversion_jacobian = conversion.add_rates, conversion.add_jacobian
meeting_rates, meeting_jacobian = meeting.add_rates, meeting.add_jacobian
growth_rates, growth_jacobian = growth.add_rates, growth.add_jacobian
pool_rates, pool_jacobian = among_pools.add_rates, among_pools.add_jacobian
meeting_exact = meeting.add_exact


@njit(cache=True)
def fill_rates(y: Floats, net: Network, rates: Floats) -> None:
    """d y / d t, amounts per minute, into `rates`."""
    rates[:] = 0.0
    exchange_rates(y, net.exchange, rates)
    loss_rates(y, net.loss, rates)
    conversion_rates(y, net.conversion, rates)
    meeting_rates(y, net.meeting, rates)
    growth_rates(y, net.growth, rates)
    pool_rates(y, net.pools, rates)


@njit(cache=True)
def empty_parts(net: Network) -> Parts:
    """Pieces of a Jacobian, 0 throughout."""
    n, m = net.place.size, net.n_border
    return Parts(net.place, np.zeros((n, 2 * net.width + 1)), np.zeros((n, m)),
                 np.zeros((m, n)), np.zeros((m, m)))  # fmt: skip


@njit(cache=True)
def fill_parts(y: Floats, net: Network, parts: Parts) -> None:
    """The Jacobian in pieces; of meetings what is right on average."""
    fill_linear(y, net, parts)
    meeting_jacobian(y, net.meeting, parts)


@njit(cache=True)
def fill_linear(y: Floats, net: Network, parts: Parts) -> None:
    """The Jacobian in pieces, without meetings: all of it exact."""
    parts.band[:], parts.right[:], parts.below[:], parts.corner[:] = 0.0, 0.0, 0.0, 0.0
    exchange_jacobian(y, net.exchange, parts)
    loss_jacobian(y, net.loss, parts)
    conversion_jacobian(y, net.conversion, parts)
    growth_jacobian(y, net.growth, parts)
    pool_jacobian(y, net.pools, parts)


@njit(cache=True)
def fill_jacobian(y: Floats, net: Network, jacobian: Floats) -> None:
    """The exact Jacobian d y'/d y, (n + n_z, n + n_z), into `jacobian`."""
    parts = empty_parts(net)
    fill_linear(y, net, parts)
    n, width = net.place.size, net.width
    z = y.size - n
    sums = np.ascontiguousarray(parts.below[z:])
    inner = np.ascontiguousarray(parts.right[:, z:]) @ sums
    for i in range(n):
        for j in range(max(i - width, 0), min(i + width + 1, n)):
            inner[i, j] += parts.band[i, width + j - i]
    outer = parts.below[:z] + np.ascontiguousarray(parts.corner[:z, z:]) @ sums
    for i in range(n):
        for j in range(n):
            jacobian[i, j] = inner[net.place[i], net.place[j]]
        for k in range(z):
            jacobian[i, n + k] = parts.right[net.place[i], k]
            jacobian[n + k, i] = outer[k, net.place[i]]
    jacobian[n:, n:] = parts.corner[:z, :z]
    meeting_exact(y, net.meeting, jacobian)
