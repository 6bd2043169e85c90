"""Simulate a reaction: direct mixing, and additions in sequence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from alloyscope.errors import ReactionError, message
from alloyscope.reaction.experiment import Addition, Experiment, Product
from alloyscope.reaction.integration import DONE, integrate
from alloyscope.reaction.layout import Layout, layout_of
from alloyscope.reaction.network import Network, network_of
from alloyscope.reaction.reaction import Reaction
from alloyscope.reaction.trajectory import Trajectory

Floats = NDArray[np.float64]
Observe = Callable[[str, int, int | None], None]
RTOL = 1e-6
ATOL_SHARE = 1e-3
"""Absolute tolerance over the relative one, in clusters per cluster fed."""

MOST_STEPS = 100_000


@dataclass(frozen=True, eq=False)
class _Mixture:
    """A solution: what is in it, per `reaction.size` metal atoms, and how much of it there is.

    fed    : clusters fed, in the same measure
    metals : metal atoms in all, in units of the experiment's ratio
    """

    state: Floats
    fed: float
    metals: float

    def with_added(self, other: _Mixture) -> _Mixture:
        """Both together: stocks have equal metal concentration, so metals weigh."""
        whole = self.metals + other.metals
        a, b = self.metals / whole, other.metals / whole
        return _Mixture(a * self.state + b * other.state, a * self.fed + b * other.fed, whole)


@dataclass(frozen=True, eq=False)
class Simulator:
    """A reaction made ready to be simulated many times."""

    reaction: Reaction
    layout: Layout
    network: Network
    rtol: float = RTOL

    @classmethod
    def of(cls, reaction: Reaction, rtol: float = RTOL) -> Simulator:
        """Make a reaction ready."""
        return cls(reaction, layout_of(reaction), network_of(reaction), rtol)

    def run(
        self,
        experiment: Experiment,
        times: Sequence[float] | Floats,
        observe: Observe | None = None,
    ) -> Trajectory:
        """Simulate one experiment.

        times : minutes from the start, ascending; at the time of an addition, before it
        Raises ReactionError for times that do not ascend, and where the solver gives up.
        """
        asked = np.asarray(times, float)
        ascending = asked.size > 0 and asked[0] >= 0 and bool((np.diff(asked) > 0).all())
        if not ascending or not np.isfinite(asked).all():
            raise ReactionError(
                message("times", found=", ".join(f"{t:g}" for t in asked) or "none",
                        expected="minutes of 0 or more, each after the one before")
            )  # fmt: skip
        if len(experiment.ratio) != len(self.reaction.parents):
            raise ReactionError(
                message("ratio", found=f"{len(experiment.ratio)} numbers",
                        expected=f"one for each of {len(self.reaction.parents)} parents")
            )  # fmt: skip
        amounts, fed, steps, factorisations = self._run(experiment, asked, observe)
        return Trajectory(self.reaction, experiment, self.layout, asked, amounts, fed, steps,
                          factorisations)  # fmt: skip

    def _run(
        self, experiment: Experiment, times: Floats, observe: Observe | None
    ) -> tuple[Floats, Floats, int, int]:
        ordered = sorted(experiment.additions, key=lambda addition: addition.at_min)
        at_start = [a for a in ordered if a.at_min == 0]
        mixture = self._mixed(experiment.ratio, at_start)
        start, steps, factorisations = 0.0, 0, 0
        amounts, fed = [], []
        later = [(t, list(some)) for t, some in
                 groupby(ordered[len(at_start) :], key=lambda a: a.at_min)]  # fmt: skip
        for part, (end, added) in enumerate([*later, (float(times[-1]), [])]):
            if observe:
                observe("simulating", part, len(later) + 1)
            last = not added
            inside = times[(times > start if start else times >= start) & (times <= end)]
            if inside.size == 0 and last:
                break
            samples = inside if last or (inside.size and inside[-1] == end) else [*inside, end]
            found, mixture, some, more = self._until(mixture, start, np.asarray(samples, float))
            amounts.append(found[: inside.size])
            fed.append(np.full(inside.size, mixture.fed))
            steps, factorisations, start = steps + some, factorisations + more, end
            for addition in added:
                mixture = mixture.with_added(self._added(addition))
        return np.concatenate(amounts), np.concatenate(fed), steps, factorisations

    def _until(
        self, mixture: _Mixture, start: float, samples: Floats
    ) -> tuple[Floats, _Mixture, int, int]:
        state = mixture.state.copy()
        out = np.empty((samples.size, state.size))
        status, steps, factorisations = integrate(
            self.network, state, start, samples, self.rtol, self.rtol * ATOL_SHARE, MOST_STEPS, out
        )
        if status != DONE:
            raise ReactionError(
                message("simulation", found=f"a solver that gave up after {steps} steps",
                        expected="rates that can be integrated",
                        do="Look for a rate constant that is far too large.")
            )  # fmt: skip
        return out, replace(mixture, state=out[-1].copy()), steps, factorisations

    def _mixed(self, ratio: tuple[float, ...], added: Sequence[Addition]) -> _Mixture:
        fed = zip(self.reaction.parents, ratio, strict=True)
        mixtures = [self._parent(parent.name, n) for parent, n in fed if n > 0]
        mixtures += [self._added(addition) for addition in added if addition.amount > 0]
        whole = mixtures[0]
        for other in mixtures[1:]:
            whole = whole.with_added(other)
        return whole

    def _added(self, addition: Addition) -> _Mixture:
        if isinstance(addition.what, str):
            return self._parent(addition.what, addition.amount)
        return self._product(addition.what, addition.amount)

    def _parent(self, name: str, clusters: float) -> _Mixture:
        parent = self.reaction.parent(name)
        metals = self.reaction.by_name[parent.framework].metals
        counts = tuple(parent.composition.get(metal, 0) for metal in self.reaction.metals)
        state = np.zeros(len(self.layout.contents))
        per_size = self.reaction.size / metals
        state[self.layout.state(parent.framework, counts)] = per_size
        return _Mixture(state, per_size, clusters * metals)

    def _product(self, product: Product, clusters: float) -> _Mixture:
        mixture = self._mixed(product.ratio, ())
        if product.after_min > 0:
            mixture = self._until(mixture, 0.0, np.array([product.after_min]))[1]
        return replace(mixture, metals=clusters * self.reaction.size / mixture.fed)


def simulate(
    reaction: Reaction,
    experiment: Experiment,
    times: Sequence[float] | Floats,
    observe: Observe | None = None,
    rtol: float = RTOL,
) -> Trajectory:
    """Simulate one experiment.

    times : minutes from the start, ascending; at the time of an addition, before it
    rtol  : relative tolerance of the integration
    Raises ReactionError for steps of no known kind, times that do not ascend, and where the solver
    gives up.
    """
    return Simulator.of(reaction, rtol).run(experiment, times, observe)
