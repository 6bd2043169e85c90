"""`[reaction]`: what reacts with what, and how fast."""

from __future__ import annotations

import math
from typing import Annotated, Any

from pydantic import Field, PlainValidator, model_validator

from alloyscope.case.section import Count, Positive, Section, Whole

Number = Annotated[float, Field(allow_inf_nan=False, strict=True)]


def _quantity(value: Any) -> float | str:
    """A number or a name; one validator, so that a fault is named once."""
    if isinstance(value, str) and value.strip():
        return value.strip()
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return float(value)
    raise ValueError("a number or the name of a [[reaction.parameter]]")


Quantity = Annotated[float | str, PlainValidator(_quantity)]


class SiteEntry(Section):
    """`[[reaction.framework.site]]`: metal sites that the model does not tell apart.

    count         : how many there are
    energy        : by metal, of one atom there rather than one of the last metal
    cooperativity : by metal: n atoms of it add J n (n - 1) / (count - 1)
    """

    name: str = ""
    count: Annotated[int, Field(ge=1, le=1000, strict=True)]
    energy: dict[str, Quantity] = Field(default_factory=dict)
    cooperativity: dict[str, Quantity] = Field(default_factory=dict)


class ReactionFramework(Section):
    """`[[reaction.framework]]`: a framework that reacts, with all its compositions.

    name       : in equations; "" for M44S30 and the like
    charge     : of the core with every acid group protonated
    electrons  : valence electrons; they follow from the rest, and are checked where stated
    energy     : standard free energy where every site holds the last metal, or
    level      : [framework, x], both equally stable at x atoms of the first metal
    lability   : factor on its rates of metal exchange
    response   : of electrospray, ions seen per cluster
    site       : classes that fill the metals; none for a single one
    """

    metals: Annotated[int, Field(ge=1, le=1000, strict=True)]
    ligands: Count
    charge: Whole
    name: str = ""
    electrons: Whole | None = None
    energy: Quantity = 0.0
    level: tuple[str, Quantity] | None = None
    lability: Quantity = 1.0
    response: Quantity = 1.0
    site: tuple[SiteEntry, ...] = ()

    @property
    def called(self) -> str:
        """Its name in equations."""
        return self.name or f"M{self.metals}S{self.ligands}"


class ParentEntry(Section):
    """`[[reaction.parent]]`: a cluster that is fed; ratios follow the order of the parents.

    composition : atoms by metal
    """

    name: str
    framework: str
    composition: dict[str, Count]


class StepEntry(Section):
    """`[[reaction.step]]`: a family of reactions, for every composition.

    equation : "A + C <-> 2 B + RSSR"
    rate     : constant of the forward direction
    slope    : Bell-Evans-Polanyi, of the cluster that is used up
    quench   : by metal: what stands on both sides acts exp(-q n) times as fast with n atoms of it
    """

    equation: str
    rate: Quantity
    slope: Quantity = 0.0
    quench: dict[str, Quantity] = Field(default_factory=dict)


class ExchangeEntry(Section):
    """`[reaction.exchange]`: metal exchange; 0 for none.

    clusters  : rate constant among all clusters
    complexes : rate constant between clusters and complexes
    """

    clusters: Quantity = 0.0
    complexes: Quantity = 0.0


class ParameterEntry(Section):
    """`[[reaction.parameter]]`: a quantity with a name, which fits may change.

    value       : in `unit`
    unit        : "", "kT", "eV", "1/min", "1/s", "1/(M min)" or "1/(M s)"
    logarithmic : fitted, and its prior stated, as log10
    bounds      : [lowest, highest]
    prior       : centre of a normal prior; the value where it is left out
    sd          : its spread, in decades where logarithmic; flat where it is left out
    free        : whether a fit may change it
    title       : what it is, in words
    """

    name: Annotated[str, Field(pattern=r"^[A-Za-z]\w*$")]
    value: Number
    unit: str = ""
    logarithmic: bool = False
    bounds: tuple[Number, Number] | None = None
    prior: Number | None = None
    sd: Positive | None = None
    free: bool = False
    title: str = ""

    @model_validator(mode="after")
    def _prior_has_a_spread(self) -> ParameterEntry:
        if self.prior is not None and self.sd is None:
            raise ValueError(f"sd beside the prior of {self.name}")
        return self


class YieldPriorEntry(Section):
    """`[[reaction.yield_prior]]`: what fits believe of the clusters left where none was measured.

    ratio : clusters of each parent, "1:0"
    time  : from the start, "20h"
    least : clusters left per cluster fed, below which it is believed less and less
    width : of that edge, in ln
    """

    ratio: str
    time: str
    least: Annotated[float, Field(gt=0, le=1, strict=True)]
    width: Positive = 0.15


class PosteriorSection(Section):
    """`[reaction.posterior]`: what the fit that made the values leaves open.

    names      : of parameters; none where no fit made them
    covariance : a row for each, in decades where the parameter is logarithmic, else in its unit
    """

    names: tuple[str, ...] = ()
    covariance: tuple[tuple[Number, ...], ...] = ()


class ReactionSection(Section):
    """`[reaction]`: what a simulation and a fit need to know.

    metals        : x counts the first, energies are relative to the last
    ligand        : the thiolate; SR is [chemistry] thiolate
    concentration : M of metal in every stock
    temperature   : K
    potentials    : standard chemical potential of SR, RSSR and e in the pool
    values        : of parameters, by name, over those declared
    posterior     : how sure the parameters are, written by fits
    """

    metals: tuple[str, ...] = ()
    ligand: str = "SR"
    concentration: Positive = 1e-3
    temperature: Positive = 298.15
    potentials: dict[str, Quantity] = Field(default_factory=dict)
    values: dict[str, Number] = Field(default_factory=dict)
    exchange: ExchangeEntry = ExchangeEntry()
    posterior: PosteriorSection = PosteriorSection()
    framework: tuple[ReactionFramework, ...] = ()
    parent: tuple[ParentEntry, ...] = ()
    step: tuple[StepEntry, ...] = ()
    parameter: tuple[ParameterEntry, ...] = ()
    yield_prior: tuple[YieldPriorEntry, ...] = ()
