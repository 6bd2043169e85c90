"""`assign` on small simulated spectra of known truth; the figures of hundreds come from validation.

Bounds are loose: they are to catch what breaks, not to measure (`validation/recovery.py`).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from alloyscope.assignment import SearchSpace
from alloyscope.case import case_toml, read_case
from tests.recovery.analyst import assigned, calls, case_of, hints_of, space_of
from tests.recovery.scorer import score, summary
from tests.recovery.simulator import simulate

SMALL = (4021, 4025, 4027, 4028, 4046, 4050, 4055)
"""Spectra of few points: of three systems, counted and digitised, two among foreign ions."""

DECOYS = (4101, 4102, 4104)


def test_ions_are_found_with_honest_errors() -> None:
    found = summary([score(s, calls(assigned(s))) for s in map(simulate, SMALL)])
    # One of the seven is so weak that its scale may come out an alias off.
    assert found.recall > 0.85, found
    assert found.precision > 0.85, found
    assert found.total_variation < 0.15, found
    assert found.within_2sd > 0.85, found
    assert found.within_1sd < 0.95, found
    assert found.n_called > 60, found


@pytest.mark.parametrize("seed", DECOYS)
def test_nothing_is_called_where_nothing_of_the_space_is(seed: int) -> None:
    found = assigned(simulate(seed, "decoy"))
    assert found.called == ()
    assert found.verdict == "nothing of this search space is present"


def test_an_analyst_takes_the_case_that_fits(tmp_path: Path) -> None:
    for seed in range(4000, 4060):
        simulated = simulate(seed)
        if simulated.kind == "decoy":
            continue
        space = space_of(simulated)
        assert isinstance(space, SearchSpace)
        assert {m for t in simulated.truth for m, _ in t.ion.species.metals} <= set(space.metals)
        assert tuple(str(ligand) for ligand in space.ligands) == simulated.hints.ligands
        assert all(t.ion.charge in space.charges for t in simulated.truth)
        assert hints_of(simulated).resolving_power == simulated.hints.resolving_power
    path = tmp_path / "case.toml"
    path.write_text(case_toml(case_of(simulate(4055))))
    assert read_case(path) == case_of(simulate(4055))
