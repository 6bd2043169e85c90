"""Simulated distributions of foreign ligands, and whether fits find what was put in."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from alloyscope.shells.compare import compare_shells
from alloyscope.shells.distribution import LigandDistribution, counts_of
from alloyscope.shells.fit import fit_shell
from alloyscope.shells.models import class_occupations
from alloyscope.shells.sites import LigandSites
from alloyscope.shells.statistics import cooperative_shell, random_shell, site_shell

Floats = NDArray[np.float64]
SHELLS = ((18, (12, 6)), (30, (24, 6)), (26, (18, 8)))
Draw = tuple[str, int, tuple[int, int], dict[str, float], Floats]
"""Model, sites, classes, true parameters by name, probabilities."""


def random_draw(rng: np.random.Generator) -> Draw:
    """A random shell."""
    n, classes = SHELLS[rng.integers(len(SHELLS))]
    mean = float(n * rng.uniform(0.1, 0.6))
    return "random", n, classes, {"mean": mean}, random_shell(n, mean)


def two_site_draw(rng: np.random.Generator) -> Draw:
    """Sites of unequal exchange constants."""
    n, classes = SHELLS[rng.integers(len(SHELLS))]
    mean, log_k = float(n * rng.uniform(0.2, 0.5)), float(rng.uniform(2.0, 4.0))
    log_k *= rng.choice((-1, 1))
    truth = {"mean": mean, "preference for class 2": float(np.exp(log_k))}
    occupied = class_occupations(np.array(classes, float), mean, log_k)
    return "two-site", n, classes, truth, site_shell(classes, occupied.tolist())


def cooperative_draw(rng: np.random.Generator) -> Draw:
    """Like ligands that attract or repel one another."""
    n, classes = SHELLS[rng.integers(len(SHELLS))]
    mean, energy = float(n * rng.uniform(0.15, 0.6)), float(rng.uniform(-2.0, 1.3))
    return ("cooperative", n, classes, {"mean": mean, "energy": energy},
            cooperative_shell(n, mean, energy))  # fmt: skip


DRAWS: dict[str, Callable[[np.random.Generator], Draw]] = {
    "random": random_draw, "two-site": two_site_draw, "cooperative": cooperative_draw,
}  # fmt: skip


def measured(draw: Draw, rng: np.random.Generator, counted: bool) -> LigandDistribution:
    """Ions counted; or amounts with errors of their own and one of their scale."""
    _, n, _, _, p = draw
    k = np.arange(n + 1)
    if counted:
        ions = rng.multinomial(int(10 ** rng.uniform(2.5, 4.5)), p).astype(float)
        seen = np.flatnonzero(ions)
        span = slice(max(seen[0] - 1, 0), seen[-1] + 2)
        return counts_of(k[span], ions[span], n)
    own = np.diag((0.05 * p + 1e-4) ** 2) + 0.05**2 * np.outer(p, p)
    amount = rng.multivariate_normal(p, own)
    kept = p > 1e-3
    return LigandDistribution("L", "", n, k[kept], amount[kept], own[np.ix_(kept, kept)])


def covered(model: str, many: int, seed: int) -> dict[str, float]:
    """Share of the 95 % intervals of each parameter that hold the truth."""
    rng = np.random.default_rng(seed)
    hits: dict[str, list[bool]] = {}
    for number in range(many):
        draw = DRAWS[model](rng)
        seen = measured(draw, rng, counted=number % 2 == 0)
        sites = LigandSites(("class 1", "class 2"), draw[2])
        fit = fit_shell(seen, model, sites)
        for name, truth in draw[3].items():
            one = fit.parameter(name)
            hits.setdefault(name, []).append(one.low <= truth <= one.high)
    return {name: float(np.mean(found)) for name, found in hits.items()}


def verdicts(model: str, many: int, seed: int) -> dict[str, int]:
    """How often each verdict is given for shells of a model."""
    rng = np.random.default_rng(seed)
    found: dict[str, int] = {}
    for number in range(many):
        draw = DRAWS[model](rng)
        seen = measured(draw, rng, counted=number % 2 == 0)
        sites = LigandSites(("class 1", "class 2"), draw[2])
        kind = compare_shells(seen, sites, intervals=False).kind
        found[kind] = found.get(kind, 0) + 1
    return found
