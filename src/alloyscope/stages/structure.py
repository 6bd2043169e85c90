"""A framework shown with metals on its sites, and its homotops counted."""

from __future__ import annotations

from pathlib import Path

from alloyscope.case import Case
from alloyscope.case.site_preferences import Preferences, preferences_of
from alloyscope.case.structure import distribution_of, ligand_of, metals_of, structure_named
from alloyscope.chemistry.electron_count import electron_count
from alloyscope.chemistry.ligand import Ligand, Vocabulary
from alloyscope.chemistry.species import Species
from alloyscope.errors import ElectronCountError
from alloyscope.results.structure import HomotopTable, StructureView
from alloyscope.stages.progress import Observe
from alloyscope.structures.framework import StructuralFramework
from alloyscope.structures.homotop import Homotop, check_classes, placed_homotop, sample_homotop
from alloyscope.structures.homotops import (
    Composition,
    class_homotops,
    every_composition,
    homotops,
    whole_composition,
)
from alloyscope.structures.occupancy import mean_occupancies
from alloyscope.structures.site_energies import site_energies


def structure_view(case: Case, vocabulary: Vocabulary, observe: Observe | None) -> StructureView:
    """The framework that the case names, with the metals that it asks for.

    Raises StructureError for what is not known of it, CaseError for site energies that do not fit.
    """
    asked = case.structure
    framework = structure_named(case, vocabulary, asked.name)
    metals = metals_of(case, framework)
    if asked.x or asked.place or asked.distribution or asked.compute:
        check_classes(framework)
    ligand = ligand_of(case, vocabulary, framework)
    if not framework.classes:
        return StructureView(framework, metals, notes=framework.notes, ligand=ligand.name)
    computed = (
        site_energies(framework, metals[0], metals[-1], asked.compute, observe)
        if asked.compute else None
    )  # fmt: skip
    preferences = preferences_of(case, vocabulary, framework, metals, computed)
    homotop, drawn = _homotop(case, framework, metals, preferences)
    electrons, unknown = _electrons(case, homotop, ligand)
    one = homotop.composition
    count = homotops(framework, [one])[0] if framework.group is not None else None
    every = every_composition(framework.metals, 2) if len(metals) == 2 else (one,)
    occupancies = mean_occupancies(framework, preferences.preferences, metals, every)
    return StructureView(
        framework, metals, homotop, drawn, count, preferences, occupancies, computed,
        (*framework.notes, *preferences.notes, *_drawn_from(case), *unknown), ligand.name,
        electrons,
    )  # fmt: skip


def _electrons(case: Case, homotop: Homotop, ligand: Ligand) -> tuple[int | None, tuple[str, ...]]:
    """Valence electrons of the composition at the framework's charge; or why they are not known."""
    own = homotop.framework
    held = dict(zip(homotop.metals, homotop.composition, strict=True))
    species = Species.of(held, {ligand: own.ligands}, own.charge)
    try:
        return electron_count(species, case.chemistry.valence), ()
    except ElectronCountError as error:
        return None, (str(error),)


def _drawn_from(case: Case) -> tuple[str, ...]:
    file = case.structure.distribution
    return (f"x was drawn from {Path(file).name}.",) if file else ()


def _homotop(
    case: Case, framework: StructuralFramework, metals: tuple[str, ...], preferences: Preferences
) -> tuple[Homotop, str]:
    asked = case.structure
    if asked.place:
        return placed_homotop(framework, asked.place, metals, asked.seed), "placed"
    if asked.distribution:
        chances = distribution_of(case, framework)
        found = sample_homotop(framework, chances, metals, preferences.preferences, asked.seed)
        return found, "sampled"
    counts = asked.x or (0,) * (len(metals) - 1)
    whole = _filled(counts, framework.metals, framework.name)
    drawn = "sampled" if asked.x else ""
    return sample_homotop(framework, whole, metals, preferences.preferences, asked.seed), drawn


def _filled(counts: tuple[int, ...], n_sites: int, name: str) -> Composition:
    """The composition whose last metal fills what the others leave."""
    if len(counts) == 1:
        return whole_composition(counts[0], n_sites, name)
    return whole_composition((*counts, n_sites - sum(counts)), n_sites, name)


def homotop_table(case: Case, vocabulary: Vocabulary) -> HomotopTable:
    """The homotops that the case asks for, counted.

    Raises StructureError for what is not known of the framework.
    """
    asked = case.homotops
    framework = structure_named(case, vocabulary, asked.name)
    framework.known_group()
    only = asked.only
    n_sites = sum(c.count for c in framework.classes if not only or c.name in only)
    if asked.classes:
        one: int | Composition = asked.x[0] if asked.x else 0
        if asked.exactly:
            one = _filled(asked.exactly, n_sites, framework.name)
        return HomotopTable(framework, class_homotops(framework, one), asked.metals, only, True)
    wanted: tuple[int | Composition, ...] = every_composition(n_sites, asked.metals)
    if asked.exactly:
        wanted = (_filled(asked.exactly, n_sites, framework.name),)
    if asked.x:
        wanted = tuple(range(asked.x[0], asked.x[-1] + 1))
    return HomotopTable(framework, homotops(framework, wanted, only), asked.metals, only)
