"""Mass and absorption spectra: read from files, checked, averaged, and looked at."""

from alloyscope.spectra.absorption_spectrum import AbsorptionSeries, AbsorptionSpectrum
from alloyscope.spectra.centroid import centroid
from alloyscope.spectra.mass_spectrum import (
    Acquisition,
    CentroidSpectrum,
    MassSpectrum,
    ProfileSpectrum,
)
from alloyscope.spectra.read import (
    FORMATS,
    Activation,
    FileOverview,
    activations,
    overview,
    read_mass_spectrum,
)
from alloyscope.spectra.read_absorption import read_absorption, read_absorption_spectrum
from alloyscope.spectra.resolving_power import ResolvingPower, resolving_power
from alloyscope.spectra.scan import ScanRange

__all__ = [
    "FORMATS",
    "AbsorptionSeries",
    "AbsorptionSpectrum",
    "Acquisition",
    "Activation",
    "CentroidSpectrum",
    "FileOverview",
    "MassSpectrum",
    "ProfileSpectrum",
    "ResolvingPower",
    "ScanRange",
    "activations",
    "centroid",
    "overview",
    "read_absorption",
    "read_absorption_spectrum",
    "read_mass_spectrum",
    "resolving_power",
]
