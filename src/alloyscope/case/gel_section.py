"""`[gel]`: species that run in a gel, the gel, and a lane to match."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from alloyscope.case.section import NotNegative, Positive, Section, Whole

Number = Annotated[float, Field(allow_inf_nan=False, strict=True)]


class GelSpreadSection(Section):
    """`[gel.spread]`: how well the gel and the particles are known, 1 sd of each.

    ph, pka_shift, percent : in their units
    ionic_strength : relative
    shell, fibre_radius : nm
    pka_each    : of pKa from framework to framework
    radius_each : relative, of the radius from framework to framework
    """

    ph: NotNegative = 0.1
    pka_shift: NotNegative = 0.5
    percent: NotNegative = 0.5
    ionic_strength: NotNegative = 0.3
    shell: NotNegative = 0.1
    fibre_radius: NotNegative = 0.2
    pka_each: NotNegative = 0.2
    radius_each: NotNegative = 0.02


class GelSection(Section):
    """`[gel]`: species that run in a gel, the gel, and a lane to match.

    species  : notation, or a framework of the case with x: "A x=12", "C x=40-43"
    ratio, time : in place of species: what the case's reaction makes of this feed by then
    model    : how mobilities are computed
    ph, percent, ionic_strength, temperature : of the buffer and the gel: %T, M, K
    ionisation : "titrated", by pKa as measured on a cluster, or "regulated", by the surface
    pka_shift, hill : of titrated ligands
    potential : of the surface: counter-ions gather, or do not
    shell, fibre_radius : nm, added to the ligands' length; of the gel's strands
    voltage, loading : V passed by the fastest band; 1 sd of a band as loaded over its run
    tie      : mobilities that differ by less than this share are tied
    draws, seed : of what is uncertain
    profile  : digitised lanes, a file
    lane     : name or number of the lane in it that is matched; "" for the first
    origin, front : distance of the well, and of the dye front; 0 for no front
    marker   : a species that ran beside it and how far: "A x=0 @ 52.5"; "" for none
    model_sd : relative error of the model's mobilities beside that of what is drawn
    volumes  : Å3 of an atom, for metals that the bundled table lacks
    lengths, acids : nm, and pKa of the acid groups, for ligands that it lacks
    """

    species: tuple[str, ...] = ()
    ratio: str = ""
    time: str = "20h"
    model: Literal["charge-to-mass", "charge-to-radius", "ferguson"] = "charge-to-mass"
    ph: Number = 8.3
    percent: Number = 20.0
    ionic_strength: Number = 0.025
    temperature: Number = 298.15
    ionisation: Literal["titrated", "regulated"] = "titrated"
    pka_shift: Number = 2.02
    hill: Number = 0.64
    potential: Literal["poisson-boltzmann", "debye-hueckel"] = "poisson-boltzmann"
    shell: Number = 0.0
    fibre_radius: Number = 0.8
    voltage: Number = 150.0
    loading: Number = 0.008
    tie: Number = 0.005
    draws: Annotated[int, Field(ge=0, le=20_000, strict=True)] = 1000
    seed: Annotated[Whole, Field(ge=0)] = 1
    profile: str = ""
    lane: str = ""
    origin: Number = 0.0
    front: NotNegative = 0.0
    marker: str = ""
    model_sd: Annotated[float, Field(ge=0, le=0.5, strict=True)] = 0.03
    volumes: dict[str, Positive] = Field(default_factory=dict)
    lengths: dict[str, Positive] = Field(default_factory=dict)
    acids: dict[str, tuple[Number, ...]] = Field(default_factory=dict)
    spread: GelSpreadSection = GelSpreadSection()

    @model_validator(mode="after")
    def _species_or_mixture(self) -> GelSection:
        if self.species and self.ratio:
            raise ValueError("species or a ratio, one of them")
        if self.front and self.front <= self.origin:
            raise ValueError(f"front = {self.front:g}: beyond the well at {self.origin:g}")
        return self
