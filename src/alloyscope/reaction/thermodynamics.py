"""Free energies of compositions, from the partition function over site classes.

G_f(n) = g_f - ln sum over {n_s : sum_s n_s = n} prod_s w_s(n_s)
w_s(n_s) = N_s! / prod_m n_sm! * exp(-sum_m [n_sm eps_sm + J_sm n_sm (n_sm - 1) / (N_s - 1)])

in kT, with eps relative to the last metal in the same site and to the pool, whose metals have no
preference. Placements are counted as labelled ones; homotops follow from them by symmetry.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from alloyscope.errors import ReactionError, message
from alloyscope.reaction.framework import Framework, SiteClass
from alloyscope.reaction.parameter import resolved
from alloyscope.reaction.reaction import Reaction

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def compositions(n_atoms: int, n_metals: int) -> Ints:
    """(n_states, n_metals) ways to make up `n_atoms`, the first metal's count ascending.

    >>> compositions(2, 2).tolist()
    [[0, 2], [1, 1], [2, 0]]
    """
    rows = [
        (*some, n_atoms - sum(some))
        for some in product(range(n_atoms + 1), repeat=n_metals - 1)
        if sum(some) <= n_atoms
    ]
    return np.array(rows, np.int64)


@dataclass(frozen=True, eq=False)
class FreeEnergies:
    """Free energies of one framework's compositions.

    counts : (n_states, n_metals)
    total  : (n_states,) G, kT
    excess : (n_states,) G over that of ideal mixing, 0 for the pure last metal
    """

    counts: Ints
    total: Floats
    excess: Floats


def free_energies(reaction: Reaction) -> dict[str, FreeEnergies]:
    """Free energies of every framework, by name.

    Raises ReactionError for levels that refer to one another in a circle.
    """
    found: dict[str, FreeEnergies] = {}
    waiting = list(reaction.frameworks)
    while waiting:
        ready = [f for f in waiting if f.level is None or f.level[0] in found]
        if not ready:
            names = ", ".join(f.name for f in waiting)
            raise ReactionError(
                message(f"level of {names}", found="frameworks that refer to one another, or to "
                        "none that is declared", expected="at least one with an energy")
            )  # fmt: skip
        for framework in ready:
            found[framework.name] = _of(framework, reaction, found)
        waiting = [f for f in waiting if f not in ready]
    return found


def chemical_potentials(reaction: Reaction) -> dict[str, float]:
    """Standard chemical potentials of SR, RSSR and e in the pool, kT; 0 where none is declared."""
    stated = {name: resolved(quantity, reaction.values) for name, quantity in reaction.potentials}
    return {"SR": 0.0, "RSSR": 0.0, "e": 0.0} | stated


def _of(
    framework: Framework, reaction: Reaction, found: Mapping[str, FreeEnergies]
) -> FreeEnergies:
    counts = compositions(framework.metals, len(reaction.metals))
    minus = -log_partition(framework, reaction.metals, reaction.values)
    ideal = -_log_placements(counts)
    energy = resolved(framework.energy, reaction.values)
    if framework.level is not None:
        other, where = framework.level
        x = resolved(where, reaction.values)
        energy = _at(found[other].counts, found[other].total, x) - _at(counts, minus, x)
    return FreeEnergies(counts, minus + energy, minus - ideal)


def _at(counts: Ints, total: Floats, x: float) -> float:
    """G, linear between whole numbers, at x atoms of the first metal and the rest of the last."""
    line = counts[:, 1:-1].sum(axis=1) == 0
    return float(np.interp(x, counts[line, 0], total[line]))


def log_partition(
    framework: Framework, metals: tuple[str, ...], values: Mapping[str, float]
) -> Floats:
    """(n_states,) log of the sum over all ways to place each composition on the sites."""
    n = len(metals) - 1
    whole = np.zeros((1,) * n)
    for site in framework.sites:
        whole = _log_convolved(whole, _log_weights(site, metals, values))
    counts = compositions(framework.metals, len(metals))
    return np.asarray(whole[tuple(counts[:, k] for k in range(n))])


def _log_weights(site: SiteClass, metals: tuple[str, ...], values: Mapping[str, float]) -> Floats:
    """(count + 1, ...) log weight of a class by the counts of all metals but the last."""
    counts = compositions(site.count, len(metals))
    weight = _log_placements(counts)
    for metal, quantity in site.energy.items():
        weight = weight - counts[:, metals.index(metal)] * resolved(quantity, values)
    for metal, quantity in site.cooperativity.items():
        n = counts[:, metals.index(metal)]
        pairs = n * (n - 1) / max(site.count - 1, 1)
        weight = weight - resolved(quantity, values) * pairs
    grid = np.full((site.count + 1,) * (len(metals) - 1), -np.inf)
    grid[tuple(counts[:, k] for k in range(len(metals) - 1))] = weight
    return grid


def _log_placements(counts: Ints) -> Floats:
    """(n_states,) log of the labelled placements of each composition."""
    n = counts.sum(axis=1)
    return np.asarray(gammaln(n + 1) - gammaln(counts + 1).sum(axis=1))


def _log_convolved(a: Floats, b: Floats) -> Floats:
    """Log of the convolution of two arrays given as logs."""
    shape = tuple(m + n - 1 for m, n in zip(a.shape, b.shape, strict=True))
    moved = np.full((b.size, *shape), -np.inf)
    for k, place in enumerate(np.ndindex(b.shape)):
        if np.isfinite(b[place]):
            window = tuple(slice(at, at + m) for at, m in zip(place, a.shape, strict=True))
            moved[k][window] = a + b[place]
    # With three metals or more some counts cannot be reached: their logarithm is minus infinity.
    most = np.where(np.isfinite(moved).any(axis=0), moved.max(axis=0), 0.0)
    with np.errstate(divide="ignore"):
        return np.asarray(most + np.log(np.exp(moved - most).sum(axis=0)))
