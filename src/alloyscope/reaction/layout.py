"""Where each population and pool stands in the state of a reaction."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from alloyscope.errors import ReactionError, message
from alloyscope.reaction.reaction import (
    DARK,
    DISULFIDE,
    ELECTRON,
    LIGAND,
    METAL,
    OXIDISED,
    Reaction,
)
from alloyscope.reaction.thermodynamics import compositions

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Layout:
    """The order of a state: populations of every framework's compositions, then the pools.

    slices   : of each framework's populations, by name
    counts   : (n_states, n_metals) compositions, by framework name
    pools    : names, as equations write them: the metals, SR, RSSR, e, and those that steps use
    contents : (n_states + n_pools, n_metals + 2) metals, ligands and electrons of each entry
    """

    slices: dict[str, slice]
    counts: dict[str, Ints]
    pools: tuple[str, ...]
    contents: Floats

    @property
    def n_states(self) -> int:
        """Populations in all."""
        return len(self.contents) - len(self.pools)

    @cached_property
    def composition(self) -> Ints:
        """(n_states, n_metals) of every population."""
        return np.concatenate(list(self.counts.values()))

    def pool(self, name: str) -> int:
        """Where a pool stands. Raises ReactionError for one that there is not."""
        if name not in self.pools:
            raise ReactionError(
                message(f'pool "{name}"', found="no such pool", expected=", ".join(self.pools))
            )
        return self.n_states + self.pools.index(name)

    def state(self, framework: str, counts: tuple[int, ...]) -> int:
        """Where the population of a composition stands."""
        match = (self.counts[framework] == np.array(counts)).all(axis=1)
        return int(self.slices[framework].start) + int(np.flatnonzero(match)[0])


def layout_of(reaction: Reaction) -> Layout:
    """The order of this reaction's state."""
    used = {name for step in reaction.steps
            for name, _ in (*step.equation.left, *step.equation.right)}  # fmt: skip
    if DARK + METAL in used:
        used |= {DARK + metal for metal in reaction.metals}
    hidden = (OXIDISED, *(DARK + name for name in (*reaction.metals, LIGAND, ELECTRON)))
    pools = (*reaction.metals, LIGAND, DISULFIDE, ELECTRON, *(n for n in hidden if n in used))
    slices, counts, rows, start = {}, {}, [], 0
    for f in reaction.frameworks:
        counts[f.name] = compositions(f.metals, len(reaction.metals))
        stop = start + len(counts[f.name])
        slices[f.name] = slice(start, stop)
        start = stop
        held = np.broadcast_to([f.ligands, f.electrons], (len(counts[f.name]), 2))
        rows.append(np.hstack([counts[f.name], held]).astype(float))
    for name in pools:
        content = reaction.contents[name]
        metals = [float(dict(content.named).get(metal, 0)) for metal in reaction.metals]
        rows.append(np.array([[*metals, content.ligands, content.electrons]], float))
    return Layout(slices, counts, pools, np.concatenate(rows))
