"""Every error alloyscope raises on purpose.

AlloyscopeError
├─ NotationError        a formula, species or ion that cannot be read
│  ├─ UnknownElement    a symbol that is not an element of the isotope table
│  └─ UnknownLigand     a ligand name that is in no table
├─ ChargeError          a charge that cannot be, or is needed and missing
├─ ElectronCountError   the valence electrons of a metal are not known
├─ TableError           a data table (isotopes, ligands) that contradicts itself
├─ SpectrumError        a spectrum file that cannot be used
│  ├─ UnreadableSpectrum  not a format alloyscope reads, or damaged beyond use
│  └─ EmptySpectrum       nothing left to look at after reading or cutting
├─ SpeciationError      amounts of species that contradict themselves
├─ UnmixingError        a mixture that these references or populations cannot be told apart in
├─ ReactionError        a reaction, an experiment or an observation that contradicts itself
├─ StructureError       a framework, a symmetry or a placement of metals that cannot be
├─ GelError             a gel, or a lane of one, that tells nothing
├─ CaseError            a case file or a command line that does not say what to do
└─ OutputError          a file that would be overwritten, or a format that is not known

The text of each follows one form, built by `message`: where, what was found, what was
expected, and what to do.
"""

from __future__ import annotations


class AlloyscopeError(Exception):
    """Base of the family: one clear line for the person at the keyboard."""


class NotationError(AlloyscopeError, ValueError):
    """A formula, species or ion that cannot be read."""


class UnknownElement(NotationError):
    """A symbol that is not an element of the isotope table."""


class UnknownLigand(NotationError):
    """A ligand name that is in no table."""


class ChargeError(AlloyscopeError, ValueError):
    """A charge that cannot be, or is needed and missing."""


class ElectronCountError(AlloyscopeError, ValueError):
    """The valence electrons of a metal are not known."""


class TableError(AlloyscopeError, ValueError):
    """A data table that contradicts itself."""


class SpectrumError(AlloyscopeError, ValueError):
    """A spectrum file that cannot be used."""


class UnreadableSpectrum(SpectrumError):
    """Not a format alloyscope reads, or damaged beyond use."""


class EmptySpectrum(SpectrumError):
    """Nothing left to look at after reading or cutting."""


class SpeciationError(AlloyscopeError, ValueError):
    """Amounts of species that contradict themselves."""


class UnmixingError(AlloyscopeError, ValueError):
    """A mixture that these references or populations cannot be told apart in."""


class ReactionError(AlloyscopeError, ValueError):
    """A reaction, an experiment or an observation that contradicts itself."""


class StructureError(AlloyscopeError, ValueError):
    """A framework, a symmetry or a placement of metals that cannot be."""


class GelError(AlloyscopeError, ValueError):
    """A gel, or a lane of one, that tells nothing."""


class CaseError(AlloyscopeError, ValueError):
    """A case file or a command line that does not say what to do."""


class OutputError(AlloyscopeError, ValueError):
    """A file that would be overwritten, or a format that is not known."""


def message(where: str, *, found: str, expected: str, do: str = "") -> str:
    """One line of the form `where: found ...; expected ...; what to do`.

    >>> message("spectrum.txt line 7", found='"abc"', expected="a number")
    'spectrum.txt line 7: found "abc"; expected a number.'
    """
    text = f"{where}: found {found}; expected {expected}."
    return f"{text} {do}" if do else text
