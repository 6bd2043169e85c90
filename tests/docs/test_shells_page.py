"""Numbers that the page on shells states are those of the code."""

import re
from importlib import import_module

import pytest

from alloyscope.shells.sites import ligand_sites
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "theory" / "shells.md").read_text(encoding="utf-8")
CONSTANTS = re.findall(r"^\| `(\w+)\.(\w+)` \| ([\d.]+) \|", PAGE, re.M)


@pytest.mark.parametrize(("module", "name", "stated"), CONSTANTS)
def test_constants_are_as_stated(module, name, stated):
    assert getattr(import_module(f"alloyscope.shells.{module}"), name) == float(stated)


def test_all_constants_are_read():
    table = PAGE.split("## Constants\n")[1].split("\n## ")[0]
    assert len(CONSTANTS) == table.count("\n| `") > 5


@pytest.mark.parametrize("framework", ["M44S30", "M25S18", "M44S26"])
def test_classes_of_sites_are_as_stated(framework):
    counts = " + ".join(map(str, ligand_sites()[framework].counts))
    assert f"{framework} ({counts})" in PAGE.replace("\n", " ")
