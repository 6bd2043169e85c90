"""Site energies computed by a semi-empirical method, where the optional package for it is there.

One atom is replaced in each class, in turn, at the framework's own coordinates with SH for SR. They
are energies of an idealised, unrelaxed model: good for an order, and labelled by their method.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alloyscope.chemistry.element import default_isotope_table
from alloyscope.errors import StructureError, message
from alloyscope.structures.framework import SiteEnergies, StructuralFramework
from alloyscope.structures.geometry import METAL_SULFUR

Floats = NDArray[np.float64]
METHODS = ("GFN1-xTB", "GFN2-xTB")
EV_PER_HARTREE = 27.211386245988
BOHR_PER_ANGSTROM = 1 / 0.529177210903
SULFUR_HYDROGEN = 1.34
"""Å."""

CYCLES = 500
"""Of the charges, at most."""


def site_energies(
    framework: StructuralFramework, metal: str, rest: str = "", method: str = "GFN1-xTB",
    observe: Callable[[str, int, int | None], None] | None = None,
) -> SiteEnergies:  # fmt: skip
    """Energy of one atom of a metal in each class rather than in the best of them, eV.

    rest : the metal of all other sites; "" for the framework's own
    Raises StructureError without coordinates, for an unknown method, where the package is missing,
    and where the charges do not converge.
    """
    geometry = framework.known_geometry()
    calculator = _calculator()
    if method not in METHODS:
        raise StructureError(
            message("site energies", found=f'"{method}"', expected=f"one of {', '.join(METHODS)}")
        )
    others = rest or framework.parent
    positions = _with_hydrogen(geometry.positions, geometry.n_metals) * BOHR_PER_ANGSTROM
    donors = len(geometry.kinds) - geometry.n_metals
    found = {}
    for done, site_class in enumerate(framework.classes):
        if observe is not None:
            observe(f"{method}, {metal} in {site_class.name}", done, len(framework.classes))
        sites = [others] * framework.metals
        sites[framework.sites_of(site_class.name)[0]] = metal
        elements = [*geometry.elements(sites), *["H"] * donors]
        found[site_class.name] = _energy(calculator, method, elements, positions, framework.charge)
    least = min(found.values())
    return SiteEnergies(
        method, metal, {name: (value - least, value - least) for name, value in found.items()},
        f"computed here for one {metal} in {others}, SR = SH, charge {framework.charge:+d}, at "
        "idealised coordinates without relaxation: a weak prior, not a measurement",
    )  # fmt: skip


def _calculator() -> Any:
    try:
        from tblite.interface import Calculator
    except ImportError as error:
        raise StructureError(
            message("site energies", found="no package that computes them", expected="tblite",
                    do="Install the extra: pip install 'alloyscope[energies]'.")
        ) from error  # fmt: skip
    return Calculator


def _with_hydrogen(positions: Floats, n_metals: int) -> Floats:
    """Atoms, then one hydrogen on each sulfur, away from the metals that it binds."""
    metals, sulfur = positions[:n_metals], positions[n_metals:]
    near = np.linalg.norm(sulfur[:, None] - metals[None], axis=2) < METAL_SULFUR
    middle = (near[:, :, None] * metals[None]).sum(1) / np.maximum(near.sum(1), 1)[:, None]
    outward = sulfur - middle
    outward /= np.linalg.norm(outward, axis=1)[:, None]
    return np.vstack((positions, sulfur + SULFUR_HYDROGEN * outward))


def _energy(
    calculator: Any, method: str, elements: list[str], positions: Floats, charge: int
) -> float:
    table = default_isotope_table()
    numbers = np.array([table[element].atomic_number for element in elements])
    try:
        made = calculator(method, numbers, positions, charge=float(charge))
        made.set("verbosity", 0)
        made.set("max-iter", CYCLES)
        return float(made.singlepoint().get("energy")) * EV_PER_HARTREE
    except RuntimeError as error:
        raise StructureError(
            message(f"{method}", found=str(error), expected="charges that converge")
        ) from error
