"""Read a case file, and write one: TOML in, TOML out."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_origin

import tomli_w
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from alloyscope.case.schema import Case
from alloyscope.case.section import table_of
from alloyscope.data import bundled, bundled_names
from alloyscope.errors import CaseError, message
from alloyscope.places import check_free, write_text

FILES = (("spectrum", "file"), ("assign", "blank"), ("chemistry", "isotope_table"),
         ("observations", "file"), ("gel", "profile"), ("electrons", "observations"),
         ("shells", "files"),
         ("uvvis", "file"), ("uvvis", "references"), ("uvvis", "populations"),
         ("structure", "framework", "coordinates"), ("structure", "distribution"))  # fmt: skip
"""Settings that name files."""

BY_NAME = ("values",)
"""Mappings that go over a parent case's name by name, as sections do."""

DEEPEST = 8
"""Cases that extend one another, at most."""


def bundled_cases() -> tuple[str, ...]:
    """Names of the cases that come with alloyscope."""
    return tuple(name.removesuffix(".toml") for name in bundled_names("cases"))


def read_case(path: Path) -> Case:
    """The case in a TOML file or of a bundled one's name, every default filled in.

    A relative file name is meant from the case file's folder. `extends = "au44-ag44"` starts from
    a bundled case, or from another file: what the file says goes before what that says.
    Raises CaseError that names the file, the key, what stands there and what should.
    """
    return case_from(_entries(path), path.name)


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


def _entries(path: Path, seen: tuple[Path, ...] = ()) -> dict[str, Any]:
    """What a case file says, laid over the case it extends, file names as seen from here."""
    text = bundled(f"cases/{path.name}.toml") if _is_bundled(path) else _text(path)
    try:
        own = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CaseError(message(str(path), found=str(error), expected="a TOML file")) from error
    folder = path.parent
    own = _renamed(own, lambda name: str(folder / name))
    if "extends" not in own:
        return own
    parent = own.pop("extends")
    again = path in seen or len(seen) > DEEPEST
    if not isinstance(parent, str) or not parent or again:
        raise CaseError(
            message(f"{path.name} extends", found="itself" if again else repr(parent),
                    expected="another case file or a bundled case")
        )  # fmt: skip
    case_from(own, path.name)
    beside = folder / parent
    whole = Path(parent) if _is_bundled(Path(parent)) and not beside.is_file() else beside
    base = _entries(whole, (*seen, path))
    case_from(base, whole.name)
    return _merged(Case, base, own)


def _is_bundled(path: Path) -> bool:
    """Whether a path is no file, and the name of a case that comes with alloyscope."""
    return str(path) in bundled_cases() and not path.is_file()


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        names = bundled_cases()
        near = get_close_matches(path.stem, names, n=1)
        raise CaseError(
            message(str(path), found="no such file",
                    expected=f"a case file in TOML, or a bundled case: {', '.join(names)}",
                    do=f"Did you mean {near[0]}?" if near else "")
        ) from error  # fmt: skip
    except (OSError, UnicodeDecodeError) as error:
        raise CaseError(message(str(path), found=str(error), expected="a TOML file")) from error


def _merged(model: type[BaseModel], base: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """Settings of one case over another's, section by section; a list or mapping as a whole."""
    found = {**base, **own}
    for key in base.keys() & own.keys():
        table, several = table_of(model, key)
        if table and not several:
            found[key] = _merged(table, base[key], own[key])
        elif key in BY_NAME:
            found[key] = {**base[key], **own[key]}
    return found


def _for_folder(case: Case, folder: Path) -> Case:
    """The case with its relative file names as seen from `folder`."""
    entries = _renamed(case.model_dump(), lambda name: os.path.relpath(name, folder))
    return Case.model_validate(entries)


def _renamed(entries: dict[str, Any], renamed: Callable[[str], str]) -> dict[str, Any]:
    """Entries with their relative file names changed."""
    found: dict[str, Any] = dict(entries)
    for place in FILES:
        found = _with_name(found, place, renamed)
    return found


def _with_name(table: Any, place: tuple[str, ...], renamed: Callable[[str], str]) -> Any:
    """A table, or every one of a list, with the relative file names that stand there changed."""
    if isinstance(table, list | tuple):
        return [_with_name(one, place, renamed) for one in table]
    if not place:
        relative = isinstance(table, str) and table not in ("", "isospec")
        return renamed(table) if relative and not Path(table).is_absolute() else table
    key, *below = place
    if not isinstance(table, dict) or key not in table:
        return table
    return {**table, key: _with_name(table[key], tuple(below), renamed)}


def _first_fault(error: ValidationError, where: str) -> str:
    faults = error.errors()
    fault = next((f for f in faults if f["type"] == "extra_forbidden"), faults[0])
    named, known = _place(fault["loc"])
    where = f"{where} {named}".strip()
    if fault["type"] == "extra_forbidden":
        near = get_close_matches(str(fault["loc"][-1]), known, n=1)
        return message(where, found="a key that alloyscope does not know",
                       expected=f"one of {', '.join(known)}",
                       do=f"Did you mean {near[0]}?" if near else "")  # fmt: skip
    found = repr(fault["input"]) if not isinstance(fault["input"], dict) else "a table"
    if fault["type"] == "missing":
        found = "nothing"
    said = fault["msg"].removeprefix("Input should be ").removeprefix("Value error, ")
    return message(where, found=found, expected=said)


def _place(loc: tuple[int | str, ...]) -> tuple[str, list[str]]:
    """Where a fault lies, `[[space.framework]] 2 metals`, and the keys that are known there."""
    model: type[BaseModel] = Case
    tables: list[str] = []
    headings: list[str] = []
    for at, part in enumerate(loc):
        if isinstance(part, int):
            continue
        table, several = table_of(model, part)
        if table is None:
            field = model.model_fields.get(part)
            inner = [str(x) for x in loc[at + 1 : at + 2]] if _is_mapping(field) else []
            return _written(headings, ".".join([part, *inner])), list(model.model_fields)
        model, tables = table, [*tables, part]
        index = loc[at + 1] if several and at + 1 < len(loc) else None
        headings = [heading for heading in headings if heading.startswith("[[")]
        headings.append(f"[[{'.'.join(tables)}]] {index + 1}" if isinstance(index, int)
                        else f"[{'.'.join(tables)}]")  # fmt: skip
    return _written(headings, ""), list(model.model_fields)


def _written(headings: list[str], key: str) -> str:
    return " ".join([*headings, key]).strip()


def _is_mapping(field: FieldInfo | None) -> bool:
    return field is not None and get_origin(field.annotation) is dict
