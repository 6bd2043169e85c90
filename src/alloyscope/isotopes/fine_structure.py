"""Isotopologues one by one, by IsoSpecPy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alloyscope.chemistry.element import IsotopeTable, default_isotope_table
from alloyscope.chemistry.formula import Formula
from alloyscope.errors import AlloyscopeError, NotationError, message


@dataclass(frozen=True, eq=False)
class FineStructure:
    """Isotopologues of a neutral formula, by mass.

    mass        : (n_isotopologues,) Da, ascending
    probability : (n_isotopologues,)
    """

    mass: NDArray[np.float64]
    probability: NDArray[np.float64]


def fine_structure(
    formula: Formula, table: IsotopeTable | None = None, *, coverage: float = 0.999
) -> FineStructure:
    """The smallest set of isotopologues that holds `coverage` of the probability.

    coverage : 0 to 1, exclusive; a cluster with 44 Ag has 1e5 isotopologues at 0.9999

    Raises UnknownElement; NotationError for an empty formula; AlloyscopeError for a coverage
    outside 0..1.

    M. K. Lacki et al., Anal. Chem. 92, 9472 (2020), doi 10.1021/acs.analchem.0c00959.

    >>> fine_structure(Formula.parse("AgCl"), coverage=0.99).mass.round(3).tolist()
    [141.874, 143.871, 143.874, 145.871]
    """
    if not formula:
        raise NotationError(message("formula", found="nothing", expected="at least one atom"))
    if not 0 < coverage < 1:
        raise AlloyscopeError(
            message("fine structure", found=f"coverage {coverage}", expected="between 0 and 1")
        )
    from IsoSpecPy import IsoTotalProb

    table = table or default_isotope_table()
    isotopes = [table[symbol].isotopes for symbol in formula]
    found = IsoTotalProb(
        coverage,
        atomCounts=[count for _, count in formula.atoms],
        isotopeMasses=[[i.mass for i in element] for element in isotopes],
        isotopeProbabilities=[[i.abundance for i in element] for element in isotopes],
        get_minimal_pset=True,
    )
    mass, probability = np.array(list(found.masses)), np.array(list(found.probs))
    order = np.argsort(mass)
    return FineStructure(mass[order], probability[order])
