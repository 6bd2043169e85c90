"""Valence electrons of species, and of what a reaction is fed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from alloyscope.chemistry.closed_shell import ClosedShell
from alloyscope.chemistry.species import Species
from alloyscope.reaction.electrons import ElectronsFed


@dataclass(frozen=True)
class CountedSpecies:
    """Electrons of one species.

    asked : as the user named it
    shell : None where a metal's valence is not known; `remark` says so
    """

    asked: str
    species: Species
    shell: ClosedShell | None
    remark: str = ""


@dataclass(frozen=True, eq=False)
class Electrons:
    """Valence electrons.

    counted : species that were named
    fed     : electrons fed against the ratio, where ratios were asked for
    parents : of the reaction, in the order of the ratio
    predicted_at : time of the prediction, "20 h"; "" where none was made
    notes   : what the user must know
    """

    counted: tuple[CountedSpecies, ...] = ()
    fed: ElectronsFed | None = None
    parents: tuple[str, ...] = ()
    predicted_at: str = ""
    notes: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """In plain types."""
        return {
            "species": [_counted(one) for one in self.counted],
            "fed": None if self.fed is None else self.fed.as_json(),
            "predicted_at": self.predicted_at, "notes": list(self.notes),
        }  # fmt: skip


def _counted(one: CountedSpecies) -> dict[str, Any]:
    told = {"asked": one.asked, "species": str(one.species), "remark": one.remark}
    shell = one.shell
    if shell is None:
        return {**told, "electrons": None}
    return {
        **told, "electrons": shell.electrons, "configuration": shell.configuration,
        "closed": shell.closed, "magic": shell.magic, "radical": shell.radical,
        "comment": shell.remark,
    }  # fmt: skip
