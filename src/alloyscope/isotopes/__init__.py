"""Isotope patterns: exact distributions, whole families of them, fine structure, envelopes."""

from alloyscope.isotopes.distribution import (
    IsotopeDistribution,
    distribution,
    probability_sd,
)
from alloyscope.isotopes.envelope import Envelope, envelope
from alloyscope.isotopes.fine_structure import FineStructure, fine_structure

__all__ = [
    "Envelope", "FineStructure", "IsotopeDistribution", "IsotopeFamily", "distribution",
    "envelope", "family", "family_of_counts", "fine_structure", "probability_sd",
]  # fmt: skip


def __getattr__(name: str) -> object:
    """`family` and its kin, on first use: they compile code, which one pattern does not need."""
    if name in ("IsotopeFamily", "family", "family_of_counts"):
        from alloyscope.isotopes import families

        return getattr(families, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
