"""Fit a model of a shell to a measured distribution."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from alloyscope.shells.distribution import LigandDistribution
from alloyscope.shells.likelihood import Residuals, goodness, residuals_of
from alloyscope.shells.models import Coordinate, Model, ModelName, model_of
from alloyscope.shells.sites import LigandSites

Floats = NDArray[np.float64]
RISE = 3.841
"""Of the deviance at the ends of a 95 % interval."""

NEAR = 2e-3
"""Standard deviations to which an end is found."""

REACH = 12.0
"""Standard deviations within which an end of an interval is looked for."""


@dataclass(frozen=True)
class ShellParameter:
    """A fitted number.

    sd        : to first order
    low, high : 95 % interval by the profile of the likelihood; infinite where it is open
    """

    name: str
    value: float
    sd: float
    low: float
    high: float
    unit: str = ""


@dataclass(frozen=True, eq=False)
class ShellFit:
    """A model of a shell fitted to a distribution.

    shell     : (N + 1,) probability of every k
    deviance  : twice the log likelihood lost against one free number for each k
    p_value   : chance of as large a misfit; nan where no freedom is left
    freedom   : k that were looked at less 1 and the parameters
    bic       : deviance + parameters ln(number of data)
    notes     : what the user must know, one sentence each
    """

    model: ModelName
    parameters: tuple[ShellParameter, ...]
    shell: Floats
    deviance: float
    freedom: int
    p_value: float
    bic: float
    notes: tuple[str, ...] = ()

    def parameter(self, name: str) -> ShellParameter:
        """The parameter of this name. Raises KeyError."""
        return {one.name: one for one in self.parameters}[name]

    def as_json(self) -> dict[str, Any]:
        """The fit in plain types; None for what is open or not known."""
        plain = [{"name": p.name, "unit": p.unit, **{key: finite(getattr(p, key)) for key in (
            "value", "sd", "low", "high")}} for p in self.parameters]  # fmt: skip
        return {
            "model": self.model, "parameters": plain, "shell": self.shell.tolist(),
            "deviance": self.deviance, "freedom": self.freedom, "p_value": finite(self.p_value),
            "bic": self.bic, "notes": self.notes,
        }  # fmt: skip


def finite(value: float) -> float | None:
    """The number, or None where it is infinite or not known."""
    return float(value) if np.isfinite(value) else None


def fit_shell(
    distribution: LigandDistribution,
    model: str = "random",
    sites: LigandSites | None = None,
    *,
    intervals: bool = True,
) -> ShellFit:
    """Fit a model: "random", "two-site", "cooperative" or "two populations".

    sites     : classes of ligand sites of "two-site"; those known of the framework by default
    intervals : computed, which takes most of the time; without them they are infinite
    Raises SpeciationError for a model that is none or lacks its classes.
    """
    ready = model_of(model, distribution, sites)
    residuals = residuals_of(distribution)
    u, jacobian = _least(ready, residuals, ready.starts)
    shell = ready.shell(u)
    found = residuals(shell)
    deviance, n = float(found @ found), len(ready.coordinates)
    p_value, freedom = goodness(distribution, shell, n + ready.extra)
    sd = _spreads(jacobian)
    starts = [u, *_other_preference(ready, residuals, u, deviance)]
    parameters = tuple(
        _parameter(one, k, starts, float(sd[k]), deviance, ready, residuals, intervals)
        for k, one in enumerate(ready.coordinates)
    )
    data = distribution.amount.sum() if distribution.counted else distribution.k.size
    bic = deviance + (n + ready.extra) * float(np.log(max(data, 2.0)))
    notes = tuple(
        f"A {ready.coordinates[1].name} of {np.exp(other[1]):.2g} fits as well: the distribution "
        "does not tell which class is preferred." for other in starts[1:]
    )  # fmt: skip
    return ShellFit(ready.name, parameters, shell, deviance, freedom, p_value, bic, notes)


def _other_preference(
    ready: Model, residuals: Residuals, u: Floats, deviance: float
) -> tuple[Floats, ...]:
    """Coordinates where the other class of sites is preferred, where that may as well be."""
    if ready.name != "two-site" or abs(u[1]) < 1e-3:
        return ()
    far = tuple(start for start in ready.starts if start[1] * u[1] < 0)
    other, _ = _least(ready, residuals, far)
    found = residuals(ready.shell(other))
    as_well = other[1] * u[1] < 0 and float(found @ found) - deviance < RISE
    return (other,) if as_well else ()


def _least(
    ready: Model, residuals: Residuals, starts: tuple[tuple[float, ...], ...],
    fixed: tuple[int, float] | None = None,
) -> tuple[Floats, Floats]:  # fmt: skip
    """Coordinates of least deviance from these starts, one held perhaps, and the Jacobian."""
    free = [k for k in range(len(ready.coordinates)) if fixed is None or k != fixed[0]]
    low = np.array([ready.coordinates[k].low for k in free])
    high = np.array([ready.coordinates[k].high for k in free])

    def whole(part: Floats) -> Floats:
        u = np.empty(len(ready.coordinates))
        u[free] = part
        if fixed is not None:
            u[fixed[0]] = fixed[1]
        return u

    best, found = np.inf, None
    for start in starts:
        begin = np.clip(np.array(start)[free], low + 1e-6, high - 1e-6)
        tried = least_squares(lambda part: residuals(ready.shell(whole(part))), begin,
                              bounds=(low, high), x_scale="jac", xtol=1e-9, ftol=1e-9,
                              gtol=1e-9, max_nfev=60)  # fmt: skip
        if tried.cost < best - 1e-10:
            best, found = float(tried.cost), tried
    assert found is not None
    return whole(found.x), np.asarray(found.jac)


def _spreads(jacobian: Floats) -> Floats:
    """1 sd of each coordinate; infinite where the data leave it open."""
    information = jacobian.T @ jacobian
    size, vectors = np.linalg.eigh(information)
    known = size > 1e-10 * max(float(size.max(initial=0.0)), 1e-300)
    inverse = np.where(known, 1.0 / np.where(known, size, 1.0), np.inf)
    with np.errstate(invalid="ignore"):
        parts = np.where(np.abs(vectors) > 1e-9, vectors**2 * inverse, 0.0)
    return np.asarray(np.sqrt(parts.sum(axis=1)))


def _parameter(
    one: Coordinate, k: int, optima: list[Floats], sd: float, deviance: float, ready: Model,
    residuals: Residuals, intervals: bool,
) -> ShellParameter:  # fmt: skip
    """The number with an interval that spans all optima that are as good."""
    u = optima[0]
    low, high = -float("inf"), float("inf")
    if intervals:
        low = min(_end(one, k, v, sd, -1, deviance, ready, residuals) for v in optima)
        high = max(_end(one, k, v, sd, 1, deviance, ready, residuals) for v in optima)
    spread = abs(one.slope(float(u[k]))) * sd
    return ShellParameter(one.name, one.reported(float(u[k])), spread, low, high, one.unit)


def _end(
    one: Coordinate, k: int, u: Floats, sd: float, side: int, deviance: float, ready: Model,
    residuals: Residuals,
) -> float:  # fmt: skip
    """An end of the 95 % interval: the deviance has risen by `RISE`, the rest refitted."""
    edge = one.high if side > 0 else one.low
    last = u.copy()

    def rise(value: float) -> float:
        nonlocal last
        if len(ready.coordinates) == 1:
            best = np.array([value])
        else:
            best, _ = _least(ready, residuals, (tuple(last),), (k, value))
            last = best
        found = residuals(ready.shell(best))
        return float(found @ found) - deviance - RISE

    step = sd if np.isfinite(sd) and sd > 0 else 1.0
    inner, outer, reach = float(u[k]), float(u[k]), 2.0
    while reach <= 2.0 * REACH:
        outer = float(np.clip(u[k] + side * reach * step, one.low, one.high))
        if rise(outer) > 0:
            return one.reported(_crossing(rise, inner, outer, NEAR * min(step, 1.0)))
        if outer == edge:
            break
        inner, reach = outer, 2.0 * reach
    if rise(edge) > 0:
        return one.reported(_crossing(rise, inner, edge, NEAR))
    return _open(one, side)


def _crossing(rise: Callable[[float], float], inner: float, outer: float, near: float) -> float:
    """Where a rise becomes positive, by halves: a refit that ends elsewhere does no harm."""
    while abs(outer - inner) > near + 1e-12:
        middle = 0.5 * (inner + outer)
        inner, outer = (inner, middle) if rise(middle) > 0 else (middle, outer)
    return 0.5 * (inner + outer)


def _open(one: Coordinate, side: int) -> float:
    """What an interval that does not end reaches: the limit where there is one."""
    if one.scale == "log":
        return 0.0 if side < 0 else float("inf")
    if one.scale:
        return 0.0 if side < 0 else float(one.scale)
    return side * float("inf")
