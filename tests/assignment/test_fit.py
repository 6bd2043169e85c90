"""Simulate with a known instrument and known ions, fit, and find both again."""

import numpy as np
import pytest

from alloyscope.assignment.candidates import candidates
from alloyscope.assignment.fit import (
    State,
    choose,
    library_of,
    model_of,
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


def simulated(offset: float, seed: int) -> tuple[Trace, Instrument]:
    """Counted ions on a lattice that widens as the square root of m/z."""
    rng = np.random.default_rng(seed)
    mz = (np.sqrt(3450.0) + np.arange(8500) * 3e-4) ** 2
    step = np.gradient(mz)
    instrument = prior_instrument(3600.0, 15000.0, 2500.0, False, offset)
    floor = np.full(mz.size, 0.05)
    blank = Trace(mz, np.zeros(mz.size), step, 1.0, floor)
    rows = np.array([NAMED[name] for name in TRUE])
    expected = model_of(blank, templates(blank, LIBRARY.take(rows), instrument),
                        np.array(list(TRUE.values())))  # fmt: skip
    signal = rng.poisson(expected) + rng.normal(0, np.sqrt(floor))
    return Trace(mz, signal, step, 1.0, floor), instrument


@pytest.mark.parametrize(("offset", "seed"), [(0.0, 1), (12.0, 2), (-25.0, 3)])
def test_ions_amounts_and_calibration_come_back(offset, seed):
    trace, true = simulated(offset, seed)
    start = prior_instrument(3600.0, 13500.0, 2500.0, False, offset + 6.0)
    variance = trace.variance(np.convolve(trace.signal, np.ones(3) / 3, "same"))
    rows = possible(trace, LIBRARY, start, variance, 0.4, 8.0, 500)
    library = LIBRARY.take(rows)
    state = choose(trace, library, start, variance, np.zeros(0, np.int64), 30, 5)
    state = refine(trace, library, state, variance, (0, 3, 5), 8)
    for _ in range(3):
        rows = possible(trace, LIBRARY, state.instrument, variance, 0.2, 5.0, 500)
        library = LIBRARY.take(rows)
        state = choose(trace, library, state.instrument, variance, np.zeros(0, np.int64), 30, 5,
                       swap=True)  # fmt: skip
        state = refine(trace, library, state, variance, (0, 1, 3, 5), 8)
        # From the model: weights from the counts themselves would favour those that came out low.
        drawn = templates(trace, library.take(state.active), state.instrument)
        variance = trace.variance(model_of(trace, drawn, state.amount))
    called = {str(FOUND.ion(rows[k])): a for k, a in zip(state.active, state.amount, strict=True)}
    assert set(called) == set(TRUE)
    for name, amount in TRUE.items():
        assert called[name] == pytest.approx(amount, rel=0.06)
    assert state.instrument.theta[0] == pytest.approx(true.theta[0], abs=0.6)
    assert np.exp(state.instrument.theta[3]) == pytest.approx(15000, rel=0.06)


def test_nothing_there_is_nothing_called():
    trace, instrument = simulated(0.0, 5)
    noise = np.random.default_rng(6).normal(0, np.sqrt(trace.floor))
    empty = Trace(trace.mz, noise, trace.step, trace.gain, trace.floor)
    variance = empty.variance(np.zeros(noise.size))
    rows = possible(empty, LIBRARY, instrument, variance, 0.2, 5.0, 500)
    library = LIBRARY.take(rows)
    state = choose(empty, library, instrument, variance, np.zeros(0, np.int64), 30, 5)
    assert state.active.size == 0
    assert refine(empty, library, state, variance, (0,), 3) == state


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


def test_a_state_is_a_record():
    instrument = prior_instrument(3600.0, 15000.0, 2500.0, True)
    state = State(instrument, np.zeros(0, np.int64), np.zeros(0), 0.0)
    assert state.instrument.theta[4] == -0.5
    assert state.instrument.prior == 0.0
