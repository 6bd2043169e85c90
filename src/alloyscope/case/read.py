"""Read a case file, and write one: TOML in, TOML out."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import tomli_w
from pydantic import ValidationError

from alloyscope.case.schema import Case, Section
from alloyscope.errors import CaseError, message
from alloyscope.places import check_free, write_text


def read_case(path: Path) -> Case:
    """The case in a TOML file, every default filled in.

    A relative file name in `[spectrum]` or `[chemistry]` is meant from the case file's folder.
    Raises CaseError that names the file, the key, what stands there and what should.
    """
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise CaseError(
            message(str(path), found="no such file", expected="a case file in TOML")
        ) from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CaseError(message(str(path), found=str(error), expected="a TOML file")) from error
    return _from_folder(case_from(entries, path.name), path.parent)


def case_from(entries: Mapping[str, Any], where: str) -> Case:
    """The case with these entries. Raises CaseError that names `where` and the key."""
    try:
        return Case.model_validate(entries)
    except ValidationError as error:
        raise CaseError(_first_fault(error, where)) from error


def settings(case: Case, where: str, **sections: dict[str, Any]) -> Case:
    """The case with settings replaced. Raises CaseError that names `where` and the key."""
    try:
        return case.with_settings(**sections)
    except ValidationError as error:
        raise CaseError(_first_fault(error, where)) from error


def write_case(case: Case, path: Path, *, overwrite: bool = False) -> None:
    """Write the case with every setting explicit, so that reading it back gives the same case.

    Names of files are written as seen from the case's folder.
    Raises OutputError when the file exists and `overwrite` is not set.
    """
    check_free(path, overwrite=overwrite)
    write_text(path, case_toml(_for_folder(case, path.parent)))


def case_toml(case: Case) -> str:
    """The case as TOML, every setting explicit."""
    return tomli_w.dumps(case.model_dump(mode="json", exclude_none=True))


def _from_folder(case: Case, folder: Path) -> Case:
    """The case with its relative file names as seen from here, where it lies in `folder`."""
    return _with_files(case, lambda name: str(folder / name))


def _for_folder(case: Case, folder: Path) -> Case:
    """The case with its relative file names as seen from `folder`."""
    return _with_files(case, lambda name: os.path.relpath(name, folder))


def _with_files(case: Case, renamed: Callable[[str], str]) -> Case:
    own = {}
    table, file = case.chemistry.isotope_table, case.spectrum.file
    if file and not Path(file).is_absolute():
        own["spectrum"] = {"file": renamed(file)}
    if table not in ("", "isospec") and not Path(table).is_absolute():
        own["chemistry"] = {"isotope_table": renamed(table)}
    return case.with_settings(**own)


def _first_fault(error: ValidationError, where: str) -> str:
    fault = error.errors()[0]
    place = [part for part in fault["loc"] if isinstance(part, str) and "[" not in part]
    section, key = place[:1], place[1:2]
    named = f"{where} " + "".join(f"[{s}] " for s in section) + " ".join(key)
    found = repr(fault["input"]) if not isinstance(fault["input"], dict) else "a table"
    if fault["type"] == "extra_forbidden":
        known = _known_keys(place)
        near = get_close_matches(str(place[-1]), known, n=1)
        return message(named.strip(), found="a key that alloyscope does not know",
                       expected=f"one of {', '.join(known)}",
                       do=f"Did you mean {near[0]}?" if near else "")  # fmt: skip
    said = fault["msg"].removeprefix("Input should be ").removeprefix("Value error, ")
    return message(named.strip(), found=found, expected=said)


def _known_keys(place: list[str]) -> list[str]:
    if len(place) == 1:
        return list(Case.model_fields)
    section = Case.model_fields[place[0]].default
    if isinstance(section, Section) and len(place) == 2:
        return list(type(section).model_fields)
    from alloyscope.case.schema import LigandEntry

    return list(LigandEntry.model_fields)
