"""`[fit]` and `[compare]`: how a reaction is fitted to what was seen, and what is refitted."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from alloyscope.case.section import Positive, Section

Starts = Annotated[int, Field(ge=1, le=10_000, strict=True)]
Seed = Annotated[int, Field(ge=0, strict=True)]
Evaluations = Annotated[int, Field(ge=1, le=10_000, strict=True)]


class FitSection(Section):
    """`[fit]`: least squares from many starts.

    starts      : the declared values, and draws about them
    seed        : of the draws
    spread      : of the draws, in sd of each prior
    evaluations : of the derivatives, at most, in each start
    profile     : parameters of which profile likelihoods are made; "all"
    draws       : from the priors, to compare what is met with
    """

    starts: Starts = 20
    seed: Seed = 1
    spread: Positive = 0.5
    evaluations: Evaluations = 60
    profile: tuple[str, ...] = ()
    draws: Annotated[int, Field(ge=0, le=10_000, strict=True)] = 16


class CompareSection(Section):
    """`[compare]`: refits without one mechanism, and without one figure.

    without   : mechanisms switched off one at a time, by the name of their rate or their equation
                ("all", "none")
    leave_out : figures left out one at a time ("all")
    starts    : of every refit: the case's values, and draws about them
    seed, spread, evaluations : as in [fit]
    """

    without: tuple[str, ...] = ("all",)
    leave_out: tuple[str, ...] = ()
    starts: Starts = 3
    seed: Seed = 1
    spread: Positive = 0.3
    evaluations: Evaluations = 60
