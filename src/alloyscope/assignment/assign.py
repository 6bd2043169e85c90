"""`assign`: from a spectrum and a search space to an Assignment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from alloyscope.assignment.assignment import Assignment
from alloyscope.assignment.calibration import offset_gains
from alloyscope.assignment.candidates import Candidates, candidates
from alloyscope.assignment.confidence import q_values
from alloyscope.assignment.evidence import evidence
from alloyscope.assignment.fit import Library
from alloyscope.assignment.ground import Ground, decoys_only, ground_of, rows_of
from alloyscope.assignment.instrument import Instrument, prior_instrument
from alloyscope.assignment.listing import IonListing
from alloyscope.assignment.outcome import Outcome
from alloyscope.assignment.search import search, smoothed
from alloyscope.assignment.space import SearchSpace
from alloyscope.assignment.summary import summarised
from alloyscope.assignment.trace import Trace, trace_of
from alloyscope.chemistry.element import IsotopeTable, default_isotope_table
from alloyscope.chemistry.species import AnyIon
from alloyscope.errors import CaseError, SpectrumError, message
from alloyscope.spectra import CentroidSpectrum, ProfileSpectrum, resolving_power
from alloyscope.spectra.lattice import local_spacing

Floats = NDArray[np.float64]
Observe = Callable[[str, int, int | None], None]

DEFAULT_POWER = {True: 60000.0, False: 12000.0}
"""Resolving power where neither the user nor the peaks tell, of Fourier transform and others."""

DEFAULT_ACCURACY = {True: 4.0, False: 12.0}
"""ppm, where it is not stated."""

LEAST_RANGE = 0.05
"""Range of log m/z over which the points' distances must be known to tell an analyser."""

DOUBTFUL = 0.85
"""Share of the signal explained below which decoys are asked whether they explain more."""

POOR, COMPETING = 0.5, 0.3
"""Share explained below which they are asked when any decoy is called; above it, when so many are
called, to one called target."""

DECOY_SETS, AS_WELL = 4, 0.94
"""How many sets of decoys, and the share of the best one's gain that the targets must reach."""

FOREIGN = ("Decoys, ions that cannot be, account for more of the spectrum than the search space "
           "does: what is in it is something else.")  # fmt: skip

UNSURE, MEASURED = 0.35, 0.1
"""1 sd of the log of the resolving power: of a default, and of one that is stated or measured."""

LOCK_REACH, LOCK_SD = 150.0, 1.5
"""ppm about a lock mass in which its peak is sought, and 1 sd of what it says of the offset."""

COMPARABLE = 0.3
"""Share of the tallest peak's height from which a nearer one, an isotope perhaps, is the lock's."""


@dataclass(frozen=True)
class Hints:
    """What is known of the measurement; each is a prior, never an assumption.

    resolving_power    : nominal, m/z over full width at half maximum; 0 where not known
    resolving_power_at : m/z at which it holds; 0 for 2500, or 400 on Fourier transform
    mass_accuracy_ppm  : as stated; 0 where not
    transform          : Fourier transform (Orbitrap, ICR); None where not known
    lock               : m/z of peaks whose true place is known
    """

    resolving_power: float = 0.0
    resolving_power_at: float = 0.0
    mass_accuracy_ppm: float = 0.0
    transform: bool | None = None
    lock: tuple[float, ...] = ()


def assign(
    spectrum: ProfileSpectrum | CentroidSpectrum, space: SearchSpace | IonListing,
    hints: Hints | None = None, *, require: Iterable[AnyIon] = (), exclude: Iterable[AnyIon] = (),
    blank: ProfileSpectrum | None = None, q: float = 0.05, table: IsotopeTable | None = None,
    observe: Observe | None = None, seed: int = 0,
) -> Assignment:  # fmt: skip
    """Which ions of a search space are in a spectrum, and how much of each.

    space   : ions by rule, or a list of them
    require : ions that are there: called whatever their evidence
    exclude : ions that are not
    blank   : a spectrum of the same instrument without sample, subtracted
    q       : largest share of false calls, see `confidence.q_values`
    observe : told of progress
    seed    : of the decoys' masses

    The model is in docs/theory/assignment.md. Raises SpectrumError for a peak list, which has no
    widths, and for a lock mass without a peak; CaseError for a required ion outside the space.

    >>> from alloyscope import IonListing, parse_ion, read_mass_spectrum
    >>> spectrum = read_mass_spectrum("examples/au44-ag44.mzML")
    >>> listed = ["[Ag44(p-MBA)30]4-", "[Au21Ag23(p-MBA)27]3-", "[Au25(p-MBA)18-2H]3-"]
    >>> found = assign(spectrum, IonListing(tuple(map(parse_ion, listed))))
    >>> [str(call.ion) for call in found.called]
    ['[Ag44(p-MBA)30]4-', '[Au21Ag23(p-MBA)27]3-']
    """
    if not isinstance(spectrum, ProfileSpectrum):
        raise SpectrumError(
            message(spectrum.acquisition.source, found="a peak list", expected="a profile spectrum",
                    do="Export the profile; in a peak list overlapping envelopes are already lost.")
        )  # fmt: skip
    table, hints = table or default_isotope_table(), hints or Hints()
    told = observe or _silent
    told("preparing", 0, None)
    if hints.transform is None:
        hints = replace(hints, transform=_looks_transformed(spectrum))
    trace = _without(trace_of(spectrum, bool(hints.transform)), blank)
    instrument, accuracy = _prior(spectrum, trace, hints)
    every = candidates(space, *spectrum.mz_range, table)
    required = tuple(require)
    _check_required([ion for ion in required if not rows_of(every, (ion,)).any()])
    ground = ground_of(trace, every, accuracy, table, required, exclude, seed)
    best, contest = search(trace, ground, instrument, told)
    told("weighing the evidence", 0, None)
    found = evidence(best)
    decoys = _decoy_scores(contest, ground.n_targets)
    values = q_values(np.array([e.score for e in found]), decoys)
    result = summarised(spectrum, ground, best, found, values, q, len(every))
    absent = [str(ion) for ion in required if ion not in {call.ion for call in result.called}]
    if absent:
        said = f"Required, but without any signal of its own: {', '.join(absent)}."
        result = replace(result, notes=(*result.notes, said))
    competing = int((decoys > 0.0).sum()) / max(len(found), 1)
    least = COMPETING if result.explained > POOR else 0.0
    sound = result.explained > DOUBTFUL or competing <= least
    if not result.called or required or sound:
        return result
    told("asking decoys for the whole spectrum", 0, None)
    if decoys_do_as_well(trace, ground, every, instrument, table, seed):
        none = np.ones(values.size)
        result = summarised(spectrum, ground, best, found, none, q, len(every))
        return replace(result, notes=(*result.notes, FOREIGN))
    return result


def _looks_transformed(spectrum: ProfileSpectrum) -> bool:
    """Whether points lie as on a Fourier transform instrument, evenly in frequency.

    Their distance grows as m/z to 1.5 (Orbitrap) or 2 (ICR) there, on time of flight to 0.5.
    """
    spacing = local_spacing(np.asarray(spectrum.mz))
    if spacing is None or np.ptp(spacing.log_mz) < LEAST_RANGE:
        return False
    return bool(np.polyfit(spacing.log_mz, spacing.log_step, 1)[0] > 1.0)


def decoys_do_as_well(
    trace: Trace, ground: Ground, every: Candidates, instrument: Instrument, table: IsotopeTable,
    seed: int,
) -> bool:  # fmt: skip
    """Whether decoys, at the calibration that suits them best, account for more of a spectrum."""
    variance = trace.variance(smoothed(trace.signal))

    def best(library: Library) -> float:
        _, gains, _ = offset_gains(trace, library, instrument, variance, ground.accuracy)
        return float(gains.max())

    own = best(ground.library.take(np.flatnonzero(ground.simple)))
    others = (best(decoys_only(trace, every, table, seed + k)) for k in range(DECOY_SETS))
    return own < AS_WELL * max(others)


def _silent(what: str, done: int, total: int | None) -> None:
    """Nobody wants to know."""


def _decoy_scores(contest: Outcome, n_targets: int) -> Floats:
    scored = [e.score for e in evidence(contest) if contest.called[e.position] >= n_targets]
    return np.array(scored)


def _check_required(outside: Sequence[AnyIon]) -> None:
    if outside:
        raise CaseError(
            message("require", found=", ".join(map(str, outside)),
                    expected="ions of the search space inside the spectrum's m/z range",
                    do="Widen the space, or list the ions with --ions.")
        )  # fmt: skip


def _without(trace: Trace, blank: ProfileSpectrum | None) -> Trace:
    """The trace less a blank's signal, point by point; a blank is measured as the sample is."""
    if blank is None:
        return trace
    other = trace_of(blank, trace.magnitude)
    signal = np.interp(trace.mz, other.mz, np.maximum(other.signal, 0.0), 0.0, 0.0)
    return replace(trace, signal=trace.signal - signal, floor=trace.floor + trace.gain * signal)


def _prior(
    spectrum: ProfileSpectrum, trace: Trace, hints: Hints
) -> tuple[Instrument, float]:  # fmt: skip
    """The instrument before the fit, and the stated accuracy."""
    weight = np.maximum(trace.signal, 0.0)
    middle = float(trace.mz @ weight / weight.sum()) if weight.any() else float(trace.mz.mean())
    measured = resolving_power(spectrum)
    transform = bool(hints.transform)
    power, at, doubt = hints.resolving_power, hints.resolving_power_at, MEASURED
    if not power and measured is not None:
        power, at, doubt = measured.value, measured.at_mz, UNSURE / 2
    elif not power:
        power, at, doubt = DEFAULT_POWER[transform], 0.0, UNSURE
    instrument = prior_instrument(middle, power, at or (400.0 if transform else 2500.0), transform)
    spread = instrument.spread.copy()
    spread[3] = doubt
    instrument = replace(instrument, spread=spread)
    accuracy = hints.mass_accuracy_ppm or DEFAULT_ACCURACY[transform]
    return (_locked(trace, instrument, hints.lock) if hints.lock else instrument), accuracy


def _locked(trace: Trace, instrument: Instrument, lock: tuple[float, ...]) -> Instrument:
    """With the offset that lock masses show. Raises SpectrumError for one without a peak."""
    off = []
    for mz in lock:
        near = np.flatnonzero(np.abs(trace.mz / mz - 1) < LOCK_REACH * 1e-6)
        near = near[(near > 0) & (near < trace.mz.size - 1)]
        height = trace.signal[near]
        tops = near[(height >= trace.signal[near - 1]) & (height > trace.signal[near + 1])
                    & (height >= COMPARABLE * height.max(initial=0.0))]  # fmt: skip
        top = int(tops[np.argmin(np.abs(trace.mz[tops] - mz))]) if tops.size else -1
        if top < 0 or trace.signal[top] < 5 * np.sqrt(trace.floor[top]):
            raise SpectrumError(
                message("lock mass", found=f"no peak within {LOCK_REACH:g} ppm of m/z {mz:g}",
                        expected="a peak of known m/z in the spectrum")
            )  # fmt: skip
        span = slice(max(top - 2, 0), top + 3)
        centre = np.average(trace.mz[span], weights=np.maximum(trace.signal[span], 0.0))
        off.append((centre / mz - 1) * 1e6)
    expected, spread = instrument.centre.copy(), instrument.spread.copy()
    expected[0], spread[0] = float(np.mean(off)), LOCK_SD
    return replace(instrument, centre=expected, spread=spread, theta=expected.copy())
