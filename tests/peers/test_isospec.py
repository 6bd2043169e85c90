"""IsoSpecPy's isotopologues, summed by nucleon number, are the aggregated peaks."""

from math import comb, prod

import numpy as np
import pytest
from IsoSpecPy import IsoThreshold

from alloyscope.chemistry import Formula
from alloyscope.chemistry.element import isotope_table
from alloyscope.isotopes import distribution, family, fine_structure

HEAVY = ("Ag", "Cu", "Pd", "Pt", "Hg", "Cd", "Sn", "Se", "Br", "Cl", "Ni", "Zn", "Ru", "Te", "Pb")
SINGLE = ("Au", "Na", "P", "F", "I", "Cs", "Rh", "As")
LIGHT = (("C", 60), ("H", 90), ("N", 8), ("O", 12), ("S", 8), ("Si", 4), ("K", 3))
APART = 1000.0
"""Weight of a nucleon in the masses given to IsoSpecPy, so that a sum tells both apart."""


def random_formulas(n: int) -> list[Formula]:
    """Formulas of up to 12 polyisotopic heavy atoms that IsoSpecPy can count out in time."""
    rng = np.random.default_rng(44)
    every = [s for s in isotope_table().elements if s not in ("C", "H")]
    found = []
    while len(found) < n:
        counts = {s: int(rng.integers(1, most + 1)) for s, most in LIGHT if rng.random() < 0.6}
        two = rng.random() < 0.7
        pair = rng.choice(HEAVY, size=2 if two else 1, replace=False)
        counts |= {str(s): int(rng.integers(1, 7)) for s in pair}
        if rng.random() < 0.5:
            counts[str(rng.choice(SINGLE))] = int(rng.integers(1, 30))
        if rng.random() < 0.5:
            counts[str(rng.choice(every))] = int(rng.integers(1, 3))
        formula = Formula.of(counts)
        if isotopologues(formula) < 3e8:
            found.append(formula)
    return found


def isotopologues(formula: Formula) -> float:
    """How many there are, the unlikely ones too."""
    sizes = [(n, len(isotope_table()[s].isotopes)) for s, n in formula.items()]
    return float(prod(comb(n + k - 1, k - 1) for n, k in sizes))


def aggregated(formula: Formula, threshold: float, table: str | None = None):
    """Nucleons, probability and mean mass of each peak, of isotopologues above a threshold."""
    isotopes = [isotope_table(table)[symbol].isotopes for symbol in formula]
    found = IsoThreshold(
        threshold,
        absolute=True,
        atomCounts=[count for _, count in formula.atoms],
        isotopeMasses=[[APART * i.nucleons + i.mass - i.nucleons for i in e] for e in isotopes],
        isotopeProbabilities=[[i.abundance for i in e] for e in isotopes],
    )
    coded, p = np.array(list(found.masses)), np.array(list(found.probs))
    nucleons = np.round(coded / APART).astype(int)
    first = nucleons.min()
    share = np.bincount(nucleons - first, p)
    excess = np.bincount(nucleons - first, p * (coded - APART * nucleons))
    seen = np.flatnonzero(share)
    return first + seen, share[seen], first + seen + excess[seen] / share[seen]


FORMULAS = random_formulas(200)


@pytest.mark.parametrize("some", range(0, 200, 20))
def test_random_formulas_agree_with_isotopologues_one_by_one(some):
    formulas = FORMULAS[some : some + 20]
    for formula, ours in zip(formulas, family(formulas, prune=0.0), strict=True):
        nucleons, p, mass = aggregated(formula, 1e-14)
        assert p.sum() > 1 - 1e-7
        theirs = dict(zip(nucleons.tolist(), p, strict=True))
        both = [theirs.get(a, 0.0) for a in ours.nucleons.tolist()]
        assert 0.5 * np.abs(ours.probability - both).sum() < 1e-6, formula
        tall = p > 1e-6
        at = np.searchsorted(ours.nucleons, nucleons[tall])
        np.testing.assert_allclose(ours.mass[at], mass[tall], rtol=0, atol=1e-6)


def test_the_random_formulas_are_what_they_should_be():
    assert len(set(FORMULAS)) == 200
    held = {symbol for formula in FORMULAS for symbol in formula}
    assert held >= {*HEAVY, *SINGLE, "C", "H", "N", "O", "S"}
    most = max(sum(n for s, n in f.items() if s in HEAVY) for f in FORMULAS)
    assert 10 <= most <= 14


def test_the_fine_structure_is_that_of_the_same_table():
    formula = Formula.parse("Ag4C28H20O8S4")
    found = fine_structure(formula, coverage=0.9999)
    assert 0.9999 <= found.probability.sum() < 1
    assert np.all(np.diff(found.mass) > 0)
    ours = distribution(formula)
    mean = np.average(found.mass, weights=found.probability)
    assert mean == pytest.approx(ours.mean_mass, abs=2e-3)


def test_isospec_s_own_table_gives_isospec_s_own_pattern():
    formula = Formula.parse("Ag2C7H5O2S")
    nucleons, p, mass = aggregated(formula, 1e-14, "isospec")
    ours = distribution(formula, isotope_table("isospec"), prune=1e-6)
    at = np.searchsorted(nucleons, ours.nucleons)
    np.testing.assert_allclose(ours.probability, p[at], atol=1e-9)
    np.testing.assert_allclose(ours.mass, mass[at], atol=1e-7)
