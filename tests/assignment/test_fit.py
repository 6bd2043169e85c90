"""Simulate with a known instrument and known ions, fit, and find both again."""

from dataclasses import replace

import numpy as np
import pytest

from alloyscope.assignment.candidates import candidates
from alloyscope.assignment.fit import (
    State,
    choose,
    library_of,
    line_templates,
    model_of,
    peaks_of,
    possible,
    refine,
    templates,
)
from alloyscope.assignment.instrument import Instrument, prior_instrument
from alloyscope.assignment.space import Framework, SearchSpace
from alloyscope.assignment.trace import Trace, trace_of
from alloyscope.chemistry import default_vocabulary
from alloyscope.spectra import Acquisition, ProfileSpectrum

NAMES = default_vocabulary()
SPACE = SearchSpace(
    metals=("Au", "Ag"), ligands=(NAMES.ligand("p-MBA"),),
    frameworks=(Framework("B", 44, 27, -3),), charges=(-3,),
    cations=((NAMES.adduct_names["Na"], 2),), core_off=None,
)  # fmt: skip
FOUND = candidates(SPACE, 3450.0, 3750.0)
LIBRARY = library_of(FOUND)
TRUE = {"[Au20Ag24(p-MBA)27]3-": 3000.0, "[Au21Ag23(p-MBA)27]3-": 9000.0,
        "[Au21Ag23(p-MBA)27+Na-H]3-": 1500.0, "[Au22Ag22(p-MBA)27]3-": 6000.0}  # fmt: skip
NAMED = {str(FOUND.ion(k)): k for k in range(len(FOUND))}


def simulated(offset: float, seed: int, foreign: float = 0.0) -> tuple[Trace, Instrument]:
    """Counted ions, and one foreign peak, on a lattice that widens as the square root of m/z."""
    rng = np.random.default_rng(seed)
    mz = (np.sqrt(3450.0) + np.arange(8500) * 3e-4) ** 2
    step, none = np.gradient(mz), np.zeros(mz.size)
    instrument = prior_instrument(3600.0, 15000.0, 2500.0, False, offset)
    floor = np.full(mz.size, 0.05)
    blank = Trace(mz, none, step, none, 1.0, floor)
    rows = np.array([NAMED[name] for name in TRUE])
    expected = model_of(blank, templates(blank, LIBRARY.take(rows), instrument),
                        np.array(list(TRUE.values())))  # fmt: skip
    expected += model_of(blank, line_templates(blank, np.array([3585.2]), instrument),
                         np.array([foreign]))  # fmt: skip
    signal = rng.poisson(expected) + rng.normal(0, np.sqrt(floor))
    return Trace(mz, signal, step, none, 1.0, floor), instrument


def fitted(trace: Trace, offset: float) -> State:
    """What a start, three rounds and lines of unknown origin make of a trace."""
    nothing = np.zeros(0, np.int64)
    state = State(prior_instrument(3600.0, 13500.0, 2500.0, False, offset), nothing, np.zeros(0),
                  np.zeros(0), np.zeros(trace.mz.size), 0.0)  # fmt: skip
    variance = trace.variance(np.convolve(trace.signal, np.ones(3) / 3, "same"))
    for k in range(4):
        most, significance = possible(
            trace, LIBRARY, state.instrument, variance, 0.4 if k == 0 else 0.2
        )
        assert np.isfinite(most).all()
        barred = LIBRARY.priced(np.where(significance > 5.0, LIBRARY.cost, 1e9))
        lines = peaks_of(trace, trace.signal, variance, state.instrument)
        state = choose(trace, barred, state.instrument, variance, nothing, 60, swap=k > 0,
                       lines=lines)  # fmt: skip
        state = refine(trace, LIBRARY, state, variance, (0, 3, 5) if k == 0 else (0, 1, 3, 5), 8)
        # From the model: weights from the counts themselves would favour those that came out low.
        drawn = templates(trace, LIBRARY.take(state.active), state.instrument)
        variance = trace.variance(model_of(trace, drawn, state.amount) + state.foreign)
    return state


@pytest.mark.parametrize(
    ("offset", "seed", "foreign"), [(0.0, 1, 0.0), (12.0, 2, 0.0), (-25.0, 3, 0.0), (5.0, 4, 4e3)]
)
def test_ions_amounts_and_calibration_come_back(offset, seed, foreign):
    trace, true = simulated(offset, seed, foreign)
    state = fitted(trace, offset + 6.0)
    called = {str(FOUND.ion(k)): a for k, a in zip(state.active, state.amount, strict=True)}
    assert set(called) == set(TRUE)
    for name, amount in TRUE.items():
        assert called[name] == pytest.approx(amount, rel=0.06)
    assert state.instrument.theta[0] == pytest.approx(true.theta[0], abs=0.6)
    assert np.exp(state.instrument.theta[3]) == pytest.approx(15000, rel=0.06)
    assert state.foreign.sum() == pytest.approx(foreign, rel=0.1, abs=60)


def test_nothing_there_is_nothing_called():
    trace, instrument = simulated(0.0, 5)
    noise = np.random.default_rng(6).normal(0, np.sqrt(trace.floor))
    empty = replace(trace, signal=noise)
    variance = empty.variance(np.zeros(noise.size))
    state = choose(empty, LIBRARY, instrument, variance, np.zeros(0, np.int64), 30,
                   lines=peaks_of(empty, noise, variance, instrument))  # fmt: skip
    assert state.active.size == 0
    assert state.lines.size == 0
    assert refine(empty, LIBRARY, state, variance, (0,), 3) == state


def test_zeros_that_were_left_out_are_put_back():
    full, _ = simulated(0.0, 7)
    counts = np.maximum(np.round(full.signal), 0)
    kept = np.convolve(counts, (1, 1, 1), "same") > 0
    kept[[0, -1]] = True
    taken = Acquisition(source="made", file_format="text")
    trace = trace_of(ProfileSpectrum(full.mz[kept], counts[kept], taken))
    assert trace.signal.sum() == pytest.approx(counts.sum(), rel=0.01)
    assert trace.mz.size > 0.9 * full.mz.size
    assert 0.4 < trace.gain < 2.5


def test_the_prior_instrument_is_where_its_priors_are():
    instrument = prior_instrument(3600.0, 15000.0, 2500.0, True)
    assert instrument.theta[4] == -0.5
    assert instrument.prior == 0.0
