"""Colours and sizes of atoms, the same in pictures and in the view that turns."""

from __future__ import annotations

from alloyscope.report.style import colour
from alloyscope.structures.framework import StructuralFramework

METALS = {
    "Au": "#e0a100", "Ag": "#9fb0c3", "Cu": "#c0632b", "Pd": "#2f7f8f", "Pt": "#5b5f86",
    "Hg": "#8a7ca8", "Cd": "#c9a36a",
}  # fmt: skip
SULFUR = "#e3e08c"
OTHER = "#b9bdc4"
RADII = {"metal": 1.05, "donor": 0.58, "bond": 0.13}
"""Å, as drawn: smaller than atoms are, so that the inside shows."""


def metal_colour(metal: str, place: int) -> str:
    """Of a metal by its symbol; of one that has no colour, by its place in the list."""
    return METALS.get(metal, colour(place + 3))


def class_colours(framework: StructuralFramework) -> dict[str, str]:
    """Of every class of metal sites, and of whatever binds them."""
    found = {c.name: colour(k) for k, c in enumerate(framework.classes)}
    kinds = framework.geometry.kinds if framework.geometry else ()
    return found | {kind: SULFUR for kind in kinds if kind not in found}
