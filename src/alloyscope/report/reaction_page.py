"""The page of a simulation: what becomes of what was mixed, then what that rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from alloyscope.case import case_toml
from alloyscope.reaction.simulated import Simulated
from alloyscope.report.page import render
from alloyscope.report.reaction_text import (
    additions,
    balance_line,
    feed_line,
    reading_line,
    sample_columns,
    sample_rows,
)
from alloyscope.report.shell_page import mixed_part
from alloyscope.results import Results

PARAMETER_COLUMNS = (("parameter", "left"), ("value", "right"), ("unit", "left"),
                     ("meaning", "left"))  # fmt: skip


def reaction_page(results: Results, figures: Mapping[str, str], files: Sequence[str]) -> str:
    """The page as HTML.

    figures : SVG elements by name, where they are drawn
    files   : names of the files that lie beside the page
    """
    seen = results.simulated
    assert seen is not None
    return render(
        "reaction.html.j2", title=results.case.title or feed_line(seen), feed=feed_line(seen),
        reading=reading_line(seen), balance=balance_line(seen), notes=seen.remarks,
        columns=sample_columns(seen), rows=sample_rows(seen), x_of=seen.reaction.metals[0],
        added=additions(seen), mixed=mixed_part(results.mixed, figures.get("shells", "")),
        figures={name: Markup(svg) for name, svg in figures.items()},
        steps=step_lines(seen), parameter_columns=PARAMETER_COLUMNS,
        parameters=[[p.name, f"{p.value:g}", p.unit, p.title] for p in seen.reaction.parameters],
        files=files, case_toml=case_toml(results.case),
    )  # fmt: skip


def step_lines(seen: Simulated) -> list[str]:
    """Each step with its rate, and metal exchange."""
    reaction = seen.reaction
    lines = [f"{step.equation}   (rate {step.rate})" for step in reaction.steps]
    rates = reaction.exchange
    if rates is None:
        return lines
    return [f"metal exchange between clusters (rate {rates.clusters})",
            f"metal exchange between clusters and complexes (rate {rates.complexes})",
            *lines]  # fmt: skip
