import csv
import io

import pytest
from rich.console import Console

from alloyscope.reaction.mass_balance import audit
from alloyscope.report.audit_figure import audit_figure
from alloyscope.report.audit_tables import audit_csv, audit_text, products
from tests.reaction.snapshots import PAIR
from tests.reaction.test_mass_balance import DIRECT, seen

WINDOW = seen("framework_window", "A", 3, 4, ratio=0.1, also=(0,))
FOUND = audit(PAIR, [*DIRECT, seen("framework_dominant", "A", ratio=0.1), WINDOW])


def test_a_row_a_ratio_with_what_is_fed_held_and_missing():
    low, high = csv.DictReader(io.StringIO(audit_csv(FOUND)))
    assert (low["ratio"], low["products"], high["ratio"]) == ("1/10", "A 0, 3-4", "3/1")
    assert (high["clusters_Au44"], high["clusters_Ag44"]) == ("3", "1")
    for name in FOUND.balances[0].names:
        assert float(high[f"fed_{name}"]) == float(high[f"held_{name}"]) + float(
            high[f"missing_{name}"]
        )
    assert (high["missing_Au"], high["missing_p-MBA"], high["missing_electrons"]) == (
        "88", "54", "38"
    )  # fmt: skip
    assert high["like"] == "Au44 (C)"
    assert low["like"] == ""


def test_the_terminal_says_what_is_missing_where_it_is():
    out = io.StringIO()
    Console(file=out, width=160).print(audit_text(FOUND))
    text = out.getvalue()
    assert "33 %" in text
    assert text.count("are missing") == 1
    assert products(FOUND.balances[1]) == "B 20-22"


def test_the_figure_has_a_panel_a_quantity_and_a_bar_a_ratio():
    axes = audit_figure(FOUND).axes
    assert [ax.get_ylabel() for ax in axes] == ["Au", "Ag", "p-MBA", "electrons"]
    held, missing = axes[0].containers
    assert held[1].get_height() == pytest.approx(100 / 3)
    assert missing[1].get_height() == pytest.approx(200 / 3)
    assert [text.get_text() for text in axes[0].texts] == ["33"]
