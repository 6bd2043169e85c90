"""What an assignment says of a fit: errors beside the joint information, limits, what is left."""

from functools import cache

import numpy as np
import pytest

from alloyscope import IonListing, parse_ion
from alloyscope.assignment.assign import Hints, assign
from alloyscope.assignment.candidates import candidates
from alloyscope.assignment.evidence import evidence
from alloyscope.assignment.fit import line_templates, model_of, templates
from alloyscope.assignment.ground import ground_of
from alloyscope.assignment.instrument import prior_instrument
from alloyscope.assignment.search import search
from alloyscope.assignment.summary import summarised
from alloyscope.assignment.trace import trace_of
from alloyscope.chemistry.element import default_isotope_table
from alloyscope.isotopes import distribution
from tests.assignment.counted import FOREIGN, HIGH, LOW, POWER, TRUE, counted, space

BROAD = 7000.0
"""A resolving power at which isotope peaks run together, which ties parameters to one another."""


def with_hydrogens(name, more):
    """The ion's formula with some hydrogens more."""
    ion = parse_ion(name)
    atoms = dict(ion.formula.atoms)
    atoms["H"] += more
    return f"[{''.join(f'{symbol}{n}' for symbol, n in atoms.items())}]{abs(ion.charge)}-"


OVERLAPPED = TRUE | {with_hydrogens("[Au20Ag24(p-MBA)27]3-", 3): 4000.0}
LISTED = IonListing(tuple(map(parse_ion, OVERLAPPED)))
STEPS = np.array([0.02, 0.02, 0.02, 1e-3, 1e-3, 0.04])


@cache
def ended():
    """The end of a search over a list, which has no neighbours, and what is said of it."""
    foreign = {name: n / 4 for name, n in FOREIGN.items()}
    spectrum = counted(OVERLAPPED | foreign, offset=10.0, power=BROAD)
    trace = trace_of(spectrum)
    ground = ground_of(trace, candidates(LISTED, LOW, HIGH), 12.0, default_isotope_table())
    started = prior_instrument(3600.0, BROAD, 2500.0, False)
    best, _ = search(trace, ground, started, lambda *_: None)
    found = evidence(best)
    none = np.zeros(len(found))
    return best, summarised(spectrum, ground, best, found, none, 0.05, 5)


def model(outcome, instrument, amount, heights):
    trace, own = outcome.trace, outcome.library.take(outcome.state.active)
    lines = line_templates(trace, outcome.state.lines, outcome.state.instrument)
    return (model_of(trace, templates(trace, own, instrument), amount)
            + model_of(trace, lines, heights))  # fmt: skip


@cache
def joint():
    """Covariance of amounts, lines' heights and theta: inverse of their information and priors."""
    best, _ = ended()
    at, amount = best.state.instrument, best.state.amount
    n, m = amount.size, best.state.lines.size
    none = np.zeros(m)
    columns = [model(best, at, unit, none) for unit in np.eye(n)]
    columns += [model(best, at, np.zeros(n), unit) for unit in np.eye(m)]
    for k, step in enumerate(STEPS):
        ends = []
        for sign in (-0.5, 0.5):
            theta = at.theta.copy()
            theta[k] += sign * step
            moved = type(at)(theta, at.centre, at.reference, at.spread, at.transform)
            ends.append(model(best, moved, amount, none))
        columns.append((ends[1] - ends[0]) / step)
    jacobian = np.array(columns)
    information = (jacobian / best.variance) @ jacobian.T
    information[n + m :, n + m :] += np.diag(at.stiffness)
    scale = np.sqrt(np.diag(information))
    return np.linalg.inv(information / np.outer(scale, scale)) / np.outer(scale, scale), n, m


def test_the_example_has_ions_and_lines():
    best, found = ended()
    assert {call.ion for call in found.called} == set(LISTED.ions)
    assert best.state.lines.size > 3


def test_errors_are_those_of_amounts_lines_and_instrument_together():
    best, found = ended()
    covariance, n, m = joint()
    sd = np.sqrt(np.diag(covariance))
    amounts = dict(zip(best.state.amount.round(6), sd[:n], strict=True))
    for call in found.called:
        assert call.n_ions_sd == pytest.approx(amounts[round(call.n_ions, 6)], rel=0.02)
    own = np.sqrt(np.diag(found.instrument_covariance))
    assert own == pytest.approx(sd[n + m :], rel=0.08)
    # With the rest known, errors would be smaller.
    alone = np.diag(np.linalg.inv(covariance)) ** -0.5
    assert (sd[:n] > 1.05 * alone[:n]).any()
    assert (sd[n + m :] > 1.05 * alone[n + m :]).any()


def test_covariances_of_shares_follow_from_those_of_amounts():
    best, found = ended()
    covariance, n, _ = joint()
    order = np.argsort(-best.state.amount)
    amount, own = best.state.amount[order], covariance[np.ix_(order, order)]
    slopes = np.empty((n, n))
    for k in range(n):
        step = np.zeros(n)
        step[k] = 1e-3 * amount[k]
        more, less = amount + step, amount - step
        slopes[:, k] = (more / more.sum() - less / less.sum()) / (2 * step[k])
    assert found.covariance == pytest.approx(slopes @ own @ slopes.T, rel=0.05, abs=1e-9)


def test_envelopes_add_up_to_the_model_and_the_points_to_the_spectrum():
    best, found = ended()
    seen, total = found.fitted, np.zeros(best.trace.mz.size)
    for call in found.called:
        total[call.first : call.first + call.drawn.size] += call.drawn
        assert call.drawn.sum() == pytest.approx(call.n_ions, rel=0.01)
        assert call.probability.sum() == pytest.approx(1.0, abs=1e-2)
    assert seen.model == pytest.approx(total)
    assert seen.foreign == pytest.approx(best.state.foreign)
    intensity = np.interp(seen.mz, found.spectrum.mz, found.spectrum.intensity)
    assert seen.signal + seen.baseline == pytest.approx(intensity, abs=1e-6)
    assert (seen.sd > 0).all()


def test_the_share_explained_is_that_of_the_ions_over_all_signal():
    _, found = ended()
    ions, foreign = sum(OVERLAPPED.values()), sum(FOREIGN.values()) / 4
    # Noise above the model is counted as signal, so it is a little less.
    assert ions / (ions + foreign) - 0.1 < found.explained < ions / (ions + foreign) + 0.01


def test_chi_square_is_of_the_residuals_over_their_expected_scatter():
    _, found = ended()
    z = (found.fitted.signal - found.fitted.model - found.fitted.foreign) / found.fitted.sd
    assert found.chi2 == pytest.approx(float(np.mean(z**2)), rel=1e-6)


def test_an_ion_that_is_not_called_has_an_upper_limit_above_what_is_there():
    """Four hydrogens more than a strong ion: their envelopes overlap."""
    strong = "[Au21Ag23(p-MBA)27]3-"
    weak = with_hydrogens(strong, 4)
    listed = IonListing((parse_ion(strong), parse_ion(weak)))
    above, limits = 0, []
    for seed in range(10):
        found = assign(counted({strong: 9000.0, weak: 40.0}, seed=seed), listed)
        if len(found.called) > 1:
            continue
        (limit,) = found.limits
        assert str(limit.ion) == str(parse_ion(weak))
        assert limit.mz_theory > found.called[0].mz_theory
        above += limit.abundance > 40.0 / 9040.0
        limits.append(limit.abundance)
    assert len(limits) >= 8
    assert above >= len(limits) - 2
    assert 0.0 < np.median(limits) < 0.06


def test_called_ions_have_no_upper_limit():
    _, found = ended()
    assert found.limits == ()


def test_unexplained_peaks_have_their_place_height_and_charge():
    double, own = "[C310H420N80O100S2]2-", "[Au21Ag23(p-MBA)27]3-"
    found = assign(counted({double: 4000.0, own: 4000.0}, power=20000.0), space())
    assert [str(call.ion) for call in found.called] == [own]
    peaks = found.unexplained
    heights = [peak.intensity for peak in peaks]
    assert heights == sorted(heights, reverse=True)
    pattern = distribution(parse_ion(double).formula)
    expected = pattern.mz(-2)[pattern.probability > 0.1 * pattern.probability.max()]
    assert len(peaks) == pytest.approx(expected.size, abs=3)
    for peak in peaks[:5]:
        assert np.abs(expected / peak.mz - 1).min() < 15e-6
        assert peak.charge == -2
        near = slice(*np.searchsorted(found.fitted.mz, [peak.mz - 0.06, peak.mz + 0.06]))
        left = found.fitted.signal[near] - found.fitted.model[near]
        assert left.min() <= peak.intensity <= left.max()
        assert peak.signal_to_noise > 5.0


def test_an_instrument_at_a_limit_is_noted():
    wrong = Hints(resolving_power=5 * POWER, resolving_power_at=2500.0)
    found = assign(counted(TRUE), space(), wrong)
    assert any("ended at a limit" in note for note in found.notes)
    assert not any("ended at a limit" in note for note in ended()[1].notes)
