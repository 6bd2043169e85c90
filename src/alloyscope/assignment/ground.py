"""Candidates that a trace could hold at all, what is known of each beforehand, and their decoys.

A decoy is a candidate moved to a mass that its rule does not allow: every framework by a few
hydrogens and oxygens of its own, with all its x, adducts, charges and neighbours. Decoys keep the
patterns, ladders and costs of the targets, and what is wrong may look like one of them as well as
like a target: as many decoys as false targets are called.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alloyscope.assignment.candidates import Candidates
from alloyscope.assignment.fit import Library, library_of
from alloyscope.assignment.ladders import Company, company
from alloyscope.assignment.trace import Trace
from alloyscope.chemistry.element import IsotopeTable
from alloyscope.chemistry.species import AnyIon
from alloyscope.constants import ELECTRON_MASS

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

TOLERANCE = 1.3e-4
"""Relative m/z by which an envelope may lie elsewhere before calibration."""

LEAST_SIGNAL = 3.0
"""Standard deviations of signal within an envelope below which its ion cannot be seen."""

FEWEST_H, MOST_H, MOST_O = 3, 9, 2
"""Hydrogens and oxygens by which a framework's decoys are off."""


@dataclass(frozen=True)
class Ground:
    """What a search stands on; targets first, decoys after them.

    found    : the targets
    library  : of targets and decoys, at their prior cost
    tall     : their tall peaks alone
    company  : neighbours of each among its own kind
    required : (n_ions,) which the user says are there
    simple   : (n_ions,) targets that are probable beforehand
    accuracy : stated, ppm
    """

    found: Candidates
    library: Library
    tall: Library
    company: Company
    required: Flags
    simple: Flags
    accuracy: float

    @property
    def n_targets(self) -> int:
        """How many of the library are targets."""
        return len(self.found)


SIMPLE = 2.6
"""Nats of prior cost up to which an ion is simple."""


def ground_of(
    trace: Trace, every: Candidates, accuracy: float, table: IsotopeTable,
    required: Iterable[AnyIon] = (), excluded: Iterable[AnyIon] = (), seed: int = 0,
) -> Ground:  # fmt: skip
    """The candidates with signal where they lie, their patterns and neighbours, and decoys.

    seed : of the decoys' masses
    """
    wanted, unwanted = rows_of(every, required), rows_of(every, excluded)
    mean, sd = envelope_moments(every, table)
    shift = _decoy_shifts(every, seed)
    # Plain ions stay even without signal: there is a limit to report of them.
    plain = every.known & (every.penalty <= 0.0)
    kept = np.flatnonzero((_with_signal(trace, every, mean, sd) | wanted | plain) & ~unwanted)
    moved = np.flatnonzero(_with_signal(trace, every, mean + shift, sd))
    n_counted = float(trace.signal.sum()) / trace.gain
    targets, decoys = every.take(kept), every.take(moved)
    own = library_of(targets, table, n_counted)
    library = _joined(own, library_of(decoys, table, n_counted).shifted(shift[moved]))
    both = company(targets).joined(company(decoys), len(targets))
    none = np.zeros(len(decoys), np.bool_)
    simple = (targets.penalty < SIMPLE) | wanted[kept]
    return Ground(targets, library, library.tall(), both, np.concatenate((wanted[kept], none)),
                  np.concatenate((simple, none)), accuracy)  # fmt: skip


def decoys_only(
    trace: Trace, every: Candidates, table: IsotopeTable, seed: int
) -> Library:  # fmt: skip
    """The simple decoys of a seed that have signal where they lie."""
    simple = every.take(every.penalty < SIMPLE)
    mean, sd = envelope_moments(simple, table)
    shift = _decoy_shifts(simple, seed)
    kept = np.flatnonzero(_with_signal(trace, simple, mean + shift, sd))
    n_counted = float(trace.signal.sum()) / trace.gain
    return library_of(simple.take(kept), table, n_counted).shifted(shift[kept])


def rows_of(found: Candidates, ions: Iterable[AnyIon]) -> Flags:
    """(n_ions,) which candidates have the formula and charge of one of the ions."""
    symbols, counts = found.formulas
    out = np.zeros(len(found), np.bool_)
    for ion in ions:
        atoms = np.array([ion.formula.get(symbol, 0) for symbol in symbols])
        if sum(n for _, n in ion.formula.atoms) == atoms.sum():
            out |= (counts == atoms).all(axis=1) & (found.charge == ion.charge)
    return out


def _decoy_shifts(every: Candidates, seed: int) -> Floats:
    """(n_ions,) m/z by which each candidate's decoy is moved."""
    rng = np.random.default_rng(seed)
    n = int(every.framework.max(initial=0)) + 1
    hydrogens = rng.integers(FEWEST_H, MOST_H + 1, n) * rng.choice((-1, 1), n)
    oxygens = rng.integers(0, MOST_O + 1, n) * rng.choice((-1, 1), n)
    mass = hydrogens * 1.00782503 + oxygens * 15.9949146
    return np.asarray(mass[every.framework] / np.abs(every.charge))


def _joined(one: Library, other: Library) -> Library:
    return Library(
        np.concatenate((one.bounds, one.bounds[-1] + other.bounds[1:])),
        np.concatenate((one.mz, other.mz)), np.concatenate((one.share, other.share)),
        np.concatenate((one.cost, other.cost)),
    )  # fmt: skip


def _with_signal(trace: Trace, found: Candidates, mean: Floats, sd: Floats) -> Flags:
    """(n_ions,) whether there is signal about the middle of each envelope."""
    reach = np.maximum(sd, 0.3 / np.abs(found.charge)) + TOLERANCE * mean
    low = np.searchsorted(trace.mz, mean - reach)
    high = np.searchsorted(trace.mz, mean + reach)
    signal = np.append(0.0, np.cumsum(trace.signal))
    noise = trace.floor + trace.gain * np.maximum(trace.signal, 0.0)
    variance = np.append(0.0, np.cumsum(noise))
    gathered = signal[high] - signal[low]
    doubt = np.sqrt(np.maximum(variance[high] - variance[low], 1e-300))
    return np.asarray((high - low > 3) & (gathered > LEAST_SIGNAL * doubt))


def envelope_moments(found: Candidates, table: IsotopeTable) -> tuple[Floats, Floats]:
    """Mean m/z (n_ions,) and standard deviation of each envelope."""
    symbols, counts = found.formulas
    mean = np.array([table[symbol].mean_mass for symbol in symbols])
    spread = np.array([
        sum(i.abundance * (i.mass - m) ** 2 for i in table[symbol].isotopes)
        for symbol, m in zip(symbols, mean, strict=True)
    ])  # fmt: skip
    z = np.abs(found.charge)
    return (counts @ mean - found.charge * ELECTRON_MASS) / z, np.sqrt(counts @ spread) / z
