"""Physical constants (CODATA 2022, https://physics.nist.gov/constants)."""

ELECTRON_MASS = 0.000_548_579_909_0441
"""Mass of the electron in daltons."""

EV_NM = 1239.841_984
"""Planck's constant times the speed of light, in eV nm: energy and wavelength of light."""
