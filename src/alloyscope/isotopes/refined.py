"""Aggregated patterns with the isotopologues of light formulas set apart again.

Of a heavy cluster ion no instrument separates isotopologues of one nucleon number; of a piece of a
few hundred Da a Fourier transform does: 13C2 and 34S of [Ag(p-MBA)2]- lie 11 mDa apart.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from alloyscope.chemistry.element import IsotopeTable
from alloyscope.chemistry.formula import Formula
from alloyscope.isotopes.families import IsotopeFamily
from alloyscope.isotopes.fine_structure import fine_structure

Floats = NDArray[np.float64]
COVERAGE, FAINTEST = 0.99995, 1e-5
"""Share of the isotopologues that are set apart, and probability below which one is left out."""


def refined(
    patterns: IsotopeFamily, symbols: Sequence[str], counts: NDArray[np.int64], below: float,
    table: IsotopeTable | None = None,
) -> IsotopeFamily:  # fmt: skip
    """The patterns, with isotopologues one by one for formulas lighter than `below` Da.

    counts : (n_formulas, n_elements)
    Isotopologues of one nucleon number keep the probability of their aggregated peak, whatever that
    is, so patterns that an isolation window has changed stay changed.
    """
    if not len(patterns):
        return patterns
    parts = []
    for row in range(len(patterns)):
        own = slice(patterns.bounds[row], patterns.bounds[row + 1])
        pattern = patterns.nucleons[own], patterns.probability[own], patterns.mass[own]
        if pattern[2].size and pattern[2][0] < below:
            formula = Formula.of(dict(zip(symbols, counts[row].tolist(), strict=True)))
            pattern = _apart(*pattern, formula, table)
        parts.append(pattern)
    bounds = np.append(np.zeros(1, np.int64), np.cumsum([part[0].size for part in parts]))
    return IsotopeFamily(bounds, *(np.concatenate([part[k] for part in parts]) for k in range(3)))


def _apart(
    nucleons: NDArray[np.int64], probability: Floats, mass: Floats, formula: Formula,
    table: IsotopeTable | None,
) -> tuple[NDArray[np.int64], Floats, Floats]:  # fmt: skip
    fine = fine_structure(formula, table, coverage=COVERAGE)
    peak = np.argmin(np.abs(fine.mass[:, None] - mass[None, :]), axis=1)
    whole = np.zeros(mass.size)
    np.add.at(whole, peak, fine.probability)
    share = fine.probability * probability[peak] / np.maximum(whole[peak], 1e-300)
    kept = share >= FAINTEST
    scale = probability.sum() / share[kept].sum()
    return nucleons[peak[kept]], share[kept] * scale, fine.mass[kept]
