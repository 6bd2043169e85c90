"""Electrons as CSV: of species, fed against the ratio, and the frameworks that came of it."""

from __future__ import annotations

from alloyscope.report.assignment_tables import csv_text
from alloyscope.results.electrons import Electrons


def electrons_csvs(found: Electrons) -> dict[str, str]:
    """Every table by its file name."""
    tables = {"species.csv": species_csv(found)} if found.counted else {}
    if found.fed:
        tables["fed.csv"] = fed_csv(found)
        if found.fed.seen:
            tables["frameworks.csv"] = frameworks_csv(found)
    return tables


def species_csv(found: Electrons) -> str:
    """One row a species; no count where a metal's valence is not known."""
    head = ["species", "electrons", "configuration", "closed", "radical", "comment"]
    return csv_text(head, (
        [str(one.species), None, None, None, None, one.remark] if one.shell is None else
        [str(one.species), one.shell.electrons, one.shell.configuration,
         "yes" if one.shell.closed else "no", "yes" if one.shell.radical else "no",
         one.shell.remark]
        for one in found.counted
    ))  # fmt: skip


def fed_csv(found: Electrons) -> str:
    """One row a ratio."""
    fed = found.fed
    assert fed is not None
    head = ["ratio", "electrons_per_cluster", f"electrons_per_{fed.size}_metals"]
    rows = zip(fed.ratios, fed.per_cluster, fed.per_metals, strict=True)
    return csv_text(head, ([f"{value:.8g}" for value in row] for row in rows))


def frameworks_csv(found: Electrons) -> str:
    """One row a framework at a ratio; `follows_rule` is empty at the crossing itself."""
    fed = found.fed
    assert fed is not None
    words = {True: "yes", False: "no", None: None}
    head = ["ratio", "framework", "share", "source", "electrons_fed", "follows_rule"]
    return csv_text(head, (
        [f"{one.ratio:.8g}", one.framework,
         None if one.share is None else f"{one.share:.6g}", one.source,
         f"{fed.at(one.ratio):.8g}", words[fed.follows(one)]] for one in fed.seen
    ))  # fmt: skip
