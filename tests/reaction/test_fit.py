"""Fits from many starts: resumed, shared out, and refused where they cannot work."""

from dataclasses import replace

import numpy as np
import pytest

from alloyscope.errors import OutputError, ReactionError
from alloyscope.reaction.fit import fit_each, fit_reaction
from alloyscope.reaction.journal import add, entries
from alloyscope.reaction.workers import workers
from tests.reaction.fits import TRUE, fitted, objective, reaction


def test_the_truth_is_found_where_the_data_determine_it():
    fit = fitted()
    for k, p in enumerate(fit.objective.free[:4]):
        assert abs(fit.coordinates[k] - p.coordinate(TRUE[p.name])) < 3 * fit.sd[k]
        assert fit.determined[k] == "determined"
    assert fit.determined[4] == "not determined"
    assert fit.coordinates[4] == pytest.approx(-6.0, abs=0.01)


def test_draws_stay_within_the_bounds_and_spread_as_the_covariance_says():
    drawn = fitted().draws(400, seed=1)
    low, high = fitted().objective.bounds
    assert ((drawn >= low) & (drawn <= high)).all()
    assert drawn.std(axis=0)[:4] == pytest.approx(fitted().sd[:4], rel=0.15)


def test_finished_starts_are_not_run_again(tmp_path):
    journal, told = tmp_path / "out" / "starts.jsonl", []
    first = fit_reaction(objective(), 1, journal=journal)
    journal.write_text(journal.read_text(encoding="utf-8") + '{"key": "cut sho', encoding="utf-8")
    again = fit_reaction(objective(), 2, journal=journal,
                         observe=lambda *said: told.append(said))  # fmt: skip
    assert [said[1:] for said in told] == [(2, 2)]
    assert "least loss" in told[0][0]
    assert again.loss <= first.loss
    fit_reaction(objective(), 2, seed=2, journal=journal, observe=lambda *said: told.append(said))
    assert [said[1:] for said in told[1:]] == [(1, 2), (2, 2)]


def test_processes_find_what_one_finds():
    with workers(2) as executor:
        shared = fit_reaction(objective(), 2, executor=executor, most=25)
    assert shared.coordinates == pytest.approx(fitted().coordinates, abs=1e-9)


def test_interrupted_work_leaves_no_process_behind():
    import multiprocessing

    def interrupted():
        with workers(2) as executor:
            executor.submit(abs, -1).result()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    for process in multiprocessing.active_children():
        process.join(10)
    assert not multiprocessing.active_children()


def test_without_free_parameters_there_is_a_loss_and_no_covariance():
    still = replace(reaction(), parameters=tuple(
        replace(p, free=False) for p in reaction().parameters
    ))  # fmt: skip
    (fit,) = fit_each([objective(reaction=still)], 1)
    assert fit.covariance.shape == (0, 0)
    assert fit.loss == pytest.approx(objective(reaction=still).loss(np.zeros(0)))


def with_parameter(name, **changed):
    made = reaction()
    return objective(reaction=replace(made, parameters=tuple(
        replace(p, **changed) if p.name == name else p for p in made.parameters
    )))  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (objective(statements=(), speciations=()), "fit: found no observations"),
        (objective(reaction=replace(reaction(), parameters=tuple(
            replace(p, free=False) for p in reaction().parameters))), "no parameter that is free"),
        (with_parameter("a", prior=9.0), "parameter a: found a prior at 9; expected one within"),
        (with_parameter("kx", value=1e280, low=1e279, high=1e300, prior=1e280),
         "none of 1 starts that can be simulated"),
    ],
)  # fmt: skip
def test_fits_that_cannot_work_are_refused(asked, said):
    with pytest.raises(ReactionError, match=said):
        fit_reaction(asked, 1)


def test_a_journal_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match="a place to write to"):
        add(tmp_path / "file" / "starts.jsonl", "key", {})
    assert entries(tmp_path / "none", "key") == []
