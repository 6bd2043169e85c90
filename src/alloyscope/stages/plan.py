"""What to mix for a product."""

from __future__ import annotations

from alloyscope.case import Case
from alloyscope.case.plan import concentration_of, search_of, target_of, total_of
from alloyscope.case.reaction import reaction_of
from alloyscope.chemistry.ligand import Vocabulary
from alloyscope.reaction.design import Plan, plan
from alloyscope.stages.progress import Observe


def planned(case: Case, vocabulary: Vocabulary, observe: Observe | None) -> Plan:
    """What to mix for the product that the case wants."""
    reaction, asked = reaction_of(case, vocabulary), case.plan
    return plan(
        reaction, target_of(case, reaction), asked.aim, search_of(case, reaction), asked.draws,
        asked.seed, total_of(case), concentration_of(case), observe,
    )  # fmt: skip
