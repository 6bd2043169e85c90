"""What peaks could be: for the terminal, and as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from alloyscope.assignment.identify import Identification, Possibility
from alloyscope.places import check_free, write_text
from alloyscope.report.outputs import Write
from alloyscope.results import Results

LEADING = 5
"""Rivals of which it is said what would tell them apart, on the terminal."""

COLUMNS = (
    "mz", "ion", "framework", "charge", "electrons", "mz_peak", "height", "mz_theory", "error_ppm",
    "penalty", "score", "odds", "mates", "apart_from_first",
)  # fmt: skip


def write_identified(path: Path | None, *, overwrite: bool) -> Write:
    """Check the place of the CSV, and return what will write to it. Raises OutputError."""
    if path:
        check_free(path, overwrite=overwrite)

    def write(results: Results) -> None:
        if path:
            write_text(path, identified_csv(results.identified))

    return write


def identified_csv(identified: Sequence[Identification]) -> str:
    """One row a possibility; `mates` are ion and m/z, several parted by a semicolon."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for found in identified:
        for place, it in enumerate(found.possibilities):
            writer.writerow([
                found.mz, it.ion, it.framework, it.ion.charge,
                "" if it.electrons is None else it.electrons, f"{it.mz_peak:.5f}",
                f"{it.height:.4f}", f"{it.mz_theory:.5f}", f"{it.error_ppm:.3f}",
                f"{it.penalty:.4g}", f"{it.score:.4g}", f"{it.odds:.4g}", _mates(it),
                "; ".join(found.signs(place)),
            ])  # fmt: skip
    return out.getvalue()


def identified_text(identified: Sequence[Identification], aliases: Mapping[str, str]) -> Group:
    """A table of each peak's possibilities, and what would tell the leading ones apart."""
    parts: list[RenderableType] = []
    for found in identified:
        parts.append(Text(found.verdict, style="bold"))
        if found.possibilities:
            parts += [_table(found, aliases), *_signs(found)]
        parts.append(Text(""))
    parts.append(Text(
        "m/z of the isotope peak that fits and its height over the tallest; m/z tallest, the most "
        "abundant one\nscore, nats: prior penalty + (error / half the tolerance)²/2 - ln height; "
        "odds: its share among all that fit", style="dim",
    ))  # fmt: skip
    return Group(*parts)


def _table(found: Identification, aliases: Mapping[str, str]) -> Table:
    table = Table(pad_edge=False, padding=(0, 1), box=None)
    for name in ("", "ion", "framework"):
        table.add_column(name, overflow="fold")
    for name in ("e-", "m/z peak", "height", "m/z tallest", "error ppm", "score", "odds"):
        table.add_column(name, justify="right")
    for place, it in enumerate(found.possibilities, 1):
        alias = aliases.get(it.framework)
        table.add_row(
            f"{place}", str(it.ion), f"{it.framework} ({alias})" if alias else it.framework,
            "" if it.electrons is None else str(it.electrons), f"{it.mz_peak:.4f}",
            f"{it.height:.0%}", f"{it.mz_theory:.4f}", f"{it.error_ppm:+.1f}", f"{it.score:.1f}",
            f"{it.odds:.1%}",
        )  # fmt: skip
    return table


def _signs(found: Identification) -> list[Text]:
    """What would tell the leading rivals from the first, and what should be there beside each."""
    said: list[Text] = []
    for place, it in enumerate(found.possibilities[: LEADING + 1]):
        lines = [*found.signs(place)]
        if it.mates:
            lines.append(f"look for {_mates(it)}")
        if lines:
            said.append(Text(f"{place + 1}   {it.ion}"))
            said += [Text(f"    {line}", style="dim") for line in lines]
    return [Text("what would tell them from the first", style="bold"), *said] if said else []


def _mates(it: Possibility) -> str:
    return "; ".join(f"{ion} at {mz:.4f}" for ion, mz in it.mates)
