"""The names that a case's notation may use."""

from __future__ import annotations

from alloyscope.case.schema import Case
from alloyscope.chemistry.ligand import Vocabulary, default_vocabulary, ligand_from


def vocabulary_of(case: Case) -> Vocabulary:
    """The names that the case's notation may use.

    Raises TableError for a ligand that contradicts itself, UnknownLigand for SR's.
    """
    own = (entry.model_dump(exclude_none=True) for entry in case.chemistry.ligand)
    vocabulary = default_vocabulary().with_ligands(ligand_from(entry) for entry in own)
    return vocabulary.binding(case.chemistry.thiolate or None)
