"""A folder of results: tables and records, the case, figures, and the page that shows them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from alloyscope.case import write_case
from alloyscope.places import write_text
from alloyscope.report.folder import FORMATS
from alloyscope.results import Results

Drawn = dict[str, str]
"""SVG elements of figures by name."""


def write_folder(
    out: Path,
    results: Results,
    texts: Mapping[str, str],
    page: Callable[[Results, Drawn, list[str]], str],
    draw: Callable[[], Drawn] | None,
    *,
    tables: Iterable[str],
    figures: Iterable[str],
) -> None:
    """Write a folder.

    texts           : of tables and records, by the names of their files
    page            : the page, from the results, figures and names of files
    draw            : saves figures into the folder; None for no figures
    tables, figures : names of files and of figures that only some runs write
    Raises OutputError.
    """
    # What an earlier run wrote and this one does not would be taken for this one's.
    for stale in (*tables, *(name + ending for name in figures for ending in FORMATS)):
        (out / stale).unlink(missing_ok=True)
    for name, text in texts.items():
        write_text(out / name, text)
    write_case(results.case, out / "case.resolved.toml", overwrite=True)
    drawn = draw() if draw else {}
    files = [*texts, "case.resolved.toml", *(name + e for name in drawn for e in FORMATS)]
    write_text(out / "index.html", page(results, drawn, files))
