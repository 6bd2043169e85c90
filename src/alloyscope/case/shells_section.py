"""`[shells]`: distributions of two kinds of ligand; `[shells.mixed]`: parents that carry both."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from alloyscope.case.section import NotNegative, Positive, Section

Number = Annotated[float, Field(allow_inf_nan=False, strict=True)]


class MixedSite(Section):
    """`[[shells.mixed.site]]`: ligand sites of a framework that are not alike.

    framework : its name in equations
    counts    : sites of each class
    constants : exchange constant of each, foreign for own, against free thiolate
    """

    framework: str
    counts: tuple[Annotated[int, Field(ge=1, le=1000, strict=True)], ...]
    constants: tuple[Positive, ...]

    @model_validator(mode="after")
    def _one_constant_a_class(self) -> MixedSite:
        if len(self.counts) != len(self.constants):
            raise ValueError(f"{len(self.counts)} counts and {len(self.constants)} constants")
        return self


class MixedSection(Section):
    """`[shells.mixed]`: parents with a second kind of ligand, in a simulation.

    foreign     : its name; "" for none
    parents     : foreign ligands per cluster, by parent
    random      : whether clusters of a parent differ, each site being foreign at random
    half_life   : of a ligand in a shell before it is exchanged, "10min"; "0min" for at once,
                  "never"
    preference  : exchange constant of foreign for own ligand, where `constants` has none
    constants   : by framework
    site        : classes of sites, where exchange is at once
    rate_factor : on all rates of the reaction, for every foreign ligand per cluster fed
    """

    foreign: str = ""
    parents: dict[str, NotNegative] = Field(default_factory=dict)
    random: bool = True
    half_life: str = "0min"
    preference: Positive = 1.0
    constants: dict[str, Positive] = Field(default_factory=dict)
    site: tuple[MixedSite, ...] = ()
    rate_factor: Positive = 1.0


class ShellsSection(Section):
    """`[shells]`: how two kinds of ligand share the shells of a framework.

    files     : folders of `alloyscope assign`, or CSV files; several make a series
    ligand    : the foreign one; "" where the file leaves no choice
    framework : "" for the one of most amount that holds the ligand
    sites     : ligands of a shell, "18", or of each class of sites, "12+6"; "" where it is known
    model     : that is drawn; "" for the one that the data choose
    counted   : amounts without an sd are numbers of ions
    at        : what was varied along a series, a number for each file
    free_ratios : free foreign over own ligand at the end, for each file
    """

    files: tuple[str, ...] = ()
    ligand: str = ""
    framework: str = ""
    sites: str = ""
    model: Literal["", "random", "two-site", "cooperative", "two populations"] = ""
    counted: bool = False
    at: tuple[Number, ...] = ()
    free_ratios: tuple[Positive, ...] = ()
    mixed: MixedSection = MixedSection()

    @model_validator(mode="after")
    def _a_number_for_each(self) -> ShellsSection:
        for key, values in (("at", self.at), ("free_ratios", self.free_ratios)):
            if values and self.files and len(values) != len(self.files):
                raise ValueError(f"{key}: {len(values)} numbers for {len(self.files)} files")
        return self
