"""Which metal sits where: occupancies of site classes at given site energies.

The weight of n atoms in a class of N sites is, as in the reaction model,

w(n) = N! / prod_m n_m! exp(-sum_m [n_m eps_m + J_m n_m (n_m - 1) / (N - 1)])

in kT. Atoms of a whole composition are shared out over classes by the product of these weights, and
lie anywhere within a class. Sums and draws are exact: convolutions of the weights, no Markov chain.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import exp, inf, lgamma, log

import numpy as np

from alloyscope.errors import StructureError, message
from alloyscope.structures.framework import StructuralFramework
from alloyscope.structures.homotops import Composition, every_composition

Weights = dict[Composition, float]
"""Log weight of each composition."""


@dataclass(frozen=True)
class SitePreference:
    """Classes of sites that a model does not tell apart, and what metals they prefer.

    classes       : of the framework, that the model's class holds
    energy        : kT, by metal, of an atom there rather than one of the last metal
    cooperativity : kT, by metal
    """

    name: str
    classes: tuple[str, ...]
    energy: Mapping[str, float] = field(default_factory=dict)
    cooperativity: Mapping[str, float] = field(default_factory=dict)

    def at(self, factor: float) -> SitePreference:
        """The same with energies multiplied: by T0/T, at another temperature."""
        return SitePreference(
            self.name, self.classes, {m: factor * e for m, e in self.energy.items()},
            {m: factor * j for m, j in self.cooperativity.items()},
        )  # fmt: skip


@dataclass(frozen=True)
class Occupancy:
    """Mean number of atoms of each metal in each class, of a framework of one composition.

    mean : by class of the framework, one number a metal
    """

    composition: Composition
    mean: Mapping[str, tuple[float, ...]]


def no_preference(framework: StructuralFramework) -> tuple[SitePreference, ...]:
    """Every labelled placement equally likely."""
    return (SitePreference("all", tuple(c.name for c in framework.classes)),)


def check_preferences(
    framework: StructuralFramework, preferences: Sequence[SitePreference], metals: Sequence[str]
) -> None:
    """Raise StructureError unless every class of the framework belongs to one of the model's."""
    held = [name for p in preferences for name in p.classes]
    own = [c.name for c in framework.classes]
    if sorted(held) != sorted(own):
        raise StructureError(
            message(f"site energies of {framework.name}", found=f"classes {', '.join(held)}",
                    expected=f"each of {', '.join(own)} once")
        )  # fmt: skip
    named = {m for p in preferences for m in (*p.energy, *p.cooperativity)}
    if stray := sorted(named - set(metals[:-1])):
        raise StructureError(
            message(f"site energies of {framework.name}", found=f"of {', '.join(stray)}",
                    expected=f"of {', '.join(metals[:-1])}, over those of {metals[-1]}")
        )  # fmt: skip


def mean_occupancies(
    framework: StructuralFramework, preferences: Sequence[SitePreference],
    metals: Sequence[str], compositions: Sequence[Composition],
) -> tuple[Occupancy, ...]:  # fmt: skip
    """Mean occupancy of every class at each composition; metals in the order of compositions.

    Raises StructureError for preferences that do not cover the classes.
    """
    check_preferences(framework, preferences, metals)
    sizes = {c.name: c.count for c in framework.classes}
    own = [_weights(p, sizes, metals) for p in preferences]
    held = []
    for k, weights in enumerate(own):
        others = _convolved([w for j, w in enumerate(own) if j != k], len(metals))
        held.append([_mean(weights, others, c) for c in compositions])
    return tuple(
        Occupancy(composition, _by_class(preferences, [means[j] for means in held], sizes))
        for j, composition in enumerate(compositions)
    )


def _by_class(
    preferences: Sequence[SitePreference], means: list[tuple[float, ...]], sizes: Mapping[str, int]
) -> dict[str, tuple[float, ...]]:
    """Within one of the model's classes atoms are spread evenly over the framework's."""
    found = {}
    for preference, mean in zip(preferences, means, strict=True):
        total = sum(sizes[name] for name in preference.classes)
        for name in preference.classes:
            found[name] = tuple(n * sizes[name] / total for n in mean)
    return {name: found[name] for name in sizes}


def _mean(weights: Weights, others: Weights, composition: Composition) -> tuple[float, ...]:
    joint = {n: w + others.get(_less(composition, n), -inf) for n, w in weights.items()}
    top = max(joint.values())
    share = {n: exp(w - top) for n, w in joint.items()}
    total = sum(share.values())
    return tuple(sum(p * n[m] for n, p in share.items()) / total for m in range(len(composition)))


def drawn_sites(
    framework: StructuralFramework, preferences: Sequence[SitePreference],
    metals: Sequence[str], composition: Composition, random: np.random.Generator,
) -> tuple[str, ...]:  # fmt: skip
    """The metal at every site, drawn with the weights above.

    Class by class: how many atoms it gets is drawn from its own weights times those of all the
    classes still to come, then they are put on its sites at random.
    """
    check_preferences(framework, preferences, metals)
    sizes = {c.name: c.count for c in framework.classes}
    own = [_weights(p, sizes, metals) for p in preferences]
    sites, left = [""] * framework.metals, composition
    for k, preference in enumerate(preferences):
        after = _convolved(own[k + 1 :], len(metals))
        got = _drawn({n: w + after.get(_less(left, n), -inf) for n, w in own[k].items()}, random)
        left = _less(left, got)
        atoms = [metal for metal, n in zip(metals, got, strict=True) for _ in range(n)]
        places = [site for name in preference.classes for site in framework.sites_of(name)]
        for site, atom in zip(places, random.permutation(atoms), strict=True):
            sites[site] = str(atom)
    return tuple(sites)


def _drawn(logs: Weights, random: np.random.Generator) -> Composition:
    keys = [n for n, w in logs.items() if w > -inf]
    values = np.array([logs[n] for n in keys])
    chances = np.exp(values - values.max())
    return keys[int(random.choice(len(keys), p=chances / chances.sum()))]


def _weights(
    preference: SitePreference, sizes: Mapping[str, int], metals: Sequence[str]
) -> Weights:
    """Log weight of every composition of one of the model's classes."""
    count = sum(sizes[name] for name in preference.classes)
    found = {}
    for n in every_composition(count, len(metals)):
        value = lgamma(count + 1) - sum(lgamma(k + 1) for k in n)
        for metal, k in zip(metals, n, strict=True):
            value -= k * preference.energy.get(metal, 0.0)
            value -= preference.cooperativity.get(metal, 0.0) * k * (k - 1) / max(count - 1, 1)
        found[n] = value
    return found


def _convolved(parts: Sequence[Weights], n_metals: int) -> Weights:
    whole: Weights = {(0,) * n_metals: 0.0}
    for part in parts:
        sums: dict[Composition, list[float]] = {}
        for a, v in whole.items():
            for b, w in part.items():
                sums.setdefault(tuple(p + q for p, q in zip(a, b, strict=True)), []).append(v + w)
        whole = {n: _log_sum(values) for n, values in sums.items()}
    return whole


def _log_sum(values: list[float]) -> float:
    top = max(values)
    return top + log(sum(exp(v - top) for v in values))


def _less(a: Composition, b: Composition) -> Composition:
    return tuple(p - q for p, q in zip(a, b, strict=True))
