"""Envelopes over measured panels of Au25-xAgx(MHA)18, where those are at hand.

The R2 to reach are those of a brute-force fit, `validation/real_envelopes.py`.
"""

import csv

import numpy as np
import pytest

from alloyscope import overlay, parse_ion, read_mass_spectrum
from alloyscope.chemistry import Formula
from tests.conftest import ROOT

FOLDER = ROOT.parent / "shared" / "data" / "real" / "au25-ag-mha"
CAREFUL = (0.890, 0.947, 0.896, 0.764, 0.670, 0.872, 0.836, 0.709,
           0.896, 0.787, 0.944, 0.907, 0.833, 0.932, 0.963, 0.922)  # fmt: skip

pytestmark = pytest.mark.skipif(not FOLDER.exists(), reason="the measured panels are not here")


@pytest.fixture(scope="module")
def panels():
    with (FOLDER / "panels.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_r2_is_that_of_a_careful_fit(panels):
    reached = []
    for row in panels:
        ion = parse_ion(row["printed_label"])
        assert ion.remark == ""
        assert ion.formula == Formula.parse(row["ion_formula"])
        assert ion.charge == int(row["charge"])
        lay = overlay(read_mass_spectrum(FOLDER / row["file"]), ion)
        reached.append(lay.shifted.r2)
    assert np.abs(np.subtract(reached, CAREFUL)).max() < 0.03
    assert np.median(reached) > 0.85


def test_one_hydrogen_less_or_more_fits_worse(panels):
    row = panels[8]
    printed = parse_ion(row["printed_label"])
    spectrum = read_mass_spectrum(FOLDER / row["file"])
    best = overlay(spectrum, printed).shifted.r2
    for label in ("[Au19Ag6(MHA)18-2H]4-", "[Au19Ag6(MHA)18-4H]4-"):
        assert overlay(spectrum, parse_ion(label)).shifted.r2 < best - 0.1
