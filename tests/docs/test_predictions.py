"""The page of predictions says what its commands give now."""

import json
import re
import shlex

import pytest

from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "predictions.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"<!-- made by \S+ (?:\S+) -->\n(.*?)<!-- end -->", PAGE, re.S)
SEQUENCES = [block for block in BLOCKS if "alloyscope simulate" in block]
AGAIN = "parameters have changed: run python -m validation.predictions"


def table(block):
    """Rows of the first table after its heading, numbers as numbers."""
    lines = [line.strip("| ").split(" | ") for line in block.splitlines() if line.startswith("|")]
    return {row[0]: row[1:] for row in lines[2:8]}


def test_there_are_three():
    assert len(SEQUENCES) == 3
    assert "before any comparison" in PAGE


@pytest.mark.parametrize("block", SEQUENCES)
def test_tables_are_what_the_command_gives(alloyscope, block):
    command = re.search(r"^    alloyscope (.+)$", block, re.M)
    told = json.loads(alloyscope(*shlex.split(command[1]), "--json").out)["simulate"]
    rows = table(block)
    for sample, name in zip(told["samples"], rows, strict=False):
        shares = [100 * framework["share"] for framework in sample["frameworks"]]
        assert [float(cell) for cell in rows[name][:3]] == pytest.approx(shares, abs=0.06), AGAIN
        assert float(rows[name][6]) == pytest.approx(100 * sample["clusters"], abs=0.06), AGAIN
    assert len(told["samples"]) == 5
    assert told["largest_imbalance"] < 1e-9
