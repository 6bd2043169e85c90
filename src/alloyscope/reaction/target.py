"""A wanted product, and what a mixture holds of it and besides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alloyscope.errors import ReactionError, message
from alloyscope.reaction.layout import Layout
from alloyscope.reaction.reaction import DARK, Reaction
from alloyscope.reaction.simulated import by_x
from alloyscope.reaction.trajectory import Trajectory

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Target:
    """Clusters that are wanted.

    framework : its name, in equations or in tables; "" for any
    x         : least and greatest count of the first metal; None for any
    Raises ReactionError where neither is stated, or the range is upside down.
    """

    framework: str = ""
    x: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        if not self.framework and self.x is None:
            raise ReactionError(
                message("target", found="neither a framework nor x", expected="one, or both")
            )
        if self.x is not None and not 0 <= self.x[0] <= self.x[1]:
            raise ReactionError(
                message("target x", found=f"{self.x[0]}-{self.x[1]}",
                        expected="0 or more, the lower number first")
            )  # fmt: skip

    def frameworks(self, reaction: Reaction) -> tuple[str, ...]:
        """Names of frameworks that can be it. Raises ReactionError for one that there is not."""
        known = reaction.by_name
        found = tuple(f.name for f in known.values() if self.framework in ("", f.name, f.label))
        if not found:
            raise ReactionError(
                message("target framework", found=f'"{self.framework}"',
                        expected="one of " + ", ".join(known))
            )  # fmt: skip
        most = max(known[name].metals for name in found)
        if self.x is not None and self.x[0] > most:
            raise ReactionError(
                message("target x", found=f"{self.x[0]}",
                        expected=f"at most {most}, the metals of a cluster")
            )  # fmt: skip
        return found

    def among(self, reaction: Reaction, layout: Layout) -> Mask:
        """(n_states,) which populations are it. Raises ReactionError."""
        found = np.zeros(layout.n_states, bool)
        low, high = self.x or (0, reaction.size)
        for name in self.frameworks(reaction):
            x = layout.counts[name][:, 0]
            found[layout.slices[name]] = (low <= x) & (x <= high)
        return found

    def words(self, reaction: Reaction) -> str:
        """As people say it: "M44S27 (B) with 20-22 Au"."""
        name = "any framework"
        if self.framework:
            own = reaction.by_name[self.frameworks(reaction)[0]]
            name = own.label if own.label == own.name else f"{own.label} ({own.name})"
        if self.x is None:
            return name
        low, high = self.x
        return f"{name} with {low if low == high else f'{low}-{high}'} {reaction.metals[0]}"


@dataclass(frozen=True)
class Part:
    """Clusters of one framework that are the target, or that are not.

    clusters : per cluster fed
    share    : of all clusters there are
    mean_x, sd_x : of the count of the first metal
    """

    framework: str
    wanted: bool
    clusters: float
    share: float
    mean_x: float
    sd_x: float


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a mixture holds at one time.

    purity    : share of its clusters that are the target
    made      : clusters of the target per cluster fed: its yield
    clusters  : in all, per cluster fed
    parts     : every framework, split into what is the target and what is not
    used      : by metal, share of what was fed that the target holds
    complexes : by metal, share of what was fed that is in complexes
    dark      : by metal, share of what was fed that no spectrum shows
    by_x      : by framework, (N + 1,) clusters per cluster fed
    """

    purity: float
    made: float
    clusters: float
    parts: tuple[Part, ...]
    used: dict[str, float]
    complexes: dict[str, float]
    dark: dict[str, float]
    by_x: dict[str, Floats]

    def as_json(self) -> dict[str, Any]:
        """The outcome in plain types, without its compositions one by one."""
        return {
            "purity": self.purity, "yield": self.made, "clusters": self.clusters,
            "parts": [vars(part) for part in self.parts], "metal_used": self.used,
            "metal_in_complexes": self.complexes, "metal_not_shown": self.dark,
        }  # fmt: skip


def outcome_of(run: Trajectory, target: Target, row: int = -1) -> Outcome:
    """What there is at one of a simulation's times. Raises ReactionError."""
    reaction, layout = run.reaction, run.layout
    wanted = target.among(reaction, layout)
    state = np.maximum(run.amounts[row, : layout.n_states], 0.0)
    per_fed = state / run.fed[row]
    left = max(float(per_fed.sum()), 1e-300)
    made = float(per_fed[wanted].sum())
    n = len(reaction.metals)
    fed = run.amounts[row] @ layout.contents[:, :n]
    held = np.maximum(state[wanted] @ layout.composition[wanted], 0.0)
    return Outcome(
        made / left, made, left, tuple(_parts(run, wanted, per_fed, left)),
        _shares(reaction, held, fed), _shares(reaction, _pools(run, row, ""), fed),
        _shares(reaction, _pools(run, row, DARK), fed),
        {name: by_x(run, name)[row] for name in reaction.by_name},
    )  # fmt: skip


def _parts(run: Trajectory, wanted: Mask, per_fed: Floats, left: float) -> Iterator[Part]:
    for name, own in run.layout.slices.items():
        x, here = run.counts(name)[:, 0], per_fed[own]
        for kind in (True, False):
            some = wanted[own] == kind
            if some.any():
                clusters = float(here[some].sum())
                p = here[some] / max(clusters, 1e-300)
                mean = float(p @ x[some])
                sd = float(np.sqrt(max(p @ x[some] ** 2 - mean**2, 0.0)))
                yield Part(name, kind, clusters, clusters / left, mean, sd)


def _pools(run: Trajectory, row: int, prefix: str) -> Floats:
    """(n_metals,) atoms in the pools of this prefix; 0 for those that there are not."""
    names = [prefix + metal for metal in run.reaction.metals]
    return np.array([
        max(float(run.amounts[row, run.layout.pool(name)]), 0.0)
        if name in run.layout.pools else 0.0 for name in names
    ])  # fmt: skip


def _shares(reaction: Reaction, atoms: Floats, fed: Floats) -> dict[str, float]:
    """By metal, as shares of what was fed; 0 of a metal that was not."""
    share = np.where(fed > 1e-12, atoms / np.maximum(fed, 1e-12), 0.0)
    return dict(zip(reaction.metals, map(float, share), strict=True))
