"""Read a file of observations: what was seen of a reaction."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from alloyscope.case.measured_shares import read_measured_shares
from alloyscope.case.observation_section import ObservationEntry, SpeciationEntry
from alloyscope.case.section import Section
from alloyscope.errors import CaseError, ReactionError, message
from alloyscope.reaction.measured import SpeciationObservation
from alloyscope.reaction.observation import OF_X, Observation, check_against, needed
from alloyscope.reaction.ratio import Side, named_ratios, parse_one_ratio, parse_sides, ratios_of
from alloyscope.reaction.reaction import Reaction

ABOUT = ("source", "time_unit", "title", "note")
"""Keys at the top of the file that are for its readers."""

Entry = TypeVar("Entry", bound=Section)


@dataclass(frozen=True, eq=False)
class Observations:
    """What was seen of a reaction.

    statements  : judged one by one, in the order of the file
    speciations : shares with their covariance
    left_out    : entries that are not for fitting
    source      : as the file states it
    """

    statements: tuple[Observation, ...] = ()
    speciations: tuple[SpeciationObservation, ...] = ()
    left_out: int = 0
    source: str = ""

    @property
    def needed(self) -> dict[float, tuple[float, ...]]:
        """Times that must be simulated, by ratio."""
        points = [point for one in self.statements for point in one.points]
        return needed(points + [point for one in self.speciations for point in one.points])


def read_observations(path: Path, reaction: Reaction) -> Observations:
    """Read the observations of a reaction between two parents.

    Raises CaseError that names the file, the entry and the key.
    """
    if len(reaction.parents) != 2:
        raise CaseError(
            message(str(path), found=f"a reaction of {len(reaction.parents)} parents",
                    expected="two, since R is the ratio of the first to the second")
        )  # fmt: skip
    whole = _toml(path)
    entries = _entries(ObservationEntry, whole, "observation", path)
    shares = _entries(SpeciationEntry, whole, "speciation", path)
    _check_ids([entry.id for entry in entries], path)
    known = _known_ratios(entries, path)
    statements = tuple(_observation(entry, known, reaction, path) for entry in entries)
    speciations = tuple(_speciation(entry, reaction, path) for entry in shares)
    if not statements and not speciations:
        raise CaseError(
            message(str(path), found="no observation to judge",
                    expected='[[observation]] or [[speciation]] of split "fit"')
        )  # fmt: skip
    n_all = len(_tables(whole, "observation", path)) + len(_tables(whole, "speciation", path))
    return Observations(statements, speciations, n_all - len(statements) - len(speciations),
                        str(whole.get("source", "")))  # fmt: skip


def _toml(path: Path) -> dict[str, Any]:
    try:
        whole = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise CaseError(
            message(str(path), found="no such file", expected="a file of observations in TOML")
        ) from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CaseError(message(str(path), found=str(error), expected="a TOML file")) from error
    keys = ("observation", "speciation", *ABOUT)
    for key in whole:
        if key not in keys:
            near = get_close_matches(key, keys, n=1)
            raise CaseError(
                message(f"{path.name} {key}", found="a key that alloyscope does not know",
                        expected=f"one of {', '.join(keys)}",
                        do=f"Did you mean {near[0]}?" if near else "")
            )  # fmt: skip
    return whole


def _tables(whole: Mapping[str, Any], key: str, path: Path) -> list[dict[str, Any]]:
    found = whole.get(key, [])
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise CaseError(
            message(f"{path.name} {key}", found="something else", expected=f"[[{key}]] tables")
        )
    return found


def _entries(model: type[Entry], whole: Mapping[str, Any], key: str, path: Path) -> list[Entry]:
    """Entries that are for fitting; the others may hold what they like."""
    return [
        _entry(model, one, f"{path.name} [[{key}]]", number)
        for number, one in enumerate(_tables(whole, key, path), 1)
        if one.get("split", "fit") == "fit"
    ]


def _entry(model: type[Entry], entry: dict[str, Any], where: str, number: int) -> Entry:
    try:
        return model.model_validate(entry)
    except ValidationError as error:
        fault = error.errors()[0]
        key = str(fault["loc"][0])
        named = f"{where} {number}"
        named += f' "{entry["id"]}"' if isinstance(entry.get("id"), str) else ""
        if fault["type"] == "extra_forbidden":
            near = get_close_matches(key, model.model_fields, n=1)
            raise CaseError(
                message(f"{named} {key}", found="a key that alloyscope does not know",
                        expected=f"one of {', '.join(model.model_fields)}",
                        do=f"Did you mean {near[0]}?" if near else "")
            ) from error  # fmt: skip
        found = "nothing" if fault["type"] == "missing" else repr(fault["input"])
        said = fault["msg"].removeprefix("Input should be ").removeprefix("Field ")
        expected = "it to be stated" if fault["type"] == "missing" else said
        raise CaseError(message(f"{named} {key}", found=found, expected=expected)) from error


def _check_ids(ids: list[str], path: Path) -> None:
    twice = sorted({name for name in ids if ids.count(name) > 1})
    if twice:
        raise CaseError(
            message(f"{path.name} [[observation]] id", found=f"{', '.join(twice)} more than once",
                    expected="each once")
        )  # fmt: skip


def _known_ratios(
    entries: Collection[ObservationEntry], path: Path
) -> dict[float, tuple[float, ...]]:
    """By time, every ratio that any entry names."""
    found: dict[float, set[float]] = {}
    for entry in entries:
        try:
            found.setdefault(entry.t_min, set()).update(named_ratios(entry.R))
        except ReactionError as error:
            raise CaseError(f"{_where(entry, path)} R: {error}") from error
    return {time: tuple(ratios) for time, ratios in found.items()}


def _observation(
    entry: ObservationEntry, known: Mapping[float, tuple[float, ...]], reaction: Reaction,
    path: Path,
) -> Observation:  # fmt: skip
    try:
        ratios, sides = _ratios(entry, known.get(entry.t_min, ()))
        frameworks = tuple(name for name in (entry.f, entry.g) if name)
        made = Observation(
            entry.id, entry.kind, entry.figure, ratios, entry.t_min, entry.t0,
            _fewest_electrons(sides, reaction) if sides else frameworks, entry.lo, entry.hi,
            *_tolerances(entry, reaction), entry.minor, entry.level, sides, entry.note,
        )  # fmt: skip
        check_against(made, reaction)
    except ReactionError as error:
        raise CaseError(f"{path.name}: {error}") from error
    return made


def _ratios(
    entry: ObservationEntry, known: tuple[float, ...]
) -> tuple[tuple[float, ...], tuple[Side, ...]]:
    if entry.kind != "electrons":
        return ratios_of(entry.R, known), ()
    sides = parse_sides(entry.R)
    return tuple(sorted(r for r in known if any(side.holds(r) for side in sides))), sides


def _fewest_electrons(sides: tuple[Side, ...], reaction: Reaction) -> tuple[str, ...]:
    """Of the frameworks named, and known, those with the fewest electrons."""
    named = {name for side in sides for name in side.frameworks}
    held = {f.name: f.electrons for f in reaction.frameworks if f.name in named}
    return tuple(f for f, n in held.items() if n == min(held.values())) or tuple(sorted(named))


def _tolerances(entry: ObservationEntry, reaction: Reaction) -> tuple[int, int, tuple[int, ...]]:
    """How far off the ends of x may be where the entry does not say, and what x is allowed besides.

    A range is known within 1. So is the window of a framework that no parent has; that of a
    parent's is taken as it stands, and the parent itself, of which some may be left, is no product.
    """
    also: tuple[int, ...] = ()
    if entry.kind == "framework_window":
        own = [parent for parent in reaction.parents if parent.framework == entry.f]
        also = tuple(parent.composition.get(reaction.metals[0], 0) for parent in own)
    usual = 1 if entry.kind == "x_range" or (entry.kind == "framework_window" and not also) else 0
    if entry.kind not in OF_X:
        usual = 0
    low, high = (usual if tol is None else tol for tol in (entry.lo_tol, entry.hi_tol))
    return low, high, also


def _speciation(entry: SpeciationEntry, reaction: Reaction, path: Path) -> SpeciationObservation:
    where = f"{path.name} [[speciation]] {entry.id or entry.file}"
    try:
        point = parse_one_ratio(entry.ratio), entry.t_min
        return read_measured_shares(path.parent / entry.file, entry, point, reaction)
    except ReactionError as error:
        raise CaseError(f"{where}: {error}") from error


def _where(entry: ObservationEntry, path: Path) -> str:
    return f"{path.name} observation {entry.id}"
