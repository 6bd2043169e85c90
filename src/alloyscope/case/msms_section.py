"""`[msms]`: a precursor whose fragments are looked for, and what may leave it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from alloyscope.case.section import NotNegative, Positive, Section, Whole


class CleavageEntry(Section):
    """`[[msms.cleavage]]`: something that may leave, over the bundled table.

    name    : what leaves, with its charge: "[M(SR)2]-"
    penalty : nats of prior odds
    acid    : a molecule that comes out of an acid group, one from each at most
    reason, source : why it should leave, and where it was seen
    """

    name: str
    penalty: NotNegative = 0.0
    acid: bool = False
    reason: str = ""
    source: str = ""


class MsmsSection(Section):
    """`[msms]`: fragments of one precursor, in [spectrum] file, which may be a folder.

    precursor  : the ion that was isolated; "" for no tandem spectra
    cleavages  : what may leave; none for the usual ones of the table
    depth      : losses in a row, at most
    energies   : collision energies of the spectra, in their order; none for those of the files
    per_charge : whether an energy is a voltage, which gives each charge so many eV
    gas        : of the collisions
    window     : [lowest, highest] m/z that the isolation let through; none for that of the file
    seed       : of the decoys' masses
    cleavage   : of the user's own, looked for in any case
    """

    precursor: str = ""
    cleavages: tuple[str, ...] = ()
    depth: Annotated[int, Field(ge=1, le=12, strict=True)] = 3
    energies: tuple[NotNegative, ...] = ()
    per_charge: bool = True
    gas: Literal["He", "N2", "Ar", "Kr", "Xe", "CO2", "SF6"] = "N2"
    window: tuple[()] | tuple[Positive, Positive] = ()
    seed: Annotated[Whole, Field(ge=0)] = 0
    cleavage: tuple[CleavageEntry, ...] = ()

    @model_validator(mode="after")
    def _window_has_width(self) -> MsmsSection:
        if self.window and self.window[0] >= self.window[1]:
            raise ValueError(f"window = {list(self.window)}: the first must be below the second")
        return self
