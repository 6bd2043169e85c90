"""A simulation in words: for the terminal, and for the page."""

from __future__ import annotations

import numpy as np
from rich.console import Group, RenderableType
from rich.text import Text

from alloyscope.reaction.experiment import MINUTES, Addition, Product, time_text
from alloyscope.reaction.simulated import Simulated, mean_and_sd
from alloyscope.report.text_table import grid

SEEN = 1e-3
"""A framework with a smaller share of the clusters has no x worth printing."""


def reaction_text(seen: Simulated) -> Group:
    """What was mixed, what became of it, and notes."""
    parts: list[RenderableType] = [
        Text(feed_line(seen), style="bold"), Text(reading_line(seen), style="dim"), Text(""),
        grid(sample_columns(seen), sample_rows(seen), fold=False),
        *(Text(f"note: {note}", style="yellow") for note in seen.remarks),
    ]  # fmt: skip
    return Group(*parts)


def feed_line(seen: Simulated) -> str:
    """What was mixed and added, in one line."""
    names = ":".join(parent.name for parent in seen.reaction.parents)
    ratio = ":".join(f"{n:.4g}" for n in seen.experiment.ratio)
    return (
        "; ".join(
            [f"Clusters fed: {names} {ratio}", *(f"then {added}" for added in additions(seen))]
        )
        + "."
    )


def additions(seen: Simulated) -> list[str]:
    """Each addition in words, in the order of time."""
    ordered = sorted(seen.experiment.additions, key=lambda a: a.at_min)
    return [f"{addition_words(a)} at {time_text(a.at_min)}" for a in ordered]


def addition_words(addition: Addition) -> str:
    """What is added: "2 Au44", "product of 1:3 after 20 h (4)"."""
    if isinstance(addition.what, Product):
        return f"{addition.what} ({addition.amount:.4g})"
    return f"{addition.amount:.4g} {addition.what}"


def sample_name(seen: Simulated, minutes: float) -> str:
    """When a sample is taken: "30 min", "20 h", and soon after an addition "20 h + 2 min"."""
    before = [a.at_min for a in seen.experiment.additions if 0 < a.at_min < minutes]
    plain = time_text(minutes)
    round_number = "." not in plain and (minutes < MINUTES["h"] or not plain.endswith("min"))
    if not before or round_number:
        return plain
    return f"{time_text(max(before))} + {time_text(round(minutes - max(before), 9))}"


def reading_line(seen: Simulated) -> str:
    """How to read the table."""
    return (
        f"Shares of the clusters there are; x counts {seen.reaction.metals[0]}, ± is the sd of x "
        "among clusters; clusters per cluster fed, and complexes per metal atom fed, so far."
    )


def framework_name(seen: Simulated, name: str) -> str:
    """A framework as tables name it, with its name in equations: "M44S30 (A)"."""
    label = seen.reaction.by_name[name].label
    return label if label == name else f"{label} ({name})"


def sample_columns(seen: Simulated) -> list[tuple[str, str]]:
    """Headings of the table of samples."""
    head = [("time", "right")]
    for name in seen.reaction.by_name:
        head += [(f"{framework_name(seen, name)}\n%", "right"), ("\nmean x", "right")]
    pools = [(f"{metal} in com-\nplexes %", "right") for metal in seen.reaction.metals]
    return [*head, ("clusters\nleft %", "right"), *pools]


def sample_rows(seen: Simulated) -> list[list[str]]:
    """One row a sample, as text."""
    run = seen.sampled
    spread = {name: mean_and_sd(run, name) for name in seen.reaction.by_name}
    rows = []
    for k, time in enumerate(run.times):
        row = [sample_name(seen, float(time))]
        for name in seen.reaction.by_name:
            share = float(run.share(name)[k])
            mean, sd = (float(values[k]) for values in spread[name])
            row += [f"{100 * share:.1f}", f"{mean:.1f} ± {sd:.1f}" if share >= SEEN else ""]
        row.append(f"{100 * run.yield_of_clusters[k]:.1f}")
        row += [f"{100 * max(float(run.pool(metal)[k]), 0.0):.1f}"
                for metal in seen.reaction.metals]  # fmt: skip
        rows.append(row)
    return rows


def balance_line(seen: Simulated) -> str:
    """How well what was fed is held."""
    return (
        "Metals, ligands and electrons held differ from those fed by at most "
        f"{np.abs(seen.balance).max():.1e} per metal atom fed."
    )
