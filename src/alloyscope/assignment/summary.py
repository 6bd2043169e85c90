"""From a fitted trace and the evidence to the Assignment that is reported."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from alloyscope.assignment.assignment import (
    Assignment,
    CalledIon,
    Fitted,
    Member,
    UnexplainedPeak,
    UpperLimit,
)
from alloyscope.assignment.evidence import Evidence, own_error
from alloyscope.assignment.fit import (
    ION_COST,
    Drawn,
    joined,
    line_templates,
    model_of,
    peaks_of,
    profiled,
    slopes_of,
    templates,
)
from alloyscope.assignment.ground import Ground
from alloyscope.assignment.instrument import LIMITS, Instrument
from alloyscope.assignment.outcome import Outcome
from alloyscope.assignment.search import ALL, ALONE
from alloyscope.chemistry.electron_count import electrons_if_known
from alloyscope.numerics.alignment import matched
from alloyscope.numerics.sparse_fit import bounds_of
from alloyscope.numerics.templates import calibrated, gram, summed
from alloyscope.spectra import ProfileSpectrum

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

MOST_UNEXPLAINED, MOST_LIMITS = 200, 400
MOST_PARTNERS = 500
PARTNER = 0.25
"""Probability that a neighbour which was not called, between two called ones, is there."""

NINETY_FIVE = 1.645
"""Standard deviations of a one-sided bound of 95 %."""


def summarised(
    spectrum: ProfileSpectrum, ground: Ground, outcome: Outcome, found: Sequence[Evidence],
    q_values: Floats, q: float, n_candidates: int,
) -> Assignment:  # fmt: skip
    """The assignment: ions with a q-value of `q` or less, or required, and what is left."""
    required = ground.required[outcome.called] if found else np.zeros(0, np.bool_)
    kept = np.flatnonzero((q_values <= q) | required)
    state, trace = outcome.state, outcome.trace
    own = outcome.library.take(state.active)
    drawn = templates(trace, own, state.instrument)
    joint, theta_covariance = _covariance(outcome, drawn)
    signal = np.where(state.instrument.transform, np.abs(ground.found.charge[outcome.called]), 1)
    n_ions = state.amount[kept] / signal[kept]
    joint = joint[np.ix_(kept, kept)] / np.outer(signal[kept], signal[kept])
    shares, covariance = _shares(n_ions, joint)
    order = np.argsort(-shares, kind="stable")
    model = summed(trace.mz.size, *drawn, kept, state.amount[kept])
    every = model_of(trace, drawn, state.amount)
    called = tuple(
        _called(ground, outcome, found[kept[i]], drawn, float(q_values[kept[i]]), group,
                (n_ions[i], joint[i, i]), (shares[i], covariance[i, i]), every)
        for group, i in enumerate(order, 1)
    )  # fmt: skip
    foreign = state.foreign + every - model
    fitted = Fitted(trace.mz, trace.signal, trace.base, model, foreign,
                    np.sqrt(trace.variance(outcome.total)))  # fmt: skip
    total = float(n_ions.sum())
    sign = -1 if min(ground.found.space.charges) < 0 else 1
    return Assignment(
        spectrum, ground.found.metals, called, covariance[np.ix_(order, order)], state.instrument,
        theta_covariance, fitted, _unexplained(outcome, sign, model),
        _limits(ground, outcome, kept, drawn, total), _explained(outcome, model),
        n_candidates, float(np.mean((trace.signal - outcome.total) ** 2 / fitted.sd**2)), q,
        tuple(_notes(spectrum, state.instrument, len(found) - kept.size)),
    )  # fmt: skip


def _covariance(outcome: Outcome, drawn: Drawn) -> tuple[Floats, Floats]:
    """Covariance of the ions' amounts, and of theta, from the joint information.

    Free together with the amounts are the instrument, lines of unknown origin, and silent partners:
    neighbours of called ions that are not called, and so are there in less than what would have
    paid for calling them. Where a partner looks much like a called ion, the two can share their
    signal in many ways, and the called one's error must say so.
    """
    state, trace, weight = outcome.state, outcome.trace, 1.0 / outcome.variance
    n = state.active.size
    if n == 0:
        spread = state.instrument.spread
        return np.zeros((0, 0)), np.diag(spread**2)
    rows = _partners(outcome)
    partners = templates(trace, outcome.library.take(rows), state.instrument)
    every = joined(joined(drawn, line_templates(trace, state.lines, state.instrument)), partners)
    size, first = every[0].size, every[0].size - rows.size
    matrix = gram(*every, weight, np.arange(size))
    base, silent = np.arange(first), np.arange(first, size)
    still = np.zeros(trace.mz.size)
    _, sd = bounds_of(*every, weight, still, silent, base, matrix[:first, :first])
    cost = outcome.library.cost[rows]
    most = 2.0 * cost * sd**2  # squared amount that would just have paid
    chance = PARTNER * np.exp(np.minimum(ALONE[0][0] - cost, 0.0))
    matrix[silent, silent] += 3.0 / np.maximum(chance * most, 1e-300)
    slopes = slopes_of(trace, outcome.library.take(state.active), state.instrument, state.amount,
                       ALL)  # fmt: skip
    normal, follow = profiled(every, slopes, weight, matrix)
    normal += np.diag(state.instrument.stiffness) + 1e-9 * np.diag(np.diag(normal))
    theta = np.linalg.inv(normal)
    matrix[np.diag_indices_from(matrix)] *= 1.0 + 1e-9
    amounts = np.linalg.inv(matrix) + follow @ theta @ follow.T
    return np.asarray(amounts[:n, :n], np.float64), np.asarray(theta, np.float64)


def _partners(outcome: Outcome) -> Integers:
    """Rows of the library that are not called and have called neighbours, the likeliest first."""
    cost = outcome.library.cost
    near = np.setdiff1d(np.flatnonzero(cost < ION_COST), outcome.state.active)
    return np.sort(near[np.argsort(cost[near], kind="stable")[:MOST_PARTNERS]])


def _shares(n_ions: Floats, joint: Floats) -> tuple[Floats, Floats]:
    """Shares of the total, and their covariance."""
    total = n_ions.sum()
    if not total > 0:
        return n_ions, joint
    shares = n_ions / total
    slope = (np.eye(n_ions.size) - shares[:, None]) / total
    return shares, slope @ joint @ slope.T


def _called(
    ground: Ground, outcome: Outcome, found: Evidence, drawn: Drawn, q_value: float, group: int,
    ions: tuple[float, float], abundance: tuple[float, float], model: Floats,
) -> CalledIon:  # fmt: skip
    position = found.position
    row = int(outcome.called[position])
    members = tuple(
        Member(ground.found.ion(k), ground.found.framework_name(k), float(odds))
        for k, odds in zip(outcome.rows[found.members].tolist(), found.odds, strict=True)
    )
    lead = members[0] if members else Member(ground.found.ion(row),
                                             ground.found.framework_name(row), 1.0)  # fmt: skip
    own = outcome.library.take(np.array([outcome.state.active[position]]))
    mz_theory = float(own.mz[np.argmax(own.share)])
    left = outcome.trace.signal - model - outcome.state.foreign
    error, _ = own_error(outcome, int(outcome.state.active[position]),
                         float(outcome.state.amount[position]), left)  # fmt: skip
    theta, reference = outcome.state.instrument.theta, outcome.state.instrument.reference
    raw = error + (calibrated(mz_theory, reference, theta) / mz_theory - 1.0) * 1e6
    first, places, values = drawn
    return CalledIon(
        ion=lead.ion, framework=lead.framework, electrons=electrons_if_known(lead.ion),
        mz_theory=mz_theory, mz_measured=mz_theory * (1 + raw * 1e-6), error_ppm=error,
        raw_error_ppm=raw, n_ions=float(ions[0]), n_ions_sd=float(np.sqrt(max(ions[1], 0.0))),
        abundance=float(abundance[0]), abundance_sd=float(np.sqrt(max(abundance[1], 0.0))),
        score=found.score, q_value=q_value, group=group, members=members or (lead,),
        peaks=own.mz, probability=own.share, first=int(first[position]),
        drawn=outcome.state.amount[position] * values[places[position] : places[position + 1]],
    )  # fmt: skip


def _explained(outcome: Outcome, model: Floats) -> float:
    """Share of the signal that stands above the noise which a model (n_points,) accounts for."""
    trace = outcome.trace
    seen = (trace.signal > 3.0 * np.sqrt(trace.floor)) | (model > 0.1 * np.sqrt(trace.floor))
    bright = float(trace.signal[seen].sum())
    return float(np.clip(model[seen].sum() / bright, 0.0, 1.0)) if bright > 0.0 else 0.0


def _unexplained(outcome: Outcome, sign: int, model: Floats) -> tuple[UnexplainedPeak, ...]:
    """Peaks that stand out of what the called ions account for, the tallest first."""
    trace, instrument = outcome.trace, outcome.state.instrument
    left = trace.signal - model
    mz = peaks_of(trace, left, outcome.variance, instrument)
    height, sd = matched(trace.mz, trace.step, left, outcome.variance, instrument.theta)
    at = np.minimum(np.searchsorted(trace.mz, mz), trace.mz.size - 1)
    tallest = np.argsort(-left[at], kind="stable")[:MOST_UNEXPLAINED]
    return tuple(
        UnexplainedPeak(float(mz[k]), sign * _spacing_charge(mz, left[at], int(k)),
                        float(left[at[k]]), float(height[at[k]] / sd[at[k]]))
        for k in tallest
    )  # fmt: skip


def _spacing_charge(mz: Floats, height: Floats, k: int) -> int:
    """Charge that the distances to the nearest comparable peaks suggest; 0 where none do."""
    near = np.abs(mz - mz[k])
    close = np.flatnonzero((near > 0.05) & (near < 2.2) & (height > 0.25 * height[k]))
    if not close.size:
        return 0
    best, charge = 0.0, 0
    for z in range(1, 9):
        steps = near[close] * z / 1.0
        fits = np.abs(steps - np.rint(steps)) < 0.08
        first = np.abs(near[close] - 1.0 / z) < 0.08 / z
        worth = float(fits.mean()) - 0.02 * z if first.any() else 0.0
        if worth > best + 1e-9 and worth > 0.6:
            best, charge = worth, z
    return charge


def _limits(
    ground: Ground, outcome: Outcome, kept: Integers, drawn: Drawn, total: float
) -> tuple[UpperLimit, ...]:
    """Ions of known frameworks, without adducts, that are not called: 95 % upper limits."""
    plain = ground.found.known & (ground.found.penalty <= 0.0)
    plain[outcome.called[kept]] = False
    rows = np.flatnonzero(plain)[:MOST_LIMITS]
    if rows.size == 0 or not total > 0:
        return ()
    state, trace, weight = outcome.state, outcome.trace, 1.0 / outcome.variance
    library = ground.library.take(rows)
    both = joined(templates(trace, library, state.instrument), drawn)
    active = rows.size + np.arange(state.active.size)
    matrix = gram(*both, weight, active)
    residual = trace.signal - outcome.total
    amount, sd = bounds_of(*both, weight, residual, np.arange(rows.size), active, matrix)
    whole = np.add.reduceat(library.share, library.bounds[:-1])
    seen = np.isfinite(sd) & (whole > 0)
    per_ion = np.abs(ground.found.charge[rows]) if state.instrument.transform else 1.0
    most = (np.maximum(amount, 0.0) + NINETY_FIVE * sd) / per_ion / total
    return tuple(
        UpperLimit(ground.found.ion(int(rows[k])), ground.found.framework_name(int(rows[k])),
                   _tallest(ground, int(rows[k])), float(most[k]))
        for k in np.flatnonzero(seen)
    )  # fmt: skip


def _tallest(ground: Ground, row: int) -> float:
    own = slice(ground.library.bounds[row], ground.library.bounds[row + 1])
    return float(ground.library.mz[own][np.argmax(ground.library.share[own])])


def _notes(spectrum: ProfileSpectrum, instrument: Instrument, n_left: int) -> list[str]:
    notes = list(spectrum.acquisition.notes)
    off = np.abs(instrument.theta - instrument.centre)
    if (off[1:5] > 0.98 * LIMITS[1:5]).any():
        notes.append("The calibration or the resolving power ended at a limit of what is allowed: "
                     "the spectrum is not what the search space says.")  # fmt: skip
    if n_left:
        notes.append(f"{n_left} more ions fit, but not surely enough to be called.")
    return notes
