"""Simulate a reaction: direct mixing, and additions in sequence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from alloyscope.errors import ReactionError, message
from alloyscope.reaction.experiment import Addition, Experiment, Product
from alloyscope.reaction.integration import DONE, integrate_recorded
from alloyscope.reaction.layout import Layout, layout_of
from alloyscope.reaction.network import Network, network_of
from alloyscope.reaction.reaction import Reaction
from alloyscope.reaction.tangents import carry, tolerance_of
from alloyscope.reaction.trajectory import Trajectory
from alloyscope.reaction.variation import Variation, only_moving, variation_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Observe = Callable[[str, int, int | None], None]
RTOL = 1e-6
ATOL_SHARE = 1e-3
"""Absolute tolerance over the relative one, in clusters per cluster fed."""

MOST_STEPS = 100_000


@dataclass(frozen=True, eq=False)
class _Mixture:
    """A solution: what is in it, per `reaction.size` metal atoms, and how much of it there is.

    tangents : (n + n_z, p) derivatives of the state by coordinates
    fed      : clusters fed, in the same measure
    metals   : metal atoms in all, in units of the experiment's ratio
    """

    state: Floats
    tangents: Floats
    fed: float
    metals: float

    def with_added(self, other: _Mixture) -> _Mixture:
        """Both together: stocks have equal metal concentration, so metals weigh."""
        whole = self.metals + other.metals
        a, b = self.metals / whole, other.metals / whole
        return _Mixture(a * self.state + b * other.state, a * self.tangents + b * other.tangents,
                        a * self.fed + b * other.fed, whole)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Simulator:
    """A reaction made ready to be simulated many times.

    carried : how the network changes with the parameters whose tangents are carried along
    """

    reaction: Reaction
    layout: Layout
    network: Network
    rtol: float = RTOL
    carried: Variation | None = None

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
        return self._run(experiment, self._checked(experiment, times), observe)[0]

    def run_with_tangents(
        self, experiment: Experiment, times: Sequence[float] | Floats
    ) -> tuple[Trajectory, Floats]:
        """Simulate one experiment, with the derivatives of its amounts by the free parameters.

        times : as of `run`
        Returns what `run` does, and (n_times, n_free, n_states + n_pools) derivatives by the
        coordinates of `reaction.free`: per decade where logarithmic, else per unit.
        Raises ReactionError as `run` does.
        """
        varied, moving = self._variation
        asked = self._checked(experiment, times)
        trajectory, found = replace(self, carried=varied)._run(experiment, asked, None)
        tangents = np.zeros((asked.size, len(self.reaction.free), len(self.layout.contents)))
        tangents[:, moving] = found.transpose(0, 2, 1)
        return trajectory, tangents

    @cached_property
    def _variation(self) -> tuple[Variation, Ints]:
        return only_moving(variation_of(self.reaction, self.network, self.reaction.free))

    def _checked(self, experiment: Experiment, times: Sequence[float] | Floats) -> Floats:
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
        return asked

    def _run(
        self, experiment: Experiment, times: Floats, observe: Observe | None
    ) -> tuple[Trajectory, Floats]:
        """The trajectory, and (n_times, n + n_z, p) tangents."""
        ordered = sorted(experiment.additions, key=lambda addition: addition.at_min)
        at_start = [a for a in ordered if a.at_min == 0]
        mixture = self._mixed(experiment.ratio, at_start)
        start, steps, factorisations = 0.0, 0, 0
        amounts, tangents, fed = [], [], []
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
            found, along, mixture, some, more = self._until(mixture, start,
                                                            np.asarray(samples, float))  # fmt: skip
            amounts.append(found[: inside.size])
            tangents.append(along[: inside.size])
            fed.append(np.full(inside.size, mixture.fed))
            steps, factorisations, start = steps + some, factorisations + more, end
            for addition in added:
                mixture = mixture.with_added(self._added(addition))
        trajectory = Trajectory(self.reaction, experiment, self.layout, times,
                                np.concatenate(amounts), np.concatenate(fed), steps,
                                factorisations)  # fmt: skip
        return trajectory, np.concatenate(tangents)

    def _until(
        self, mixture: _Mixture, start: float, samples: Floats
    ) -> tuple[Floats, Floats, _Mixture, int, int]:
        state, tangents = mixture.state.copy(), mixture.tangents.copy()
        out, along = np.empty((samples.size, state.size)), np.empty((samples.size, tangents.size))
        status, steps, factorisations, record = integrate_recorded(
            self.network, state, start, samples, self.rtol, self.rtol * ATOL_SHARE, MOST_STEPS,
            out, self.carried is not None,
        )  # fmt: skip
        if status != DONE:
            raise ReactionError(
                message("simulation", found=f"a solver that gave up after {steps} steps",
                        expected="rates that can be integrated",
                        do="Look for a rate constant that is far too large.")
            )  # fmt: skip
        if self.carried is not None:
            carry(self.network, self.carried, mixture.state, record, tolerance_of(self.rtol),
                  tangents, along)  # fmt: skip
        after = replace(mixture, state=out[-1].copy(), tangents=tangents)
        return out, along.reshape(samples.size, *tangents.shape), after, steps, factorisations

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
        counts = parent.counts(self.reaction.metals)
        state = np.zeros(len(self.layout.contents))
        per_size = self.reaction.size / metals
        state[self.layout.state(parent.framework, counts)] = per_size
        n_carried = self.carried.row.shape[0] if self.carried else 0
        return _Mixture(state, np.zeros((state.size, n_carried)), per_size, clusters * metals)

    def _product(self, product: Product, clusters: float) -> _Mixture:
        mixture = self._mixed(product.ratio, ())
        if product.after_min > 0:
            mixture = self._until(mixture, 0.0, np.array([product.after_min]))[2]
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
