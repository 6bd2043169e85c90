"""From what a case says to the reaction that is simulated and fitted."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TypeVar

from alloyscope.case.reaction_section import (
    ParameterEntry,
    ReactionFramework,
    ReactionSection,
    StepEntry,
    YieldPriorEntry,
)
from alloyscope.case.schema import Case
from alloyscope.chemistry.ligand import THIOLATE_ALIASES, Vocabulary
from alloyscope.chemistry.species import is_metal
from alloyscope.errors import CaseError, ReactionError, message
from alloyscope.reaction.experiment import parse_ratio, parse_time
from alloyscope.reaction.framework import Framework, Parent, SiteClass
from alloyscope.reaction.notation import parse_equation
from alloyscope.reaction.parameter import Parameter
from alloyscope.reaction.posterior import Posterior
from alloyscope.reaction.reaction import Exchange, Reaction, Step, YieldPrior

Entry = TypeVar("Entry")
Made = TypeVar("Made")

LEAST = 1e-300
"""Bound of a logarithmic parameter for which none is stated."""

TABLES = {
    "framework": "[[reaction.framework]]", "reaction's frameworks": "[[reaction.framework]]",
    "parent": "[[reaction.parent]]", "reaction's parents": "[[reaction.parent]]",
    "parameter": "[[reaction.parameter]]", "reaction's parameters": "[[reaction.parameter]]",
    "step": "[[reaction.step]]", "exchange": "[reaction.exchange]",
    "potential": "[reaction.potentials]", "values of": "[reaction.values]",
    "posterior": "[reaction.posterior]",
}  # fmt: skip
"""Where what an error begins with stands in a case file."""


def reaction_of(case: Case, vocabulary: Vocabulary) -> Reaction:
    """The reaction that the case declares, with its [reaction.values] put over the parameters'.

    Raises CaseError that names the table, UnknownLigand.

    >>> from pathlib import Path
    >>> from alloyscope.case import read_case
    >>> from alloyscope.chemistry import default_vocabulary
    >>> case = read_case(Path("au44-ag44"))
    >>> reaction = reaction_of(case, default_vocabulary().binding("p-MBA"))
    >>> [f.label for f in reaction.frameworks], [p.name for p in reaction.parents]
    (['M44S30', 'M44S27', 'M44S26'], ['Au44', 'Ag44'])
    """
    asked = case.reaction
    _check(case)
    frameworks = _each(asked.framework, "framework", _framework)
    steps = _each(asked.step, "step", _step)
    parameters = _each(asked.parameter, "parameter", _parameter)
    parents = tuple(Parent(p.name, p.framework, dict(p.composition)) for p in asked.parent)

    def whole() -> Reaction:
        declared = Reaction(
            asked.metals, _ligand(asked.ligand, vocabulary), frameworks, parents, steps,
            _exchange(asked), parameters, tuple(asked.potentials.items()),
            concentration=asked.concentration, temperature=asked.temperature,
            posterior=_posterior(asked),
        )  # fmt: skip
        return declared.with_values(asked.values)

    made = _placed(whole)
    believed = _each(asked.yield_prior, "yield_prior", lambda entry: _yield_prior(entry, made))
    return replace(made, yields=believed) if believed else made


def _check(case: Case) -> None:
    asked = case.reaction
    for key, there in (("metals", asked.metals), ("framework", asked.framework),
                       ("parent", asked.parent)):  # fmt: skip
        if not there:
            raise CaseError(
                message("case [reaction]", found=f"no {key}", expected="a reaction",
                        do="Declare one, or start from a bundled case: --case au44-ag44.")
            )  # fmt: skip
    for metal in asked.metals:
        if not is_metal(metal):
            raise CaseError(
                message("case [reaction] metals", found=f'"{metal}"',
                        expected="symbols of metals, such as Au")
            )  # fmt: skip
    for own in asked.framework:
        _check_same(case, own)


def _check_same(case: Case, own: ReactionFramework) -> None:
    """What an assignment and a reaction both call A must be one framework."""
    for other in case.space.framework:
        stated = {"metals": other.metals, "ligands": other.ligands, "charge": other.charge}
        differ = [key for key, n in stated.items() if n not in (None, getattr(own, key))]
        if other.name == own.called and differ:
            raise CaseError(
                message(f"case [[reaction.framework]] {own.called}",
                        found=", ".join(f"{key} {getattr(own, key)}" for key in differ),
                        expected=", ".join(f"{key} {stated[key]}" for key in differ)
                        + ", as [[space.framework]] has it", do="Rename one of them.")
            )  # fmt: skip


def _each(entries: Iterable[Entry], key: str, made: Callable[[Entry], Made]) -> tuple[Made, ...]:
    """Records made of a table's entries; an error names the number of the entry."""
    found = []
    for number, entry in enumerate(entries, 1):
        try:
            found.append(made(entry))
        except ReactionError as error:
            raise CaseError(f"case [[reaction.{key}]] {number}: {error}") from error
    return tuple(found)


def _placed(made: Callable[[], Made]) -> Made:
    """What a function makes; an error names the table that its words speak of."""
    try:
        return made()
    except ReactionError as error:
        table = next((t for start, t in TABLES.items() if str(error).startswith(start)), "")
        raise CaseError(f"case {table or '[reaction]'}: {error}") from error


def _framework(entry: ReactionFramework) -> Framework:
    electrons = entry.electrons
    if electrons is None:
        electrons = entry.metals - entry.ligands - entry.charge
    sites = tuple(
        SiteClass(site.name or f"{number}", site.count, site.energy, site.cooperativity)
        for number, site in enumerate(entry.site, 1)
    )
    return Framework(
        entry.called, entry.metals, entry.ligands, entry.charge, electrons,
        sites or (SiteClass("all", entry.metals),), entry.energy, entry.level, entry.lability,
        entry.response,
    )  # fmt: skip


def _step(entry: StepEntry) -> Step:
    return Step(parse_equation(entry.equation), entry.rate, entry.slope,
                tuple(entry.quench.items()))  # fmt: skip


def _parameter(entry: ParameterEntry) -> Parameter:
    low, high = entry.bounds or (LEAST if entry.logarithmic else -math.inf, math.inf)
    return Parameter(
        entry.name, entry.value, entry.unit, entry.logarithmic, low, high,
        entry.value if entry.prior is None else entry.prior, entry.sd or math.inf, entry.free,
        entry.title,
    )  # fmt: skip


def _yield_prior(entry: YieldPriorEntry, reaction: Reaction) -> YieldPrior:
    return YieldPrior(parse_ratio(entry.ratio, reaction), parse_time(entry.time), entry.least,
                      entry.width)  # fmt: skip


def _exchange(asked: ReactionSection) -> Exchange | None:
    rates = asked.exchange
    return Exchange(rates.clusters, rates.complexes) if rates.clusters or rates.complexes else None


def _posterior(asked: ReactionSection) -> Posterior | None:
    stated = asked.posterior
    empty = not stated.names and not stated.covariance
    return None if empty else Posterior(stated.names, stated.covariance)


def _ligand(name: str, vocabulary: Vocabulary) -> str:
    """The thiolate's own name; SR stays SR where nobody has said which it is."""
    if name in THIOLATE_ALIASES and vocabulary.thiolate is None:
        return "SR"
    return str(vocabulary.ligand(name))
