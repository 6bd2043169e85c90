"""The page on observations states the keys, kinds, thresholds and widths of the code."""

import re
import tomllib

import pytest

from alloyscope.case.observation_section import ObservationEntry, SpeciationEntry
from alloyscope.reaction.margins import STANDARD, TRACE, WIDTHS
from alloyscope.reaction.measured import MODEL_SD
from alloyscope.reaction.observation import KINDS
from alloyscope.reaction.scoreboard import FEWEST
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "observations.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [*ObservationEntry.model_fields, *SpeciationEntry.model_fields])
def test_every_key_is_there(name):
    assert re.search(rf"^\|[^|]*`{name}`", PAGE, re.M)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_there_with_what_it_needs(kind):
    row = re.search(rf"^\|[^|]*`{kind}`[^|]*\|([^|]*)\|", PAGE, re.M)
    assert row
    assert all(f"`{key}`" in row[1] for key in KINDS[kind] if kind != "electrons")


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("framework_present", ("present",)),
        ("framework_dominant", ("dominant",)),
        ("coexist", ("coexist",)),
        ("x_range", ("edge", "minor")),
        ("framework_window", ("window",)),
        ("increasing", ("change",)),
        ("electrons", ("present",)),
        ("complexes", ("pool",)),
    ],
)
def test_thresholds_are_as_stated(kind, names):
    row = re.search(rf"^\|[^|]*`{kind}`.*$", PAGE, re.M)
    assert row
    assert all(f"{100 * getattr(STANDARD, name):g} %" in row[0] for name in names)


@pytest.mark.parametrize("scale", WIDTHS)
def test_widths_are_as_stated(scale):
    assert re.search(rf"^\| `{scale}`,.*\| {WIDTHS[scale]:g} \|$", PAGE, re.M)


def test_other_numbers_are_as_stated():
    assert f"less than {TRACE:.0e}".replace("e-06", "e-6") in PAGE
    assert f"fewer than {FEWEST}" in PAGE
    assert f"| `model_sd` | `{MODEL_SD}` |" in PAGE
    assert SpeciationEntry.model_fields["model_sd"].default == MODEL_SD


def test_examples_are_files_of_observations():
    tables = [tomllib.loads(text) for text in re.findall(r"```toml\n(.*?)```", PAGE, re.S)]
    entries = [ObservationEntry.model_validate(one) for one in tables[0]["observation"]]
    assert [entry.id for entry in entries] == ["t29", "t34"]
    assert SpeciationEntry.model_validate(tables[1]["speciation"][0]).ratio == "3:1"
