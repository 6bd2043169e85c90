"""Two kinds of ligand: measured distributions judged, and shells of a simulation."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from alloyscope.case import Case
from alloyscope.case.mixed import clock_of, exchange_of_ligands, feed_of_ligands
from alloyscope.case.shell_input import ShellInput, read_shell_input
from alloyscope.chemistry.ligand import Vocabulary
from alloyscope.errors import CaseError, SpeciationError
from alloyscope.reaction.shells import shells_of
from alloyscope.reaction.simulated import Simulated
from alloyscope.reaction.trajectory import Trajectory
from alloyscope.results.shells import MixedShells, ShellSeen, ShellsSeen
from alloyscope.shells.compare import compare_shells
from alloyscope.shells.fit import fit_shell
from alloyscope.shells.series import shell_series
from alloyscope.shells.sites import LigandSites, parse_sites
from alloyscope.stages.progress import Observe


def shells_seen(case: Case, vocabulary: Vocabulary, observe: Observe | None) -> ShellsSeen:
    """The case's distributions of ligands. Raises CaseError that names the file."""
    asked = case.shells
    sites = _classes(asked.sites)
    inputs = [read_shell_input(Path(file), asked, vocabulary) for file in asked.files]
    each = []
    for number, one in enumerate(inputs):
        if observe:
            observe("fitting shells", number, len(inputs))
        each.append(_judged(one, asked.model, sites))
    series = None
    if asked.at:
        distributions = [one.distribution for one in inputs]
        try:
            series = shell_series(distributions, asked.at, asked.free_ratios)
        except SpeciationError as error:
            raise CaseError(f"case [shells] at: {error}") from error
    return ShellsSeen(tuple(each), series)


def _classes(text: str) -> LigandSites | None:
    """Classes of sites; None where a number of sites alone is stated."""
    if not text:
        return None
    try:
        found = parse_sites(text)
    except SpeciationError as error:
        raise CaseError(f"case [shells] sites: {error}") from error
    return found if len(found.counts) > 1 else None


def _judged(one: ShellInput, model: str, sites: LigandSites | None) -> ShellSeen:
    try:
        found = compare_shells(one.distribution, sites)
        shown = fit_shell(one.distribution, model, sites) if model else found.best
    except SpeciationError as error:
        raise CaseError(f"{one.source}: {error}") from error
    return ShellSeen(one.source, found, shown, one.joint)


def mixed_shells(case: Case, vocabulary: Vocabulary, seen: Simulated) -> MixedShells | None:
    """The shells of a simulation; None where the case mixes no ligands. Raises CaseError."""
    feed = feed_of_ligands(case, vocabulary, seen.reaction)
    if feed is None:
        return None
    exchange = exchange_of_ligands(case)
    clock = clock_of(case, feed, seen.experiment, seen.reaction)
    run = _together(seen.sampled, seen.drawn)
    found = shells_of(run, feed, exchange, clock)
    sampled = np.flatnonzero(np.isin(run.times, seen.sampled.times))
    notes = []
    if case.shells.mixed.rate_factor != 1.0:
        each = case.shells.mixed.rate_factor
        notes.append(f"All rates are multiplied by {clock:.3g}, {each:g} for every foreign ligand "
                     "per cluster fed: an assumption of the case.")  # fmt: skip
    return MixedShells(found, sampled, clock, tuple(notes))


def _together(first: Trajectory, second: Trajectory) -> Trajectory:
    """Two samplings of one run as one."""
    times, rows = np.unique(np.concatenate([first.times, second.times]), return_index=True)
    amounts, fed = (np.concatenate([getattr(one, key) for one in (first, second)])[rows]
                    for key in ("amounts", "fed"))  # fmt: skip
    return replace(first, times=times, amounts=amounts, fed=fed)
