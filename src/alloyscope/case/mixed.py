"""From [shells.mixed] to the ligands that parents carry, and how these are exchanged."""

from __future__ import annotations

from alloyscope.case.schema import Case
from alloyscope.chemistry.ligand import Vocabulary
from alloyscope.errors import CaseError, ReactionError, message
from alloyscope.reaction.experiment import Experiment, parse_time
from alloyscope.reaction.mixed_ligands import LigandExchange, LigandFeed, check_feed
from alloyscope.reaction.reaction import Reaction

NEVER = "never"


def feed_of_ligands(case: Case, vocabulary: Vocabulary, reaction: Reaction) -> LigandFeed | None:
    """Which parents carry foreign ligands; None where the case names none.

    Raises CaseError, UnknownLigand.
    """
    asked = case.shells.mixed
    if not asked.foreign and not asked.parents:
        return None
    if not asked.foreign or not asked.parents:
        raise CaseError(
            message("case [shells.mixed]", found="no foreign ligand" if asked.parents else
                    "no parents", expected="a ligand, and how many of it the parents carry",
                    do='For example --mixed "Ag44: 5 NTP".')
        )  # fmt: skip
    foreign = str(vocabulary.ligand(asked.foreign))
    if foreign == reaction.ligand:
        raise CaseError(
            message("case [shells.mixed] foreign", found=f"{foreign}, the reaction's own ligand",
                    expected="another one")
        )  # fmt: skip
    feed = LigandFeed(foreign, dict(asked.parents), asked.random)
    try:
        check_feed(reaction, feed)
    except ReactionError as error:
        raise CaseError(f"case [shells.mixed] parents: {error}") from error
    return feed


def exchange_of_ligands(case: Case) -> LigandExchange:
    """How ligands are exchanged. Raises CaseError."""
    asked = case.shells.mixed
    sites = {one.framework: (one.counts, one.constants) for one in asked.site}
    try:
        half_life = float("inf") if asked.half_life == NEVER else parse_time(asked.half_life)
        return LigandExchange(half_life, asked.preference, dict(asked.constants), sites)
    except ReactionError as error:
        raise CaseError(f"case [shells.mixed]: {error}") from error


def clock_of(case: Case, feed: LigandFeed | None, experiment: Experiment,
             reaction: Reaction) -> float:  # fmt: skip
    """Factor on all rates, rate_factor to the power of the foreign ligands per cluster fed."""
    if feed is None or case.shells.mixed.rate_factor == 1.0:
        return 1.0
    held = sum(n * feed.held.get(parent.name, 0.0)
               for parent, n in zip(reaction.parents, experiment.ratio, strict=True))  # fmt: skip
    return float(case.shells.mixed.rate_factor ** (held / sum(experiment.ratio)))
