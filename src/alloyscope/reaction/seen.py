"""What a snapshot shows of each framework: shares, compositions, what spectra make of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from alloyscope.reaction.ratio import fed
from alloyscope.reaction.reaction import Reaction
from alloyscope.reaction.thermodynamics import compositions
from alloyscope.reaction.trajectory import Snapshot

Floats = NDArray[np.float64]

FLOOR = 1e-12
"""Added to populations before their logarithm, so that it is finite."""


def shown(snapshot: Snapshot, responses: Mapping[str, float]) -> Snapshot:
    """What a spectrum shows: populations times the response of their framework.

    responses : ions seen per cluster by framework name; 1 where there is none
    Complexes stay as they are. How many clusters are left stays what it is in amounts.
    """
    seen = {f: p * responses.get(f, 1.0) for f, p in snapshot.populations.items()}
    return replace(snapshot, populations=seen, clusters=left(snapshot))


def unreacted(reaction: Reaction, ratio: float) -> Snapshot:
    """The mixture before anything happens: the baseline of every scoreboard."""
    counts = {f.name: compositions(f.metals, len(reaction.metals)) for f in reaction.frameworks}
    populations = {name: np.zeros(len(rows)) for name, rows in counts.items()}
    for parent, share in zip(reaction.parents, fed(ratio), strict=True):
        held = parent.counts(reaction.metals)
        here = (counts[parent.framework] == held).all(axis=1)
        populations[parent.framework] = populations[parent.framework] + share * here
    return Snapshot(populations, counts, dict.fromkeys(reaction.metals, 0.0))


def left(snapshot: Snapshot) -> float:
    """Clusters per cluster fed."""
    return total(snapshot) if snapshot.clusters is None else snapshot.clusters


def total(snapshot: Snapshot) -> float:
    """Clusters of every framework."""
    return float(sum(p.sum() for p in snapshot.populations.values()))


def share(snapshot: Snapshot, *frameworks: str) -> float:
    """Share of some frameworks in all clusters, never quite 0 or 1."""
    some = sum(float(snapshot.populations[f].sum()) for f in frameworks) + FLOOR
    return some / (total(snapshot) + 2 * FLOOR)


def amount(snapshot: Snapshot, framework: str) -> float:
    """Clusters of a framework per cluster fed, never quite 0."""
    return float(snapshot.populations[framework].sum()) + FLOOR


def by_x(snapshot: Snapshot, framework: str) -> Floats:
    """(metals + 1,) populations by the count of the first metal, never quite 0."""
    counts = snapshot.counts[framework][:, 0]
    return np.asarray(np.bincount(counts, snapshot.populations[framework]) + FLOOR, np.float64)


def mean_and_sd(snapshot: Snapshot, framework: str) -> tuple[float, float]:
    """Mean and standard deviation of the count of the first metal."""
    p, x = snapshot.populations[framework], snapshot.counts[framework][:, 0]
    whole = p.sum() + FLOOR
    mean = p @ x / whole
    variance = max(float(p @ (x - mean) ** 2 / whole), 0.0)
    return float(mean), float(np.sqrt(variance))


def metal_ratio(snapshot: Snapshot) -> float:
    """Atoms of the first metal over those of all others, in clusters of every framework."""
    held = [(p @ snapshot.counts[f][:, 0], p @ snapshot.counts[f][:, 1:].sum(axis=1))
            for f, p in snapshot.populations.items()]  # fmt: skip
    first, others = np.sum(held, axis=0)
    return float((first + FLOOR) / (others + FLOOR))


def in_complexes(snapshot: Snapshot, metal: str = "") -> float:
    """Metal in visible complexes per metal atom fed: of one kind, or of all."""
    return snapshot.complexes[metal] if metal else sum(snapshot.complexes.values())
