"""Whether what was seen balances."""

from __future__ import annotations

from pathlib import Path

from alloyscope.case import Case
from alloyscope.case.observations import read_observations
from alloyscope.case.reaction import reaction_of
from alloyscope.chemistry.ligand import Vocabulary
from alloyscope.errors import CaseError, ReactionError
from alloyscope.reaction.mass_balance import MassBalance, audit


def audited(case: Case, vocabulary: Vocabulary) -> MassBalance:
    """Whether the reported products hold what was fed. Raises CaseError that names the file."""
    reaction, file = reaction_of(case, vocabulary), Path(case.observations.file)
    statements = read_observations(file, reaction).statements
    try:
        return audit(reaction, statements)
    except ReactionError as error:
        raise CaseError(f"{file.name}: {error}") from error
