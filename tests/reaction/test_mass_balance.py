import numpy as np
import pytest
from scipy.optimize import linprog

from alloyscope.case.observations import read_observations
from alloyscope.errors import ReactionError
from alloyscope.reaction.layout import layout_of
from alloyscope.reaction.mass_balance import audit
from alloyscope.reaction.observation import Observation
from tests.case.test_observations import PAPER
from tests.reaction.snapshots import PAIR


def seen(kind, f, lo=None, hi=None, ratio=3.0, t_min=1200.0, **more):
    name = f"{kind} {f}"
    return Observation(name, kind, "", (ratio,), t_min, f=(f,), lo=lo, hi=hi, **more)


DIRECT = [
    seen("framework_absent", "C"),
    seen("framework_absent", "A"),
    seen("framework_dominant", "B"),
    seen("x_range", "B", 20, 22, lo_tol=1, hi_tol=1),
]


def test_what_b_alone_can_hold_at_3_to_1_is_a_third_of_the_gold():
    (found,) = audit(PAIR, DIRECT).balances
    assert found.names == ("Au", "Ag", "p-MBA", "electrons")
    # 3 Au44(SR)26 (20 e) and 1 Ag44(SR)30 (18 e); 22 Ag to each B: 2 clusters
    assert found.fed.tolist() == [132, 44, 108, 78]
    assert np.allclose(found.held, [44, 44, 54, 40])
    assert np.allclose(found.missing, [88, 0, 54, 38])
    assert found.fraction[0] == pytest.approx(1 / 3)
    assert found.per_metal == pytest.approx((54 / 88, 38 / 88))
    assert found.products == {"B": (20, 21, 22)}
    assert found.likeness[0].name == "Au44 (C)"
    assert next(one for one in found.likeness if "M(I)" in one.name).distance > 0.5
    assert "88 Au" in found.verdict


def test_the_loose_reading_allows_what_no_statement_excludes():
    (found,) = audit(PAIR, DIRECT).balances
    assert found.metal_held == pytest.approx(0.5)
    assert 0.6 < found.loosest < 0.9
    (free,) = audit(PAIR, DIRECT[2:3]).balances
    assert free.loosest == pytest.approx(1)


def test_the_loose_bound_is_that_of_constraints_written_by_hand():
    """Nearly only A, mostly x = 12 so that no other x may be more, hardly any below 8."""
    statements = [
        seen("dominant_x", "A", 12, 12, ratio=0.1), seen("framework_absent", "B", ratio=0.1),
        seen("framework_window", "A", 8, 12, ratio=0.1), seen("framework_absent", "C", ratio=0.1),
    ]  # fmt: skip
    (found,) = audit(PAIR, statements).balances
    layout = layout_of(PAIR)
    holds = layout.contents[: layout.n_states]
    x = np.arange(45)
    rows = np.zeros((48, 135))
    rows[:45, :45] = np.eye(45)
    rows[:45, 12] -= 1
    rows[45, :45] = ~((x >= 8) & (x <= 12)) - 0.10
    for row, columns in ((46, slice(45, 90)), (47, slice(90, 135))):
        rows[row] = -0.05
        rows[row, columns] += 1
    with_disulfide = np.vstack([holds[:, :3].T, holds[:, 2] + holds[:, 3]])
    fed = [44, 440, 26 + 300, 26 + 300 + 20 + 180]
    best = linprog(-holds[:, :2].sum(axis=1), np.vstack([with_disulfide, rows]),
                   [*fed, *np.zeros(48)], method="highs")  # fmt: skip
    assert found.loosest == pytest.approx(-best.fun / 484)
    assert 0.3 < found.loosest < 0.9


def test_two_clusters_of_b_come_of_one_of_each_parent():
    """A + C -> 2 B + RSSR: the electrons that B has more are those of the disulfide."""
    (found,) = audit(PAIR, [seen("x_range", "B", 22, 22, ratio=1.0)]).balances
    assert found.metal_held == pytest.approx(1)
    assert found.missing.tolist() == pytest.approx([0, 0, 2, -2])
    assert found.likeness == ()


def test_the_last_time_of_each_ratio_counts():
    statements = [seen("framework_dominant", "C", t_min=2.0), *DIRECT,
                  seen("framework_present", "A", ratio=1.0, t_min=5.0)]  # fmt: skip
    assert [(b.ratio, b.t_min) for b in audit(PAIR, statements).balances] == [(1, 5), (3, 1200)]


def test_statements_that_contradict_one_another_are_named():
    with pytest.raises(ReactionError, match=r"x_range B, max_x B.*no x left for B at R = 3/1"):
        audit(PAIR, [seen("x_range", "B", 20, 22), seen("max_x", "B", 0, 19)])
    with pytest.raises(ReactionError, match="no observation that names a product"):
        audit(PAIR, [seen("framework_absent", "B")])


@pytest.mark.skipif(not PAPER.exists(), reason="the paper's observations are not beside this")
def test_the_reported_products_of_the_paper_cannot_hold_what_was_fed():
    statements = read_observations(PAPER, PAIR).statements
    found = {round(b.ratio, 3): b for b in audit(PAIR, statements).balances}
    au, ag = ({ratio: round(100 * b.fraction[k]) for ratio, b in found.items()} for k in (0, 1))
    assert (ag[0.1], ag[0.25], ag[0.333]) == (63, 67, 89)
    assert (au[0.5], au[2.0], au[3.0]) == (75, 46, 33)
    short = {0.1, 0.25, 0.333, 0.5, 2.0, 3.0}
    assert all((b.metal_held >= 0.95) == (ratio not in short) for ratio, b in found.items())
    assert {ratio for ratio, b in found.items() if b.loosest < 0.95} == {3.0}
