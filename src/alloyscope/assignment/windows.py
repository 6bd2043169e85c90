"""Which ion each of several small windows shows: envelopes as papers print them, one in each.

A printed window is a few m/z wide, of arbitrary height, and holds nothing but its envelope:
`assign` has nothing to learn noise, baseline and calibration from. Here every candidate k is drawn
alone, and candidates are compared by

    y_j = b + a T_k(x_j; o, R) + e_j,      var e_j = s^2 (y~_j + c)

with y~ the signal averaged over a peak width. Height a >= 0, baseline b >= 0 and error scale s are
the window's own; o (ppm) and R are calibration and resolving power. With a, b and s at their best

    ln L_k(o, R) = -(n / 2 l) ln chi2_k(o, R)

n points of which l have their residual together (1 + 2 x the sum of its autocorrelation). So the
misfit of the best candidate says how large errors are: wrong shapes and ion statistics count like
noise, and odds stay sober. c, too, is the window's own, by maximum likelihood.

Alone, a window's o and R have wide priors. Together, windows of one instrument have

    o = offset + drift u + d,    u = (m/z - reference) / 1000,    R = R0 (m/z / 2500)^p

where d is what is wrong with the window's own axis: as a rule `axis` m/z, now and then far more.
Odds are summed over o and R at the parameters that fit all windows best.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import logsumexp

from alloyscope.assignment.assign import DEFAULT_ACCURACY, DEFAULT_POWER, Hints
from alloyscope.assignment.assignment import Member
from alloyscope.assignment.calibration import offset_cost
from alloyscope.assignment.candidates import Candidates, candidates
from alloyscope.assignment.fit import Library, library_of
from alloyscope.assignment.instrument import PRIOR_SD, Instrument, prior_instrument
from alloyscope.assignment.listing import IonListing
from alloyscope.assignment.space import SearchSpace
from alloyscope.assignment.trace import points_together
from alloyscope.chemistry.element import IsotopeTable
from alloyscope.errors import SpectrumError, message
from alloyscope.numerics.templates import render
from alloyscope.spectra import ProfileSpectrum

Floats = NDArray[np.float64]

AXIS = 0.003
"""m/z by which the axis of a printed window is off, as a rule."""

OFFSETS = np.arange(-80.0, 80.5, 1.0)
"""ppm."""

POWERS = np.linspace(-0.6, 0.6, 9)
"""Logarithm of the resolving power over the expected one."""

POWER_SD = {True: 0.1, False: 0.3}
"""1 sd of the logarithm of a resolving power that is stated, and of one that is not."""

FLOORS = (0.003, 0.01, 0.03, 0.1, 0.3)
"""Error without signal over that at the tallest point, as variances."""

LEAST_INSIDE = 0.5
"""Share of an ion's isotope pattern that must lie within a window."""

LEAST_ODDS = 1e-4
MARGIN = 0.5


@dataclass(frozen=True)
class RankedWindow:
    """What a window shows.

    members    : candidates, the most probable first, with the probability of each
    offset_ppm, resolving_power : of the most probable
    likeness   : share of the window's variance that the most probable accounts for
    effective_points : points that count, their residuals' correlation taken off
    """

    source: str
    members: tuple[Member, ...]
    offset_ppm: float
    resolving_power: float
    likeness: float
    effective_points: float

    def leading(self, odds: float = 20.0) -> tuple[Member, ...]:
        """Members no further than `odds` to one from the most probable."""
        return tuple(m for m in self.members if m.odds * odds >= self.members[0].odds)


@dataclass(frozen=True, eq=False)
class _Landscape:
    """How well each candidate does in one window.

    nats      : (n_ions, n_offsets, n_powers) log likelihood less the prior cost of the ion
    chi2      : the same, chi square over that of a flat line
    mz        : middle of the window
    instrument : as expected
    """

    source: str
    found: Candidates
    nats: Floats
    chi2: Floats
    effective: float
    mz: float
    instrument: Instrument


def rank_windows(
    windows: Sequence[ProfileSpectrum], space: SearchSpace | IonListing,
    hints: Hints | None = None, *, shared: bool = True, axis: float = AXIS,
    table: IsotopeTable | None = None,
) -> tuple[RankedWindow, ...]:  # fmt: skip
    """The candidates of each window, by odds.

    windows : profiles of a few m/z, one envelope in each
    shared  : whether all were taken with one calibration and resolving power
    axis    : m/z by which a window's own axis is off, as a rule

    Raises SpectrumError for a window in which no candidate lies.

    >>> from alloyscope import IonListing, parse_ion, read_mass_spectrum
    >>> zoomed = read_mass_spectrum("examples/au44-ag44.mzML").window(2329, 2342)
    >>> listed = ["[Ag44(p-MBA)30]4-", "[Ag44(p-MBA)30-H]4-", "[Ag43(p-MBA)30+5Na-4H]4-"]
    >>> (ranked,) = rank_windows([zoomed], IonListing(tuple(map(parse_ion, listed))), shared=False)
    >>> str(ranked.members[0].ion), ranked.members[0].odds > 0.99
    ('[Ag44(p-MBA)30]4-', True)
    """
    hints = hints or Hints()
    seen = [_landscape(window, space, hints, table) for window in windows]
    if not shared or not seen:
        return tuple(_ranked(one, _prior(one, hints)) for one in seen)
    priors = _common_prior(seen, hints, axis)
    return tuple(_ranked(one, prior) for one, prior in zip(seen, priors, strict=True))


def _landscape(
    window: ProfileSpectrum, space: SearchSpace | IonListing, hints: Hints,
    table: IsotopeTable | None,
) -> _Landscape:  # fmt: skip
    mz, y = np.asarray(window.mz), np.asarray(window.intensity)
    y = y - min(float(y.min()), 0.0)
    found, library = _inside(space, float(mz[0]), float(mz[-1]), table)
    source = window.acquisition.source
    if not len(found) or not y.any():
        raise SpectrumError(
            message(source, found=f"no ion of the search space at m/z {mz[0]:.1f} to {mz[-1]:.1f}",
                    expected="one or more", do="Widen the search space, or leave this window out.")
        )  # fmt: skip
    middle = float(mz.mean())
    instrument = _expected(middle, hints)
    seen = _smoothed(mz, y, instrument.width(middle))
    weights = 1.0 / (seen + np.array(FLOORS)[:, None] * float(y.max()))
    every = _chi2(mz, y, weights, library, instrument)
    fits = np.log(weights).sum(axis=1) - y.size * np.log(every.min(axis=(1, 2, 3)))
    chi2, weight = every[fits.argmax()], weights[fits.argmax()]
    effective = y.size / points_together(_left(mz, y, weight, library, instrument, chi2), y.size)
    nats = -0.5 * effective * np.log(chi2 / chi2.min()) - found.penalty[:, None, None]
    flat = float(weight @ (y - weight @ y / weight.sum()) ** 2)
    return _Landscape(source, found, nats, chi2 / flat, effective, middle, instrument)


def _expected(middle: float, hints: Hints) -> Instrument:
    """The instrument before the windows are seen."""
    transform = bool(hints.transform)
    power = hints.resolving_power or DEFAULT_POWER[transform]
    at = hints.resolving_power_at or (400.0 if transform else 2500.0)
    return prior_instrument(middle, power, at, transform)


def _left(
    mz: Floats, y: Floats, weight: Floats, library: Library, instrument: Instrument, chi2: Floats
) -> Floats:
    """(n_points,) residual of the best candidate, over its sd but for the error scale."""
    k, o, p = np.unravel_index(int(chi2.argmin()), chi2.shape)
    seen = _at(instrument, float(OFFSETS[o]), float(POWERS[p]))
    best = _dense(mz, library.take(np.array([k])), seen)
    height, base, _ = _best_heights(best, y, weight[None, :])
    return np.asarray((y - height[0] * best[0] - base[0]) * np.sqrt(weight))


def _inside(
    space: SearchSpace | IonListing, low: float, high: float, table: IsotopeTable | None
) -> tuple[Candidates, Library]:
    """Candidates of which enough lies in the window."""
    found = candidates(space, low - MARGIN, high + MARGIN, table)
    library = library_of(found, table)
    held = np.where((library.mz >= low) & (library.mz <= high), library.share, 0.0)
    share = np.add.reduceat(np.append(held, 0.0), library.bounds[:-1]) if len(found) else held
    kept = np.flatnonzero(share > LEAST_INSIDE)
    return found.take(kept), library.take(kept)


def _smoothed(mz: Floats, y: Floats, width: float) -> Floats:
    """(n_points,) mean of the signal over one peak width about each point."""
    total = np.append(0.0, np.cumsum(y))
    low, high = np.searchsorted(mz, mz - 0.5 * width), np.searchsorted(mz, mz + 0.5 * width)
    return np.asarray((total[high] - total[low]) / np.maximum(high - low, 1))


def _at(instrument: Instrument, offset: float, power: float) -> Instrument:
    """The instrument with another offset, ppm, and another resolving power, log of the ratio."""
    theta = instrument.theta.copy()
    theta[0], theta[3] = offset, instrument.centre[3] + power
    return replace(instrument, theta=theta)


def _dense(mz: Floats, library: Library, seen: Instrument) -> Floats:
    """(n_ions, n_points) each ion's density at the points."""
    shape, low = seen.shape
    first, places, values = render(mz, np.ones(mz.size), library.bounds, library.mz, library.share,
                                   seen.reference, seen.theta, shape, low)  # fmt: skip
    ion = np.repeat(np.arange(len(library)), np.diff(places))
    out = np.zeros((len(library), mz.size))
    out[ion, first[ion] + np.arange(values.size) - places[ion]] = values
    return out


def _chi2(
    mz: Floats, y: Floats, weights: Floats, library: Library, instrument: Instrument
) -> Floats:
    """(n_weights, n_ions, n_offsets, n_powers), height and baseline at their best.

    weights : (n_weights, n_points)
    """
    out = np.empty((len(weights), len(library), OFFSETS.size, POWERS.size))
    for o, p in np.ndindex(OFFSETS.size, POWERS.size):
        drawn = _dense(mz, library, _at(instrument, float(OFFSETS[o]), float(POWERS[p])))
        out[:, :, o, p] = _best_heights(drawn, y, weights)[2].T
    return out


def _best_heights(drawn: Floats, y: Floats, weights: Floats) -> tuple[Floats, Floats, Floats]:
    """(n_ions, n_weights) height and baseline, neither negative, and chi square."""
    ty, t1, tt = drawn @ (weights * y).T, drawn @ weights.T, drawn**2 @ weights.T
    n, y1, yy = weights.sum(axis=1), weights @ y, weights @ y**2
    tt = np.maximum(tt, 1e-300)
    det = np.maximum(tt * n - t1**2, 1e-12 * tt * n)
    height, base = (ty * n - t1 * y1) / det, (tt * y1 - t1 * ty) / det
    height = np.where(base < 0, ty / tt, height)
    base = np.where(height < 0, y1 / n, np.maximum(base, 0.0))
    height = np.maximum(height, 0.0)
    return height, base, yy - height * ty - base * y1


def _prior(one: _Landscape, hints: Hints) -> Floats:
    """(n_offsets, n_powers) log prior of a window alone."""
    accuracy = hints.mass_accuracy_ppm or DEFAULT_ACCURACY[bool(hints.transform)]
    spread = POWER_SD[hints.resolving_power > 0]
    return np.asarray(-offset_cost(OFFSETS, accuracy)[:, None] - 0.5 * (POWERS / spread) ** 2)


def _common_prior(seen: Sequence[_Landscape], hints: Hints, axis: float) -> list[Floats]:
    """(n_offsets, n_powers) log prior of each window, the instrument learned from all of them."""
    accuracy = hints.mass_accuracy_ppm or DEFAULT_ACCURACY[bool(hints.transform)]
    spread = np.array([np.inf, PRIOR_SD[1], POWER_SD[hints.resolving_power > 0], PRIOR_SD[4]])
    reference = float(np.mean([one.mz for one in seen]))

    def priors(theta: Floats) -> list[Floats]:
        return [_window_prior(one, theta, reference, axis) for one in seen]

    def cost(theta: Floats) -> float:
        known = sum(float(logsumexp(one.nats + prior))
                    for one, prior in zip(seen, priors(theta), strict=True))  # fmt: skip
        return (
            -known
            + float(offset_cost(theta[0], accuracy))
            + 0.5 * float(((theta / spread) ** 2).sum())
        )

    starts = np.array([[o, 0.0, p, 0.0] for o in OFFSETS[::5] for p in POWERS[::2]])
    costs = np.array([cost(start) for start in starts])
    ends = [
        minimize(cost, starts[k], method="Nelder-Mead",
                 options={"initial_simplex": starts[k] + SIMPLEX, "xatol": 0.05, "fatol": 0.01})
        for k in np.argsort(costs)[:3]
    ]  # fmt: skip
    return priors(min(ends, key=lambda end: float(end.fun)).x)


SIMPLEX = np.vstack((np.zeros(4), np.diag([4.0, 4.0, 0.1, 0.05])))
WIDTH_SD = 0.1
"""1 sd of the logarithm of a window's own resolving power about the common one."""


def _window_prior(one: _Landscape, theta: Floats, reference: float, axis: float) -> Floats:
    """(n_offsets, n_powers) log prior of one window.

    theta : offset, ppm; drift, ppm per 1000; log of the power over the expected; its exponent
    """
    off = OFFSETS - theta[0] - theta[1] * (one.mz - reference) / 1000.0
    width = POWERS - theta[2] - theta[3] * np.log(one.mz / 2500.0)
    cost = offset_cost(off, 1e6 * axis / one.mz)
    return np.asarray(-cost[:, None] - 0.5 * (width / WIDTH_SD) ** 2)


def _ranked(one: _Landscape, prior: Floats) -> RankedWindow:
    nats = one.nats + prior
    each = np.asarray(logsumexp(nats, axis=(1, 2)))
    odds = np.exp(each - logsumexp(each))
    order = np.argsort(-odds, kind="stable")
    kept = [k for k in order.tolist() if odds[k] >= LEAST_ODDS]
    members = tuple(
        Member(one.found.ion(k), one.found.framework_name(k), float(odds[k])) for k in kept
    )
    best = kept[0]
    o, p = np.unravel_index(int(nats[best].argmax()), nats[best].shape)
    power = float(one.mz / _at(one.instrument, 0.0, float(POWERS[p])).width(one.mz))
    return RankedWindow(one.source, members, float(OFFSETS[o]), power,
                        1.0 - float(one.chi2[best, o, p]), one.effective)  # fmt: skip
