import numpy as np
import pytest

from alloyscope.chemistry import Formula
from alloyscope.errors import AlloyscopeError, NotationError
from alloyscope.isotopes import distribution, fine_structure


def test_isotopologues_make_up_the_aggregated_peaks():
    formula = Formula.parse("AgCl2C2")
    fine, peaks = fine_structure(formula, coverage=1 - 1e-9), distribution(formula)
    for mass, p in zip(peaks.mass, peaks.probability, strict=True):
        near = np.abs(fine.mass - mass) < 0.4
        assert fine.probability[near].sum() == pytest.approx(p, abs=1e-8)


def test_it_is_the_smallest_set():
    fine = fine_structure(Formula.parse("Ag4"), coverage=0.9)
    assert fine.probability.sum() - fine.probability.min() < 0.9 <= fine.probability.sum()


@pytest.mark.parametrize("coverage", [0.0, 1.0, -1.0, float("nan")])
def test_a_coverage_is_a_share(coverage):
    with pytest.raises(AlloyscopeError, match="between 0 and 1"):
        fine_structure(Formula.parse("Ag"), coverage=coverage)


def test_nothing_has_no_isotopologues():
    with pytest.raises(NotationError):
        fine_structure(Formula.of({}))
