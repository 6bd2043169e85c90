"""From a declared reaction to the arrays that the kernels integrate.

Units: kT, minutes, and amounts per so much of the mixture as holds `reaction.size` metal atoms.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import reverse_cuthill_mckee

from alloyscope.errors import ReactionError, message
from alloyscope.reaction.kinds import MOST_FACTORS, Kind, kind_of, pools_of
from alloyscope.reaction.kinetics.among_pools import PoolArrays
from alloyscope.reaction.kinetics.conversion import ConversionArrays
from alloyscope.reaction.kinetics.exchange import ExchangeArrays
from alloyscope.reaction.kinetics.growth import GrowthArrays
from alloyscope.reaction.kinetics.loss import LossArrays
from alloyscope.reaction.kinetics.meeting import MeetingArrays
from alloyscope.reaction.kinetics.parts import Drive
from alloyscope.reaction.layout import Layout, layout_of
from alloyscope.reaction.parameter import resolved
from alloyscope.reaction.reaction import DARK, ELECTRON, LIGAND, METAL, Reaction, Step
from alloyscope.reaction.thermodynamics import FreeEnergies, chemical_potentials, free_energies

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
STEEPEST = 600.0
"""Exponents are cut here, so that no rate is infinite."""


class Network(NamedTuple):
    """A reaction as arrays; y is n populations, then z pools.

    place, width : (n,) row of each population in the banded matrix, and its bandwidth
    n_border     : columns of its border: pools, then sums
    contents     : (n + z, n_metals + 2) metals, ligands, electrons
    closing      : (n_metals + 2,) the pool that each balance is closed with
    """

    place: Ints
    width: int
    n_border: int
    contents: Floats
    closing: Ints
    exchange: ExchangeArrays
    loss: LossArrays
    conversion: ConversionArrays
    meeting: MeetingArrays
    growth: GrowthArrays
    pools: PoolArrays


@dataclass
class _Build:
    """What the compilation of every kind needs, and the next free column of the border."""

    reaction: Reaction
    layout: Layout
    energies: dict[str, FreeEnergies]
    potentials: dict[str, float]
    column: int

    def next_columns(self, n: int) -> int:
        """Take n columns of the border."""
        first = self.column
        self.column += n
        return first


def network_of(reaction: Reaction) -> Network:
    """The arrays of a reaction.

    Raises ReactionError for a step whose kind is not known.
    """
    layout = layout_of(reaction)
    build = _Build(reaction, layout, free_energies(reaction), chemical_potentials(reaction),
                   len(layout.pools))  # fmt: skip
    steps: dict[Kind, list[Step]] = {
        kind: [] for kind in ("loss", "conversion", "meeting", "growth", "pools")
    }
    for step in reaction.steps:
        steps[kind_of(step, reaction)].append(step)
    exchange = _exchange(build)
    conversion = _conversion(build, steps["conversion"])
    loss, meeting = _loss(build, steps["loss"]), _meeting(build, steps["meeting"])
    growth, pools = _growth(build, steps["growth"]), _among_pools(build, steps["pools"])
    place, width = _banded(layout.n_states, exchange, conversion)
    closing = [*map(layout.pool, reaction.metals), layout.pool(LIGAND), layout.pool(ELECTRON)]
    return Network(place, width, build.column, layout.contents, np.array(closing, np.int64),
                   exchange, loss, conversion, meeting, growth, pools)  # fmt: skip


def _banded(n: int, exchange: ExchangeArrays, conversion: ConversionArrays) -> tuple[Ints, int]:
    """An order of the populations that keeps those that turn into one another close together."""
    rows = np.concatenate([exchange.low, conversion.source])
    columns = np.concatenate([exchange.high, conversion.target])
    graph = csr_array((np.ones(rows.size), (rows, columns)), shape=(n, n))
    order = reverse_cuthill_mckee(csr_array(graph + graph.T), symmetric_mode=True)
    place = np.empty(n, np.int64)
    place[order] = np.arange(n)
    return place, int(np.abs(place[rows] - place[columns]).max(initial=0))


def _drive(build: _Build, steps: Sequence[Step]) -> Drive:
    """What drives steps, and what they do to the pools."""
    reaction, layout = build.reaction, build.layout
    n, z, many = layout.n_states, len(layout.pools), len(steps)
    forward = np.full((many, MOST_FACTORS), -1, np.int64)
    backward = forward.copy()
    constant, actor = np.ones(many), np.zeros((many, n))
    column, stoich = np.full(many, -1, np.int64), np.zeros((many, z))
    for s, step in enumerate(steps):
        _factors(step.equation.left, layout, forward[s])
        _factors(step.equation.right, layout, backward[s])
        acting = [f for f in step.equation.spectators if f in reaction.by_name]
        for name in acting:
            own = layout.slices[name]
            fade = np.zeros(own.stop - own.start)
            for metal, q in step.quench:
                counts = layout.counts[name][:, reaction.metals.index(metal)]
                fade += resolved(q, reaction.values) * counts
            constant[s], actor[s, own] = 0.0, np.exp(-np.clip(fade, -STEEPEST, STEEPEST))
            column[s] = build.next_columns(1)
        for name, change in step.equation.change.items():
            if name in layout.pools:
                stoich[s, layout.pools.index(name)] = change
    return Drive(forward, backward, constant, actor, column, stoich)


def _factors(side: tuple[tuple[str, int], ...], layout: Layout, row: Ints) -> None:
    """Fill in the pools of one side, each as often as it stands there.

    Sides of more pools, or of M, are those of losses and growth, which no rate is a product of.
    """
    entries = pools_of(side, layout.pools)
    if METAL not in dict(side) and len(entries) <= MOST_FACTORS:
        row[: len(entries)] = [layout.pool(name) for name in entries]


def _rate(build: _Build, step: Step) -> float:
    return resolved(step.rate, build.reaction.values)


def _both_ways(rate: float | Floats, change: Floats, step: Step) -> tuple[Floats, Floats]:
    """Constants forth and back, in detailed balance by the free energy change where reversible."""
    if not step.equation.reversible:
        return rate + 0.0 * change, 0.0 * change
    change = np.clip(change, -STEEPEST, STEEPEST)
    return rate / (1.0 + np.exp(change)), rate / (1.0 + np.exp(-change))


def _slopes(build: _Build, step: Step, framework: str) -> Floats:
    """(n_states,) factor on the rate of each composition; 1 for the parent's, where it has one."""
    slope = resolved(step.slope, build.reaction.values)
    excess, reference = build.energies[framework].excess, 0.0
    for parent in build.reaction.parents:
        if parent.framework == framework:
            held = parent.counts(build.reaction.metals)
            own = build.layout.slices[framework].start
            reference = float(excess[build.layout.state(framework, held) - own])
            break
    return np.asarray(np.exp(np.clip(slope * (excess - reference), -STEEPEST, STEEPEST)))


def _pool_energy(build: _Build, step: Step) -> float:
    """Standard free energy of the pools made less that of those used up."""
    return sum(build.potentials.get(name, 0.0) * n for name, n in step.equation.change.items())


def _changed(build: _Build, step: Step, sign: int) -> list[str]:
    """Frameworks used up (-1) or made (+1), each as often as it is."""
    change = step.equation.change
    order = step.equation.left if sign < 0 else step.equation.right
    return [name for name, _ in order if name in build.reaction.by_name
            for _ in range(sign * change.get(name, 0))]  # fmt: skip


def _exchange(build: _Build) -> ExchangeArrays:
    reaction, layout, asked = build.reaction, build.layout, build.reaction.exchange
    pairs = [
        (i, j) for i in range(len(reaction.metals)) for j in range(i + 1, len(reaction.metals))
    ]
    low, high, pair, up, down = [], [], [], [], []
    for f in reaction.frameworks if asked else ():
        counts, total = layout.counts[f.name], build.energies[f.name].total
        where = {tuple(row): k for k, row in enumerate(counts.tolist())}
        lability = resolved(f.lability, reaction.values)
        for p, (i, j) in enumerate(pairs):
            for row, k in where.items():
                swapped = list(row)
                swapped[i] += 1
                swapped[j] -= 1
                other = where.get(tuple(swapped))
                if other is None:
                    continue
                step = float(np.clip(total[other] - total[k], -STEEPEST, STEEPEST))
                low.append(layout.slices[f.name].start + k)
                high.append(layout.slices[f.name].start + other)
                pair.append(p)
                up.append(lability / (1.0 + np.exp(step)))
                down.append(lability / (1.0 + np.exp(-step)))
    pools = [(layout.pool(reaction.metals[i]), layout.pool(reaction.metals[j])) for i, j in pairs]
    return ExchangeArrays(
        np.array(low, np.int64), np.array(high, np.int64), np.array(pair, np.int64),
        np.array(up, float), np.array(down, float),
        np.array([i for i, _ in pools], np.int64), np.array([j for _, j in pools], np.int64),
        build.next_columns(2 * len(pairs)),
        resolved(asked.clusters, reaction.values) if asked else 0.0,
        resolved(asked.complexes, reaction.values) if asked else 0.0,
    )  # fmt: skip


def _spans(build: _Build, names: Sequence[str]) -> Ints:
    slices = [build.layout.slices[name] for name in names]
    return np.array([(s.start, s.stop) for s in slices], np.int64).reshape(-1, 2)


def _loss(build: _Build, steps: Sequence[Step]) -> LossArrays:
    names = [_changed(build, step, -1)[0] for step in steps]
    target = np.zeros((len(steps), build.layout.n_states))
    for s, (step, name) in enumerate(zip(steps, names, strict=True)):
        target[s, build.layout.slices[name]] = _rate(build, step) * _slopes(build, step, name)
    drive = _drive(build, steps)
    first = build.reaction.metals[0]
    hidden = [DARK + METAL in step.equation.change for step in steps]
    into = [build.layout.pools.index(DARK + first if dark else first) for dark in hidden]
    return LossArrays(_spans(build, names), target, build.layout.composition.astype(float),
                      np.array(into, np.int64), drive)  # fmt: skip


def _growth(build: _Build, steps: Sequence[Step]) -> GrowthArrays:
    names = [_changed(build, step, 1)[0] for step in steps]
    weight = np.concatenate([-build.energies[f].total for f in build.layout.slices])
    frameworks = [build.reaction.by_name[name] for name in names]
    return GrowthArrays(
        _spans(build, names), weight, np.array([_rate(build, step) for step in steps], float),
        np.array([f.metals for f in frameworks], float), build.layout.composition.astype(float),
        _drive(build, steps),
    )  # fmt: skip


def _conversion(build: _Build, steps: Sequence[Step]) -> ConversionArrays:
    source, target, number, forward, backward = [], [], [], [], []
    for s, step in enumerate(steps):
        a, b = _changed(build, step, -1)[0], _changed(build, step, 1)[0]
        if build.reaction.by_name[a].metals != build.reaction.by_name[b].metals:
            raise ReactionError(
                message(f'step "{step.equation}"', found="frameworks of unequal metals",
                        expected="equal numbers of metal atoms")
            )  # fmt: skip
        change = build.energies[b].total - build.energies[a].total + _pool_energy(build, step)
        rate = _rate(build, step) * _slopes(build, step, a)
        forth, back = _both_ways(rate, change, step)
        many = change.size
        source.append(build.layout.slices[a].start + np.arange(many))
        target.append(build.layout.slices[b].start + np.arange(many))
        number.append(np.full(many, s))
        forward.append(forth)
        backward.append(back)
    return ConversionArrays(
        _joined(source).astype(np.int64), _joined(target).astype(np.int64),
        _joined(number).astype(np.int64), _joined(forward), _joined(backward),
        _drive(build, steps),
    )  # fmt: skip


def _joined(arrays: Sequence[Floats | Ints]) -> Floats:
    return np.concatenate(arrays).astype(float) if arrays else np.zeros(0)


def _among_pools(build: _Build, steps: Sequence[Step]) -> PoolArrays:
    forward, backward = np.zeros(len(steps)), np.zeros(len(steps))
    for s, step in enumerate(steps):
        change = np.array(_pool_energy(build, step))
        forward[s], backward[s] = _both_ways(_rate(build, step), change, step)
    return PoolArrays(forward, backward, _drive(build, steps))


def _meeting(build: _Build, steps: Sequence[Step]) -> MeetingArrays:
    members = [(*_changed(build, step, -1), *_changed(build, step, 1)) for step in steps]
    counts = [[build.layout.counts[f] for f in four] for four in members]
    most = max((len(c) for four in counts for c in four), default=1)
    strides = [int(four[0].sum(axis=1)[0] + four[1].sum(axis=1)[0]) + 1 for four in counts]
    n_keys = max((s ** (len(build.reaction.metals) - 1) for s in strides), default=1)
    many = len(steps)
    key = np.zeros((many, 4, most), np.int64)
    weight, back_weight = np.zeros((2, many, most, most))
    alpha, beta = np.zeros((many, n_keys)), np.zeros((many, n_keys))
    column = np.zeros((many, 4), np.int64)
    for s, step in enumerate(steps):
        powers = strides[s] ** np.arange(len(build.reaction.metals) - 1)
        keys = [c[:, :-1] @ powers for c in counts[s]]
        for member in range(4):
            key[s, member, : len(keys[member])] = keys[member]
        energies = [build.energies[f].total for f in members[s]]
        made = _weigh(keys[2], keys[3], energies[2], energies[3], n_keys, weight[s])
        lost = _weigh(keys[0], keys[1], energies[0], energies[1], n_keys, back_weight[s])
        possible = np.isfinite(lost)
        ratio = np.zeros(n_keys)
        ratio[possible] = lost[possible] - made[possible] + _pool_energy(build, step)
        alpha[s], beta[s] = _both_ways(_rate(build, step), ratio, step)
        names = list(dict.fromkeys(members[s]))
        first = build.next_columns(len(names))
        column[s] = [first + names.index(name) for name in members[s]]
    spans = np.array([_spans(build, four) for four in members], np.int64).reshape(-1, 4, 2)
    return MeetingArrays(spans, key, alpha, beta, weight, back_weight, column,
                         len(build.reaction.metals) == 2, _drive(build, steps))  # fmt: skip


def _log_total(key_a: Ints, key_b: Ints, g_a: Floats, g_b: Floats, n_keys: int) -> Floats:
    """(n_keys,) log of the summed Boltzmann weights of all pairs of a total composition."""
    keys = (key_a[:, None] + key_b[None, :]).ravel()
    logs = -(g_a[:, None] + g_b[None, :]).ravel()
    found = np.full(n_keys, -np.inf)
    np.maximum.at(found, keys, logs)
    summed = np.bincount(keys, np.exp(logs - found[keys]), minlength=n_keys)
    found[summed > 0] += np.log(summed[summed > 0])
    return found


def _weigh(
    key_a: Ints, key_b: Ints, g_a: Floats, g_b: Floats, n_keys: int, weight: Floats
) -> Floats:
    """Fill in the Boltzmann weight of each pair among those of its total composition.

    Returns (n_keys,) the log of the sum over them.
    """
    total = _log_total(key_a, key_b, g_a, g_b, n_keys)
    keys = key_a[:, None] + key_b[None, :]
    logs = -(g_a[:, None] + g_b[None, :]) - total[keys]
    weight[: key_a.size, : key_b.size] = np.exp(logs)
    return total
