"""Valence electrons of the superatomic core."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from alloyscope.chemistry.formula import Formula
from alloyscope.chemistry.species import AnyIon, Ion, Species
from alloyscope.data import toml_table
from alloyscope.errors import ElectronCountError, message


@cache
def bundled_valence() -> Mapping[str, int]:
    """Valence electrons per metal atom; see the head of `data/metals.toml`."""
    return dict(toml_table("metals.toml")["valence_electrons"])


def electron_count(cluster: Species | Ion, valence: Mapping[str, int] | None = None) -> int:
    """Number of valence electrons, n = sum(v N) - sum(w L) - z.

    v is the valence of each metal, w what each ligand withdraws, z the charge of the core: that of
    an ion less its adducts', so that Na+ gained and H+ lost do not count.
    valence : electrons per metal atom, over the bundled ones.

    Raises ElectronCountError for a metal whose valence is not known.

    M. Walter et al., PNAS 105, 9157 (2008), eq. 1, doi 10.1073/pnas.0801001105.

    >>> from alloyscope.chemistry import parse_ion
    >>> electron_count(parse_ion("[Ag44(p-MBA)30]4-"))
    18
    >>> electron_count(parse_ion("[Au44(p-MBA)26+12Na-16H]6-"))
    20
    """
    known = {**bundled_valence(), **(valence or {})}
    species = cluster.species if isinstance(cluster, Ion) else cluster
    unknown = [metal for metal, _ in species.metals if metal not in known]
    if unknown:
        raise ElectronCountError(
            message(f"electron count of {cluster}", found=f"no valence for {', '.join(unknown)}",
                    expected="the valence electrons of every metal",
                    do=f"State it in the case: [chemistry] valence = {{ {unknown[0]} = ... }}.")
        )  # fmt: skip
    given = sum(known[metal] * n for metal, n in species.metals)
    return given - sum(ligand.electrons * n for ligand, n in species.ligands) - species.charge


HYDROGEN = Formula.parse("H")


def other_hydride_count(species: Species, electrons: int) -> int | None:
    """The count with hydrogen counted the other way; None where none is bound to the metal.

    Hydride H- withdraws an electron; a hydrogen that acts as one more atom of metal gives its own.
    electrons : by `electron_count`
    """
    bound = [(ligand, n) for ligand, n in species.ligands if ligand.formula == HYDROGEN]
    return electrons + 2 * sum(ligand.electrons * n for ligand, n in bound) if bound else None


def electrons_if_known(ion: AnyIon, valence: Mapping[str, int] | None = None) -> int | None:
    """`electron_count`, or None for a plain formula and for metals of unknown valence."""
    try:
        return electron_count(ion, valence) if isinstance(ion, Ion) else None
    except ElectronCountError:
        return None
