"""Neighbours found by hash beside those found by comparing every pair of ions."""

import numpy as np
import pytest

from alloyscope.assignment.candidates import candidates
from alloyscope.assignment.ladders import ROOT, RUNG, SUBSTITUTE, X_NEIGHBOUR, Company, company
from alloyscope.assignment.listing import IonListing
from alloyscope.assignment.space import Framework, SearchSpace
from alloyscope.chemistry import default_vocabulary, parse_ion

NAMES = default_vocabulary()
SPACE = SearchSpace(
    metals=("Au", "Ag", "Cu"), ligands=(NAMES.ligand("p-MBA"),),
    frameworks=(Framework("Q", 4, 5, -1), Framework("P", 3, 4, -1)), charges=(-1, -2),
    substitutes=((NAMES.ligand("Cl"), 2),),
    cations=((NAMES.adduct_names["Na"], 3), (NAMES.adduct_names["K"], 1)), core_off=None,
)  # fmt: skip
FOUND = candidates(SPACE, 100.0, 3000.0)
SEEN = company(FOUND)
ROWS = {str(FOUND.ion(k)): k for k in range(len(FOUND))}
METALS, RSH, CL, H, NA, K = range(3), 3, 4, 5, 6, 7
"""Columns of the units."""


def row_with(k, change):
    """Row of the ion of the same framework and charge whose units differ so, or -1."""
    wanted = FOUND.units[k].copy()
    for column, step in change.items():
        wanted[column] += step
    same = (FOUND.units == wanted).all(axis=1) & (FOUND.charge == FOUND.charge[k])
    return int(np.flatnonzero(same)[0]) if same.any() else -1


@pytest.fixture(scope="module")
def some():
    return np.random.default_rng(1).choice(len(FOUND), 250, replace=False)


def test_rungs_and_roots_are_an_exchange_of_cations_for_protons(some):
    assert len(FOUND) > 900
    assert SEEN.rung.shape == SEEN.next_rung.shape == (len(FOUND), 2)
    for k in some:
        na, potassium = FOUND.units[k, [NA, K]]
        down = [row_with(k, {NA: -1, H: 1}) if na else -1,
                row_with(k, {K: -1, H: 1}) if potassium else -1]  # fmt: skip
        assert SEEN.rung[k].tolist() == down
        up = [row_with(k, {NA: 1, H: -1}), row_with(k, {K: 1, H: -1})]
        assert SEEN.next_rung[k].tolist() == up
        bare = {NA: -na, K: -potassium, H: na + potassium}
        assert SEEN.root[k] == (row_with(k, bare) if na + potassium else -1)


def test_neighbours_in_x_change_one_atom_for_another_metals(some):
    for k in some:
        for column, step in ((0, 1), (1, -1)):
            others = [row_with(k, {0: step, metal: -step}) for metal in (1, 2)]
            assert SEEN.x[k, column] == next((row for row in others if row >= 0), -1)


def test_a_substitute_less_is_a_ligand_more(some):
    for k in some:
        expected = row_with(k, {CL: -1, RSH: 1}) if FOUND.units[k, CL] else -1
        assert SEEN.substitute[k].tolist() == [expected]


def test_no_ion_keeps_company_with_another_framework_or_charge():
    for rows in (SEEN.rung[:, 0], SEEN.next_rung[:, 1], SEEN.root, SEEN.x[:, 0], SEEN.x[:, 1]):
        k = np.flatnonzero(rows >= 0)
        assert k.size > 20
        assert (FOUND.framework[k] == FOUND.framework[rows[k]]).all()
        assert (FOUND.charge[k] == FOUND.charge[rows[k]]).all()


def test_a_list_has_no_company():
    listed = candidates(IonListing((parse_ion("[Au25(p-MBA)18-H]2-"),)), 3000, 4500)
    alone = company(listed)
    assert all((rows == -1).all() for rows in alone.columns)
    assert alone.missing(np.ones(1)).tolist() == [0.0]


def test_nothing_has_no_company():
    none = company(FOUND.take(np.zeros(0, np.int64)))
    assert none.missing(np.zeros(0)).size == 0


def hand_made():
    """0: bare; 1, 2: one and two cations of it; 3, 4: x of 1 down and up; 5: one Cl for SR of 0."""
    rung = np.array([-1, 0, 1, -1, -1, -1])[:, None]
    after = np.array([1, 2, -1, -1, -1, -1])[:, None]
    root = np.array([-1, 0, 0, -1, -1, -1])
    x = np.array([[-1, -1], [4, 3], [-1, -1], [1, -1], [-1, 1], [-1, -1]])
    return Company(rung, after, root, x, np.array([-1, -1, -1, -1, -1, 0])[:, None])


def test_missing_company_costs_what_is_said():
    made = hand_made()
    assert made.missing(np.full(6, 10.0)).tolist() == [0] * 6
    most = np.full(6, 10.0)
    most[0] = 10.0 * ROOT[0] * 0.9  # below every share: rung, root, substitute
    expected = np.array([0, RUNG[1] + ROOT[1], ROOT[1], 0, 0, SUBSTITUTE[1]])
    assert made.missing(most).tolist() == expected.tolist()
    most = np.array([10, 10, 10, 0.0, 10, 10])
    assert made.missing(most).tolist() == [0] * 6
    most[4] = 10.0 * X_NEIGHBOUR[0] * 0.9
    assert made.missing(most)[1] == X_NEIGHBOUR[1]
    just = np.full(6, 10.0)
    just[0] = 10.0 * RUNG[0] * 1.01
    assert made.missing(just).tolist() == [0] * 6


def test_what_was_not_recorded_is_not_missing():
    most = np.full(6, 10.0)
    most[0] = np.inf
    assert hand_made().missing(most).tolist() == [0] * 6
    most = np.zeros(6)
    most[1] = np.inf  # nothing is known of it, so nothing is asked of its neighbours
    assert hand_made().missing(most).tolist() == [0] * 6


def test_sides_count_called_neighbours_and_see_the_opposite_ones():
    made, called = hand_made(), np.zeros(6, bool)
    called[[0, 2]] = True
    number, between = made.sides(called)
    assert (number[1], between[1]) == (2, True)
    called[:] = False
    called[[0, 4]] = True
    number, between = made.sides(called)
    assert (number[1], between[1]) == (2, False)
    called[3] = True
    number, between = made.sides(called)
    assert (number[1], between[1]) == (3, True)
    assert made.sides(np.zeros(6, bool))[0].tolist() == [0] * 6


def test_a_gap_is_a_rung_below_that_is_not_called():
    called = np.zeros(6, bool)
    called[1] = True
    assert hand_made().gaps(called).tolist() == [False, True, False, False, False, False]


def test_joined_company_keeps_to_its_own():
    made = hand_made()
    both = made.joined(made, 6)
    for own, joined in zip(made.columns, both.columns, strict=True):
        assert (joined[:6] == own).all()
        assert (joined[6:] == np.where(own >= 0, own + 6, -1)).all()
