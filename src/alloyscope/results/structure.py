"""A framework with metals on its sites, and placements counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from alloyscope.case.site_preferences import Preferences
from alloyscope.chemistry.species import charge_text
from alloyscope.structures.framework import SiteClass, SiteEnergies, StructuralFramework
from alloyscope.structures.geometry import Distance
from alloyscope.structures.homotop import Homotop
from alloyscope.structures.homotops import HomotopCount
from alloyscope.structures.occupancy import Occupancy


@dataclass(frozen=True, eq=False)
class StructureView:
    """A framework, what is known of it, and the metals that were put on its sites.

    metals      : the first is counted as x, the last fills the rest
    homotop     : what is drawn; None for a framework of which no sites are known
    drawn       : "sampled", "placed", or "" where all sites hold the last metal
    count       : of the homotop's composition; None where the symmetry is not known
    preferences : the site energies that were used; None where no sites are known
    occupancies : means at every x of two metals; of the composition alone for more
    computed    : site energies computed in this run
    ligand      : name of what is bound; "SR" where none is named
    electrons   : valence electrons of the composition; None where a valence is not known
    """

    framework: StructuralFramework
    metals: tuple[str, ...]
    homotop: Homotop | None = None
    drawn: str = ""
    count: HomotopCount | None = None
    preferences: Preferences | None = None
    occupancies: tuple[Occupancy, ...] = ()
    computed: SiteEnergies | None = None
    notes: tuple[str, ...] = ()
    ligand: str = "SR"
    electrons: int | None = None

    @property
    def title(self) -> str:
        """The species, [Au12Ag32(SR)30]4-; or the framework's name and charge."""
        own = self.framework
        if self.homotop is None:
            return f"{own.name}, charge {charge_text(own.charge) or '0'}"
        return self._species(own.charge)

    def _species(self, charge: int) -> str:
        assert self.homotop is not None
        held = zip(self.metals, self.homotop.composition, strict=True)
        body = "".join(f"{metal}{n if n > 1 else ''}" for metal, n in held if n)
        body += f"({self.ligand}){self.framework.ligands}" if self.framework.ligands else ""
        return f"[{body}]{charge_text(charge)}" if charge else body

    @property
    def electrons_said(self) -> str:
        """Valence electrons of the composition, beside the framework's where those are others."""
        own, counted = self.framework, self.electrons
        if self.homotop is None:
            return f"{own.electrons} valence electrons"
        if counted is None:
            return f"valence electrons not known; the framework is known with {own.electrons}"
        said = f"{counted} valence electrons"
        if counted == own.electrons:
            return said
        other = self._species(own.charge + counted - own.electrons)
        return (f"{said}; the framework is known with {own.electrons}: as {other} it would have "
                f"{own.electrons}")  # fmt: skip

    @property
    def here(self) -> Occupancy | None:
        """Mean occupancies at the homotop's composition."""
        if self.homotop is None:
            return None
        return next(
            (o for o in self.occupancies if o.composition == self.homotop.composition), None
        )

    def as_json(self) -> dict[str, Any]:
        """Everything in plain types."""
        own, homotop = self.framework, self.homotop
        return {
            "framework": own.name, "metals": own.metals, "ligands": own.ligands,
            "charge": own.charge, "framework_electrons": own.electrons, "unknown": own.unknown,
            "species": None if homotop is None else self.title, "ligand": self.ligand,
            "electrons": self.electrons, "electrons_said": self.electrons_said,
            "point_group": own.point_group or None,
            "classes": [_class_json(own, c) for c in own.classes],
            "sulfur": [_class_json(own, c) for c in own.sulfur],
            "motifs": [{"name": m.name, "count": m.count, "metals": m.metals, "ligands": m.ligands,
                        "formula": m.formula} for m in own.motifs],
            "distances": [_distance_json(d) for d in (own.geometry.distances if own.geometry
                                                      else ())],
            "site_energies": [_energy_json(e) for e in own.energies],
            "computed": None if self.computed is None else _energy_json(self.computed),
            "order": list(self.metals), "drawn": self.drawn,
            "energies_used": None if self.preferences is None else self.preferences.source,
            "temperature": None if self.preferences is None else self.preferences.temperature,
            "homotop": None if homotop is None else _homotop_json(homotop, self.count),
            "occupancies": [{"composition": list(o.composition),
                             "mean": {name: list(n) for name, n in o.mean.items()}}
                            for o in self.occupancies],
            "notes": list(self.notes),
        }  # fmt: skip


@dataclass(frozen=True, eq=False)
class HomotopTable:
    """Numbers of homotops.

    n_metals : how many metals
    only     : classes that hold the metals counted; () for all
    by_class : whether each row is one way of sharing the metals out over the classes
    """

    framework: StructuralFramework
    counts: tuple[HomotopCount, ...]
    n_metals: int = 2
    only: tuple[str, ...] = ()
    by_class: bool = False

    def as_json(self) -> dict[str, Any]:
        """Everything in plain types; counts are whole numbers, exactly."""
        return {
            "framework": self.framework.name, "point_group": self.framework.point_group,
            "order": self.framework.known_group().order, "only": list(self.only),
            "counts": [_count_json(c) for c in self.counts],
        }  # fmt: skip


def _count_json(count: HomotopCount) -> dict[str, Any]:
    return {
        "composition": list(count.composition), "split": [list(part) for part in count.split],
        "homotops": count.homotops, "mirror_images_apart": count.apart,
        "chiral_pairs": count.pairs, "labelled_placements": count.placements,
    }  # fmt: skip


def _class_json(framework: StructuralFramework, site: SiteClass) -> dict[str, Any]:
    return {"name": site.name, "count": site.count, "motif": site.motif, "place": site.place,
            "neighbours": dict(site.neighbours),
            "ligands": framework.ligands_at(site)}  # fmt: skip


def _distance_json(distance: Distance) -> dict[str, Any]:
    return {"between": list(distance.between), "neighbours": distance.neighbours,
            "stated": list(distance.stated), "found": list(distance.found)}  # fmt: skip


def _energy_json(entry: SiteEnergies) -> dict[str, Any]:
    return {"method": entry.method, "metal": entry.metal, "note": entry.note,
            "energy_eV": {name: list(ends) for name, ends in entry.energy.items()}}  # fmt: skip


def _homotop_json(homotop: Homotop, count: HomotopCount | None) -> dict[str, Any]:
    found: dict[str, Any] = {
        "composition": list(homotop.composition), "sites": list(homotop.sites),
        "by_class": {name: list(n) for name, n in homotop.by_class.items()},
    }  # fmt: skip
    if homotop.framework.group is not None:
        found |= {
            "canonical_sites": list(homotop.canonical.sites), "orbit_size": homotop.orbit_size,
            "symmetry_order": homotop.symmetry_order, "point_group": homotop.point_group,
            "chiral": homotop.chiral,
        }  # fmt: skip
    if count is not None:
        found["counts"] = _count_json(count)
    return found
