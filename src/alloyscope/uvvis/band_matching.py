"""Which known clusters' bands a spectrum shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from alloyscope.uvvis.bands import Band, BandAnalysis
from alloyscope.uvvis.library import ReferenceBands, StatedBand, reference_library

TOLERANCE_NM = 8.0
"""Papers round positions, and read them off figures; solvents shift them."""


@dataclass(frozen=True)
class BandMatch:
    """The bands of one known cluster beside those found.

    reference : what is known
    seen      : each stated band with the found one nearest to it, within the tolerance
    offsets   : nm, found less stated, of each in `seen`
    missing   : stated bands inside the window that are not found
    outside   : stated bands that the window does not hold
    extra     : found bands that the cluster does not explain
    chance    : probability that bands thrown anywhere in the window meet as many, or more
    """

    reference: ReferenceBands
    seen: tuple[tuple[StatedBand, Band], ...]
    offsets: tuple[float, ...]
    missing: tuple[StatedBand, ...]
    outside: tuple[StatedBand, ...]
    extra: tuple[Band, ...]
    chance: float

    @property
    def verdict(self) -> str:
        """One line that says how far to trust the match."""
        n_seen, n_all = len(self.seen), len(self.seen) + len(self.missing)
        if not n_all:
            return "no stated band lies inside the window"
        text = f"{n_seen} of {n_all} stated bands seen"
        if not n_seen:
            return text
        share = "less than 0.1" if self.chance < 1e-3 else f"{100 * self.chance:.2g}"
        return f"{text}; bands anywhere would meet as many in {share} % of such spectra"


def match_bands(
    analysis: BandAnalysis,
    library: Sequence[ReferenceBands] | None = None,
    *,
    tolerance_nm: float = TOLERANCE_NM,
) -> tuple[BandMatch, ...]:
    """Known clusters beside the sure bands of a spectrum, the least likely by chance first.

    library      : entries to try; the bundled ones if not given
    tolerance_nm : besides twice the standard deviation of a found position
    Bands do not prove a cluster: the same ones may belong to another, a mixture shows those of
    several. `chance` says what so many bands meet by accident.
    """
    entries = reference_library() if library is None else library
    found = [_match(analysis, entry, tolerance_nm) for entry in entries]
    return tuple(sorted(found, key=lambda one: (one.chance, -len(one.seen))))


def _match(analysis: BandAnalysis, entry: ReferenceBands, tolerance: float) -> BandMatch:
    low, high = analysis.wavelength_nm[[0, -1]]
    inside = [band for band in entry.bands if low <= band.nm <= high]
    sure = analysis.sure
    pairs = _pairs(sure, inside, tolerance)
    seen = tuple((inside[i], sure[k]) for i, k in pairs)
    return BandMatch(
        entry, seen, tuple(band.position_nm - stated.nm for stated, band in seen),
        tuple(s for i, s in enumerate(inside) if i not in {i for i, _ in pairs}),
        tuple(s for s in entry.bands if s not in inside),
        tuple(b for k, b in enumerate(sure) if k not in {k for _, k in pairs}),
        chance(sure, inside, len(pairs), float(high - low), tolerance),
    )  # fmt: skip


def _reach(band: Band, tolerance: float) -> float:
    return float(np.hypot(tolerance, 2 * band.position_sd))


def _pairs(
    sure: Sequence[Band], stated: Sequence[StatedBand], tolerance: float
) -> list[tuple[int, int]]:
    """Indices of stated and found bands that meet, each once, the nearest first."""
    near = sorted(
        (abs(band.position_nm - one.nm), i, k)
        for i, one in enumerate(stated)
        for k, band in enumerate(sure)
        if abs(band.position_nm - one.nm) <= _reach(band, tolerance)
    )
    pairs: list[tuple[int, int]] = []
    for _, i, k in near:
        if i not in {a for a, _ in pairs} and k not in {b for _, b in pairs}:
            pairs.append((i, k))
    return sorted(pairs)


def chance(
    sure: Sequence[Band], stated: Sequence[StatedBand], seen: int, span: float, tolerance: float
) -> float:
    """Probability that at least so many stated bands, thrown evenly into the window, are met.

    The share of the window that found bands cover within their reach is the chance of one; several
    are binomial.
    """
    from scipy.stats import binom  # here: scipy.stats takes a second to import

    if not stated or not seen:
        return 1.0
    covered = min(1.0, sum(2 * _reach(band, tolerance) for band in sure) / span)
    return float(binom.sf(seen - 1, len(stated), covered))
