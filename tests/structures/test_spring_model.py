import numpy as np
import pytest
from scipy.optimize import approx_fprime

from alloyscope.errors import StructureError
from alloyscope.structures import spring_model
from alloyscope.structures.point_group import point_group
from alloyscope.structures.spring_model import Orbit, Spring, relaxed, spring_lengths

OH = point_group("Oh")
ATOMS = (Orbit("a", 6, (1.8, 0, 0)), Orbit("b", 8, (2.2, 2.2, 2.2)))


def test_springs_that_can_all_be_met_are_met():
    springs = (Spring(("a", "a"), 4, 2.9), Spring(("a", "b"), 4, 2.8))
    placed = relaxed(OH, ATOMS, springs)
    assert spring_lengths(placed, springs[0]) == pytest.approx(2.9)
    assert spring_lengths(placed, springs[1]) == pytest.approx(2.8)
    assert {name: len(at) for name, at in placed.items()} == {"a": 6, "b": 8}


def test_springs_that_cannot_all_be_met_share_the_strain_by_stiffness():
    pulls = (Spring(("a", "a"), 1, 3.0, 3.0), Spring(("a", "a"), 1, 3.4, 1.0))
    placed = relaxed(OH, ATOMS[:1], pulls)
    assert spring_lengths(placed, pulls[0]) == pytest.approx(3.1)


def test_atoms_that_nothing_holds_are_refused():
    with pytest.raises(StructureError, match="1 independent distances"):
        relaxed(OH, ATOMS, (Spring(("a", "a"), 4, 2.9),))


def test_springs_that_tear_atoms_away_are_refused():
    with pytest.raises(StructureError, match="Å from where it began"):
        relaxed(OH, ATOMS[:1], (Spring(("a", "a"), 4, 9.0),))


def test_an_orbit_of_another_count_is_refused():
    with pytest.raises(StructureError, match="found 6 atoms in Oh; expected 8"):
        relaxed(OH, (Orbit("a", 8, (1.8, 0, 0)),), (Spring(("a", "a"), 4, 2.9),))


def test_the_jacobian_is_that_of_the_residuals():
    group = point_group("Th")
    orbits = (Orbit("ico", 12, (1.4, 0.0, 2.4)), Orbit("leg", 24, (3.0, 2.6, 5.2)))
    springs = (Spring(("ico", "ico"), 5, 2.9), Spring(("leg", "ico"), 2, 4.0, 0.3))
    free = [spring_model._free(group, np.array(o.at)) for o in orbits]
    cuts = np.cumsum([basis.shape[1] for basis in free])[:-1]
    q = np.concatenate([basis.T @ np.array(o.at) for basis, o in zip(free, orbits, strict=True)])
    at = spring_model._placed(q, free, cuts)
    images = [spring_model._images(group, o, a) for o, a in zip(orbits, at, strict=True)]
    pairs = [spring_model._pairs(s, orbits, at, images) for s in springs]
    exact = spring_model._jacobian(at, pairs, free, cuts)
    slow = approx_fprime(
        q, lambda p: spring_model._residuals(spring_model._placed(p, free, cuts), pairs), 1e-7
    )
    assert exact == pytest.approx(slow, abs=1e-5)
