"""How far a parameter can go when all others make the best of it."""

from dataclasses import replace

import numpy as np
import pytest

from alloyscope.errors import ReactionError
from alloyscope.reaction.fit import descend
from alloyscope.reaction.profile import RISE, Profile, profile, taken_on
from tests.reaction.fits import fitted, objective, reaction


def test_a_parabola_is_crossed_where_it_should():
    x = np.linspace(-2.0, 3.0, 6)
    made = Profile("p", x, 4.0 + 0.5 * x**2, x[:, None], 4.0, (False, False))
    assert made.interval == pytest.approx((-np.sqrt(2 * RISE), np.sqrt(2 * RISE)))
    assert made.closed == (True, True)
    assert made.better is None


def test_a_profile_that_does_not_rise_ends_where_it_was_left():
    x = np.array([-1.0, 0.0, 1.0, 2.0])
    made = Profile("p", x, np.array([0.2, 0.0, 1.0, 3.0]), x[:, None], 0.5, (True, False))
    assert made.interval[0] == -1.0
    assert made.closed == (False, True)
    better = made.better
    assert better is not None
    assert (better.loss, better.coordinates.tolist()) == (0.0, [0.0])


def test_each_point_is_the_least_loss_with_one_parameter_held():
    found = profile(fitted(), ["kd"])[0]
    held = float(found.x[-1])
    value = 10**held
    fixed = objective(reaction=replace(
        fitted().reaction,
        parameters=tuple(replace(p, free=p.free and p.name != "kd",
                                 value=value if p.name == "kd" else p.value)
                         for p in fitted().reaction.parameters),
    ))  # fmt: skip
    apart = descend(fixed, fixed.start, most=100)
    # Held, its prior no longer counts.
    assert found.loss[-1] == pytest.approx(
        apart.loss + 0.5 * (held - np.log10(0.01)) ** 2, abs=0.02
    )


def test_determined_parameters_are_bounded_as_their_covariance_says():
    fit = fitted()
    for k, made in enumerate(profile(fit)):
        low, high = made.interval
        assert made.closed == (True, True)
        assert (high - low) / 2 == pytest.approx(1.96 * fit.sd[k], rel=0.15)
        assert np.all(np.diff(made.x) > 0)


def test_a_parameter_at_its_bound_is_walked_inward_only():
    fit = fitted()
    x = fit.coordinates.copy()
    x[4] = fit.objective.bounds[0][4]
    made = profile(replace(fit, coordinates=x, loss=fit.objective.loss(x)), ["kn"])[0]
    assert made.at_bounds[0]
    assert made.x[0] == fit.objective.bounds[0][4]
    assert made.better is not None


def test_finished_profiles_are_not_made_again(tmp_path):
    journal, told = tmp_path / "starts.jsonl", []
    first = profile(fitted(), ["kd"], journal=journal)
    both = profile(fitted(), ["kd", "a"], journal=journal,
                   observe=lambda what, done, total: told.append((done, total)))  # fmt: skip
    assert told == [(2, 2)]
    assert [p.name for p in both] == ["kd", "a"]
    assert both[0].loss.tolist() == first[0].loss.tolist()


def test_only_free_parameters_have_one():
    assert "sd" not in [p.name for p in reaction().free]
    with pytest.raises(ReactionError, match='profile: found "sd"; expected one of kx, kd'):
        profile(fitted(), ["sd"])


def test_a_fit_is_taken_on_from_where_a_profile_found_better():
    x = fitted().coordinates.copy()
    x[1] += 0.3
    off = replace(fitted(), coordinates=x, loss=fitted().objective.loss(x))
    onward = taken_on(off, profile(off, ["kd"]))
    assert onward.loss == pytest.approx(fitted().loss, abs=0.01)
    assert len(onward.starts) == 3
    assert taken_on(fitted(), profile(fitted(), ["kd"])) is fitted()


def test_a_step_that_leaps_over_the_end_is_halved():
    fit = fitted()
    wide = replace(fit, covariance=fit.covariance * 16.0)
    made = profile(wide, ["kd"])[0]
    # Steps of four sd, and the halves of them.
    assert made.x.size == 5
    low, high = made.interval
    assert (high - low) / 2 == pytest.approx(1.96 * fit.sd[1], rel=0.15)
