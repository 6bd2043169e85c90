"""Small spectra of known ions, drawn and counted by the code of `tests.recovery`, not by ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from alloyscope.assignment.instrument import Instrument
from alloyscope.assignment.space import Framework, SearchSpace
from alloyscope.assignment.trace import Trace
from alloyscope.chemistry import default_vocabulary, parse_ion
from alloyscope.spectra import Acquisition, ProfileSpectrum
from tests.recovery.instruments import Detector, Optics, lattice, pattern, render

Floats = NDArray[np.float64]
NAMES = default_vocabulary()
LOW, HIGH = 3450.0, 3750.0
POWER = 15000.0
CHANCE = 0.02
"""Counts a point that belong to nothing."""

TRUE = {"[Au20Ag24(p-MBA)27]3-": 6000.0, "[Au21Ag23(p-MBA)27]3-": 9000.0,
        "[Au21Ag23(p-MBA)27+Na-H]3-": 1500.0, "[Au22Ag22(p-MBA)27]3-": 3000.0}  # fmt: skip
FOREIGN = {"[C150H210N40O50S6]1-": 4000.0, "[C151H212N41O49S6]1-": 3000.0,
           "[C310H420N80O100S2]2-": 5000.0}  # fmt: skip
"""Ions that no space of clusters holds."""


@cache
def space(sodium: int = 2, charges: tuple[int, ...] = (-3,)) -> SearchSpace:
    """M44(p-MBA)27 with any x and a ladder of sodium."""
    return SearchSpace(
        metals=("Au", "Ag"), ligands=(NAMES.ligand("p-MBA"),),
        frameworks=(Framework("B", 44, 27, -3),), charges=charges,
        cations=((NAMES.adduct_names["Na"], sodium),), core_off=None,
    )  # fmt: skip


def counted(
    ions: Mapping[str, float],
    *,
    offset: float = 0.0,
    window: tuple[float, float] = (LOW, HIGH),
    seed: int = 1,
    power: float = POWER,
    chance: float = CHANCE,
) -> ProfileSpectrum:
    """Counts on a time-of-flight lattice.

    ions   : number of each
    offset : ppm by which the m/z scale is off
    """
    optics = Optics("TOF", "emg", power, 0.0, 0.4, 5.0, (offset, 0.0, 0.0), 3600.0, (window,), None)
    points = lattice(optics)
    expected = np.full(points.mz.size, chance)
    for name, number in ions.items():
        ion = parse_ion(name, NAMES)
        mz, share = pattern(ion, None)
        at, values = points.local(*render(optics, points.step, mz, number * share))
        expected[at] += values
    counts = Detector("TDC", 1.0).record(np.random.default_rng(seed), expected, points.mz)
    return ProfileSpectrum(points.mz, counts.astype(float), Acquisition("made", "text"))


def locked(instrument: Instrument, offset: float, sd: float = 1.5) -> Instrument:
    """The instrument with an offset (ppm) that is known to `sd`."""
    centre, spread = instrument.centre.copy(), instrument.spread.copy()
    centre[0], spread[0] = offset, sd
    return replace(instrument, centre=centre, spread=spread, theta=centre.copy())


def flat(mz: Floats, signal: Floats, floor: float = 0.05, gain: float = 1.0) -> Trace:
    """A trace without baseline, with constant noise."""
    none = np.zeros(mz.size)
    return Trace(mz, signal, np.gradient(mz), none, gain, np.full(mz.size, floor))


def transformed(ions: Mapping[str, float], *, line: str, offset: float = 2.0) -> ProfileSpectrum:
    """A Fourier-transform spectrum of two windows; `line` as in `Optics`."""
    windows = ((2640.0, 2710.0), (3480.0, 3650.0))
    optics = Optics("FT", line, 6e4, -0.5, 0.0, 4.0, (offset, 0.0, 0.0), 3200.0, windows, None)
    points, rng = lattice(optics), np.random.default_rng(1)
    signal = np.zeros(points.mz.size, complex if line == "magnitude" else float)
    for name, number in ions.items():
        ion = parse_ion(name, NAMES)
        mz, share = pattern(ion, None)
        came = optics.weight(ion) * rng.poisson(number * share)
        at, values = points.local(*render(optics, points.step, mz, came))
        signal[at] += values
    sizes = Detector("FT", 100.0, noise=5.0).record(rng, signal, points.mz)
    return ProfileSpectrum(points.mz, sizes, Acquisition("made", "text"))
