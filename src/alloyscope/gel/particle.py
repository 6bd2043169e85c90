"""A cluster as electrophoresis sees it: mass, charge, acid and basic groups, size."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from alloyscope.chemistry.ligand import Ligand
from alloyscope.chemistry.species import Species
from alloyscope.data import toml_table
from alloyscope.errors import GelError, TableError, message
from alloyscope.speciation import framework_of


@dataclass(frozen=True)
class Group:
    """Acid or basic groups of one kind.

    pka    : of the free molecule; of basic groups, that of the conjugate acid
    charge : that ionisation gives it, -1 or +1
    count  : how many there are
    """

    pka: float
    charge: int
    count: int


@dataclass(frozen=True)
class LigandFacts:
    """What electrophoresis needs to know of a ligand.

    acid, base : pKa of its groups; None where nothing is known
    length     : nm, stretched; None where it is not known
    """

    acid: tuple[float, ...] | None = None
    base: tuple[float, ...] = ()
    length: float | None = None


@dataclass(frozen=True)
class Particle:
    """A cluster in water.

    mass         : Da, every group neutral
    core_charge  : with every group neutral
    core_radius  : nm, of a sphere as large as its metal atoms
    shell        : nm, mean length of its ligands
    without_size : why the radius is not known; "" where it is
    """

    species: Species
    framework: str
    mass: float
    core_charge: int
    groups: tuple[Group, ...]
    core_radius: float
    shell: float
    without_size: str = ""


@dataclass(frozen=True)
class GelTable:
    """Facts of metals and ligands, bundled and the user's own.

    volumes : Å3 of an atom by metal
    ligands : facts by the ligand's name
    """

    volumes: Mapping[str, float] = field(default_factory=dict)
    ligands: Mapping[str, LigandFacts] = field(default_factory=dict)

    def with_own(
        self, volumes: Mapping[str, float], lengths: Mapping[str, float],
        acids: Mapping[str, tuple[float, ...]],
    ) -> GelTable:  # fmt: skip
        """This table with facts of the user's own, which go first."""
        ligands = dict(self.ligands)
        for name in (*lengths, *acids):
            known = ligands.get(name, LigandFacts())
            ligands[name] = LigandFacts(
                acids.get(name, known.acid), known.base, lengths.get(name, known.length)
            )
        return GelTable({**self.volumes, **volumes}, ligands)


@cache
def bundled_table() -> GelTable:
    """The table `data/gel.toml`. Raises TableError for facts out of range."""
    table = toml_table("gel.toml")
    ligands = {name: _facts(name, entry) for name, entry in table["ligand"].items()}
    volumes = {metal: float(volume) for metal, volume in table["atomic_volume"].items()}
    wrong = [metal for metal, volume in volumes.items() if not 5 < volume < 60]
    if wrong:
        raise TableError(
            message("gel.toml", found=f"volumes of {', '.join(wrong)}", expected="5 to 60 Å3")
        )
    return GelTable(volumes, ligands)


def _facts(name: str, entry: Mapping[str, Any]) -> LigandFacts:
    facts = LigandFacts(tuple(entry.get("acid", ())), tuple(entry.get("base", ())),
                        float(entry["length"]))  # fmt: skip
    pkas = (*(facts.acid or ()), *facts.base)
    if not all(-2 < pka < 15 for pka in pkas) or not 0 < (facts.length or 0) < 6:
        raise TableError(
            message(f"gel.toml {name}", found=str(dict(entry)),
                    expected="pKa of -2 to 15 and a length of up to 6 nm")
        )  # fmt: skip
    return facts


def particle_of(species: Species, table: GelTable | None = None) -> Particle:
    """A species as electrophoresis sees it.

    table : facts of metals and ligands; the bundled ones by default
    Raises GelError for a ligand whose acid groups have no pKa.
    """
    known = table or bundled_table()
    if not species.metals:
        raise GelError(
            message(str(species), found="no metal", expected="a cluster",
                    do="For example [Ag44(p-MBA)30]4-.")
        )  # fmt: skip
    groups = [group for ligand, n in species.ligands for group in _groups(ligand, n, known)]
    lacking = [metal for metal, _ in species.metals if metal not in known.volumes]
    lacking += [ligand.name for ligand, _ in species.ligands if _length(ligand, known) is None]
    volume = sum(known.volumes.get(metal, 17.0) * n for metal, n in species.metals)
    lengths = [(_length(ligand, known) or 0.0, n) for ligand, n in species.ligands]
    return Particle(
        species, framework_of(species), species.formula.average_mass(), species.charge,
        tuple(groups), 0.1 * (3 * volume / (4 * math.pi)) ** (1 / 3),
        sum(length * n for length, n in lengths) / max(sum(n for _, n in lengths), 1),
        f"no size of {', '.join(lacking)}" if lacking else "",
    )  # fmt: skip


def _groups(ligand: Ligand, n: int, table: GelTable) -> list[Group]:
    facts = table.ligands.get(ligand.name, LigandFacts())
    acids = facts.acid if facts.acid is not None else ()
    if len(acids) < ligand.acids:
        raise GelError(
            message(f"ligand {ligand.name}", found=f"no pKa of its {ligand.acids} acid groups",
                    expected="one of each",
                    do=f'Give it in the case: [gel.acids] "{ligand.name}" = [4.5].')
        )  # fmt: skip
    return [Group(pka, -1, n) for pka in acids] + [Group(pka, 1, n) for pka in facts.base]


def _length(ligand: Ligand, table: GelTable) -> float | None:
    facts = table.ligands.get(ligand.name)
    return facts.length if facts else None
