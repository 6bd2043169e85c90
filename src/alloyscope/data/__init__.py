"""Sourced tables, and the one loader that reads them.

Every table names its source inside the file. What a table means, and whether it agrees with
itself, is checked by the package that owns it (`chemistry` for isotopes, ligands and adducts).
"""

from __future__ import annotations

import csv
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

from alloyscope.errors import TableError, message


def bundled(name: str) -> str:
    """Text of the bundled table `name`, for example `"ligands.toml"`."""
    return files(__name__).joinpath(name).read_text(encoding="utf-8")


def bundled_names(folder: str) -> tuple[str, ...]:
    """Names of the bundled files in a folder, sorted."""
    return tuple(sorted(entry.name for entry in files(__name__).joinpath(folder).iterdir()))


def toml_table(name: str) -> dict[str, Any]:
    """Contents of a bundled TOML table."""
    return tomllib.loads(bundled(name))


def csv_rows(text: str) -> list[dict[str, str]]:
    """Rows of a CSV text by column name; lines that begin with `#` are comments."""
    return list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))


def read_table(path: Path) -> str:
    """Text of a table of the user's own.

    Raises TableError when the file is missing or is not text.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise TableError(
            message(str(path), found=str(error), expected="a table in UTF-8 text")
        ) from error
