"""What becomes of what is fed: clusters left, of which frameworks, and where the rest is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from alloyscope.reaction.experiment import Experiment
from alloyscope.reaction.ratio import fed, ratio_name
from alloyscope.reaction.reaction import DARK, OXIDISED
from alloyscope.reaction.seen import share, shown
from alloyscope.reaction.simulate import Simulator
from alloyscope.reaction.trajectory import Snapshot, Trajectory


@dataclass(frozen=True)
class Fate:
    """What became of what was fed at one ratio, at one time.

    clusters    : left per cluster fed
    frameworks  : by name, share of the clusters there are
    shown       : the same as a spectrum shows it
    in_clusters : metal atoms, per metal atom fed
    complexes   : by metal, atoms in complexes, per metal atom fed
    dark        : metal atoms that no spectrum shows, per metal atom fed
    oxidised    : electrons that an oxidant took, per metal atom fed
    """

    ratio: float
    t_min: float
    clusters: float
    frameworks: Mapping[str, float]
    shown: Mapping[str, float]
    in_clusters: float
    complexes: Mapping[str, float]
    dark: float
    oxidised: float

    def as_json(self) -> dict[str, Any]:
        """The fate in plain types."""
        return {
            "ratio": ratio_name(self.ratio), "t_min": self.t_min, "clusters": self.clusters,
            "frameworks": dict(self.frameworks), "shown": dict(self.shown),
            "metal_in_clusters": self.in_clusters, "metal_in_complexes": dict(self.complexes),
            "metal_dark": self.dark, "electrons_oxidised": self.oxidised,
        }  # fmt: skip


def mixed(simulator: Simulator, points: Mapping[float, tuple[float, ...]]) -> dict[
    float, Trajectory
]:  # fmt: skip
    """Direct mixing at each ratio, at these minutes. Raises ReactionError."""
    return {ratio: simulator.run(Experiment(fed(ratio)), t) for ratio, t in points.items()}


def fate_of(ratio: float, run: Trajectory, responses: Mapping[str, float]) -> Fate:
    """What became of what was fed, at the last time of a run."""
    last = run.snapshot(-1)
    names = list(run.reaction.by_name)
    seen = shown(last, responses)
    dark = sum(_pool(run, DARK + metal) for metal in run.reaction.metals)
    complexes = {metal: max(n, 0.0) for metal, n in last.complexes.items()}
    return Fate(
        ratio, float(run.times[-1]), float(run.yield_of_clusters[-1]),
        {name: share(last, name) for name in names}, {name: share(seen, name) for name in names},
        _metal(last) / _metal_fed(run), complexes, dark, _pool(run, OXIDISED),
    )  # fmt: skip


def _metal(snapshot: Snapshot) -> float:
    """Metal atoms in clusters, per cluster fed."""
    return float(sum((p @ snapshot.counts[f]).sum() for f, p in snapshot.populations.items()))


def _metal_fed(run: Trajectory) -> float:
    """Metal atoms fed, per cluster fed."""
    return run.reaction.size / float(run.fed[-1])


def _pool(run: Trajectory, name: str) -> float:
    """Of a pool at the last time, per metal atom fed; 0 where there is no such pool."""
    return max(float(run.pool(name)[-1]), 0.0) if name in run.layout.pools else 0.0


def ratios_between(low: float, high: float, n: int) -> list[float]:
    """(n,) ratios, evenly spaced in their logarithm."""
    return [float(ratio) for ratio in np.geomspace(low, high, n)]
