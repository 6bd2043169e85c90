"""What a case asks for."""

from __future__ import annotations

from alloyscope.case.schema import Case


def asks_assignment(case: Case) -> bool:
    """Whether the case has a spectrum and says what to look for in it, but for fragments."""
    sought = case.assign.ions or case.space.framework or case.space.complexes.metals
    return bool(case.spectrum.file and sought) and not asks_msms(case)


def asks_msms(case: Case) -> bool:
    """Whether the case names a precursor, whose fragments its spectra hold."""
    return bool(case.msms.precursor)


def asks_simulation(case: Case) -> bool:
    """Whether the case says what is mixed."""
    return bool(case.experiment.ratio or case.experiment.volumes)


def asks_gel(case: Case) -> bool:
    """Whether the case says what runs in a gel."""
    return bool(case.gel.species or case.gel.ratio)


def asks_electrons(case: Case) -> bool:
    """Whether the case names species, or ratios, whose electrons are counted."""
    return bool(case.electrons.species or case.electrons.ratios)


def asks_uvvis(case: Case) -> bool:
    """Whether the case names absorption spectra."""
    return bool(case.uvvis.file)


def asks_shells(case: Case) -> bool:
    """Whether the case names distributions of two kinds of ligand."""
    return bool(case.shells.files)


def asks_plan(case: Case) -> bool:
    """Whether the case says what product is wanted."""
    return bool(case.plan.framework or case.plan.x)


def asks_structure(case: Case) -> bool:
    """Whether the case names a framework that is shown."""
    return bool(case.structure.name)


def asks_homotops(case: Case) -> bool:
    """Whether the case names a framework whose placements are counted."""
    return bool(case.homotops.name)
