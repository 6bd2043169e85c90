"""Entries of a file of observations: `[[observation]]` and `[[speciation]]`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from alloyscope.case.section import NotNegative, Section

Number = Annotated[float, Field(allow_inf_nan=False, strict=True)]
Tolerance = Annotated[int, Field(ge=0, le=1000, strict=True)]


class ObservationsSection(Section):
    """`[observations]`: what was seen of the reaction.

    file : of `[[observation]]` and `[[speciation]]`
    use  : what is done with them
    """

    file: str = ""
    use: Literal["audit", "fit", "compare"] = "audit"


class ObservationEntry(Section):
    """`[[observation]]`: a statement about a reaction.

    split    : "fit" is judged; any other is left out
    sequence : "direct"; reactions in sequence are predicted, never fitted
    kind     : one of `alloyscope.reaction.observation.KINDS`
    R        : molar ratio of the first parent to the second, or several
    t_min, t0 : minutes; the earlier time that a change is counted from
    f, g     : frameworks
    lo, hi, lo_tol, hi_tol : a range, and how far off its ends may be
    minor    : whether the ends were minor signals
    level    : of complexes
    """

    id: str
    kind: str
    R: str
    t_min: NotNegative
    split: str = "fit"
    sequence: Literal["direct"] = "direct"
    figure: str = ""
    t0: NotNegative | None = None
    f: str = ""
    g: str = ""
    lo: Number | None = None
    hi: Number | None = None
    lo_tol: Tolerance | None = None
    hi_tol: Tolerance | None = None
    minor: bool = False
    level: str = ""
    note: str = ""


class SpeciationEntry(Section):
    """`[[speciation]]`: shares that were measured.

    file     : ions.csv or distribution.csv of `alloyscope assign`, from the observations' folder
    ratio    : molar ratio of the first parent to the second
    model_sd : what is added to every share's own sd
    """

    file: str
    ratio: str
    t_min: NotNegative
    id: str = ""
    split: str = "fit"
    figure: str = ""
    model_sd: Annotated[float, Field(gt=0, le=1, strict=True)] = 0.01
    basis: Literal["ion counts", "clusters"] = "ion counts"
    note: str = ""
