"""The page of shells of two kinds of ligand, and parts of other pages about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from alloyscope.case import case_toml
from alloyscope.report.page import render
from alloyscope.report.shell_text import (
    MEAN_COLUMNS,
    MIXED_READING,
    MODEL_COLUMNS,
    READING,
    mean_rows,
    mixed_columns,
    mixed_line,
    mixed_rows,
    model_rows,
    shell_name,
    shell_notes,
    where_columns,
    where_line,
    where_rows,
)
from alloyscope.results import Results
from alloyscope.results.shells import MixedShells, ShellSeen


def shells_page(results: Results, figures: Mapping[str, str], files: Sequence[str]) -> str:
    """The page as HTML.

    figures : SVG elements by name, where they are drawn
    files   : names of the files that lie beside the page
    """
    seen = results.shells
    assert seen is not None
    first = seen.each[0]
    return render(
        "shells.html.j2", title=results.case.title or shell_name(first),
        mean_columns=MEAN_COLUMNS, means=mean_rows(seen.each, sources=True),
        model_columns=MODEL_COLUMNS, reading=READING,
        each=[(f"{one.source}: {shell_name(one)}", model_rows(one),
               one.joint.verdict if one.joint else "", shell_notes(one)) for one in seen.each],
        series=seen.series.verdict if seen.series else "",
        figures={name: Markup(svg) for name, svg in figures.items()}, files=files,
        case_toml=case_toml(results.case),
    )  # fmt: skip


def assigned_part(each: Sequence[ShellSeen], figure: str) -> Markup:
    """What an assignment's page says of ligands; empty where there is one kind of them."""
    if not each:
        return Markup("")
    notes = [note for one in each for note in shell_notes(one) if not note.startswith("Left out")]
    joints = [one.joint.verdict for one in each if one.joint]
    return Markup(render(
        "shells_part.html.j2", heading="Ligands", lines=[*joints, *dict.fromkeys(notes)],
        columns=MEAN_COLUMNS, rows=mean_rows(each), figure=Markup(figure), where="",
        caption="Foreign ligands in each framework's shells: bars with 1 sd, pale and without it "
                "where neighbouring k cannot be told apart; the random shell of the same mean, and "
                "the model that the data choose where they do.",
    ))  # fmt: skip


def mixed_part(found: MixedShells | None, figure: str) -> Markup:
    """What a simulation's page says of mixed ligands; empty where there are none."""
    if found is None:
        return Markup("")
    return Markup(render(
        "shells_part.html.j2", heading="Mixed ligands", lines=[mixed_line(found), *found.notes],
        columns=mixed_columns(found), rows=mixed_rows(found), figure=Markup(figure),
        where=where_line(found), where_columns=where_columns(found), where_rows=where_rows(found),
        caption=f"{MIXED_READING} Above: means over time, and 1 sd at times asked for, marks "
                "of one time beside one another. Below: distributions at the last time, and "
                "random shells of the same means.",
    ))  # fmt: skip
