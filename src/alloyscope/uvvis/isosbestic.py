"""Isosbestic points: wavelengths at which the spectra of a series cross, and whether they stay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc

from alloyscope.errors import SpectrumError, message
from alloyscope.spectra.absorption_spectrum import AbsorptionSeries
from alloyscope.uvvis.noise_level import NoiseLevel
from alloyscope.uvvis.rank import significant_rank

Floats = NDArray[np.float64]
Verdict = Literal["clean", "drifting", "none"]
ALPHA = 0.01
TOLERANCE = 0.01
"""Spread at a crossing, over the largest change of the series, that no one would call a drift."""

CLEAR = 5.0
"""How many sd the change on either side of a crossing has to reach."""

REACH_NM, LEAST_POINTS, DEGREE = 5.0, 7, 3
"""Half the window in which a crossing is fitted, its least points, and the polynomial's degree."""

NEWTON = 4
"""Steps to the zero of that polynomial."""

FARTHEST_NM = 30.0
"""How far from a crossing one of successive spectra may lie and be taken for the same."""

FEWEST, MOST_PARTS = 3, 24
"""Spectra that a crossing is judged on, and lengths of a part that are tried."""


@dataclass(frozen=True, eq=False)
class Crossing:
    """A wavelength at which spectra cross.

    wavelength_nm, sd : where the main change of the series has its zero
    absorbance        : mean over the series, there
    spread            : sd of the absorbance over the series, there, beyond noise
    spread_share      : that over the largest sd of the series at any wavelength
    p                 : chance of such a spread by noise alone
    p_corrected       : the same with an offset and a scale (dilution) of each spectrum allowed for
    verdict           : "clean" or "drifting"
    corrected         : whether it is clean only when offset and scale are allowed for
    at_nm, at_sd      : (n,) where successive spectra cross, and 1 sd; nan where they are too alike
    at_step           : (n,) index of the earlier of the two
    drift_nm          : from the first to the last of these, by a straight line
    drift_p           : chance of their differences by noise
    """

    wavelength_nm: float
    sd: float
    absorbance: float
    spread: float
    spread_share: float
    p: float
    p_corrected: float
    verdict: Literal["clean", "drifting"]
    corrected: bool
    at_nm: Floats
    at_sd: Floats
    at_step: NDArray[np.int64]
    drift_nm: float
    drift_p: float


@dataclass(frozen=True, eq=False)
class IsosbesticPoints:
    """The crossings of a series.

    first, last : indices of the spectra they are of
    points      : ascending wavelength
    verdict     : "clean" where a point is, "drifting" where spectra cross and no point stays,
                  "none" where they do not cross
    parts       : of the longest stretches from the start and to the end that have a clean point,
                  where the whole has none
    notes       : what the user must know, one sentence each
    """

    first: int
    last: int
    points: tuple[Crossing, ...]
    verdict: Verdict
    parts: tuple[IsosbesticPoints, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def clean(self) -> tuple[Crossing, ...]:
        """Points that stay."""
        return tuple(point for point in self.points if point.verdict == "clean")


def isosbestic_points(
    series: AbsorptionSeries, noise: NoiseLevel | None = None, *, alpha: float = ALPHA
) -> IsosbesticPoints:
    """Where the spectra of a series cross, tested.

    Two species that turn into one another cross where they absorb alike, at all times. The
    zeros of the main change of the series are looked at: the absorbance there, from cubics fitted
    to the points about it, must spread no more than noise (chi-squared, p >= alpha) or than 1 % of
    the largest change. A third species moves the crossing; so do an offset and a dilution, which
    are allowed for in a second test.

    noise : of one spectrum; None to take it from the series
    alpha : of the tests
    Raises SpectrumError for an alpha outside 0 and 1.
    """
    if not 0 < alpha < 1:
        raise SpectrumError(
            message("isosbestic points", found=f"alpha {alpha}", expected="a value from 0 to 1")
        )
    if len(series) < FEWEST:
        said = f"{len(series)} spectra are too few to judge a crossing; it takes {FEWEST} or more."
        return IsosbesticPoints(0, len(series) - 1, (), "none", (), (said,))
    level = noise or significant_rank(series).noise
    whole = _of(series, level, alpha, 0, len(series))
    parts = _parts(series, level, alpha) if whole.verdict != "clean" else ()
    return IsosbesticPoints(0, len(series) - 1, whole.points, whole.verdict, parts,
                            _notes(whole, parts))  # fmt: skip


def _of(
    series: AbsorptionSeries, level: NoiseLevel, alpha: float, start: int, stop: int
) -> IsosbesticPoints:
    absorbance = series.absorbance[start:stop]
    found = [
        _judged(series.wavelength_nm, absorbance, level, at, alpha)
        for at in _zeros(series.wavelength_nm, absorbance, level)
    ]
    step = float(np.median(np.diff(series.wavelength_nm)))
    points: tuple[Crossing, ...] = ()
    for point in found:
        # Two turns of the sign may lead to one zero where points are few.
        if point is not None and all(abs(point.wavelength_nm - one.wavelength_nm) > step / 2
                                     for one in points):  # fmt: skip
            points = (*points, point)
    clean = any(point.verdict == "clean" for point in points)
    verdict: Verdict = "clean" if clean else "drifting" if points else "none"
    return IsosbesticPoints(start, stop - 1, points, verdict)


def _zeros(wavelength: Floats, absorbance: Floats, level: NoiseLevel) -> list[int]:
    """Indices before which the main change of a series turns its sign, clearly on both sides."""
    change = absorbance - absorbance.mean(axis=0)
    _, values, right = np.linalg.svd(change / level.sd, full_matrices=False)
    size = _smoothed(right[0] * values[0], wavelength)
    sd = np.sqrt(max(level.length, 1.0) / _window(wavelength))
    sign = np.where(np.abs(size) > CLEAR * sd, np.sign(size), 0.0)
    seen = np.flatnonzero(sign)
    turns = np.flatnonzero(sign[seen[:-1]] * sign[seen[1:]] < 0) if seen.size else seen
    found = []
    for k in turns:
        low, high = int(seen[k]), int(seen[k + 1])
        inside = size[low : high + 1]
        crossed = np.flatnonzero(inside[:-1] * inside[1:] <= 0)
        found.append(low + int(crossed[crossed.size // 2]))
    return found


def _window(wavelength: Floats) -> int:
    step = float(np.median(np.diff(wavelength)))
    return max(2 * round(REACH_NM / step) + 1, LEAST_POINTS)


def _smoothed(values: Floats, wavelength: Floats) -> Floats:
    n = min(_window(wavelength), values.size)
    padded = np.pad(values, n // 2, mode="edge")
    return np.asarray(np.convolve(padded, np.ones(n) / n, "valid")[: values.size])


def _judged(
    wavelength: Floats, absorbance: Floats, level: NoiseLevel, at: int, alpha: float
) -> Crossing | None:
    """A crossing tested; None where it lies at the edge of the spectrum."""
    half = _window(wavelength) // 2
    near = slice(max(at - half, 0), min(at + half + 2, wavelength.size))
    if near.stop - near.start < 3:
        return None
    place, place_sd = _place(wavelength, absorbance, level, near)
    if not wavelength[near.start] <= place <= wavelength[near.stop - 1]:
        return None
    value, _ = _weights(wavelength[near] - place)
    sd = level.of_mean(value, near)
    there = absorbance[:, near] @ value
    n = there.size
    statistic = float(((there - there.mean()) ** 2).sum()) / sd**2
    # One degree of freedom for the mean, and one for the place, which was chosen on these spectra.
    p = float(chdtrc(max(n - 2, 1), statistic))
    spread = float(np.sqrt(max(there.var(ddof=1) - sd**2, 0.0)))
    most = float(_smoothed(absorbance.std(axis=0, ddof=1), wavelength).max())
    p_corrected = _p_corrected(wavelength, absorbance, level, near, value, sd)
    clean = p >= alpha or spread < TOLERANCE * most
    steps = _steps(wavelength, absorbance, level, place)
    return Crossing(
        place, place_sd, float(there.mean()), spread, spread / most, p, p_corrected,
        "clean" if clean or p_corrected >= alpha else "drifting",
        not clean and p_corrected >= alpha, *steps,
    )  # fmt: skip


def _weights(offset: Floats) -> tuple[Floats, Floats]:
    """Weights that give the value at 0 of a polynomial through points, and its slope."""
    size = max(float(np.abs(offset).max()), 1e-9)
    degree = min(DEGREE, offset.size - 1)
    rows = np.linalg.pinv(np.vander(offset / size, degree + 1, increasing=True))
    return np.asarray(rows[0]), np.asarray(rows[1] / size)


def _place(
    wavelength: Floats, absorbance: Floats, level: NoiseLevel, near: slice
) -> tuple[float, float]:
    """Where the main change is 0, and 1 sd."""
    change = absorbance - absorbance.mean(axis=0)
    course = np.linalg.svd(change / level.sd, full_matrices=False)[0][:, 0]
    main = course @ absorbance[:, near] - course.sum() * absorbance[:, near].mean(axis=0)
    return _zero(wavelength[near], main, level, near)


def _zero(
    wavelength: Floats, change: Floats, level: NoiseLevel, near: slice
) -> tuple[float, float]:
    """Zero of a polynomial through a change whose noise is that of one spectrum, and 1 sd."""
    low, high = float(wavelength[0]), float(wavelength[-1])
    place, rise, value = (low + high) / 2, 0.0, np.zeros(wavelength.size)
    for _ in range(NEWTON):
        value, slope = _weights(wavelength - place)
        rise = float(slope @ change)
        if rise == 0.0 or not low <= place <= high:
            return float("nan"), float("inf")
        place -= float(value @ change) / rise
    return place, level.of_mean(value, near) / abs(rise)


def _p_corrected(
    wavelength: Floats, absorbance: Floats, level: NoiseLevel, near: slice, value: Floats, sd: float
) -> float:
    """Chance of the spread once each spectrum has its own offset and scale.

    Offset and scale are those with which a mixture of two shapes, the mean and the main change,
    describes the whole spectrum best; the points at the crossing take no part.
    """
    n = absorbance.shape[0]
    if n < FEWEST + 2:
        return float("nan")
    mean = absorbance.mean(axis=0)
    main = np.linalg.svd((absorbance - mean) / level.sd, full_matrices=False)[2][0] * level.sd
    shapes = np.stack([mean, main, np.ones_like(mean)])
    away = np.ones(wavelength.size, bool)
    away[near] = False
    weighed = (shapes / level.sd)[:, away].T
    if weighed.shape[0] <= shapes.shape[0]:
        return float("nan")
    fitted = np.linalg.lstsq(weighed, (absorbance / level.sd)[:, away].T, rcond=None)[0]
    rest = (absorbance - fitted.T @ shapes)[:, near] @ value
    statistic = float(((rest - rest.mean()) ** 2).sum()) / sd**2
    return float(chdtrc(max(n - 3, 1), statistic))


def _steps(
    wavelength: Floats, absorbance: Floats, level: NoiseLevel, place: float
) -> tuple[Floats, Floats, NDArray[np.int64], float, float]:
    """Crossings of successive spectra, their drift and its chance."""
    changes = np.diff(absorbance, axis=0)
    found = [_step(wavelength, change, level, place) for change in changes]
    kept = np.array([k for k, one in enumerate(found) if one is not None], np.int64)
    at, sd, sign = np.array([one for one in found if one is not None]).reshape(-1, 3).T
    if kept.size < 2:
        return at, sd, kept, float("nan"), float("nan")
    return at, sd, kept, *_trend(at, sd, sign, kept)


def _step(
    wavelength: Floats, change: Floats, level: NoiseLevel, place: float
) -> tuple[float, float, float] | None:
    """Where a change of one spectrum to the next has its zero near a place, 1 sd, and its slope's
    sign; None where it has none that stands out of the noise."""
    window = _window(wavelength)
    size = _smoothed(change, wavelength)
    turns = np.flatnonzero(size[:-1] * size[1:] <= 0)
    turns = turns[np.abs(wavelength[turns] - place) <= FARTHEST_NM]
    if not turns.size:
        return None
    at = int(turns[np.argmin(np.abs(wavelength[turns] - place))])
    near = slice(max(at - window // 2, 0), min(at + window // 2 + 2, wavelength.size))
    zero, sd = _zero(wavelength[near], change[near], level, near)
    if not wavelength[near.start] <= zero <= wavelength[near.stop - 1]:
        return None
    _, slope = _weights(wavelength[near] - zero)
    rise = float(slope @ change[near])
    if abs(rise) < CLEAR * np.sqrt(2.0) * level.of_mean(slope, near):
        return None
    return zero, float(np.sqrt(2.0) * sd), float(np.sign(rise))


def _trend(at: Floats, sd: Floats, signs: Floats, steps: NDArray[np.int64]) -> tuple[float, float]:
    """Change along a line through the crossings, and the chance of their differences.

    Steps that follow one another share a spectrum, which makes their errors go against each other.
    """
    covariance = np.diag(sd**2)
    for k in np.flatnonzero(np.diff(steps) == 1):
        shared = -0.5 * sd[k] * sd[k + 1] * signs[k] * signs[k + 1]
        covariance[k, k + 1] = covariance[k + 1, k] = shared
    weight = np.linalg.inv(covariance)
    ones = np.ones_like(at)
    mean = float(ones @ weight @ at) / float(ones @ weight @ ones)
    statistic = float((at - mean) @ weight @ (at - mean))
    line = np.stack([ones, np.arange(at.size, dtype=float)], axis=1)
    slope = float(np.linalg.solve(line.T @ weight @ line, line.T @ weight @ at)[1])
    return slope * (at.size - 1), float(chdtrc(at.size - 1, max(statistic, 0.0)))


def _parts(
    series: AbsorptionSeries, level: NoiseLevel, alpha: float
) -> tuple[IsosbesticPoints, ...]:
    """The longest stretches from the start and to the end with a clean point."""
    n = len(series)
    lengths = np.unique(np.linspace(n - 1, FEWEST, min(n - FEWEST, MOST_PARTS), dtype=int))[::-1]
    early = (_of(series, level, alpha, 0, int(length)) for length in lengths)
    late = (_of(series, level, alpha, n - int(length), n) for length in lengths)
    longest = (next((part for part in some if part.clean), None) for some in (early, late))
    return tuple(part for part in longest if part is not None)


def _notes(whole: IsosbesticPoints, parts: tuple[IsosbesticPoints, ...]) -> tuple[str, ...]:
    notes = []
    for point in whole.points:
        if point.corrected:
            notes.append(f"The point at {point.wavelength_nm:.1f} nm stays only when each spectrum "
                         "may have an offset and a dilution of its own.")  # fmt: skip
    if whole.verdict == "drifting":
        notes.append("No crossing stays over the whole series: more than two species absorb, "
                     "or their sum is not kept.")  # fmt: skip
    for part in parts:
        at = ", ".join(f"{point.wavelength_nm:.1f}" for point in part.clean)
        where = "first" if part.first == 0 else "last"
        notes.append(f"The {where} {part.last - part.first + 1} spectra cross at {at} nm.")
    return tuple(notes)
