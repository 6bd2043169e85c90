"""`[uvvis]`: absorption spectra, what may be in them, and how they are looked at."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from alloyscope.case.section import NotNegative, Positive, Section, Whole

Few = Annotated[int, Field(ge=0, le=6, strict=True)]
Illuminant = Literal["D65", "D50", "A", "E"]


class UvvisSection(Section):
    """`[uvvis]`: absorption spectra, what may be in them, and how they are looked at.

    file         : one spectrum or several, or a folder of files
    references   : files or folders with spectra of what may be in them
    molar        : mol/L of references, by name, for amounts in mol/L
    unknown      : further components, whose spectra are sought too
    sketches     : whether spectra drawn from known band positions may stand in for references
    times        : of the spectra, "2min"; none for those that the file states
    window       : [lowest, highest] nm to look at; [] for everything
    path         : length of the cuvette, cm; 0 for what the file states, or 1
    illuminant   : under which the solution's colour is seen
    offset, slope, scatter : of each spectrum, fitted beside the components
    noise        : 1 sd of the absorbance; 0 to find it in the spectra
    bands        : nm, followed against time; none for those that are found
    analysed     : spectra of a series in which bands are sought, from the first to the last;
                   0 for all
    populations  : file with species against time, of `simulate` or of your own; or
    ratio        : clusters of the reaction's parents, "1:3", whose populations the case predicts
    false_alarm  : how often noise may be taken for a component or for something else
    seed         : of whatever is drawn at random
    """

    file: str = ""
    references: tuple[str, ...] = ()
    molar: dict[str, Positive] = Field(default_factory=dict)
    unknown: Few = 0
    sketches: bool = False
    times: tuple[str, ...] = ()
    window: tuple[()] | tuple[Positive, Positive] = ()
    path: NotNegative = 0.0
    illuminant: Illuminant = "D65"
    offset: bool = True
    slope: bool = False
    scatter: bool = False
    noise: NotNegative = 0.0
    bands: tuple[Positive, ...] = ()
    analysed: Annotated[int, Field(ge=0, le=1000, strict=True)] = 3
    populations: str = ""
    ratio: str = ""
    false_alarm: Annotated[float, Field(gt=0, lt=0.5, strict=True)] = 0.01
    seed: Annotated[Whole, Field(ge=0)] = 1

    @model_validator(mode="after")
    def _agrees(self) -> UvvisSection:
        if self.window and self.window[0] >= self.window[1]:
            raise ValueError(f"window = {list(self.window)}: the first must be below the second")
        if self.populations and self.ratio:
            raise ValueError("populations or a ratio, one of them")
        if (self.populations or self.ratio) and (self.references or self.unknown):
            raise ValueError("populations say what is there: no references or unknowns beside them")
        return self
