"""What an electrophoresis is run in, and how well that is known."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, get_args

from alloyscope.errors import GelError, message

Model = Literal["charge-to-mass", "charge-to-radius", "ferguson"]
Ionisation = Literal["titrated", "regulated"]
Potential = Literal["poisson-boltzmann", "debye-hueckel"]
MODELS: tuple[Model, ...] = get_args(Model)

UNITS: dict[Model, str] = {
    "charge-to-mass": "e/kDa",
    "charge-to-radius": "10⁻⁸ m²/(V s)",
    "ferguson": "10⁻⁸ m²/(V s)",
}
"""Of each model's mobilities."""

PKA_SHIFT, HILL = 2.02, 0.64
"""p-MBA on Au102(p-MBA)44 less free p-MBA, 6.18 - 4.16, and the Hill coefficient of the titration;
J. Koivisto et al., J. Phys. Chem. C 120, 10041 (2016), doi 10.1021/acs.jpcc.6b00922."""

FIBRE_RADIUS = 0.8
"""nm, of polyacrylamide; S. M. Russell and G. Carta, Ind. Eng. Chem. Res. 44, 8213 (2005)."""


@dataclass(frozen=True)
class GelConditions:
    """What an electrophoresis is run in, and by which model mobilities are computed.

    model          : "charge-to-mass", "charge-to-radius" in free solution, or "ferguson", the same
                     retarded by the gel
    ph             : of the running buffer
    gel_percent    : g of monomers per 100 mL, %T
    ionic_strength : M, of monovalent ions
    temperature    : K
    ionisation     : of the ligands: "titrated", by pKa + `pka_shift` and a Hill coefficient as
                     measured on a cluster; or "regulated", by the free pKa and the potential of
                     the cluster's surface
    pka_shift      : how much higher acids' pKa is on a cluster; used where "titrated"
    hill           : coefficient; used where "titrated"
    potential      : of the surface by its charge: "poisson-boltzmann", where counter-ions gather
                     and the cloud lags behind, or "debye-hueckel", where they do neither
    shell          : nm added to the ligands' length
    fibre_radius   : nm, of the gel's strands
    voltage        : V, from the well to the fastest band; sets how far bands diffuse
    loading        : 1 sd of a band as loaded, over the run of the fastest band
    tie            : mobilities that differ by less than this share are called tied
    Raises GelError for what no gel is run in.
    """

    model: Model = "charge-to-mass"
    ph: float = 8.3
    gel_percent: float = 20.0
    ionic_strength: float = 0.025
    temperature: float = 298.15
    ionisation: Ionisation = "titrated"
    pka_shift: float = PKA_SHIFT
    hill: float = HILL
    potential: Potential = "poisson-boltzmann"
    shell: float = 0.0
    fibre_radius: float = FIBRE_RADIUS
    voltage: float = 150.0
    loading: float = 0.008
    tie: float = 0.005

    def __post_init__(self) -> None:
        for key, name, low, high, unit in RANGES:
            _check(name, getattr(self, key), low, high, unit)
        for key, kinds in (("model", Model), ("ionisation", Ionisation), ("potential", Potential)):
            if getattr(self, key) not in get_args(kinds):
                raise GelError(
                    message(f"gel {key}", found=f'"{getattr(self, key)}"',
                            expected="one of " + ", ".join(get_args(kinds)))
                )  # fmt: skip


RANGES = (
    ("ph", "pH", 0.0, 14.0, ""), ("gel_percent", "percentage", 1.0, 50.0, "%"),
    ("ionic_strength", "ionic strength", 1e-4, 1.0, "M"),
    ("temperature", "temperature", 273.15, 353.15, "K"),
    ("pka_shift", "shift of pKa", -4.0, 8.0, ""), ("hill", "Hill coefficient", 0.2, 1.0, ""),
    ("shell", "shell", -0.5, 3.0, "nm"), ("fibre_radius", "fibre radius", 0.1, 5.0, "nm"),
    ("voltage", "voltage", 1.0, 1e5, "V"), ("loading", "loading", 0.0, 0.2, ""),
    ("tie", "tie", 0.0, 0.2, ""),
)  # fmt: skip
"""Name, least and most of each condition, and its unit."""


@dataclass(frozen=True)
class GelSpread:
    """How well conditions and particles are known: 1 sd of each.

    ph, pka_shift, gel_percent : in their units
    ionic_strength : relative
    shell, fibre_radius : nm
    pka_each    : of pKa from framework to framework
    radius_each : relative, of the radius from framework to framework: shapes are not spheres
    Raises GelError for one below 0.
    """

    ph: float = 0.1
    pka_shift: float = 0.5
    gel_percent: float = 0.5
    ionic_strength: float = 0.3
    shell: float = 0.1
    fibre_radius: float = 0.2
    pka_each: float = 0.2
    radius_each: float = 0.02

    def __post_init__(self) -> None:
        for key, value in vars(self).items():
            _check(f"spread of {key.replace('_', ' ')}", value, 0.0, 10.0, "")


def _check(key: str, value: float, low: float, high: float, unit: str) -> None:
    if not (math.isfinite(value) and low <= value <= high):
        of = f" {unit}" if unit else ""
        raise GelError(
            message(f"gel {key}", found=f"{value:g}{of}", expected=f"{low:g} to {high:g}{of}")
        )
