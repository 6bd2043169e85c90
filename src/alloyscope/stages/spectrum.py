"""The mass spectra a case names, read."""

from __future__ import annotations

from pathlib import Path

from alloyscope.case import Case
from alloyscope.errors import SpectrumError, message
from alloyscope.spectra import CentroidSpectrum, ProfileSpectrum, ScanRange, read_mass_spectrum
from alloyscope.stages.progress import Observe


def read(
    file: str, scans: str, case: Case, observe: Observe | None
) -> ProfileSpectrum | CentroidSpectrum:
    """A spectrum read and averaged as the case's [spectrum] says."""

    def progress(done: int, total: int | None) -> None:
        if observe is not None:
            observe("reading scans", done, total)

    return read_mass_spectrum(
        Path(file),
        scans=ScanRange.parse(scans) if scans else None,
        ms_level=case.spectrum.ms_level or None,
        polarity=case.spectrum.polarity or None,
        mode=case.spectrum.mode or None,
        progress=progress,
    )


def profile(file: str, scans: str, case: Case, observe: Observe | None) -> ProfileSpectrum:
    """A spectrum read, which must be a profile. Raises SpectrumError for a peak list."""
    found = read(file, scans, case, observe)
    if not isinstance(found, ProfileSpectrum):
        raise SpectrumError(
            message(found.acquisition.source, found="a peak list", expected="a profile, whose "
                    "peaks span several points", do="Assignment weighs the shape of each envelope.")
        )  # fmt: skip
    return found
