"""Measured speciation beside the model's: shares of every composition, with their covariance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import block_diag, solve_triangular

from alloyscope.errors import ReactionError, message
from alloyscope.reaction.margins import Snapshots
from alloyscope.reaction.observation import Point
from alloyscope.reaction.reaction import Reaction
from alloyscope.reaction.seen import FLOOR, total
from alloyscope.reaction.thermodynamics import compositions
from alloyscope.reaction.trajectory import Snapshot
from alloyscope.speciation import Basis, Speciation, framework_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

State = tuple[str, tuple[int, ...]]
"""Label of a framework, M44S30, and atoms of each of the reaction's metals."""

MODEL_SD = 0.01
"""Share of all clusters: what no model is expected to reach, added to every share's own sd."""


@dataclass(frozen=True, eq=False)
class SpeciationObservation:
    """Shares of compositions, measured at one or more points of a reaction.

    points     : (n_points,) ratio and time
    states     : (n_states,) that the model has
    share      : (n_points, n_states) of all that was measured and the model has
    covariance : (n, n) of the shares, n = n_points * n_states, points outermost
    rows       : by framework name, (n_states,) where each stands in the populations, or -1
    basis      : "ion counts" are compared with populations times responses, "clusters" with
                 populations
    ignored    : species that the model has no state for
    model_sd   : added to every share's own sd
    Raises ReactionError for arrays that do not fit, and where nothing is left to compare.
    """

    id: str
    points: tuple[Point, ...]
    states: tuple[State, ...]
    share: Floats
    covariance: Floats
    rows: Mapping[str, Ints]
    basis: Basis = "ion counts"
    ignored: tuple[str, ...] = ()
    model_sd: float = MODEL_SD
    figure: str = ""

    def __post_init__(self) -> None:
        where, n = f"speciation {self.id}", len(self.points) * len(self.states)
        if not n:
            raise ReactionError(
                message(where, found="no species that the reaction has", expected="at least one",
                        do="Is it a measurement of another system?")
            )  # fmt: skip
        if self.share.size != n or self.covariance.shape != (n, n):
            raise ReactionError(
                message(where, found=f"shapes {self.share.shape}, {self.covariance.shape}",
                        expected=f"shares and covariance of {n}")
            )  # fmt: skip
        if not self.model_sd > 0:
            raise ReactionError(
                message(where, found=f"model_sd = {self.model_sd:g}", expected="a share above 0")
            )

    @cached_property
    def cholesky(self) -> Floats:
        """(n, n) lower factor of the covariance with the model's own sd."""
        whole = self.covariance + self.model_sd**2 * np.eye(len(self.covariance))
        return np.asarray(np.linalg.cholesky(whole))

    def predicted(self, snapshots: Snapshots, seen: Snapshots) -> Floats:
        """(n_points, n_states) shares of all clusters that the model has.

        snapshots : amounts; seen : what a spectrum shows of them
        """
        at = seen if self.basis == "ion counts" else snapshots
        return np.array([_shares(at[point], self.rows) for point in self.points])

    def residuals(self, snapshots: Snapshots, seen: Snapshots) -> Floats:
        """(n,) measured less predicted, whitened: of unit variance, independent."""
        off = self.share - self.predicted(snapshots, seen)
        return np.asarray(solve_triangular(self.cholesky, off.ravel(), lower=True))

    def log_likelihood(self, snapshots: Snapshots, seen: Snapshots) -> float:
        """Gaussian, up to a constant."""
        return -0.5 * float((self.residuals(snapshots, seen) ** 2).sum())


def speciation_observation(
    name: str, speciation: Speciation, reaction: Reaction, points: Sequence[Point] = ()
) -> SpeciationObservation:
    """What a speciation says of a reaction.

    points : of its conditions; without them from each condition's feed, in clusters of the parents
             by name, and its time
    Raises ReactionError.
    """
    states = [(framework_of(one), tuple(one.count(metal) for metal in reaction.metals))
              for one in speciation.species]  # fmt: skip
    points = tuple(points) or tuple(
        _point(name, dict(condition.feed), condition.time_min, reaction)
        for condition in speciation.conditions
    )
    factor = speciation.factor.reshape(-1, speciation.factor.shape[2])
    covariance = np.diag(speciation.variance.ravel()) + factor @ factor.T
    names = [str(one) for one in speciation.species]
    return observation_of_amounts(name, points, states, names, speciation.amount, covariance,
                                  reaction, speciation.basis)  # fmt: skip


def observation_of_amounts(
    name: str,
    points: tuple[Point, ...],
    states: Sequence[State],
    names: Sequence[str],
    amount: Floats,
    covariance: Floats,
    reaction: Reaction,
    basis: Basis = "ion counts",
    model_sd: float = MODEL_SD,
) -> SpeciationObservation:
    """What amounts say of a reaction; those of equal state are summed.

    states, names : (n,) of each amount; several may share a state
    amount        : (n_points, n) in any unit
    covariance    : (n_points * n, n_points * n) of the amounts
    """
    rows = _rows(states, reaction)
    known = {s for s, *places in zip(states, *rows.values(), strict=True) if max(places) >= 0}
    kept = tuple(dict.fromkeys(state for state in states if state in known))
    ignored = dict.fromkeys(n for n, s in zip(names, states, strict=True) if s not in known)
    pick = np.zeros((len(kept), len(states)))
    for column, state in enumerate(states):
        if state in known:
            pick[kept.index(state), column] = 1.0
    held = amount @ pick.T
    whole = held.sum(axis=1, keepdims=True)
    if kept and not (whole > 0).all():
        raise ReactionError(
            message(f"speciation {name}", found="nothing of the reaction's clusters",
                    expected="some at every ratio and time")
        )  # fmt: skip
    share = held / whole if kept else held
    slopes = [(pick - np.outer(s, pick.sum(axis=0))) / w
              for s, w in zip(share, whole[:, 0], strict=True)] if kept else []  # fmt: skip
    slope = block_diag(*slopes)
    joint = slope @ covariance @ slope.T if kept else np.zeros((0, 0))
    return SpeciationObservation(name, points, kept, share, joint, _rows(kept, reaction), basis,
                                 tuple(ignored), model_sd)  # fmt: skip


def _rows(states: Sequence[State], reaction: Reaction) -> dict[str, Ints]:
    """By framework name, where each state stands in its populations; -1 where it does not."""
    found = {}
    for framework in reaction.frameworks:
        counts = compositions(framework.metals, len(reaction.metals)).tolist()
        place = {(framework.label, tuple(row)): k for k, row in enumerate(counts)}
        found[framework.name] = np.array([place.get(state, -1) for state in states], np.int64)
    return found


def _shares(snapshot: Snapshot, rows: Mapping[str, Ints]) -> Floats:
    held = [np.where(row >= 0, snapshot.populations[f][row], 0.0) for f, row in rows.items()]
    return np.asarray(np.sum(held, axis=0) / (total(snapshot) + FLOOR))


def _point(name: str, feed: Mapping[str, float], time: float | None, reaction: Reaction) -> Point:
    parents = [parent.name for parent in reaction.parents]
    first, second = (feed.get(parent, 0.0) for parent in parents[:2])
    if time is None or set(feed) - set(parents) or not first + second > 0:
        raise ReactionError(
            message(f"speciation {name}", found=f"feed {dict(feed)} and time {time}",
                    expected=f"amounts of {', '.join(parents)}, and minutes")
        )  # fmt: skip
    return (first / second if second else float("inf")), time
