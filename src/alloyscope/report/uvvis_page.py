"""The page of absorption spectra: verdict, mixtures, bands, time courses, colour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from alloyscope.case import case_toml
from alloyscope.report.page import render
from alloyscope.report.uvvis_course_text import (
    CROSSING_COLUMNS,
    KINETICS_COLUMNS,
    crossing_rows,
    kinetics_rows,
)
from alloyscope.report.uvvis_mixture_text import fraction_columns, fraction_rows, share_line
from alloyscope.report.uvvis_text import (
    BAND_COLUMNS,
    BAND_NOTE,
    MATCH_COLUMNS,
    all_notes,
    band_rows,
    headlines,
    match_rows,
    source_line,
)
from alloyscope.results import Results


def uvvis_page(results: Results, figures: Mapping[str, str], files: Sequence[str]) -> str:
    """The page as HTML.

    figures : SVG elements by name, where they are drawn
    files   : names of the files that lie beside the page
    """
    run = results.uvvis
    assert run is not None
    course = run.course
    kinetics = course.kinetics if course else None
    return render(
        "uvvis.html.j2", title=results.case.title or run.series.source, headlines=headlines(run),
        source=source_line(run), notes=all_notes(run), sketched=sorted(run.sketched),
        fractions=(fraction_columns(run.unmixed), fraction_rows(run)) if run.unmixed else None,
        share_lines=share_line(run.unmixed) if run.unmixed else (),
        matches=(MATCH_COLUMNS, match_rows(run)), bands=(BAND_COLUMNS, band_rows(run)),
        band_note=BAND_NOTE,
        crossings=(CROSSING_COLUMNS, crossing_rows(course.isosbestic))
        if course and course.isosbestic.points else None,
        kinetics=(KINETICS_COLUMNS, kinetics_rows(course))
        if course and kinetics and kinetics.each else None,
        figures={name: Markup(svg) for name, svg in figures.items()}, files=files,
        case_toml=case_toml(results.case),
    )  # fmt: skip
