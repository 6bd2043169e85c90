"""Whether something else is in a mixture, and at which wavelengths it shows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alloyscope.numerics.mixture_fit import MixtureFit
from alloyscope.numerics.residual_space import FEWEST

Floats = NDArray[np.float64]

EDGE, PEAK = 2.0, 3.0
"""Standard deviations of what is left, at the ends of a range that is told, and at its top."""

MOST_RANGES = 5


@dataclass(frozen=True)
class Structure:
    """A range of wavelengths where the fit leaves more, or less, than noise does.

    height       : of what is left at `at_nm`, absorbance; below 0 where less was measured
    significance : the same in standard deviations
    spectrum     : name of the one where it is largest
    """

    low_nm: float
    high_nm: float
    at_nm: float
    height: float
    significance: float
    spectrum: str

    def __str__(self) -> str:
        more = "more" if self.height > 0 else "less"
        return (f"{self.low_nm:.0f} to {self.high_nm:.0f} nm: {abs(self.height):.2g} {more} than "
                f"fitted at {self.at_nm:.0f} nm")  # fmt: skip


@dataclass(frozen=True, eq=False)
class Goodness:
    """What slow structure in the residuals says.

    chi2, dof, p_value : (n_spectra,) of slow structure and of what bounds cost, over noise; p is
                         how often noise alone leaves as much
    p_series           : of the whole series
    false_alarm        : how often a series that holds nothing else is said to
    structures         : where it shows, largest first
    judged             : False where points are too few to tell
    """

    chi2: Floats
    dof: Floats
    p_value: Floats
    p_series: float
    false_alarm: float
    structures: tuple[Structure, ...]
    judged: bool = True

    @property
    def something_else(self) -> bool:
        """Whether something besides the components is there."""
        return self.judged and self.p_series < self.false_alarm

    @property
    def spectra(self) -> NDArray[np.int64]:
        """Indices of the spectra that show it one by one, as many tests allow."""
        least = self.false_alarm / max(self.p_value.size, 1)
        return np.flatnonzero(self.p_value < least) if self.judged else np.zeros(0, np.int64)

    def __str__(self) -> str:
        if not self.judged:
            return "Too few points to tell whether something else is there."
        odds = f"chance {self.p_series:.2g}, alarm below {self.false_alarm:g}"
        if not self.something_else:
            return f"Nothing else is seen ({odds})."
        where = "; ".join(map(str, self.structures[:3])) or "spread over the whole range"
        return f"Something else is here ({odds}). {where}."


def goodness_of(
    fit: MixtureFit, wavelength: Floats, names: tuple[str, ...], false_alarm: float
) -> Goodness:
    """The F test of slow structure in the residuals against their fast part.

    Slow is what takes 40 nm or more to go up and down. White noise, and noise smoothed over fewer
    points than that, gives F its distribution, so that the stated rate of false alarms holds.
    A series is judged by its worst spectrum (Bonferroni) and by all together, half the rate each.
    """
    from scipy.stats import chi2 as chi_square
    from scipy.stats import f as fisher

    n, n_slow = fit.slow.shape
    if n_slow < FEWEST or (fit.noise.freedom < np.inf and fit.space.n_fast < FEWEST):
        nan = np.full(n, np.nan)
        return Goodness(nan, np.zeros(n), nan, float("nan"), false_alarm, (), False)
    square = np.sum(fit.slow**2, axis=1) + fit.bounded
    dof = (n_slow + fit.active).astype(np.float64)
    rows = fit.noise.rows
    if np.isinf(fit.noise.freedom):
        p = chi_square.sf(square, dof)
        together = chi_square.sf(square.mean() * rows, dof.mean() * rows)
    else:
        p = fisher.sf(square / dof, dof, fit.noise.freedom)
        freedom = fit.noise.freedom * (rows if fit.noise.smoothed <= 1 else 1.0)
        together = fisher.sf(square.mean() / dof.mean(), dof.mean() * rows, freedom)
    # A single spectrum is both the worst and all.
    tests = [float(p.min()) * n, float(together)] if n > 1 else [float(p[0])]
    series = min(len(tests) * min(tests), 1.0)
    shown = _structures(fit, wavelength, names) if series < false_alarm else ()
    return Goodness(square, dof, np.asarray(p), series, false_alarm, shown)


def _structures(
    fit: MixtureFit, wavelength: Floats, names: tuple[str, ...]
) -> tuple[Structure, ...]:
    """Ranges where the curve that most of the residuals share leaves the noise."""
    scores, size, curves = np.linalg.svd(fit.slow, full_matrices=False)
    best = int(np.argmax(np.abs(scores[:, 0]) * fit.noise.level))
    curve = fit.space.slow @ curves[0] * size[0]
    spread = np.linalg.norm(fit.space.slow, axis=1)
    score = curve / np.maximum(spread, 1e-12) * np.sign(scores[best, 0])
    height = np.abs(scores[best, 0]) * fit.noise.level[best] * fit.noise.shape * spread * score
    found = [
        Structure(float(wavelength[a]), float(wavelength[b]), float(wavelength[top]),
                  float(height[top]), float(abs(score[top])), names[best])
        for a, b in _runs(score)
        if abs(score[top := a + int(np.argmax(np.abs(score[a : b + 1])))]) >= PEAK
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: -one.significance)[:MOST_RANGES])


def _runs(score: Floats) -> list[tuple[int, int]]:
    """First and last point of each run of one sign beyond the edge."""
    state = np.where(score > EDGE, 1, np.where(score < -EDGE, -1, 0))
    cuts = np.flatnonzero(np.diff(state)) + 1
    starts, ends = np.concatenate(([0], cuts)), np.concatenate((cuts, [state.size]))
    return [(int(a), int(b) - 1) for a, b in zip(starts, ends, strict=True) if state[a]]
