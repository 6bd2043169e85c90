"""Derivatives of residuals along tangents, against differences between simulations."""

from dataclasses import replace

import numpy as np
import pytest

from alloyscope.errors import ReactionError
from alloyscope.reaction.objective import Objective
from alloyscope.reaction.observation import Observation
from alloyscope.reaction.parameter import Parameter
from alloyscope.reaction.reaction import YieldPrior
from alloyscope.reaction.simulate import Simulator
from tests.reaction.declared import like_au44_ag44
from tests.reaction.fits import objective
from tests.reaction.test_tangents import parameterised

OF_A, OF_B, OF_C = {"f": ("A",)}, {"f": ("B",)}, {"f": ("C",)}
STATED = (
    Observation("a", "framework_present", "", (0.3,), 1200.0, **OF_A),
    Observation("b", "framework_dominant", "", (3.0,), 60.0, **OF_B),
    Observation("c", "coexist", "", (6.0,), 2.0, f=("B", "C")),
    Observation("d", "dominant_x", "", (3.0,), 1200.0, lo=20, hi=24, **OF_B),
    Observation("e", "x_range", "", (0.3,), 1200.0, lo=2, hi=12, **OF_A),
    Observation("f", "shift_down", "", (6.0,), 1200.0, t0=2.0, **OF_C),
    Observation("g", "narrowing", "", (3.0,), 1200.0, t0=60.0, **OF_B),
    Observation("h", "monotone_mean_x", "", (3.0, 6.0), 1200.0, **OF_C),
    Observation("i", "complexes", "", (6.0,), 1200.0, level="present"),
    Observation("j", "efficiency", "", (3.0,), 1200.0, lo=0.8),
)


def like_the_flagship():
    """Some of its quantities free, with priors, responses, a believed yield."""
    reaction = parameterised(like_au44_ag44())
    free = {p.name for p in reaction.parameters[::2]}
    parameters = tuple(replace(p, free=p.name in free, prior=p.value, sd=1.0)
                       for p in reaction.parameters)  # fmt: skip
    seen = Parameter("seen", 2.0, "", True, 0.1, 10.0, 1.0, 0.5, True)
    frameworks = tuple(replace(f, response="seen") if f.name == "B" else f
                       for f in reaction.frameworks)  # fmt: skip
    return Objective(replace(reaction, parameters=(*parameters, seen), frameworks=frameworks,
                             yields=(YieldPrior((3.0, 1.0), 1200.0, 0.9),)), STATED)  # fmt: skip


def off_by(made, x):
    """How far the two are apart, relative to the larger of each column."""
    along, differences = made.jacobian(x), made.jacobian_by_differences(x)
    assert along.shape == differences.shape == (made.n_residuals, x.size)
    largest = np.abs(differences).max(axis=0)
    assert (largest > 0).all()
    return np.abs(along - differences) / largest


@pytest.mark.parametrize("seed", [0, 1])
def test_along_tangents_as_by_differences_between_simulations(seed):
    made = replace(like_the_flagship(), rtol=1e-6)
    x = made.start + 0.2 * np.random.default_rng(seed).normal(size=made.start.size)
    found = off_by(made, np.clip(x, *made.bounds))
    assert np.median(found) < 1e-3
    assert found.max() < 0.03


def test_shares_with_covariance_and_priors_too():
    made = replace(objective(), rtol=1e-8)
    low, high = made.bounds
    for x in (made.start, np.clip(made.start + 0.4, low, high)):
        assert off_by(made, x).max() < 0.01


def test_at_the_bounds_steps_lead_inside():
    made = replace(objective(), rtol=1e-8)
    _, high = made.bounds
    x = made.start.copy()
    x[1], x[3] = high[1], high[3]
    assert off_by(made, x).max() < 0.02


def test_the_judgement_is_that_of_the_residuals():
    made = objective()
    runs = made.jacobian(made.start)
    assert runs.shape[0] == made.residuals(made.start).size
    assert np.isfinite(runs).all()


def test_what_cannot_be_simulated_has_derivatives_of_0(monkeypatch):
    made = objective()
    assert made.n_residuals > 0

    def refuse(*_):
        raise ReactionError("no")

    monkeypatch.setattr(Simulator, "run_with_tangents", refuse)
    assert not made.jacobian(made.start).any()
