"""A mass balance for the terminal, and as CSV."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from alloyscope.reaction.experiment import time_text
from alloyscope.reaction.mass_balance import Balance, MassBalance
from alloyscope.reaction.ratio import ratio_name
from alloyscope.reaction.wording import percent, span
from alloyscope.report.assignment_tables import Cell, csv_text


def audit_text(found: MassBalance) -> Group:
    """A row a ratio, then what is missing and what it is like."""
    names = found.balances[0].names
    table = Table(pad_edge=False, padding=(0, 1), box=None)
    for name in ("R", "time"):
        table.add_column(name, justify="right")
    table.add_column("reported products, x")
    for name in (*names, "metal", "metal, loosely"):
        table.add_column(name, justify="right")
    for one in found.balances:
        table.add_row(
            ratio_name(one.ratio), time_text(one.t_min), products(one),
            *(percent(value) for value in one.fraction), percent(one.metal_held),
            percent(one.loosest),
        )  # fmt: skip
    parts: list[RenderableType] = [
        table, Text(""), *(Text(one.verdict) for one in found.balances if one.likeness),
        Text(
            "\nThe most of what was fed that the reported products can hold. metal: of all"
            " together;\nloosely: with all that no statement excludes, up to its threshold.\n"
            "Electrons over 100 %: ligands that became disulfide gave them.", style="dim",
        ),
    ]  # fmt: skip
    return Group(*parts)


def products(one: Balance) -> str:
    """What statements name: "B 20-22, C 39-43"."""
    return ", ".join(f"{f} {_spans(seen)}" for f, seen in one.products.items())


def audit_csv(found: MassBalance) -> str:
    """One row a ratio."""
    names, parents = found.balances[0].names, found.parents
    groups = ("fed", "held", "missing", "most")
    head = ["ratio", "t_min", *(f"clusters_{name}" for name in parents), "products",
            *(f"{group}_{name}" for group in groups for name in names), "metal_held",
            "metal_loosely", "ligands_per_metal", "electrons_per_metal", "like",
            "distance"]  # fmt: skip
    return csv_text(head, (_row(one) for one in found.balances))


def _row(one: Balance) -> list[Cell]:
    amounts = [_number(float(n)) for group in (one.fed, one.held, one.missing, one.most)
               for n in group]  # fmt: skip
    like: list[Cell] = ["", "", "", ""]
    if one.likeness:
        nearest = one.likeness[0]
        like = [*(f"{value:.4f}" for value in one.per_metal), nearest.name,
                f"{nearest.distance:.4f}"]  # fmt: skip
    return [
        ratio_name(one.ratio), f"{one.t_min:g}", *(f"{n:g}" for n in one.clusters), products(one),
        *amounts, f"{one.metal_held:.6f}", f"{one.loosest:.6f}", *like,
    ]  # fmt: skip


def _number(value: float) -> str:
    return f"{round(value, 6) + 0.0:.8g}"


def _spans(seen: Iterable[int]) -> str:
    """Runs of neighbours: 0-12, or "0, 5-7"."""
    runs: list[list[int]] = []
    for x in seen:
        if runs and x == runs[-1][-1] + 1:
            runs[-1].append(x)
        else:
            runs.append([x])
    return ", ".join(span(run[0], run[-1]) for run in runs)
