"""Shells of two kinds of ligand in words and as tables on the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from alloyscope.reaction.experiment import time_text
from alloyscope.reaction.reaction import DARK, DISULFIDE, LIGAND
from alloyscope.report.assignment_text import with_sd
from alloyscope.results.shells import MixedShells, ShellSeen, ShellsSeen
from alloyscope.shells.fit import ShellFit, ShellParameter

Columns = list[tuple[str, str]]
MODEL_COLUMNS: Columns = [("model", "left"), ("parameters, 95 % interval", "left"),
                          ("p of fit", "right"), ("BIC", "right"),
                          ("p against random", "right")]  # fmt: skip
MEAN_COLUMNS: Columns = [("framework", "left"), ("ligand", "left"), ("mean", "right"),
                         ("variance / random", "right"), ("verdict", "left")]  # fmt: skip


def shells_text(seen: ShellsSeen) -> Group:
    """Means and verdicts, then what each model says."""
    parts: list[RenderableType] = [_table(MEAN_COLUMNS, mean_rows(seen.each, sources=True))]
    for one in seen.each:
        parts += [Text(""), Text(f"{one.source}: {shell_name(one)}", style="bold")]
        if told_apart(one):
            parts.append(_table(MODEL_COLUMNS, model_rows(one)))
        if one.joint is not None:
            parts.append(Text(one.joint.verdict))
        parts += [Text(f"note: {note}", style="yellow") for note in shell_notes(one)]
    if seen.series is not None:
        parts += [Text(""), Text(seen.series.verdict)]
    if any(told_apart(one) for one in seen.each):
        parts.append(Text(READING, style="dim"))
    return Group(*parts)


READING = ("mean: foreign ligands per shell. p of fit: chance of as large a misfit. Models other "
           "than the random one are called for by the data where BIC is lower. Shells that would "
           "need another k to be random: the least share that would have to hold another number of "
           "foreign ligands for the whole to be as random shells of the same mean "
           "(total variation).")  # fmt: skip


def shell_name(one: ShellSeen) -> str:
    """Which ligand on which framework."""
    seen = one.comparison.distribution
    where = seen.framework or f"{seen.n_sites} sites"
    return f"{seen.ligand or 'foreign ligand'} on {where}"


def told_apart(one: ShellSeen) -> bool:
    """Whether neighbouring k are; where not, no fit and no error is to be shown."""
    return not one.comparison.distribution.blurred


def mean_text(one: ShellSeen) -> str:
    """The mean with 1 sd; rounded, and said to be rough, where its error is unknown."""
    seen = one.comparison.distribution
    return with_sd(seen.mean, seen.mean_sd) if told_apart(one) else f"about {seen.mean:.2g}"


def shell_notes(one: ShellSeen) -> tuple[str, ...]:
    """What the user must know of one distribution."""
    return tuple(dict.fromkeys((*one.comparison.distribution.notes, *one.comparison.notes)))


def mean_rows(each: Sequence[ShellSeen], *, sources: bool = False) -> list[list[str]]:
    """A row a distribution."""
    rows = []
    for one in each:
        seen = one.comparison.distribution
        name = seen.framework or f"{seen.n_sites} sites"
        name = f"{one.source}: {name}" if sources and len(each) > 1 else name
        known = np.isfinite(seen.dispersion) and told_apart(one)
        wide = with_sd(seen.dispersion, seen.dispersion_sd) if known else ""
        rows.append([name, seen.ligand or "foreign", mean_text(one), wide, one.comparison.verdict])
    return rows


def model_rows(one: ShellSeen) -> list[list[str]]:
    """A row a model; none where neighbouring k are not told apart."""
    if not told_apart(one):
        return []
    tests = {test.model: test for test in one.comparison.tests}
    rows = []
    for fit in one.comparison.fits:
        test = tests.get(fit.model)
        against = "" if test is None else p_text(test.p_value)
        rows.append([fit.model, parameter_text(fit), p_text(fit.p_value), f"{fit.bic:.1f}",
                     against])  # fmt: skip
    return rows


def parameter_text(fit: ShellFit) -> str:
    """Every parameter with its interval."""
    return "; ".join(f"{one.name} {_interval(one)}" for one in fit.parameters)


def _interval(one: ShellParameter) -> str:
    unit = f" {one.unit}" if one.unit == "kT" else ""
    ends = [_number(value) for value in (one.low, one.high)]
    return f"{_number(one.value)} ({ends[0]} to {ends[1]}){unit}"


def _number(value: float) -> str:
    """Three digits, with a proper sign.

    >>> _number(-0.12345), _number(float("inf"))
    ('−0.123', '∞')
    """
    if not np.isfinite(value):
        return "∞" if value > 0 else "−∞"
    return f"{value:.3g}".replace("-", "−")


def p_text(p: float) -> str:
    """A probability for a table; nothing where it is not known."""
    if not np.isfinite(p):
        return ""
    return f"{p:.2g}" if p >= 1e-4 else "< 0.0001"


def mixed_columns(found: MixedShells) -> Columns:
    """Head of the table of a simulation's shells."""
    head: Columns = [("time", "right")]
    return head + [(found.reservoir_name(name), "right") for name in found.frameworks]


def mixed_rows(found: MixedShells) -> list[list[str]]:
    """Mean number of foreign ligands ± its standard deviation among clusters, a row a time."""
    every = found.every
    columns = [(every.mean(name), every.sd(name)) for name in found.frameworks]
    return [
        [time_text(round(float(every.times[k]), 9)),
         *(f"{mean[k]:.2f} ± {sd[k]:.2f}" if np.isfinite(mean[k]) else "" for mean, sd in columns)]
        for k in found.sampled
    ]  # fmt: skip


def where_columns(found: MixedShells) -> Columns:
    """Head of the table of where a simulation's foreign ligands are."""
    head: Columns = [("time", "right")]
    return head + [(f"{_reservoir(found, name)} %", "right") for name in found.every.reservoirs]


def where_rows(found: MixedShells) -> list[list[str]]:
    """Share of all foreign ligands in every framework and pool, a row a time."""
    held = found.every.foreign_ligands
    share = held / np.maximum(held.sum(axis=1, keepdims=True), 1e-300)
    return [
        [
            time_text(round(float(found.every.times[k]), 9)),
            *(f"{100 * one:.1f}" for one in share[k]),
        ]
        for k in found.sampled
    ]


def where_line(found: MixedShells) -> str:
    """What the table of where they are shows."""
    return (f"Where {found.every.feed.foreign} is, of all of it. Thiolate is free or in complexes, "
            "which the reaction counts as one; dark is what no spectrum shows.")  # fmt: skip


def _reservoir(found: MixedShells, name: str) -> str:
    plain = {LIGAND: "thiolate", DISULFIDE: "disulfide", DARK + LIGAND: "dark"}
    return plain.get(name) or found.reservoir_name(name)


def mixed_line(found: MixedShells) -> str:
    """What was mixed and how it is exchanged, in words."""
    feed, exchange = found.every.feed, found.every.exchange
    held = ", ".join(f"{n:g} in {name}" for name, n in feed.held.items())
    if np.isinf(exchange.half_life):
        how = "ligands are not exchanged but carried along by the reaction"
    elif exchange.half_life == 0:
        how = "exchange among clusters and free thiolate is at once"
    else:
        how = f"half of a shell's ligands are exchanged in {time_text(exchange.half_life)}"
    return f"{feed.foreign} per cluster fed: {held}; {how}."


MIXED_READING = "Foreign ligands per cluster, ± their standard deviation among clusters."


def mixed_text(found: MixedShells) -> Group:
    """Shells of a simulation for the terminal."""
    parts: list[RenderableType] = [
        Text(""), Text(mixed_line(found)), _table(mixed_columns(found), mixed_rows(found)),
        Text(""), Text(where_line(found)), _table(where_columns(found), where_rows(found)),
        *(Text(f"note: {note}", style="yellow") for note in found.notes),
        Text(f"{MIXED_READING} Largest imbalance "
             f"{np.abs(found.every.balance).max():.1g} of all ligands.", style="dim"),
    ]  # fmt: skip
    return Group(*parts)


def _table(columns: Columns, rows: Iterable[Sequence[str]]) -> Table:
    table = Table(pad_edge=False, padding=(0, 1), box=None)
    for name, justify in columns:
        table.add_column(name, justify="left" if justify == "left" else "right", overflow="fold")
    for row in rows:
        table.add_row(*row)
    return table
