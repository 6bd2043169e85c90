"""`[space]`: which ions an assignment looks for."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from alloyscope.case.section import Count, NotNegative, Range, Section, Whole, check_ranges

Charge = Annotated[int, Field(ge=1, le=60, strict=True)]


class FrameworkEntry(Section):
    """`[[space.framework]]`: a framework that is looked for.

    metals, ligands : counts; anionic ligands of any kind together
    charge     : of the core with every acid group protonated; or
    electrons  : valence electrons, from which each composition's charge follows
    name       : what it is called in figures; "" for M44S30 and the like
    penalty    : nats; 0 for what is known to be there
    cations    : at most so many in place of protons, all kinds together
    fragments  : how many pieces it may have lost
    core_steps : least and greatest step that the core charge may be off
    ranges     : of metals and anionic ligands
    neutral    : neutral ligands with their ranges
    """

    metals: Count
    ligands: Count
    charge: Whole | None = None
    electrons: Whole | None = None
    name: str = ""
    penalty: NotNegative = 0.0
    cations: Count = 16
    fragments: Annotated[int, Field(ge=0, le=6, strict=True)] = 0
    core_steps: tuple[Whole, Whole] = (-1, 1)
    ranges: dict[str, Range] = Field(default_factory=dict)
    neutral: dict[str, Range] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _is_one_framework(self) -> FrameworkEntry:
        if (self.charge is None) == (self.electrons is None):
            raise ValueError("either charge or electrons of the framework")
        if not self.core_steps[0] <= 0 <= self.core_steps[1] <= self.core_steps[0] + 6:
            raise ValueError(f"core_steps = {list(self.core_steps)}: a range that holds 0")
        check_ranges("range", self.ranges | self.neutral)
        return self


class Complexes(Section):
    """`[space.complexes]`: metal-ligand complexes without a core.

    metals  : up to so many; 0 for no complexes
    excess  : negative charges of the ligands over the metals' positive ones
    penalty : nats for that of one metal
    """

    metals: Annotated[int, Field(ge=0, le=40, strict=True)] = 0
    excess: tuple[Whole, ...] = (0, 1, 2)
    penalty: NotNegative = 0.5


class Neighbours(Section):
    """`[space.neighbours]`: frameworks of similar size that are less probable.

    metals, ligands : [fewest, most]; [] for none
    electrons       : valence electrons that their cores may have
    penalty         : nats for each
    """

    metals: tuple[()] | Range = ()
    ligands: tuple[()] | Range = ()
    electrons: tuple[Whole, ...] = ()
    penalty: NotNegative = 6.0

    @model_validator(mode="after")
    def _is_whole(self) -> Neighbours:
        if not bool(self.metals) == bool(self.ligands) == bool(self.electrons):
            raise ValueError("metals, ligands and electrons, all three or none")
        ends = {"metals": self.metals, "ligands": self.ligands}
        check_ranges("range", {name: pair for name, pair in ends.items() if pair})
        return self


class Penalties(Section):
    """`[space.penalties]`: nats of prior odds that each oddity costs.

    core_charge : each step that the core charge is off
    cation, proton, neutral : each one added; protons beyond the core's own, negative ions
    substitute  : each one in place of the first ligand
    mixed       : a shell with any of the further ligands
    loss        : each piece that a fragment has lost, half of it in tandem spectra
    most        : ions that cost more are not looked for
    """

    core_charge: NotNegative = 6.0
    cation: NotNegative = 0.25
    proton: NotNegative = 2.0
    neutral: NotNegative = 2.0
    substitute: NotNegative = 2.0
    mixed: NotNegative = 1.0
    loss: NotNegative = 1.0
    most: NotNegative = 16.0


class Space(Section):
    """`[space]`: which ions an assignment looks for.

    metals      : the first one is counted as x
    ligands     : anionic, sharing the frameworks' places; SR is [chemistry] thiolate
    ranges      : of metals and ligands, [fewest, most], in every framework
    substitutes : at most so many of each in place of the first ligand
    adducts     : at most so many of each, ions and neutral molecules
    charges     : [least, greatest] number of charges
    losses      : [metals, ligands] of pieces that fragments have lost; [] for the anions [M(SR)2]-
                  and [M2(SR)3]-, or their like for dithiolates
    """

    metals: tuple[str, ...] = ()
    ligands: tuple[str, ...] = ("SR",)
    ranges: dict[str, Range] = Field(default_factory=dict)
    substitutes: dict[str, Count] = Field(default_factory=dict)
    adducts: dict[str, Count] = Field(default_factory=dict)
    charges: tuple[Charge, Charge] = (1, 8)
    losses: tuple[Range, ...] = ()
    framework: tuple[FrameworkEntry, ...] = ()
    complexes: Complexes = Complexes()
    neighbours: Neighbours = Neighbours()
    penalties: Penalties = Penalties()

    @model_validator(mode="after")
    def _ranges_are_ranges(self) -> Space:
        check_ranges("range", self.ranges | {"charges": self.charges})
        return self

    @property
    def aliases(self) -> dict[str, str]:
        """Names of frameworks that have one of their own: M44S30 is A."""
        named = [entry for entry in self.framework if entry.name]
        return {f"M{entry.metals}S{entry.ligands}": entry.name for entry in reversed(named)}
