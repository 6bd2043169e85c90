"""A measured profile made ready for a fit: complete, with its baseline and noise."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import i0e, i1e, log_ndtr

from alloyscope.spectra.lattice import local_spacing
from alloyscope.spectra.mass_spectrum import ProfileSpectrum

Floats = NDArray[np.float64]
NOT_RECORDED = 25.0
"""Gaps wider than this, m/z, were not recorded; narrower ones are zeros that were left out."""

MARGIN = 2.0
MODEL_ERROR = 0.02
"""Share of the signal by which templates may be wrong at most: isotope table, peak shape."""

RAYLEIGH_SD = 0.655
"""Standard deviation of the size of complex noise over that of each of its parts."""

LEAST_MISFIT = 0.002
FEWEST_FLAT = 3
"""Pairs of neighbours at the highest value from which it is the detector's ceiling."""

MOST_OVER_QUIET = 6.0
"""Times the quietest stretches' variance that the variance without signal may be."""

MOST_TOGETHER, LEAST_TOGETHER = 10, 0.1
"""Lags looked at, and the autocorrelation from which neighbours' noise is one."""

FEW_COUNTS = 3.0
FEWEST_POINTS = 40
ENOUGH_POINTS = 6000
MOST_DAMAGED, IMPOSSIBLE = 0.05, 8.0
"""Share of points up to which, and standard deviations below the baseline from which, a point is
damaged, not measured."""


@dataclass(frozen=True)
class Trace:
    """Points of a profile with suppressed zeros put back.

    mz, signal : (n_points,); signal less the baseline
    step       : (n_points,) m/z that each point stands for
    base       : (n_points,) the baseline
    gain       : variance per signal of counting noise, in the signal's unit
    floor      : (n_points,) variance where there is no signal
    misfit     : share of the signal by which templates are wrong: isotope table, peak shape
    together   : points whose noise is one: 1 where it is independent, more where one ion's pulse,
                 or one isotopologue's number, moves several points at once
    quiet      : variance in the quietest stretches; 0 where that was not measured
    magnitude  : whether the signal is the size of a complex amplitude (Fourier transform)
    threshold  : intensity below which such a signal was set to zero; 0 where it was not
    """

    mz: Floats
    signal: Floats
    step: Floats
    base: Floats
    gain: float
    floor: Floats
    misfit: float = MODEL_ERROR
    together: float = 1.0
    quiet: float = 0.0
    magnitude: bool = False
    threshold: float = 0.0

    def variance(self, model: Floats) -> Floats:
        """(n_points,) variance of each point for an expected signal.

        Noise that several points have together counts as often: then sums over points have the
        variance that they really have, whatever weights they are summed with.
        """
        expected = np.maximum(model, 0.0)
        counted = self.together * self.gain * expected
        return self.floor + counted + (self.misfit * expected) ** 2

    def at(self, kept: NDArray[np.bool_] | slice) -> Trace:
        """These points alone."""
        return replace(self, mz=self.mz[kept], signal=self.signal[kept], step=self.step[kept],
                       base=self.base[kept], floor=self.floor[kept])  # fmt: skip

    def learned(self, model: Floats) -> Trace:
        """With the noise that a model (n_points,) leaves: counting gain, misfit, and the baseline.

        Maximum likelihood over points that hold a few counts or more, residuals beyond three
        standard deviations counting as if they were there: what the model lacks is not noise. Where
        no stretch of the trace is free of signal, the level that was taken for the baseline was
        signal; then the floor and the baseline are fitted as well.
        """
        empty = np.flatnonzero(model < 0.1 * np.sqrt(self.floor))
        if empty.size >= FEWEST_POINTS:
            known = self._from_empty(model, empty)
            known = known._of_amplitude(model) if self.magnitude else known
            known = known._from_signal(model, crowded=False)
        else:
            known = self._from_signal(model, crowded=True)
        return replace(known, together=known._shared(model))

    def _of_amplitude(self, model: Floats) -> Trace:
        """With what noise adds to the size of a complex amplitude, and what a threshold took.

        |s + n| has the mean sd R(s / sd), R(x) = sqrt(pi/2) L_1/2(-x^2/2) of S. O. Rice, Bell Syst.
        Tech. J. 24, 46 (1945): noise alone looks like a baseline of 1.25 sd, and adds next to
        nothing to a tall peak. Points set to zero are what they are on average below the threshold.
        """
        sd = np.sqrt(self.floor) / RAYLEIGH_SD
        x = np.maximum(model, 0.0) / sd
        square = 0.25 * x**2
        mean = np.sqrt(np.pi / 2) * ((1 + 2 * square) * i0e(square) + 2 * square * i1e(square))
        measured = self.signal + self.base
        base = self.base * (mean - x) / np.sqrt(np.pi / 2)
        signal = measured - base
        if self.threshold > 0.0:
            lost = (measured <= 0.0) & (model > np.sqrt(self.floor))
            sd = np.sqrt(self.variance(model))[lost]
            z = (self.threshold - base[lost] - model[lost]) / sd
            ratio = np.exp(-0.5 * z**2 - log_ndtr(z)) / np.sqrt(2 * np.pi)
            signal[lost] = np.clip(model[lost] - sd * ratio, -base[lost], self.threshold)
        return replace(self, signal=signal, base=measured - signal)

    def _shared(self, model: Floats) -> float:
        """How many points have their counting noise together."""
        seen = model > FEW_COUNTS * self.gain
        plain = self.floor + self.gain * np.maximum(model, 0.0)
        z = np.clip((self.signal - model) / np.sqrt(plain), -3.0, 3.0)
        alone = float((self.floor / plain)[seen].sum())
        return points_together(np.where(seen, z, 0.0), int(seen.sum()), alone)

    def _from_empty(self, model: Floats, empty: NDArray[np.intp]) -> Trace:
        """Baseline and floor anew from points (n_empty,) without signal."""
        measured = self.signal + self.base
        left, sd = measured[empty] - model[empty], np.sqrt(self.floor[empty])
        u = self._place
        line = np.polyfit(u[empty], self.base[empty], 1)
        for _ in range(3):
            off = np.clip(left - np.polyval(line, u[empty]), -4 * sd, 4 * sd)
            line = line + np.polyfit(u[empty], off, 1)
        level = np.asarray(np.polyval(line, u), np.float64)
        square = float(np.mean(np.minimum((left - level[empty]) ** 2, 16 * sd**2)))
        z = np.zeros(model.size)
        z[empty] = np.clip((left - level[empty]) / np.sqrt(max(square, 1e-300)), -4.0, 4.0)
        square *= points_together(z, empty.size)
        if self.quiet:  # what stands there unexplained is not noise
            square = min(square, MOST_OVER_QUIET * max(self.quiet, 0.1 * self.gain**2))
        floor = np.full(model.size, max(square, 0.1 * self.gain**2))
        return replace(self, signal=measured - level, base=level, floor=floor)

    @property
    def _place(self) -> Floats:
        """(n_points,) m/z from -1 at the trace's start to 1 at its end."""
        low, high = self.mz[0], self.mz[-1]
        return np.asarray((2 * self.mz - low - high) / max(high - low, 1e-9))

    def _from_signal(self, model: Floats, *, crowded: bool) -> Trace:
        """Gain and misfit anew; of a crowded trace the floor and the baseline, too."""
        seen = np.flatnonzero((model > FEW_COUNTS * self.gain) | crowded)
        if seen.size < FEWEST_POINTS:
            return self
        seen = seen[:: -(-seen.size // ENOUGH_POINTS)]
        mu, left, floor = model[seen], self.signal[seen] - model[seen], self.floor[seen]
        level = 0.0

        def cost(logs: Floats) -> float:
            nonlocal level
            gain, misfit, lift = np.exp(np.minimum(logs, (np.inf, np.inf, 0.0)))
            variance = lift * floor + gain * mu + (misfit * mu) ** 2
            sd = np.sqrt(variance)
            if crowded:
                level = float(np.average(np.clip(left, -3 * sd, 3 * sd), weights=1 / variance))
            ratio = (left - level) ** 2 / variance
            loss = np.minimum(ratio, 9.0) + 2.0 * np.log(np.maximum(ratio, 9.0) / 9.0)
            prior = (logs[0] - np.log(self.gain)) ** 2 + 1e3 * (not crowded) * logs[2] ** 2
            return float(np.mean(np.log(variance) + loss)) + float(prior) / mu.size

        start = np.array([np.log(self.gain), np.log(max(self.misfit, 2 * LEAST_MISFIT)), 0.0])
        corners = np.array([[0, 0, 0], [-0.7, 0, 0], [0, -0.7, 0], [0, 0, -1.0 * crowded]])
        found = minimize(cost, start, method="Nelder-Mead",
                         options={"maxfev": 100, "xatol": 0.02, "fatol": 1e-5,
                                  "initial_simplex": start + corners})  # fmt: skip
        cost(found.x)
        gain, misfit, lift = np.exp(np.minimum(found.x, (np.inf, np.inf, 0.0)))
        least = 0.1 * gain**2
        return replace(
            self, gain=float(gain), misfit=float(np.clip(misfit, LEAST_MISFIT, MODEL_ERROR)),
            floor=np.maximum(self.floor * (lift if crowded else 1.0), least),
            signal=self.signal - level, base=self.base + level,
        )  # fmt: skip


def points_together(z: Floats, n_seen: int, alone: float = 0.0) -> float:
    """How many neighbouring points share their noise: 1 + 2 x the sum of the autocorrelation.

    z      : (n_points,) residuals over their sd, 0 at points that are not looked at
    n_seen : points looked at
    alone  : part of the sum of squares that is known to be independent
    """
    power, total = float(z @ z), 1.0
    power = max(power - alone, 0.1 * power)
    if n_seen < FEWEST_POINTS or power <= 0.0:
        return 1.0
    for lag in range(1, MOST_TOGETHER):
        share = float(z[lag:] @ z[:-lag]) / power
        if share < LEAST_TOGETHER:
            break
        total += 2.0 * share
    return min(total, float(MOST_TOGETHER))


def trace_of(spectrum: ProfileSpectrum, magnitude: bool = False) -> Trace:
    """Put back the zeros that were left out, take off the baseline, and measure the noise."""
    mz, signal = np.asarray(spectrum.mz), np.asarray(spectrum.intensity)
    spacing = local_spacing(mz)
    if spacing is not None:
        mz, signal = _filled(mz, signal, spacing.at(mz))
    step = _steps(mz, None if spacing is None else spacing.at(mz))
    base, floor = _quiet(mz, signal)
    gain = _gain(signal - base, floor)
    # A chance count of one pulse must not look impossible where nothing at all was counted.
    zeros = float(np.mean(signal == 0.0))
    threshold = float(signal[signal > 0].min()) if magnitude and zeros > 0.05 else 0.0
    quiet = 0.0 if magnitude else float(floor[0])
    trace = Trace(mz, signal - base, step, base, gain, np.maximum(floor, 0.1 * gain**2),
                  quiet=quiet, magnitude=magnitude, threshold=threshold)  # fmt: skip
    damaged = trace.signal < -IMPOSSIBLE * np.sqrt(trace.floor)
    damaged &= damaged.mean() < MOST_DAMAGED
    lost = damaged | _saturated(signal, gain)
    return trace.at(~lost) if lost.any() else trace


def _saturated(signal: Floats, gain: float) -> NDArray[np.bool_]:
    """(n_points,) which points stand at a ceiling: many, side by side, at the very highest value.

    They are left out of the fit; the flanks that were recorded say how tall the peak is.
    """
    top: NDArray[np.bool_] = np.asarray(signal >= signal.max() * (1 - 1e-9), np.bool_)
    beside = int((top[1:] & top[:-1]).sum())
    flat = beside >= FEWEST_FLAT and signal.max() > 50.0 * gain
    return top if flat else np.zeros(signal.size, np.bool_)


def _steps(mz: Floats, spacing: Floats | None) -> Floats:
    """m/z that each point stands for: half the way to both neighbours, unless one is missing."""
    if spacing is None:
        return np.gradient(mz) if mz.size > 1 else np.ones(1)
    gaps = np.diff(mz)
    left, right = np.append(gaps[:1], gaps), np.append(gaps, gaps[-1:])
    step = np.asarray(0.5 * (left + right))
    return np.where(np.maximum(left, right) > 1.6 * spacing, spacing, step)


def _filled(mz: Floats, signal: Floats, step: Floats) -> tuple[Floats, Floats]:
    """The points with zeros where zeros were left out, which is where nothing was seen beside.

    A hole between points that hold signal, in a file whose other holes begin and end with a zero,
    is data that was lost: it stays a hole.
    """
    gaps = np.diff(mz)
    holes = np.flatnonzero(gaps > 1.6 * step[:-1])
    edges = np.maximum(signal[holes], signal[holes + 1])
    if holes.size and np.median(edges) <= signal.min():
        holes = holes[edges <= signal.min()]
    elif _lost(signal, edges):
        holes = holes[:0]
    more_mz, places = [], []
    for hole in holes:
        width = step[hole]
        if gaps[hole] <= NOT_RECORDED:
            count = round(gaps[hole] / width) - 1
            fill = mz[hole] + gaps[hole] / (count + 1) * np.arange(1, count + 1)
        else:
            count = int(MARGIN / width)
            fill = np.concatenate((mz[hole] + width * np.arange(1, count),
                                   mz[hole + 1] - width * np.arange(count - 1, 0, -1)))  # fmt: skip
        more_mz.append(fill)
        places.append(np.full(fill.size, hole + 1))
    if not more_mz:
        return mz, signal
    at, fill = np.concatenate(places), np.concatenate(more_mz)
    return np.insert(mz, at, fill), np.insert(signal, at, 0.0)


def _lost(signal: Floats, edges: Floats) -> bool:
    """Whether holes lie anywhere, in peaks as well as beside them: then points were lost."""
    high = np.quantile(signal, 0.75) if signal.size else 0.0
    return edges.size > 0 and bool(signal.min() < 0.0 or np.mean(edges > high) > 0.1)


def _quiet(mz: Floats, signal: Floats) -> tuple[Floats, Floats]:
    """Baseline and variance where there is no signal, from the quietest stretches of each part.

    The baseline is a straight line: that through two parts' levels which leaves a quarter of the
    levels below it, for a part that holds signal everywhere lies too high and none too low.
    """
    size, parts = 25, 12
    n = signal.size // size
    if n < 4:
        return np.zeros(signal.size), np.full(signal.size, max(float(np.var(signal)) * 0.01, 1e-12))
    blocks = signal[: n * size].reshape(n, size)
    mean, variance = blocks.mean(axis=1), blocks.var(axis=1)
    where, level, floor = [], [], []
    for rows in np.array_split(np.arange(n), min(parts, n // 4 or 1)):
        quiet = rows[np.argsort(mean[rows] + np.sqrt(variance[rows]))[: max(2, rows.size // 20)]]
        where.append(float(mz[quiet * size + size // 2].mean()))
        level.append(float(mean[quiet].mean()))
        floor.append(float(variance[quiet].mean()))
    spread = np.sort(floor)[: max(1, (len(floor) + 1) // 2)].mean()
    base = _line_below(np.array(where), np.array(level), mz)
    return base, np.full(signal.size, max(float(spread), 1e-12))


def _line_below(x: Floats, level: Floats, mz: Floats) -> Floats:
    """(n_points,) the line through two of the levels with the least pinball loss at a quarter."""
    best, line = np.inf, np.full(mz.size, float(level.min()))
    for i, j in combinations(range(x.size), 2):
        if x[i] == x[j]:
            continue
        slope = (level[j] - level[i]) / (x[j] - x[i])
        off = level - level[i] - slope * (x - x[i])
        loss = float(np.where(off > 0, 0.25 * off, -0.75 * off).sum())
        if loss < best:
            best, line = loss, level[i] + slope * (mz - x[i])
    return line


def _gain(signal: Floats, floor: Floats) -> float:
    """Counting variance per signal, from second differences that smooth peaks hardly have."""
    if signal.size < 20:
        return max(float(np.max(signal)) * 0.01, 1e-9)
    middle = signal[1:-1]
    local = (signal[:-2] + signal[1:-1] + signal[2:]) / 3
    second = (signal[:-2] - 2 * middle + signal[2:]) ** 2 / 6
    seen = local > 3 * np.sqrt(floor[1:-1])
    if seen.sum() < 20:
        return max(float(np.sqrt(floor.max())), 1e-9)
    order = np.argsort(local[seen])
    weak = order[: max(20, order.size // 2)]
    ratio = (second[seen][weak] - floor[1:-1][seen][weak]) / local[seen][weak]
    return max(float(np.median(ratio)) / 0.45, 0.2 * float(np.mean(ratio)), 1e-9)
