"""How much of what was fed the reported products can hold, and what that leaves.

A linear programme: amounts of every composition that the statements allow, not more of any metal,
ligand or electron than was fed, as much metal as can be. Ligands that are not held may have given
an electron each to become disulfide.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from alloyscope.errors import ReactionError, message
from alloyscope.reaction.layout import Layout, layout_of
from alloyscope.reaction.margins import STANDARD, Thresholds
from alloyscope.reaction.observation import Observation
from alloyscope.reaction.products import (
    ABOUT_PRODUCTS,
    AllowedX,
    Constraints,
    constraint_sets,
    named_products,
)
from alloyscope.reaction.ratio import ratio_name
from alloyscope.reaction.reaction import Reaction
from alloyscope.reaction.wording import percent

Floats = NDArray[np.float64]

ELECTRONS = "electrons"
LITTLE = 0.05
"""Share of the metal: of less that is missing, it is not said what it is like."""
FAR = 0.25
"""Distance, per metal atom, beyond which one thing is not like another."""
WHOLE = 1 - 1e-9


@dataclass(frozen=True, eq=False)
class Likeness:
    """What the missing matter is compared with.

    per_metal : ligands and electrons per metal atom
    distance  : from what is missing, in ligands, electrons and each metal per metal atom
    """

    name: str
    per_metal: tuple[float, float]
    distance: float


@dataclass(frozen=True, eq=False)
class Balance:
    """The audit of one ratio.

    t_min    : time of the statements, the last there is
    clusters : fed of each parent, in whole numbers where the ratio allows
    products : x of each framework that statements name
    names    : metals, ligand, electrons
    fed      : (n_names,) in the clusters fed
    held     : (n_names,) by the named products when they hold as much metal as they can
    most     : (n_names,) the most of each that they can hold, whatever becomes of the others
    loosest  : share of the metal that clusters can hold when all is allowed that no statement
               excludes
    likeness : what the missing matter is like, the likest first; none where little is missing
    """

    ratio: float
    t_min: float
    clusters: tuple[float, ...]
    products: AllowedX
    names: tuple[str, ...]
    fed: Floats
    held: Floats
    most: Floats
    loosest: float
    likeness: tuple[Likeness, ...] = ()

    @property
    def missing(self) -> Floats:
        """(n_names,) fed and not held; electrons below 0 were given by ligands."""
        return np.asarray(self.fed - self.held)

    @property
    def n_metals(self) -> int:
        """Kinds of metal."""
        return len(self.names) - 2

    @property
    def metal_held(self) -> float:
        """Share of all metal that the named products can hold."""
        return float(self.held[: self.n_metals].sum() / self.fed[: self.n_metals].sum())

    @property
    def fraction(self) -> Floats:
        """(n_names,) the most of each over what was fed; 1 where nothing was fed."""
        some = self.fed > 0
        return np.where(some, self.most / np.where(some, self.fed, 1.0), 1.0)

    @property
    def per_metal(self) -> tuple[float, float]:
        """Ligands and electrons that are missing, per missing metal atom."""
        metal = self.missing[: self.n_metals].sum()
        ligands, electrons = self.missing[self.n_metals :] / metal + 0.0
        return float(ligands), float(electrons)

    @property
    def verdict(self) -> str:
        """What is missing, whether it must be, and what it is like."""
        said = f"R = {ratio_name(self.ratio)}: the reported products can hold "
        said += f"{percent(self.metal_held)} of the metal."
        if not self.likeness:
            return said
        lost = ", ".join(f"{n:.0f} {name}" for name, n in zip(self.names, self.missing, strict=True)
                         if abs(n) >= 0.5)  # fmt: skip
        said += f" Of {' + '.join(f'{n:.3g}' for n in self.clusters)} clusters {lost} are missing"
        return f"{said}, {self._likest} {self._must}"

    def as_json(self) -> dict[str, Any]:
        """What was fed, held and is missing, in plain types."""
        amounts = {"fed": self.fed, "held": self.held, "missing": self.missing, "most": self.most}
        named = {key: dict(zip(self.names, map(float, values), strict=True))
                 for key, values in amounts.items()}  # fmt: skip
        return {
            "products": {f: list(seen) for f, seen in self.products.items()}, **named,
            "metal_held": self.metal_held, "metal_loosely": self.loosest,
            "verdict": self.verdict,
            "likeness": [{"name": one.name, "ligands_per_metal": one.per_metal[0],
                          "electrons_per_metal": one.per_metal[1], "distance": one.distance}
                         for one in self.likeness],
        }  # fmt: skip

    @property
    def _likest(self) -> str:
        ligands, electrons = self.per_metal
        here = f"{self.names[-2]}/M {ligands:.2f}, e/M {electrons:.2f}"
        nearest = self.likeness[0]
        if nearest.distance > FAR:
            return f"like no cluster or complex ({here})."
        there = f"{nearest.per_metal[0]:.2f}, {nearest.per_metal[1]:.2f}"
        return f"like {nearest.name} ({here}; there {there})."

    @property
    def _must(self) -> str:
        if 1 - self.loosest < LITTLE:
            return "What no statement excludes beside them could hold the rest."
        return f"With all that no statement excludes it is {percent(self.loosest)}."


@dataclass(frozen=True, eq=False)
class MassBalance:
    """The audit of every ratio, from the lowest to the highest.

    parents : names, in the order of each balance's `clusters`
    """

    balances: tuple[Balance, ...]
    parents: tuple[str, ...]

    def as_json(self) -> list[dict[str, Any]]:
        """Every balance in plain types."""
        return [
            {"ratio": ratio_name(one.ratio), "t_min": one.t_min,
             "clusters_fed": dict(zip(self.parents, one.clusters, strict=True)), **one.as_json()}
            for one in self.balances
        ]  # fmt: skip


def audit(
    reaction: Reaction, statements: Sequence[Observation], thresholds: Thresholds = STANDARD
) -> MassBalance:
    """Mass balance of the products reported at every ratio, at the last time there is.

    Raises ReactionError where no statement names a product, and where statements contradict one
    another.
    """
    layout = layout_of(reaction)
    told = [one for one in statements if one.kind in ABOUT_PRODUCTS]
    ratios = sorted({ratio for one in told for ratio in one.ratios})
    known = _known_x(told, reaction)
    found = [_balance(ratio, told, reaction, layout, thresholds, known) for ratio in ratios]
    balances = tuple(one for one in found if one is not None)
    if not balances:
        raise ReactionError(
            message("audit", found="no observation that names a product",
                    expected="framework_present, framework_dominant, coexist or a range of x")
        )  # fmt: skip
    return MassBalance(balances, tuple(parent.name for parent in reaction.parents))


def _balance(
    ratio: float, told: Iterable[Observation], reaction: Reaction, layout: Layout,
    thresholds: Thresholds, known: Mapping[str, tuple[int, int]],
) -> Balance | None:  # fmt: skip
    of_ratio = [one for one in told if ratio in one.ratios]
    last = max(one.t_min for one in of_ratio)
    here = [one for one in of_ratio if one.t_min == last]
    products = named_products(here, layout)
    _check_overlap(products, here, ratio)
    if not products:
        return None
    clusters = _feed(ratio)
    parents = [_contents_of(parent.composition, parent.framework, reaction)
               for parent in reaction.parents]  # fmt: skip
    fed = np.array(clusters) @ np.array(parents)
    named = next(iter(constraint_sets(here, layout, thresholds, "named")))
    holds = layout.contents[: layout.n_states]
    metal = holds[:, :-2].sum(axis=1)
    held = holds.T @ _most(metal, named, holds, fed)
    most = np.array([one @ _most(one, named, holds, fed) for one in holds.T])
    loosest = _most_of_any(constraint_sets(here, layout, thresholds, "loose"), metal, holds, fed)
    names = (*reaction.metals, reaction.ligand, ELECTRONS)
    balance = Balance(ratio, last, clusters, products, names, fed, held, most, loosest)
    return _compared(balance, reaction, known)


def _check_overlap(products: AllowedX, here: Iterable[Observation], ratio: float) -> None:
    empty = [f for f, seen in products.items() if not seen]
    if empty:
        ids = ", ".join(one.id for one in here if set(one.f) & set(empty))
        raise ReactionError(
            message(f"observations {ids}", found=f"no x left for {', '.join(empty)} at R = "
                    f"{ratio_name(ratio)}", expected="ranges of x that overlap")
        )  # fmt: skip


def _most_of_any(sets: Iterable[Constraints], metal: Floats, holds: Floats, fed: Floats) -> float:
    """Greatest share of the metal that any of the sets of constraints lets clusters hold."""
    best, whole = 0.0, fed[:-2].sum()
    for allowed in sets:
        best = max(best, float(metal @ _most(metal, allowed, holds, fed) / whole))
        if best > WHOLE:
            break
    return best


def _most(value: Floats, allowed: Constraints, holds: Floats, fed: Floats) -> Floats:
    """(n_states,) amounts that make value @ n as large as it can be.

    Electrons held may exceed those fed by the ligands not held: two of them become disulfide.
    """
    stock = holds.copy()
    stock[:, -1] += stock[:, -2]
    limit = fed.copy()
    limit[-1] += limit[-2]
    rows = np.concatenate([stock.T, allowed.rows])
    bounds = np.concatenate([limit, np.zeros(len(allowed.rows))])
    upper = np.where(allowed.allowed, np.inf, 0.0)
    found = linprog(-value, rows, bounds, bounds=np.stack([np.zeros(upper.size), upper], axis=1),
                    method="highs")  # fmt: skip
    if found.x is None:
        raise ReactionError(
            message("audit", found=f"a linear programme without solution: {found.message}",
                    expected="statements that amounts can meet")
        )  # fmt: skip
    return np.maximum(np.asarray(found.x, np.float64), 0.0)


def _compared(
    balance: Balance, reaction: Reaction, known: Mapping[str, tuple[int, int]]
) -> Balance:
    """The balance with what the missing matter is like, where there is enough of it."""
    if 1 - balance.metal_held < LITTLE:
        return balance
    n = len(reaction.metals)
    missing = balance.missing / balance.missing[:n].sum()
    found = [_likeness("M(I)-SR complexes", np.array([*missing[:n], 1.0, 0.0]), missing, n)]
    for parent in reaction.parents:
        content = _contents_of(parent.composition, parent.framework, reaction)
        found.append(_likeness(f"{parent.name} ({parent.framework})", content, missing, n))
    for name, (low, high) in known.items():
        framework, seen = reaction.by_name[name], balance.products.get(name, (low, high))
        x = float(np.clip(missing[0] * framework.metals, seen[0], seen[-1]))
        rest = missing[1:n] / max(missing[1:n].sum(), 1e-12)
        rest = rest if rest.any() else np.full(n - 1, 1 / (n - 1))
        held = [x, *rest * (framework.metals - x), framework.ligands, framework.electrons]
        found.append(_likeness(name, np.array(held), missing, n))
    return replace(balance, likeness=tuple(sorted(found, key=lambda like: like.distance)))


def _known_x(told: Iterable[Observation], reaction: Reaction) -> dict[str, tuple[int, int]]:
    """By framework, least and greatest x that any statement gives it, at whatever ratio."""
    found: dict[str, tuple[int, int]] = {}
    for one in told:
        if one.lo is not None and one.hi is not None:
            low, high = found.get(one.f[0], (reaction.size, 0))
            found[one.f[0]] = min(low, int(one.lo)), max(high, int(one.hi))
    return found


def _likeness(name: str, content: Floats, missing: Floats, n_metals: int) -> Likeness:
    per_metal = content / content[:n_metals].sum()
    distance = float(np.linalg.norm(per_metal - missing))
    return Likeness(name, (float(per_metal[-2]), float(per_metal[-1])), distance)


def _contents_of(composition: Mapping[str, int], framework: str, reaction: Reaction) -> Floats:
    """Metals, ligands and electrons of a cluster."""
    held = composition
    own = reaction.by_name[framework]
    return np.array([*(held.get(m, 0) for m in reaction.metals), own.ligands, own.electrons], float)


def _feed(ratio: float) -> tuple[float, float]:
    """Clusters of either parent, whole numbers where small ones will do."""
    if not np.isfinite(ratio):
        return 1.0, 0.0
    near = Fraction(ratio).limit_denominator(100)
    if abs(near - Fraction(ratio)) < 1e-9:
        return float(near.numerator), float(near.denominator)
    return ratio, 1.0
