"""The integrator against scipy's, on rates that are not its own, and at its edges."""

from pathlib import Path

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from alloyscope.case import read_case
from alloyscope.case.reaction import reaction_of
from alloyscope.case.vocabulary import vocabulary_of
from alloyscope.numerics.bordered_band import solve_one
from alloyscope.reaction.experiment import Experiment
from alloyscope.reaction.explicit import explicit_reactions
from alloyscope.reaction.integration import (
    DONE,
    TOO_MANY_STEPS,
    factor_newton,
    integrate,
    integrate_recorded,
)
from alloyscope.reaction.kinetics import elementary
from alloyscope.reaction.layout import layout_of
from alloyscope.reaction.network import network_of
from alloyscope.reaction.rates import empty_parts, fill_parts
from alloyscope.reaction.reaction import Exchange
from alloyscope.reaction.simulate import Simulator
from tests.reaction.declared import REACTIONS, made, of_every_kind, quartet, step
from tests.reaction.test_kinetics import assembled, close, jacobian_of, rates_of, states

TIMES = np.array([0.0, 0.01, 0.5, 3.0, 20.0, 100.0])


def start_of(reaction):
    """Both parents, and a little of every pool."""
    layout = layout_of(reaction)
    y = np.zeros(len(layout.contents))
    y[layout.n_states :] = 0.05
    for parent in reaction.parents:
        held = tuple(parent.composition.get(metal, 0) for metal in reaction.metals)
        y[layout.state(parent.framework, held)] += 0.5
    return y


def integrated(reaction, times=TIMES, rtol=1e-6, y=None, most=100_000):
    y = start_of(reaction) if y is None else y.copy()
    out = np.full((len(times), y.size), np.nan)
    status, steps, factorisations = integrate(
        network_of(reaction), y, 0.0, np.asarray(times, float), rtol, rtol * 1e-3, most, out
    )
    return status, out, steps, factorisations


def by_scipy(reaction, times=TIMES, y=None):
    """Radau at a tight tolerance, on the rates and the Jacobian of the explicit list."""
    y = start_of(reaction) if y is None else y
    arrays = explicit_reactions(reaction).arrays

    def rates(_, y):
        found = np.empty(y.size)
        elementary.fill_rates(y, arrays, found)
        return found

    def jacobian(_, y):
        found = np.empty((y.size, y.size))
        elementary.fill_jacobian(y, arrays, found)
        return found

    found = solve_ivp(rates, (0.0, times[-1]), y, "Radau", times, rtol=1e-9, atol=1e-12,
                      jac=jacobian)  # fmt: skip
    assert found.success
    return found.y.T


@pytest.mark.parametrize("name", [name for name in REACTIONS if "44" not in name])
def test_as_scipy(name):
    reaction = REACTIONS[name]
    expected = by_scipy(reaction)
    for rtol in (1e-4, 1e-6, 1e-8):
        status, found, *_ = integrated(reaction, rtol=rtol)
        assert status == DONE
        close(found, expected, 30 * rtol)


def test_like_au44_ag44_as_scipy():
    """On the structured rates, which test_kinetics holds to the list."""
    reaction, times = REACTIONS["like Au44-Ag44"], np.array([2.0, 1200.0])
    net, y = network_of(reaction), start_of(reaction)
    found = solve_ivp(lambda _, y: rates_of(net, y), (0.0, 1200.0), y, "LSODA", times,
                      rtol=1e-9, atol=1e-12, jac=lambda _, y: jacobian_of(net, y))  # fmt: skip
    for rtol in (1e-4, 1e-6, 1e-8):
        close(integrated(reaction, times, rtol)[1], found.y.T, 30 * rtol)


@pytest.mark.parametrize("name", REACTIONS)
def test_what_is_conserved_stays(name):
    reaction = REACTIONS[name]
    contents = layout_of(reaction).contents
    held = start_of(reaction) @ contents
    for rtol in (1e-3, 1e-6):
        drift = integrated(reaction, rtol=rtol)[1] @ contents - held
        assert np.abs(drift).max() <= 1e-11 * np.abs(held).max()


@pytest.mark.parametrize("name", REACTIONS)
def test_factored_pieces_solve_newtons_equation(name):
    """Also where pools drive nothing, so that their rows of the corner are 0."""
    reaction = REACTIONS[name]
    net, c = network_of(reaction), 0.7
    parts, work, pivots = empty_parts(net), empty_parts(net), np.zeros(net.n_border, np.int64)
    for y in states(reaction, 3):
        fill_parts(y, net, parts)
        factor_newton(parts, work, pivots, y.size - net.place.size, c)
        right = np.random.default_rng(5).uniform(-1, 1, y.size)
        n = net.place.size
        rows, border = np.empty(n), np.zeros(net.n_border)
        rows[net.place], border[: y.size - n] = right[:n], right[n:]
        solve_one(work.band, work.right, work.below, work.corner, pivots, rows, border)
        found = np.concatenate([rows[net.place], border[: y.size - n]])
        expected = np.linalg.solve(np.eye(y.size) - c * assembled(net, y), right)
        np.testing.assert_allclose(found, expected, rtol=1e-8, atol=1e-8)


def test_many_samples_are_those_of_few():
    reaction = REACTIONS["every kind"]
    few, many = np.array([0.5, 20.0]), np.linspace(0.0, 20.0, 2001)
    found = integrated(reaction, many)[1]
    np.testing.assert_array_equal(found[0], start_of(reaction))
    assert np.abs(found[[50, 2000]] - integrated(reaction, few)[1]).max() < 1e-6
    assert np.isfinite(found).all()


def test_samples_only_at_the_start():
    status, found, steps, _ = integrated(REACTIONS["one framework"], [0.0])
    assert (status, steps) == (DONE, 0)
    np.testing.assert_array_equal(found[0], start_of(REACTIONS["one framework"]))


def test_nothing_happens_without_rates():
    reaction = made(quartet(6, 6), exchange=None)
    status, found, *_ = integrated(reaction)
    assert status == DONE
    np.testing.assert_array_equal(found, np.tile(start_of(reaction), (TIMES.size, 1)))


def test_a_decay_is_exponential_at_any_speed():
    for rate in (1e-30, 1e-6, 1.0, 1e6, 1e12):
        reaction = made(quartet(6, 6), [step("A -> 6 M + 6 SR + 4 e", rate)], exchange=None)
        times = np.array([0.1, 1.0, 5.0]) / rate
        status, found, *_ = integrated(reaction, times)
        assert status == DONE
        left = found[:, layout_of(reaction).slices["A"]].sum(axis=1)
        np.testing.assert_allclose(left, 0.5 * np.exp([-0.1, -1.0, -5.0]), rtol=1e-4)


def test_stiff_rates_far_apart():
    """Fast exchange, slow decay: right, and given up once rounding hides the slow one."""
    steps = [step("A -> 6 M + 6 SR + 4 e", 1e-5)]
    for kx in (1.0, 1e3, 1e6, 1e10, 1e15, 1e300):
        reaction = made(quartet(6, 6), steps, exchange=Exchange(kx, 0.0))
        status, found, *_ = integrated(reaction, [1e5], most=2000)
        assert status == DONE or kx > 1e6
        left = found[0, layout_of(reaction).slices["A"]].sum()
        assert status != DONE or left == pytest.approx(0.5 * np.exp(-1.0), rel=1e-4)


def test_it_gives_up_rather_than_be_wrong():
    status, _, steps, _ = integrated(of_every_kind(), most=5)
    assert (status, steps) == (TOO_MANY_STEPS, 5)


def test_one_compilation_has_served_all():
    for reaction in REACTIONS.values():
        integrated(reaction, [1e-3])
    assert len(integrate_recorded.signatures) == 1


def test_a_vanished_framework_that_feeds_on_others_does_not_grow_below_0():
    # C dies out here, and A + C -> 2 B, B -> C + SR multiplies whatever noise is left of it.
    case = read_case(Path("au44-ag44"))
    reaction = reaction_of(case, vocabulary_of(case)).with_values({
        "kx": 100.0, "kp": 0.0497, "LA": 0.0359, "LB": 0.0876, "kh": 0.147, "ka": 15.1,
        "kab": 352.0, "kr": 0.00892, "kl": 0.00702, "kd": 0.001, "kn": 3.49, "kox": 0.00158,
        "ks": 0.000127, "a1": -2.88, "J": -2.8, "b1": -4.38, "b2": 0.0771, "b3": 6.75,
        "c2": -4.65, "xBC": 26.3,
    })  # fmt: skip
    run = Simulator.of(reaction).run(Experiment((3.0, 1.0)), [30.0, 400.0, 1200.0])
    states = run.amounts[:, : run.layout.n_states]
    assert states.min() > -1e-9
    assert run.invariants == pytest.approx(np.broadcast_to(run.invariants[0], (3, 4)), rel=1e-9)
