"""Where known clusters absorb, as papers state it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from alloyscope.chemistry import Species, Vocabulary, default_vocabulary, parse_species
from alloyscope.data import toml_table
from alloyscope.errors import TableError, message

TABLE = "absorption.toml"
KINDS = ("band", "hump", "shoulder")


@dataclass(frozen=True)
class StatedBand:
    """A band that a paper states.

    nm   : its position
    kind : "band", "hump" (broad and low) or "shoulder", as the paper calls it
    """

    nm: float
    kind: str


@dataclass(frozen=True)
class ReferenceBands:
    """Positions of the bands of one cluster, with their source.

    species : of the middle where the statement is for a range of compositions
    bands   : ascending in wavelength
    source  : the paper; doi; figure in which the spectrum is shown
    x       : lowest and highest count of the first metal that the statement is for
    solvent, colour : as stated, empty where they are not
    Raises TableError for positions that do not ascend, a kind that is none, or a missing source.
    """

    species: Species
    bands: tuple[StatedBand, ...]
    source: str
    doi: str
    figure: str
    x: tuple[int, int]
    solvent: str = ""
    colour: str = ""

    def __post_init__(self) -> None:
        where = f"{TABLE}, {self.species}"
        places = [band.nm for band in self.bands]
        if not places or sorted(set(places)) != places or places[0] <= 0:
            raise TableError(message(where, found=f"bands at {places} nm", expected="ascending"))
        for band in self.bands:
            if band.kind not in KINDS:
                raise TableError(message(where, found=band.kind, expected=", ".join(KINDS)))
        if not self.source or not self.doi:
            raise TableError(message(where, found="no source", expected="a paper and its doi"))
        if not self.x[0] <= self.species.metals[0][1] <= self.x[1]:
            raise TableError(
                message(where, found=f"x from {self.x[0]} to {self.x[1]}",
                        expected="a range that holds the species")
            )  # fmt: skip

    @property
    def positions_nm(self) -> tuple[float, ...]:
        """Of all bands."""
        return tuple(band.nm for band in self.bands)

    def covers(self, species: Species) -> bool:
        """Whether the statement is for this cluster: same charge, metals, number of ligands."""
        other, own = dict(species.metals), dict(self.species.metals)
        first = self.species.metals[0][0]
        return (
            species.charge == self.species.charge
            and species.n_metals == self.species.n_metals
            and [n for _, n in species.ligands] == [n for _, n in self.species.ligands]
            and set(other) <= set(own)
            and self.x[0] <= other.get(first, 0) <= self.x[1]
        )


@cache
def reference_library() -> tuple[ReferenceBands, ...]:
    """All clusters whose bands are in the bundled table."""
    return tuple(_entry(entry) for entry in toml_table(TABLE)["spectrum"])


def _entry(entry: dict[str, Any]) -> ReferenceBands:
    species = parse_species(entry["species"])
    count = species.metals[0][1]
    low, high = entry.get("x", (count, count))
    return ReferenceBands(
        species, tuple(StatedBand(float(band["nm"]), band["kind"]) for band in entry["bands"]),
        entry["source"], entry["doi"], entry["figure"], (low, high), entry.get("solvent", ""),
        entry.get("colour", ""),
    )  # fmt: skip


def reference_bands(
    species: str | Species, vocabulary: Vocabulary | None = None
) -> ReferenceBands | None:
    """Bands of a cluster as a paper states them; None where the table has none.

    Ligands count by number, not by kind: what the thiolate is shifts bands little, and the entry
    says which it was. Raises what `parse_species` raises.

    >>> entry = reference_bands("[Ag44(p-MBA)30]4-")
    >>> entry.positions_nm
    (420.0, 488.0, 540.0, 645.0, 840.0)
    """
    if isinstance(species, str):
        species = parse_species(species, vocabulary or default_vocabulary())
    covering = [entry for entry in reference_library() if entry.covers(species)]
    return next((e for e in covering if e.species == species), covering[0] if covering else None)
