"""How sure the values of a reaction's parameters are, and draws from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from alloyscope.errors import ReactionError, message

if TYPE_CHECKING:
    from alloyscope.reaction.parameter import Parameter
    from alloyscope.reaction.reaction import Reaction

Floats = NDArray[np.float64]
WHERE = "posterior"
ROUNDED = 1e-6
"""What rounding in a file may take from symmetry, and from eigenvalues, of a covariance."""


@dataclass(frozen=True)
class Posterior:
    """What a fit leaves open: a normal distribution about the values of the parameters.

    names      : of parameters
    covariance : n rows of n, on the scale of fits: decades where a parameter is logarithmic, else
                 its unit
    Raises ReactionError for a matrix that is no covariance.
    """

    names: tuple[str, ...]
    covariance: tuple[tuple[float, ...], ...]

    def __post_init__(self) -> None:
        n = len(self.names)
        if len(self.covariance) != n or any(len(row) != n for row in self.covariance):
            raise ReactionError(
                message(f"{WHERE} covariance", found=f"{len(self.covariance)} rows of "
                        f"{', '.join(sorted({str(len(row)) for row in self.covariance})) or '0'}",
                        expected=f"{n} rows of {n}, one for each of its names")
            )  # fmt: skip
        if len(set(self.names)) != n:
            raise ReactionError(
                message(f"{WHERE} names", found="a name more than once", expected="each name once")
            )
        matrix = self.matrix
        largest = np.abs(matrix).max(initial=0.0)
        skew = np.abs(matrix - matrix.T).max(initial=0.0)
        if not np.isfinite(largest) or skew > ROUNDED * largest:
            raise ReactionError(
                message(f"{WHERE} covariance", expected="a covariance",
                        found="a matrix that is not symmetric, or not finite")
            )  # fmt: skip
        if np.linalg.eigvalsh(matrix).min(initial=0.0) < -ROUNDED * largest:
            raise ReactionError(
                message(f"{WHERE} covariance", found="a negative variance", expected="a covariance")
            )

    @property
    def matrix(self) -> Floats:
        """(n, n) covariance."""
        return np.array(self.covariance, float).reshape(len(self.names), len(self.names))


def drawn_values(reaction: Reaction, n: int, seed: int) -> tuple[dict[str, float], ...]:
    """Values of parameters by name, drawn about those that the reaction has, within the bounds.

    From the posterior that comes with the reaction; without one, with the spread of each free
    parameter's prior, where that is flat with that of its bounds.
    """
    names, covariance = _spread(reaction)
    by_name = {p.name: p for p in reaction.parameters}
    drawn = [by_name[name] for name in names]
    values, vectors = np.linalg.eigh(covariance)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    moved = np.random.default_rng(seed).standard_normal((n, len(names))) @ root.T
    centre = np.array([p.coordinate(p.value) for p in drawn])
    return tuple({p.name: _held(p, x) for p, x in zip(drawn, row, strict=True)}
                 for row in centre + moved)  # fmt: skip


def prior_sd(parameter: Parameter) -> float:
    """Spread of a prior, in coordinates of a fit; where it is flat, of what the bounds leave.

    >>> from alloyscope.reaction.parameter import Parameter
    >>> round(prior_sd(Parameter("k", 1.0, low=0.0, high=12.0)), 3)
    3.464
    """
    low, high = parameter.bounds
    flat = min((high - low) / np.sqrt(12.0), 1e3)
    return float(parameter.sd if np.isfinite(parameter.sd) else flat)


def _spread(reaction: Reaction) -> tuple[tuple[str, ...], Floats]:
    if reaction.posterior is not None:
        return reaction.posterior.names, reaction.posterior.matrix
    sd = [prior_sd(p) for p in reaction.free]
    return tuple(p.name for p in reaction.free), np.diag(np.square(sd))


def _held(parameter: Parameter, coordinate: float) -> float:
    """The value at a coordinate, within the bounds."""
    low, high = parameter.bounds
    value = parameter.at(float(np.clip(coordinate, low, high)))
    return float(np.clip(value, parameter.low, parameter.high))
