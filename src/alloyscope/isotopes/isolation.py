"""Isotope patterns of fragments whose precursor was cut by an isolation window.

Of a precursor that is fragment and complement together, isotopologues with A nucleons are let
through with T(A). A fragment with a nucleons then has the probability

    P'(a) = p_fragment(a) sum_c p_complement(c) T(a + c) / share let through

which is exact for patterns aggregated by nucleon number, if isotopes do not matter for what leaves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from alloyscope.chemistry.element import IsotopeTable
from alloyscope.chemistry.species import AnyIon
from alloyscope.errors import SpectrumError, message
from alloyscope.isotopes.distribution import distribution

if TYPE_CHECKING:
    from alloyscope.isotopes.families import IsotopeFamily

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Isolation:
    """What a quadrupole lets through of a precursor: all between two m/z, nothing beyond.

    low, high : m/z
    Raises SpectrumError for a window without width, or one that holds none of the precursor.
    """

    precursor: AnyIon
    low: float
    high: float

    def __post_init__(self) -> None:
        if not 0 < self.low < self.high:
            raise SpectrumError(
                message("isolation window", found=f"m/z {self.low:g} to {self.high:g}",
                        expected="a lower end below the upper end")
            )  # fmt: skip
        peaks = distribution(self.precursor.formula, prune=1e-6)
        mz = peaks.mz(self.precursor.charge)
        if not (peaks.probability * self._open(mz)).sum() > 1e-3:
            raise SpectrumError(
                message("isolation window", found=f"m/z {self.low:.2f} to {self.high:.2f}",
                        expected=f"some of {self.precursor}, at m/z {mz[0]:.2f} to {mz[-1]:.2f}",
                        do="Name the precursor that was isolated.")
            )  # fmt: skip

    def _open(self, mz: Floats) -> Floats:
        return ((mz >= self.low) & (mz <= self.high)).astype(np.float64)

    def let_through(self, table: IsotopeTable | None = None) -> tuple[Integers, Floats]:
        """Nucleon numbers of the precursor, and 1 or 0 for those that pass, each (n_peaks,)."""
        peaks = distribution(self.precursor.formula, table, prune=1e-9)
        return peaks.nucleons, self._open(peaks.mz(self.precursor.charge))

    def share(self, table: IsotopeTable | None = None) -> float:
        """Share of the precursor's ions that pass."""
        peaks = distribution(self.precursor.formula, table, prune=1e-9)
        return float(peaks.probability @ self._open(peaks.mz(self.precursor.charge)))

    def cut(
        self, patterns: IsotopeFamily, symbols: Sequence[str], counts: Integers,
        table: IsotopeTable | None = None,
    ) -> IsotopeFamily:  # fmt: skip
        """Patterns of fragments that come from the isotopologues which pass.

        counts : (n_formulas, n_elements) atoms of the fragments; of one that is no part of the
                 precursor the pattern stays whole
        """
        # Compiled code, which nothing but an assignment needs.
        from alloyscope.isotopes.families import IsotopeFamily, family_of_counts

        whole = np.array([self.precursor.formula.get(s, 0) for s in symbols], np.int64)
        rest = whole - counts
        part = (rest >= 0).all(axis=1)
        complete = ~rest.any(axis=1)
        split = np.flatnonzero(part & ~complete)
        complements = dict(zip(split.tolist(),
                               family_of_counts(symbols, rest[split], table, prune=1e-9),
                               strict=True))  # fmt: skip
        nucleons, passes = self.let_through(table)
        probability = patterns.probability.copy()
        for row in np.flatnonzero(part):
            own = slice(patterns.bounds[row], patterns.bounds[row + 1])
            left = complements.get(int(row))
            added, odds = (left.nucleons, left.probability) if left else (np.zeros(1, int), 1.0)
            sums = patterns.nucleons[own][:, None] + added[None, :]
            chance = (_at(sums, nucleons, passes) * odds).sum(axis=1)
            kept = probability[own] * chance
            probability[own] = kept / kept.sum() if kept.sum() > 0 else probability[own]
        return IsotopeFamily(patterns.bounds, patterns.nucleons, probability, patterns.mass)


def _at(wanted: Integers, nucleons: Integers, values: Floats) -> Floats:
    """Values at nucleon numbers (any shape); 0 where there is none."""
    place = np.minimum(np.searchsorted(nucleons, wanted), nucleons.size - 1)
    return np.where(nucleons[place] == wanted, values[place], 0.0)
