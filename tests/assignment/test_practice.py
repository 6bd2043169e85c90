"""Practice spectra beside the checkout, small ones: exactly the ions that are there."""

import json
from pathlib import Path

import pytest

from alloyscope import Hints, assign, read_case, read_mass_spectrum, search_space
from alloyscope.case import settings
from alloyscope.case.vocabulary import vocabulary_of
from tests.spectra.written import SHARED

CASES = SHARED / "practice" / "cases"
FIELDS = ("n_Au", "n_Ag", "n_SR", "n_Cl", "n_NTP", "delta_H", "delta_Na", "charge")
pytestmark = pytest.mark.skipif(
    not CASES.is_dir(), reason="no practice spectra beside the checkout"
)


def counts(ion):
    metals, ligands = dict(ion.species.metals), dict(ion.species.ligands)
    named = {ligand.name: n for ligand, n in ligands.items()}
    return (metals.get("Au", 0), metals.get("Ag", 0), named.get("p-MBA", 0), named.get("Cl", 0),
            named.get("NTP", 0), ion.delta("H"), ion.delta("Na"), ion.charge)  # fmt: skip


@pytest.mark.parametrize("name", ["practice_04", "practice_07", "practice_12", "practice_17"])
def test_the_ions_called_are_those_that_are_there(name):
    """04: none, on a Fourier transform; 07: broken data; 12: Fourier transform; 17: 900 ions."""
    folder = CASES / name
    known = json.loads((folder / "case.json").read_text())
    case = settings(read_case(Path("au44-ag44")), name, chemistry={"thiolate": "p-MBA"})
    spectrum = read_mass_spectrum(folder / "spectrum.mzML")
    hints = Hints(known["nominal_resolving_power"], known["resolving_power_at"],
                  known["stated_mass_accuracy_ppm"], "FT" in known["instrument"])  # fmt: skip
    found = assign(spectrum, search_space(case, vocabulary_of(case), known["polarity"]), hints)
    truth = json.loads((folder / "truth.json").read_text())["ions"]
    there = {tuple(ion[field] for field in FIELDS): ion for ion in truth}
    called = {counts(call.ion) for call in found.called}
    assert called <= set(there)
    assert called >= {k for k, ion in there.items() if ion["above_1pct"] and ion["detectable"]}
