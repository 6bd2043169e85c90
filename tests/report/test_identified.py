"""The table of possibilities says what the records hold."""

import csv
import io

from rich.console import Console

from alloyscope.assignment.identify import identify
from alloyscope.assignment.listing import IonListing
from alloyscope.chemistry import parse_ion
from alloyscope.report.identified import COLUMNS, identified_csv, identified_text

LISTING = IonListing(tuple(parse_ion(text) for text in (
    "[Ag44(p-MBA)30]4-", "[Ag44(p-MBA)30+Na-H]4-", "[Ag44(p-MBA)30-H]5-", "[AuCl2]-",
)))  # fmt: skip
FOUND = identify(2335.463, LISTING)
NOTHING = identify(300.0, LISTING)


def printed(identified, aliases):
    console = Console(file=io.StringIO(), width=160)
    console.print(identified_text(identified, aliases))
    return console.file.getvalue()


def test_rows_hold_what_was_found():
    rows = list(csv.DictReader(io.StringIO(identified_csv((FOUND, NOTHING)))))
    assert tuple(rows[0]) == COLUMNS
    assert [row["ion"] for row in rows] == [str(it.ion) for it in FOUND.possibilities]
    assert float(rows[0]["mz_theory"]) == round(FOUND.possibilities[0].mz_theory, 5)
    assert rows[0]["electrons"] == "18"


def test_nothing_is_a_heading():
    assert identified_csv((NOTHING,)) == ",".join(COLUMNS) + "\n"
    assert "no ion of this search space" in printed((NOTHING,), {})


def test_the_terminal_names_frameworks_by_their_alias():
    assert "M44S30 (A)" in printed((FOUND,), {"M44S30": "A"})
    assert "M44S30 (" not in printed((FOUND,), {})
