"""What a case mixes, adds and samples, or an error that names the key."""

import re
from pathlib import Path

import pytest

from alloyscope.case import read_case, settings
from alloyscope.case.experiment import TIMES, experiment_of, times_of
from alloyscope.case.reaction import reaction_of
from alloyscope.chemistry import default_vocabulary
from alloyscope.errors import CaseError
from alloyscope.reaction.experiment import Addition, Product, parse_addition, parse_time, time_text


def asked(name="au44-ag44", **experiment):
    case = settings(read_case(Path(name)), "test", experiment=experiment)
    reaction = reaction_of(case, default_vocabulary())
    return case, experiment_of(case, reaction), reaction


def test_a_ratio_and_additions():
    added = ({"at": "20h", "add": "2 Au44"}, {"at": "1h", "add": "product of 1:3 after 2h"})
    _, experiment, _ = asked(ratio="3:1", step=added)
    assert experiment.ratio == (3.0, 1.0)
    assert experiment.additions == (
        Addition("Au44", 2.0, 1200.0),
        Addition(Product((1.0, 3.0), 120.0), 4.0, 60.0),
    )


def test_additions_read_back_as_they_are_printed():
    added = ({"at": "90s", "add": "0.5 Ag44"}, {"at": "7d", "add": "2 product of 1:3 after 90min"})
    _, experiment, reaction = asked(ratio="3:1", step=added)
    for addition in experiment.additions:
        assert parse_addition(str(addition), reaction) == addition
    for minutes in (0.0, 0.25, 1.5, 119.0, 120.0, 1201.0, 2880.0, 10080.0):
        assert parse_time(time_text(minutes)) == pytest.approx(minutes)


def test_volumes_count_clusters_by_their_metals():
    _, experiment, reaction = asked(
        "au25-ag44", volumes={"Au25": 1.0, "Ag44": 2.0},
        step=({"at": "1h", "add": "0.5 Au25"}, {"at": "2h", "add": "3 product of 1:1 after 1h"}),
    )  # fmt: skip
    atoms = [25 * experiment.ratio[0], 44 * experiment.ratio[1]]
    assert atoms[1] == pytest.approx(2 * atoms[0])
    parent, product = experiment.additions
    assert 25 * parent.amount == pytest.approx(0.5 * atoms[0])
    assert product.amount * (25 + 44) / 2 == pytest.approx(3 * atoms[0])
    assert reaction.size == 44


def test_volumes_of_parents_alike_are_the_ratio():
    _, experiment, _ = asked(volumes={"Ag44": 0.1, "Au44": 0.3})
    assert experiment.ratio == pytest.approx((0.3, 0.1))


def test_usual_times_begin_anew_with_every_addition():
    case, experiment, _ = asked(ratio="3:1")
    assert times_of(case, experiment) == TIMES
    case, experiment, _ = asked(ratio="3:1", step=({"at": "1h", "add": "1 Au44"},))
    assert times_of(case, experiment) == (2, 10, 30, 60, 62, 70, 90, 120, 180, 240, 1260)


def test_times_are_sorted_and_once_each():
    case, experiment, _ = asked(ratio="3:1", times=("20h", "30s", "1200min"))
    assert times_of(case, experiment) == (0.5, 1200.0)


@pytest.mark.parametrize(
    ("experiment", "said"),
    [
        ({}, "[experiment]: found neither ratio nor volumes; expected what is mixed, Au44:Ag44"),
        ({"ratio": "3"}, '[experiment] ratio: ratio "3": found 1 numbers'),
        ({"ratio": "3:-1"}, "not negative"),
        ({"ratio": "0:0"}, "not all 0"),
        ({"volumes": {"Au4": 1.0}}, '[experiment] volumes: parent "Au4"'),
        ({"volumes": {"Au44": 0.0}}, "nothing fed at the start"),
        ({"ratio": "3:1", "step": ({"at": "20h", "add": "2 Au"},)},
         '[[experiment.step]] 1: parent "Au"'),
        ({"ratio": "3:1", "step": ({"at": "20", "add": "2 Au44"},)}, 'time "20"'),
        ({"ratio": "3:1", "step": ({"at": "1h", "add": "2 Au44 @ 2h"},)}, "a second time"),
        ({"volumes": {"Au44": 1.0}, "step": ({"at": "1h", "add": "product of 1:3 after 1h"},)},
         "without an amount; expected its volume"),
    ],
)  # fmt: skip
def test_what_cannot_be_mixed_is_said(experiment, said):
    with pytest.raises(CaseError, match=re.escape(said)):
        asked(**experiment)


@pytest.mark.parametrize(
    ("time", "said"),
    [("-5min", "before the start"), ("5", 'time "5"'), ("1e9 d", "more than 100 years")],
)
def test_times_that_are_none_are_said(time, said):
    case, experiment, _ = asked(ratio="3:1", times=("2min", time))
    with pytest.raises(CaseError, match=rf"case \[experiment\] times.*{said}"):
        times_of(case, experiment)
