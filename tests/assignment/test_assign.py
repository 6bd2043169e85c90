"""From a small spectrum to its ions: what is asked, hinted, corrected and refused."""

import json
from functools import cache

import numpy as np
import pytest

from alloyscope import IonListing, parse_ion
from alloyscope.assignment.assign import FOREIGN as FOREIGN_NOTE
from alloyscope.assignment.assign import Hints, assign, decoys_do_as_well
from alloyscope.assignment.candidates import candidates
from alloyscope.assignment.ground import ground_of
from alloyscope.assignment.instrument import prior_instrument
from alloyscope.assignment.trace import trace_of
from alloyscope.chemistry.element import default_isotope_table
from alloyscope.errors import CaseError, SpectrumError
from alloyscope.isotopes import distribution
from alloyscope.results import instrument_json
from alloyscope.spectra import CentroidSpectrum
from tests.assignment.counted import FOREIGN, HIGH, LOW, POWER, TRUE, counted, space, transformed

BARE = "[Au21Ag23(p-MBA)27]3-"


def called(found):
    return {str(call.ion): call for call in found.called}


@cache
def plain(offset=0.0):
    return assign(counted(TRUE, offset=offset), space())


@pytest.mark.parametrize("offset", [0.0, 40.0, -55.0])
def test_the_ions_of_a_spectrum_and_its_calibration(offset):
    found = plain(offset)
    assert set(called(found)) == set(TRUE)
    assert found.instrument.theta[0] == pytest.approx(offset, abs=2.0)
    for call in found.called:
        assert abs(call.error_ppm) < 5.0
        assert call.raw_error_ppm == pytest.approx(offset + call.error_ppm, abs=3.0)
        assert call.mz_measured / call.mz_theory - 1 == pytest.approx(1e-6 * call.raw_error_ppm)
    assert found.explained > 0.85
    assert not found.unexplained
    assert found.verdict.startswith("4 ions of the search space called")


def test_amounts_and_abundances_lie_within_their_errors():
    """Their sd is neither too small nor too large: over 12 spectra the pulls have unit size."""
    pulls, whole = [], sum(TRUE.values())
    for seed in range(12):
        found = called(assign(counted(TRUE, offset=8.0, seed=seed), space()))
        assert set(found) == set(TRUE)
        for name, number in TRUE.items():
            call = found[name]
            pulls.append(((call.n_ions - number) / call.n_ions_sd,
                          (call.abundance - number / whole) / call.abundance_sd))  # fmt: skip
    size = np.sqrt(np.mean(np.square(pulls), axis=0))
    assert ((size > 0.6) & (size < 1.5)).all()
    assert np.mean(np.abs(pulls) < 2.0) > 0.87


def test_abundances_are_shares_most_abundant_first():
    found = plain()
    shares = [call.abundance for call in found.called]
    assert sum(shares) == pytest.approx(1.0)
    assert shares == sorted(shares, reverse=True)
    assert [call.group for call in found.called] == [1, 2, 3, 4]
    assert np.allclose(np.sqrt(np.diag(found.covariance)), [c.abundance_sd for c in found.called])
    # One share can only grow at the others' cost.
    assert np.allclose(found.covariance.sum(axis=0), 0.0, atol=1e-9)


def test_one_ion_is_the_whole():
    (call,) = assign(counted({BARE: 2000.0}), space()).called
    assert str(call.ion) == BARE
    assert call.abundance == 1.0
    assert call.abundance_sd == pytest.approx(0.0, abs=1e-9)
    assert call.n_ions == pytest.approx(2000.0, abs=4 * call.n_ions_sd)
    assert (call.framework, call.electrons) == ("M44S27", 20)
    peaks = distribution(call.ion.formula)
    assert call.mz_theory == pytest.approx(peaks.mz(-3)[peaks.probability.argmax()])


@pytest.mark.parametrize("ions", [FOREIGN, {}], ids=["foreign", "background"])
def test_where_nothing_of_the_space_is_present_it_says_so(ions):
    found = assign(counted(ions, chance=1.0), space())
    assert found.called == ()
    assert found.verdict == "nothing of this search space is present"
    assert found.explained == 0.0
    assert found.species == ()
    assert found.covariance.shape == (0, 0)
    assert len(found.unexplained) >= (15 if ions else 0)
    assert found.speciation().distribution("Au") == ()


def test_true_ions_are_found_among_foreign_ones():
    found = assign(counted(TRUE | FOREIGN, offset=14.0), space())
    assert set(called(found)) == set(TRUE)
    assert found.explained < 0.8
    assert found.fitted.foreign.sum() == pytest.approx(sum(FOREIGN.values()), rel=0.25)
    tall = [peak.mz for peak in found.unexplained[:8]]
    assert min(abs(mz - 3500.0) for mz in tall) < 200.0


def test_a_list_of_ions_stands_in_for_a_space():
    listed = IonListing(tuple(map(parse_ion, [*TRUE, "[Au19Ag25(p-MBA)27]3-"])))
    found = assign(counted(TRUE), listed)
    assert set(called(found)) == set(TRUE)
    assert found.n_candidates == 5


def test_ions_that_no_spectrum_tells_apart_are_one_group_with_their_odds():
    rival = "[Au20Ag24(p-MBA)26(NTP)-H]3-"
    listed = IonListing((parse_ion("[Au20Ag24(p-MBA)27]3-"), parse_ion(rival), parse_ion(BARE)))
    found = assign(counted({"[Au20Ag24(p-MBA)27]3-": 6000.0, BARE: 4000.0}), listed)
    assert len(found.called) == 2
    group = found.called[0]
    assert {str(member.ion) for member in group.members} == {
        "[Au20Ag24(p-MBA)27]3-", str(parse_ion(rival))
    }  # fmt: skip
    assert sum(member.odds for member in group.members) == pytest.approx(1.0)
    assert group.members[0].odds < 0.95
    assert group.ion == group.members[0].ion
    assert group.n_ions == pytest.approx(6000.0, abs=4 * group.n_ions_sd)


def test_the_users_word_decides_for_and_against_an_ion():
    """Against a strong one, and for one that is too weak to be called."""
    weak = "[Au23Ag21(p-MBA)27]3-"
    spectrum = counted(TRUE | {weak: 12.0}, seed=3)
    assert set(called(assign(spectrum, space()))) == set(TRUE)
    found = assign(spectrum, space(), require=[parse_ion(weak)], exclude=[parse_ion(BARE)])
    assert weak in called(found)
    assert BARE not in called(found)
    assert called(found)[weak].n_ions == pytest.approx(12.0, abs=4 * called(found)[weak].n_ions_sd)
    # What was excluded is left as lines that nobody knows.
    assert found.fitted.foreign.sum() > 4000.0


def test_a_blank_takes_its_ions_away():
    carried = "[Au20Ag24(p-MBA)27]3-"
    both = counted({carried: 3000.0, BARE: 3000.0}, seed=1)
    assert set(called(assign(both, space()))) == {carried, BARE}
    cleaned = assign(both, space(), blank=counted({carried: 3000.0}, seed=2))
    assert set(called(cleaned)) == {BARE}
    empty = assign(both, space(), blank=counted({}, seed=2))
    assert set(called(empty)) == {carried, BARE}


def test_a_lock_mass_tells_the_calibration():
    """Of an ion whose tallest peak stands well above its neighbours."""
    alone = "[Ag2(p-MBA)3]-"
    peaks = distribution(parse_ion(alone).formula)
    top = float(peaks.mz(-1)[peaks.probability.argmax()])
    listed = IonListing((parse_ion(alone), parse_ion("[Ag2(p-MBA)2Cl]-")))
    spectrum = counted({alone: 4000.0}, offset=60.0, window=(550.0, 700.0))
    found = assign(spectrum, listed, Hints(mass_accuracy_ppm=5.0, lock=(top,)))
    assert set(called(found)) == {alone}
    assert found.instrument.centre[0] == pytest.approx(60.0, abs=12.0)
    assert found.instrument.theta[0] == pytest.approx(60.0, abs=6.0)


@pytest.mark.parametrize("line", ["gaussian", "lorentzian", "magnitude"])
def test_fourier_transform_is_recognised_and_its_charge_divided_out(line):
    names = ["[Au20Ag24(p-MBA)27]3-", BARE, "[Au20Ag24(p-MBA)27-H]4-"]
    ions = dict(zip(names, (2e4, 3e4, 2e4), strict=True))
    found = assign(transformed(ions, line=line), space(charges=(-3, -4)))
    assert set(called(found)) == set(ions)
    assert found.instrument.transform
    assert found.instrument.theta[0] == pytest.approx(2.0, abs=1.0)
    for name, number in ions.items():
        assert called(found)[name].abundance == pytest.approx(number / 7e4, abs=0.015)


def test_wrong_hints_are_priors_not_assumptions():
    hints = Hints(resolving_power=0.75 * POWER, resolving_power_at=2500.0, mass_accuracy_ppm=2.0)
    found = assign(counted(TRUE, offset=40.0), space(), hints)
    assert set(called(found)) == set(TRUE)
    assert found.instrument.theta[0] == pytest.approx(40.0, abs=2.0)
    assert np.exp(found.instrument.theta[3]) == pytest.approx(POWER, rel=0.06)


def test_q_limits_what_is_called():
    weak = "[Au23Ag21(p-MBA)27]3-"
    spectrum = counted(TRUE | {weak: 40.0})
    found = assign(spectrum, space())
    value = called(found)[weak].q_value
    assert value == max(call.q_value for call in found.called)
    strict = assign(spectrum, space(), q=value / 2)
    assert set(called(strict)) == set(TRUE)
    assert strict.q == value / 2
    assert strict.notes[-1] == "1 more ions fit, but not surely enough to be called."
    # What is not called stays in the fit, and in nobody's way.
    assert strict.fitted.foreign.sum() == pytest.approx(40.0, abs=30.0)


def kin(hydrogens):
    """The true ions, all with some hydrogens more or less than any rule allows."""
    out = {}
    for name, number in TRUE.items():
        atoms = dict(parse_ion(name).formula.atoms)
        atoms["H"] += hydrogens
        formula = "".join(f"{symbol}{n}" for symbol, n in atoms.items())
        out[f"[{formula}]3-"] = number
    return out


def test_clusters_that_are_not_of_the_space_are_not_answered():
    """Their own masses, tried as decoys, account for more of the spectrum."""
    every, table = candidates(space(), LOW, HIGH), default_isotope_table()
    instrument = prior_instrument(3600.0, POWER, 2500.0, False)
    assert assign(counted(kin(-8)), space()).called == ()
    for ions, foreign in ((TRUE, False), (kin(-8), True)):
        trace = trace_of(counted(ions))
        ground = ground_of(trace, every, 12.0, table)
        # Of the four sets of decoys from seed 0 on, two are eight hydrogens off.
        assert decoys_do_as_well(trace, ground, every, instrument, table, 0) is foreign


def test_a_spectrum_that_decoys_explain_better_calls_nothing_that_is_not_required(monkeypatch):
    module = "alloyscope.assignment.assign"
    monkeypatch.setattr(f"{module}.DOUBTFUL", 1.1)
    monkeypatch.setattr(f"{module}.COMPETING", -1.0)
    monkeypatch.setattr(f"{module}.decoys_do_as_well", lambda *_: True)
    refused = assign(counted(TRUE), space())
    assert refused.called == ()
    assert FOREIGN_NOTE in refused.notes
    required = assign(counted(TRUE), space(), require=[parse_ion(BARE)])
    assert BARE in called(required)


def test_the_answer_is_the_same_each_time():
    one, two = plain(), assign(counted(TRUE), space())
    assert [str(c.ion) for c in one.called] == [str(c.ion) for c in two.called]
    assert [c.n_ions for c in one.called] == [c.n_ions for c in two.called]
    assert [c.q_value for c in one.called] == [c.q_value for c in two.called]


def test_progress_is_told():
    heard = []
    assign(counted(TRUE), space(), observe=lambda *what: heard.append(what))
    assert heard[0] == ("preparing", 0, None)
    assert "weighing the evidence" in [what for what, *_ in heard]
    assert all(total is None or 0 <= done < total for _, done, total in heard)


def test_every_field_that_reports_print_is_of_plain_types():
    found = plain(40.0)
    plain_names = ("framework", "electrons", "mz_theory", "mz_measured", "error_ppm",
                   "raw_error_ppm", "n_ions", "n_ions_sd", "abundance", "abundance_sd", "score",
                   "q_value", "group")  # fmt: skip
    content = {
        "called": [{name: getattr(call, name) for name in plain_names} for call in found.called],
        "odds": [[member.odds for member in call.members] for call in found.called],
        "limits": [[limit.mz_theory, limit.abundance] for limit in found.limits],
        "unexplained": [vars(peak) for peak in found.unexplained],
        "explained": found.explained, "chi2": found.chi2, "q": found.q, "notes": found.notes,
        "n": found.n_candidates, "instrument": instrument_json(found),
    }  # fmt: skip
    assert json.loads(json.dumps(content, allow_nan=False))["n"] == found.n_candidates


def test_a_peak_list_is_refused():
    spectrum = counted(TRUE)
    peaks = CentroidSpectrum(spectrum.mz[::9], spectrum.intensity[::9], spectrum.acquisition)
    with pytest.raises(SpectrumError, match=r"a peak list.*profile"):
        assign(peaks, space())


@pytest.mark.parametrize("lock", [3700.0, 1000.0])
def test_a_lock_mass_without_a_peak_is_refused(lock):
    with pytest.raises(SpectrumError, match=f"lock mass.*m/z {lock:g}"):
        assign(counted({BARE: 2000.0}, chance=1.0), space(), Hints(lock=(lock,)))


@pytest.mark.parametrize("name", ["[Au20Ag24(p-MBA)26]2-", "[Au25(p-MBA)18]-"])
def test_a_required_ion_outside_the_space_is_refused(name):
    with pytest.raises(CaseError, match=r"require.*search space"):
        assign(counted(TRUE), space(), require=[parse_ion(name)])
