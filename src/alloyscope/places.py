"""Where files go: checked before anything is computed, written without losing what is there."""

from __future__ import annotations

import os
from pathlib import Path

from alloyscope.errors import OutputError, message

FORMATS = (".svg", ".pdf", ".png")


def check_figure_path(path: Path, *, overwrite: bool) -> None:
    """Raise OutputError for a format that cannot be written, or a file that is there."""
    if path.suffix.lower() not in FORMATS:
        raise OutputError(
            message(str(path), found=f'"{path.suffix}"', expected=f"one of {', '.join(FORMATS)}",
                    do="The ending of the name sets the format of the figure.")
        )  # fmt: skip
    check_free(path, overwrite=overwrite)


def check_ending(path: Path, endings: tuple[str, ...], *, overwrite: bool) -> None:
    """Raise OutputError for another ending than those of its format, or a file that is there."""
    if path.suffix.lower() not in endings:
        raise OutputError(
            message(str(path), found=f'"{path.suffix}"', expected=f"the ending "
                    f"{' or '.join(endings)}", do="Name the file by what is written to it.")
        )  # fmt: skip
    check_free(path, overwrite=overwrite)


def check_free(path: Path, *, overwrite: bool) -> None:
    """Raise OutputError when the file is there already and may not be replaced."""
    if path.is_dir():
        raise OutputError(message(str(path), found="a folder", expected="the name of a file"))
    if path.exists() and not overwrite:
        raise OutputError(
            message(str(path), found="an existing file", expected="a new one",
                    do="Choose another name or add --overwrite.")
        )  # fmt: skip


def check_folder(path: Path, *, overwrite: bool) -> None:
    """Raise OutputError unless results can go to this folder.

    It may be new or empty; one that holds something is left alone without `overwrite`.
    """
    if path.exists() and not path.is_dir():
        raise OutputError(message(str(path), found="a file", expected="the name of a folder"))
    if path.is_dir() and not overwrite and any(path.iterdir()):
        raise OutputError(
            message(str(path), found="a folder that is not empty", expected="a new or empty one",
                    do="Choose another name or add --overwrite.")
        )  # fmt: skip
    above = next(place for place in (path, *path.absolute().parents) if place.exists())
    if not above.is_dir() or not os.access(above, os.W_OK):
        raise OutputError(
            message(str(path), found=f"{above}, which cannot be written to",
                    expected="a place to write to")
        )  # fmt: skip


def write_text(path: Path, text: str) -> None:
    """Write a file, with its folders. Raises OutputError when the place cannot be written to."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", errors="replace")
    except OSError as error:
        raise cannot_write(path, error) from error


def cannot_write(path: Path, error: OSError) -> OutputError:
    """The error that says why a place cannot be written to."""
    reason = error.strerror or str(error)
    return OutputError(message(str(path), found=reason, expected="a place to write to"))
