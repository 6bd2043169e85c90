"""From a profile to its peaks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from alloyscope.numerics.peak_finding import (
    apex_positions,
    baseline_level,
    local_maxima,
    noise_level,
)
from alloyscope.spectra.mass_spectrum import CentroidSpectrum, ProfileSpectrum


def centroid(
    spectrum: ProfileSpectrum, snr: float = 3.0, reference: ProfileSpectrum | None = None
) -> CentroidSpectrum | None:
    """Every maximum that stands `snr` noise levels above the baseline and its valleys.

    spectrum  : profile, m/z (n_points,)
    snr       : ratio of a peak's height to the noise level
    reference : spectrum whose noise and baseline count, for one that was cut out of it
    m/z is the apex of the parabola through the three top points; intensity is the highest point.
    None when no peak is that high.
    """
    mz, intensity = spectrum.mz, spectrum.intensity
    whole = intensity if reference is None else reference.intensity
    noise, base = noise_level(whole), max(baseline_level(whole), 0.0)
    peaks = local_maxima(intensity, height=base + snr * noise, prominence=snr * noise)
    # Where the spectrum ends on a flank, its last point is no peak.
    inside = (peaks > 0) & (peaks < mz.size - 1)
    peaks = peaks[inside & (intensity[peaks] > base)]
    if peaks.size == 0 or intensity.max() == intensity.min():
        return None
    at = apex_positions(mz, intensity, peaks)
    note = f"{peaks.size} peaks above {snr:g} x the noise level of {noise:.3g}."
    acquisition = spectrum.acquisition
    return CentroidSpectrum(
        # Two maxima of a flat, split top may come to lie on one m/z; the order must stay strict.
        np.where(np.diff(at, prepend=0.0) > 0, at, mz[peaks]),
        intensity[peaks],
        replace(acquisition, notes=(*acquisition.notes, note)),
    )
