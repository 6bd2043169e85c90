"""The page of an assignment: the answer first, then what it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from alloyscope.case import case_toml
from alloyscope.report.assignment_text import (
    ION_COLUMNS,
    framework_cells,
    framework_columns,
    group_lines,
    instrument_line,
    ion_cells,
    unexplained_lines,
    verdict_line,
)
from alloyscope.report.page import render
from alloyscope.report.shell_page import assigned_part
from alloyscope.results import Assigned, Results

MOST_UNEXPLAINED = 20
LIMIT_COLUMNS = (("ion", "left"), ("framework", "left"), ("m/z calc.", "right"),
                 ("less than %", "right"))  # fmt: skip


def assignment_page(
    results: Results, figures: Mapping[str, str], closeups: Sequence[str], files: Sequence[str]
) -> str:
    """The page as HTML.

    figures  : SVG elements of `spectrum`, `distribution` and `ligands`, where they are drawn
    closeups : SVG elements
    files    : names of the files that lie beside the page
    """
    seen = results.assigned
    assert seen is not None
    found = seen.assignment
    return render(
        "assignment.html.j2",
        title=results.case.title or found.spectrum.acquisition.source,
        verdict=verdict_line(seen), instrument=instrument_line(seen), notes=seen.notes,
        framework_columns=framework_columns(seen),
        frameworks=[framework_cells(seen, share) for share in seen.shares], x_of=seen.x_of,
        ion_columns=ION_COLUMNS, ions=[ion_cells(seen, call) for call in found.called],
        groups=group_lines(seen), unexplained=unexplained_lines(seen)[:MOST_UNEXPLAINED],
        limit_columns=LIMIT_COLUMNS, limits=_limits(seen),
        shells=assigned_part(seen.shells, figures.get("ligands", "")),
        spectrum=Markup(figures.get("spectrum", "")),
        distribution=Markup(figures.get("distribution", "")),
        closeups=[Markup(svg) for svg in closeups], files=files,
        case_toml=case_toml(results.case),
    )  # fmt: skip


def _limits(seen: Assigned) -> list[list[str]]:
    return [
        [str(low.ion), seen.framework_name(low.framework), f"{low.mz_theory:.4f}",
         f"{100 * low.abundance:.2g}"]
        for low in seen.assignment.limits
    ]  # fmt: skip
