"""Fragments of a precursor in a tandem mass spectrum, assigned by the engine of MS1.

The ions looked for are the precursor's descendants; calibration, peak width, amounts, decoys and
q-values are those of `assignment.assign`. Where the isolation window cuts the precursor's envelope,
the fragments' patterns are those of what was let through.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from alloyscope.assignment.assign import Hints, assign
from alloyscope.assignment.assignment import Assignment, CalledIon
from alloyscope.assignment.listing import IonListing
from alloyscope.chemistry.cleavage import Cleavage
from alloyscope.chemistry.element import IsotopeTable
from alloyscope.chemistry.formula import Formula
from alloyscope.chemistry.species import AnyIon, Ion
from alloyscope.errors import SpectrumError, message
from alloyscope.fragments.descendants import Fragment, descendants, only, possible
from alloyscope.isotopes.distribution import distribution
from alloyscope.isotopes.isolation import Isolation
from alloyscope.speciation import Condition, Speciation
from alloyscope.spectra import ProfileSpectrum

Floats = NDArray[np.float64]
Observe = Callable[[str, int, int | None], None]

WHOLE = 0.999
"""Share of the precursor's envelope from which a window is taken to let all of it through."""

WIDE_OPEN = (0.01, 1e9)
"""A window that cuts nothing, whatever the file says."""

FINE_BELOW = 2000.0
"""Da below which isotopologues of one nucleon number are set apart: an instrument may do so."""

ASIDE = 3.0
"""Da beside the precursor's envelope within which a stated m/z is still its own."""


@dataclass(frozen=True, eq=False)
class CalledFragment:
    """A fragment that is called present, or one that is measured because it was required.

    call  : as the assignment has it
    sure  : whether its q-value is low enough to be called
    rivals : fragments of other formulas that the spectrum cannot tell from it
    """

    fragment: Fragment
    call: CalledIon
    rivals: tuple[Fragment, ...] = ()
    sure: bool = True

    @property
    def ion(self) -> Ion:
        """In the notation of its likeliest route."""
        return self.fragment.ion


@dataclass(frozen=True, eq=False)
class FragmentAssignment:
    """A tandem mass spectrum's fragments.

    precursor  : the ion that was isolated
    cleavages  : that were looked for
    considered : the descendants, the precursor first
    found      : the assignment of the spectrum with those as its list of ions
    fragments  : called and required ones, the precursor first if it is there, then by number of
                 losses
    isolation  : the window; None where it is not known or lets all through
    let_through : share of the precursor's envelope inside the window; 1 where none is known
    notes      : what the user must know, one sentence each
    """

    precursor: Ion
    cleavages: tuple[Cleavage, ...]
    considered: tuple[Fragment, ...]
    found: Assignment
    fragments: tuple[CalledFragment, ...]
    isolation: Isolation | None = None
    let_through: float = 1.0
    notes: tuple[str, ...] = ()

    @cached_property
    def survivor(self) -> CalledFragment | None:
        """The precursor, where it is called."""
        return next((one for one in self.fragments if one.sure and not one.fragment.steps), None)

    @property
    def verdict(self) -> str:
        """One sentence: how many fragments, and whether the precursor is still there."""
        n = sum(one.sure and bool(one.fragment.steps) for one in self.fragments)
        if not n and self.survivor is None:
            return (f"nothing of {self.precursor} is found, neither it nor any fragment; "
                    f"{self.found.explained:.0%} explained")  # fmt: skip
        said = "no fragment" if not n else ("1 fragment" if n == 1 else f"{n} fragments")
        left = "the precursor is there" if self.survivor else "the precursor is not seen"
        return f"{said} of {self.precursor} called, {left}; {self.found.explained:.0%} explained"

    def speciation(self, condition: Condition | None = None) -> Speciation:
        """How much of each species, as of any assignment."""
        return self.found.speciation(condition)


def assign_fragments(
    spectrum: ProfileSpectrum, precursor: Ion, cleavages: Sequence[Cleavage] | None = None, *,
    depth: int = 3, hints: Hints | None = None, window: tuple[float, float] | None = None,
    q: float = 0.05, table: IsotopeTable | None = None, observe: Observe | None = None,
    seed: int = 0, require: Sequence[AnyIon] = (), among: Sequence[AnyIon] = (),
) -> FragmentAssignment:  # fmt: skip
    """Which fragments of a precursor are in a tandem mass spectrum, and how much of each.

    cleavages : what may leave; the table's usual ones when None
    depth     : losses in a row, at most
    window    : m/z let through by the isolation. When None that of the file is taken, unless the
                precursor's own envelope shows that it was wider
    require   : fragments that are in the fit whatever their evidence
    among     : only descendants of these formulas; all when empty

    Raises what `descendants` and `assign` raise; SpectrumError for a spectrum of the other
    polarity, and for one whose file states another precursor.
    """
    every = descendants(precursor, cleavages, depth)
    check_precursor(spectrum, precursor, window)
    considered = only(every, among) if among else every
    isolation, share = _isolation(spectrum, precursor, window, table)
    listing = IonListing(
        tuple(one.ion for one in considered), penalties=tuple(one.penalty for one in considered),
        isolation=isolation, fine_below=FINE_BELOW,
    )  # fmt: skip
    found = assign(spectrum, listing, hints, require=require, q=q, table=table, observe=observe,
                   seed=seed)  # fmt: skip
    by_key = {(one.ion.formula, one.ion.charge): one for one in considered}
    called = [_called(call, by_key, q) for call in found.called]
    called.sort(key=lambda one: (one.fragment.steps, one.fragment.leaving, -one.call.abundance))
    notes = _notes(spectrum, precursor, considered, called, isolation, share)
    return FragmentAssignment(
        precursor, possible(precursor, cleavages), considered, found, tuple(called), isolation,
        share, (*notes, *found.notes),
    )  # fmt: skip


def check_precursor(
    spectrum: ProfileSpectrum, precursor: Ion, window: tuple[float, float] | None = None
) -> None:  # fmt: skip
    """Raise SpectrumError for the other polarity, and where the file states another precursor."""
    taken = spectrum.acquisition
    expected = "negative" if precursor.charge < 0 else "positive"
    if taken.polarity not in (None, expected):
        raise SpectrumError(
            message(taken.source, found=f"a {taken.polarity} spectrum",
                    expected=f"a {expected} one, for {precursor}")
        )  # fmt: skip
    stated = taken.precursor_mz
    if stated is None or window not in (None, WIDE_OPEN):
        return
    mz = _envelope(precursor)
    aside = ASIDE / abs(precursor.charge)
    if not mz[0] - aside <= stated <= mz[-1] + aside:
        raise SpectrumError(
            message(taken.source, found=f"m/z {stated:.3f} isolated",
                    expected=f"{precursor}, at m/z {mz[0]:.2f} to {mz[-1]:.2f}",
                    do="Name the precursor that was isolated.")
        )  # fmt: skip


def _envelope(ion: Ion, table: IsotopeTable | None = None) -> Floats:
    """m/z of an ion's peaks but the faintest, ascending."""
    return distribution(ion.formula, table, prune=1e-4).mz(ion.charge)


def _isolation(
    spectrum: ProfileSpectrum, precursor: Ion, window: tuple[float, float] | None,
    table: IsotopeTable | None,
) -> tuple[Isolation | None, float]:  # fmt: skip
    """The window, None where it cuts nothing off; and the share of the envelope inside."""
    ends = spectrum.acquisition.isolation if window in (None, WIDE_OPEN) else window
    if ends is None or (spectrum.acquisition.ms_level or 2) < 2:
        return None, 1.0
    isolation = Isolation(precursor, *ends)
    share = isolation.share(table)
    open_wide = window == WIDE_OPEN
    open_wide |= window is None and was_wider([spectrum], isolation, table)
    whole = share >= WHOLE or open_wide
    return (None if whole else isolation), share


def was_wider(
    spectra: Sequence[ProfileSpectrum], isolation: Isolation, table: IsotopeTable | None = None
) -> bool:
    """Whether the precursor's envelope is there beyond the ends of the window that is stated.

    It is, when the signal beyond them, less that further out, is more than half of what a whole
    envelope would have there, given what is inside. A precursor that is gone shows nothing.
    """
    peaks = distribution(isolation.precursor.formula, table, prune=1e-4)
    mz = peaks.mz(isolation.precursor.charge)
    inside = (mz >= isolation.low) & (mz <= isolation.high)
    expected = peaks.probability[~inside].sum() / max(peaks.probability[inside].sum(), 1e-9)
    step = float(np.diff(mz).mean()) if mz.size > 1 else 0.5
    seen, beyond = np.zeros(2), np.zeros(2)
    for spectrum in spectra:
        for kind, (low, high) in ((0, (isolation.low, isolation.high)),
                                  (1, (mz[0] - step, isolation.low)),
                                  (1, (isolation.high, mz[-1] + step))):  # fmt: skip
            near = (spectrum.mz >= low) & (spectrum.mz <= high)
            seen[kind] += spectrum.intensity[near].sum()
        for low, high in ((mz[0] - 4 * step, mz[0] - step), (mz[-1] + step, mz[-1] + 4 * step)):
            near = (spectrum.mz >= low) & (spectrum.mz <= high)
            beyond += (spectrum.intensity[near].sum(), high - low)
    level = beyond[0] / max(beyond[1], 1e-9)
    outside = max(isolation.low - mz[0], 0.0) + max(mz[-1] - isolation.high, 0.0)
    seen -= len(spectra) * level * np.array([isolation.high - isolation.low, outside])
    return bool(seen[0] > 0 and seen[1] > 0.5 * expected * seen[0])


def _called(
    call: CalledIon, by_key: dict[tuple[Formula, int], Fragment], q: float
) -> CalledFragment:  # fmt: skip
    fragment = by_key[call.ion.formula, call.ion.charge]
    others = (by_key[m.ion.formula, m.ion.charge] for m in call.members)
    rivals = tuple(one for one in others if one is not fragment)
    return CalledFragment(fragment, call, rivals, call.q_value <= q)


def _notes(
    spectrum: ProfileSpectrum, precursor: Ion, considered: Sequence[Fragment],
    called: Sequence[CalledFragment], isolation: Isolation | None, share: float,
) -> list[str]:  # fmt: skip
    notes, taken = [], spectrum.acquisition
    if taken.ms_level == 1:
        notes.append("An MS1 spectrum, as the file says (MS level 1): nothing was isolated, so "
                     "ions of other clusters may be there, and fragments may come from the "
                     "source.")  # fmt: skip
    low, high = spectrum.mz_range
    mz = _envelope(precursor)
    if mz[-1] < low or mz[0] > high:
        notes.append(f"The precursor, m/z {mz[0]:.1f} to {mz[-1]:.1f}, lies outside the spectrum.")
    elif not any(one.sure and not one.fragment.steps for one in called):
        why = ("it is not there, or too weak" if taken.ms_level == 1
               else "all of it is gone, or another ion was isolated")  # fmt: skip
        notes.append(f"The precursor is not seen: {why}.")
    outside = [f for f in considered if f.steps and not f.leaving and _beyond(f.ion, low, high)]
    if outside:
        notes.append(f"Outside the spectrum, and so neither seen nor excluded: {len(outside)} of "
                     f"{sum(bool(f.steps) and not f.leaving for f in considered)} ions that the "
                     f"precursor may become, {outside[0].ion} among them.")  # fmt: skip
    if isolation is not None:
        notes.append(f"The isolation window, m/z {isolation.low:.2f} to {isolation.high:.2f}, lets "
                     f"{share:.0%} of the precursor's envelope through; fragments are compared "
                     "with the patterns that this leaves them, edges taken as sharp.")  # fmt: skip
    elif share < WHOLE:
        notes.append(f"The file's isolation window would let {share:.0%} of the precursor's "
                     "envelope through, but that is there beyond it: taken for whole.")  # fmt: skip
    two = [one for one in called if one.sure and one.fragment.ambiguous]
    if two:
        notes.append(f"{len(two)} of the ions called can be reached by more than one set of "
                     "losses, which no m/z tells apart.")  # fmt: skip
    return notes


def _beyond(ion: Ion, low: float, high: float) -> bool:
    """Whether an ion's mean m/z lies outside a range."""
    mean = (ion.formula.average_mass()) / abs(ion.charge)
    return not low <= mean <= high
