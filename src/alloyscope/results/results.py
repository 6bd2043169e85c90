"""All that a run gives back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from alloyscope.assignment.identify import Identification
from alloyscope.case import Case
from alloyscope.reaction.compare import Comparison
from alloyscope.reaction.design import Plan
from alloyscope.reaction.judged import Judged
from alloyscope.reaction.mass_balance import MassBalance
from alloyscope.reaction.simulated import Simulated
from alloyscope.results.assign import Assigned
from alloyscope.results.electrons import Electrons
from alloyscope.results.gel import GelRun
from alloyscope.results.isotopes import Pattern
from alloyscope.results.msms import TandemMS
from alloyscope.results.shells import MixedShells, ShellsSeen
from alloyscope.results.show import Look
from alloyscope.results.structure import HomotopTable, StructureView
from alloyscope.results.uvvis import UvvisRun


@dataclass(frozen=True, eq=False)
class Results:
    """All that a case asked for."""

    case: Case
    patterns: tuple[Pattern, ...] = ()
    look: Look | None = None
    assigned: Assigned | None = None
    identified: tuple[Identification, ...] = ()
    simulated: Simulated | None = None
    audited: MassBalance | None = None
    fitted: Judged | None = None
    compared: Comparison | None = None
    planned: Plan | None = None
    shells: ShellsSeen | None = None
    mixed: MixedShells | None = None
    msms: TandemMS | None = None
    gel: GelRun | None = None
    electrons: Electrons | None = None
    structure: StructureView | None = None
    homotops: HomotopTable | None = None
    uvvis: UvvisRun | None = None

    def as_json(self) -> dict[str, Any]:
        """Everything in plain types, with the case that made it."""
        return {
            "case": self.case.model_dump(mode="json"),
            "isotopes": [pattern.as_json() for pattern in self.patterns],
            "show": None if self.look is None else self.look.as_json(),
            "identify": [found.as_json() for found in self.identified],
            "assign": None if self.assigned is None else self.assigned.as_json(),
            "simulate": None if self.simulated is None else self.simulated.as_json(),
            "audit": None if self.audited is None else self.audited.as_json(),
            "fit": None if self.fitted is None else self.fitted.as_json(),
            "compare": None if self.compared is None else self.compared.as_json(),
            "plan": None if self.planned is None else self.planned.as_json(),
            "shells": None if self.shells is None else self.shells.as_json(),
            "mixed": None if self.mixed is None else self.mixed.as_json(),
            "msms": None if self.msms is None else self.msms.as_json(),
            "gel": None if self.gel is None else self.gel.as_json(),
            "electrons": None if self.electrons is None else self.electrons.as_json(),
            "structure": None if self.structure is None else self.structure.as_json(),
            "homotops": None if self.homotops is None else self.homotops.as_json(),
            "uvvis": None if self.uvvis is None else self.uvvis.as_json(),
        }
