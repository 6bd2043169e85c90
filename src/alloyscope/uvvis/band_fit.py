"""Fit of a band model to a spectrum, and the step from it to one band more or less."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares, nnls

from alloyscope.numerics.band_shapes import curves
from alloyscope.numerics.correlated_noise import whitened
from alloyscope.uvvis.band_model import TAIL_EV, TYPICAL_WIDTH, BandModel, width_parameter

Floats = NDArray[np.float64]
MOST_EVALUATIONS = 50
TRIAL_WIDTHS = (0.1, 0.16, 0.25, 0.4)
TRIAL_STEP = 0.02
LEAST_SHARE = 1e-4
"""Of the range of absorbance: a band begins at no less."""


@dataclass(frozen=True, eq=False)
class Measured:
    """What is fitted.

    energy, absorbance, sd : (n_points,), eV, decadic, of the noise
    correlation            : of the noise of neighbouring points
    """

    energy: Floats
    absorbance: Floats
    sd: Floats
    correlation: float

    @property
    def scale(self) -> float:
        """Range of absorbance."""
        return float(np.ptp(self.absorbance))

    @property
    def top(self) -> float:
        """The blue end, eV."""
        return float(self.energy.max())

    @property
    def bottom(self) -> float:
        """The red end, eV."""
        return float(self.energy.min())

    def white(self, values: Floats) -> Floats:
        """Values (n_points, ...) over their noise, which is then independent."""
        over = values / (self.sd if values.ndim == 1 else self.sd[:, None])
        return whitened(over, self.correlation)


@dataclass(frozen=True, eq=False)
class BandFit:
    """Parameters where the weighted squares, and departures from the priors, are least.

    theta      : (n_parameters,)
    chi2       : of the points; cost: with that of the priors
    covariance : (n_parameters, n_parameters), not yet scaled by lack of fit
    begun      : (n_bands,) eV, where the bands were begun
    """

    model: BandModel
    theta: Floats
    chi2: float
    cost: float
    covariance: Floats
    begun: tuple[float, ...]

    @property
    def misfit(self) -> float:
        """chi2 over its expectation, 1 at least."""
        freedom = max(self.model.energy.size - self.model.n_parameters, 1)
        return max(1.0, self.chi2 / freedom)


def begin(
    measured: Measured, model: BandModel, centres: Floats, widths: Floats
) -> Floats:  # fmt: skip
    """Parameters with amplitudes of least squares, none below zero, for centres and widths."""
    columns = model.linear()
    tail = np.exp((measured.energy - measured.top) / TAIL_EV)[:, None]
    shapes = curves(measured.energy, centres, widths).value.T
    steps = columns[:, 1:]
    design = np.concatenate([columns, -columns[:, :1], -steps, tail, shapes], axis=1)
    white = measured.white(design)
    found, _ = nnls(white, measured.white(measured.absorbance), maxiter=100 * white.shape[1])
    n = columns.shape[1]
    linear = found[:n].copy()
    linear[0] -= found[n]
    linear[1:] -= found[n + 1 : n + n]
    at = 2 * n
    heights = np.log(np.maximum(found[at:], LEAST_SHARE * measured.scale))
    theta = np.zeros(model.n_parameters)
    offsets = 1 + len(model.steps)
    theta[:offsets] = linear[:offsets]
    theta[offsets : offsets + 2] = heights[0], np.log(TAIL_EV)
    if model.scatter:
        theta[offsets + 2] = linear[-1]
    bands = np.stack([heights[1:], centres, width_parameter(widths)], axis=1)
    theta[model.n_background : model.n_background + 3 * model.n_bands] = bands.ravel()
    if model.mixing:
        theta[model.n_parameters - 1 - model.skew] = -1.0
    return theta


def fit(measured: Measured, model: BandModel, start: Floats, begun: tuple[float, ...]) -> BandFit:
    """The fit from a start, by Levenberg and Marquardt with the analytic Jacobian."""
    mean, sd = model.priors(begun, measured.scale)
    prior = np.diag(1 / sd)

    low, high = model.limits()
    latest: dict[bytes, tuple[Floats, Floats]] = {}

    def both(theta: Floats) -> tuple[Floats, Floats]:
        """Residuals and Jacobian: the solver asks for the second where it last had the first."""
        if (key := theta.tobytes()) not in latest:
            latest.clear()
            value, slopes = model.with_jacobian(np.clip(theta, low, high))
            misses = measured.white(value - measured.absorbance)
            latest[key] = misses, measured.white(slopes)
        return latest[key]

    def residual(theta: Floats) -> Floats:
        return np.concatenate([both(theta)[0], (theta - mean) / sd])

    def jacobian(theta: Floats) -> Floats:
        return np.concatenate([both(theta)[1], prior])

    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        found = least_squares(
            residual, start, jacobian, method="lm", x_scale="jac", xtol=1e-4, ftol=1e-5, gtol=1e-9,
            max_nfev=MOST_EVALUATIONS,
        )  # fmt: skip
    theta = np.clip(found.x, low, high)
    misses = residual(theta)
    chi2 = float((misses[: measured.energy.size] ** 2).sum())
    slopes = jacobian(theta)
    curvature = slopes.T @ slopes
    return BandFit(model, theta, chi2, float((misses**2).sum()), inverse(curvature), begun)


def inverse(curvature: Floats) -> Floats:
    """Inverse of a matrix of second derivatives whose rows differ much in scale."""
    scale = np.sqrt(np.maximum(np.diag(curvature), 1e-300))
    return np.asarray(np.linalg.pinv(curvature / np.outer(scale, scale)) / np.outer(scale, scale))


def begun_fit(measured: Measured, model: BandModel, centres: Floats, widths: Floats) -> BandFit:
    """The fit from these centres and widths (n_bands,)."""
    model = model.of_bands(centres.size)
    start = begin(measured, model, centres, widths)
    return fit(measured, model, start, tuple(centres.tolist()))


def without(measured: Measured, found: BandFit, band: int) -> BandFit:
    """The fit of all bands but one, from where they are."""
    first = found.model.n_background + 3 * band
    start = np.delete(found.theta, slice(first, first + 3))
    begun = found.begun[:band] + found.begun[band + 1 :]
    return fit(measured, found.model.of_bands(found.model.n_bands - 1), start, begun)


def with_band(
    measured: Measured, found: BandFit, centre: float, width: float, height: float
) -> BandFit:  # fmt: skip
    """The fit with one band more, the others from where they are."""
    model = found.model.of_bands(found.model.n_bands + 1)
    last = found.model.n_background + 3 * found.model.n_bands
    start = np.insert(
        found.theta, [last] * 3, [np.log(height), centre, float(width_parameter(np.array(width)))]
    )
    return fit(measured, model, start, (*found.begun, centre))


def with_shape(measured: Measured, found: BandFit, *, mixing: bool, skew: bool) -> BandFit:
    """The fit with bands that may be part Lorentzian, asymmetric, or both."""
    model = replace(found.model, mixing=mixing, skew=skew)
    last = found.model.n_background + 3 * found.model.n_bands
    extra = [-2.0] * mixing + [0.0] * skew
    return fit(measured, model, np.append(found.theta[:last], extra), found.begun)


def best_addition(measured: Measured, found: BandFit) -> tuple[float, float, float, float]:
    """Centre and width of the band that would help most, its height, and by how much chi2 falls.

    What all other parameters could do instead is projected out, to first order.
    """
    misses = measured.white(measured.absorbance - found.model.value(found.theta))
    basis, _ = np.linalg.qr(measured.white(found.model.jacobian(found.theta)))
    centres = np.arange(measured.bottom, measured.top + 0.3, TRIAL_STEP)
    best = (0.0, TYPICAL_WIDTH, 0.0, 0.0)
    for width in TRIAL_WIDTHS:
        shapes = curves(measured.energy, centres, np.full(centres.size, width)).value
        trial = measured.white(shapes.T)
        own = trial - basis @ (basis.T @ trial)
        size = np.maximum((own**2).sum(axis=0), 1e-9 * np.maximum((trial**2).sum(axis=0), 1e-30))
        along = own.T @ misses
        gain = np.where(along > 0, along**2 / size, 0.0)
        k = int(gain.argmax())
        if gain[k] > best[3]:
            best = (float(centres[k]), width, float(along[k] / size[k]), float(gain[k]))
    return best
