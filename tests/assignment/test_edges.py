"""Assignment at its edges: nothing there, a few points, blanks, locks, limits."""

import pytest

from alloyscope import IonListing, parse_ion
from alloyscope.assignment.assign import Hints, assign
from alloyscope.errors import CaseError
from alloyscope.spectra import ProfileSpectrum
from tests.assignment.counted import counted, space
from tests.recovery.instruments import pattern

A, B, C = "[Au20Ag24(p-MBA)27]3-", "[Au21Ag23(p-MBA)27]3-", "[Au23Ag21(p-MBA)27]3-"


@pytest.mark.parametrize("chance", [0.0, 0.02, 0.3])
def test_no_ions_at_all(chance):
    assert assign(counted({}, chance=chance), space()).called == ()


@pytest.mark.parametrize("n", [1, 2, 3, 30])
def test_a_few_points(n):
    s = counted({B: 2000.0})
    assert assign(ProfileSpectrum(s.mz[:n], s.intensity[:n], s.acquisition), space()).called == ()


def test_everything_excluded():
    found = assign(counted({B: 2000.0}), IonListing((parse_ion(B),)), exclude=[parse_ion(B)])
    assert found.called == ()


def test_blank_stays_subtracted():
    both, blank = (
        counted({A: 3000.0, B: 2000.0}, chance=0.3),
        counted({A: 2000.0}, seed=11, chance=0.3),
    )
    found = {str(c.ion): c for c in assign(both, space(), blank=blank).called}
    assert found[A].n_ions == pytest.approx(1000.0, abs=300.0)


@pytest.mark.parametrize("seed", [0, 1, 2, 3, 5])
def test_lock_on_an_isotope_ladder(seed):
    mz, share = pattern(parse_ion(A), None)
    top = float(mz[share.argmax()])
    found = assign(
        counted({A: 5000.0, B: 2500.0}, offset=30.0, seed=seed), space(), Hints(lock=(top,))
    )
    assert found.instrument.theta[0] == pytest.approx(30.0, abs=5.0)


def test_one_of_two_required_ions_lies_outside():
    with pytest.raises(CaseError):
        assign(
            counted({B: 2000.0}),
            space(),
            require=[parse_ion(A), parse_ion("[Au20Ag24(p-MBA)26]2-")],
        )


def test_absent_ions_have_limits():
    found = assign(counted({B: 2000.0}), space())
    assert "[Au20Ag24(p-MBA)27]3-" in {str(one.ion) for one in found.limits}


def test_offset_is_not_known_where_nothing_was_found():
    found = assign(counted({}, chance=1.0), space())
    assert not found.instrument_covariance[0, 0] < 100.0**2
