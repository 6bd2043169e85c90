"""alloyscope reads spectra of ligand-protected alloy nanoclusters.

The public names, each loaded from its package when it is first used, so that a command's help
need not wait for numpy.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alloyscope.assignment import (
        Assignment,
        Framework,
        Identification,
        IonListing,
        Overlay,
        SearchSpace,
        identify,
        overlay,
    )
    from alloyscope.assignment.assign import Hints, assign
    from alloyscope.assignment.windows import RankedWindow, rank_windows
    from alloyscope.case import Case, read_case, write_case
    from alloyscope.case.experiment import experiment_of
    from alloyscope.case.reaction import reaction_of
    from alloyscope.case.space import search_space
    from alloyscope.chemistry import (
        Formula,
        Ion,
        Ligand,
        Species,
        Vocabulary,
        default_vocabulary,
        electron_count,
        isotope_table,
        parse_ion,
        parse_species,
    )
    from alloyscope.chemistry.cleavage import Cleavage, parse_cleavage
    from alloyscope.chemistry.closed_shell import closed_shell
    from alloyscope.errors import AlloyscopeError
    from alloyscope.fragments.assign import FragmentAssignment, assign_fragments
    from alloyscope.fragments.breakdown import Breakdown, breakdown
    from alloyscope.fragments.descendants import descendants
    from alloyscope.fragments.series import read_breakdown
    from alloyscope.gel.conditions import GelConditions
    from alloyscope.gel.match import match_lane
    from alloyscope.gel.mobility import Mobility, gel_mobility, mobilities
    from alloyscope.gel.profile import read_lane_profile
    from alloyscope.isotopes import (
        Envelope,
        IsotopeDistribution,
        IsotopeFamily,
        distribution,
        envelope,
        family,
        fine_structure,
        probability_sd,
    )
    from alloyscope.pipeline import run
    from alloyscope.reaction.compare import Comparison, compare_mechanisms
    from alloyscope.reaction.design import Plan, plan
    from alloyscope.reaction.electrons import electrons_fed
    from alloyscope.reaction.experiment import Experiment
    from alloyscope.reaction.fit import ReactionFit, fit_reaction
    from alloyscope.reaction.judged import Judged, judged
    from alloyscope.reaction.mixed_ligands import LigandExchange, LigandFeed
    from alloyscope.reaction.objective import Objective
    from alloyscope.reaction.reaction import Reaction
    from alloyscope.reaction.sensitivity import sensitivities
    from alloyscope.reaction.shells import ShellTrajectory, shells_of
    from alloyscope.reaction.simulate import simulate
    from alloyscope.reaction.target import Target
    from alloyscope.reaction.trajectory import Trajectory
    from alloyscope.results import Results
    from alloyscope.shells.compare import ShellComparison, compare_shells
    from alloyscope.shells.distribution import LigandDistribution, ligand_distribution
    from alloyscope.shells.equilibrium import exchanged_fraction
    from alloyscope.shells.fit import ShellFit, fit_shell
    from alloyscope.shells.independence import JointDistribution, metal_and_ligand
    from alloyscope.shells.series import ShellSeries, shell_series
    from alloyscope.shells.statistics import random_shell
    from alloyscope.speciation import Speciation
    from alloyscope.spectra import (
        AbsorptionSeries,
        AbsorptionSpectrum,
        CentroidSpectrum,
        ProfileSpectrum,
        centroid,
        overview,
        read_absorption,
        read_absorption_spectrum,
        read_mass_spectrum,
        resolving_power,
    )
    from alloyscope.stages.fit import objective_of
    from alloyscope.structures import (
        Homotop,
        SitePreference,
        StructuralFramework,
        class_homotops,
        framework_structure,
        homotops,
        known_frameworks,
        mean_occupancies,
        placed_homotop,
        sample_homotop,
        site_energies,
        write_cif,
        write_xyz,
    )
    from alloyscope.uvvis.band_kinetics import BandKinetics, band_kinetics
    from alloyscope.uvvis.band_matching import BandMatch, match_bands
    from alloyscope.uvvis.bands import Band, BandAnalysis
    from alloyscope.uvvis.colour import Colour, colour_of
    from alloyscope.uvvis.find_bands import find_bands
    from alloyscope.uvvis.hard import SpeciesSpectra, species_spectra
    from alloyscope.uvvis.isosbestic import IsosbesticPoints, isosbestic_points
    from alloyscope.uvvis.library import ReferenceBands, reference_bands
    from alloyscope.uvvis.nuisance import Nuisance
    from alloyscope.uvvis.rank import Rank, significant_rank
    from alloyscope.uvvis.reference import Reference
    from alloyscope.uvvis.sketch import sketch
    from alloyscope.uvvis.unmix import unmix
    from alloyscope.uvvis.unmixing import Unmixing

HOMES = {
    "alloyscope.assignment": (
        "Assignment", "Framework", "Identification", "IonListing", "Overlay", "SearchSpace",
        "identify", "overlay",
    ),
    "alloyscope.assignment.assign": ("Hints", "assign"),
    "alloyscope.assignment.windows": ("RankedWindow", "rank_windows"),
    "alloyscope.case": ("Case", "read_case", "write_case"),
    "alloyscope.case.experiment": ("experiment_of",),
    "alloyscope.case.reaction": ("reaction_of",),
    "alloyscope.case.space": ("search_space",),
    "alloyscope.chemistry": (
        "Formula", "Ion", "Ligand", "Species", "Vocabulary", "default_vocabulary",
        "electron_count", "isotope_table", "parse_ion", "parse_species",
    ),
    "alloyscope.chemistry.cleavage": ("Cleavage", "parse_cleavage"),
    "alloyscope.chemistry.closed_shell": ("closed_shell",),
    "alloyscope.errors": ("AlloyscopeError",),
    "alloyscope.stages.fit": ("objective_of",),
    "alloyscope.fragments.assign": ("FragmentAssignment", "assign_fragments"),
    "alloyscope.fragments.breakdown": ("Breakdown", "breakdown"),
    "alloyscope.fragments.descendants": ("descendants",),
    "alloyscope.fragments.series": ("read_breakdown",),
    "alloyscope.gel.conditions": ("GelConditions",),
    "alloyscope.gel.match": ("match_lane",),
    "alloyscope.gel.mobility": ("Mobility", "gel_mobility", "mobilities"),
    "alloyscope.gel.profile": ("read_lane_profile",),
    "alloyscope.isotopes": (
        "Envelope", "IsotopeDistribution", "IsotopeFamily", "distribution", "envelope", "family",
        "fine_structure", "probability_sd",
    ),
    "alloyscope.pipeline": ("run",),
    "alloyscope.reaction.compare": ("Comparison", "compare_mechanisms"),
    "alloyscope.reaction.design": ("Plan", "plan"),
    "alloyscope.reaction.electrons": ("electrons_fed",),
    "alloyscope.reaction.experiment": ("Experiment",),
    "alloyscope.reaction.fit": ("ReactionFit", "fit_reaction"),
    "alloyscope.reaction.judged": ("Judged", "judged"),
    "alloyscope.reaction.mixed_ligands": ("LigandExchange", "LigandFeed"),
    "alloyscope.reaction.objective": ("Objective",),
    "alloyscope.reaction.reaction": ("Reaction",),
    "alloyscope.reaction.sensitivity": ("sensitivities",),
    "alloyscope.reaction.shells": ("ShellTrajectory", "shells_of"),
    "alloyscope.reaction.simulate": ("simulate",),
    "alloyscope.reaction.target": ("Target",),
    "alloyscope.reaction.trajectory": ("Trajectory",),
    "alloyscope.results": ("Results",),
    "alloyscope.shells.compare": ("ShellComparison", "compare_shells"),
    "alloyscope.shells.distribution": ("LigandDistribution", "ligand_distribution"),
    "alloyscope.shells.equilibrium": ("exchanged_fraction",),
    "alloyscope.shells.fit": ("ShellFit", "fit_shell"),
    "alloyscope.shells.independence": ("JointDistribution", "metal_and_ligand"),
    "alloyscope.shells.series": ("ShellSeries", "shell_series"),
    "alloyscope.shells.statistics": ("random_shell",),
    "alloyscope.speciation": ("Speciation",),
    "alloyscope.spectra": (
        "AbsorptionSeries", "AbsorptionSpectrum", "CentroidSpectrum", "ProfileSpectrum",
        "centroid", "overview", "read_absorption", "read_absorption_spectrum",
        "read_mass_spectrum", "resolving_power",
    ),
    "alloyscope.structures": (
        "Homotop", "SitePreference", "StructuralFramework", "class_homotops", "framework_structure",
        "homotops", "known_frameworks", "mean_occupancies", "placed_homotop", "sample_homotop",
        "site_energies", "write_cif", "write_xyz",
    ),
    "alloyscope.uvvis.band_kinetics": ("BandKinetics", "band_kinetics"),
    "alloyscope.uvvis.band_matching": ("BandMatch", "match_bands"),
    "alloyscope.uvvis.bands": ("Band", "BandAnalysis"),
    "alloyscope.uvvis.colour": ("Colour", "colour_of"),
    "alloyscope.uvvis.find_bands": ("find_bands",),
    "alloyscope.uvvis.isosbestic": ("IsosbesticPoints", "isosbestic_points"),
    "alloyscope.uvvis.library": ("ReferenceBands", "reference_bands"),
    "alloyscope.uvvis.rank": ("Rank", "significant_rank"),
    "alloyscope.uvvis.sketch": ("sketch",),
    "alloyscope.uvvis.hard": ("SpeciesSpectra", "species_spectra"),
    "alloyscope.uvvis.nuisance": ("Nuisance",),
    "alloyscope.uvvis.reference": ("Reference",),
    "alloyscope.uvvis.unmix": ("unmix",),
    "alloyscope.uvvis.unmixing": ("Unmixing",),
}  # fmt: skip
"""Package of each public name."""

__all__ = [
    "AbsorptionSeries", "AbsorptionSpectrum", "AlloyscopeError", "Assignment", "Band",
    "BandAnalysis", "BandKinetics", "BandMatch", "Breakdown", "Case", "CentroidSpectrum",
    "Cleavage", "Colour", "Comparison", "Envelope", "Experiment", "Formula", "FragmentAssignment",
    "Framework", "GelConditions", "Hints", "Homotop", "Identification", "Ion", "IonListing",
    "IsosbesticPoints", "IsotopeDistribution", "IsotopeFamily", "JointDistribution", "Judged",
    "Ligand", "LigandDistribution", "LigandExchange", "LigandFeed", "Mobility", "Nuisance",
    "Objective", "Overlay", "Plan", "ProfileSpectrum", "Rank", "RankedWindow", "Reaction",
    "ReactionFit", "Reference", "ReferenceBands", "Results", "SearchSpace", "ShellComparison",
    "ShellFit", "ShellSeries", "ShellTrajectory", "SitePreference", "Speciation", "Species",
    "SpeciesSpectra", "StructuralFramework", "Target", "Trajectory", "Unmixing", "Vocabulary",
    "assign", "assign_fragments", "band_kinetics", "breakdown", "centroid", "class_homotops",
    "closed_shell", "colour_of", "compare_mechanisms", "compare_shells", "default_vocabulary",
    "descendants", "distribution", "electron_count", "electrons_fed", "envelope",
    "exchanged_fraction", "experiment_of", "family", "find_bands", "fine_structure", "fit_reaction",
    "fit_shell", "framework_structure", "gel_mobility", "homotops", "identify", "isosbestic_points",
    "isotope_table", "judged", "known_frameworks", "ligand_distribution", "match_bands",
    "match_lane", "mean_occupancies", "metal_and_ligand", "mobilities", "objective_of", "overlay",
    "overview", "parse_cleavage", "parse_ion", "parse_species", "placed_homotop", "plan",
    "probability_sd", "random_shell", "rank_windows", "reaction_of", "read_absorption",
    "read_absorption_spectrum", "read_breakdown", "read_case", "read_lane_profile",
    "read_mass_spectrum", "reference_bands", "resolving_power", "run", "sample_homotop",
    "search_space", "sensitivities", "shell_series", "shells_of", "significant_rank", "simulate",
    "site_energies", "sketch", "species_spectra", "unmix", "write_case", "write_cif", "write_xyz",
]  # fmt: skip


def __getattr__(name: str) -> object:
    for home, names in HOMES.items():
        if name in names:
            return getattr(import_module(home), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
