"""How the arrays of a network, and with them all rates, change with parameters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from alloyscope.reaction.kinetics.among_pools import PoolArrays
from alloyscope.reaction.kinetics.by_arrays import (
    add_conversion,
    add_exchange,
    add_growth,
    add_loss,
    add_meetings,
    add_pools,
    with_actor,
)
from alloyscope.reaction.kinetics.conversion import ConversionArrays
from alloyscope.reaction.kinetics.exchange import ExchangeArrays
from alloyscope.reaction.kinetics.growth import GrowthArrays
from alloyscope.reaction.kinetics.loss import LossArrays
from alloyscope.reaction.network import Network, network_of
from alloyscope.reaction.parameter import Parameter
from alloyscope.reaction.reaction import Reaction

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
KINDS = ("exchange", "loss", "conversion", "meeting", "growth", "pools")
FIELDS = {
    "exchange": ("up", "down", "kx", "kp"),
    "loss": ("target", "actor"),
    "conversion": ("forward", "backward", "actor"),
    "meeting": ("alpha", "beta", "weight", "back_weight", "actor"),
    "growth": ("weight", "rate", "actor"),
    "pools": ("forward", "backward", "actor"),
}
"""What of each kind of step depends on parameters."""

STEP = 1e-5
"""Of the central differences that differentiate arrays, in coordinates."""


class Variation(NamedTuple):
    """Derivatives of a network's arrays by the coordinates of p parameters.

    row : (p, 6) where a parameter stands in the arrays of each of `KINDS`; -1: it moves none there

    The others, each of `FIELDS`: (n_moved, ...), of meetings (..., n_moved), of the parameters that
    move the kind at all.
    """

    row: Ints
    exchange_up: Floats
    exchange_down: Floats
    exchange_kx: Floats
    exchange_kp: Floats
    loss_target: Floats
    loss_actor: Floats
    conversion_forward: Floats
    conversion_backward: Floats
    conversion_actor: Floats
    meeting_alpha: Floats
    meeting_beta: Floats
    meeting_weight: Floats
    meeting_back_weight: Floats
    meeting_actor: Floats
    growth_weight: Floats
    growth_rate: Floats
    growth_actor: Floats
    pools_forward: Floats
    pools_backward: Floats
    pools_actor: Floats


def variation_of(reaction: Reaction, net: Network, parameters: Sequence[Parameter]) -> Variation:
    """How a reaction's arrays change with some of its parameters, on the scale of coordinates.

    The arrays are smooth in the parameters, also beyond the bounds.
    """
    moved = []
    for parameter in parameters:
        at = parameter.coordinate(parameter.value)
        above, below = (_arrays(network_of(_with(reaction, parameter, at + h)))
                        for h in (STEP, -STEP))  # fmt: skip
        moved.append({key: (above[key] - below[key]) / (2 * STEP) for key in above})
    return _stacked(net, moved)


def only_moving(varied: Variation) -> tuple[Variation, Ints]:
    """Without the parameters that move nothing, such as responses; and which of them remain."""
    moving = np.flatnonzero((varied.row >= 0).any(axis=1))
    return varied._replace(row=varied.row[moving]), moving


def _with(reaction: Reaction, parameter: Parameter, coordinate: float) -> Reaction:
    """The reaction with one value changed, whatever its bounds are."""
    value = parameter.at(coordinate)
    other = replace(parameter, value=value, low=min(parameter.low, value),
                    high=max(parameter.high, value))  # fmt: skip
    return replace(reaction, parameters=tuple(
        other if p.name == parameter.name else p for p in reaction.parameters
    ))  # fmt: skip


def _arrays(net: Network) -> dict[str, Floats]:
    """What depends on parameters, by kind and field."""
    found = {}
    for kind in KINDS:
        arrays: Any = getattr(net, kind)
        for field in FIELDS[kind]:
            held = arrays.drive.actor if field == "actor" else getattr(arrays, field)
            found[f"{kind}_{field}"] = np.asarray(held, float)
    return found


def _stacked(net: Network, slopes: Sequence[dict[str, Floats]]) -> Variation:
    held = _arrays(net)
    row = np.full((len(slopes), len(KINDS)), -1, np.int64)
    stacked: dict[str, Floats] = {}
    for column, kind in enumerate(KINDS):
        keys = [f"{kind}_{field}" for field in FIELDS[kind]]
        moves = [k for k, one in enumerate(slopes) if any(one[key].any() for key in keys)]
        row[moves, column] = np.arange(len(moves))
        for key in keys:
            stacked[key] = np.empty((len(moves), *held[key].shape))
            for at, k in enumerate(moves):
                stacked[key][at] = slopes[k][key]
            if kind == "meeting":
                stacked[key] = np.ascontiguousarray(np.moveaxis(stacked[key], 0, -1))
    return Variation(row, **stacked)


@njit(cache=True, error_model="numpy")
def fill_by_parameters(y: Floats, net: Network, varied: Variation, change: Floats) -> None:
    """d (d y / d t) / d (coordinate) at a fixed state, (n + n_z, p), into `change`."""
    found, met = np.empty(y.size), np.zeros((y.size, varied.meeting_alpha.shape[2]))
    add_meetings(y, net.meeting, varied.meeting_alpha, varied.meeting_beta, varied.meeting_weight,
                 varied.meeting_back_weight, varied.meeting_actor, met)  # fmt: skip
    for k in range(varied.row.shape[0]):
        found[:] = 0.0
        exchange, loss, conversion = varied.row[k, 0], varied.row[k, 1], varied.row[k, 2]
        meeting, growth, pools = varied.row[k, 3], varied.row[k, 4], varied.row[k, 5]
        if exchange >= 0:
            add_exchange(y, net.exchange, _exchange(net.exchange, varied, exchange), found)
        if loss >= 0:
            add_loss(y, net.loss, _loss(net.loss, varied, loss), found)
        if conversion >= 0:
            moved = _conversion(net.conversion, varied, conversion)
            add_conversion(y, net.conversion, moved, found)
        if growth >= 0:
            add_growth(y, net.growth, _growth(net.growth, varied, growth), found)
        if pools >= 0:
            add_pools(y, net.pools, _pools(net.pools, varied, pools), found)
        for i in range(y.size):
            change[i, k] = found[i]
            if meeting >= 0:
                change[i, k] += met[i, meeting]


@njit(cache=True, error_model="numpy")
def _exchange(x: ExchangeArrays, v: Variation, row: int) -> ExchangeArrays:
    return ExchangeArrays(x.low, x.high, x.pair, v.exchange_up[row], v.exchange_down[row], x.gain,
                          x.lose, x.column, v.exchange_kx[row], v.exchange_kp[row])  # fmt: skip


@njit(cache=True, error_model="numpy")
def _loss(x: LossArrays, v: Variation, row: int) -> LossArrays:
    return LossArrays(x.span, v.loss_target[row], x.counts, x.into,
                      with_actor(x.drive, v.loss_actor[row]))  # fmt: skip


@njit(cache=True, error_model="numpy")
def _conversion(x: ConversionArrays, v: Variation, row: int) -> ConversionArrays:
    return ConversionArrays(x.source, x.target, x.step, v.conversion_forward[row],
                            v.conversion_backward[row],
                            with_actor(x.drive, v.conversion_actor[row]))  # fmt: skip


@njit(cache=True, error_model="numpy")
def _growth(x: GrowthArrays, v: Variation, row: int) -> GrowthArrays:
    return GrowthArrays(x.span, v.growth_weight[row], v.growth_rate[row], x.size, x.counts,
                        with_actor(x.drive, v.growth_actor[row]))  # fmt: skip


@njit(cache=True, error_model="numpy")
def _pools(x: PoolArrays, v: Variation, row: int) -> PoolArrays:
    return PoolArrays(v.pools_forward[row], v.pools_backward[row],
                      with_actor(x.drive, v.pools_actor[row]))  # fmt: skip
