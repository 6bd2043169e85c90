"""Every elementary reaction that a declared reaction stands for, one by one.

The obvious form of the kinetics, which `network` computes faster: for tests, for other programs,
and to read: `A(3) + C(40) -> A(4) + C(39)`, x in parentheses.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from alloyscope.reaction.expansion import Elementary, families
from alloyscope.reaction.kinetics.elementary import ElementaryArrays
from alloyscope.reaction.layout import Layout, layout_of
from alloyscope.reaction.reaction import Reaction
from alloyscope.reaction.thermodynamics import free_energies

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class ExplicitReactions:
    """All elementary reactions, by the family they belong to."""

    reaction: Reaction
    layout: Layout
    families: Mapping[str, tuple[Elementary, ...]]

    def __len__(self) -> int:
        return sum(map(len, self.families.values()))

    def __iter__(self) -> Iterator[Elementary]:
        for family in self.families.values():
            yield from family

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Of every entry of the state: A(3), or A(3,1) of three metals; pools as they are."""
        clusters = [
            f"{name}({','.join(map(str, counts[:-1]))})"
            for name, rows in self.layout.counts.items()
            for counts in rows.tolist()
        ]
        return (*clusters, *self.layout.pools)

    def text(self, one: Elementary) -> str:
        """A reaction as people write it."""
        left = Counter(one.takes)
        for entry, n in one.change.items():
            left[entry] = max(left[entry], -n)
        right = Counter(left)
        right.update(one.change)
        return f"{self._side(left)} -> {self._side(right)}"

    def _side(self, side: Mapping[int, int]) -> str:
        return " + ".join(self.names[k] if n == 1 else f"{n} {self.names[k]}"
                          for k, n in sorted(side.items()) if n)  # fmt: skip

    @cached_property
    def arrays(self) -> ElementaryArrays:
        """The reactions as arrays for `kinetics.elementary`."""
        every = tuple(self)
        most = max((len(one.takes) for one in every), default=1)
        factors = np.full((len(every), most), -1, np.int64)
        for r, one in enumerate(every):
            factors[r, : len(one.takes)] = one.takes
        changes = [pair for one in every for pair in one.change.items()]
        first = np.concatenate([[0], np.cumsum([len(one.change) for one in every], dtype=np.int64)])
        drawn, spans, energies, counts = self._drawn(every)
        return ElementaryArrays(
            factors, np.array([one.constant for one in every], float), first.astype(np.int64),
            np.array([entry for entry, _ in changes], np.int64),
            np.array([n for _, n in changes], float), drawn, energies, counts, spans,
            np.array([self.layout.pool(metal) for metal in self.reaction.metals], np.int64),
        )  # fmt: skip

    def _drawn(self, every: tuple[Elementary, ...]) -> tuple[Ints, Ints, Floats, Floats]:
        """Which composition each reaction draws, and what decides among them."""
        grown = sorted({one.drawn for one in every if one.drawn >= 0})
        names = [name for name, own in self.layout.slices.items() if own.start in grown]
        energies, start, spans, row = free_energies(self.reaction), 0, [], dict[int, int]()
        for name in names:
            own = self.layout.slices[name]
            row |= {entry: start + k for k, entry in enumerate(range(own.start, own.stop))}
            spans.append((start, start := start + own.stop - own.start))
        n_metals = len(self.reaction.metals)
        counts = [self.layout.counts[name] for name in names]
        return (
            np.array([row.get(one.drawn, -1) for one in every], np.int64),
            np.array(spans, np.int64).reshape(-1, 2),
            np.concatenate([np.zeros(0), *(-energies[name].total for name in names)]),
            np.concatenate([np.zeros((0, n_metals)), *counts]).astype(float),
        )  # fmt: skip


def explicit_reactions(reaction: Reaction) -> ExplicitReactions:
    """Every elementary reaction of a declared reaction.

    Raises ReactionError for a step of no known kind.

    >>> from pathlib import Path
    >>> from alloyscope.case import read_case
    >>> from alloyscope.case.reaction import reaction_of
    >>> from alloyscope.chemistry import default_vocabulary
    >>> case = read_case(Path("au25-ag25"))
    >>> found = explicit_reactions(reaction_of(case, default_vocabulary()))
    >>> print(found.text(found.families["metal exchange between clusters"][1]))
    M25S18(0) + M25S18(3) -> M25S18(1) + M25S18(2)
    """
    layout = layout_of(reaction)
    return ExplicitReactions(reaction, layout, families(reaction, layout))


def listing(reaction: Reaction) -> str:
    """How many elementary reactions there are of each family, with constants and an example."""
    found = explicit_reactions(reaction)
    lines = [f"{len(found):,} reactions; constants in 1/min at amounts per cluster fed"]
    for family, members in found.families.items():
        lines.append(f"{family}: {len(members):,}")
        if members:
            constants = [one.constant for one in members]
            fastest = members[int(np.argmax(constants))]
            lines.append(f"    {min(constants):.3g} to {max(constants):.3g}, the fastest "
                         f"{found.text(fastest)}")  # fmt: skip
    return "\n".join(lines)
