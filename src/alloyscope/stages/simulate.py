"""What becomes of clusters that are mixed."""

from __future__ import annotations

from dataclasses import replace

from alloyscope.case import Case
from alloyscope.case.experiment import experiment_of, times_of
from alloyscope.case.mixed import clock_of, feed_of_ligands
from alloyscope.case.reaction import reaction_of
from alloyscope.chemistry.ligand import Vocabulary
from alloyscope.reaction.simulated import Simulated, simulated
from alloyscope.stages.progress import Observe


def simulation(case: Case, vocabulary: Vocabulary, observe: Observe | None) -> Simulated:
    """What becomes of what the case mixes."""
    reaction = reaction_of(case, vocabulary)
    experiment = experiment_of(case, reaction)
    times = times_of(case, experiment)
    clock = clock_of(case, feed_of_ligands(case, vocabulary, reaction), experiment, reaction)
    if clock == 1.0:
        return simulated(reaction, experiment, times, observe)
    # All rates are changed by one factor: the same course, by another clock.
    found = simulated(reaction, experiment, [time * clock for time in times], observe)
    sampled, drawn = (replace(run, times=run.times / clock) for run in (found.sampled, found.drawn))
    return replace(found, sampled=sampled, drawn=drawn)
