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
from alloyscope.errors import AlloyscopeError, NotationError, message

NEGLIGIBLE = 1e-17
"""Probability below which the ends of an element's distribution are cut off."""

Block = tuple[int, NDArray[np.float64], NDArray[np.float64]]
"""First nucleon number, probability, and probability times mass excess (Da)."""


@dataclass(frozen=True, eq=False)
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
        return mz(self.mass, charge)

    @property
    def mean_mass(self) -> float:
        """Mean of the masses kept, Da."""
        return float(np.average(self.mass, weights=self.probability))

    @property
    def most_abundant_mass(self) -> float:
        """Mass of the tallest peak, Da."""
        return float(self.mass[np.argmax(self.probability)])

    def probability_at(self, nucleons: NDArray[np.int64]) -> NDArray[np.float64]:
        """Probability of each of some nucleon numbers, 0 where there is no peak."""
        at = np.minimum(np.searchsorted(self.nucleons, nucleons), self.nucleons.size - 1)
        return np.where(self.nucleons[at] == nucleons, self.probability[at], 0.0)

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

    Raises UnknownElement; NotationError for an empty formula; AlloyscopeError when `prune` leaves
    nothing.

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
    if not kept.any():
        raise AlloyscopeError(
            message(f"isotope pattern of {formula}", found=f"no peak of probability {prune:g}",
                    expected=f"at most {p.max():.3g}, its tallest peak's",
                    do="Leave fewer peaks out: lower prune.")
        )  # fmt: skip
    nucleons = start + np.flatnonzero(kept)
    return IsotopeDistribution(nucleons, p[kept], nucleons + d[kept] / p[kept])


def probability_sd(
    formula: Formula, table: IsotopeTable | None = None, *, prune: float = 0.0
) -> NDArray[np.float64]:
    """1 sd of each peak's probability that the isotopes' natural variation leaves open.

    With n atoms of an element and Q the distribution of all atoms but one of them, exactly
    dP_A / da_i = n (Q_{A-i} - Q_{A-m}), i a minor isotope and m the most common one, which makes
    up for it. The minor isotopes are taken to vary independently; the sds of different peaks do
    not: what one gains others lose.

    Returns (n_peaks,) in the order of `distribution` with the same `prune`; raises what it raises.

    >>> probability_sd(Formula.parse("Ag")).tolist()
    [8e-05, 8e-05]
    """
    table = table or default_isotope_table()
    nucleons = distribution(formula, table, prune=prune).nucleons
    variance = np.zeros(nucleons.size)
    for symbol, count in formula.atoms:
        rest = _without_one(formula, symbol, table)
        common = table[symbol].most_abundant
        for isotope in table[symbol].isotopes:
            if isotope is not common:
                gain = rest.probability_at(nucleons - isotope.nucleons)
                loss = rest.probability_at(nucleons - common.nucleons)
                variance += (count * isotope.abundance_sd * (gain - loss)) ** 2
    return np.sqrt(variance)


def _without_one(formula: Formula, symbol: str, table: IsotopeTable) -> IsotopeDistribution:
    """The distribution of all atoms but one of an element; of no atoms, a single 0."""
    rest = Formula.of({**formula, symbol: formula[symbol] - 1})
    if rest:
        return distribution(rest, table)
    return IsotopeDistribution(np.zeros(1, np.int64), np.ones(1), np.zeros(1))


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
