"""`[electrons]`: valence electrons of species, and of what a reaction is fed."""

from __future__ import annotations

from pydantic import model_validator

from alloyscope.case.section import Section


class ElectronsSection(Section):
    """`[electrons]`: valence electrons of species, and of what a reaction is fed.

    species : notation, or a framework of the case with x: "A x=12"
    ratios  : of the reaction's two parents, [lowest, highest]; [] for none
    predict : whether the reaction is simulated, to say which frameworks come of each ratio
    time    : until when it is
    observations : what was seen of the reaction, a file
    """

    species: tuple[str, ...] = ()
    ratios: tuple[()] | tuple[str, str] = ()
    predict: bool = False
    time: str = "20h"
    observations: str = ""

    @model_validator(mode="after")
    def _ratios_for_frameworks(self) -> ElectronsSection:
        if (self.predict or self.observations) and not self.ratios:
            raise ValueError('frameworks against the ratio need ratios = ["1:40", "40:1"]')
        return self
