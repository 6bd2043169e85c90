"""Journals: finished parts of long work, a line each, so that it can be taken up again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from alloyscope.places import cannot_write


def key_of(*asked: object) -> str:
    """What makes two pieces of work the same."""
    return hashlib.sha256(repr(asked).encode()).hexdigest()[:16]


def entries(journal: Path | None, key: str) -> list[dict[str, Any]]:
    """What a journal holds of the same work; a last line cut short is left out."""
    if journal is None or not journal.exists():
        return []
    found = []
    for line in journal.read_text(encoding="utf-8").splitlines():
        try:
            entry = json.loads(line)
        except json.JSONDecodeError:
            continue
        if isinstance(entry, dict) and entry.get("key") == key:
            found.append(entry)
    return found


def add(journal: Path | None, key: str, entry: Mapping[str, Any]) -> None:
    """Add a finished part. Raises OutputError where the journal cannot be written."""
    if journal is None:
        return
    try:
        journal.parent.mkdir(parents=True, exist_ok=True)
        with journal.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"key": key, **entry}) + "\n")
    except OSError as error:
        raise cannot_write(journal, error) from error
