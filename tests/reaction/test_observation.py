import pytest

from alloyscope.errors import ReactionError
from alloyscope.reaction.observation import Observation, check_against, needed
from tests.reaction.snapshots import PAIR

GOOD = {"id": "d1", "kind": "x_range", "figure": "Fig 1", "ratios": (3.0,), "t_min": 20.0,
        "f": ("A",), "lo": 1, "hi": 3}  # fmt: skip


def test_points_are_every_ratio_at_every_time():
    it = Observation(**GOOD | {"kind": "increasing", "t0": 10.0, "ratios": (3.0, 6.0)})
    assert it.points == ((3.0, 10.0), (3.0, 20.0), (6.0, 10.0), (6.0, 20.0))
    assert it.pairs == (((3.0, 10.0), (3.0, 20.0)), ((6.0, 10.0), (6.0, 20.0)))
    assert needed(it.points) == {3.0: (10.0, 20.0), 6.0: (10.0, 20.0)}


def test_two_ratios_are_compared_at_one_time():
    it = Observation(**GOOD | {"kind": "shift_down", "ratios": (3.0, 2.0)})
    assert it.pairs == (((3.0, 20.0), (2.0, 20.0)),)
    assert it.place == "3/1 to 2/1, 20 min"


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"kind": "x_rang"}, "Did you mean x_range"),
        ({"f": ()}, "observation d1 f: found nothing"),
        ({"kind": "coexist"}, "observation d1 g: found nothing"),
        ({"hi": None}, "observation d1 hi"),
        ({"lo": 4}, "above hi = 3"),
        ({"kind": "monotone_mean_x"}, "series"),
        ({"kind": "increasing"}, "t0"),
        ({"kind": "increasing", "t0": 20.0}, "t0: found 20"),
        ({"kind": "shift_up", "ratios": (1.0, 2.0, 3.0)}, "3 ratios"),
        ({"kind": "complexes"}, "level"),
        ({"kind": "electrons"}, "sides"),
        ({"t_min": -1.0}, "t_min"),
    ],
)
def test_what_contradicts_itself_is_refused_by_name(change, named):
    with pytest.raises(ReactionError, match=named):
        Observation(**GOOD | change)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"f": ("Q",)}, "one of A, B, C"),
        ({"hi": 45}, "within 0 to 44"),
        ({"kind": "complexes", "level": "Cu present"}, "level"),
        ({"kind": "complexes", "level": "lots"}, "level"),
    ],
)
def test_what_the_reaction_does_not_have_is_refused(change, named):
    with pytest.raises(ReactionError, match=named):
        check_against(Observation(**GOOD | change), PAIR)
