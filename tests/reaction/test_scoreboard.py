from alloyscope.reaction.observation import Observation
from alloyscope.reaction.scoreboard import figures_of, panels, scoreboard, without_reaction
from tests.reaction.snapshots import PAIR, snapshot


def present(number, framework, figure):
    return Observation(f"d{number}", "framework_present", figure, (3.0,), 60.0, f=(framework,))


FIGURES = ["Fig 2d", "Fig 2d/S5", "Fig 2d", "Fig 2d", "Fig 3b,d", "Fig 2c,d", "text"]


def test_an_entry_counts_for_the_figure_with_most_entries():
    found = figures_of([present(k, "A", figure) for k, figure in enumerate(FIGURES)])
    assert list(found.values()) == ["2d", "2d", "2d", "2d", "other", "2d", "other"]
    assert panels("Fig 3f/S9") == ("3f", "S9")


def test_a_scoreboard_counts_what_is_met_by_figure():
    its = [present(k, "AB"[k % 2], figure) for k, figure in enumerate(FIGURES)]
    board = scoreboard(its, {(3.0, 60.0): snapshot(A={0: 1.0})})
    assert (board.met, board.total) == (4, 7)
    assert board.by_figure == {"2d": (2, 5), "other": (2, 2)}
    assert str(board) == "4 of 7 met: 2d 2/5, other 2/2"
    assert {v.observation.f for v in board.failures} == {("B",)}
    assert board.failures[0].said == "B 0 % of clusters; reported present (at least 5 %)"


def test_the_baseline_is_what_the_parents_alone_meet():
    assert without_reaction([present(0, "A", ""), present(1, "B", "")], PAIR).met == 1
