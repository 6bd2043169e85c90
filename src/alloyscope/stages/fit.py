"""Fit a case's reaction to what was seen, and refit it without a mechanism or a figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from alloyscope.case import Case
from alloyscope.case.observations import read_observations
from alloyscope.case.reaction import reaction_of
from alloyscope.chemistry.ligand import Vocabulary
from alloyscope.errors import CaseError, message
from alloyscope.reaction.compare import Comparison, compare_mechanisms, leave_out
from alloyscope.reaction.fit import fit_reaction
from alloyscope.reaction.judged import Judged, judged
from alloyscope.reaction.objective import Objective
from alloyscope.reaction.profile import profile, taken_on
from alloyscope.reaction.workers import workers
from alloyscope.stages.progress import Observe

ALL, NONE = "all", "none"


def objective_of(case: Case, vocabulary: Vocabulary) -> Objective:
    """The case's reaction and what was seen of it. Raises CaseError that names the file."""
    if not case.observations.file:
        raise CaseError(
            message("case [observations]", found="no file",
                    expected="what was seen of the reaction",
                    do="For example --observations seen.toml.")
        )  # fmt: skip
    reaction = reaction_of(case, vocabulary)
    seen = read_observations(Path(case.observations.file), reaction)
    return Objective(reaction, seen.statements, seen.speciations)


def fitted(
    case: Case, vocabulary: Vocabulary, observe: Observe | None = None, processes: int = 1,
    journal: Path | None = None,
) -> Judged:  # fmt: skip
    """Fit, profile and judge as the case's [fit] says.

    processes : that share the work
    journal   : of finished starts and profiles, which are not run again
    Raises CaseError, ReactionError.
    """
    objective, asked = objective_of(case, vocabulary), case.fit
    names = _named(asked.profile, "case [fit] profile")
    free = [p.name for p in objective.free]
    for name in names or ():
        if name not in free:
            raise CaseError(
                message("case [fit] profile", found=f'"{name}"',
                        expected=f"{ALL}, {NONE} or one of " + ", ".join(free))
            )  # fmt: skip
    with workers(min(processes, asked.starts)) as executor:
        found = fit_reaction(objective, asked.starts, asked.seed, executor, journal, observe,
                             asked.spread, asked.evaluations)  # fmt: skip
    if names is None:
        return judged(found, asked.draws, asked.seed, observe=observe)
    with workers(processes) as executor:
        profiles = profile(found, names, executor, journal, observe)
        onward = taken_on(found, profiles, asked.evaluations)
        if onward is not found:
            profiles = profile(onward, names, executor, journal, observe)
    return judged(onward, asked.draws, asked.seed, profiles, observe)


def compared(
    case: Case, vocabulary: Vocabulary, observe: Observe | None = None, processes: int = 1,
    journal: Path | None = None,
) -> Comparison:  # fmt: skip
    """Refit as the case's [compare] says; arguments as of `fitted`.

    Raises CaseError, ReactionError.
    """
    objective, asked = objective_of(case, vocabulary), case.compare
    without = _named(asked.without, "case [compare] without")
    figures = _named(asked.leave_out, "case [compare] leave_out")
    if without is None and figures is None:
        raise CaseError(
            message("case [compare]", found="neither a mechanism nor a figure to leave out",
                    expected="one of them", do="For example --without all.")
        )  # fmt: skip
    with workers(processes) as executor:
        how = (asked.starts, asked.seed, executor, journal, observe, asked.spread,
               asked.evaluations)  # fmt: skip
        # Without mechanisms to leave out the whole model is refitted alone.
        found = compare_mechanisms(objective, () if without is None else without, *how,
                                   alone=without is None)  # fmt: skip
        if figures is not None:
            found = replace(found, left_out=leave_out(objective, figures, *how))
    return found


def _named(asked: Sequence[str], where: str) -> tuple[str, ...] | None:
    """Names asked for; none of them means every one, None means nothing."""
    if not asked or tuple(asked) == (NONE,):
        return None
    if ALL in asked or NONE in asked:
        if len(asked) > 1:
            raise CaseError(
                message(where, found=", ".join(asked), expected=f"{ALL}, {NONE}, or names")
            )
        return ()
    return tuple(asked)
