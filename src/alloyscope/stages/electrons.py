"""Valence electrons of species, and of what a reaction is fed."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from alloyscope.case import Case
from alloyscope.case.observations import read_observations
from alloyscope.case.reaction import reaction_of
from alloyscope.case.species_names import named_species
from alloyscope.chemistry.closed_shell import closed_shell
from alloyscope.chemistry.electron_count import electron_count, other_hydride_count
from alloyscope.chemistry.ligand import Vocabulary
from alloyscope.chemistry.species import Species
from alloyscope.errors import CaseError, ElectronCountError, ReactionError, message
from alloyscope.reaction.electrons import (
    LEAST,
    ElectronsFed,
    FrameworkAt,
    electrons_fed,
    observed_frameworks,
    wrong_side,
)
from alloyscope.reaction.experiment import Experiment, parse_time, time_text
from alloyscope.reaction.ratio import parse_one_ratio, ratio_name
from alloyscope.reaction.reaction import Reaction
from alloyscope.reaction.simulate import Simulator
from alloyscope.results.electrons import CountedSpecies, Electrons
from alloyscope.stages.progress import Observe

WHOLE = (1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 40, 60, 100)
"""Ratios that are tabulated, and one over each."""


def electrons(case: Case, vocabulary: Vocabulary, observe: Observe | None) -> Electrons:
    """Electrons of the species that the case names, and of what its reaction is fed.

    Raises CaseError that names the key, NotationError for a species that cannot be read.
    """
    asked = case.electrons
    counted = tuple(one for text in asked.species for one in _counted(text, case, vocabulary))
    if not asked.ratios:
        return Electrons(counted)
    reaction = reaction_of(case, vocabulary)
    try:
        ratios = _ratios(asked.ratios)
        seen = _seen(case, reaction, ratios, observe)
        fed = electrons_fed(reaction, ratios, seen)
        until = time_text(parse_time(asked.time)) if asked.predict else ""
    except ReactionError as error:
        raise CaseError(f"case [electrons]: {error}") from error
    return Electrons(counted, fed, tuple(p.name for p in reaction.parents), until, _notes(fed))


def _counted(text: str, case: Case, vocabulary: Vocabulary) -> list[CountedSpecies]:
    """One species, or each of those that differ in x."""
    named = named_species(text, case, vocabulary)
    found = []
    for species in named.species:
        try:
            shell = closed_shell(electron_count(species, case.chemistry.valence))
            said = [one for one in (named.remark, _hydride(species, shell.electrons)) if one]
            found.append(CountedSpecies(text, species, shell, "; ".join(said)))
        except ElectronCountError as error:
            found.append(CountedSpecies(text, species, None, str(error)))
    return found


def _hydride(species: Species, electrons: int) -> str:
    """Which way hydrogen was counted, and what the other way gives."""
    other = other_hydride_count(species, electrons)
    if other is None:
        return ""
    ways = ("hydride H⁻, which withdraws an electron", "one more metal, which gives its electron")
    used, left = ways if other > electrons else reversed(ways)
    shell = closed_shell(other)
    filled = "closed" if shell.closed else "open"
    return f"H counted as {used}; as {left}: {other} e⁻, {shell.configuration}, {filled}"


def _ratios(ends: tuple[str, str]) -> list[float]:
    """The ends, and the ratios that people mix in between."""
    low, high = (parse_one_ratio(text) for text in ends)
    if not 0 < low < high < float("inf"):
        raise CaseError(
            message("case [electrons] ratios", found=f"{ends[0]} to {ends[1]}",
                    expected="the lower first, both parents fed, as in 1:40 and 40:1")
        )  # fmt: skip
    usual = {float(n) for n in WHOLE} | {1 / n for n in WHOLE}
    return sorted({low, high, *(r for r in usual if low < r < high)})


def _seen(
    case: Case, reaction: Reaction, ratios: list[float], observe: Observe | None
) -> tuple[FrameworkAt, ...]:
    asked = case.electrons
    found: tuple[FrameworkAt, ...] = ()
    if asked.observations:
        statements = read_observations(Path(asked.observations), reaction).statements
        found += observed_frameworks(statements, reaction)
    if asked.predict:
        found += _predicted(reaction, ratios, parse_time(asked.time), observe)
    return found


def _predicted(
    reaction: Reaction, ratios: list[float], minutes: float, observe: Observe | None
) -> tuple[FrameworkAt, ...]:
    """Frameworks that the reaction makes of each ratio, those of little amount left out."""
    found, simulator = [], Simulator.of(reaction)
    for k, ratio in enumerate(ratios):
        if observe:
            observe("simulating ratios", k, len(ratios))
        run = simulator.run(Experiment((ratio, 1.0)), np.array([minutes]))
        shares = {name: float(run.share(name)[-1]) for name in reaction.by_name}
        found += [FrameworkAt(ratio, name, share, "predicted")
                  for name, share in shares.items() if share >= LEAST]  # fmt: skip
    return tuple(found)


def unequal(fed: ElectronsFed) -> bool:
    """Whether the parents differ in size."""
    return bool(abs(fed.per_metals - fed.per_cluster).max() > 1e-9)


def _notes(fed: ElectronsFed) -> tuple[str, ...]:
    said = []
    if fed.crossing is not None:
        said.append(f"{fed.middle:g} electrons per cluster are fed at R = "
                    f"{ratio_name(fed.crossing)}.")  # fmt: skip
    if not fed.seen:
        return tuple(said)
    off = wrong_side(fed)
    if off and unequal(fed):
        said.append("The rule is about parents of one size; these differ.")
    if off:
        return (*said, f"On the other side of the rule: {'; '.join(off)}.")
    judged = [one.source == "predicted" for one in fed.seen if fed.follows(one) is not None]
    made, reported = sum(judged), len(judged) - sum(judged)
    rest = f" (those of less than {100 * LEAST:g} % left out)" if made else ""
    counts = [f"{reported} reported"] * bool(reported) + [f"{made} predicted{rest}"] * bool(made)
    if not counts:
        return tuple(said)
    return (*said, f"Beside the crossing all frameworks stand where the rule puts them: "
            f"{' and '.join(counts)}.")  # fmt: skip
