"""From a spectrum to the ions in it."""

from alloyscope.assignment.overlay import Overlay, overlay

__all__ = ["Overlay", "overlay"]
