"""Numbers that theory pages state are those of the code."""

import re
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import get_args

import pytest

from alloyscope.case import read_case
from alloyscope.case.reaction import reaction_of
from alloyscope.chemistry import default_vocabulary
from alloyscope.errors import ReactionError
from alloyscope.reaction.kinds import Kind, kind_of
from alloyscope.reaction.notation import parse_equation
from alloyscope.reaction.reaction import Step
from tests.conftest import ROOT

THEORY = ROOT / "docs" / "theory"
PAGES = {name: (THEORY / f"{name}.md").read_text(encoding="utf-8")
         for name in ("assignment", "reaction")}  # fmt: skip
ASSIGNMENT, REACTION = PAGES.values()
CONSTANT = re.compile(r"^\| `([\w.]+)\.(\w+)` \| ([\d.e-]+) \|", re.M)
CONSTANTS = [(page, *found) for page, text in PAGES.items() for found in CONSTANT.findall(text)]
STEPS = re.findall(r"^\| (\w+) \| `([^`]+)` \| (never|as written) \|$", REACTION, re.M)


@pytest.mark.parametrize(("page", "module", "name", "stated"), CONSTANTS)
def test_constants_are_as_stated(page, module, name, stated):
    home = import_module(f"alloyscope.{page}.{module}")
    assert getattr(home, name) == float(stated)


@pytest.mark.parametrize("page", PAGES)
def test_all_constants_are_read(page):
    table = PAGES[page].split("## Constants\n")[1].split("\n## ")[0]
    assert len(CONSTANT.findall(PAGES[page])) == table.count("\n| `") > 15


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


@pytest.mark.parametrize(("kind", "equation", "reversible"), STEPS)
def test_examples_of_steps_are_of_their_kind(kind, equation, reversible):
    whole = reaction_of(read_case(Path("au44-ag44")), default_vocabulary())
    written = Step(parse_equation(equation), 1.0)
    balanced = replace(whole, steps=(written,))
    assert kind_of(written, balanced) == kind
    turned = replace(written, equation=replace(written.equation, reversible=True))
    if reversible == "never":
        with pytest.raises(ReactionError, match="<->"):
            kind_of(turned, balanced)
    else:
        assert kind_of(turned, balanced) == kind


def test_every_kind_of_step_has_an_example():
    assert {kind for kind, *_ in STEPS} == set(get_args(Kind))
