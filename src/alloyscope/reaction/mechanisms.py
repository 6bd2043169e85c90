"""Mechanisms of a reaction, each of which can be switched off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from alloyscope.errors import ReactionError, message
from alloyscope.reaction.framework import Framework
from alloyscope.reaction.parameter import Quantity
from alloyscope.reaction.reaction import Exchange, Reaction

COOPERATIVITY, RESPONSES = "cooperativity", "responses"
"""Names of what is no step: interaction of atoms in a class of sites; electrospray's responses."""


@dataclass(frozen=True)
class Mechanism:
    """Part of a reaction, and the reaction without it.

    name    : of its rate, or its equation where the rate is a number
    title   : what it is
    without : the reaction in which it is switched off; parameters that nothing uses any more are
              not free there, since nothing but their prior would hold them
    """

    name: str
    title: str
    without: Reaction


def mechanisms(reaction: Reaction, names: Sequence[str] = ()) -> tuple[Mechanism, ...]:
    """The mechanisms that can be switched off, or those of these names or equations.

    Steps of one rate go together. Raises ReactionError for names that there are not.
    """
    found = [*_of_exchange(reaction), *_of_steps(reaction)]
    if any(site.cooperativity for f in reaction.frameworks for site in f.sites):
        plain = tuple(_ideal(f) for f in reaction.frameworks)
        found.append(Mechanism(COOPERATIVITY, "atoms in a class of sites that like or shun company",
                               replace(reaction, frameworks=plain)))  # fmt: skip
    if any(f.response != 1.0 for f in reaction.frameworks):
        alike = tuple(replace(f, response=1.0) for f in reaction.frameworks)
        found.append(Mechanism(RESPONSES, "frameworks that electrospray shows unequally",
                               replace(reaction, frameworks=alike)))  # fmt: skip
    every = tuple(replace(one, without=_with_unused_fixed(one.without)) for one in found)
    return tuple(_named(name, every) for name in dict.fromkeys(names)) if names else every


def unused(reaction: Reaction) -> frozenset[str]:
    """Names of parameters that change nothing."""
    quantities: Mapping[str, Quantity] = dict(reaction.quantities())
    idle = () if reaction.exchange else tuple(w for w in quantities if w.endswith(" lability"))
    used = {quantity for where, quantity in quantities.items() if where not in idle}
    return frozenset(p.name for p in reaction.parameters if p.name not in used)


def _of_exchange(reaction: Reaction) -> list[Mechanism]:
    rates = reaction.exchange
    if rates is None:
        return []
    kinds = {
        "clusters": (rates.clusters, "metal exchange between clusters"),
        "complexes": (rates.complexes, "metal exchange between clusters and complexes"),
    }
    found = []
    for kind, (rate, title) in kinds.items():
        other = next(r for name, (r, _) in kinds.items() if name != kind)
        left = {**{name: r for name, (r, _) in kinds.items()}, kind: 0.0}
        kept = Exchange(**left) if other != 0.0 else None
        if rate != 0.0:
            name = rate if isinstance(rate, str) else f"exchange {kind}"
            found.append(Mechanism(name, title, replace(reaction, exchange=kept)))
    return found


def _of_steps(reaction: Reaction) -> list[Mechanism]:
    names = [s.rate if isinstance(s.rate, str) else str(s.equation) for s in reaction.steps]
    found = []
    for name in dict.fromkeys(names):
        own = [s for s, its in zip(reaction.steps, names, strict=True) if its == name]
        found.append(Mechanism(name, "; ".join(str(s.equation) for s in own),
                               reaction.without(*own)))  # fmt: skip
    return found


def _ideal(framework: Framework) -> Framework:
    sites = tuple(replace(site, cooperativity={}) for site in framework.sites)
    return replace(framework, sites=sites)


def _with_unused_fixed(reaction: Reaction) -> Reaction:
    idle = unused(reaction)
    return replace(reaction, parameters=tuple(
        replace(p, free=p.free and p.name not in idle) for p in reaction.parameters
    ))  # fmt: skip


def _named(name: str, every: Sequence[Mechanism]) -> Mechanism:
    wanted = " ".join(name.split())
    for one in every:
        if wanted == one.name or wanted in one.title.split("; "):
            return one
    raise ReactionError(
        message("mechanism", found=f'"{name}"',
                expected="one of " + ", ".join(one.name for one in every))
    )  # fmt: skip
