"""The elementary reactions of each kind of step, from its equation alone.

Written for clearness: `network` and the kernels have the same kinetics, structured.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np
from scipy.special import expit, logsumexp

from alloyscope.reaction.kinds import Kind, kind_of
from alloyscope.reaction.layout import Layout
from alloyscope.reaction.parameter import resolved
from alloyscope.reaction.reaction import DARK, METAL, Reaction, Step
from alloyscope.reaction.thermodynamics import FreeEnergies, chemical_potentials, free_energies

Entries = tuple[int, ...]
Change = Mapping[int, int]
AMONG_CLUSTERS = "metal exchange between clusters"
WITH_COMPLEXES = "metal exchange with complexes"


@dataclass(frozen=True, slots=True)
class Elementary:
    """One reaction. Its rate is the constant times the product of what it takes.

    takes    : entries of the state, each as often as it is a factor of the rate
    change   : what is used up (negative) and made, by entry
    constant : 1/min at amounts per cluster fed
    drawn    : the population that growth makes, else -1: then the rate is also proportional to the
               metal in complexes, and to this composition's share exp(-G) prod z^n / sum of these
    """

    takes: Entries
    change: Change
    constant: float
    drawn: int = -1


@dataclass(frozen=True, eq=False)
class _Terms:
    """What the reactions are made from."""

    reaction: Reaction
    layout: Layout
    energies: dict[str, FreeEnergies]
    potentials: dict[str, float]

    def entry(self, framework: str, row: int) -> int:
        return int(self.layout.slices[framework].start) + row

    def rate(self, step: Step) -> float:
        return resolved(step.rate, self.reaction.values)

    def used_up(self, step: Step) -> list[str]:
        return self._clusters(step, -1)

    def made(self, step: Step) -> list[str]:
        return self._clusters(step, 1)

    def _clusters(self, step: Step, sign: int) -> list[str]:
        side = step.equation.left if sign < 0 else step.equation.right
        return [name for name, _ in side if name in self.reaction.by_name
                for _ in range(sign * step.equation.change.get(name, 0))]  # fmt: skip

    def pools(self, side: tuple[tuple[str, int], ...]) -> Entries:
        """Pools of a side, each as often as it stands there."""
        return tuple(self.layout.pool(name) for name, n in side if name in self.layout.pools
                     for _ in range(n))  # fmt: skip

    def pool_change(self, step: Step, sign: int = 1) -> dict[int, int]:
        return {self.layout.pool(name): sign * n for name, n in step.equation.change.items()
                if name in self.layout.pools}  # fmt: skip

    def pool_energy(self, step: Step) -> float:
        """kT; standard free energy of the pools made less that of those used up."""
        return sum(self.potentials.get(name, 0.0) * n
                   for name, n in step.equation.change.items())  # fmt: skip

    def speed(self, step: Step, framework: str, row: int) -> float:
        slope, excess = resolved(step.slope, self.reaction.values), self.energies[framework].excess
        parents = [p for p in self.reaction.parents if p.framework == framework]
        held = [[p.composition.get(metal, 0) for metal in self.reaction.metals] for p in parents]
        usual = excess[self.layout.counts[framework].tolist().index(held[0])] if held else 0.0
        return float(np.exp(slope * (excess[row] - usual)))

    def acting(self, step: Step) -> list[tuple[Entries, float]]:
        """Clusters that take part without being used up, each with its factor on the rate."""
        names = [name for name in step.equation.spectators if name in self.reaction.by_name]
        if not names:
            return [((), 1.0)]
        counts = self.layout.counts[names[0]]
        fade = np.zeros(len(counts))
        for metal, q in step.quench:
            fade += resolved(q, self.reaction.values) * counts[:, self.reaction.metals.index(metal)]
        return [((self.entry(names[0], k),), float(np.exp(-f))) for k, f in enumerate(fade)]


def families(reaction: Reaction, layout: Layout) -> dict[str, tuple[Elementary, ...]]:
    """Every elementary reaction, by the exchange or the equation it belongs to.

    Raises ReactionError for a step of no known kind.
    """
    terms = _Terms(reaction, layout, free_energies(reaction), chemical_potentials(reaction))
    found = dict(_exchange(terms))
    for step in reaction.steps:
        name = str(step.equation)
        own = tuple(one for one in MAKERS[kind_of(step, reaction)](terms, step) if one.constant > 0)
        found[name] = found.get(name, ()) + own
    return found


def _exchange(terms: _Terms) -> Iterator[tuple[str, tuple[Elementary, ...]]]:
    asked, values = terms.reaction.exchange, terms.reaction.values
    if asked is None:
        return
    kx, kp = resolved(asked.clusters, values), resolved(asked.complexes, values)
    edges = _edges(terms)
    if kx > 0:
        yield AMONG_CLUSTERS, tuple(
            Elementary((e.low, f.high), _summed({e.low: -1, e.high: 1}, {f.high: -1, f.low: 1}),
                       kx * e.up * f.down)
            for e, f in product(edges, edges) if e.pair == f.pair and e is not f
        )  # fmt: skip
    if kp > 0:
        yield WITH_COMPLEXES, tuple(one for e in edges for one in (
            Elementary((e.low, e.pair[0]), {e.low: -1, e.pair[0]: -1, e.high: 1, e.pair[1]: 1},
                       kp * e.up),
            Elementary((e.high, e.pair[1]), {e.high: -1, e.pair[1]: -1, e.low: 1, e.pair[0]: 1},
                       kp * e.down),
        ))  # fmt: skip


@dataclass(frozen=True)
class _Edge:
    """Two compositions that differ by one swap; pair: pools of the metal in `high`, in `low`."""

    low: int
    high: int
    pair: tuple[int, int]
    up: float
    down: float


def _edges(terms: _Terms) -> list[_Edge]:
    found, metals = [], terms.reaction.metals
    for framework in terms.reaction.frameworks:
        counts, total = terms.layout.counts[framework.name], terms.energies[framework.name].total
        lability = resolved(framework.lability, terms.reaction.values)
        rows = {tuple(row): k for k, row in enumerate(counts.tolist())}
        for row, k in rows.items():
            for i, j in product(range(len(metals)), repeat=2):
                if i < j and row[j] > 0:
                    other = rows[tuple(n + (m == i) - (m == j) for m, n in enumerate(row))]
                    change = total[other] - total[k]
                    found.append(_Edge(
                        terms.entry(framework.name, k), terms.entry(framework.name, other),
                        (terms.layout.pool(metals[i]), terms.layout.pool(metals[j])),
                        lability * float(expit(-change)), lability * float(expit(change)),
                    ))  # fmt: skip
    return found


def _summed(*changes: Change) -> dict[int, int]:
    """Changes added up, without what does not change in the end."""
    found: Counter[int] = Counter()
    for change in changes:
        found.update(change)
    return {entry: n for entry, n in found.items() if n}


def _loss(terms: _Terms, step: Step) -> Iterator[Elementary]:
    (name,) = terms.used_up(step)
    where = DARK if DARK + METAL in step.equation.change else ""
    metals = [terms.layout.pool(where + metal) for metal in terms.reaction.metals]
    for k, counts in enumerate(terms.layout.counts[name].tolist()):
        entry, speed = terms.entry(name, k), terms.speed(step, name, k)
        released = dict(zip(metals, counts, strict=True))
        change = _summed({entry: -1}, released, terms.pool_change(step))
        for actors, factor in terms.acting(step):
            takes = (entry, *actors, *terms.pools(step.equation.left))
            yield Elementary(takes, change, terms.rate(step) * speed * factor)


def _conversion(terms: _Terms, step: Step) -> Iterator[Elementary]:
    (a,), (b,) = terms.used_up(step), terms.made(step)
    rows = {tuple(counts): k for k, counts in enumerate(terms.layout.counts[b].tolist())}
    for k, counts in enumerate(terms.layout.counts[a].tolist()):
        other = rows[tuple(counts)]
        change = (terms.energies[b].total[other] - terms.energies[a].total[k]
                  + terms.pool_energy(step))  # fmt: skip
        yield from _both_ways(
            terms, step, (terms.entry(a, k),), (terms.entry(b, other),),
            terms.speed(step, a, k), float(change),
        )  # fmt: skip


def _both_ways(
    terms: _Terms, step: Step, left: Entries, right: Entries, speed: float, change: float
) -> Iterator[Elementary]:
    """A reaction, and its reverse where the step has one.

    change : free energy, kT, at equal amounts
    """
    equation, rate = step.equation, terms.rate(step) * speed
    ways = [(left, right, equation.left, 1, float(expit(-change)) if equation.reversible else 1.0)]
    if equation.reversible:
        ways.append((right, left, equation.right, -1, float(expit(change))))
    for takes, makes, pools, sign, share in ways:
        own = _summed(*({k: -1} for k in takes), *({k: 1} for k in makes),
                      terms.pool_change(step, sign))  # fmt: skip
        for actors, factor in terms.acting(step):
            yield Elementary((*takes, *actors, *terms.pools(pools)), own, rate * share * factor)


def _among_pools(terms: _Terms, step: Step) -> Iterator[Elementary]:
    return _both_ways(terms, step, (), (), 1.0, terms.pool_energy(step))


def _meeting(terms: _Terms, step: Step) -> Iterator[Elementary]:
    lost, made = _pairs(terms, terms.used_up(step)), _pairs(terms, terms.made(step))
    for total in lost.keys() & made.keys():
        here, there = lost[total], made[total]
        change = _log_sum(here) - _log_sum(there) + terms.pool_energy(step)
        share = (expit(-change), expit(change)) if step.equation.reversible else (1.0, 0.0)
        yield from _met(terms, step, here, there, step.equation.left, 1, float(share[0]))
        yield from _met(terms, step, there, here, step.equation.right, -1, float(share[1]))


Pairs = dict[tuple[int, int], float]
"""Log of the Boltzmann weight by two populations, which may be one."""


def _pairs(terms: _Terms, names: list[str]) -> dict[tuple[int, ...], Pairs]:
    """Ordered pairs of populations by what they hold together."""
    found: dict[tuple[int, ...], Pairs] = defaultdict(dict)
    rows = [list(enumerate(terms.layout.counts[name].tolist())) for name in names]
    energies = [terms.energies[name].total for name in names]
    for (i, one), (j, other) in product(*rows):
        total = tuple(m + n for m, n in zip(one, other, strict=True))
        pair = terms.entry(names[0], i), terms.entry(names[1], j)
        found[total][pair] = -float(energies[0][i] + energies[1][j])
    return found


def _log_sum(pairs: Pairs) -> float:
    return float(logsumexp(list(pairs.values())))


def _met(
    terms: _Terms, step: Step, takes: Pairs, makes: Pairs,
    pools: tuple[tuple[str, int], ...], sign: int, share: float,
) -> Iterator[Elementary]:  # fmt: skip
    """Each pair becomes each, the products by their weights; (i, j) and (j, i) are one reaction."""
    if share * terms.rate(step) == 0.0:
        return
    whole, factors = _log_sum(makes), terms.pools(pools)
    met: dict[Entries, float] = defaultdict(float)
    made: dict[Entries, float] = defaultdict(float)
    for two in takes:
        met[tuple(sorted(two))] += 1.0
    for two, log in makes.items():
        made[tuple(sorted(two))] += float(np.exp(log - whole))
    for (pair, n), (other, weight) in product(met.items(), made.items()):
        change = _summed(*({k: -1} for k in pair), *({k: 1} for k in other),
                         terms.pool_change(step, sign))  # fmt: skip
        for actors, factor in terms.acting(step) if change else ():
            yield Elementary((*pair, *actors, *factors), change,
                             terms.rate(step) * share * n * weight * factor)  # fmt: skip


def _growth(terms: _Terms, step: Step) -> Iterator[Elementary]:
    """Of first order in each thing taken up, counted in the amounts that one cluster takes."""
    (name,) = terms.made(step)
    metals = [terms.layout.pool(metal) for metal in terms.reaction.metals]
    taken = {entry: -n for entry, n in terms.pool_change(step).items() if n < 0}
    constant = terms.rate(step) / terms.reaction.by_name[name].metals / np.prod([*taken.values()])
    for k, counts in enumerate(terms.layout.counts[name].tolist()):
        entry = terms.entry(name, k)
        used = {metal: -n for metal, n in zip(metals, counts, strict=True)}
        change = _summed({entry: 1}, used, terms.pool_change(step))
        for actors, factor in terms.acting(step):
            yield Elementary((*actors, *taken), change, float(constant) * factor, entry)


MAKERS: Mapping[Kind, Callable[[_Terms, Step], Iterator[Elementary]]] = {
    "loss": _loss, "conversion": _conversion, "meeting": _meeting, "growth": _growth,
    "pools": _among_pools,
}  # fmt: skip
