"""Charge, potential and mobility of a sphere in water: arrays in, arrays out.

Potentials are reduced, y = e psi / kT; lengths nm; ionic strengths M; charges elementary.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

E, K_B, N_A, EPS0 = 1.602176634e-19, 1.380649e-23, 6.02214076e23, 8.8541878128e-12
"""C, J/K, 1/mol, F/m; CODATA 2018."""

LEAST_KAPPA_A = 0.5
"""Below it `charge_of_potential` errs by more than some per cent."""

HIGHEST = 20.0
"""Reduced potential beyond which no cluster is."""


def permittivity(temperature: float) -> float:
    """Relative permittivity of water at a temperature, K.

    C. G. Malmberg and A. A. Maryott, J. Res. Natl. Bur. Stand. 56, 1 (1956).

    >>> round(permittivity(298.15), 1)
    78.3
    """
    t = temperature - 273.15
    return 87.740 - 0.40008 * t + 9.398e-4 * t**2 - 1.410e-6 * t**3


def viscosity(temperature: float) -> float:
    """Viscosity of water, Pa s, within 2.5 % from 0 to 370 °C.

    >>> round(1e3 * viscosity(298.15), 2)
    0.89
    """
    return float(2.414e-5 * 10 ** (247.8 / (temperature - 140.0)))


def debye_length(ionic_strength: Floats, temperature: float) -> Floats:
    """nm, of monovalent ions.

    >>> debye_length(np.array([0.1]), 298.15).round(2)
    array([0.96])
    """
    eps = permittivity(temperature) * EPS0
    square = eps * K_B * temperature / (2e3 * N_A * E**2 * ionic_strength)
    return np.asarray(1e9 * np.sqrt(square))


def charge_unit(temperature: float) -> float:
    """1/nm, 4 pi eps kT / e^2: one over Bjerrum's length.

    >>> round(1 / charge_unit(298.15), 2)
    0.72
    """
    eps = permittivity(temperature) * EPS0
    return 4 * math.pi * eps * K_B * temperature / E**2 * 1e-9


def charge_of_potential(y: Floats, radius: Floats, kappa: Floats, temperature: float) -> Floats:
    """Charge that gives a sphere's surface this potential, counter-ions gathering round it.

    H. Ohshima, T. W. Healy and L. R. White, J. Colloid Interface Sci. 90, 17 (1982): within 1 %
    of the Poisson-Boltzmann equation where kappa a >= 0.5.
    """
    x = kappa * radius
    size = np.maximum(np.abs(y), 1e-12)
    # ln cosh(y/4), which does not overflow and keeps its digits at small y.
    log_cosh = np.logaddexp(0.0, -size / 2) + size / 4 - math.log(2)
    log_cosh = np.where(size < 1e-2, size**2 / 32, log_cosh)
    root = np.sqrt(
        1 + 2 / (x * np.cosh(size / 4) ** 2) + 8 * log_cosh / (x * np.sinh(size / 2)) ** 2
    )
    density = 2 * np.sinh(size / 2) * root * x * radius
    return np.asarray(np.sign(y) * density * charge_unit(temperature))


def linear_charge(y: Floats, radius: Floats, kappa: Floats, temperature: float) -> Floats:
    """The same by Debye and Hückel, for small potentials."""
    return np.asarray(y * radius * (1 + kappa * radius) * charge_unit(temperature))


def henry(kappa_a: Floats) -> Floats:
    """Henry's function f between 1 (thick double layer) and 1.5 (thin).

    H. Ohshima, J. Colloid Interface Sci. 168, 269 (1994), eq. 4: within 1 %.

    >>> henry(np.array([1e-6, 1.0, 1e6])).round(3)
    array([1.   , 1.034, 1.5  ])
    """
    return np.asarray(1 + 0.5 * (1 + 2.5 / (kappa_a * (1 + 2 * np.exp(-kappa_a)))) ** -3)


def mobility_of_potential(y: Floats, kappa_a: Floats, temperature: float) -> Floats:
    """10^-8 m2/(V s): mu = 2 eps zeta f(kappa a) / (3 eta), without relaxation of the ion cloud."""
    zeta = y * K_B * temperature / E
    eps = permittivity(temperature) * EPS0
    return np.asarray(1e8 * 2 * eps * zeta * henry(kappa_a) / (3 * viscosity(temperature)))


def friction_unit(temperature: float) -> float:
    """Elementary charges for each nm and 10^-8 m2/(V s): 6 pi eta / e."""
    return 6 * math.pi * viscosity(temperature) * 1e-17 / E


def retardation(radius: Floats, fibre_radius: Floats) -> Floats:
    """Ferguson's K_r per %T: log10 mu = log10 mu0 - K_r T.

    The share of a gel of random straight fibres that is free to a sphere, exp(-phi (1 + R/r)^2),
    phi = 0.01 v T. A. G. Ogston, Trans. Faraday Soc. 54, 1754 (1958); D. Rodbard and A. Chrambach,
    PNAS 65, 970 (1970); v = 0.7 mL/g of polyacrylamide.
    """
    return np.asarray(0.01 * 0.7 * (1 + radius / fibre_radius) ** 2 / math.log(10))
