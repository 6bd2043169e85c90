"""Kinetics of bands: absorbance against time as a sum of exponentials."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from alloyscope.errors import SpectrumError, message
from alloyscope.spectra.absorption_spectrum import AbsorptionSeries
from alloyscope.uvvis.half_change import HalfChange, Turn, half_change, turn_of
from alloyscope.uvvis.noise_level import NoiseLevel
from alloyscope.uvvis.rank import significant_rank

Floats = NDArray[np.float64]
HALF_NM = 2.0
"""Half the window over which the absorbance of a band is averaged."""

MOST_EXPONENTIALS = 2
FEWEST = 4
"""Times that a rate constant is fitted to."""

STARTS, TRIED = 16, 8
"""Rate constants, evenly spaced by their logarithms, that fits may start from, and the best that
are tried."""

CLEARER = 6.0
"""By how much the criterion of Bayes and Schwarz (BIC) must fall for one more exponential."""

MOST_AMPLITUDE = 5.0
"""Of a band's range: exponentials with higher amplitudes cancel one another and mean nothing."""

POOR = 2.0
"""Residuals over noise from which exponentials are not called the law."""

NO_HALF = HalfChange()

VAGUE = 0.5
"""Relative sd of a rate constant above which the times do not tell it."""


@dataclass(frozen=True, eq=False)
class RateConstant:
    """One rate constant.

    per_min, sd         : 1/min, and 1 sd
    half_life_min       : ln 2 over it
    half_life_sd        : to first order
    told                : whether the times of the series tell it
    why                 : what keeps them from it; "" where nothing does
    """

    per_min: float
    sd: float
    half_life_min: float
    half_life_sd: float
    told: bool
    why: str = ""


@dataclass(frozen=True, eq=False)
class BandCourse:
    """The absorbance at one band against time, and what was fitted.

    wavelength_nm : of the band
    absorbance    : (n_times,) mean over a few nm
    sd            : 1 sd of each, from the noise of the spectra
    constants     : (n_exponentials,) the fastest first; none where nothing changes
    amplitudes    : (n_exponentials,) of each exponential, what falls being above 0
    amplitude_sd  : (n_exponentials,)
    end, end_sd   : absorbance after endless time, and 1 sd
    scatter       : root mean square of the residuals over the noise: 1 where noise is all there is
    bic           : by number of exponentials
    notes         : what the user must know, one sentence each
    half          : time to half change, without a model
    turn          : where the course turns back; None where it goes one way
    """

    wavelength_nm: float
    absorbance: Floats
    sd: float
    constants: tuple[RateConstant, ...]
    amplitudes: Floats
    amplitude_sd: Floats
    end: float
    end_sd: float
    scatter: float
    bic: Floats
    notes: tuple[str, ...] = ()
    half: HalfChange = NO_HALF
    turn: Turn | None = None

    @property
    def changes(self) -> bool:
        """Whether the band changes beyond its noise."""
        return bool(self.constants) or self.turn is not None

    @property
    def fitted(self) -> bool:
        """Whether there is a curve to show: one that turns where the band does."""
        return bool(self.constants) or not self.changes

    def curve(self, times: Floats) -> Floats:
        """Absorbance by the fit at these minutes."""
        rates = np.array([constant.per_min for constant in self.constants])
        return np.asarray(self.end + np.exp(-np.outer(times, rates)) @ self.amplitudes)


@dataclass(frozen=True, eq=False)
class BandKinetics:
    """Bands of a series against time.

    times_min  : (n_times,)
    each       : bands fitted one by one
    together   : the same bands fitted with rate constants in common
    notes      : what the user must know, one sentence each
    """

    times_min: Floats
    each: tuple[BandCourse, ...]
    together: tuple[BandCourse, ...]
    notes: tuple[str, ...] = ()

    @property
    def constants(self) -> tuple[RateConstant, ...]:
        """Rate constants that all bands have in common."""
        return next((course.constants for course in self.together if course.constants), ())


def band_kinetics(
    series: AbsorptionSeries,
    wavelengths_nm: Sequence[float],
    noise: NoiseLevel | None = None,
    *,
    most: int = MOST_EXPONENTIALS,
) -> BandKinetics:
    """Fit absorbance at bands against time by sums of exponentials, one by one and together.

    A(t) = A_end + sum_i a_i exp(-k_i t), with none, one, or two exponentials: as many as the BIC
    calls for. Noise is that of the spectra; where fits leave more, uncertainties are widened.

    wavelengths_nm : of the bands
    noise          : of one spectrum; None to take it from the series
    most           : exponentials at most, 1 or 2
    Raises SpectrumError for a series without times, and for a wavelength outside it.
    """
    times = series.time_min
    if times is None:
        raise SpectrumError(
            message(series.source or "series", found="spectra without times",
                    expected="a time course", do="State the times of the spectra.")
        )  # fmt: skip
    low, high = float(series.wavelength_nm[0]), float(series.wavelength_nm[-1])
    for at in wavelengths_nm:
        if not low <= at <= high:
            raise SpectrumError(
                message(f"band at {at:g} nm", found=f"spectra from {low:g} to {high:g} nm",
                        expected="a wavelength within them")
            )  # fmt: skip
    if len(series) < FEWEST or not wavelengths_nm:
        said = (f"{len(series)} times are too few for a rate constant; {FEWEST} or more are needed."
                if wavelengths_nm else "There is no band to follow.")  # fmt: skip
        return BandKinetics(times, (), (), (said,))
    level = noise or significant_rank(series).noise
    seen = [_at_band(series, at, level) for at in wavelengths_nm]
    values = np.stack([one[0] for one in seen], axis=1)
    sds = np.array([one[1] for one in seen])
    each = tuple(
        _fitted(times, values[:, [k]], sds[[k]], (at,), most)[0]
        for k, at in enumerate(wavelengths_nm)
    )
    each = tuple(_without_false_curve(_with_course(times, one)) for one in each)
    together = tuple(
        _with_course(times, one) for one in _fitted(times, values, sds, tuple(wavelengths_nm), most)
    )
    return BandKinetics(times, each, together, _notes(each, together))


def _with_course(times: Floats, course: BandCourse) -> BandCourse:
    """With what the data say without a model."""
    return replace(course, half=half_change(times, course.absorbance, course.sd),
                   turn=turn_of(times, course.absorbance, course.sd))  # fmt: skip


def _without_false_curve(course: BandCourse) -> BandCourse:
    """A band that turns has no rate constants from exponentials that go one way."""
    signs = np.sign(course.amplitudes)
    if course.turn is None or (signs.size > 1 and signs.min() < signs.max()):
        return course
    none = np.zeros(0)
    return replace(course, constants=(), amplitudes=none, amplitude_sd=none, end=float("nan"),
                   end_sd=float("nan"), scatter=float("nan"), notes=())  # fmt: skip


def _at_band(series: AbsorptionSeries, at: float, level: NoiseLevel) -> tuple[Floats, float]:
    """Mean absorbance about a wavelength at each time, and 1 sd of each."""
    inside = np.flatnonzero(np.abs(series.wavelength_nm - at) <= HALF_NM)
    if not inside.size:
        inside = np.array([int(np.argmin(np.abs(series.wavelength_nm - at)))])
    weights = np.full(inside.size, 1.0 / inside.size)
    near = slice(int(inside[0]), int(inside[-1]) + 1)
    return series.absorbance[:, near] @ weights, level.of_mean(weights, near)


@dataclass(frozen=True, eq=False)
class _Fit:
    """A fit with so many exponentials; values and amplitudes over the noise of their band."""

    log_rates: Floats
    linear: Floats
    residual: Floats
    covariance: Floats

    @property
    def cost(self) -> float:
        return float((self.residual**2).sum())

    def cancels(self, limits: Floats) -> bool:
        """Whether exponentials cancel one another, above these amplitudes of the bands."""
        if self.log_rates.size < 2:
            return False
        return bool(((self.linear[1:] > limits) | (self.linear[1:] < -limits)).any(axis=1).all())

    def bic(self) -> float:
        """Noise is what the spectra show, or larger where the fit leaves more."""
        n = self.residual.size
        parameters = self.log_rates.size + self.linear.size
        variance = max(self.cost / n, 1.0)
        misfit = n * float(np.log(variance)) + self.cost / variance
        return misfit + parameters * float(np.log(n))


def _fitted(
    times: Floats, values: Floats, sds: Floats, names: tuple[float, ...], most: int
) -> tuple[BandCourse, ...]:
    """Bands with rate constants in common."""
    weighed = values / sds
    fits = [_fit(times, weighed, n) for n in range(_most(times, most) + 1)]
    limits = MOST_AMPLITUDE * np.maximum(np.ptp(weighed, axis=0), 1.0)
    bic = np.array([np.inf if fit.cancels(limits) else fit.bic() for fit in fits])
    chosen = 0
    for n in range(1, len(fits)):
        if bic[n] < bic[chosen] - CLEARER:
            chosen = n
    fit = fits[chosen]
    free = max(weighed.size - fit.log_rates.size - fit.linear.size, 1)
    scatter = float(np.sqrt(fit.cost / free))
    constants = _constants(times, fit, scatter)
    spread = max(scatter, 1.0) * np.sqrt(np.maximum(np.diag(fit.covariance), 0.0))
    linear_sd = spread[chosen:].reshape(fit.linear.shape)
    notes = _course_notes(times, constants, scatter, chosen)
    return tuple(
        BandCourse(
            name, values[:, k], float(sds[k]), constants, fit.linear[1:, k] * sds[k],
            linear_sd[1:, k] * sds[k], float(fit.linear[0, k] * sds[k]),
            float(linear_sd[0, k] * sds[k]), scatter, bic, notes,
        )
        for k, name in enumerate(names)
    )  # fmt: skip


def _most(times: Floats, most: int) -> int:
    """Exponentials that so many times can hold: three times for each, and two to spare."""
    return int(min(most, (times.size - 2) // 2))


def _fit(times: Floats, weighed: Floats, n: int) -> _Fit:
    """Least squares: amplitudes are linear, logarithms of rate constants are searched for."""
    low, high = _bounds(times)
    if n == 0:
        return _at(times, weighed, np.zeros(0))
    grid = np.linspace(low, high, STARTS)
    starts = sorted(
        combinations(grid, n),
        key=lambda s: float((_residual(times, weighed, np.array(s))[0] ** 2).sum()),
    )
    best: _Fit | None = None
    for start in starts[:TRIED]:
        found = least_squares(
            lambda rates: _residual(times, weighed, rates)[0].ravel(), np.array(start),
            bounds=(low, high), x_scale=0.5,
        )  # fmt: skip
        fit = _at(times, weighed, np.sort(found.x)[::-1])
        best = fit if best is None or fit.cost < best.cost else best
    assert best is not None
    return best


def _bounds(times: Floats) -> tuple[float, float]:
    """Logarithms of the slowest and the fastest rate constant that are tried, 1/min."""
    span = float(times[-1] - times[0])
    first = float(np.diff(times).min())
    return float(np.log(0.05 / span)), float(np.log(20.0 / first))


def _design(times: Floats, log_rates: Floats) -> Floats:
    curves = np.exp(-np.outer(times, np.exp(log_rates)))
    return np.concatenate([np.ones((times.size, 1)), curves], axis=1)


def _residual(times: Floats, weighed: Floats, log_rates: Floats) -> tuple[Floats, Floats]:
    """What the best amplitudes leave, and those amplitudes."""
    design = _design(times, log_rates)
    linear = np.asarray(np.linalg.lstsq(design, weighed, rcond=1e-10)[0], np.float64)
    return np.asarray(design @ linear - weighed), linear


def _at(times: Floats, weighed: Floats, log_rates: Floats) -> _Fit:
    residual, linear = _residual(times, weighed, log_rates)
    n_bands, n = weighed.shape[1], log_rates.size
    design = _design(times, log_rates)
    whole = np.zeros((times.size, n_bands, n + linear.size))
    for i, log_rate in enumerate(log_rates):
        rate = np.exp(log_rate)
        whole[:, :, i] = np.outer(-rate * times * np.exp(-rate * times), linear[1 + i])
    for j in range(n + 1):
        for band in range(n_bands):
            whole[:, band, n + j * n_bands + band] = design[:, j]
    jacobian = whole.reshape(-1, n + linear.size)
    curvature = jacobian.T @ jacobian
    covariance = np.asarray(np.linalg.pinv(curvature, rcond=1e-14, hermitian=True), np.float64)
    return _Fit(log_rates, linear, residual, covariance)


def _constants(times: Floats, fit: _Fit, scatter: float) -> tuple[RateConstant, ...]:
    low, high = _bounds(times)
    found = []
    for i, log_rate in enumerate(fit.log_rates):
        rate = float(np.exp(log_rate))
        relative = max(scatter, 1.0) * float(np.sqrt(max(fit.covariance[i, i], 0.0)))
        half = float(np.log(2.0) / rate)
        edge = log_rate < low + 0.02 or log_rate > high - 0.02
        why = _why(times, half, relative, edge, scatter)
        found.append(RateConstant(rate, rate * relative, half, half * relative, not why, why))
    return tuple(found)


def _why(times: Floats, half_life: float, relative: float, edge: bool, scatter: float) -> str:
    """Why a rate constant is not told; "" where it is."""
    span = float(times[-1] - times[0])
    if half_life > span and scatter > POOR:
        return "exponentials do not fit"
    if half_life > span:
        return f"slower than the series: its half-life is longer than {span:.4g} min"
    if half_life < 0.5 * float(np.diff(times).min()):
        return "faster than the first samples"
    if relative > VAGUE or edge:
        return "the times do not tell it"
    return ""


def _course_notes(
    times: Floats, constants: tuple[RateConstant, ...], scatter: float, chosen: int
) -> tuple[str, ...]:
    notes = [f"Rate constant {k} ({one.per_min:.3g}/min): {one.why}."
             for k, one in enumerate(constants, 1) if one.why]  # fmt: skip
    if scatter > POOR:
        notes.append(f"Spectra lie {scatter:.1f} times their noise off the fit: they scatter by "
                     "more than noise, or exponentials are not the law.")  # fmt: skip
    if chosen == _most(times, MOST_EXPONENTIALS) and chosen < MOST_EXPONENTIALS:
        notes.append(f"{times.size} times hold no more than {chosen} exponential.")
    return tuple(notes)


def _notes(each: tuple[BandCourse, ...], together: tuple[BandCourse, ...]) -> tuple[str, ...]:
    still = [f"{course.wavelength_nm:.0f}" for course in each if not course.changes]
    notes = [f"No change beyond noise at {', '.join(still)} nm."] if still else []
    single = max((len(course.constants) for course in each), default=0)
    if together and len(together[0].constants) > single:
        notes.append("All bands together need more exponentials than any of them alone.")
    return tuple(notes)
