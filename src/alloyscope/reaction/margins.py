"""By how much a reaction meets what was seen of it.

Every statement becomes margins, numbers that are 0 or more where it is met, on scales on which a
unit means the same everywhere: natural logarithms of ratios, atoms, shares. The likelihood of a
statement is the product over its margins m of the logistic 1 / (1 + exp(-m / w)), w being the width
of the scale; but for the chance MISREAD that it says nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from alloyscope.reaction.observation import Observation, Point
from alloyscope.reaction.seen import (
    FLOOR,
    amount,
    by_x,
    in_complexes,
    left,
    mean_and_sd,
    metal_ratio,
    share,
)
from alloyscope.reaction.trajectory import Snapshot

Floats = NDArray[np.float64]
Scale = Literal["log", "atoms", "share"]
Snapshots = Mapping[Point, Snapshot]
Part = tuple[Scale, float]

WIDTHS: dict[Scale, float] = {"log": 0.05, "atoms": 0.05, "share": 0.005}
"""Width of the logistic edge: how well a threshold, a shift, a difference of shares is known, when
it is taken for one of `READINGS`."""

FAR = 5.0
"""Widths are multiplied by this where a fit has yet to find its way."""

MISREAD = 0.02
"""Chance that a statement is wrong, or does not mean what it was taken for."""

TRACE = 1e-6
"""Clusters per cluster fed: of less, no statement about its compositions can be met."""

TIE = 1e-6
"""Atoms, or shares: a difference below it is rounding and no change."""


@dataclass(frozen=True)
class Thresholds:
    """Where "present", "absent", "seen" and the like begin.

    present  : least share of all clusters of a framework that is there; below, it is absent
    dominant : least share of one that dominates
    coexist  : least share of each of two that coexist
    edge     : least population, relative to the framework's maximum, at the ends of a range of x
    minor    : the same where the ends were minor signals
    window   : most of a framework that may lie outside its window
    change   : least relative change of what rises or falls
    pool     : metal in complexes per metal fed, above which there are complexes
    switch   : most of other frameworks on the side where those with the fewest electrons are
    """

    present: float = 0.05
    dominant: float = 0.50
    coexist: float = 0.10
    edge: float = 0.05
    minor: float = 0.01
    window: float = 0.10
    change: float = 0.05
    pool: float = 0.10
    switch: float = 0.10

    @classmethod
    def scaled(cls, lower: float, upper: float) -> Thresholds:
        """With `lower` in place of every 5 % and `upper` in place of every 10 %."""
        return cls(present=lower, edge=lower, change=lower,
                   coexist=upper, window=upper, pool=upper, switch=upper)  # fmt: skip


STANDARD = Thresholds()
Readings = tuple[tuple[float, Thresholds], ...]
READINGS: Readings = (
    (0.6, STANDARD), (0.2, Thresholds.scaled(0.02, 0.05)), (0.2, Thresholds.scaled(0.10, 0.15)),
)  # fmt: skip
"""Thresholds that a fit reads statements with, and the weight of each: 5 % is a convention."""


@dataclass(frozen=True, eq=False)
class Margins:
    """How far one statement is from not being met.

    values : (n,) margins, each 0 or more where met
    widths : (n,) of the logistic edge, in the same units
    """

    values: Floats
    widths: Floats

    @property
    def met(self) -> bool:
        """Whether the statement is met."""
        return bool((self.values >= 0).all())

    @property
    def log_likelihood(self) -> float:
        """Log of the product of logistics, or of the chance that the statement was misread."""
        return -_forgiven(float(np.logaddexp(0.0, -self.values / self.widths).sum()))

    @property
    def far_residuals(self) -> Floats:
        """(n,) the same with edges `FAR` times as wide and no misreading: a slope from afar."""
        return np.asarray(np.sqrt(2 * np.logaddexp(0.0, -self.values / (FAR * self.widths))))

    @property
    def residuals(self) -> Floats:
        """(n,) whose squares sum to -2 log likelihood; smooth in the margins."""
        nats = np.logaddexp(0.0, -self.values / self.widths)
        whole = float(nats.sum())
        # So well met that the sum is 0 in floating point: the limit of the ratio.
        share = _forgiven(whole) / whole if whole > 0 else 1 - MISREAD
        return np.asarray(np.sqrt(2 * nats * share))


def _forgiven(nats: float) -> float:
    """-log [(1 - MISREAD) exp(-nats) + MISREAD]: what a statement may cost at most is limited."""
    return -math.log1p((1 - MISREAD) * math.expm1(-nats))


def margins(
    observation: Observation, snapshots: Snapshots, thresholds: Thresholds = STANDARD
) -> Margins:
    """Margins of one observation.

    snapshots : by ratio and time, at least the observation's points
    """
    parts = list(JUDGES[observation.kind](observation, snapshots, thresholds))
    return Margins(np.array([value for _, value in parts]),
                   np.array([WIDTHS[scale] for scale, _ in parts]))  # fmt: skip


def log_likelihood(
    observations: Iterable[Observation], snapshots: Snapshots, readings: Readings = READINGS
) -> float:
    """Log likelihood of all that was stated, the mean over readings."""
    return sum(
        weight * margins(one, snapshots, thresholds).log_likelihood
        for one in observations for weight, thresholds in readings
    )  # fmt: skip


def residuals(
    observations: Iterable[Observation],
    snapshots: Snapshots,
    readings: Readings = READINGS,
    far: bool = False,
) -> Floats:
    """(n_margins,) whose squares sum to -2 log likelihood; as many whatever the snapshots hold.

    far : as `Margins.far_residuals`
    """
    found = []
    for one in observations:
        for weight, thresholds in readings:
            judged = margins(one, snapshots, thresholds)
            found.append(np.sqrt(weight) * (judged.far_residuals if far else judged.residuals))
    return np.concatenate([np.zeros(0), *found])


def _present(it: Observation, at: Snapshots, limit: Thresholds) -> Iterable[Part]:
    return [above(share(at[p], it.f[0]), limit.present) for p in it.points]


def _absent(it: Observation, at: Snapshots, limit: Thresholds) -> Iterable[Part]:
    return [below(share(at[p], it.f[0]), limit.present) for p in it.points]


def _dominant(it: Observation, at: Snapshots, limit: Thresholds) -> Iterable[Part]:
    odds = math.log(limit.dominant) - math.log1p(-limit.dominant)
    shares = [share(at[p], it.f[0]) for p in it.points]
    return [("log", math.log(s) - math.log1p(-s) - odds) for s in shares]


def _coexist(it: Observation, at: Snapshots, limit: Thresholds) -> Iterable[Part]:
    return [above(share(at[p], f), limit.coexist) for p in it.points for f in it.f]


def _dominant_x(it: Observation, at: Snapshots, limit: Thresholds) -> Iterable[Part]:
    for point in it.points:
        yield _there(at[point], it.f[0])
        yield from _inside_over_outside(by_x(at[point], it.f[0]), *_range(it))


def _inside_over_outside(p: Floats, lo: int, hi: int) -> Iterable[Part]:
    outside = np.concatenate([p[:lo], p[hi + 1 :]])
    if outside.size:
        yield above(float(p[lo : hi + 1].max()), float(outside.max()))


def _x_range(it: Observation, at: Snapshots, limit: Thresholds) -> Iterable[Part]:
    (lo, hi), edge = _range(it), limit.minor if it.minor else limit.edge
    for point in it.points:
        p = by_x(at[point], it.f[0])
        relative = p / p.max()
        yield _there(at[point], it.f[0])
        yield from _ends_at(relative[::-1], p.size - 1 - lo, it.lo_tol, edge)
        yield from _ends_at(relative, hi, it.hi_tol, edge)


def _max_x(it: Observation, at: Snapshots, limit: Thresholds) -> Iterable[Part]:
    (lo, hi), edge = _range(it), limit.minor if it.minor else limit.edge
    for point in it.points:
        p = by_x(at[point], it.f[0])
        p = p / p.max()
        yield _there(at[point], it.f[0])
        yield above(float(p[max(lo - it.lo_tol, 0) :].max()), edge)
        beyond = p[hi + it.hi_tol + 1 :]
        if beyond.size:
            yield below(float(beyond.max()), edge)


def _ends_at(relative: Floats, end: int, tolerance: int, edge: float) -> Iterable[Part]:
    """Whether the highest index with at least `edge` lies within the tolerance of `end`."""
    yield above(float(relative[max(end - tolerance, 0) :].max()), edge)
    beyond = relative[end + tolerance + 1 :]
    if beyond.size:
        yield below(float(beyond.max()), edge)


def _window(it: Observation, at: Snapshots, limit: Thresholds) -> Iterable[Part]:
    for point in it.points:
        yield below(outside_window(it, at[point]), limit.window)


def outside_window(it: Observation, snapshot: Snapshot) -> float:
    """Share of a framework that lies outside the window of an observation; 0 of nothing."""
    p = by_x(snapshot, it.f[0]) - FLOOR
    lo, hi = _range(it)
    x = np.arange(p.size)
    allowed = (x >= lo - it.lo_tol) & (x <= hi + it.hi_tol) | np.isin(x, it.also)
    return float(p[~allowed].sum() / (p.sum() + FLOOR)) + FLOOR


def _rising_mean_x(it: Observation, at: Snapshots, limit: Thresholds) -> Iterable[Part]:
    seen = [at[p] for p in it.points]
    yield from (_there(one, it.f[0]) for one in seen)
    means = [mean_and_sd(one, it.f[0])[0] for one in seen]
    yield from (("atoms", float(d) - TIE) for d in np.diff(means))


def _rising_share(it: Observation, at: Snapshots, limit: Thresholds) -> Iterable[Part]:
    shares = [share(at[p], it.f[0]) for p in it.points]
    return [("share", float(d) - TIE) for d in np.diff(shares)]


def _shift(it: Observation, at: Snapshots, limit: Thresholds) -> Iterable[Part]:
    which, sign = (1, -1) if it.kind == "narrowing" else (0, 1 if it.kind == "shift_up" else -1)
    for before, after in it.pairs:
        yield _there(at[before], it.f[0])
        yield _there(at[after], it.f[0])
        step = mean_and_sd(at[after], it.f[0])[which] - mean_and_sd(at[before], it.f[0])[which]
        yield "atoms", sign * step - TIE


def _changing(it: Observation, at: Snapshots, limit: Thresholds) -> Iterable[Part]:
    sign = 1 if it.kind == "increasing" else -1
    for before, after in it.pairs:
        rise = math.log(amount(at[after], it.f[0]) / amount(at[before], it.f[0]))
        yield "log", sign * rise - math.log1p(limit.change)


def _metal_ratio(it: Observation, at: Snapshots, limit: Thresholds) -> Iterable[Part]:
    for point in it.points:
        ratio = metal_ratio(at[point])
        yield above(ratio, (it.lo or 0.0) * (1 - TIE) + FLOOR)
        yield below(ratio, (it.hi or 0.0) * (1 + TIE) + FLOOR)


def _electrons(it: Observation, at: Snapshots, limit: Thresholds) -> Iterable[Part]:
    for side in it.sides:
        for point in it.points:
            if side.holds(point[0]) and set(side.frameworks) & set(it.f):
                yield above(share(at[point], *it.f), 1 - limit.switch)
            elif side.holds(point[0]):
                yield below(share(at[point], *it.f), limit.present)


def _efficiency(it: Observation, at: Snapshots, limit: Thresholds) -> Iterable[Part]:
    for point in it.points:
        yield above(left(at[point]) + FLOOR, (it.lo or 0.0) + FLOOR)
        if it.hi is not None and it.hi < 1:
            yield below(left(at[point]) + FLOOR, it.hi + FLOOR)


def _complexes(it: Observation, at: Snapshots, limit: Thresholds) -> Iterable[Part]:
    judge = below if it.size == "none" else above
    held = [max(in_complexes(at[p], it.metal), 0.0) + FLOOR for p in it.points]
    return [judge(metal, limit.pool) for metal in held]


def above(value: float, limit: float) -> Part:
    """How far a positive value is above a limit."""
    return "log", math.log(value / limit)


def below(value: float, limit: float) -> Part:
    """How far a positive value is below a limit."""
    return "log", math.log(limit / value)


def _there(snapshot: Snapshot, framework: str) -> Part:
    return above(amount(snapshot, framework), TRACE)


def _range(it: Observation) -> tuple[int, int]:
    return math.ceil(it.lo or 0.0), math.floor(it.hi or 0.0)


JUDGES: dict[str, Callable[[Observation, Snapshots, Thresholds], Iterable[Part]]] = {
    "framework_present": _present,
    "framework_absent": _absent,
    "framework_dominant": _dominant,
    "coexist": _coexist,
    "dominant_x": _dominant_x,
    "x_range": _x_range,
    "max_x": _max_x,
    "framework_window": _window,
    "monotone_mean_x": _rising_mean_x,
    "monotone_framework": _rising_share,
    "shift_up": _shift,
    "shift_down": _shift,
    "narrowing": _shift,
    "increasing": _changing,
    "decreasing": _changing,
    "ratio_range": _metal_ratio,
    "electrons": _electrons,
    "efficiency": _efficiency,
    "complexes": _complexes,
}
"""How each kind of statement is judged."""
