"""How shares and mean compositions depend on each parameter of a reaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alloyscope.reaction.experiment import Experiment
from alloyscope.reaction.parameter import Parameter
from alloyscope.reaction.reaction import Reaction
from alloyscope.reaction.simulate import RTOL, Simulator
from alloyscope.reaction.trajectory import Trajectory

Floats = NDArray[np.float64]
LEAST = 1e-9
"""Clusters per cluster fed: of a framework with less, nothing is said."""


@dataclass(frozen=True, eq=False)
class Sensitivities:
    """Derivatives of a simulated reaction by its free parameters.

    By ln of a parameter's value where it is logarithmic, else by its value, in its unit.

    parameters : (n_free,) in the order of the columns
    trajectory : at which they were taken
    share      : by framework, (n_times, n_free) of ln(share of all clusters)
    mean_x     : by framework, (n_times, n_free) of the mean count of the first metal
    nan where there is next to nothing of a framework.
    """

    parameters: tuple[Parameter, ...]
    trajectory: Trajectory
    share: dict[str, Floats]
    mean_x: dict[str, Floats]


def sensitivities(
    reaction: Reaction,
    experiment: Experiment,
    times: Sequence[float] | Floats,
    rtol: float = RTOL,
) -> Sensitivities:
    """How a reaction depends on each of its free parameters, the others held.

    times : minutes from the start, ascending; at the time of an addition, before it
    rtol  : relative tolerance of the integration
    Raises ReactionError as `simulate` does.
    """
    run, tangents = Simulator.of(reaction, rtol).run_with_tangents(experiment, times)
    logarithmic = np.array([p.logarithmic for p in reaction.free], bool)
    slopes = tangents / np.where(logarithmic, np.log(10.0), 1.0)[:, None] / run.fed[:, None, None]
    total = np.sum(list(run.total.values()), axis=0)[:, None]
    whole = slopes[:, :, : run.layout.n_states].sum(axis=2) / total
    share, mean_x = {}, {}
    for name, own in run.layout.slices.items():
        held = np.where(run.total[name] > LEAST, run.total[name], np.nan)[:, None]
        share[name] = slopes[:, :, own].sum(axis=2) / held - whole
        off = run.counts(name)[:, 0] - run.mean_count(name)[:, None]
        mean_x[name] = np.einsum("tpk,tk->tp", slopes[:, :, own], off) / held
    return Sensitivities(reaction.free, run, share, mean_x)
