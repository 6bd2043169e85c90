"""Exact isotope distributions of one formula, aggregated by nucleon number.

All isotopologues with A nucleons are one peak: its probability is the sum of theirs, its mass their
probability-weighted mean. Carrying (P, sum P (m - A)) through the convolutions makes both exact;
nothing is binned, and no isotopologue is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from alloyscope.chemistry.element import IsotopeTable, default_isotope_table
from alloyscope.chemistry.formula import Formula
from alloyscope.chemistry.species import mz
from alloyscope.errors import NotationError, message

NEGLIGIBLE = 1e-17
"""Probability below which the ends of an element's distribution are cut off."""

Block = tuple[int, NDArray[np.float64], NDArray[np.float64]]
"""First nucleon number, probability, and probability times mass excess (Da)."""


@dataclass(frozen=True)
class IsotopeDistribution:
    """Aggregated isotopologues of a neutral formula.

    nucleons    : (n_peaks,) nucleon number, ascending
    probability : (n_peaks,) share of all isotopologues; sums to 1 less what was pruned
    mass        : (n_peaks,) Da, probability-weighted mean of the isotopologues in the peak
    """

    nucleons: NDArray[np.int64]
    probability: NDArray[np.float64]
    mass: NDArray[np.float64]

    def mz(self, charge: int) -> NDArray[np.float64]:
        """(n_peaks,) m/z at a signed charge. Raises ChargeError for charge 0."""
        return np.array([mz(m, charge) for m in self.mass])

    @property
    def mean_mass(self) -> float:
        """Mean of the masses kept, Da."""
        return float(np.average(self.mass, weights=self.probability))

    @property
    def most_abundant_mass(self) -> float:
        """Mass of the tallest peak, Da."""
        return float(self.mass[np.argmax(self.probability)])

    def pruned(self, threshold: float) -> IsotopeDistribution:
        """Without the peaks whose probability is below `threshold`."""
        kept = self.probability >= threshold
        return IsotopeDistribution(self.nucleons[kept], self.probability[kept], self.mass[kept])


def distribution(
    formula: Formula, table: IsotopeTable | None = None, *, prune: float = 0.0
) -> IsotopeDistribution:
    """Exact aggregated isotope distribution of a neutral formula.

    P_A = sum of p over isotopologues with A nucleons, m_A = sum of p m / P_A.

    prune : peaks with less probability are left out; 0 keeps all above rounding

    Raises UnknownElement; NotationError for an empty formula.

    >>> d = distribution(Formula.parse("Ag2"))
    >>> d.nucleons.tolist(), d.probability.round(4).tolist()
    ([214, 216, 218], [0.2687, 0.4993, 0.2319])
    """
    if not formula:
        raise NotationError(message("formula", found="nothing", expected="at least one atom"))
    table = table or default_isotope_table()
    total: Block = (0, np.ones(1), np.zeros(1))
    for symbol, count in formula.atoms:
        total = _sum(total, _power(table, symbol, count))
    start, p, d = total
    kept = p >= max(prune, NEGLIGIBLE)
    nucleons = start + np.flatnonzero(kept)
    return IsotopeDistribution(nucleons, p[kept], nucleons + d[kept] / p[kept])


def atom(table: IsotopeTable, symbol: str) -> Block:
    """One atom: its isotopes over consecutive nucleon numbers."""
    isotopes = table[symbol].isotopes
    start = isotopes[0].nucleons
    p = np.zeros(isotopes[-1].nucleons - start + 1)
    d = np.zeros_like(p)
    for isotope in isotopes:
        p[isotope.nucleons - start] = isotope.abundance
        d[isotope.nucleons - start] = isotope.abundance * (isotope.mass - isotope.nucleons)
    return start, p, d


@lru_cache(maxsize=4096)
def _power(table: IsotopeTable, symbol: str, count: int) -> Block:
    """`count` atoms of an element, by halves."""
    if count == 1:
        return atom(table, symbol)
    half = _power(table, symbol, count // 2)
    double = _sum(half, half)
    return _sum(double, atom(table, symbol)) if count % 2 else double


def _sum(one: Block, other: Block) -> Block:
    p = np.convolve(one[1], other[1])
    d = np.convolve(one[2], other[1]) + np.convolve(one[1], other[2])
    kept = np.flatnonzero(p >= NEGLIGIBLE)
    low, high = kept[0], kept[-1] + 1
    return int(one[0] + other[0] + low), p[low:high], d[low:high]
