"""The language of clusters: elements, formulas, ligands, species, ions and their notation."""

from alloyscope.chemistry.electron_count import electron_count
from alloyscope.chemistry.element import Element, Isotope, IsotopeTable, isotope_table
from alloyscope.chemistry.formula import Formula
from alloyscope.chemistry.ligand import Adduct, Ligand, Vocabulary, default_vocabulary
from alloyscope.chemistry.notation import parse_ion, parse_species
from alloyscope.chemistry.species import AnyIon, FormulaIon, Ion, Species, mz

__all__ = [
    "Adduct", "AnyIon", "Element", "Formula", "FormulaIon", "Ion", "Isotope", "IsotopeTable",
    "Ligand", "Species", "Vocabulary", "default_vocabulary", "electron_count", "isotope_table",
    "mz", "parse_ion", "parse_species",
]  # fmt: skip
