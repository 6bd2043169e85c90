"""What counts as the target, and what else there is."""

import numpy as np
import pytest

from alloyscope.errors import ReactionError
from alloyscope.reaction.target import Target, outcome_of
from tests.reaction.simulations import direct, sequence, three_metals


@pytest.mark.parametrize("made", [direct, sequence, three_metals])
@pytest.mark.parametrize("target", [Target(x=(2, 3)), Target(x=(0, 40))])
def test_parts_and_pools_account_for_everything(made, target):
    run = made().simulated.sampled
    found = outcome_of(run, target)
    assert sum(part.clusters for part in found.parts) == pytest.approx(found.clusters)
    assert found.clusters == pytest.approx(run.yield_of_clusters[-1])
    wanted = [part for part in found.parts if part.wanted]
    assert sum(part.share for part in wanted) == pytest.approx(found.purity)
    assert found.purity * found.clusters == pytest.approx(found.made)


def test_metal_is_in_clusters_complexes_or_dark():
    run = direct().simulated.sampled
    whole, half = outcome_of(run, Target(x=(0, 44))), outcome_of(run, Target("A"))
    for metal in ("Au", "Ag"):
        held = whole.used[metal] + whole.complexes[metal] + whole.dark[metal]
        assert held == pytest.approx(1.0, abs=1e-9)
        assert half.used[metal] < whole.used[metal]


def test_means_are_those_of_the_part():
    run = direct().simulated.sampled
    found = {part.wanted: part for part in outcome_of(run, Target("C", (43, 44))).parts
             if part.framework == "C"}  # fmt: skip
    assert 43 <= found[True].mean_x <= 44
    p = outcome_of(run, Target("C")).by_x["C"]
    x = np.arange(43)
    assert found[False].mean_x == pytest.approx(p[:43] @ x / p[:43].sum())


def test_names_of_equations_and_of_tables_are_the_same_target():
    reaction = direct().simulated.reaction
    assert Target("B").frameworks(reaction) == Target("M44S27").frameworks(reaction) == ("B",)
    assert Target("B", (20, 22)).words(reaction) == "M44S27 (B) with 20-22 Au"
    assert Target(x=(12, 12)).words(reaction) == "any framework with 12 Au"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("", None), "neither a framework nor x"),
        (("B", (5, 4)), "the lower number first"),
        (("D", None), "one of A, B, C"),
        (("B", (45, 50)), "at most 44"),
    ],
)
def test_targets_that_cannot_be(asked, said):
    with pytest.raises(ReactionError, match=said):
        Target(*asked).frameworks(direct().simulated.reaction)
