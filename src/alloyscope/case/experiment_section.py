"""`[experiment]`: what is mixed, when, and when it is looked at."""

from __future__ import annotations

from pydantic import Field, model_validator

from alloyscope.case.section import NotNegative, Section


class ExperimentStep(Section):
    """`[[experiment.step]]`: something added to the running reaction.

    at  : time from the start, "20h"
    add : "2 Au44", or "product of 1:3 after 20h" with an amount before it if not the whole
    """

    at: str
    add: str


class ExperimentSection(Section):
    """`[experiment]`: one reaction.

    ratio   : clusters of each parent, in the order of the parents, "3:1"; or
    volumes : of stocks, by parent, in any one unit
    times   : of samples; none for 2 min to 20 h, from the start and from every addition
    step    : additions
    """

    ratio: str = ""
    volumes: dict[str, NotNegative] = Field(default_factory=dict)
    times: tuple[str, ...] = ()
    step: tuple[ExperimentStep, ...] = ()

    @model_validator(mode="after")
    def _one_feed(self) -> ExperimentSection:
        if self.ratio and self.volumes:
            raise ValueError("either ratio or volumes")
        return self
