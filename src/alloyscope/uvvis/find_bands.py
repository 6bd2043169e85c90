"""Bands and shoulders of an absorption spectrum."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from alloyscope.constants import EV_NM
from alloyscope.errors import SpectrumError, message
from alloyscope.numerics.band_shapes import curves
from alloyscope.spectra.absorption_spectrum import (
    AbsorptionSeries,
    AbsorptionSpectrum,
    as_spectrum,
)
from alloyscope.uvvis.band_fit import Measured
from alloyscope.uvvis.band_model import TYPICAL_WIDTH, BandModel
from alloyscope.uvvis.band_reading import nothing_found, read_bands
from alloyscope.uvvis.band_selection import select
from alloyscope.uvvis.bands import BandAnalysis
from alloyscope.uvvis.derivative import Derivative, derivative_rows, derivatives
from alloyscope.uvvis.noise import Noise, find_noise
from alloyscope.uvvis.sampling import Sampled, sample, steps, without_spikes

Floats = NDArray[np.float64]
FEWEST_POINTS = 20
SEEN_SDS = 3.0
NOISY = 0.3
"""Of the range of absorbance: a spectrum in which no lower band is seen is too noisy."""
FLAT = 6.0
"""Standard deviations of noise: less range of the smoothed spectrum is none."""


def find_bands(
    spectrum: AbsorptionSpectrum | AbsorptionSeries,
    *,
    noise: float | None = None,
    window: tuple[float, float] | None = None,
    scatter: bool = False,
) -> BandAnalysis:
    """Bands and shoulders, each with position, width, height and uncertainty.

    spectrum : or a series of one
    noise   : standard deviation of one point, in absorbance; found from the spectrum if not given
    window  : nm, lowest and highest; all of the spectrum if not given
    scatter : whether a term of light scattered by small particles, wavelength^-4, is fitted
    A spectrum without a distinct band, or with too few points, says so in `verdict`.
    Raises SpectrumError for a noise that is not above 0 or a series of several, EmptySpectrum for a
    window with fewer than two points.
    """
    if noise is not None and not noise > 0:
        raise SpectrumError(message("noise", found=str(noise), expected="an absorbance above 0"))
    spectrum = as_spectrum(spectrum)
    if window is not None:
        spectrum = spectrum.window(*window)
    sampled = sample(spectrum)
    blank = nothing_found(spectrum, sampled)
    if sampled.wavelength_nm.size < FEWEST_POINTS:
        n = sampled.wavelength_nm.size
        return replace(blank, verdict=f"too few points: {n}, and {FEWEST_POINTS} are needed")
    if not np.ptp(sampled.absorbance):
        return replace(blank, verdict="no distinct band: the absorbance is the same everywhere")
    return _analysed(blank, sampled, noise, scatter, spectrum.notes)


def _analysed(
    blank: BandAnalysis, sampled: Sampled, stated: float | None, scatter: bool,
    given: tuple[str, ...],
) -> BandAnalysis:  # fmt: skip
    mean_of = float(np.median(sampled.averaged))
    of_means = None if stated is None else stated / np.sqrt(mean_of)
    found = find_noise(sampled.wavelength_nm, sampled.absorbance, of_means)
    sampled = without_spikes(sampled, found.sd)
    found = find_noise(sampled.wavelength_nm, sampled.absorbance, of_means)
    jumps = steps(sampled.wavelength_nm, sampled.absorbance, found.sd)
    energy = sampled.energy_ev
    measured = Measured(energy, sampled.absorbance, found.at, found.correlation)
    model = BandModel(
        energy, measured.top, tuple(EV_NM / at for at in jumps), scatter
    )  # fmt: skip
    chosen, refined = select(measured, model)
    if stated is not None:  # what is stated stands; what residuals show is misfit
        refined = measured
    seen = derivatives(refined)
    analysis = read_bands(_of(blank, sampled), chosen, refined, seen)
    limit = detection_limit(refined, seen)
    return replace(
        analysis,
        limit=limit,
        verdict=verdict(analysis, refined, limit),
        noise_sd=float(np.median(refined.sd)),
        noise_how=found.how,
        noise_correlation=refined.correlation,
        notes=(*given, *sampled.notes, *_step_notes(jumps), *_noise_notes(found), *analysis.notes),
    )


def _of(blank: BandAnalysis, sampled: Sampled) -> BandAnalysis:
    """The analysis of these points."""
    return replace(blank, wavelength_nm=sampled.wavelength_nm, absorbance=sampled.absorbance)


def _step_notes(jumps: tuple[float, ...]) -> tuple[str, ...]:
    return tuple(
        f"The absorbance jumps at {at:.0f} nm, as where a lamp or detector changes; the jump is"
        " fitted." for at in jumps
    )  # fmt: skip


def _noise_notes(found: Noise) -> tuple[str, ...]:
    highest = float(found.at.max() / found.sd)
    return (f"Parts of the spectrum are up to {highest:.1f} times as noisy as the rest.",) * (
        highest > 1
    )


def detection_limit(measured: Measured, seen: tuple[Derivative, ...]) -> float:
    """Height of a band 0.25 eV wide whose second derivative stands 3 sd above noise.

    The median of such heights over the window; NaN where no derivative can be taken.
    """
    ends = measured.bottom, measured.top
    centres = np.linspace(*ends, 9)[1:-1]
    per_height = np.zeros(centres.size)
    for one in seen:
        rows = derivative_rows(measured, centres, one.width)
        bands = curves(measured.energy, centres, np.full(centres.size, TYPICAL_WIDTH)).value
        curvature = -np.nan_to_num((rows * bands).sum(axis=1))
        per_height = np.maximum(per_height, curvature / np.interp(centres, one.energy, one.sd))
    middle = float(np.median(per_height))
    return SEEN_SDS / middle if middle > 0 else float("nan")


def verdict(analysis: BandAnalysis, measured: Measured, limit: float) -> str:
    """One line on what there is."""
    sure, unsure = len(analysis.sure), len(analysis.bands) - len(analysis.sure)
    if sure:
        return counted(analysis, sure, unsure)
    smooth = analysis.fitted
    if np.ptp(smooth) < FLAT * np.median(measured.sd) / np.sqrt(smooth.size / 20):
        return "no distinct band: nothing stands above the noise"
    if not limit < NOISY * float(np.ptp(smooth)):
        return (
            "too noisy: a band 0.25 eV wide would not be seen"
            + (f" below absorbance {limit:.2g}" if np.isfinite(limit) else "")
        )  # fmt: skip
    if unsure:
        return f"no distinct band; {unsure} that only a sum of bands asks for"
    if (np.diff(smooth) <= 1e-3 * np.ptp(smooth)).all():
        return "no distinct band: the spectrum falls smoothly"
    return "no distinct band"


def counted(analysis: BandAnalysis, sure: int, unsure: int) -> str:
    """Bands that are sure, of these the shoulders and those that merge; then those not sure."""
    shoulders = sum(band.kind == "shoulder" for band in analysis.sure)
    text = f"{sure} band{'s' * (sure > 1)}"
    if shoulders:
        text += f", {shoulders} of them {'a shoulder' if shoulders == 1 else 'shoulders'}"
        text = text.replace("1 band, 1 of them a shoulder", "1 band, a shoulder")
    merged = sum(band.group is not None for band in analysis.sure)
    if merged:
        many = f"{merged} of them run into neighbours" if merged > 1 else (
            "1 of them runs into a neighbour" if sure > 1 else "it runs into a neighbour"
        )  # fmt: skip
        text += f"; {many}"
    return text + (f"; {unsure} more not sure" if unsure else "")
