"""From the parameters of a fit to bands, each said to be sure or not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from alloyscope.constants import EV_NM
from alloyscope.numerics.band_shapes import curves, half_width_factor
from alloyscope.spectra.absorption_spectrum import AbsorptionSpectrum
from alloyscope.uvvis.band_fit import BandFit, Measured
from alloyscope.uvvis.band_model import TYPICAL_WIDTH
from alloyscope.uvvis.band_selection import Selected
from alloyscope.uvvis.bands import Band, BandAnalysis
from alloyscope.uvvis.derivative import Derivative, significance_near
from alloyscope.uvvis.sampling import Sampled

Floats = NDArray[np.float64]
FINE_EV = 0.002
SURE_SDS = 3.0
BROADEST = 0.9
"""eV: what is wider is background, not a band."""
VAGUE, FAINT = 0.45, 0.05
"""eV and share of the range: a band that is wider and lower may be the shape of the background."""
SHAPE = 0.015
"""Relative sd of heights and widths beside that of noise: no band has quite the shape assumed."""
IMPERFECT = 0.01
"""Of its width: standard deviation of a position because no band has quite the shape assumed, where
the band is 0.25 eV wide. It rises as width^3: a broad band may well be several."""
NEAR = 0.5
"""Of a band's width: a maximum or a minimum of the second derivative so near is its own."""
MERGED = 0.75
"""Of a band's width: another so near, without a minimum of its own, runs into it."""


def nothing_found(spectrum: AbsorptionSpectrum, sampled: Sampled) -> BandAnalysis:
    """An analysis that has found nothing, of the spectrum as it is."""
    nothing = np.zeros((0, sampled.wavelength_nm.size))
    blank = sampled.absorbance
    nan = float("nan")
    return BandAnalysis(
        (), "", sampled.wavelength_nm, blank, blank, blank, nothing, np.zeros((0, 0)), 0.0, nan,
        nan, "not found", 0.0, nan, "none", 0.0, 0.0, (), None, spectrum.name, spectrum.source,
        spectrum.sketch, (*spectrum.notes, *sampled.notes),
    )  # fmt: skip


def read_bands(
    blank: BandAnalysis, chosen: Selected, measured: Measured, seen: tuple[Derivative, ...]
) -> BandAnalysis:
    """Bands of a fit, ascending in wavelength, with what else it holds as background."""
    found = chosen.fit
    bands = found.model.bands(found.theta)
    inside = (bands[:, 1] > measured.bottom) & (bands[:, 1] < measured.top)
    broad = np.exp(bands[:, 2]) > BROADEST
    order = [int(k) for k in np.argsort(-bands[:, 1]) if inside[k] and not broad[k]]
    each = found.model.each(found.theta)
    rest = [k for k in range(len(bands)) if k not in order]
    background = found.model.background(found.theta) + each[rest].sum(axis=0)
    fitted = background + each[order].sum(axis=0)
    mixing, skew = found.model.shape(found.theta)
    own, tops = _own_minima(found), _own_maxima(found)
    read = tuple(_band(chosen, k, own, tops, seen) for k in order)
    groups = _groups(read)
    read = tuple(replace(b, group=_group_of(i, groups)) for i, b in enumerate(read))
    freedom = max(measured.energy.size - found.model.n_parameters, 1)
    return replace(
        blank, bands=read, fitted=fitted, background=background, contributions=each[order],
        covariance=_natural_covariance(found, order), chi2=found.chi2 / freedom,
        residual_sd=float(np.std(measured.absorbance - fitted)), shape=_shape(mixing, skew),
        mixing=mixing, skew=skew, groups=groups, derivative=_best(seen, read),
        notes=_notes(bands, inside, broad, found),
    )  # fmt: skip


def _band(
    chosen: Selected,
    k: int,
    own: dict[int, float],
    tops: dict[int, float],
    seen: tuple[Derivative, ...],
) -> Band:
    found = chosen.fit
    log_height, centre, log_width = found.model.bands(found.theta)[k]
    height, width = float(np.exp(log_height)), float(np.exp(log_width))
    first = found.model.n_background + 3 * k
    slope = np.array([1.0, 1.0, found.model.width_slopes(found.theta)[k]])
    part = found.covariance[first : first + 3, first : first + 3] * found.misfit
    part *= np.outer(slope, slope)
    part += np.diag(_imperfect(width) ** 2)
    height_sd, centre_sd, width_sd = np.sqrt(np.diag(part))
    mixing, skew = found.model.shape(found.theta)
    across = width * half_width_factor(skew)
    nm = EV_NM / (centre - across / 2) - EV_NM / (centre + across / 2)
    significance = significance_near(seen, own.get(k, float(centre)), 0.02)
    faint = height < FAINT * np.ptp(found.model.value(found.theta))
    area = height * width * _area(mixing, skew)
    return Band(
        "peak" if k in tops else "shoulder", float(EV_NM / centre),
        float(EV_NM / centre**2 * centre_sd), float(centre), float(centre_sd),
        across, float(across * width_sd), float(nm), float(nm * width_sd),
        height, float(height * height_sd),
        area, float(area * np.sqrt(part[0, 0] + part[2, 2] + 2 * part[0, 2])),
        EV_NM / tops[k] if k in tops else float("nan"), significance, chosen.worth[k],
        k in own and significance >= SURE_SDS and not (faint and width > VAGUE),
    )  # fmt: skip


def _imperfect(width: float) -> Floats:
    """Sd of ln height, centre and ln width because no band has quite the shape assumed."""
    return np.array([SHAPE, IMPERFECT * width * (width / TYPICAL_WIDTH) ** 2, SHAPE])


def _area(mixing: float, skew: float) -> float:
    """Of a band of height and width 1, within forty widths."""
    z = np.linspace(-40, 40, 16001)
    return float(np.trapezoid(curves(z, np.zeros(1), np.ones(1), mixing, skew).value[0], z))


def _fine(found: BandFit) -> tuple[Floats, Floats]:
    """Energies across the window, and the fit's absorbance there without steps."""
    smooth = replace(found.model, steps=())
    theta = np.delete(found.theta, slice(1, 1 + len(found.model.steps)))
    energy = np.arange(found.model.energy.min(), found.model.energy.max(), FINE_EV)
    return energy, smooth.value(theta, energy)


def _own_minima(found: BandFit) -> dict[int, float]:
    """Energy of the minimum of the fit's second derivative that each band makes, if any."""
    energy, value = _fine(found)
    if energy.size < 7:
        return {}
    curvature = np.gradient(np.gradient(value, energy), energy)[2:-2]
    below = curvature[1:-1] < np.minimum(curvature[:-2], 0)
    least = np.flatnonzero(below & (curvature[1:-1] <= curvature[2:])) + 3
    return _shared_out(found, energy[least])


def _own_maxima(found: BandFit) -> dict[int, float]:
    """Energy of the maximum of the fit that each band makes, if it makes one."""
    energy, value = _fine(found)
    most = np.flatnonzero((value[1:-1] > value[:-2]) & (value[1:-1] >= value[2:])) + 1
    return _shared_out(found, energy[most])


def _shared_out(found: BandFit, places: Floats) -> dict[int, float]:
    """Each place to one band nearer than half its width, so many as can be, the nearest ones."""
    from scipy.optimize import linear_sum_assignment  # here: for start-up time

    if not places.size or not found.model.n_bands:
        return {}
    _, centre, log_width = found.model.bands(found.theta).T
    apart = np.abs(centre[:, None] - places[None, :]) / np.exp(log_width)[:, None]
    bands, at = linear_sum_assignment(np.where(apart < NEAR, apart, 1e3))
    return {int(k): float(places[i]) for k, i in zip(bands, at, strict=True) if apart[k, i] < NEAR}


def _groups(bands: tuple[Band, ...]) -> tuple[tuple[int, ...], ...]:
    """Bands without a minimum of their own, with the nearest that has one."""
    groups: dict[int, list[int]] = {}
    for i, band in enumerate(bands):
        near = [
            (abs(other.energy_ev - band.energy_ev), j)
            for j, other in enumerate(bands)
            if other.sure
            and abs(other.energy_ev - band.energy_ev) < MERGED * max(band.width_ev, other.width_ev)
        ]
        if not band.sure and near:
            groups.setdefault(min(near)[1], []).append(i)
    return tuple(tuple(sorted((j, *members))) for j, members in sorted(groups.items()))


def _group_of(band: int, groups: tuple[tuple[int, ...], ...]) -> int | None:
    return next((g for g, members in enumerate(groups) if band in members), None)


def _natural_covariance(found: BandFit, order: list[int]) -> Floats:
    """Of height, energy and width of each band, scaled by the misfit."""
    first = found.model.n_background
    at = np.array([first + 3 * k + j for k in order for j in range(3)], int)
    bands = found.model.bands(found.theta)[order]
    by = np.exp(bands)
    by[:, 1] = 1.0
    by[:, 2] *= found.model.width_slopes(found.theta)[order]
    scale = by.ravel()
    part = found.covariance[np.ix_(at, at)] * found.misfit * np.outer(scale, scale)
    floors = [_imperfect(width) * [height, 1.0, width] for height, _, width in np.exp(bands)]
    return np.asarray(part + np.diag(np.concatenate([*floors, []]) ** 2))


def _shape(mixing: float, skew: float) -> str:
    if mixing:
        return f"Gaussian with {100 * mixing:.0f} % of Lorentzian"
    return f"Gaussian with a skew of {skew:+.2f}" if skew else "Gaussian"


def _best(seen: tuple[Derivative, ...], bands: tuple[Band, ...]) -> Derivative:
    """The derivative at which the least of the sure bands stands highest; a middle one for none."""
    energies = [band.energy_ev for band in bands if band.sure]
    if not energies:
        return seen[len(seen) // 2]
    return max(seen, key=lambda one: min(significance_near((one,), e, 0.02) for e in energies))


def _notes(
    bands: Floats, inside: NDArray[np.bool_], broad: NDArray[np.bool_], found: BandFit
) -> tuple[str, ...]:
    notes = []
    for (_, centre, log_width), within, wide in zip(bands, inside, broad, strict=True):
        if not within:
            side = "blue" if centre > found.model.energy.max() else "red"
            notes.append(f"A band centred beyond the {side} end of the window is background here.")
        elif wide:
            notes.append(
                f"Absorption {np.exp(log_width):.1f} eV wide about {EV_NM / centre:.0f} nm is"
                " background here."
            )
    if found.misfit > 2:
        notes.append(
            f"The fit misses the spectrum by more than its noise (chi2 {found.misfit:.1f} per"
            " degree of freedom); standard deviations are scaled by it."
        )
    return tuple(dict.fromkeys(notes))
