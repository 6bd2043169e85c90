"""Breakdown curves: what a precursor has become at each collision energy.

    survival S = n_precursor / (n_precursor + sum of n over what remains of precursors)

Every precursor that breaks leaves one remainder, so S counts precursors; pieces that left are
shown, but not counted a second time. S is fitted by 1 / (1 + exp((E - E50) / w)), whose tangent at
E50 meets S = 1 at the onset E50 - 2 w.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from alloyscope.chemistry.formula import Formula
from alloyscope.chemistry.species import Ion
from alloyscope.errors import CaseError, SpectrumError, message
from alloyscope.fragments.assign import FragmentAssignment
from alloyscope.fragments.descendants import Fragment
from alloyscope.fragments.leaving import Leaving, leaving_of
from alloyscope.numerics.sigmoid import Crossing, Sigmoid, first_crossing, fit_sigmoid

Floats = NDArray[np.float64]
GASES = ("He", "N2", "Ar", "Kr", "Xe", "CO2", "SF6")
ONSET = 0.1
"""Share of a fragment's own maximum at which it is taken to set in."""

TOLD_APART = 2.0
"""Standard deviations from which two onsets are two."""

TREND_TOLD = 0.05
"""Chance below which a ratio is said to change with energy, over all ratios that are compared."""


@dataclass(frozen=True, eq=False)
class Onset:
    """Where a fragment sets in: 10 % of its own maximum, per precursor ion.

    crossing : None where it never falls below that, or is not called
    """

    fragment: Fragment
    crossing: Crossing


@dataclass(frozen=True, eq=False)
class Trend:
    """How the ratio of two first losses of one framework changes with energy.

    A channel that gains with energy sets in later than the other.
    per_ev, sd : slope of ln(n_first / n_second) with the energy as stated
    of         : how many ratios are compared
    """

    first: Fragment
    second: Fragment
    per_ev: float
    sd: float
    of: int = 1

    @property
    def told(self) -> bool:
        """Whether the slope is seen at 95 %, all ratios that are compared taken together."""
        return self.chance * self.of < TREND_TOLD

    @property
    def chance(self) -> float:
        """Chance of a slope as large as this where the ratio does not change."""
        return math.erfc(abs(self.per_ev) / (self.sd * math.sqrt(2.0)))


@dataclass(frozen=True, eq=False)
class Breakdown:
    """A precursor and its fragments against collision energy.

    energies   : (n_energies,) as stated, ascending; volts where `per_charge`
    lab, com   : (n_energies,) eV, of the ion in the laboratory, and with one gas molecule about
                 their centre of mass
    fragments  : the precursor first, then all that is called at any energy
    fraction   : (n_energies, n_fragments) of the ion counts assigned
    covariance : (n_energies, n_fragments, n_fragments) of the fractions
    survival, survival_sd : (n_energies,) of the precursor
    half       : the sigmoid through the survival; None where there is none
    onsets     : of first losses, ascending
    trends     : of pairs of first losses
    leaving    : which metal leaves first; None where there are not two
    notes      : what the user must know
    """

    precursor: Ion
    energies: Floats
    lab: Floats
    com: Floats
    fragments: tuple[Fragment, ...]
    fraction: Floats
    covariance: Floats
    survival: Floats
    survival_sd: Floats
    half: Sigmoid | None
    onsets: tuple[Onset, ...]
    trends: tuple[Trend, ...]
    leaving: Leaving | None
    gas: str
    per_charge: bool
    sources: tuple[str, ...]
    notes: tuple[str, ...] = ()

    @property
    def fraction_sd(self) -> Floats:
        """(n_energies, n_fragments) 1 sd of the fractions."""
        diagonal = np.diagonal(self.covariance, axis1=1, axis2=2)
        return np.asarray(np.sqrt(np.maximum(diagonal, 0.0)))

    @property
    def members(self) -> NDArray[np.bool_]:
        """(n_fragments,) which are the precursor and what remains of it, not what left."""
        return np.array([not one.leaving for one in self.fragments])

    @property
    def _total(self) -> Floats:
        """(n_energies, 1) share of the ion counts that precursors and their remainders have."""
        total = self.fraction[:, self.members].sum(axis=1, keepdims=True)
        return np.asarray(np.where(total > 0, total, 1.0))

    @property
    def per_precursor(self) -> Floats:
        """(n_energies, n_fragments) ions of each per precursor that was isolated and is accounted
        for; of the precursor itself the survival, of pieces that leave any number."""
        return np.asarray(self.fraction / self._total)

    @property
    def per_precursor_sd(self) -> Floats:
        """(n_energies, n_fragments) 1 sd of `per_precursor`."""
        line, n = self.per_precursor, len(self.fragments)
        slope = np.eye(n)[None] - line[:, :, None] * self.members[None, None, :]
        slope = slope / self._total[:, :, None]
        variance = np.einsum("efi,eij,efj->ef", slope, self.covariance, slope)
        return np.asarray(np.sqrt(np.maximum(variance, 0.0)))

    @property
    def degrees_of_freedom(self) -> int:
        """Vibrations of the precursor, 3 n - 6."""
        return 3 * self.precursor.formula.n_atoms - 6

    @property
    def to_com(self) -> float:
        """Factor from a stated energy to that about the centre of mass."""
        return (abs(self.precursor.charge) if self.per_charge else 1) * com_share(
            self.precursor, self.gas
        )

    @property
    def order(self) -> tuple[tuple[Fragment, ...], ...]:
        """First losses by onset; those whose onsets cannot be told apart stand together."""
        groups: list[list[Onset]] = []
        for onset in self.onsets:
            last = groups[-1][0].crossing if groups else None
            now = onset.crossing
            early = last is not None and not np.isfinite(last.low) and not np.isfinite(now.low)
            if last and (early or abs(now.at - last.at) <= TOLD_APART * np.hypot(now.sd, last.sd)):
                groups[-1].append(onset)
            else:
                groups.append([onset])
        return tuple(tuple(one.fragment for one in group) for group in groups)


def com_share(ion: Ion, gas: str) -> float:
    """Share of the laboratory energy about the centre of mass, m_gas / (m_gas + m_ion).

    Raises CaseError for a gas that is not one of `GASES`.

    >>> from alloyscope.chemistry import parse_ion
    >>> round(com_share(parse_ion("[Ag44(p-MBA)30]4-"), "N2"), 5)
    0.00299
    """
    if gas not in GASES:
        raise CaseError(message("gas", found=f'"{gas}"', expected=f"one of {', '.join(GASES)}"))
    light = Formula.parse(gas).average_mass()
    return light / (light + ion.formula.average_mass())


def breakdown(
    found: Sequence[FragmentAssignment], energies: Sequence[float], *, gas: str = "N2",
    per_charge: bool = True,
) -> Breakdown:  # fmt: skip
    """Breakdown curves from the assignments of spectra at several collision energies.

    energies   : eV of each, as stated
    gas        : of the collisions
    per_charge : whether an energy is a voltage, which gives each charge so many eV

    Raises SpectrumError for no spectra or for those of different precursors, CaseError for energies
    that do not go with them.
    """
    _check(found, energies)
    order = np.argsort(np.asarray(energies, float), kind="stable")
    ordered = [found[k] for k in order]
    stated = np.asarray(energies, float)[order]
    precursor = ordered[0].precursor
    fragments = _all_called(ordered)
    parts = [_fractions(one, fragments) for one in ordered]
    fraction = np.array([part for part, _ in parts])
    covariance = np.array([part for _, part in parts])
    members = np.array([not f.leaving for f in fragments])
    survival, survival_sd = _survival(fraction, covariance, members)
    lab = stated * (abs(precursor.charge) if per_charge else 1)
    half = fit_sigmoid(stated, survival, np.maximum(survival_sd, 1e-4))
    onsets = _onsets(stated, fraction, covariance, members, fragments)
    notes = _notes(stated, survival, survival_sd, half, members, fraction, found)
    return Breakdown(
        precursor, stated, lab, lab * com_share(precursor, gas), fragments, fraction, covariance,
        survival, survival_sd, half, onsets, _trends(stated, fraction, covariance, fragments),
        leaving_of(precursor, fragments, fraction, covariance), gas, per_charge,
        tuple(one.found.spectrum.acquisition.source for one in ordered), tuple(notes),
    )  # fmt: skip


def leaving_in(found: FragmentAssignment) -> Leaving | None:
    """Which metal leaves first, from one spectrum; None where two cannot be compared."""
    fragments = _all_called([found])
    fraction, covariance = _fractions(found, fragments)
    return leaving_of(found.precursor, fragments, fraction[None], covariance[None])


def _check(found: Sequence[FragmentAssignment], energies: Sequence[float]) -> None:
    if not found:
        raise SpectrumError(
            message("breakdown", found="no spectra", expected="one at each collision energy")
        )
    if len(energies) != len(found) or not all(np.isfinite(e) and e >= 0 for e in energies):
        raise CaseError(
            message("collision energies", found=", ".join(f"{e:g}" for e in energies) or "none",
                    expected=f"{len(found)} numbers of eV, 0 or more, one for each spectrum",
                    do="Give them in the order of the spectra: --energy 5 --energy 10.")
        )  # fmt: skip
    if len({one.precursor for one in found}) > 1:
        raise SpectrumError(
            message("breakdown", found="several precursors", expected="spectra of one precursor")
        )


def _all_called(found: Sequence[FragmentAssignment]) -> tuple[Fragment, ...]:
    """The precursor, and every fragment called anywhere, by number of losses and abundance."""
    largest: dict[Fragment, float] = {}
    keys: dict[tuple[object, int], Fragment] = {}
    for one in found:
        for called in (c for c in one.fragments if c.sure):
            key = called.ion.formula, called.ion.charge
            kept = keys.setdefault(key, called.fragment)
            largest[kept] = max(largest.get(kept, 0.0), called.call.abundance)
    first = found[0].considered[0]
    rest = sorted((f for f in largest if f.steps), key=lambda f: (f.steps, f.leaving, -largest[f]))
    return (first, *rest)


def _fractions(
    found: FragmentAssignment, fragments: Sequence[Fragment]
) -> tuple[Floats, Floats]:  # fmt: skip
    """Shares of the ion counts of each fragment, (n,), and their covariance, (n, n).

    Of one that is not called the share is 0, and its sd that of a 95 % bound, or of the least that
    is called.
    """
    calls = found.found.called
    place = {(f.ion.formula, f.ion.charge): k for k, f in enumerate(fragments)}
    pick = np.zeros((len(fragments), len(calls)))
    for column, call in enumerate(calls):
        row = place.get((call.ion.formula, call.ion.charge))
        if row is not None:
            pick[row, column] = 1.0
    share = pick @ np.array([call.abundance for call in calls])
    covariance = pick @ found.found.covariance @ pick.T
    bounds = {
        (low.ion.formula, low.ion.charge): low.abundance / 1.645 for low in found.found.limits
    }
    least = min((call.abundance_sd for call in calls), default=1.0)
    for row in np.flatnonzero(~pick.any(axis=1)).tolist():
        one = fragments[row].ion
        covariance[row, row] = bounds.get((one.formula, one.charge), least) ** 2
    return share, covariance


def _survival(
    fraction: Floats, covariance: Floats, members: NDArray[np.bool_]
) -> tuple[Floats, Floats]:
    """Survival and its sd, (n_energies,) each, of a share among members of the precursor's line."""
    total = fraction[:, members].sum(axis=1)
    safe = np.where(total > 0, total, 1.0)
    survival = np.where(total > 0, fraction[:, 0] / safe, 0.0)
    slope = np.where(members, -survival[:, None], 0.0)
    slope[:, 0] += 1.0
    slope /= safe[:, None]
    variance = np.einsum("ei,eij,ej->e", slope, covariance, slope)
    return survival, np.where(total > 0, np.sqrt(np.maximum(variance, 0.0)), 1.0)


def _onsets(
    energies: Floats, fraction: Floats, covariance: Floats, members: NDArray[np.bool_],
    fragments: Sequence[Fragment],
) -> tuple[Onset, ...]:  # fmt: skip
    """Onsets of what one loss leaves, per precursor ion, ascending."""
    total = fraction[:, members].sum(axis=1)
    total = np.where(total > 0, total, 1.0)
    found = []
    for k, fragment in enumerate(fragments):
        if fragment.steps != 1 or fragment.leaving or energies.size < 2:
            continue
        curve = fraction[:, k] / total
        sd = np.sqrt(np.maximum(covariance[:, k, k], 0.0)) / total
        crossing = first_crossing(energies, curve, sd, ONSET * float(curve.max()))
        if crossing is not None and curve.max() > 0:
            found.append(Onset(fragment, crossing))
    return tuple(sorted(found, key=lambda one: (one.crossing.low, one.crossing.at)))


def _trends(
    energies: Floats, fraction: Floats, covariance: Floats, fragments: Sequence[Fragment]
) -> tuple[Trend, ...]:
    """Slopes of the log ratio of each two first losses against energy, weighted."""
    first = [k for k, f in enumerate(fragments) if f.steps == 1 and not f.leaving]
    found = []
    for a, b in combinations(first, 2):
        there = (fraction[:, a] > 0) & (fraction[:, b] > 0)
        # What differs in more than metals breaks further at its own rate, which is another trend.
        if there.sum() < 3 or fragments[a].framework != fragments[b].framework:
            continue
        x, n_a, n_b = energies[there], fraction[there, a], fraction[there, b]
        own = covariance[there]
        variance = (own[:, a, a] / n_a**2 + own[:, b, b] / n_b**2
                    - 2 * own[:, a, b] / (n_a * n_b))  # fmt: skip
        weight = 1.0 / np.maximum(variance, 1e-12)
        y = np.log(n_a / n_b)
        middle = float(x @ weight / weight.sum())
        spread = float(weight @ (x - middle) ** 2)
        if not spread > 0:
            continue
        slope = float(((x - middle) * weight) @ y / spread)
        level = float(y @ weight / weight.sum())
        left = y - level - slope * (x - middle)
        chi2 = float(weight @ left**2) / max(int(there.sum()) - 2, 1)
        found.append(Trend(fragments[a], fragments[b], slope,
                           float(np.sqrt(max(chi2, 1.0) / spread))))  # fmt: skip
    return tuple(replace(one, of=len(found)) for one in found)


def _notes(
    energies: Floats, survival: Floats, sd: Floats, half: Sigmoid | None,
    members: NDArray[np.bool_], fraction: Floats, found: Sequence[FragmentAssignment],
) -> list[str]:  # fmt: skip
    notes = []
    if half is None:
        notes.append("No E50: fewer than three energies, or a survival that does not change.")
    elif survival.min() > 0.5 or survival.max() < 0.5:
        side = "above the highest" if survival.min() > 0.5 else "below the lowest"
        notes.append(f"Survival does not cross one half: E50 lies {side} energy measured, and the "
                     "number given is an extrapolation.")  # fmt: skip
    if half is not None and half.chi2 > 4.0:
        notes.append(f"Survival scatters {half.chi2 ** 0.5:.1f} times as much about the sigmoid as "
                     "counting explains; the sd is scaled up by that.")  # fmt: skip
    empty = [f"{e:g}" for e, row in zip(energies, fraction, strict=True) if not row.any()]
    if empty:
        notes.append(f"Nothing is called at {', '.join(empty)} eV.")
    if any("Outside the spectrum" in note for one in found for note in one.notes):
        notes.append("Some of what the precursor may become lies outside the spectra: survival is "
                     "then an upper bound.")  # fmt: skip
    return notes
