"""What an analyst does with a simulated spectrum: choose a case, state what is known, assign."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alloyscope.assignment import SearchSpace
from alloyscope.assignment.assign import Hints, assign
from alloyscope.assignment.assignment import Assignment
from alloyscope.assignment.listing import IonListing
from alloyscope.case import Case, case_from, read_case, settings
from alloyscope.case.space import Polarity, search_space
from alloyscope.case.vocabulary import vocabulary_of
from tests.recovery.scorer import CalledIon
from tests.recovery.simulator import Simulated

CENTRAL = ("Pt", "Pd")
"""Metals of which a cluster has one, in its centre, where it brings no electron."""


def case_of(simulated: Simulated) -> Case:
    """The bundled case of the system and its ligands, or ten lines where there is none."""
    if simulated.system == "other":
        return _small_case(simulated)
    first, *further = simulated.hints.ligands
    return settings(
        read_case(Path(simulated.system)), simulated.system,
        chemistry={"thiolate": first}, space={"ligands": ("SR", *further)},
    )  # fmt: skip


def _small_case(simulated: Simulated) -> Case:
    """Metals on 25 sites under 18 ligands, any x, the metals being known."""
    there = {metal for t in simulated.truth for metal, _ in t.ion.species.metals}
    central = sorted(there & set(CENTRAL))
    counted = ["Au", "Ag"]
    if not central and there != {"Au", "Ag"}:
        counted = ["Ag" if "Ag" in there else "Au", "Cu"]
    framework: dict[str, Any] = {"metals": 25, "ligands": 18, "charge": -1}
    if central:
        framework |= {"charge": -2, "ranges": {central[0]: [1, 1]}}
    space = {
        "metals": [*counted, *central],
        "ligands": ["SR"],
        "adducts": {"Na": 12},
        "framework": [framework],
    }
    thiolate = simulated.hints.ligands[0]
    return case_from({"chemistry": {"thiolate": thiolate}, "space": space}, "ten lines")


def space_of(simulated: Simulated) -> SearchSpace | IonListing:
    """The search space of the spectrum's case."""
    polarity: Polarity = "positive" if simulated.hints.polarity == "positive" else "negative"
    case = case_of(simulated)
    return search_space(case, vocabulary_of(case), polarity=polarity)


def hints_of(simulated: Simulated) -> Hints:
    """What the instrument's data sheet says."""
    known = simulated.hints
    return Hints(known.resolving_power, known.resolving_power_at, known.mass_accuracy_ppm,
                 known.instrument == "FT")  # fmt: skip


def assigned(simulated: Simulated, **options: Any) -> Assignment:
    """The spectrum assigned."""
    return assign(simulated.spectrum, space_of(simulated), hints_of(simulated), **options)


def calls(found: Assignment) -> list[CalledIon]:
    """What was called, for the scorer."""
    return [CalledIon(c.ion, c.abundance, c.abundance_sd, c.q_value) for c in found.called]
