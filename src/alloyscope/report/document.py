"""The page of a spectrum looked at."""

from __future__ import annotations

from markupsafe import Markup

from alloyscope.case import case_toml
from alloyscope.report.figures import SCALES, look_figure
from alloyscope.report.page import render
from alloyscope.report.style import as_svg
from alloyscope.report.tables import OVERLAY_COLUMNS, look_facts, overlay_cells
from alloyscope.results import Results


def look_page(results: Results) -> str:
    """The page of a spectrum with ions laid over it, as HTML."""
    look, case = results.look, results.case
    assert look is not None
    show = case.show
    remarks = [said for ion in look.ions for said in ion.remarks]
    return render(
        "look.html.j2",
        title=case.title or look.spectrum.acquisition.source,
        facts=look_facts(look),
        figure_svg=Markup(as_svg(look_figure(look, show))),
        columns=OVERLAY_COLUMNS,
        rows=[overlay_cells(ion) for ion in look.ions],
        fitted=any(ion.overlay and ion.overlay.resolving_power_fitted for ion in look.ions),
        remarks=remarks,
        scale=SCALES[show.normalise],
        case_toml=case_toml(case),
    )
