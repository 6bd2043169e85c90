"""From a spectrum to the ions in it."""

from alloyscope.assignment.assignment import Assignment
from alloyscope.assignment.identify import Identification, identify
from alloyscope.assignment.listing import IonListing
from alloyscope.assignment.overlay import Overlay, overlay
from alloyscope.assignment.space import Framework, SearchSpace

__all__ = [
    "Assignment", "Framework", "Identification", "IonListing", "Overlay", "SearchSpace", "identify",
    "overlay",
]  # fmt: skip
