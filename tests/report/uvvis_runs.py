"""Runs of absorption spectra that tests of reports share."""

from functools import cache
from pathlib import Path

from alloyscope.case import read_case, settings
from alloyscope.pipeline import run
from tests.conftest import ROOT

FOLDER = ROOT / "examples" / "uvvis-au44-ag44"


@cache
def example(**uvvis):
    """The example course, bands sought in its last spectrum alone."""
    asked = {"file": str(FOLDER / "course.csv"), "analysed": 1, "bands": (390.0, 420.0), **uvvis}
    return run(
        settings(read_case(Path("au44-ag44")).only("space", "reaction"), "test", uvvis=asked)
    )


def with_references():
    return example(references=(str(FOLDER / "references"),))


def with_an_unknown():
    return example(references=(str(FOLDER / "references" / "Ag44.csv"),), unknown=1)


def with_sketches():
    return example(sketches=True)


def with_populations():
    return example(ratio="1:3")
