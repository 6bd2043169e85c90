"""The folder of a comparison: tables, the record and the figure."""

from __future__ import annotations

from pathlib import Path

from alloyscope.case import write_case
from alloyscope.places import write_text
from alloyscope.report.compare_tables import compare_csv, left_out_csv
from alloyscope.report.fit_folder import check_resumable
from alloyscope.report.folder import FORMATS, as_json
from alloyscope.report.outputs import Write
from alloyscope.results import Results

FIGURE, TABLES = "compare", ("compare.csv", "left-out.csv")


def write_comparison(out: Path | None, *, figures: bool, overwrite: bool) -> Write:
    """Check the place, and return what will write to it. Raises OutputError."""
    if out:
        check_resumable(out, overwrite=overwrite)

    def write(results: Results) -> None:
        if out is None or results.compared is None:
            return
        # What an earlier run wrote and this one does not would be taken for this one's.
        for name in (*TABLES, *(FIGURE + ending for ending in FORMATS)):
            (out / name).unlink(missing_ok=True)
        if results.compared.differences:
            write_text(out / TABLES[0], compare_csv(results.compared))
        if results.compared.left_out:
            write_text(out / TABLES[1], left_out_csv(results.compared))
        write_text(out / "compare.json", as_json(results.as_json()))
        write_case(results.case, out / "case.resolved.toml", overwrite=True)
        if figures and results.compared.differences:
            from alloyscope.report.compare_figure import compare_figure
            from alloyscope.report.style import save_both

            save_both(compare_figure(results.compared), out / FIGURE)

    return write
