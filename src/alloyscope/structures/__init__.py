"""Frameworks as structures: site classes, homotops, three dimensions."""

from alloyscope.structures.framework import StructuralFramework
from alloyscope.structures.homotops import class_homotops, homotops
from alloyscope.structures.library import framework_structure, known_frameworks

__all__ = [
    "StructuralFramework",
    "class_homotops",
    "framework_structure",
    "homotops",
    "known_frameworks",
]
