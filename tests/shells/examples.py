"""Speciations with known shells."""

import numpy as np

from alloyscope.chemistry import default_vocabulary
from alloyscope.chemistry.species import Species
from alloyscope.speciation import Condition, Speciation

LIGANDS = default_vocabulary()


def mixed(amounts, ligand="NTP", own="p-MBA", metals=44, sites=30, charge=-4, sd=0.01):
    """A speciation of {(x, k): amount}: x Au atoms, k foreign ligands."""
    species = tuple(
        Species.of({"Au": x, "Ag": metals - x},
                   {LIGANDS.ligand(own): sites - k, LIGANDS.ligand(ligand): k}, charge)
        for x, k in amounts
    )  # fmt: skip
    amount = np.array([list(amounts.values())], float)
    spread = np.full_like(amount, sd) if np.isscalar(sd) else np.array([sd], float)
    return Speciation(species, (Condition(),), amount, spread**2,
                      np.zeros((*amount.shape, 0)), "ion counts", "all assigned ions")  # fmt: skip
