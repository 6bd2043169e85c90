"""Species that could be at an m/z."""

from __future__ import annotations

from alloyscope.assignment.identify import Identification, identify
from alloyscope.case import Case
from alloyscope.case.space import search_space
from alloyscope.chemistry.element import IsotopeTable
from alloyscope.chemistry.ligand import Vocabulary


def identified(
    case: Case, vocabulary: Vocabulary, table: IsotopeTable
) -> tuple[Identification, ...]:
    """Species that could be at each m/z that the case asks about."""
    asked = case.identify
    if not asked.mz:
        return ()
    space = search_space(case, vocabulary, asked.seen_as)
    power = case.instrument.resolving_power
    return tuple(
        identify(mz, space, asked.ppm, asked.charge or None, power, table, asked.most,
                 case.chemistry.valence)
        for mz in asked.mz
    )  # fmt: skip
