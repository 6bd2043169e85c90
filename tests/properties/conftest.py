"""Where spoiled files lie, and how long reading them may take."""

from __future__ import annotations

import faulthandler
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.properties.spoiling import LONGEST_SECONDS


@pytest.fixture
def no_hang() -> Iterator[None]:
    """A reader that hangs ends the run and shows where it hung."""
    faulthandler.dump_traceback_later(LONGEST_SECONDS, exit=True)
    yield
    faulthandler.cancel_dump_traceback_later()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz")
