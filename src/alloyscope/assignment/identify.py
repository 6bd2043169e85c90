"""What could one peak be: ions of a search space with an isotope peak at its m/z, ranked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alloyscope.assignment.candidates import Candidates, candidates
from alloyscope.assignment.distinction import Distinction, Envelope, distinguish, mates
from alloyscope.assignment.listing import IonListing
from alloyscope.assignment.space import SearchSpace
from alloyscope.chemistry.electron_count import electrons_if_known
from alloyscope.chemistry.element import IsotopeTable, default_isotope_table
from alloyscope.chemistry.species import AnyIon
from alloyscope.errors import CaseError, message
from alloyscope.isotopes.families import IsotopeFamily, family_of_counts

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

REACH = 30.0
"""m/z from an envelope's mean to its furthest tall peak, at most."""

TALL = 0.2
"""Height over the tallest peak's from which a peak may be the one that was measured."""

UNRESOLVED = 0.9
"""Peak width over the isotope spacing beyond which an envelope is one hump."""


@dataclass(frozen=True)
class Possibility:
    """An ion that the peak could be.

    framework   : number of metals and of anionic ligands; "" for a plain formula
    known       : whether the framework is one that costs nothing
    electrons   : valence electrons of the core; None where there is no count
    mz_peak     : calculated, of the isotope peak that is nearest among the tall ones, or of the
                  envelope's mean where isotopes are not resolved
    height      : of that peak over the tallest
    mz_theory   : most abundant aggregated isotope peak
    error_ppm   : measured less calculated
    penalty     : nats of prior odds in the search space
    score       : penalty + (error / sd)^2 / 2 - ln(height), nats; sd is half of the tolerance
    odds        : exp(-score), its share of the sum over all ions that fit
    mates       : ions that should be there too, with their most abundant m/z
    """

    ion: AnyIon
    framework: str
    known: bool
    electrons: int | None
    mz_peak: float
    height: float
    mz_theory: float
    error_ppm: float
    penalty: float
    score: float
    odds: float
    mates: tuple[tuple[AnyIon, float], ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The possibility in plain types."""
        return {
            "ion": str(self.ion), "framework": self.framework, "known": self.known,
            "charge": self.ion.charge, "electrons": self.electrons, "mz_peak": self.mz_peak,
            "height": self.height, "mz_theory": self.mz_theory, "error_ppm": self.error_ppm,
            "penalty": self.penalty, "score": self.score, "odds": self.odds,
            "mates": [{"ion": str(ion), "mz_theory": mz} for ion, mz in self.mates],
        }  # fmt: skip


@dataclass(frozen=True)
class Identification:
    """What one peak could be.

    mz, ppm       : as measured, and how far off it may be
    possibilities : the likeliest first
    n_fitting     : how many ions fit, those that are not listed too
    distinctions  : what would tell each of the others from the first
    nearest       : where none fits, the ion with the nearest tall peak
    """

    mz: float
    ppm: float
    possibilities: tuple[Possibility, ...]
    n_fitting: int
    distinctions: tuple[Distinction, ...] = ()
    nearest: Possibility | None = None

    @property
    def verdict(self) -> str:
        """One sentence: how many ions fit, or that none does."""
        within = f"within {self.ppm:g} ppm of m/z {self.mz:g}"
        if not self.n_fitting:
            near = self.nearest
            beyond = f"; nearest: {near.ion}, {near.error_ppm:+.1f} ppm" if near else ""
            return f"no ion of this search space has a tall isotope peak {within}{beyond}"
        ions = "1 ion has" if self.n_fitting == 1 else f"{self.n_fitting} ions have"
        return f"{ions} a tall isotope peak {within}"

    def signs(self, place: int) -> tuple[str, ...]:
        """What would tell the possibility at this place from the first."""
        return self.distinctions[place - 1].signs if place else ()

    def as_json(self) -> dict[str, Any]:
        """The identification in plain types."""
        return {
            "mz": self.mz, "ppm": self.ppm, "verdict": self.verdict, "n_fitting": self.n_fitting,
            "possibilities": [
                it.as_json() | {"apart_from_first": self.signs(k)}
                for k, it in enumerate(self.possibilities)
            ],
            "nearest": None if self.nearest is None else self.nearest.as_json(),
        }  # fmt: skip


def identify(
    mz: float,
    space: SearchSpace | IonListing,
    ppm: float = 20.0,
    charge: int | None = None,
    resolving_power: float = 0.0,
    table: IsotopeTable | None = None,
    most: int = 10,
    valence: Mapping[str, int] | None = None,
) -> Identification:
    """Ions of which an isotope peak above 20 % of the tallest lies at the m/z, ranked by score.

    mz    : as measured
    ppm   : tolerance, taken as two standard deviations
    charge : signed; None for any
    resolving_power : m/z over full width at half maximum; where isotope peaks are not resolved the
            mean of the envelope is compared. 0: they are resolved
    most  : how many ions are listed
    valence : electrons per metal atom, over the bundled ones

    Raises CaseError for a charge that a list of ions lacks.

    >>> from alloyscope.assignment.space import Framework
    >>> from alloyscope.chemistry import default_vocabulary
    >>> frameworks = (Framework("A", 44, 30, -4), Framework("B", 44, 27, -3))
    >>> space = SearchSpace(("Au", "Ag"), (default_vocabulary().ligand("p-MBA"),), frameworks,
    ...                     charges=(-3, -4), core_off=None)
    >>> found = identify(2602.65, space)
    >>> [(str(it.ion), round(it.error_ppm, 1)) for it in found.possibilities]
    [('[Au12Ag32(p-MBA)30]4-', 0.7)]
    """
    table = table or default_isotope_table()
    rows = candidates(_at_charge(space, charge), mz - REACH, mz + REACH, table)
    if not len(rows):
        return Identification(mz, ppm, (), 0)
    scored = _scored(rows, mz, ppm, resolving_power, table)
    fits = np.flatnonzero(np.abs(scored.error) <= ppm)
    valence = valence or {}
    if not fits.size:
        nearest = scored.possibility(int(np.abs(scored.error).argmin()), 0.0, valence)
        return Identification(mz, ppm, (), 0, nearest=nearest)
    share = np.exp(scored.score[fits].min() - scored.score[fits])
    best = np.argsort(scored.score[fits], kind="stable")[:most]
    found = [scored.possibility(int(fits[k]), float(share[k] / share.sum()), valence) for k in best]
    listed = tuple(replace(it, mates=mates(it.ion, space.charges, table)) for it in found)
    envelopes = [scored.envelope(int(fits[k])) for k in best]
    apart = tuple(distinguish(envelopes[0], other, mz) for other in envelopes[1:])
    return Identification(mz, ppm, listed, int(fits.size), apart)


@dataclass(frozen=True, eq=False)
class _Scored:
    """Candidates, their isotope peaks, and how well each fits; arrays (n_ions,)."""

    rows: Candidates
    patterns: IsotopeFamily
    peak: Floats
    height: Floats
    error: Floats
    score: Floats

    def envelope(self, row: int) -> Envelope:
        """The isotope peaks of one row."""
        own, ion = self.patterns[row], self.rows.ion(row)
        return Envelope(ion, own.mz(ion.charge), own.probability)

    def possibility(self, row: int, odds: float, valence: Mapping[str, int]) -> Possibility:
        """What is known of one row."""
        seen = self.envelope(row)
        return Possibility(
            seen.ion, self.rows.framework_name(row), bool(self.rows.known[row]),
            electrons_if_known(seen.ion, valence), float(self.peak[row]), float(self.height[row]),
            seen.tallest, float(self.error[row]), float(self.rows.penalty[row]),
            float(self.score[row]), odds,
        )  # fmt: skip


def _scored(
    rows: Candidates, mz: float, ppm: float, resolving_power: float, table: IsotopeTable
) -> _Scored:
    symbols, counts = rows.formulas
    patterns = family_of_counts(symbols, counts, table, prune=1e-5)
    peak, height, mean = _nearest_peaks(patterns, rows.charge, mz)
    if resolving_power:
        hump = mz / resolving_power * np.abs(rows.charge) > UNRESOLVED
        peak, height = np.where(hump, mean, peak), np.where(hump, 1.0, height)
    error = 1e6 * (mz - peak) / peak
    score = rows.penalty + 0.5 * (error / (0.5 * ppm)) ** 2 - np.log(height)
    return _Scored(rows, patterns, peak, height, error, score)


def _at_charge(space: SearchSpace | IonListing, charge: int | None) -> SearchSpace | IonListing:
    if charge is None:
        return space
    if isinstance(space, SearchSpace):
        return replace(space, charges=(charge,))
    ions = tuple(ion for ion in space.ions if ion.charge == charge)
    if not ions:
        raise CaseError(
            message("identify", found=f"no ion of charge {charge:+d} in the list",
                    expected=f"one of {', '.join(f'{z:+d}' for z in space.charges)}")
        )  # fmt: skip
    return replace(space, ions=ions)


def _nearest_peaks(
    patterns: IsotopeFamily, charge: Integers, mz: float
) -> tuple[Floats, Floats, Floats]:
    """(n_ions,) m/z of the tall peak nearest to `mz`, its height, and the envelope's mean."""
    first, place, share = patterns.bounds[:-1], patterns.mz(charge), patterns.probability
    sizes = np.diff(patterns.bounds)
    height = share / np.repeat(np.maximum.reduceat(share, first), sizes)
    away = np.where(height >= TALL, np.abs(place - mz), np.inf)
    nearest = np.repeat(np.minimum.reduceat(away, first), sizes)
    at = np.flatnonzero(away == nearest)
    ion = np.repeat(np.arange(len(patterns)), sizes)[at]
    at = at[np.unique(ion, return_index=True)[1]]
    mean = np.add.reduceat(place * share, first) / np.add.reduceat(share, first)
    return place[at], height[at], mean
