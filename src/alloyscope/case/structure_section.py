"""`[structure]` and `[homotops]`: a framework in three dimensions, and placements counted."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from alloyscope.case.section import Count, NotNegative, Positive, Section, Whole

Metals = Annotated[int, Field(ge=2, le=4, strict=True)]


class StructureSite(Section):
    """`[[structure.framework.site]]`: a class of metal sites, or `site = [{ ... }]`.

    motif      : that they belong to
    neighbours : of each site, how many by class; checked against coordinates where there are any
    place      : where they lie, in words
    """

    name: str
    count: Count
    motif: str = ""
    neighbours: dict[str, Count] = Field(default_factory=dict)
    place: str = ""


class StructureMotif(Section):
    """`[[structure.framework.motif]]`: a piece of the framework.

    count           : how many of them
    metals, ligands : in each
    formula         : as written, "SR-M-SR"
    """

    name: str
    count: Count
    metals: Count
    ligands: Count
    formula: str = ""


class StructureFramework(Section):
    """`[[structure.framework]]`: a framework of the user's own.

    electrons   : valence electrons; none for what metals, ligands and charge give
    parent      : metal that it is known of
    ligand      : name of its ligand; "" for [chemistry] thiolate
    coordinates : XYZ file
    tolerance   : Å that coordinates may be off the symmetry that is looked for
    generators, reflections : in cycle notation, in place of coordinates; sites from 1
    """

    name: str
    metals: Count
    ligands: Count
    charge: Whole
    electrons: Whole | None = None
    parent: str = "Au"
    ligand: str = ""
    site: tuple[StructureSite, ...]
    motif: tuple[StructureMotif, ...] = ()
    coordinates: str = ""
    tolerance: Positive = 0.1
    generators: tuple[str, ...] = ()
    reflections: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _one_source_of_symmetry(self) -> StructureFramework:
        if self.coordinates and (self.generators or self.reflections):
            raise ValueError("coordinates or generators, not both")
        return self


class StructureSection(Section):
    """`[structure]`: which framework to show, and which metals where.

    name        : a bundled framework, M44S30, or one of the case's own; "" for none
    metals      : the first is counted as x, the last fills the rest; [] for those of [reaction],
                  else the framework's own and one beside it
    x           : atoms of all metals but the last; [] for none
    place       : atoms of the first metal by class, in place of x
    distribution : CSV file of `assign` or `simulate` from which x is drawn, in place of x
    energies    : "" for [reaction] where it has the framework, "none", or a tabulated method
    compute     : a method that computes site energies now, "GFN1-xTB"; "" for none
    classes     : classes of the framework that each class of [reaction] holds; none for those of
                  the same name or, in their order, of the same counts
    temperature : K; 0 for that of [reaction]
    seed        : of the draw
    """

    name: str = ""
    metals: tuple[str, ...] = ()
    x: tuple[Count, ...] = ()
    place: dict[str, Count] = Field(default_factory=dict)
    distribution: str = ""
    energies: str = ""
    compute: Literal["", "GFN1-xTB", "GFN2-xTB"] = ""
    classes: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    temperature: NotNegative = 0.0
    seed: Annotated[Whole, Field(ge=0)] = 1
    framework: tuple[StructureFramework, ...] = ()

    @model_validator(mode="after")
    def _one_placement(self) -> StructureSection:
        if bool(self.x) + bool(self.place) + bool(self.distribution) > 1:
            raise ValueError("x, place or distribution, one of them")
        if self.distribution and len(self.metals) > 2:
            raise ValueError("distribution of two metals")
        if len(self.metals) == 1 or len(set(self.metals)) < len(self.metals):
            raise ValueError(f"metals = {list(self.metals)}: two or more different ones")
        if self.metals and self.x and len(self.x) != len(self.metals) - 1:
            raise ValueError(f"x = {list(self.x)}: a count for each metal but the last")
        return self


class HomotopsSection(Section):
    """`[homotops]`: placements that are counted.

    name    : a bundled framework, M44S30, or one of [[structure.framework]]; "" for none
    x       : [atoms of the first metal], or [first, last] of a range; [] for all
    metals  : how many there are
    exactly : atoms of all metals but the last; in place of x
    only    : classes that hold the metals counted; [] for all
    classes : count how the metals are shared out over the classes, one composition
    """

    name: str = ""
    x: tuple[()] | tuple[Count] | tuple[Count, Count] = ()
    metals: Metals = 2
    exactly: tuple[Count, ...] = ()
    only: tuple[str, ...] = ()
    classes: bool = False

    @model_validator(mode="after")
    def _is_one_question(self) -> HomotopsSection:
        if self.exactly and (self.x or len(self.exactly) != self.metals - 1):
            raise ValueError(f"exactly = {list(self.exactly)}: a count for each metal but the "
                             "last, and no x")  # fmt: skip
        if len(self.x) == 2 and self.x[0] > self.x[1]:
            raise ValueError(f"x = {list(self.x)}: the first above the second")
        one = len(self.x) == 1 or bool(self.exactly)
        if self.classes and (not one or self.only):
            raise ValueError("with classes = true one composition, x = [12] or `exactly`, and no "
                             "`only`")  # fmt: skip
        if self.x and self.metals > 2:
            raise ValueError("x of two metals; of more, `exactly`")
        return self
