"""Frameworks as structures: site classes, homotops, three dimensions."""

from alloyscope.structures.framework import StructuralFramework
from alloyscope.structures.homotop import Homotop, placed_homotop, sample_homotop
from alloyscope.structures.homotops import class_homotops, homotops
from alloyscope.structures.library import framework_structure, known_frameworks
from alloyscope.structures.occupancy import SitePreference, mean_occupancies
from alloyscope.structures.site_energies import site_energies
from alloyscope.structures.writing import write_cif, write_xyz

__all__ = [
    "Homotop",
    "SitePreference",
    "StructuralFramework",
    "class_homotops",
    "framework_structure",
    "homotops",
    "known_frameworks",
    "mean_occupancies",
    "placed_homotop",
    "sample_homotop",
    "site_energies",
    "write_cif",
    "write_xyz",
]
