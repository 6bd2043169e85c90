"""How many bands a spectrum holds: as many as its noise cannot stand for.

Bands begin where the second derivative says so; more are added where the residuals ask for them,
and each is taken away again to see what it is worth. A band must lower chi2, over the misfit of the
fullest model, by more than `WORTH`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from alloyscope.constants import EV_NM
from alloyscope.numerics.correlated_noise import RESIDUAL, noise_and_correlation
from alloyscope.uvvis.band_fit import (
    BandFit,
    Measured,
    begun_fit,
    best_addition,
    fit,
    with_band,
    with_shape,
    without,
)
from alloyscope.uvvis.band_model import BandModel
from alloyscope.uvvis.band_modes import with_other_modes
from alloyscope.uvvis.derivative import candidates, derivatives

Floats = NDArray[np.float64]
WORTH = 25.0
"""Of chi2. A band has three parameters, and some 30 places and widths where noise may feign one:
BIC asks for 3 ln 600 = 19, a share of 0.01 of spectra with a feigned one for 20."""
SHARES = (0.3, 3.0)
"""Bounds of the noise in residuals over the noise in the spectrum."""
CANDIDATE_SDS = 4.0
PLAIN = 10.0
"""Times its worth: a band so far above noise is kept without trying."""
CLOSE = 0.7
"""Of their mean width: bands nearer than this may be one that is not a Gaussian."""
SHAPE_WORTH = 10.0
"""By which Bayes' information criterion must fall for a shape other than the Gaussian."""
BEGUN_OVER_DERIVATIVE = 2.5
MOST_BANDS = 12
"""Centred anywhere; those beyond the window are not reported."""


@dataclass(frozen=True, eq=False)
class Selected:
    """The fit chosen, and what each of its bands is worth.

    worth : (n_bands,) by how much chi2 over the misfit rises without the band
    """

    fit: BandFit
    worth: tuple[float, ...]


def select(measured: Measured, model: BandModel) -> tuple[Selected, Measured]:
    """The fit with the bands that are there, and the spectrum with noise as its residuals show."""
    found = first_fit(measured, model)
    found = grown(measured, found)
    measured = by_residuals(measured, found)
    found = grown(measured, refitted(measured, found))
    chosen = shrunk(measured, found)
    chosen = reshaped(measured, chosen)
    return Selected(with_other_modes(measured, chosen.fit), chosen.worth), measured


def first_fit(measured: Measured, model: BandModel) -> BandFit:
    """The fit of bands that the second derivative shows."""
    begun = candidates(derivatives(measured), CANDIDATE_SDS)
    begun = sorted(begun, key=lambda one: -one.significance)[: MOST_BANDS - 2]
    centres = np.array([one.energy for one in begun])
    widths = np.clip([BEGUN_OVER_DERIVATIVE * one.width for one in begun], 0.1, 0.3)
    return begun_fit(measured, model, centres, np.asarray(widths, float))


def refitted(measured: Measured, found: BandFit) -> BandFit:
    """The same bands for another noise."""
    return fit(measured, found.model, found.theta, found.begun)


def by_residuals(measured: Measured, found: BandFit) -> Measured:
    """Noise seen in residuals, where narrow bands no longer pass for it."""
    misses = (measured.absorbance - found.model.value(found.theta)) / measured.sd
    order = np.argsort(EV_NM / measured.energy)
    share, correlation = noise_and_correlation(
        (EV_NM / measured.energy)[order], misses[order], RESIDUAL
    )
    share = float(np.clip(share, *SHARES))
    return replace(measured, sd=measured.sd * share, correlation=correlation)


def grown(measured: Measured, found: BandFit) -> BandFit:
    """The fit with bands added for as long as each is worth it."""
    while found.model.n_bands < MOST_BANDS:
        centre, width, height, gain = best_addition(measured, found)
        if gain < WORTH:
            break
        more = with_band(measured, found, centre, width, height)
        if (found.chi2 - more.chi2) / more.misfit < WORTH:
            break
        found = more
    return found


def shrunk(measured: Measured, found: BandFit) -> Selected:
    """The fit without bands that are not worth their three parameters, and what the others are."""
    while True:
        fewer = {
            k: without(measured, found, k)
            for k, certain in enumerate(certainty(found))
            if certain < PLAIN * WORTH
        }
        worth = certainty(found)
        for k, one in fewer.items():
            worth[k] = (one.chi2 - found.chi2) / found.misfit
        if not worth or min(worth) >= WORTH:
            return Selected(found, tuple(worth))
        found = fewer[int(np.argmin(worth))]


def certainty(found: BandFit) -> list[float]:
    """Square of each band's height over its standard deviation: what taking it away costs, about.

    For bands far above noise it spares a fit; the others are fitted without.
    """
    first, n = found.model.n_background, found.model.n_bands
    variance = np.diag(found.covariance)[first : first + 3 * n : 3] * found.misfit
    return [float(v) for v in 1 / np.maximum(variance, 1e-12)]


def reshaped(measured: Measured, chosen: Selected) -> Selected:
    """The fit with bands part Lorentzian or asymmetric, where that spares bands or misfit."""
    best = chosen
    for start in starts(measured, chosen.fit):
        for mixing, skew in ((True, False), (False, True)):
            shaped = with_shape(measured, start, mixing=mixing, skew=skew)
            if start is not chosen.fit:
                shaped = grown(measured, shaped)
            trial = shrunk(measured, shaped)
            gain = criterion(measured, best.fit) - criterion(measured, trial.fit)
            if gain > SHAPE_WORTH:
                best = trial
    return best


def starts(measured: Measured, found: BandFit) -> list[BandFit]:
    """The fit, and one in which bands that Gaussians may need two for are one."""
    bands = found.model.bands(found.theta)
    merged: list[tuple[float, float, float]] = []
    for log_height, centre, log_width in bands[np.argsort(bands[:, 1])]:
        one = float(np.exp(log_height)), float(centre), float(np.exp(log_width))
        if merged and one[1] - merged[-1][1] < CLOSE * (one[2] + merged[-1][2]) / 2:
            one = _joined(merged.pop(), one)
        merged.append(one)
    if len(merged) == found.model.n_bands:
        return [found]
    _, centres, widths = np.array(merged).T
    return [found, begun_fit(measured, found.model, centres, widths)]


def _joined(
    left: tuple[float, float, float], right: tuple[float, float, float]
) -> tuple[float, float, float]:  # fmt: skip
    """Height, centre and width of one band in place of two."""
    share = right[0] / (left[0] + right[0])
    centre, width = (left[i] + share * (right[i] - left[i]) for i in (1, 2))
    return left[0] + right[0], centre, width


def criterion(measured: Measured, found: BandFit) -> float:
    """Bayes' information criterion of a fit."""
    n = measured.energy.size
    return found.chi2 + found.model.n_parameters * float(np.log(n))
