"""Simulated tandem spectra: the right fragments and nothing else, on a few small ones.

The figures of 60 come from `validation/msms_recovery.py`.
"""

from __future__ import annotations

import pytest

from tests.recovery.tandem import assigned, outcome, simulate_tandem

SEEDS = (3, 8, 18, 20)
"""Spectra of few points, time of flight."""


@pytest.mark.parametrize("seed", SEEDS)
def test_the_fragments_called_are_those_that_are_there(seed: int) -> None:
    tandem = simulate_tandem(seed)
    assert len(tandem.truth) >= 2
    found = outcome(tandem, assigned(tandem))
    assert found.right == found.called
    assert found.found == found.there > 1


def test_what_is_simulated_conserves_what_breaks() -> None:
    for seed in range(1, 30):
        tandem = simulate_tandem(seed, total=6e3)
        assert sum(one.abundance for one in tandem.truth) == pytest.approx(1.0)
        assert tandem.truth[0].ion.charge < 0
        metals = {one.ion.species.n_metals for one in tandem.truth}
        assert max(metals) <= tandem.precursor.species.n_metals
