"""A simulation as people look at it: at the times asked for, densely for drawing, and checked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alloyscope.reaction.experiment import Experiment, Product, time_text
from alloyscope.reaction.reaction import DARK, OXIDISED, Reaction
from alloyscope.reaction.trajectory import Trajectory, column_name

Floats = NDArray[np.float64]
Observe = Callable[[str, int, int | None], None]

LEAST = 1e-9
"""Populations below this, clusters per cluster fed, are left out of tables."""

FINEST, DRAWN = 0.5, 120
"""Minutes below which drawn time is linear, and points of each stretch between additions."""


@dataclass(frozen=True, eq=False)
class Simulated:
    """A simulated reaction.

    sampled : at the times asked for; at the time of an addition, before it
    drawn   : at many times from the start to the last of them
    remarks : what the user must know
    """

    sampled: Trajectory
    drawn: Trajectory
    remarks: tuple[str, ...] = ()

    @property
    def reaction(self) -> Reaction:
        """What was declared."""
        return self.sampled.reaction

    @property
    def experiment(self) -> Experiment:
        """What was mixed."""
        return self.sampled.experiment

    @cached_property
    def aliases(self) -> dict[str, str]:
        """Names of frameworks in equations by those of tables, where they differ."""
        return {f.label: f.name for f in self.reaction.frameworks if f.name != f.label}

    @cached_property
    def balance(self) -> Floats:
        """(n_times, n_metals + 2) metals, ligands, electrons held less fed, per metal atom fed."""
        return self.sampled.invariants - fed_contents(self.sampled)

    def as_json(self) -> dict[str, Any]:
        """The simulation in plain types, at the times asked for."""
        run, reaction = self.sampled, self.reaction
        pools = {column_name(name, reaction): run.pool(name) for name in run.layout.pools}
        return {
            "metals": reaction.metals, "ligand": reaction.ligand,
            "feed": {p.name: n for p, n in zip(reaction.parents, self.experiment.ratio,
                                               strict=True)},
            "additions": [{"add": f"{a.amount:g} {a.what}", "time_min": a.at_min}
                          for a in self.experiment.additions],
            "parameters": [{"name": p.name, "value": p.value, "unit": p.unit, "title": p.title}
                           for p in reaction.parameters],
            "steps": [str(step.equation) for step in reaction.steps],
            "left_out_below": LEAST, "largest_imbalance": float(np.abs(self.balance).max()),
            "notes": self.remarks,
            "samples": [self._sample(k, pools) for k in range(run.times.size)],
        }  # fmt: skip

    def _sample(self, k: int, pools: dict[str, Floats]) -> dict[str, Any]:
        run = self.sampled
        return {
            "time_min": float(run.times[k]), "clusters": float(run.yield_of_clusters[k]),
            "pools": {name: float(values[k]) for name, values in pools.items()},
            "frameworks": [self._framework(name, k) for name in self.reaction.by_name],
        }  # fmt: skip

    def _framework(self, name: str, k: int) -> dict[str, Any]:
        run, framework = self.sampled, self.reaction.by_name[name]
        mean, sd = mean_and_sd(run, name)
        there = run.total[name][k] > LEAST
        p = run.population(name)[k]
        return {
            "framework": framework.label, "name": name, "clusters": float(run.total[name][k]),
            "share": float(run.share(name)[k]), "mean_x": float(mean[k]) if there else None,
            "sd_x": float(sd[k]) if there else None,
            "counts": run.counts(name)[p >= LEAST].tolist(), "fraction": p[p >= LEAST].tolist(),
        }  # fmt: skip


def simulated(
    reaction: Reaction, experiment: Experiment, times: Sequence[float],
    observe: Observe | None = None,
) -> Simulated:  # fmt: skip
    """Simulate at these minutes, ascending, and densely up to the last.

    Raises ReactionError.
    """
    from alloyscope.reaction.simulate import simulate

    dense = drawing_times(experiment, times[-1])
    every = np.union1d(times, dense)
    run = simulate(reaction, experiment, every.tolist(), observe)
    return Simulated(_at(run, np.isin(every, times)), _at(run, np.isin(every, dense)),
                     _remarks(experiment, times))  # fmt: skip


def drawing_times(experiment: Experiment, end: float) -> Floats:
    """Minutes from 0 to `end`, close together at the start and after every addition."""
    starts = phase_starts(experiment, end)
    found: list[Floats] = []
    for start, stop in zip(starts, [*starts[1:], end], strict=True):
        even = np.linspace(0.0, np.log1p((stop - start) / FINEST), DRAWN)
        found.append(start + FINEST * np.expm1(even[1:-1]))
        found.append(np.array([stop]))
    return np.unique(np.concatenate([[0.0], *found]))


def phase_starts(experiment: Experiment, end: float) -> list[float]:
    """The start, and times of additions before `end`."""
    return sorted({0.0, *(a.at_min for a in experiment.additions if a.at_min < end)})


def by_x(run: Trajectory, framework: str) -> Floats:
    """(n_times, N + 1) clusters per cluster fed so far by the count of the first metal."""
    x = run.counts(framework)[:, 0]
    population = run.population(framework)
    found = np.zeros((run.times.size, run.reaction.by_name[framework].metals + 1))
    np.add.at(found.T, x, population.T)
    return found


def mean_and_sd(run: Trajectory, framework: str) -> tuple[Floats, Floats]:
    """(n_times,) mean and standard deviation of x in a framework; 0 where there is none of it."""
    p = by_x(run, framework)
    p = p / np.maximum(p.sum(axis=1, keepdims=True), 1e-300)
    x = np.arange(p.shape[1])
    mean = p @ x
    return mean, np.sqrt(np.maximum(p @ x**2 - mean**2, 0.0))


def fed_contents(run: Trajectory) -> Floats:
    """(n_times, n_metals + 2) metals, ligands and electrons fed so far, per metal atom fed.

    Counted from the feed alone, as a check on what the simulation holds.
    """
    reaction = run.reaction
    rows = []
    for parent in reaction.parents:
        f = reaction.by_name[parent.framework]
        metals = parent.counts(reaction.metals)
        rows.append([*metals, f.ligands, f.electrons])
    held = np.array([_fed(run, time) for time in run.times]) @ np.array(rows, float)
    return np.asarray(held / held[:, :-2].sum(axis=1, keepdims=True))


def hidden_pools(run: Trajectory) -> tuple[str, ...]:
    """Pools that no spectrum shows."""
    return tuple(n for n in run.layout.pools if n.startswith(DARK) or n == OXIDISED)


def _fed(run: Trajectory, time: float) -> Floats:
    """Clusters of each parent fed before a time, those within products too."""
    fed = np.array(run.experiment.ratio)
    names = [parent.name for parent in run.reaction.parents]
    for addition in run.experiment.additions:
        if 0 < addition.at_min >= time:
            continue
        if isinstance(addition.what, Product):
            parts = np.array(addition.what.ratio)
            fed = fed + addition.amount * parts / parts.sum()
        else:
            fed = fed + addition.amount * np.array([name == addition.what for name in names])
    return fed


def _at(run: Trajectory, rows: NDArray[np.bool_]) -> Trajectory:
    return replace(run, times=run.times[rows], amounts=run.amounts[rows], fed=run.fed[rows])


def _remarks(experiment: Experiment, times: Sequence[float]) -> tuple[str, ...]:
    late = [a for a in experiment.additions if a.at_min >= times[-1]]
    return tuple(
        f"{a} comes after the last sample, {time_text(times[-1])}: its effect is not shown."
        for a in late if a.at_min
    )  # fmt: skip
