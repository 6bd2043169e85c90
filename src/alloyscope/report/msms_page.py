"""The page of tandem spectra: what was found, how it breaks, what leaves first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from alloyscope.case import case_toml
from alloyscope.report.msms_text import (
    FRAGMENTS,
    breakdown_lines,
    cannot_lines,
    descendant_line,
    fragment_rows,
    leaving_lines,
    shown_line,
    verdict_line,
)
from alloyscope.report.page import render
from alloyscope.results import Results


def msms_page(results: Results, figures: Mapping[str, str], files: Sequence[str]) -> str:
    """The page as HTML.

    figures : SVG elements by name, where they are drawn
    files   : names of the files that lie beside the page
    """
    seen = results.msms
    assert seen is not None
    curve = seen.breakdown
    others = [k for k in range(len(seen.found)) if k != seen.shown]
    return render(
        "msms.html.j2", title=results.case.title or f"Fragments of {seen.precursor}",
        verdict=verdict_line(seen), looked=descendant_line(seen), notes=seen.notes,
        shown=shown_line(seen), columns=FRAGMENTS, rows=fragment_rows(seen, seen.shown),
        broken=breakdown_lines(curve) if curve else [],
        leaving=leaving_lines(seen.leaving), cannot=cannot_lines() if seen.leaving else [],
        others=[(seen.name(k), seen.found[k].verdict, fragment_rows(seen, k)) for k in others],
        figures={name: Markup(svg) for name, svg in figures.items()}, files=files,
        case_toml=case_toml(results.case),
    )  # fmt: skip
