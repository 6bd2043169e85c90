"""How many independent shapes a series of spectra is made of, told from noise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh
from scipy.special import gammaincc, gammainccinv

from alloyscope.errors import SpectrumError, message
from alloyscope.spectra.absorption_spectrum import AbsorptionSeries
from alloyscope.uvvis.noise_level import (
    NoiseLevel,
    autocorrelation,
    drawn_noise,
    least_noise,
    noise_in,
    noise_of_differences,
)

Floats = NDArray[np.float64]
MOST = 8
"""Components that are ever looked for."""

FEW = 4
"""Fewer spectra than this say nothing of their noise; differences along wavelengths do."""

DRAWS, DRAWS_OF_MANY, MANY = 80, 40, 50
"""Of noise, for few spectra and for more than so many."""

FEW_POINTS = 40
"""Fewer points than this do not show whether a spectrum is smooth."""

FALSE_ALARM = 0.01
SMOOTH = 5.0
"""How many sd smoother than noise the spectrum of a component has to be."""

TW_MEAN, TW_SD = -1.2065335746, 1.2680340588
TW_SHAPE, TW_SCALE, TW_SHIFT = 46.446, 0.186054, 9.84801
"""Tracy-Widom's law of order 1, and the gamma law near it: Chiani, J. Multivar. Anal. 2014, 129,
69, table 1."""


@dataclass(frozen=True, eq=False)
class Rank:
    """How many components stand out of the noise.

    rank             : components significant and smooth
    without_baseline : the same, when an offset and a slope of each spectrum are taken out first
    most             : how many the number of spectra could have shown
    singular_values  : (n,) of the spectra over their noise, descending
    threshold        : (n,) what noise alone would pass once in `1 / false_alarm` series; nan where
                       not tested
    p                : (n,) chance of as large a value by noise; nan where not tested
    smoothness       : (n,) correlation of neighbouring points in each component's spectrum
    smooth           : (n,) whether that is more than noise has
    spectra          : (n, n_points) of the components, orthonormal over the noise
    courses          : (n_spectra, n) of the components, orthonormal
    noise            : of one spectrum
    false_alarm      : share of series in which noise may be taken for a component
    notes            : what the user must know, one sentence each
    """

    rank: int
    without_baseline: int
    most: int
    singular_values: Floats
    threshold: Floats
    p: Floats
    smoothness: Floats
    smooth: NDArray[np.bool_]
    spectra: Floats
    courses: Floats
    noise: NoiseLevel
    false_alarm: float
    notes: tuple[str, ...]

    @property
    def noise_sd(self) -> float:
        """Typical 1 sd of the absorbance."""
        return float(np.sqrt(np.mean(self.noise.sd**2)))


def significant_rank(
    series: AbsorptionSeries,
    noise: float | None = None,
    *,
    false_alarm: float = FALSE_ALARM,
    seed: int = 1,
) -> Rank:
    """How many components a series holds above its noise.

    The r-th singular value, squared and over the mean of the squares behind it, is held against
    that of noise alone with one row less for each component before it, drawn with the noise's own
    correlation; its law is Tracy-Widom's, with the mean and sd of the draws (Johnstone 2001).

    noise       : 1 sd of the absorbance, white; None to take it from the series
    false_alarm : share of series in which noise may be taken for a component
    Raises SpectrumError for a noise or a false alarm rate that is none.
    """
    if not 0 < false_alarm < 1 or (noise is not None and not 0 < noise < np.inf):
        raise SpectrumError(
            message("rank", found=f"noise {noise}, false alarm {false_alarm}",
                    expected="a noise above 0 and a rate between 0 and 1")
        )  # fmt: skip
    random = np.random.default_rng(seed)
    data = series.absorbance
    level, n_components = _settled(data, noise, false_alarm, random)
    absolute = noise is not None or data.shape[0] < FEW
    tests = _tested(data, level, absolute, false_alarm, random, n_components)
    flat = _without_baseline(data)
    _, bare = _settled(flat, noise, false_alarm, random) if data.shape[1] > 4 else (level, 0)
    rank = int(np.sum((np.arange(tests.size) < n_components) & tests.smooth))
    notes = _notes(tests, n_components, bare, data.shape[0], noise)
    return Rank(
        rank, min(bare, rank), tests.most, tests.values, tests.threshold, tests.p,
        tests.smoothness, tests.smooth, tests.spectra, tests.courses, level, false_alarm, notes,
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Tests:
    values: Floats
    threshold: Floats
    p: Floats
    smoothness: Floats
    smooth: NDArray[np.bool_]
    spectra: Floats
    courses: Floats
    most: int
    false_alarm: float

    @property
    def size(self) -> int:
        return self.values.size

    @property
    def significant(self) -> int:
        """The last component whose value noise does not explain."""
        passed = np.flatnonzero(self.p < self.false_alarm / max(self.most, 1))
        return int(passed[-1]) + 1 if passed.size else 0


def _settled(
    data: Floats, noise: float | None, false_alarm: float, random: np.random.Generator
) -> tuple[NoiseLevel, int]:
    """Noise and number of components that agree with one another.

    The noise is first taken from what lies beyond as many components as could be told, and then
    from what lies beyond those found.
    """
    n = data.shape[0]
    if noise is not None or n < FEW:
        known = noise is not None
        white = NoiseLevel(np.full(data.shape[1], noise or 0.0), np.zeros(1))
        level = white if known else noise_of_differences(data)
        return level, _tested(data, level, True, false_alarm, random).significant
    found = min(MOST, n - 2)
    level = _noise_beyond(data, found)
    for _ in range(MOST):
        now = _tested(data, level, False, false_alarm, random).significant
        if now >= found:
            break
        found = now
        level = _noise_beyond(data, found)
    return level, found


def _noise_beyond(data: Floats, n_components: int) -> NoiseLevel:
    left, values, right = np.linalg.svd(data, full_matrices=False)
    rest = (left[:, n_components:] * values[n_components:]) @ right[n_components:]
    return noise_in(rest, data.shape[0] - n_components, least_noise(data))


def _tested(
    data: Floats, level: NoiseLevel, absolute: bool, false_alarm: float,
    random: np.random.Generator, beyond: int = 0,
) -> _Tests:  # fmt: skip
    """Every singular value against noise.

    absolute : whether the noise's size is known, so that the last value is tested too
    beyond   : components that are known to be there, and so tell nothing of the noise
    """
    n, points = data.shape
    left, values, right = np.linalg.svd(data / level.sd, full_matrices=False)
    most = min(MOST, values.size if absolute else n - 1, values.size)
    grams = _drawn_grams(level.memory, (n, points), random)
    threshold, p = np.full(values.size, np.nan), np.full(values.size, np.nan)
    for r in range(most):
        rest = (
            1.0
            if absolute
            else float((values[max(r + 1, min(beyond, n - 1)) :] ** 2).mean() / points)
        )
        drawn = np.log(_largest(grams, n - r, absolute))
        mean, sd = float(drawn.mean()), float(drawn.std(ddof=1))
        ratio = values[r] ** 2 / points / max(rest, 1e-300)
        p[r] = _upper_tail((np.log(max(ratio, 1e-300)) - mean) / sd)
        limit = mean + sd * _quantile(false_alarm / most)
        if values[r] ** 2 < points:  # less than the noise that there is at any rate
            p[r] = 1.0
        threshold[r] = np.sqrt(np.exp(limit) * rest * points)
    smoothness = np.array([float(row[1:] @ row[:-1]) for row in right])
    usual = autocorrelation(level.memory, 2)[1]
    # What neighbours do not share is what tells, in noise that is alike over several points too.
    smooth = 1.0 - smoothness < (1.0 - usual) * max(1.0 - SMOOTH / np.sqrt(points), 0.3)
    smooth |= points < FEW_POINTS
    return _Tests(values, threshold, p, smoothness, smooth, right, left, most, false_alarm)


def _drawn_grams(memory: Floats, shape: tuple[int, int], random: np.random.Generator) -> Floats:
    """(n_draws, n, n) products of drawn noise with itself, over the points."""
    draws = DRAWS if shape[0] <= MANY else DRAWS_OF_MANY
    found = (drawn_noise(memory, shape, random) for _ in range(draws))
    return np.stack([rows @ rows.T / shape[1] for rows in found])


def _largest(grams: Floats, n: int, absolute: bool) -> Floats:
    """The largest eigenvalue of n rows of noise, over the mean of the others unless absolute."""
    part = grams[:, :n, :n]
    if n <= MANY:
        top = np.linalg.eigvalsh(part)[:, -1]
    else:
        last = (n - 1, n - 1)
        top = np.array([eigh(one, eigvals_only=True, subset_by_index=last)[0] for one in part])
    whole = np.trace(part, axis1=1, axis2=2)
    return np.asarray(top if absolute else top / (whole - top) * (n - 1))


def _upper_tail(z: float) -> float:
    """Chance of a value so many sd above the mean, by Tracy-Widom's law."""
    return float(gammaincc(TW_SHAPE, max(TW_MEAN + TW_SD * z + TW_SHIFT, 0.0) / TW_SCALE))


def _quantile(share: float) -> float:
    at = float(TW_SCALE * gammainccinv(TW_SHAPE, share)) - TW_SHIFT
    return (at - TW_MEAN) / TW_SD


def _without_baseline(data: Floats) -> Floats:
    """Spectra less the straight line that lies nearest to each."""
    along = np.linspace(-1.0, 1.0, data.shape[1])
    lines = np.linalg.qr(np.stack([np.ones_like(along), along], axis=1))[0]
    return np.asarray(data - (data @ lines) @ lines.T)


def _notes(
    tests: _Tests, found: int, bare: int, n_spectra: int, noise: float | None
) -> tuple[str, ...]:
    notes = []
    rough = [k + 1 for k in range(found) if not tests.smooth[k]]
    if rough:
        which = ", ".join(str(k) for k in rough)
        notes.append(f"Above the noise but not smooth, as spikes and faulty spectra are: component "
                     f"{which}.")  # fmt: skip
    if n_spectra < FEW and noise is None:
        notes.append(f"{n_spectra} spectra say little of their noise: it is taken from "
                     "differences between neighbouring points.")  # fmt: skip
    if found >= tests.most and n_spectra > 1:
        notes.append(f"All {found} components that {n_spectra} spectra can show stand above the "
                     "noise: there may be more.")  # fmt: skip
    if 0 < bare < found - len(rough):
        notes.append(f"Components that remain with an offset and a slope taken out of each "
                     f"spectrum: {bare}.")  # fmt: skip
    return tuple(notes)
