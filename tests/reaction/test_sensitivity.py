"""Sensitivities of shares and mean compositions."""

from dataclasses import replace

import numpy as np
import pytest

from alloyscope.reaction.sensitivity import sensitivities
from alloyscope.reaction.simulate import simulate
from tests.reaction.declared import of_every_kind
from tests.reaction.test_tangents import MIXED, parameterised

TIMES = [3.0, 40.0]


def changed(reaction, parameter, by):
    """By a share of the value where logarithmic, else by so much."""
    value = parameter.value * np.exp(by) if parameter.logarithmic else parameter.value + by
    return reaction.with_values({parameter.name: value})


def test_sensitivities_are_differences_of_shares_and_means():
    reaction = parameterised(of_every_kind(4, 5))
    found = sensitivities(reaction, MIXED, TIMES, rtol=1e-7)
    for k in range(0, len(reaction.free), 9):
        up, down = (simulate(changed(reaction, reaction.free[k], by), MIXED, TIMES, rtol=1e-10)
                    for by in (1e-3, -1e-3))  # fmt: skip
        for name in "ABCD":
            share = np.log(up.share(name) / down.share(name)) / 2e-3
            mean = (up.mean_count(name) - down.mean_count(name)) / 2e-3
            assert found.share[name][:, k] == pytest.approx(share, rel=1e-4, abs=1e-5)
            assert found.mean_x[name][:, k] == pytest.approx(mean, rel=1e-4, abs=1e-5)
    weights = np.stack([found.trajectory.share(name) for name in "ABCD"])
    slopes = np.stack([found.share[name] for name in "ABCD"])
    assert np.abs((weights[:, :, None] * slopes).sum(axis=0)).max() < 1e-12


def test_of_what_is_not_there_nothing_is_said():
    reaction = parameterised(of_every_kind(4, 5))
    still = replace(reaction, steps=())
    found = sensitivities(still, MIXED, TIMES)
    assert np.isnan(found.share["B"]).all()
    assert np.isfinite(found.mean_x["C"]).all()
