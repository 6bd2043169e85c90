"""Figures show what was measured: thinning keeps extremes, gaps stay gaps."""

import numpy as np

from alloyscope.report.figures import thinned, with_gaps


def test_thinning_keeps_every_peak_top():
    mz = np.linspace(1000, 2000, 1_000_000)
    signal = np.zeros(mz.size)
    signal[123_456] = 7.0
    signal[777_777] = 3.0
    x, y = thinned(mz, signal)
    assert x.size <= 4000
    assert sorted(y)[-2:] == [3.0, 7.0]
    assert abs(x[np.argmax(y)] - mz[123_456]) < 1.0


def test_no_line_spans_a_part_that_was_not_recorded():
    mz = np.concatenate((np.arange(100, 110, 0.01), np.arange(200, 210, 0.01)))
    x, y = with_gaps(mz, np.ones(mz.size))
    assert np.isnan(y).sum() == 1
    assert 109.9 < x[np.isnan(y)][0] < 200.0
