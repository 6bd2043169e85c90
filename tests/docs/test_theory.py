"""Numbers that theory pages state are those of the code."""

import re
from importlib import import_module

import pytest

from tests.conftest import ROOT

ASSIGNMENT = (ROOT / "docs" / "theory" / "assignment.md").read_text(encoding="utf-8")
CONSTANTS = re.findall(r"^\| `(\w+)\.(\w+)` \| ([\d.e-]+) \|", ASSIGNMENT, re.M)


@pytest.mark.parametrize(("module", "name", "stated"), CONSTANTS)
def test_constants_of_the_assignment_are_as_stated(module, name, stated):
    home = import_module(f"alloyscope.assignment.{module}")
    assert getattr(home, name) == float(stated)


def test_all_constants_are_read():
    table = ASSIGNMENT.split("## Constants\n")[1].split("\n## ")[0]
    assert len(CONSTANTS) == table.count("\n| `") > 15


def test_costs_of_company_are_as_stated():
    from alloyscope.assignment.ladders import ROOT as BARE
    from alloyscope.assignment.ladders import RUNG, SUBSTITUTE, X_NEIGHBOUR
    from alloyscope.assignment.search import ALONE

    for share, nats in (RUNG, BARE, X_NEIGHBOUR, SUBSTITUTE):
        assert re.search(rf"^\| .+ \| {100 * share:g} %.* \| {nats:g} \|$", ASSIGNMENT, re.M)
    fractions = {0.0: "", 0.25: " + pi/4", 0.5: " + pi/2", 1.0: " + pi"}
    for base, share in ALONE:
        assert f"| {base:g}{fractions[share]} |" in ASSIGNMENT


def test_priors_of_the_instrument_are_as_stated():
    from alloyscope.assignment.instrument import LIMITS, PRIOR_SD

    for k, (sd, limit) in enumerate(zip(PRIOR_SD, LIMITS, strict=True)):
        spread = "none" if sd == float("inf") else rf"{sd:g}\b[^|]*"
        assert re.search(rf"^\| t{k} [^|]*\| {spread} \| {limit:g} \|", ASSIGNMENT, re.M), k
