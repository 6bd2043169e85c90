"""An ion's envelope laid over a measured spectrum: how far off, and how alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alloyscope.chemistry.element import IsotopeTable
from alloyscope.chemistry.species import AnyIon
from alloyscope.errors import EmptySpectrum
from alloyscope.isotopes.envelope import Envelope, envelope
from alloyscope.numerics.similarity import Likeness, best_likeness, likeness
from alloyscope.spectra import CentroidSpectrum, ProfileSpectrum

Floats = NDArray[np.float64]
MAX_SHIFT_PPM = 100.0
ONE_SPACING = 0.49
"""Shift allowed, in isotope spacings: half of one, or the next nucleon number would fit as well."""
TALL = 1e-3
"""Peaks below this share of the tallest do not widen the window that is compared."""
ENOUGH_POINTS = 4000
"""Points in a window beyond which neighbours are averaged while shift and width are searched."""

WIDTHS_TRIED = np.log(np.geomspace(1 / 16, 16, 9))


@dataclass(frozen=True, eq=False)
class Overlay:
    """A simulated envelope and the measured spectrum it is compared with.

    envelope         : at the resolving power given, or fitted
    resolving_power  : of the envelope; None where a peak list was compared, which has none
    resolving_power_fitted : whether the width was fitted here
    window           : m/z compared
    coverage         : share of the envelope's probability inside the measured range
    mz, measured     : (n_points,) of the spectrum inside the window
    largest_shift    : limit of the free shift, m/z
    as_placed        : cosine and R2 with a free scale, at the calculated m/z
    shifted          : the same with a free shift, too; its `shift` is measured - calculated, m/z
    """

    envelope: Envelope
    resolving_power: float | None
    resolving_power_fitted: bool
    window: tuple[float, float]
    coverage: float
    mz: Floats
    measured: Floats
    as_placed: Likeness
    shifted: Likeness
    largest_shift: float

    @property
    def remark(self) -> str:
        """Empty, or that the shift went as far as it could, and so is no measurement."""
        if abs(self.shifted.shift) < 0.99 * self.largest_shift:
            return ""
        return "the shift ended at its limit: the m/z error is not a measurement"

    @property
    def error_ppm(self) -> float:
        """Measured less calculated m/z of the whole envelope, ppm."""
        return self.shifted.shift / self.envelope.average_mz * 1e6

    @property
    def mz_measured(self) -> float:
        """m/z of the most abundant peak as the shifted envelope finds it."""
        return self.envelope.most_abundant_mz + self.shifted.shift


def overlay(
    spectrum: ProfileSpectrum | CentroidSpectrum,
    ion: AnyIon,
    resolving_power: float | None = None,
    table: IsotopeTable | None = None,
    *,
    shape: str = "gaussian",
    tail: float = 1.0,
    max_shift_ppm: float = MAX_SHIFT_PPM,
) -> Overlay:
    """Lay an ion's envelope over a spectrum.

    resolving_power : None fits it to the spectrum
    max_shift_ppm   : of the free shift, which also stays below half an isotope spacing, since
                      beyond it the next nucleon number would fit as well

    Raises ChargeError for a neutral ion; EmptySpectrum when less than half of the envelope lies
    inside the spectrum, or there is no signal where it lies.
    """
    drawn = envelope(ion, resolving_power or 20000.0, table, shape=shape, tail=tail)
    tall = drawn.mz[drawn.probability > TALL * drawn.probability.max()]
    reach = min(max_shift_ppm * 1e-6 * drawn.average_mz, ONE_SPACING / abs(ion.charge))
    margin = 2 * reach + 3 * drawn.average_mz / drawn.resolving_power
    low, high = tall[0] - margin, tall[-1] + margin
    first, last = spectrum.mz_range
    inside = (drawn.mz >= first - reach) & (drawn.mz <= last + reach)
    coverage = float(drawn.probability[inside].sum() / drawn.probability.sum())
    if coverage < 0.5:
        raise EmptySpectrum(
            f"{ion}: its envelope lies at m/z {tall[0]:.2f}-{tall[-1]:.2f}, the spectrum "
            f"at {first:.2f}-{last:.2f}; nothing to compare."
        )
    if isinstance(spectrum, CentroidSpectrum):
        laid = _over_centroids(spectrum, drawn, (low, high), coverage, reach)
    else:
        cut = spectrum.window(low, high)
        laid = _over_profile(cut, drawn, (low, high), coverage, reach, resolving_power is None)
    if laid.shifted.scale <= 0:
        raise EmptySpectrum(
            f"{ion}: no signal at m/z {tall[0]:.2f}-{tall[-1]:.2f}, where its envelope lies."
        )
    return laid


def _over_profile(
    cut: ProfileSpectrum,
    drawn: Envelope,
    window: tuple[float, float],
    coverage: float,
    reach: float,
    fit_width: bool,
) -> Overlay:
    mz, measured = np.asarray(cut.mz), np.asarray(cut.intensity)
    x, y = _thinner(mz, measured)

    def model(shift: float, log_width: float) -> Floats:
        return _at_width(drawn, log_width).at(x - shift)

    width = drawn.average_mz / drawn.resolving_power
    widths = WIDTHS_TRIED if fit_width else np.zeros(1)
    found = best_likeness(y, model, reach, width, widths)
    fitted = _at_width(drawn, found.log_width)
    shifted = likeness(measured, fitted.at(mz - found.shift), found.shift, found.log_width)
    placed = likeness(measured, fitted.at(mz))
    return Overlay(fitted, fitted.resolving_power, fit_width, window, coverage, mz, measured,
                   placed, shifted, reach)  # fmt: skip


def _thinner(mz: Floats, measured: Floats) -> tuple[Floats, Floats]:
    """Means of neighbouring points where there are more than a search needs."""
    each = mz.size // ENOUGH_POINTS
    if each < 2:
        return mz, measured
    whole = mz.size // each * each
    return (mz[:whole].reshape(-1, each).mean(axis=1),
            measured[:whole].reshape(-1, each).mean(axis=1))  # fmt: skip


def _at_width(drawn: Envelope, log_width: float) -> Envelope:
    if log_width == 0.0:
        return drawn
    power = float(np.clip(drawn.resolving_power * np.exp(-log_width), 10, 1e8))
    return Envelope(drawn.ion, drawn.mz, drawn.probability, power, drawn.shape, drawn.tail)


def _over_centroids(
    spectrum: CentroidSpectrum,
    drawn: Envelope,
    window: tuple[float, float],
    coverage: float,
    reach: float,
) -> Overlay:
    """Compare with a peak list: each calculated peak with the tallest measured one in reach.

    Measured peaks that no calculated one explains count with a simulated height of zero.
    """
    tall = drawn.probability > TALL * drawn.probability.max()
    centres, heights = drawn.mz[tall], drawn.probability[tall]
    near = (spectrum.mz >= window[0]) & (spectrum.mz <= window[1])
    mz, intensity = np.asarray(spectrum.mz[near]), np.asarray(spectrum.intensity[near])

    def paired(shift: float, tolerance: float) -> tuple[Floats, Floats, float]:
        rest, found = intensity.copy(), np.zeros(centres.size)
        offset = weight = 0.0
        for k, centre in enumerate(centres + shift):
            inside = np.flatnonzero(np.abs(mz - centre) <= tolerance)
            if inside.size:
                top = inside[np.argmax(intensity[inside])]
                found[k], rest[top] = intensity[top], 0.0
                offset += heights[k] * (mz[top] - centres[k])
                weight += heights[k]
        alone = rest[rest > 0]
        measured = np.concatenate((found, alone))
        simulated = np.concatenate((heights, np.zeros(alone.size)))
        return measured, simulated, offset / weight if weight else 0.0

    measured, simulated, shift = paired(0.0, reach)
    placed = likeness(measured, simulated)
    measured, simulated, shift = paired(shift, reach / 2)
    shifted = likeness(measured, simulated, shift)
    return Overlay(drawn, None, False, window, coverage, mz, intensity, placed, shifted, reach)
