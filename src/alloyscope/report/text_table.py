"""Rows under named columns, laid out for the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.table import Table

Columns = tuple[tuple[str, str], ...]
"""Each column's name and its side, left or right."""


def grid(
    columns: Iterable[tuple[str, str]], rows: Iterable[Sequence[str]], *, fold: bool = True
) -> Table:
    """Rows under columns of a name and a side; too long a text is folded, or else cut."""
    table = Table(pad_edge=False, padding=(0, 1), box=None)
    for name, side in columns:
        table.add_column(name, justify="left" if side == "left" else "right",
                         overflow="fold" if fold else "ellipsis")  # fmt: skip
    for row in rows:
        table.add_row(*row)
    return table
