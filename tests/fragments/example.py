"""The simulated series of `examples/`, assigned once for all tests."""

from __future__ import annotations

from functools import lru_cache

from alloyscope.chemistry import Ion, default_vocabulary, parse_ion
from alloyscope.fragments.assign import FragmentAssignment
from alloyscope.fragments.series import EnergySpectrum, assign_series, read_series
from tests.conftest import ROOT

SERIES = ROOT / "examples" / "au12ag32-msms.mzML"
ENERGIES = (15.0, 18.0, 21.0, 28.0)
"""Of those in the file, V; the truth is E50 18, width 2, odds of gold 0.40."""


def ion(text: str) -> Ion:
    found = parse_ion(text, default_vocabulary().binding("p-MBA"))
    assert isinstance(found, Ion)
    return found


PRECURSOR = ion("[Au12Ag32(SR)30]4-")


@lru_cache(maxsize=1)
def spectra() -> tuple[EnergySpectrum, ...]:
    return read_series(SERIES)


@lru_cache(maxsize=1)
def assigned() -> tuple[FragmentAssignment, ...]:
    chosen = [one.spectrum for one in spectra() if one.energy in ENERGIES]
    return assign_series(chosen, PRECURSOR, depth=2)
