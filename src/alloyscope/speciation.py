"""How much of each species is present: where measurement and model meet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from alloyscope.chemistry.species import Species
from alloyscope.errors import SpeciationError, message

Floats = NDArray[np.float64]
Basis = Literal["ion counts", "clusters"]
Denominator = Literal["all assigned ions", "clusters fed so far", "clusters present"]


@dataclass(frozen=True, eq=False)
class Condition:
    """Where a spectrum or a model stands: the feed, the time, and what else was noted.

    feed     : molar amounts of what was mixed, by name; empty where that is not known
    time_min : minutes from the start of the reaction; None where there is none
    """

    name: str = ""
    feed: tuple[tuple[str, float], ...] = ()
    time_min: float | None = None


@dataclass(frozen=True, eq=False)
class Speciation:
    """How much of each species is present at each condition.

    species     : (n_species,)
    conditions  : (n_conditions,)
    amount      : (n_conditions, n_species) in units of `denominator`
    variance    : (n_conditions, n_species) each amount's own part of the covariance's diagonal
    factor      : (n_conditions, n_species, n_factors) low-rank part, shared by all conditions:
                  cov[(i,s),(j,t)] = variance[i,s] [i=j and s=t] + factor[i,s] . factor[j,t]
    basis       : "ion counts" or "clusters"; never mixed without a model of the response
    denominator : what the amounts are shares of
    unresolved  : groups of species, as indices, that the data cannot tell apart
    Raises SpeciationError for arrays whose shapes do not fit, amounts that are not finite and
    variances below 0.
    """

    species: tuple[Species, ...]
    conditions: tuple[Condition, ...]
    amount: Floats
    variance: Floats
    factor: Floats
    basis: Basis
    denominator: Denominator
    unresolved: tuple[tuple[int, ...], ...] = ()

    def __post_init__(self) -> None:
        shape = (len(self.conditions), len(self.species))
        shapes = self.amount.shape, self.variance.shape, self.factor.shape[:2]
        if any(found != shape for found in shapes) or self.factor.ndim != 3:
            raise SpeciationError(
                message("speciation", found=f"arrays of shapes {shapes}",
                        expected=f"{shape[0]} conditions by {shape[1]} species")
            )  # fmt: skip
        finite = np.isfinite(self.amount).all() and np.isfinite(self.factor).all()
        if not finite or not (self.variance >= 0).all():
            raise SpeciationError(
                message("speciation", found="amounts that are not finite, or variances below 0",
                        expected="finite amounts with variances of 0 or more")
            )  # fmt: skip

    def covariance(self, condition: int = 0) -> Floats:
        """(n_species, n_species) covariance of the amounts at one condition."""
        factor = self.factor[condition]
        return np.asarray(np.diag(self.variance[condition]) + factor @ factor.T)

    def sd(self, condition: int = 0) -> Floats:
        """(n_species,) 1 sd of the amounts at one condition."""
        factor = self.factor[condition]
        return np.asarray(np.sqrt(self.variance[condition] + (factor**2).sum(axis=1)))

    def distribution(self, *metals: str, condition: int = 0) -> tuple[FrameworkShare, ...]:
        """The distribution of x, the count of the first of `metals`, in every framework.

        Where several metals are named, species are kept apart by the counts of all of them.
        Frameworks are numbers of metals and of anionic ligands of any kind, the largest share
        first. Their uncertainties carry the covariance of all amounts.
        """
        amount, covariance = self.amount[condition], self.covariance(condition)
        groups: dict[tuple[str, int], dict[tuple[int, ...], list[int]]] = {}
        for k, species in enumerate(self.species):
            alike = groups.setdefault((framework_of(species), species.n_metals), {})
            alike.setdefault(tuple(species.count(metal) for metal in metals), []).append(k)
        shares = [
            _share(name, n, alike, amount, covariance)
            for (name, n), alike in groups.items()
            if amount[[k for rows in alike.values() for k in rows]].sum() > 0
        ]
        return tuple(sorted(shares, key=lambda share: -share.share))


@dataclass(frozen=True, eq=False)
class FrameworkShare:
    """The distribution of x in one framework.

    framework        : as in "M44S27": metals and anionic ligands
    n_metals         : metal atoms in all
    counts           : (n, n_named) of each metal named, ascending
    fraction         : (n,) of this framework's amount
    covariance       : (n, n) of the fractions
    amount, amount_sd : of this framework, in units of the speciation's denominator
    share, share_sd  : of all species
    mean_x, mean_x_sd : of the distribution
    """

    framework: str
    n_metals: int
    counts: NDArray[np.int64]
    fraction: Floats
    covariance: Floats
    amount: float
    amount_sd: float
    share: float
    share_sd: float

    @property
    def x(self) -> NDArray[np.int64]:
        """(n,) counts of the first metal named."""
        return self.counts[:, 0]

    @property
    def fraction_sd(self) -> Floats:
        """(n,) 1 sd of the fractions."""
        return np.asarray(np.sqrt(np.maximum(np.diag(self.covariance), 0.0)))

    @property
    def mean_x(self) -> float:
        """Mean count of the metal."""
        return float(self.x @ self.fraction)

    @property
    def mean_x_sd(self) -> float:
        """1 sd of the mean."""
        return float(np.sqrt(max(float(self.x @ self.covariance @ self.x), 0.0)))

    @property
    def ratio(self) -> float:
        """Mean of the first metal over all others, Au/Ag; infinite when there are no others."""
        rest = self.n_metals - self.mean_x
        return self.mean_x / rest if rest > 0 else float("inf")

    @property
    def ratio_sd(self) -> float:
        """1 sd of the ratio, to first order."""
        rest = self.n_metals - self.mean_x
        return self.mean_x_sd * self.n_metals / rest**2 if rest > 0 else float("inf")


def framework_of(species: Species) -> str:
    """Numbers of metals and of anionic ligands of any kind.

    >>> from alloyscope.chemistry import parse_species
    >>> framework_of(parse_species("Au12Ag32(p-MBA)29Cl"))
    'M44S30'
    """
    anionic = sum(n for ligand, n in species.ligands if ligand.charge < 0)
    return f"M{species.n_metals}S{anionic}"


def _share(
    name: str,
    n_metals: int,
    alike: Mapping[tuple[int, ...], list[int]],
    amount: Floats,
    covariance: Floats,
) -> FrameworkShare:
    counts = np.array(sorted(alike), np.int64)
    pick = np.zeros((len(counts), amount.size))
    for row, key in enumerate(sorted(alike)):
        pick[row, alike[key]] = 1.0
    own = pick @ amount
    inside, whole = own.sum(), amount.sum()
    fraction = own / inside
    members = pick.sum(axis=0)
    slope = (pick - np.outer(fraction, members)) / inside
    share_slope = (members - inside / whole) / whole
    return FrameworkShare(
        name, n_metals, counts, fraction, slope @ covariance @ slope.T,
        float(inside), _spread(members, covariance),
        float(inside / whole), _spread(share_slope, covariance),
    )  # fmt: skip


def _spread(slope: Floats, covariance: Floats) -> float:
    """1 sd of a linear function of the amounts."""
    return float(np.sqrt(max(float(slope @ covariance @ slope), 0.0)))
