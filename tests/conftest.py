"""What tests share: the example spectrum, and a way to run the command line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from alloyscope.cli import main as command_line

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = ROOT / "examples" / "au44-ag44.mzML"


@dataclass(frozen=True)
class Ran:
    status: int
    out: str
    err: str


@pytest.fixture
def alloyscope(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Ran]:
    """Run `alloyscope ARGUMENT ...` in this process."""

    def run(*arguments: object) -> Ran:
        monkeypatch.setattr("sys.argv", ["alloyscope", *map(str, arguments)])
        status = 0
        try:
            command_line.main()
        except SystemExit as stop:
            status = int(stop.code or 0)
        said = capsys.readouterr()
        return Ran(status, said.out, said.err)

    return run
