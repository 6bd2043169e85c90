"""Numbers of docs/theory/gel.md and electrons.md are those of the code."""

import re

import numpy as np
import pytest

from alloyscope.chemistry import parse_species
from alloyscope.chemistry.closed_shell import GAPS
from alloyscope.gel.conditions import FIBRE_RADIUS, HILL, PKA_SHIFT, GelConditions, GelSpread
from alloyscope.gel.kernel import Settings, run_of
from alloyscope.gel.lane import diffusion_sd
from alloyscope.gel.match import MODEL_SD, UNNAMED
from alloyscope.gel.mobility import by_every_model
from alloyscope.gel.order import pair_orders
from alloyscope.gel.particle import particle_of
from alloyscope.gel.profile import BEYOND_NOISE, LEAST_SHARE
from tests.conftest import ROOT
from tests.gel.samples import PAPER, cluster

GEL = (ROOT / "docs/theory/gel.md").read_text(encoding="utf-8")
ELECTRONS = (ROOT / "docs/theory/electrons.md").read_text(encoding="utf-8")
FLAT = " ".join(GEL.split())


def test_the_table_of_orders_is_what_the_defaults_give():
    found = by_every_model(PAPER, draws=1000, seed=1)
    pairs = {
        model: {frozenset((p.slower, p.faster)): p for p in pair_orders(ones, 0.005)}
        for model, ones in found.items()
    }
    names = dict(zip(("C x=44", "C x=40-43", "B x=19-24", "A x=1-12"),
                     [one.name for one in PAPER], strict=True))  # fmt: skip
    rows = re.findall(r"^\| (\S+ x=\S+) < (\S+ x=\S+) \| (.+?) \| (.+?) \| (.+?) \|$", GEL, re.M)
    assert len(rows) == 3
    for slow, fast, *told in rows:
        for model, said in zip(found, told, strict=True):
            pair = pairs[model][frozenset((names[slow], names[fast]))]
            share = pair.tied_share if "tied" in said else pair.faster_share
            assert 100 * share == pytest.approx(float(said.split()[-1]), abs=0.05)


def test_what_regulation_foretells_of_au102():
    told = re.search(r"in 10 mM of salt it gives p\*K\* ([\d.]+) with \*n\* = ([\d.]+)", FLAT)
    ph = np.linspace(4, 9, 5001)
    at = GelConditions(ionisation="regulated", ionic_strength=0.01)
    run = run_of(particle_of(parse_species("Au102(p-MBA)44")),
                 Settings.of(at, ph.size).changed(ph=ph))  # fmt: skip
    half = int(np.argmin(np.abs(run.ionised - 0.5)))
    slope = np.gradient(np.log10(run.ionised / (1 - run.ionised)), ph)[half]
    assert ph[half] == pytest.approx(float(told[1]), abs=0.006)
    assert slope == pytest.approx(float(told[2]), abs=0.006)


def test_constants_are_as_stated():
    spread = GelSpread()
    assert f"Δ = {PKA_SHIFT:g}" in GEL
    assert f"*n* = {HILL:g} that were measured" in FLAT
    assert f"*r* = {FIBRE_RADIUS:g} ± {spread.fibre_radius:g} nm" in FLAT
    assert f"pH ± {spread.ph:g}, Δ ± {spread.pka_shift:g}, %T ± {spread.gel_percent:g}" in FLAT
    assert f"ionic strength ± {100 * spread.ionic_strength:g} %" in FLAT
    assert f"length ± {spread.shell:g} nm" in FLAT
    assert f"p*K* ± {spread.pka_each:g} and the radius ± {100 * spread.radius_each:g} %" in FLAT
    assert f"+ {BEYOND_NOISE:g} standard deviations, and by {100 * LEAST_SHARE:g} %" in FLAT
    assert f"{100 * MODEL_SD:g} % for the model" in FLAT
    assert f"prior odds of {100 * UNNAMED:g} %" in FLAT
    assert f"loading ({100 * GelConditions().loading:g} % of the run)" in FLAT


def test_charges_and_sizes_are_as_stated():
    run = run_of(particle_of(cluster("A", 12)), Settings.of(GelConditions()))
    told = re.search(r"33 charges act as ([\d.]+)", FLAT)
    assert round(-run.charge[0]) == 33
    assert -run.effective[0] == pytest.approx(float(told[1]), abs=0.05)
    assert run.free[0] == pytest.approx(4.4, abs=0.06)
    assert "0.56 + 0.82 = 1.38 nm" in FLAT
    assert run.radius[0] == pytest.approx(1.38, abs=0.005)
    assert "0.7 % at 6.4 charges and 150 V" in FLAT
    assert 100 * diffusion_sd(1.0, 6.4, GelConditions()) == pytest.approx(0.7, abs=0.05)


def test_magic_counts_are_as_stated():
    listed = re.search(r"; ([\d, ]+) and (\d+) are \*magic\*", " ".join(ELECTRONS.split()))
    assert {int(n) for n in (*listed[1].split(", "), listed[2])} == set(GAPS)
