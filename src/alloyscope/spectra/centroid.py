"""From a profile to its peaks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from alloyscope.errors import EmptySpectrum, message
from alloyscope.numerics.peak_finding import apex_positions, local_maxima, noise_level
from alloyscope.spectra.mass_spectrum import CentroidSpectrum, ProfileSpectrum


def centroid(spectrum: ProfileSpectrum, snr: float = 3.0) -> CentroidSpectrum:
    """Every maximum that stands `snr` noise levels above zero and its valleys.

    spectrum : profile, m/z (n_points,)
    snr      : ratio of a peak's height to the noise level of the whole spectrum
    m/z is the apex of the parabola through the three top points; intensity is the highest point.
    Raises EmptySpectrum if no peak is that high.
    """
    mz, intensity = spectrum.mz, spectrum.intensity
    noise = noise_level(intensity)
    peaks = local_maxima(intensity, height=snr * noise, prominence=snr * noise)
    peaks = peaks[intensity[peaks] > 0]
    if peaks.size == 0:
        raise EmptySpectrum(
            message(
                spectrum.acquisition.source,
                found=f"no peak above {snr:g} x the noise of {noise:.3g}",
                expected="at least one",
                do="Lower the signal-to-noise ratio.",
            )
        )
    at = apex_positions(mz, intensity, peaks)
    note = f"{peaks.size} peaks above {snr:g} x the noise level of {noise:.3g}."
    acquisition = spectrum.acquisition
    return CentroidSpectrum(
        # Two maxima of a flat, split top may come to lie on one m/z; the order must stay strict.
        np.where(np.diff(at, prepend=0.0) > 0, at, mz[peaks]),
        intensity[peaks],
        replace(acquisition, notes=(*acquisition.notes, note)),
    )
