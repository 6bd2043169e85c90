"""What a series of mixtures holds, as a record."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from alloyscope.chemistry.species import Species
from alloyscope.errors import UnmixingError, message
from alloyscope.numerics.bounded_interval import above_zero
from alloyscope.numerics.feasible_factors import FeasibleFactors
from alloyscope.speciation import Condition, Denominator, Speciation
from alloyscope.uvvis.goodness import Goodness
from alloyscope.uvvis.nuisance import Nuisance
from alloyscope.uvvis.reference import MOLAR
from alloyscope.uvvis.shared_terms import SharedTerms
from alloyscope.uvvis.shares import Shares, shares_of

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class UntoldGroup:
    """Components whose split the spectra leave open; what is told is their sum.

    members    : indices of the components
    amount, sd : (n_spectra,) of the sum
    """

    members: tuple[int, ...]
    amount: Floats
    sd: Floats


@dataclass(frozen=True, eq=False)
class Unmixing:
    """Amounts of components in mixtures.

    wavelength_nm    : (n_points,) used
    spectra          : (n_spectra,) names of the mixtures
    time_min         : (n_spectra,) or None
    names            : (n_components,) references, then unknown 1, unknown 2 ...
    species          : (n_components,) None where that is not known
    n_unknown        : components at the end that were found, not given
    amounts          : (n_spectra, n_components) of 0 or more, in `unit`
    unbounded        : the same with negative ones, where noise makes them
    own_covariance   : (n_spectra, n_components, n_components) by each spectrum's own noise
    shared_factor    : (n_spectra, n_components, n_factors) by what all spectra share: noise and
                       concentrations of the references, shared nuisance terms
    unit             : "mol/L", or of what the amounts are multiples
    component_spectra, component_sd : (n_components, n_points) of one unit
    nuisance, nuisance_sd : (n_spectra, n_terms) of `nuisance_terms.names`
    shared_terms     : shift of wavelengths and exponent of scatter, where they were fitted
    fitted, residual : (n_spectra, n_points)
    noise            : (n_spectra, n_points) sd
    noise_source     : "given", or how it was found
    widened          : (n_spectra,) factor on sd, by slow structure in the residual
    goodness         : whether something else is there
    unresolved       : components whose split is open
    feasible         : least and most by turns among components; None where all are references
    unique           : (n_components,) whether only noise is left open
    """

    wavelength_nm: Floats
    spectra: tuple[str, ...]
    time_min: Floats | None
    names: tuple[str, ...]
    species: tuple[Species | None, ...]
    n_unknown: int
    amounts: Floats
    unbounded: Floats
    own_covariance: Floats
    shared_factor: Floats
    unit: str
    component_spectra: Floats
    component_sd: Floats
    nuisance_terms: Nuisance
    nuisance: Floats
    nuisance_sd: Floats
    shared_terms: SharedTerms
    fitted: Floats
    residual: Floats
    noise: Floats
    noise_source: str
    widened: Floats
    goodness: Goodness
    unresolved: tuple[UntoldGroup, ...]
    feasible: FeasibleFactors | None
    unique: NDArray[np.bool_]
    denominator: Denominator = "clusters present"
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        shape = (len(self.spectra), len(self.names))
        if self.amounts.shape != shape or self.residual.shape[0] != shape[0]:
            raise UnmixingError(
                message("unmixing", found=f"amounts of shape {self.amounts.shape}",
                        expected=f"{shape[0]} spectra by {shape[1]} components")
            )  # fmt: skip

    def __len__(self) -> int:
        return len(self.spectra)

    @cached_property
    def covariance(self) -> Floats:
        """(n_spectra, n_components, n_components) of the amounts of each spectrum."""
        return np.asarray(
            self.own_covariance
            + np.einsum("ijf,ikf->ijk", self.shared_factor, self.shared_factor)
        )  # fmt: skip

    @cached_property
    def sd(self) -> Floats:
        """(n_spectra, n_components) 1 sd of the amounts."""
        return np.asarray(np.sqrt(np.maximum(np.einsum("ijj->ij", self.covariance), 0.0)))

    @cached_property
    def interval(self) -> tuple[Floats, Floats]:
        """(n_spectra, n_components) least and most of the amounts, 95 %; one-sided near 0.

        With unknown components also what turns among these leave open.
        """
        low, high = above_zero(self.unbounded, self.sd)
        low, high = np.minimum(low, self.amounts), np.maximum(high, self.amounts)
        for group in self.unresolved:
            members, most = list(group.members), group.amount + 2.0 * group.sd
            high[:, members] = np.minimum(high[:, members], most[:, None])
        if self.feasible is None:
            return low, high
        least = np.maximum(np.minimum(low, self.feasible.amounts_low), 0.0)
        return least, np.maximum(high, self.feasible.amounts_high)

    @cached_property
    def _shares(self) -> Shares:
        return shares_of(self.amounts, self.unbounded, self.covariance)

    @property
    def empty(self) -> NDArray[np.int64]:
        """Indices of the spectra in which nothing of the components is seen."""
        return np.flatnonzero(self._shares.empty)

    @property
    def fraction(self) -> Floats:
        """(n_spectra, n_components) of the sum of all amounts."""
        return self._shares.value

    @property
    def fraction_sd(self) -> Floats:
        """(n_spectra, n_components) 1 sd of the fractions; 1 where there is nothing to share."""
        return self._shares.sd

    def sum_fraction(self, members: tuple[int, ...]) -> tuple[Floats, Floats]:
        """(n_spectra,) share of these components together, and 1 sd."""
        pick = np.isin(np.arange(len(self.names)), members).astype(np.float64)
        if len(members) == 1:
            return self.fraction[:, members[0]], self.fraction_sd[:, members[0]]
        slope = np.einsum("j,ijk->ik", pick, self._shares.slope)
        variance = np.einsum("ij,ijk,ik->i", slope, self.covariance, slope)
        sd = np.where(self._shares.empty, 1.0, np.sqrt(np.maximum(variance, 0.0)))
        return self.fraction @ pick, sd

    @cached_property
    def fraction_interval(self) -> tuple[Floats, Floats]:
        """(n_spectra, n_components) least and most of the fractions, 95 %, within 0 and 1."""
        low, high = self._shares.low, self._shares.high
        if self.feasible is None:
            return low, high
        low, high = (np.minimum(low, self.feasible.shares_low),
                     np.maximum(high, self.feasible.shares_high))  # fmt: skip
        return np.clip(low, 0.0, 1.0), np.clip(high, 0.0, 1.0)

    @property
    def verdict(self) -> str:
        """What can be said, in a few sentences."""
        said = [str(self.goodness)]
        if self.unresolved:
            groups = "; ".join(", ".join(self.names[k] for k in g.members) for g in self.unresolved)
            said.append(f"Not told apart: {groups}. Only the sum is known.")
        if self.feasible is not None:
            said.append(f"{self.unique.sum()} of {len(self.names)} components are unique.")
        return " ".join(said)

    def speciation(
        self, denominator: Denominator | None = None, *, fed: float | Floats | None = None
    ) -> Speciation:
        """Amounts of the species, for what is reckoned with mass spectra and models.

        denominator : as given to `unmix` by default
        fed         : mol/L of clusters fed so far, one or (n_spectra,); needed for "clusters fed
                      so far"
        Raises UnmixingError where a component is no known species, amounts are not in mol/L, or
        clusters fed are not given.
        """
        chosen = denominator or self.denominator
        self._check_speciation(chosen, fed)
        if chosen == "clusters present":
            slope, amount = self._shares.slope, self._shares.value
        else:
            scale = 1.0 / np.broadcast_to(np.asarray(fed, np.float64), (len(self),))
            slope = np.eye(len(self.names))[None] * scale[:, None, None]
            amount = self.amounts * scale[:, None]
        return Speciation(
            tuple(one for one in self.species if one is not None), self._conditions(), amount,
            np.zeros_like(amount), self._joint_factor(slope), "clusters", chosen,
            tuple(group.members for group in self.unresolved),
        )  # fmt: skip

    def _check_speciation(self, denominator: str, fed: float | Floats | None) -> None:
        nameless = [n for n, s in zip(self.names, self.species, strict=True) if s is None]
        if nameless:
            raise UnmixingError(
                message("unmixing", found=f"{nameless[0]}, of which no species is known",
                        expected="a species for every component")
            )  # fmt: skip
        if self.unit != MOLAR:
            raise UnmixingError(
                message("unmixing", found=f"amounts in {self.unit}", expected="amounts in mol/L",
                        do="Give each reference its concentration or molar absorptivity.")
            )  # fmt: skip
        if denominator not in ("clusters present", "clusters fed so far"):
            raise UnmixingError(
                message("denominator", found=f'"{denominator}"', expected=", ".join(
                    f'"{name}"' for name in get_args(Denominator)[1:]))
            )  # fmt: skip
        if denominator == "clusters fed so far" and not np.all(np.asarray(fed or 0.0) > 0):
            raise UnmixingError(
                message("fed", found=str(fed), expected="mol/L of clusters fed, above 0")
            )

    def _conditions(self) -> tuple[Condition, ...]:
        times = [None] * len(self) if self.time_min is None else [float(t) for t in self.time_min]
        return tuple(Condition(name, (), t) for name, t in zip(self.spectra, times, strict=True))

    def _joint_factor(self, slope: Floats) -> Floats:
        """(n_spectra, n_components, n_factors): shared columns, and columns of each spectrum."""
        n, k = self.amounts.shape
        size, vectors = np.linalg.eigh(self.own_covariance)
        root = vectors * np.sqrt(np.maximum(size, 0.0))[:, None, :]
        own = np.zeros((n, k, n, k))
        own[np.arange(n), :, np.arange(n), :] = root
        whole = np.concatenate((self.shared_factor, own.reshape(n, k, n * k)), axis=2)
        return np.asarray(np.einsum("ijk,ikf->ijf", slope, whole))
