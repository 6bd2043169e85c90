"""Read absorption spectra: one file, or a folder of files, in any format alloyscope knows."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from alloyscope.errors import EmptySpectrum, SpectrumError, UnreadableSpectrum, message
from alloyscope.spectra.absorption_axis import on_one_axis
from alloyscope.spectra.absorption_cleaning import Cleaned, clean_absorption
from alloyscope.spectra.absorption_spectrum import AbsorptionSeries, AbsorptionSpectrum
from alloyscope.spectra.absorption_times import in_time, read_times
from alloyscope.spectra.formats.absorption_foreign import absorption_foreign, binary_kind
from alloyscope.spectra.formats.absorption_text import read_absorption_text
from alloyscope.spectra.formats.absorption_trace import AbsorptionFile
from alloyscope.spectra.formats.absorption_units import time_in
from alloyscope.spectra.formats.galactic_spc import looks_like_spc, read_spc
from alloyscope.spectra.formats.jcamp_dx import read_jcamp
from alloyscope.spectra.formats.tape import GZIP_MAGIC, SpectrumFile
from alloyscope.spectra.formats.text_encoding import decoded
from alloyscope.spectra.gather import Progress

HEAD = 1 << 16
LARGEST_FILE = 1 << 29
EXPECTED = "absorption spectra as text, JCAMP-DX or .SPC"
_JCAMP = re.compile(r"\s*(?:\$\$[^\n]*\n\s*)*##\s*(?:TITLE|JCAMP|JCAMP-DX)\s*=", re.I)


def read_absorption(
    path: str | Path,
    *,
    times: Sequence[float] | None = None,
    progress: Progress | None = None,
) -> AbsorptionSeries:
    """Read a file with one spectrum or several, or every file of a folder, onto one axis.

    path     : text (columns, pairs of columns, one spectrum in each row), JCAMP-DX or Galactic
               .SPC, each may be gzipped; or a folder of such files, read in the order people
               count in
    times    : minutes, one for each spectrum in the order of the file or folder; overrides the
               times in headings and names
    progress : called after each file with the files done and their number
    Spectra are sorted by time where each has one. `notes` says what was dropped, converted,
    interpolated or assumed. Raises UnreadableSpectrum for files that cannot be read,
    EmptySpectrum where nothing is left, SpectrumError for times that contradict the spectra, and
    for spectra without common wavelengths.
    """
    path = Path(path)
    found = _folder(path, progress) if path.is_dir() else _file(path)
    if progress is not None and not path.is_dir():
        progress(1, 1)
    spectra = list(found.spectra)
    read = read_times(spectra, times, found.time_unit, path.name, bare=not path.is_dir())
    order = in_time(read.minutes, [s.name for s in spectra], path.name)
    spectra = [spectra[i] for i in order]
    axis, absorbance, aligned = on_one_axis(spectra, path.name)
    paths = {spectrum.path_cm for spectrum in spectra}
    lengths = ("The files name different path lengths.",) if len(paths) > 1 else ()
    notes = (*found.notes, *_cleaning_notes(spectra), *read.notes, *aligned, *lengths)
    return AbsorptionSeries(
        wavelength_nm=axis,
        absorbance=absorbance,
        names=tuple(spectrum.name for spectrum in spectra),
        time_min=None if read.minutes is None else np.array([read.minutes[i] for i in order]),
        source=path.name,
        path_cm=paths.pop() if len(paths) == 1 else None,
        notes=tuple(dict.fromkeys(notes)),
    )


def read_absorption_spectrum(path: str | Path) -> AbsorptionSpectrum:
    """Read a file that holds exactly one spectrum.

    Raises SpectrumError, which says how many there are, for one with several; otherwise as
    `read_absorption`.
    """
    path = Path(path)
    if path.is_dir():
        raise SpectrumError(
            message(path.name, found="a folder", expected="a file with one absorption spectrum",
                    do="Name one of its files.")
        )  # fmt: skip
    series = read_absorption(path)
    if len(series) != 1:
        raise SpectrumError(
            message(path.name, found=f"{len(series)} spectra, '{series.names[0]}' the first",
                    expected="exactly one", do="Read it as a series, or save one to a file.")
        )  # fmt: skip
    return series.spectrum(0)


@dataclass(frozen=True, eq=False)
class _Found:
    """Spectra in the order of the file or folder, each with a name."""

    spectra: tuple[Cleaned, ...]
    time_unit: float | None
    notes: tuple[str, ...]


def _file(path: Path) -> _Found:
    """Every spectrum of one file, cleaned; a nameless one is called after the file."""
    opened = open_absorption(path)
    stem = _stem(path)
    several = len(opened.traces) > 1
    cleaned: list[Cleaned] = []
    notes = list(opened.notes)
    for i, trace in enumerate(opened.traces):
        name = trace.name or (f"spectrum {i + 1}" if several else stem)
        where = f"{path.name} '{name}'" if several else path.name
        try:
            cleaned.append(replace(clean_absorption(trace, where), name=name))
        except EmptySpectrum:
            if not several:
                raise
            notes.append(f"'{name}' holds fewer than 2 values: left out.")
    if not cleaned:
        raise EmptySpectrum(message(path.name, found="no values", expected=EXPECTED))
    return _Found(tuple(cleaned), opened.time_unit, tuple(notes))


def _folder(path: Path, progress: Progress | None) -> _Found:
    """The spectra of every file of a folder; files that hold none are named in the notes."""
    try:
        files = [p for p in path.iterdir() if p.is_file() and not p.name.startswith((".", "~"))]
    except OSError as error:
        raise _unreadable(path.name, f"a folder that cannot be opened ({error.strerror})",
                          "Check its permissions.") from error  # fmt: skip
    files.sort(key=lambda file: natural(file.name))
    spectra: list[Cleaned] = []
    notes: list[str] = []
    told: list[tuple[str, str]] = []
    unit = None
    first_error: SpectrumError | None = None
    for number, file in enumerate(files, 1):
        try:
            found = _file(file)
        except SpectrumError as error:
            first_error = first_error or error
            notes.append(f"Left out: {error}")
        else:
            spectra += _named_by_file(found.spectra, file)
            told += [(note, file.name) for note in found.notes]
            unit = unit or found.time_unit
        if progress is not None:
            progress(number, len(files))
    if not spectra:
        reason = f"{len(files)} files, none of them one" if files else "an empty folder"
        do = f"The first: {first_error}" if first_error else ""
        raise _unreadable(path.name, reason, do)
    return _Found(tuple(spectra), unit, (*notes, *_by_note(told, len(files))))


def _named_by_file(spectra: Sequence[Cleaned], file: Path) -> list[Cleaned]:
    """In a folder the files' names tell the spectra apart."""
    stem = _stem(file)
    if len(spectra) == 1 and (time_in(stem) is not None or time_in(spectra[0].name) is None):
        return [replace(spectra[0], name=stem)]
    return [replace(spectrum, name=f"{stem} {spectrum.name}") for spectrum in spectra]


def natural(name: str) -> tuple[tuple[int, str | float], ...]:
    """A key that sorts names as people count: "t2" before "t10".

    >>> sorted(["t10.csv", "t2.csv"], key=natural)
    ['t2.csv', 't10.csv']
    """
    parts = re.split(r"(\d+)", name.lower())
    return tuple((0, float(p[:300])) if p.isdecimal() else (1, p) for p in parts if p)


def _stem(path: Path) -> str:
    name = path.name[: -len(".gz")] if path.name.lower().endswith(".gz") else path.name
    return Path(name).stem or name


def open_absorption(path: Path) -> AbsorptionFile:
    """The spectra of a file as they stand in it, in the format its content shows."""
    data, damage = _content(path)
    if not data.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise EmptySpectrum(message(path.name, found="an empty file", expected=EXPECTED))
    opened = _reader(data, path)(data, path.name)
    return replace(opened, notes=(*damage, *opened.notes))


def _reader(data: bytes, path: Path) -> Callable[[bytes, str], AbsorptionFile]:
    """What reads these bytes; the name's ending only helps to say what they are not."""
    head, suffix = data[:HEAD], path.suffix
    foreign = absorption_foreign(head, suffix)
    if foreign is not None:
        raise _unreadable(path.name, *foreign)
    if looks_like_spc(head):
        return read_spc
    text = decoded(head)
    if text is None:
        raise _unreadable(path.name, *binary_kind(head, suffix))
    return read_jcamp if _JCAMP.match(text.lstrip("\ufeff")) else read_absorption_text


def _content(path: Path) -> tuple[bytes, tuple[str, ...]]:
    """Everything in a file, unpacked, and what is wrong with its packing."""
    try:
        with path.open("rb") as raw:
            gzipped = raw.read(2) == GZIP_MAGIC
        source = SpectrumFile(path, gzipped).source()
        parts, size = [], 0
        try:
            while data := source.read(1 << 22):
                parts.append(data)
                size += len(data)
                if size > LARGEST_FILE:
                    raise _unreadable(path.name, "more than 500 MB", "Export less at a time.")
        finally:
            source.close()
    except FileNotFoundError:
        raise _unreadable(path.name, "no such file", "Check the name and the folder.") from None
    except (OSError, ValueError) as error:
        found = f"a file that cannot be opened ({getattr(error, 'strerror', None) or error})"
        raise _unreadable(path.name, found, "Check its permissions.") from error
    damage = source.damage
    return b"".join(parts), (f"{damage[0].upper()}{damage[1:]}.",) if damage else ()


def _cleaning_notes(spectra: Sequence[Cleaned]) -> list[str]:
    """What was done to each spectrum."""
    return _by_note([(note, s.name) for s in spectra for note in s.notes], len(spectra))


def _by_note(told: Sequence[tuple[str, str]], n: int) -> list[str]:
    """Notes with those they are about; without, where they are about all n."""
    whose: dict[str, list[str]] = {}
    for note, name in told:
        whose.setdefault(note, []).append(name)
    return [
        note if len(names) == n else f"{_list_of(names)}: {note}" for note, names in whose.items()
    ]


def _list_of(names: Sequence[str]) -> str:
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return f"{', '.join(names[:3])}{more}"


def _unreadable(where: str, found: str, do: str) -> UnreadableSpectrum:
    return UnreadableSpectrum(message(where, found=found, expected=EXPECTED, do=do))
