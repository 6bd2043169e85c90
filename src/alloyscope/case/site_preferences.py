"""Which site energies a case means: of its reaction, of a method, or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from alloyscope.case.reaction import reaction_of
from alloyscope.case.schema import Case
from alloyscope.chemistry.ligand import Vocabulary
from alloyscope.errors import CaseError, message
from alloyscope.reaction.framework import Framework, SiteClass
from alloyscope.reaction.parameter import resolved
from alloyscope.reaction.reaction import Reaction
from alloyscope.structures.framework import SiteEnergies, StructuralFramework
from alloyscope.structures.occupancy import SitePreference, no_preference

BOLTZMANN = 8.617333262e-5
"""eV/K."""

ROOM = 298.15
"""K."""


@dataclass(frozen=True)
class Preferences:
    """Site energies that a case means, in kT, and where they come from.

    temperature : K
    source      : in words
    """

    preferences: tuple[SitePreference, ...]
    temperature: float
    source: str
    notes: tuple[str, ...] = ()


def preferences_of(
    case: Case,
    vocabulary: Vocabulary,
    framework: StructuralFramework,
    metals: Sequence[str],
    computed: SiteEnergies | None = None,
) -> Preferences:
    """Site energies: those computed, tabulated ones, those of the case's reaction, or none.

    Raises CaseError for classes that do not fit, StructureError for a method that is not there.
    """
    asked = case.structure
    kelvin = asked.temperature or (case.reaction.temperature if case.reaction.framework else ROOM)
    if computed is not None or asked.energies not in ("", "none"):
        return _by_method(
            computed or framework.energies_by(asked.energies), framework, metals, kelvin
        )
    reaction = reaction_of(case, vocabulary) if case.reaction.framework else None
    own = None if reaction is None else _in_reaction(reaction, framework)
    if asked.energies == "none" or reaction is None or own is None:
        return _without(case, framework, kelvin)
    if reaction.metals != tuple(metals):
        raise CaseError(
            message("case [structure] metals", found=", ".join(metals),
                    expected=f"{', '.join(reaction.metals)}, as [reaction] has them",
                    do='Or leave its site energies out: energies = "none".')
        )  # fmt: skip
    return _of_reaction(case, framework, reaction, own, kelvin)


def _without(case: Case, framework: StructuralFramework, kelvin: float) -> Preferences:
    methods = ", ".join(entry.method for entry in framework.energies)
    said = (f"Computed site energies are tabulated under these methods: {methods}; none is used "
            "unless it is asked for.")  # fmt: skip
    notes = (said,) if methods and not case.structure.energies else ()
    return Preferences(no_preference(framework), kelvin,
                       "none: every labelled placement equally likely", notes)  # fmt: skip


def _by_method(
    entry: SiteEnergies, framework: StructuralFramework, metals: Sequence[str], kelvin: float
) -> Preferences:
    if entry.metal != metals[0] or len(metals) > 2:
        raise CaseError(
            message("case [structure] energies", found=f"those of {entry.metal}, and metals "
                    f"{', '.join(metals)}", expected=f"{entry.metal} and one other")
        )  # fmt: skip
    middle = {name: sum(ends) / 2 for name, ends in entry.energy.items()}
    found = tuple(
        SitePreference(c.name, (c.name,), {metals[0]: middle[c.name] / (BOLTZMANN * kelvin)})
        for c in framework.classes
    )
    return Preferences(
        found, kelvin, entry.method, (f"Site energies {entry.method}: {entry.note}.",)
    )


def _in_reaction(reaction: Reaction, framework: StructuralFramework) -> Framework | None:
    """The reaction's framework of the same metals, ligands and charge."""
    of = (framework.metals, framework.ligands, framework.charge)
    return next((f for f in reaction.frameworks if (f.metals, f.ligands, f.charge) == of), None)


def _of_reaction(
    case: Case, framework: StructuralFramework, reaction: Reaction, own: Framework, kelvin: float
) -> Preferences:
    held = _held(case, framework, own)
    found = tuple(
        SitePreference(
            site.name, held[site.name],
            {m: resolved(e, reaction.values) for m, e in site.energy.items()},
            {m: resolved(j, reaction.values) for m, j in site.cooperativity.items()},
        ).at(reaction.temperature / kelvin)
        for site in own.sites
    )  # fmt: skip
    alike = [f"{site.name} is {', '.join(held[site.name])}" for site in own.sites
             if held[site.name] != (site.name,)]  # fmt: skip
    notes: tuple[str, ...] = ()
    if alike:
        notes = (f"Classes of the reaction model: {'; '.join(alike)}.",)
    if any(len(held[site.name]) > 1 for site in own.sites):
        notes += ("Within a class of the reaction model every site is equally likely.",)
    return Preferences(found, kelvin, f"[reaction], framework {own.name}", notes)


def _held(case: Case, framework: StructuralFramework, own: Framework) -> dict[str, tuple[str, ...]]:
    """Classes of the framework that each class of the reaction's holds."""
    stated = dict(case.structure.classes)
    names = {c.name for c in framework.classes}
    if not stated and {site.name for site in own.sites} == names:
        return {name: (name,) for name in names}
    found = stated or _by_counts(framework, own.sites)
    sizes = {c.name: c.count for c in framework.classes}
    fits = found is not None and all(
        sum(sizes.get(name, 0) for name in found.get(site.name, ())) == site.count
        for site in own.sites
    )
    if found is None or not fits:
        theirs = ", ".join(f"{site.name} {site.count}" for site in own.sites)
        ours = ", ".join(f"{name} {count}" for name, count in sizes.items())
        raise CaseError(
            message("case [structure] classes", found=f"classes of [reaction] ({theirs}) that are "
                    "not made up of the framework's", expected=f"sums of {ours or 'none known'}",
                    do="Say which hold which: [structure.classes], or energies = \"none\".")
        )  # fmt: skip
    return found


def _by_counts(
    framework: StructuralFramework, sites: Sequence[SiteClass]
) -> dict[str, tuple[str, ...]] | None:
    """Classes in their order, innermost first, as many as make up each count; None if they fail."""
    left = list(framework.classes)
    found = {}
    for site in sites:
        taken: list[str] = []
        count = 0
        while left and count < site.count:
            nearest = left.pop(0)
            taken.append(nearest.name)
            count += nearest.count
        if count != site.count:
            return None
        found[site.name] = tuple(taken)
    return None if left else found
