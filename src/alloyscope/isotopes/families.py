"""Isotope distributions of a whole family of formulas at once.

Formulas that differ in one element only are rungs of a ladder: each distribution is the one before
it and one atom more. That costs two multiplications per peak and isotope instead of a convolution,
and is as exact (see `numerics.convolution`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alloyscope.chemistry.element import IsotopeTable, default_isotope_table
from alloyscope.chemistry.formula import Formula
from alloyscope.constants import ELECTRON_MASS
from alloyscope.errors import ChargeError, NotationError, message
from alloyscope.isotopes.distribution import Block, IsotopeDistribution, atom
from alloyscope.numerics.convolution import ladders, rearranged


@dataclass(frozen=True, eq=False)
class IsotopeFamily:
    """Distributions of many formulas, one behind the other.

    bounds      : (n_formulas + 1,) entries bounds[i]:bounds[i + 1] belong to formula i
    nucleons    : (n_peaks,) nucleon numbers
    probability : (n_peaks,)
    mass        : (n_peaks,) Da, neutral
    """

    bounds: NDArray[np.int64]
    nucleons: NDArray[np.int64]
    probability: NDArray[np.float64]
    mass: NDArray[np.float64]

    def __len__(self) -> int:
        return self.bounds.size - 1

    def __getitem__(self, index: int) -> IsotopeDistribution:
        if not -len(self) <= index < len(self):
            raise IndexError(index)
        index %= len(self)
        own = slice(self.bounds[index], self.bounds[index + 1])
        return IsotopeDistribution(self.nucleons[own], self.probability[own], self.mass[own])

    def __iter__(self) -> Iterator[IsotopeDistribution]:
        return (self[i] for i in range(len(self)))

    def mz(self, charges: NDArray[np.int64]) -> NDArray[np.float64]:
        """(n_peaks,) m/z with each formula at its signed charge, charges : (n_formulas,).

        Raises ChargeError when one of them is 0 or their number is not that of the formulas.
        """
        if charges.shape != (len(self),) or not charges.all():
            raise ChargeError(
                message("m/z of a family", found=f"charges of shape {charges.shape}",
                        expected=f"{len(self)} charges, none of them 0")
            )  # fmt: skip
        z = np.repeat(charges, np.diff(self.bounds))
        return np.asarray((self.mass - z * ELECTRON_MASS) / np.abs(z))


def family(
    formulas: Sequence[Formula], table: IsotopeTable | None = None, *, prune: float = 1e-9
) -> IsotopeFamily:
    """Distributions of formulas, in their order; `family_of_counts` with the counts set out.

    Raises UnknownElement; NotationError for an empty formula.

    >>> [len(d.mass) for d in family([Formula.parse("Au25"), Formula.parse("AgCl")])]
    [1, 3]
    """
    elements = sorted({symbol for formula in formulas for symbol in formula})
    counts = np.array([[f.get(symbol, 0) for symbol in elements] for f in formulas], np.int64)
    return family_of_counts(
        elements, counts.reshape(len(formulas), len(elements)), table, prune=prune
    )


def family_of_counts(
    elements: Sequence[str],
    counts: NDArray[np.int64],
    table: IsotopeTable | None = None,
    *,
    prune: float = 1e-9,
) -> IsotopeFamily:
    """Exact aggregated isotope distributions of many formulas.

    elements : n_elements symbols
    counts   : (n_formulas, n_elements) atoms of each, 0 or more
    prune    : peaks with less probability are left out

    Raises UnknownElement; NotationError for a negative count or a formula without atoms.
    """
    table = table or default_isotope_table()
    counts = np.ascontiguousarray(counts, np.int64)
    if counts.min(initial=0) < 0 or not counts.sum(axis=1).all():
        row = int(np.flatnonzero((counts < 0).any(axis=1) | ~counts.any(axis=1))[0])
        raise NotationError(
            message(f"row {row} of the counts", found=str(counts[row].tolist()),
                    expected="counts of 0 or more and at least one atom")
        )  # fmt: skip
    if not len(counts):
        nothing = np.empty(0)
        return IsotopeFamily(np.zeros(1, np.int64), nothing.astype(np.int64), nothing, nothing)
    single = np.array([len(table[symbol].isotopes) == 1 for symbol in elements])
    shift, excess = _monoisotopic(elements, counts, single, table)
    blocks = [atom(table, symbol) for symbol, one in zip(elements, single, strict=True) if not one]
    rows = counts[:, ~single] if blocks else np.zeros((len(counts), 1), np.int64)
    starts, padded, sizes = _side_by_side(blocks)
    order, ladder = _in_rungs(rows)
    if order is None:
        return IsotopeFamily(
            *ladders(starts, padded[0], padded[1], sizes, rows, ladder, shift, excess, prune)
        )
    found = ladders(
        starts, padded[0], padded[1], sizes, rows[order], ladder, shift[order], excess[order], prune
    )
    return IsotopeFamily(*rearranged(order, *found))


def _monoisotopic(
    elements: Sequence[str],
    counts: NDArray[np.int64],
    single: NDArray[np.bool_],
    table: IsotopeTable,
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """(n_formulas,) nucleons and mass excess (Da) of elements with one isotope, a mere shift."""
    nucleons, excess = np.zeros(len(elements), np.int64), np.zeros(len(elements))
    for k in np.flatnonzero(single):
        isotope = table[elements[int(k)]].isotopes[0]
        nucleons[k], excess[k] = isotope.nucleons, isotope.mass - isotope.nucleons
    return counts @ nucleons, counts @ excess


def _side_by_side(
    blocks: Sequence[Block],
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]:
    """First integers, (2, n_blocks, widest) probabilities and moments, and sizes of blocks."""
    sizes = np.array([block[1].size for block in blocks] or [1])
    padded = np.zeros((2, sizes.size, sizes.max()))
    for k, (_, p, d) in enumerate(blocks):
        padded[0, k, : p.size], padded[1, k, : p.size] = p, d
    return np.array([block[0] for block in blocks] or [0]), padded, sizes


def _in_rungs(rows: NDArray[np.int64]) -> tuple[NDArray[np.int64] | None, int]:
    """An order in which neighbours differ in one element only, None if they do, and the element."""
    ladder = int(np.argmax(np.count_nonzero(np.diff(rows, axis=0), axis=0)))
    others = [column for k, column in enumerate(rows.T) if k != ladder]
    order = np.lexsort((rows[:, ladder], *others))
    return (None if np.array_equal(order, np.arange(order.size)) else order), ladder
