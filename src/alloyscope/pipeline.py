"""The one pipeline: `run(case) -> Results`."""

from __future__ import annotations

from pathlib import Path

from alloyscope.case import Case
from alloyscope.case.asks import (
    asks_assignment,
    asks_electrons,
    asks_gel,
    asks_homotops,
    asks_msms,
    asks_plan,
    asks_shells,
    asks_simulation,
    asks_structure,
    asks_uvvis,
)
from alloyscope.case.vocabulary import vocabulary_of
from alloyscope.chemistry.element import isotope_table
from alloyscope.results import Results
from alloyscope.stages.assign import assigned
from alloyscope.stages.audit import audited
from alloyscope.stages.electrons import electrons
from alloyscope.stages.fit import compared, fitted
from alloyscope.stages.gel import gel_run
from alloyscope.stages.identify import identified
from alloyscope.stages.isotopes import pattern_of
from alloyscope.stages.msms import msms
from alloyscope.stages.plan import planned
from alloyscope.stages.progress import Observe
from alloyscope.stages.shells import mixed_shells, shells_seen
from alloyscope.stages.show import look
from alloyscope.stages.simulate import simulation
from alloyscope.stages.structure import homotop_table, structure_view
from alloyscope.stages.uvvis import uvvis_run


def run(
    case: Case, observe: Observe | None = None, *, processes: int = 1, journal: Path | None = None
) -> Results:
    """Do all that the case asks for.

    processes : that fits share
    journal   : of what fits have finished, so that they can be taken up again
    Raises an AlloyscopeError with one clear line for anything that cannot be done.
    """
    vocabulary = vocabulary_of(case)
    table = isotope_table(case.chemistry.isotope_table or None)
    assigns = asks_assignment(case)
    answered = assigns or asks_msms(case)
    looks = bool(case.spectrum.file) and (not answered or bool(case.show.ions))
    use = case.observations.use
    shared = (case, vocabulary, observe, processes, journal)
    simulated = simulation(case, vocabulary, observe) if asks_simulation(case) else None
    return Results(
        case,
        patterns=tuple(pattern_of(ion, case, vocabulary, table) for ion in case.isotopes.ions),
        look=look(case, vocabulary, table, observe) if looks else None,
        assigned=assigned(case, vocabulary, table, observe) if assigns else None,
        identified=identified(case, vocabulary, table),
        simulated=simulated,
        mixed=mixed_shells(case, vocabulary, simulated) if simulated else None,
        audited=audited(case, vocabulary) if use == "audit" and case.observations.file else None,
        fitted=fitted(*shared) if use == "fit" else None,
        compared=compared(*shared) if use == "compare" else None,
        planned=planned(case, vocabulary, observe) if asks_plan(case) else None,
        shells=shells_seen(case, vocabulary, observe) if asks_shells(case) else None,
        msms=msms(case, vocabulary, table, observe) if asks_msms(case) else None,
        gel=gel_run(case, vocabulary, observe) if asks_gel(case) else None,
        electrons=electrons(case, vocabulary, observe) if asks_electrons(case) else None,
        structure=structure_view(case, vocabulary, observe) if asks_structure(case) else None,
        homotops=homotop_table(case, vocabulary) if asks_homotops(case) else None,
        uvvis=uvvis_run(case, vocabulary, observe) if asks_uvvis(case) else None,
    )
