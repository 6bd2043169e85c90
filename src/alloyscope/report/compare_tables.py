"""What mechanisms and figures are worth: for the terminal, and as CSV."""

from __future__ import annotations

import math

from rich.console import Group, RenderableType
from rich.text import Text

from alloyscope.reaction.compare import HELPS, NEEDED, Comparison, Difference
from alloyscope.report.assignment_tables import csv_text
from alloyscope.report.text_table import grid

WITHOUT = (("without", "left"), ("loss rises by", "right"), ("log evidence\nfalls by", "right"),
           ("met", "right"), ("lost", "right"), ("won", "right"), ("", "left"),
           ("what it is", "left"))  # fmt: skip
LEFT_OUT = (("figure left out", "left"), ("its statements", "right"), ("met all the same", "right"),
            ("not met", "left"))  # fmt: skip
NAMED = 6
"""Ids of statements written out; of more the first and how many."""


def compare_text(found: Comparison) -> Group:
    """The whole model, mechanisms, figures, and how to read them."""
    whole = found.whole
    parts: list[RenderableType] = [
        Text(f"The whole model, refitted: loss {whole.fit.loss:.2f}, {whole.shown.met} of "
             f"{whole.shown.total} statements met as a spectrum would show them.", style="bold"),
    ]  # fmt: skip
    if found.differences:
        parts += [Text(""), grid(WITHOUT, [_difference(one) for one in found.differences]),
                  Text(f"\n{reading_line()}", style="dim")]  # fmt: skip
        parts += [Text(line) for line in lost_lines(found)]
    if found.left_out:
        rows = [
            [one.figure, str(one.foretold.total), str(one.foretold.met),
             listed([v.observation.id for v in one.foretold.failures])]
            for one in found.left_out
        ]  # fmt: skip
        met = sum(one.foretold.met for one in found.left_out)
        total = sum(one.foretold.total for one in found.left_out)
        parts += [Text(""), grid(LEFT_OUT, rows), Text(f"\n{met} of {total} in all.")]
    return Group(*parts)


def reading_line() -> str:
    """How to read the words."""
    return (
        f"needed: the loss rises by {NEEDED:g} or more, and not for a single statement: by more "
        "than its uncertainty\n(1 sd, paired over the statements), or two are lost; "
        f"helps: by {HELPS:g} or more; a smaller rise means nothing.\n"
        "Evidence by Laplace's approximation."
    )


def lost_lines(found: Comparison) -> list[str]:
    """Which statements each mechanism is needed for."""
    return [f"Only with {one.mechanism.name}: {listed(one.lost)}"
            for one in found.differences if one.lost]  # fmt: skip


def listed(names: list[str] | tuple[str, ...]) -> str:
    """Names, of many the first."""
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more


def _difference(one: Difference) -> list[str]:
    return [
        one.mechanism.name, f"{one.loss:+.1f} ± {one.uncertainty:.1f}",
        f"{one.log_evidence:+.1f}" if math.isfinite(one.log_evidence) else "-",
        str(one.without.shown.met), str(len(one.lost)), str(len(one.won)), one.verdict,
        one.mechanism.title,
    ]  # fmt: skip


def compare_csv(found: Comparison) -> str:
    """One row a mechanism."""
    head = ["name", "title", "verdict", "loss_difference", "uncertainty",
            "log_evidence_difference", "loss", "free", "met", "statements", "lost",
            "won"]  # fmt: skip
    return csv_text(head, (
        [one.mechanism.name, one.mechanism.title, one.verdict, f"{one.loss:.6g}",
         _number(one.uncertainty), _number(one.log_evidence), f"{one.without.fit.loss:.6g}",
         len(one.without.fit.objective.free), one.without.shown.met, one.without.shown.total,
         "; ".join(one.lost), "; ".join(one.won)]
        for one in found.differences
    ))  # fmt: skip


def left_out_csv(found: Comparison) -> str:
    """One row a statement of a figure left out."""
    head = ["figure", "loss", "id", "met", "said"]
    return csv_text(head, (
        [one.figure, f"{one.fit.loss:.6g}", v.observation.id, "yes" if v.met else "no", v.said]
        for one in found.left_out for v in one.foretold.verdicts
    ))  # fmt: skip


def _number(value: float) -> str:
    return f"{value:.6g}" if math.isfinite(value) else ""
