"""What becomes of clusters that are mixed."""

from __future__ import annotations

from alloyscope.case import Case
from alloyscope.case.experiment import experiment_of, times_of
from alloyscope.case.reaction import reaction_of
from alloyscope.chemistry.ligand import Vocabulary
from alloyscope.reaction.simulated import Simulated, simulated
from alloyscope.stages.progress import Observe


def simulation(case: Case, vocabulary: Vocabulary, observe: Observe | None) -> Simulated:
    """What becomes of what the case mixes."""
    reaction = reaction_of(case, vocabulary)
    experiment = experiment_of(case, reaction)
    return simulated(reaction, experiment, times_of(case, experiment), observe)
