"""What statements say of a reaction's products at one ratio, as constraints on amounts.

Two readings: "named" takes the products to be the frameworks and compositions that are named and no
others; "loose" allows whatever no statement excludes, up to the thresholds of the judgement.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from alloyscope.reaction.layout import Layout
from alloyscope.reaction.margins import Thresholds
from alloyscope.reaction.observation import OF_X, Observation

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Reading = Literal["named", "loose"]

NAMING = ("framework_present", "framework_dominant", "coexist", "dominant_x", "x_range", "max_x")
"""Kinds that say that a framework is there."""

ABOUT_PRODUCTS = (*NAMING, "framework_absent", "framework_window")
"""Kinds that an audit reads."""

AllowedX = dict[str, tuple[int, ...]]


@dataclass(frozen=True, eq=False)
class Constraints:
    """Amounts n of every population with rows @ n <= 0 and n = 0 where not allowed.

    rows    : (n_rows, n_states)
    allowed : (n_states,)
    """

    rows: Floats
    allowed: Bools


def named_products(statements: Sequence[Observation], layout: Layout) -> AllowedX:
    """By framework that statements name, the x at which it was seen.

    A range of x is taken as it was stated; where there is none, the most populated x stand for it.
    """
    named = [f for one in statements if one.kind in NAMING for f in one.f]
    return {f: _seen_x(f, statements, layout) for f in dict.fromkeys(named)}


def constraint_sets(
    statements: Sequence[Observation], layout: Layout, thresholds: Thresholds, reading: Reading
) -> Iterator[Constraints]:
    """What the statements of one ratio and time allow; amounts must fit any one of them.

    Where it is not said which x a framework has most of, each that it may be is tried in turn.
    """
    shares = _share_rows(statements, layout, thresholds, reading)
    if reading == "named":
        allowed = np.zeros(layout.n_states, bool)
        for f, seen in named_products(statements, layout).items():
            allowed[layout.slices[f]] = np.isin(layout.counts[f][:, 0], seen)
        yield Constraints(shares, allowed)
        return
    about_x = [one for one in statements if one.kind in ("dominant_x", "x_range", "max_x")]
    frameworks = list(dict.fromkeys(one.f[0] for one in about_x))
    modes = [_modes(f, about_x, layout) for f in frameworks]
    for chosen in product(*modes):
        rows = [_mode_rows(f, mode, about_x, layout, thresholds)
                for f, mode in zip(frameworks, chosen, strict=True)]  # fmt: skip
        yield Constraints(np.concatenate([shares, *rows]), np.ones(layout.n_states, bool))


def _seen_x(f: str, statements: Iterable[Observation], layout: Layout) -> tuple[int, ...]:
    own = [one for one in statements if one.kind in OF_X and one.f[0] == f]
    stated = [one for one in own if one.kind == "x_range"]
    mostly = [one for one in own if one.kind == "dominant_x"]
    limits = [one for one in own if one.kind in ("max_x", "framework_window")]
    seen = []
    for x in range(int(layout.counts[f][:, 0].max()) + 1):
        in_ranges = all(_within(one, x) for one in stated or mostly)
        if in_ranges and all(_below(one, x) for one in limits):
            seen.append(x)
    return tuple(seen)


def _within(one: Observation, x: int, tolerance: bool = False) -> bool:
    low, high = (one.lo_tol, one.hi_tol) if tolerance else (0, 0)
    return (one.lo or 0) - low <= x <= (one.hi or 0) + high


def _below(one: Observation, x: int) -> bool:
    return x in one.also or (x <= (one.hi or 0) if one.kind == "max_x" else _within(one, x))


def _share_rows(
    statements: Iterable[Observation], layout: Layout, limit: Thresholds, reading: Reading
) -> Floats:
    """Rows of shares in all clusters, and of what lies outside windows."""
    least = {"framework_present": limit.present, "framework_dominant": limit.dominant,
             "coexist": limit.coexist}  # fmt: skip
    rows = [np.zeros(layout.n_states)]
    for one in statements:
        for f in one.f if one.kind in least else ():
            rows.append(least[one.kind] - _members(f, layout))
        if one.kind == "framework_absent":
            most = 0.0 if reading == "named" else limit.present
            rows.append(_members(one.f[0], layout) - most)
        if one.kind == "framework_window" and reading == "loose":
            x = layout.counts[one.f[0]][:, 0]
            outside = [not (_within(one, int(k), True) or int(k) in one.also) for k in x]
            row = np.zeros(layout.n_states)
            row[layout.slices[one.f[0]]] = np.array(outside) - limit.window
            rows.append(row)
    return np.array(rows)


def _modes(f: str, about_x: Iterable[Observation], layout: Layout) -> list[int]:
    """x that the framework may have most of."""
    own = [one for one in about_x if one.f[0] == f]
    return [
        x for x in range(int(layout.counts[f][:, 0].max()) + 1)
        if all(_within(one, x) for one in own if one.kind == "dominant_x")
        and all(_within(one, x, True) for one in own if one.kind == "x_range")
        and all(x <= (one.hi or 0) + one.hi_tol for one in own if one.kind == "max_x")
    ]  # fmt: skip


def _mode_rows(
    f: str, mode: int, about_x: Iterable[Observation], layout: Layout, limit: Thresholds
) -> Floats:
    """Rows that keep every x to at most that of the mode, those beyond stated ends to its edge.

    That the ends themselves must reach the edge is left out: what is allowed is never too little.
    """
    x = layout.counts[f][:, 0]
    most = np.ones(x.max() + 1)
    for one in about_x:
        if one.f[0] == f and one.kind in ("x_range", "max_x"):
            low = (one.lo or 0) - one.lo_tol if one.kind == "x_range" else 0
            beyond = (np.arange(most.size) < low) | (
                np.arange(most.size) > (one.hi or 0) + one.hi_tol
            )
            most = np.where(beyond, np.minimum(most, limit.minor if one.minor else limit.edge),
                            most)  # fmt: skip
    rows = np.zeros((most.size, layout.n_states))
    for k in range(most.size):
        rows[k, layout.slices[f]] = (x == k) * 1.0 - most[k] * (x == mode)
    return np.delete(rows, mode, axis=0)


def _members(f: str, layout: Layout) -> Floats:
    row = np.zeros(layout.n_states)
    row[layout.slices[f]] = 1.0
    return row
