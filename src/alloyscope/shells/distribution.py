"""A measured distribution of the number of foreign ligands in the shells of one framework."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alloyscope.chemistry.ligand import Ligand
from alloyscope.errors import SpeciationError, message
from alloyscope.speciation import Speciation, framework_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
NEAR = 0.03
"""Da from a whole number of isotope steps, or of H, within which envelopes coincide."""

SILENT = 0.5
"""1 sd of a species that was not called, over the least amount that was: less is not called."""

DEEPEST = 5.0
"""Standard deviations below 0 beyond which an amount is no noise."""


@dataclass(frozen=True, eq=False)
class LigandDistribution:
    """How many foreign ligands k the shells of a framework hold.

    ligand     : the foreign one
    framework  : as in "M44S30"; "" where it is not known
    n_sites    : N, anionic ligands of a shell
    k          : (n,) numbers of foreign ligands looked at, ascending
    amount     : (n,) of each, in any one unit; 0 where none was seen, and as measured, below 0
                 by noise too, unless counted
    joint      : (n, n) covariance of the amounts; of counts, their expected one
    counted    : whether the amounts are numbers of ions, with counting noise alone
    notes      : what the user must know, one sentence each
    blurred    : whether neighbouring k are not told apart, so that errors are not to be believed
    Raises SpeciationError for k outside 0 to N or twice, counts below 0, amounts further below 0
    than `DEEPEST` of their sd, and amounts that add up to 0.
    """

    ligand: str
    framework: str
    n_sites: int
    k: Ints
    amount: Floats
    joint: Floats
    counted: bool = False
    notes: tuple[str, ...] = ()
    blurred: bool = False

    def __post_init__(self) -> None:
        where = f"distribution of {self.ligand or 'the foreign ligand'}"
        outside = self.k[(self.k < 0) | (self.k > self.n_sites)]
        if outside.size:
            raise SpeciationError(
                message(where, found=f"k = {outside[0]}",
                        expected=f"0 to {self.n_sites}, the ligands of a shell",
                        do="Correct k, or the number of sites.")
            )  # fmt: skip
        if self.k.size == 0 or (np.diff(self.k) <= 0).any():
            raise SpeciationError(message(where, found="no k, or one twice",
                                          expected="numbers of ligands, ascending",
                                          do="Put rows of the same k together."))  # fmt: skip
        if not np.isfinite(self.amount).all():
            bad = self.amount[~np.isfinite(self.amount)][0]
            raise SpeciationError(message(where, found=f"an amount of {bad:g}",
                                          expected="finite amounts"))  # fmt: skip
        if not self.amount.sum() > 0:
            raise SpeciationError(message(where, found="amounts that add up to 0 or less",
                                          expected="some of at least one k",
                                          do="Correct the baseline."))  # fmt: skip
        shape = (self.k.size, self.k.size)
        if self.joint.shape != shape or not (np.diag(self.joint) > 0).all():
            raise SpeciationError(message(where, found="an uncertainty of 0 or none",
                                          expected="an sd above 0 of every amount",
                                          do="Give the noise of the baseline where there is "
                                             "no signal."))  # fmt: skip
        self._check_below_zero(where)

    def _check_below_zero(self, where: str) -> None:
        sd = np.sqrt(np.diag(self.joint))
        # Counts are never below 0; of amounts noise is, and to cut it off would bias the variance.
        low = np.flatnonzero(self.amount < (0.0 if self.counted else -DEEPEST * sd))
        if not low.size:
            return
        k, amount = int(self.k[low[0]]), f"{self.amount[low[0]]:g}"
        if self.counted:
            raise SpeciationError(
                message(where, found=f"{amount} ions of k = {k}", expected="counts of 0 or more",
                        do="Amounts that noise brings below 0 need a column sd.")
            )  # fmt: skip
        raise SpeciationError(
            message(where, found=f"an amount of {amount} ± {sd[low[0]]:g} of k = {k}",
                    expected=f"amounts above −{DEEPEST:g} sd, noise about 0",
                    do="Correct the baseline, or state larger sd.")
        )  # fmt: skip

    @property
    def fraction(self) -> Floats:
        """(n,) of this framework's amount."""
        return np.asarray(self.amount / self.amount.sum())

    @property
    def covariance(self) -> Floats:
        """(n, n) of the fractions."""
        slope = (np.eye(self.k.size) - self.fraction[:, None]) / self.amount.sum()
        return np.asarray(slope @ self.joint @ slope.T)

    @property
    def fraction_sd(self) -> Floats:
        """(n,) 1 sd of the fractions."""
        return np.asarray(np.sqrt(np.maximum(np.diag(self.covariance), 0.0)))

    @property
    def mean(self) -> float:
        """Mean number of foreign ligands."""
        return float(self.k @ self.fraction)

    @property
    def mean_sd(self) -> float:
        """1 sd of the mean."""
        return _spread(self.k.astype(float), self.covariance)

    @property
    def variance(self) -> float:
        """Variance of the number of foreign ligands among shells."""
        return float((self.k - self.mean) ** 2 @ self.fraction)

    @property
    def dispersion(self) -> float:
        """Variance over that of a random shell of this mean; nan for empty or full shells."""
        random = self.mean * (1 - self.mean / self.n_sites)
        return self.variance / random if random > 1e-9 else float("nan")

    @property
    def dispersion_sd(self) -> float:
        """1 sd of the dispersion, to first order."""
        random = self.mean * (1 - self.mean / self.n_sites)
        if random <= 1e-9:
            return float("nan")
        of_mean = (1 - 2 * self.mean / self.n_sites) * self.dispersion
        return _spread(((self.k - self.mean) ** 2 - of_mean * self.k) / random, self.covariance)


def ligand_distribution(
    speciation: Speciation, ligand: str, framework: str | None = None, condition: int = 0
) -> LigandDistribution:
    """The distribution of the number of foreign ligands in one framework.

    ligand    : name of the foreign one
    framework : as in "M44S30"; the one of most amount that holds the ligand by default
    condition : which of the speciation's
    A k beside or between those called has the amount 0; its sd is `SILENT` times the least amount
    called, for as many compositions as the richest k has.
    Raises SpeciationError where there is none of the framework, or of the ligand.
    """
    amount = speciation.amount[condition]
    names = [framework_of(species) for species in speciation.species]
    held = np.array([species.count(ligand) for species in speciation.species], np.int64)
    chosen = framework or _most(names, held, amount, ligand)
    rows = np.array([k for k, name in enumerate(names) if name == chosen], np.int64)
    if not rows.size or not amount[rows].sum() > 0:
        raise SpeciationError(
            message(f"framework {chosen}", found="none of it", expected="one of "
                    + (", ".join(dict.fromkeys(names)) or "those present; there are none"))
        )  # fmt: skip
    if not held[rows].any():
        raise SpeciationError(
            message(f"ligand {ligand}", found=f"none in {chosen}",
                    expected="a ligand that its shells hold")
        )  # fmt: skip
    sites = sum(n for kind, n in speciation.species[rows[0]].ligands if kind.charge < 0)
    covariance = speciation.covariance(condition)[np.ix_(rows, rows)]
    notes = _unresolved(speciation, held, set(rows.tolist()))
    kinds = {kind: 0 for species in speciation.species for kind, _ in species.ligands}
    for row in rows:
        for kind, n in speciation.species[row].ligands:
            kinds[kind] += n if kind.charge < 0 and str(kind) != ligand else 0
    own = max(kinds, key=lambda kind: kinds[kind])
    foreign = next(kind for kind in kinds if str(kind) == ligand)
    return shells_from(held[rows], amount[rows], covariance, ligand, chosen, sites, notes,
                       mass_step(own, foreign))  # fmt: skip


def shells_from(
    held: Ints, amount: Floats, covariance: Floats, ligand: str, framework: str, n_sites: int,
    notes: tuple[str, ...] = (), step: float | None = None,
) -> LigandDistribution:  # fmt: skip
    """A distribution from species of one framework.

    held       : (n_species,) foreign ligands of each
    amount     : (n_species,), with (n_species, n_species) covariance
    step       : Da by which one more foreign ligand changes the mass; None where that is not known
    """
    k = np.arange(max(int(held.min()) - 1, 0), min(int(held.max()) + 1, n_sites) + 1)
    pick = (held[None, :] == k[:, None]).astype(float)
    own = np.maximum(pick @ amount, 0.0)
    joint = pick @ covariance @ pick.T
    silent = pick.sum(axis=1) == 0
    # Of a k that was not called any of the compositions may be there below what is called.
    least, many = amount[amount > 0].min(initial=np.inf), pick.sum(axis=1).max()
    floor = SILENT * least * np.sqrt(many)
    joint[silent, silent] = floor**2 if np.isfinite(floor) else 1.0
    tiny = np.diag(joint) <= 0
    joint[tiny, tiny] = (1e-3 * own.max()) ** 2
    blurred = bool(silent[1:-1].any()) and near_isobaric(step)
    if blurred and step is not None:
        notes = (*notes, f"One more {ligand} changes the mass by {step:.3f} Da, near a whole "
                 "number of isotope steps, and k between those called are missing.")  # fmt: skip
    return LigandDistribution(ligand, framework, n_sites, k, own, joint, notes=notes,
                              blurred=blurred)  # fmt: skip


def mass_step(own: Ligand, foreign: Ligand) -> float:
    """Da by which a foreign ligand in place of an own one changes the mass, lightest isotopes."""
    return foreign.formula.monoisotopic_mass() - own.formula.monoisotopic_mass()


def near_isobaric(step: float | None) -> bool:
    """Whether shells of neighbouring k have their isotope peaks in nearly the same places.

    >>> near_isobaric(0.995), near_isobaric(-118.03), near_isobaric(-15.01)
    (True, False, False)
    """
    if step is None:
        return False
    return any(abs(abs(step) - n * unit) < NEAR for n in (0, 1, 2) for unit in (1.00335, 1.00783))


def counts_of(
    k: Ints, n: Floats, n_sites: int, ligand: str = "", framework: str = ""
) -> LigandDistribution:
    """A distribution of counted ions: their noise is that of counting.

    k, n : (n,) numbers of foreign ligands, and of ions
    """
    expected = np.diag(np.maximum(n, 1e-3))
    return LigandDistribution(ligand, framework, n_sites, k, n, expected, counted=True)


def _most(names: list[str], held: Ints, amount: Floats, ligand: str) -> str:
    """The framework of most amount among those that hold the ligand."""
    among = {names[k] for k in np.flatnonzero((held > 0) & (amount > 0))}
    if not among:
        raise SpeciationError(
            message(f"ligand {ligand}", found="none in any species",
                    expected="a ligand that shells hold")
        )  # fmt: skip
    return max(sorted(among), key=lambda name: sum(
        float(a) for own, a in zip(names, amount, strict=True) if own == name))  # fmt: skip


def _unresolved(speciation: Speciation, held: Ints, rows: set[int]) -> tuple[str, ...]:
    mixed = [group for group in speciation.unresolved
             if len({int(held[k]) for k in group}) > 1 and rows & set(group)]  # fmt: skip
    if not mixed:
        return ()
    return ("Species of unlike numbers of these ligands cannot be told apart in this spectrum "
            f"({len(mixed)} groups): k rests on what is likelier beforehand.",)  # fmt: skip


def _spread(slope: Floats, covariance: Floats) -> float:
    return float(np.sqrt(max(float(slope @ covariance @ slope), 0.0)))
