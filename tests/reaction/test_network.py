"""What kind each step is, and what the kernels cannot do is refused rather than left out."""

import re

import numpy as np
import pytest
from numba import typeof

from alloyscope.errors import ReactionError
from alloyscope.reaction.kinds import kind_of
from alloyscope.reaction.layout import layout_of
from alloyscope.reaction.network import network_of
from tests.reaction.declared import REACTIONS, made, quartet, step

FOUR = quartet(6, 6)


def with_step(equation, **more):
    return made(FOUR, [step(equation, **more)])


@pytest.mark.parametrize(
    ("equation", "kind"),
    [
        ("A -> 6 M + 6 SR + 4 e", "loss"),
        ("A + C -> A + 6 M + 2 SR + 6 e", "loss"),
        ("2 A -> A + 6 M + 6 SR + 4 e", "loss"),
        ("C + SR <-> B", "conversion"),
        ("B + C + SR -> 2 B", "conversion"),
        ("A + C <-> 2 B + RSSR", "meeting"),
        ("A + B + C -> 2 B + D", "meeting"),
        ("A -> 6 dark M + 6 dark SR + 4 dark e", "loss"),
        ("6 M + 6 SR + 4 e -> A", "growth"),
        ("A + 6 M + 6 SR + 4 e -> 2 A", "growth"),
        ("RSSR + 2 e <-> 2 SR", "pools"),
        ("B + e -> B + oxidised", "pools"),
    ],
)
def test_kinds(equation, kind):
    reaction = with_step(equation)
    assert kind_of(reaction.steps[0], reaction) == kind


@pytest.mark.parametrize(
    ("equation", "more", "said"),
    [
        ("2 A -> 12 M + 12 SR + 8 e", {}, "2 clusters used up, 0 made, +12 M"),
        ("A + C -> B + 6 M + 5 SR + 4 e", {}, "2 clusters used up, 1 made, +6 M"),
        ("A <-> 6 M + 6 SR + 4 e", {}, '"<->"'),
        ("6 M + 6 SR + 4 e <-> A", {}, '"<->"'),
        ("A + C <-> B + D", {"slope": 0.1}, "a slope"),
        ("e -> oxidised", {"slope": 0.1}, "a slope"),
        ("C + SR -> B", {"quench": (("Au", 1.0),)}, "a quench"),
        ("Ag + e -> Ag + oxidised", {"quench": (("Ag", 1.0),)}, "a quench"),
        ("A + B + C + SR -> A + 2 B", {}, "A and B on both sides"),
        ("2 A + C + SR -> 2 A + B", {}, "2 A on both sides"),
        ("A + M + e -> A + M + oxidised", {}, "M on the left and M on the right"),
        ("A + M -> 7 M + 6 SR + 4 e", {}, "M on the left and M on the right"),
        ("M -> dark M", {}, "M on the left and dark M on the right"),
        ("A -> 2 M + 4 dark M + 6 SR + 4 e", {}, "M on the right and dark M on the right"),
        ("Ag + 6 M + 6 SR + 4 e -> Ag + A", {}, "Ag on both sides"),
        ("A + 5 SR -> 6 M + 11 SR + 4 e", {}, "5 of the pools on the left"),
        ("3 RSSR + 6 e -> 6 SR", {}, "9 of the pools on the left"),
        ("RSSR + 2 e + 2 Au <-> 2 SR + 2 Au", {}, "5 of the pools on the left"),
    ],
)
def test_what_the_kernels_cannot_do_is_refused(equation, more, said):
    with pytest.raises(ReactionError, match=re.escape(f"found {said};")):
        network_of(with_step(equation, **more))


@pytest.mark.parametrize("name", REACTIONS)
def test_one_compilation_serves_every_reaction(name):
    """Arrays of another layout would be compiled for anew."""
    assert typeof(network_of(REACTIONS[name])) == typeof(network_of(REACTIONS["every kind"]))


@pytest.mark.parametrize("name", REACTIONS)
def test_populations_are_put_in_an_order_of_narrow_band(name):
    reaction = REACTIONS[name]
    net, n = network_of(reaction), layout_of(reaction).n_states
    assert sorted(net.place) == list(range(n))
    apart = np.abs(net.place[net.exchange.low] - net.place[net.exchange.high])
    assert apart.max(initial=0) <= net.width
    apart = np.abs(net.place[net.conversion.source] - net.place[net.conversion.target])
    assert apart.max(initial=0) <= net.width


def test_width_of_two_metals_is_that_of_frameworks_not_of_populations():
    assert network_of(REACTIONS["exchange alone"]).width == 1
    assert network_of(REACTIONS["like Au44-Ag44"]).width <= 3


def test_every_sum_has_a_column_of_its_own():
    net = network_of(REACTIONS["every kind"])
    drives = [kind.drive for kind in
              (net.loss, net.conversion, net.meeting, net.growth, net.pools)]  # fmt: skip
    acting = [c for drive in drives for c in drive.column if c >= 0]
    meeting = [c for row in net.meeting.column for c in set(row.tolist())]
    columns = [net.exchange.column, net.exchange.column + 1, *acting, *meeting]
    z = len(net.contents) - net.place.size
    assert sorted(columns) == list(range(z, net.n_border))
