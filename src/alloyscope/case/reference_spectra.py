"""Spectra of known species, from files named by the case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from alloyscope.case.schema import Case
from alloyscope.case.species_names import named_species
from alloyscope.chemistry.ligand import Vocabulary
from alloyscope.chemistry.species import Species
from alloyscope.errors import AlloyscopeError, CaseError, message
from alloyscope.spectra.absorption_spectrum import AbsorptionSeries
from alloyscope.spectra.read_absorption import read_absorption
from alloyscope.uvvis.library import reference_library
from alloyscope.uvvis.reference import Reference
from alloyscope.uvvis.sketch import sketch


def references_of(case: Case, vocabulary: Vocabulary) -> tuple[Reference, ...]:
    """Every spectrum in the case's reference files, with its species where the name tells it.

    Raises CaseError for two of one name and for concentrations of none; SpectrumError.
    """
    asked = case.uvvis
    found: dict[str, Reference] = {}
    left = dict(asked.molar)
    for file in asked.references:
        series = read_absorption(Path(file))
        for k in range(len(series)):
            one = series.spectrum(k)
            species = species_called(one.name, case, vocabulary)
            name = str(species) if species else one.name
            if name in found:
                raise CaseError(
                    message("references", found=f"{name} in {found[name].spectrum.source} and in "
                            f"{series.source}", expected="one spectrum of each")
                )  # fmt: skip
            molar = _taken(left, one.name, name)
            found[name] = Reference(name, one, species, molar)
    if left:
        raise CaseError(
            message("case [uvvis] molar", found=next(iter(left)),
                    expected=f"a reference's name: {', '.join(found) or 'there is none'}")
        )  # fmt: skip
    return tuple(found.values())


def sketches_for(
    case: Case, series: AbsorptionSeries, measured: Sequence[Reference]
) -> tuple[Reference, ...]:
    """Sketches of the clusters whose bands are known and of which no spectrum is at hand.

    Only those of the case's frameworks, where it has some.
    """
    there = [one.species for one in measured if one.species]
    frameworks = {(entry.metals, entry.ligands) for entry in case.space.framework}
    frameworks |= {(f.metals, f.ligands) for f in case.reaction.framework}
    found = []
    for entry in reference_library():
        size = entry.species.n_metals, sum(n for _, n in entry.species.ligands)
        if (frameworks and size not in frameworks) or any(entry.covers(one) for one in there):
            continue
        spectrum = sketch(entry, series.wavelength_nm)
        found.append(Reference(str(entry.species), spectrum, entry.species))
    return tuple(found)


def species_called(name: str, case: Case, vocabulary: Vocabulary) -> Species | None:
    """The species that a sample's or a file's name stands for; None where it is no species'.

    A parent of the case's reaction, a framework with its x, or notation with ligands.
    """
    text = name.strip()
    if text in (parents := parent_names(case)):
        text = parents[text]
    try:
        named = named_species(text, case, vocabulary).species
    except AlloyscopeError:
        return None
    return named[0] if len(named) == 1 and named[0].ligands else None


def parent_names(case: Case) -> Mapping[str, str]:
    """Parents of the case's reaction as frameworks with their x: {"Ag44": "A x=0"}."""
    metals = case.reaction.metals
    if not metals:
        return {}
    return {
        parent.name: f"{parent.framework} x={parent.composition.get(metals[0], 0)}"
        for parent in case.reaction.parent
    }


def _taken(left: dict[str, float], *names: str) -> float | None:
    """The concentration under one of these names, which is then used up."""
    return next((left.pop(name) for name in names if name in left), None)
