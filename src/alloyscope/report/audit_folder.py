"""The folder of a mass balance: the table, the record and the figure."""

from __future__ import annotations

from pathlib import Path

from alloyscope.case import write_case
from alloyscope.places import check_folder, write_text
from alloyscope.report.audit_tables import audit_csv
from alloyscope.report.folder import FORMATS, as_json
from alloyscope.report.outputs import Write
from alloyscope.results import Results

FIGURE = "mass_balance"


def write_audit(out: Path | None, *, figures: bool, overwrite: bool) -> Write:
    """Check the place, and return what will write to it. Raises OutputError."""
    if out:
        check_folder(out, overwrite=overwrite)

    def write(results: Results) -> None:
        if out is None or results.audited is None:
            return
        write_text(out / "mass_balance.csv", audit_csv(results.audited))
        write_text(out / "audit.json", as_json(results.as_json()))
        write_case(results.case, out / "case.resolved.toml", overwrite=True)
        # What an earlier run drew and this one does not would be taken for this one's.
        for ending in FORMATS:
            (out / (FIGURE + ending)).unlink(missing_ok=True)
        if figures:
            from alloyscope.report.audit_figure import audit_figure
            from alloyscope.report.style import save_both

            save_both(audit_figure(results.audited), out / FIGURE)

    return write
