"""How the steps of a reaction carry ligands between frameworks and pools.

Metal exchange carries none. Ligands of all that is used up in a step are shared at random among
all that is made.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from alloyscope.reaction.kinds import Kind, kind_of
from alloyscope.reaction.kinetics.parts import Drive, activity, product
from alloyscope.reaction.layout import Layout
from alloyscope.reaction.network import Network, network_of
from alloyscope.reaction.reaction import DARK, DISULFIDE, LIGAND, Reaction
from alloyscope.reaction.trajectory import Trajectory

Floats = NDArray[np.float64]
POOLS = (LIGAND, DISULFIDE, DARK + LIGAND)
SMALL = 1e-14


@dataclass(frozen=True)
class Flow:
    """One direction of one step.

    kind, number, backward : which rate it has
    taken, made : (reservoir, how many, ligands of each) of what holds ligands
    """

    kind: Kind
    number: int
    backward: bool
    taken: tuple[tuple[int, int, int], ...]
    made: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, eq=False)
class LigandFlows:
    """Reservoirs of ligands, and the flows between them.

    reservoirs : frameworks in the reaction's order, then the pools that hold ligands
    sizes      : (n_reservoirs,) ligands of one cluster, or of one molecule of a pool
    flows      : both directions of every step
    """

    reaction: Reaction
    layout: Layout
    network: Network
    reservoirs: tuple[str, ...]
    sizes: tuple[int, ...]
    flows: tuple[Flow, ...]

    @classmethod
    def of(cls, reaction: Reaction, layout: Layout) -> LigandFlows:
        """Of a reaction."""
        names = (*reaction.by_name, *(name for name in POOLS if name in layout.pools))
        sizes = tuple(reaction.contents[name].ligands for name in names)
        return cls(reaction, layout, network_of(reaction), names, sizes,
                   tuple(_flows(reaction, names, sizes)))  # fmt: skip

    @cached_property
    def stoichiometry(self) -> Floats:
        """(n_reservoirs, n_flows) ligands that each reservoir gains by one event."""
        found = np.zeros((len(self.reservoirs), len(self.flows)))
        for column, flow in enumerate(self.flows):
            for sign, side in ((-1, flow.taken), (1, flow.made)):
                for row, n, ligands in side:
                    found[row, column] += sign * n * ligands
        return found

    def held(self, run: Trajectory) -> Floats:
        """(n_times, n_reservoirs) ligands, per so much as holds `reaction.size` metal atoms."""
        rows = [run.amounts[:, self.layout.slices[name]].sum(axis=1) for name in
                self.reaction.by_name]  # fmt: skip
        rows += [run.amounts[:, self.layout.pool(name)]
                 for name in self.reservoirs[len(self.reaction.by_name) :]]  # fmt: skip
        held = np.stack(rows, axis=1) * np.array(self.sizes, float)
        return np.asarray(np.maximum(held, 0.0))

    def rates(self, y: Floats) -> Floats:
        """(n_flows,) events per minute in a state."""
        return np.array([max(_rate(y, self.network, flow), 0.0) for flow in self.flows])

    def extents(self, run: Trajectory, held: Floats, clock: float = 1.0) -> Floats:
        """(n_times - 1, n_flows) events between each time and the next.

        The rates' integral, changed by as little as makes it agree with what reservoirs hold.
        clock : factor on all rates
        """
        rates = np.array([self.rates(y) for y in run.amounts]) * clock
        rough = 0.5 * (rates[1:] + rates[:-1]) * np.diff(run.times)[:, None]
        found, now = np.empty_like(rough), held[0].copy()
        for row, guess in enumerate(rough):
            found[row] = self._agreeing(guess, held[row + 1] - now)
            now = now + self.stoichiometry @ found[row]
        return found

    def _agreeing(self, guess: Floats, change: Floats) -> Floats:
        weight = guess + SMALL
        lacking = change - self.stoichiometry @ guess
        more = np.linalg.lstsq(self.stoichiometry * weight, lacking, rcond=1e-12)[0]
        return np.maximum(guess + weight * more, 0.0)


def _flows(reaction: Reaction, names: tuple[str, ...], sizes: tuple[int, ...]) -> list[Flow]:
    numbers: dict[Kind, int] = {}
    found = []
    for step in reaction.steps:
        kind = kind_of(step, reaction)
        number = numbers.get(kind, 0)
        numbers[kind] = number + 1
        change = [(names.index(name), n, sizes[names.index(name)])
                  for name, n in step.equation.change.items() if name in names]  # fmt: skip
        taken = tuple((row, -n, size) for row, n, size in change if n < 0)
        made = tuple((row, n, size) for row, n, size in change if n > 0)
        if not taken or not made:
            continue
        found.append(Flow(kind, number, False, taken, made))
        if step.equation.reversible:
            found.append(Flow(kind, number, True, made, taken))
    return found


def _rate(y: Floats, net: Network, flow: Flow) -> float:
    """Events per minute of one direction of a step."""
    s = flow.number
    if flow.kind == "growth":
        return _growth(y, net, s)
    drive: Drive = getattr(net, flow.kind).drive
    entries = drive.backward[s] if flow.backward else drive.forward[s]
    return float(product(y, entries) * activity(y, drive, s) * _clusters(y, net, flow))


def _clusters(y: Floats, net: Network, flow: Flow) -> float:
    """What the clusters that are used up contribute to a rate."""
    s = flow.number
    if flow.kind == "loss":
        return float(net.loss.target[s] @ y[: net.loss.target.shape[1]])
    if flow.kind == "conversion":
        own, x = net.conversion.step == s, net.conversion
        if flow.backward:
            return float(x.backward[own] @ y[x.target[own]])
        return float(x.forward[own] @ y[x.source[own]])
    if flow.kind == "meeting":
        return _met(y, net, s, flow.backward)
    return float((net.pools.backward if flow.backward else net.pools.forward)[s])


def _met(y: Floats, net: Network, s: int, backward: bool) -> float:
    x, first = net.meeting, 2 if backward else 0
    constant = (x.beta if backward else x.alpha)[s]
    spans = x.span[s, first : first + 2]
    a, b = (np.maximum(y[low:high], 0.0) for low, high in spans)
    keys = x.key[s, first, : a.size, None] + x.key[s, first + 1, None, : b.size]
    return float(a @ constant[keys] @ b)


def _growth(y: Floats, net: Network, s: int) -> float:
    x = net.growth
    n, n_metals = x.counts.shape
    found = float(x.rate[s] * activity(y, x.drive, s) * y[n : n + n_metals].sum() / x.size[s])
    taken = x.drive.stoich[s, n_metals:]
    used = taken < 0
    return found * float(np.prod(y[n + n_metals :][used] / -taken[used]))
