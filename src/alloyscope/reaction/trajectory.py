"""What a simulated reaction holds at each time."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from alloyscope.chemistry.ligand import Ligand
from alloyscope.chemistry.species import Species
from alloyscope.reaction.experiment import Experiment
from alloyscope.reaction.layout import Layout
from alloyscope.reaction.reaction import DARK, ELECTRON, LIGAND, OXIDISED, Reaction
from alloyscope.speciation import Condition, Speciation

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Snapshot:
    """What there is at one time, as observations judge it.

    populations : by framework name, (n_states,) clusters per cluster fed so far
    counts      : by framework name, (n_states, n_metals)
    complexes   : by metal, atoms in complexes that a spectrum shows, per metal atom fed so far
    clusters    : left per cluster fed so far, where populations are what is shown of them; None
                  where these are amounts
    """

    populations: dict[str, Floats]
    counts: dict[str, Ints]
    complexes: dict[str, float]
    clusters: float | None = None


@dataclass(frozen=True, eq=False)
class Trajectory:
    """A simulated reaction.

    times   : (n_times,) minutes from the start
    amounts : (n_times, n_states + n_pools) in the order of `layout`, per so much of the mixture as
              holds `reaction.size` metal atoms
    fed     : (n_times,) clusters fed so far, in the same measure
    steps, factorisations : the solver took
    """

    reaction: Reaction
    experiment: Experiment
    layout: Layout
    times: Floats
    amounts: Floats
    fed: Floats
    steps: int = 0
    factorisations: int = 0

    def population(self, framework: str) -> Floats:
        """(n_times, n_states) clusters of a framework per cluster fed so far."""
        amounts = self.amounts[:, self.layout.slices[framework]]
        return np.asarray(np.maximum(amounts, 0.0) / self.fed[:, None])

    def counts(self, framework: str) -> Ints:
        """(n_states, n_metals) compositions of a framework's states."""
        return self.layout.counts[framework]

    def pool(self, name: str) -> Floats:
        """(n_times,) of a pool, per metal atom fed so far."""
        return np.asarray(self.amounts[:, self.layout.pool(name)] / self.reaction.size)

    @cached_property
    def total(self) -> dict[str, Floats]:
        """By framework, (n_times,) clusters per cluster fed so far."""
        return {name: self.population(name).sum(axis=1) for name in self.reaction.by_name}

    def share(self, framework: str) -> Floats:
        """(n_times,) of all clusters."""
        whole = np.sum(list(self.total.values()), axis=0)
        return np.asarray(self.total[framework] / np.maximum(whole, 1e-300))

    def mean_count(self, framework: str, metal: str = "") -> Floats:
        """(n_times,) mean atoms of a metal, the first by default, in a framework's clusters."""
        k = self.reaction.metals.index(metal) if metal else 0
        held = self.population(framework) @ self.counts(framework)[:, k]
        return np.asarray(held / np.maximum(self.total[framework], 1e-300))

    @property
    def invariants(self) -> Floats:
        """(n_times, n_metals + 2) metals, ligands and electrons in all, per metal atom fed."""
        return np.asarray(self.amounts @ self.layout.contents / self.reaction.size)

    @property
    def yield_of_clusters(self) -> Floats:
        """(n_times,) clusters left per cluster fed so far."""
        return np.asarray(np.sum(list(self.total.values()), axis=0))

    def snapshot(self, index: int) -> Snapshot:
        """What there is at one of the times."""
        names = self.reaction.by_name
        return Snapshot(
            {name: self.population(name)[index] for name in names},
            {name: self.counts(name) for name in names},
            {metal: float(self.pool(metal)[index]) for metal in self.reaction.metals},
        )

    def speciation(self, ligand: Ligand, least: float = 1e-6) -> Speciation:
        """Amounts of every species that ever exceeds `least` clusters per cluster fed."""
        species: list[Species] = []
        columns: list[Floats] = []
        for name, framework in self.reaction.by_name.items():
            population = self.population(name)
            for k in np.flatnonzero(population.max(axis=0) >= least):
                counts = zip(self.reaction.metals, map(int, self.counts(name)[k]), strict=True)
                metals = {metal: n for metal, n in counts if n}
                species.append(Species.of(metals, {ligand: framework.ligands}, framework.charge))
                columns.append(population[:, k])
        amount = np.stack(columns, axis=1) if columns else np.zeros((self.times.size, 0))
        feed = tuple(
            (parent.name, float(n))
            for parent, n in zip(self.reaction.parents, self.experiment.ratio, strict=True)
        )
        conditions = tuple(Condition(feed=feed, time_min=float(t)) for t in self.times)
        return Speciation(
            tuple(species), conditions, amount, np.zeros_like(amount),
            np.zeros((*amount.shape, 0)), "clusters", "clusters fed so far",
        )  # fmt: skip


def column_name(pool: str, reaction: Reaction) -> str:
    """A pool as tables head it: Au, p-MBA, RSSR, electrons, dark p-MBA."""
    dark, name = (DARK, pool.removeprefix(DARK)) if pool.startswith(DARK) else ("", pool)
    plain = {LIGAND: reaction.ligand, ELECTRON: "electrons", OXIDISED: "oxidised electrons"}
    return dark + plain.get(name, name)
