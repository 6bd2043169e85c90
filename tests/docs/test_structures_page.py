"""The page on structures states the numbers of the code and of the tables."""

import re

import numpy as np
import pytest

from alloyscope.data import toml_table
from alloyscope.structures import framework_structure, homotops, known_frameworks
from alloyscope.structures.geometry import CLASH
from alloyscope.structures.homotops import MOST_SPLITS
from alloyscope.structures.point_group import point_group
from alloyscope.structures.spring_model import FARTHEST, _free
from tests.conftest import ROOT

PAGE = re.sub(r"\s+", " ", (ROOT / "docs" / "theory" / "structures.md").read_text("utf-8"))
REFERENCE = (ROOT / "docs" / "reference.md").read_text("utf-8")


def freedom(name):
    """Coordinates that symmetry leaves free, and kinds of spring."""
    table = toml_table(f"frameworks/{name.lower()}.toml")
    group = point_group(table["point_group"])
    free = sum(_free(group, np.array(entry["at"])).shape[1]
               for entry in (*table["class"], *table["sulfur"]))  # fmt: skip
    return free, len(table["spring"])


def test_freedom_is_as_stated():
    assert (
        "M44S30 has {} free coordinates and {} kinds of spring".format(*freedom("M44S30")) in PAGE
    )
    assert "M25S18 has {} and {}".format(*freedom("M25S18")) in PAGE


def test_limits_are_as_stated():
    assert f"more than {FARTHEST:g} Å from where it began" in PAGE
    assert (
        f"{CLASH['metals']} Å (metals), {CLASH['metal and sulfur']} Å (metal and sulfur) or "
        f"{CLASH['sulfurs']} Å (sulfurs)"
    ) in PAGE
    assert f"{MOST_SPLITS:,} at most" in REFERENCE


@pytest.mark.parametrize("name", known_frameworks())
def test_every_framework_is_there(name):
    assert f"| {name} |" in PAGE


@pytest.mark.parametrize("method", ["GFN1-xTB", "CHGNet"])
def test_site_energies_are_as_stated(method):
    row = re.search(rf"\| {method}[^|]*\|([^|]*)\|([^|]*)\|([^|]*)\|", PAGE)
    for cell, name in zip(row.groups(), ("edge", "cube", "mount"), strict=True):
        low, high = framework_structure("M44S30").energies_by(method).energy[name]
        stated = f"{low:.2f}" if low == high else f"{low:.2f} to {high:.2f}"
        assert cell.strip() == stated


def test_homotops_of_au12ag32_are_as_stated():
    assert f"{homotops(framework_structure('M44S30'), [12])[0].homotops:,} for Au12Ag32" in PAGE
