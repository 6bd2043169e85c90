"""Frameworks as structures: site classes, motifs, symmetry and, where known, coordinates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from alloyscope.errors import StructureError, TableError, message
from alloyscope.structures.geometry import Geometry
from alloyscope.structures.permutation import PermutationGroup
from alloyscope.structures.point_group import name_of


@dataclass(frozen=True)
class SiteClass:
    """Sites that symmetry, or the lack of knowledge, makes alike: of metals, or of sulfur.

    motif      : that they belong to
    neighbours : of each site, how many by class
    place      : where they lie, in words
    """

    name: str
    count: int
    motif: str = ""
    neighbours: Mapping[str, int] = field(default_factory=dict)
    place: str = ""


@dataclass(frozen=True)
class Motif:
    """A piece that a framework is made of: its core, a staple, a mount.

    count           : how many of them
    metals, ligands : in each
    """

    name: str
    count: int
    metals: int
    ligands: int
    formula: str = ""


@dataclass(frozen=True)
class SiteEnergies:
    """Computed energies of one atom of a metal in each class rather than in the best of them.

    energy : (least, most) eV by class
    note   : what they were computed for, and how far they can be trusted
    """

    method: str
    metal: str
    energy: Mapping[str, tuple[float, float]]
    note: str


@dataclass(frozen=True, eq=False)
class StructuralFramework:
    """A metal-ligand framework M_N(SR)_L of charge z, with what is known of its structure.

    metals, ligands : N, L
    electrons : valence electrons of the core
    classes   : of metal sites, innermost first; none where nothing is known
    sulfur    : classes of sulfur, where coordinates are known
    motifs    : core, staples, mounts; none where nothing is known
    parent    : metal that the distances are of; "" where there are none
    group     : permutations of the metal sites, in the order of the classes; None if not known
    geometry  : coordinates, metals first in the order of the classes; None if not known
    unknown   : what is not known, and what is; "" for a framework that is known
    energies  : tabulated site energies, each under its method's label
    Raises TableError for counts that contradict one another.
    """

    name: str
    metals: int
    ligands: int
    charge: int
    electrons: int
    classes: tuple[SiteClass, ...] = ()
    sulfur: tuple[SiteClass, ...] = ()
    motifs: tuple[Motif, ...] = ()
    parent: str = ""
    group: PermutationGroup | None = None
    geometry: Geometry | None = None
    unknown: str = ""
    notes: tuple[str, ...] = ()
    energies: tuple[SiteEnergies, ...] = ()

    def __post_init__(self) -> None:
        for found, expected in self._faults():
            raise TableError(
                message(f"framework {self.name}", found=found, expected=expected)
            )  # fmt: skip

    def _faults(self) -> list[tuple[str, str]]:
        """What contradicts itself, and what it should be."""
        faults = []
        names = [c.name for c in (*self.classes, *self.sulfur)]
        if len(set(names)) < len(names):
            faults.append((f"classes {', '.join(names)}", "a name of its own for each"))
        total = sum(c.count for c in self.classes)
        if total != self.metals and (self.classes or not self.unknown):
            faults.append((f"site classes of {total} metals in all", f"{self.metals}, its metals"))
        donors = sum(c.count for c in self.sulfur)
        if self.sulfur and donors != self.ligands:
            faults.append((f"classes of {donors} sulfur in all", f"{self.ligands}, its ligands"))
        faults += self._motif_faults() + self._neighbour_faults()
        if self.group is not None and self.group.size != self.metals:
            faults.append((f"a group that permutes {self.group.size} sites", f"{self.metals}"))
        if self.group is not None and self.group.size == self.metals:
            faults += self._mixed(self.group)
        return faults

    def _motif_faults(self) -> list[tuple[str, str]]:
        if not self.motifs:
            return []
        faults = []
        for unit, stated in (("metals", self.metals), ("ligands", self.ligands)):
            total = sum(m.count * getattr(m, unit) for m in self.motifs)
            if total != stated:
                faults.append((f"motifs of {total} {unit} in all", f"{stated}"))
        for motif in self.motifs:
            for unit, classes in (("metals", self.classes), ("ligands", self.sulfur)):
                held = sum(c.count for c in classes if c.motif == motif.name)
                stated = motif.count * getattr(motif, unit)
                if classes and held != stated:
                    faults.append((f"classes with {held} {unit} of motif {motif.name}",
                                   f'{stated}: give its sites motif = "{motif.name}"'))  # fmt: skip
        return faults

    def _neighbour_faults(self) -> list[tuple[str, str]]:
        """Pairs must be the same counted from either side."""
        every = {c.name: c for c in (*self.classes, *self.sulfur)}
        faults = []
        for one in every.values():
            for name, n in one.neighbours.items():
                other = every.get(name)
                back = other.neighbours.get(one.name, 0) * other.count if other else 0
                if one.count * n != back:
                    faults.append((f"{one.count * n} pairs of {one.name} with {name}, and {back} "
                                   f"of {name} with {one.name}", "as many"))  # fmt: skip
        return faults

    def _mixed(self, group: PermutationGroup) -> list[tuple[str, str]]:
        names = self.site_classes
        for orbit in group.orbits():
            held = {names[site] for site in orbit}
            if len(held) > 1:
                return [(f"a symmetry that takes sites of {' to '.join(sorted(held))}",
                         "one that keeps each class to itself")]  # fmt: skip
        return []

    @property
    def site_classes(self) -> tuple[str, ...]:
        """Class of every metal site."""
        return tuple(c.name for c in self.classes for _ in range(c.count))

    @property
    def point_group(self) -> str:
        """Schoenflies symbol, or the order of a group that is known by permutations alone."""
        if self.group is None:
            return ""
        if self.group.operations is None:
            return f"order {self.group.order}"
        return name_of(self.group.operations)

    def ligands_at(self, site: SiteClass) -> int:
        """Sulfur bound to each site of a class."""
        names = {c.name for c in self.sulfur}
        return sum(n for name, n in site.neighbours.items() if name in names)

    def sites_of(self, name: str) -> tuple[int, ...]:
        """Metal sites of a class, counted from 0. Raises StructureError for a class it lacks."""
        names = self.site_classes
        if name not in names:
            known = ", ".join(c.name for c in self.classes) or "none"
            raise StructureError(
                message(f"site class of {self.name}", found=f'"{name}"', expected=f"one of {known}")
            )
        return tuple(k for k, own in enumerate(names) if own == name)

    def known_group(self) -> PermutationGroup:
        """The permutation group. Raises StructureError where it is not known."""
        if self.group is None:
            raise StructureError(
                message(f"symmetry of {self.name}", found="none that is known",
                        expected="a framework with a permutation group", do=self._lack())
            )  # fmt: skip
        return self.group

    def known_geometry(self) -> Geometry:
        """The coordinates. Raises StructureError where they are not known."""
        if self.geometry is None:
            raise StructureError(
                message(f"3D of {self.name}", found="no coordinates",
                        expected="a framework whose coordinates are known", do=self._lack())
            )  # fmt: skip
        return self.geometry

    def _lack(self) -> str:
        return f"Not known: {self.unknown}." if self.unknown else "Give coordinates in the case."

    def energies_by(self, method: str) -> SiteEnergies:
        """Tabulated site energies of a method. Raises StructureError where there are none."""
        for entry in self.energies:
            if entry.method.lower() == method.lower():
                return entry
        known = ", ".join(entry.method for entry in self.energies) or "none"
        raise StructureError(
            message(f"site energies of {self.name}", found=f'"{method}"',
                    expected=f"a method that is tabulated: {known}")
        )  # fmt: skip
