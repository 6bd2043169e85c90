"""From the scans of a file to one spectrum: choose, clean, average, and say what was left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from typing import TypeVar

from alloyscope.errors import EmptySpectrum, SpectrumError, UnreadableSpectrum, message
from alloyscope.spectra.averaging import Average, CentroidAverage, ProfileAverage
from alloyscope.spectra.cleaning import Dropped, clean
from alloyscope.spectra.continuity import contradicted, mode_of
from alloyscope.spectra.mass_spectrum import (
    Acquisition,
    CentroidSpectrum,
    Mode,
    Polarity,
    ProfileSpectrum,
)
from alloyscope.spectra.scan import DamagedScan, Scan, ScanFile, ScanRange

Progress = Callable[[int, int | None], None]
Value = TypeVar("Value")
# Scans looked at before the MS level, polarity and mode are settled; they stay in memory.
LOOK_AHEAD = 10
HALF_SAMPLE = 10_000


@dataclass(frozen=True)
class Choice:
    """Which scans to average; None leaves it to the file's first scans."""

    scans: ScanRange | None = None
    ms_level: int | None = None
    polarity: Polarity | None = None
    mode: Mode | None = None
    collision_energy: float | None = None


@dataclass
class _Course:
    """What has been met while the scans of one file go by."""

    opened: ScanFile
    choice: Choice
    progress: Progress | None
    seen: int = 0
    stopped: bool = False
    read: int = 0
    damaged: list[DamagedScan] = field(default_factory=list)
    polarities: Counter[Polarity | None] = field(default_factory=Counter)
    levels: Counter[int | None] = field(default_factory=Counter)
    times: list[float] = field(default_factory=list)
    precursors: set[float | None] = field(default_factory=set)
    windows: set[tuple[float, float] | None] = field(default_factory=set)
    energies: set[float | None] = field(default_factory=set)
    declared_mode: Mode | None = None
    other_mode: int = 0
    dropped: Dropped = field(default_factory=Dropped)
    notes: list[str] = field(default_factory=list)

    def in_range(self) -> Iterator[Scan]:
        """The scans asked for by number, damaged ones counted and passed over."""
        scans = self.choice.scans
        for scan in self.opened.scans:
            self.seen = scan.number
            if self.progress is not None:
                self.progress(self.seen, self.opened.declared)
            if scans is None or scan.number in scans:
                if isinstance(scan, DamagedScan):
                    self.damaged.append(scan)
                else:
                    self.polarities[scan.polarity] += 1
                    self.levels[scan.ms_level] += 1
                    yield scan
            if scans is not None and scan.number >= scans.last:
                self.stopped = True
                return

    def count(self, scan: Scan) -> None:
        """Note the time and precursor of a scan that is averaged."""
        self.read += 1
        if scan.time_min is not None:
            self.times = [*self.times[:1], scan.time_min]
        if len(self.precursors) < 3:
            self.precursors.add(scan.precursor_mz)
        if len(self.windows) < 3:
            self.windows.add(scan.isolation)
        if len(self.energies) < 3:
            self.energies.add(scan.collision_energy)


def gather(
    opened: ScanFile, choice: Choice, source: str, progress: Progress | None = None
) -> ProfileSpectrum | CentroidSpectrum:
    """Average the chosen scans of a file.

    source : the file's name, for messages
    Raises UnreadableSpectrum if no scan can be decoded, SpectrumError if none is as chosen, and
    EmptySpectrum if nothing but zeros is left.
    """
    course = _Course(opened, choice, progress)
    scans = course.in_range()
    seen = list(islice(scans, LOOK_AHEAD))
    level = choice.ms_level
    if level is None:
        level = min((s.ms_level for s in seen if s.ms_level is not None), default=None)
    of_level = replace(choice, ms_level=level, polarity=None)
    alike = (scan for scan in chain(seen, scans) if _matches(scan, of_level))
    seen_alike = list(islice(alike, LOOK_AHEAD))
    polarity = choice.polarity or next((s.polarity for s in seen_alike if s.polarity), None)
    chosen = replace(of_level, polarity=polarity)
    matching = (scan for scan in chain(seen_alike, alike) if _matches(scan, chosen))
    first = list(islice(matching, LOOK_AHEAD))
    mode = _mode(first, choice.mode, course)
    average = _averaged(chain(first, matching), mode, course)
    _refuse_nothing(course, chosen, source)
    mz, intensity = average.mean()
    if not (intensity > 0).any():
        raise _empty(course, source, mz.size)
    acquisition = _acquisition(course, chosen, average, source)
    if mode == "profile":
        return ProfileSpectrum(mz, intensity, acquisition)
    return CentroidSpectrum(mz, intensity, acquisition)


def _averaged(scans: Iterator[Scan], mode: Mode, course: _Course) -> Average:
    average: Average = ProfileAverage() if mode == "profile" else CentroidAverage()
    for scan in scans:
        if course.declared_mode and scan.continuity not in (None, course.declared_mode):
            course.other_mode += 1
            continue
        mz, intensity, dropped = clean(scan.mz, scan.intensity, keep_negative=mode == "profile")
        average.add(mz, intensity)
        course.dropped += dropped
        course.count(scan)
    return average


def _matches(scan: Scan, chosen: Choice) -> bool:
    """Whether the scan is of the chosen level and polarity, as far as it states them."""
    level = chosen.ms_level is None or scan.ms_level in (chosen.ms_level, None)
    level = level and chosen.collision_energy in (None, scan.collision_energy)
    return level and (chosen.polarity is None or scan.polarity in (chosen.polarity, None))


def _mode(first: list[Scan], asked: Mode | None, course: _Course) -> Mode:
    """Profile or centroid: as asked, else as declared unless the data contradict it."""
    if asked is not None or not first:
        return asked or "profile"
    scan = max(first, key=lambda s: s.mz.size)
    # The middle of a long scan shows its nature as well as the whole, in less time.
    middle = slice(max(0, scan.mz.size // 2 - HALF_SAMPLE), scan.mz.size // 2 + HALF_SAMPLE)
    mz, intensity, _ = clean(scan.mz[middle], scan.intensity[middle], keep_negative=True)
    declared = scan.continuity
    if declared is not None:
        if not contradicted(declared, mz, intensity):
            course.declared_mode = declared
            return declared
        other: Mode = "centroid" if declared == "profile" else "profile"
        course.notes.append(f"Declared as {declared}, but the data are {other} and read as such.")
        return other
    found = mode_of(mz, intensity)
    if found is None:
        course.notes.append("Too few points to tell profile from centroid; read as centroid.")
    return found or "centroid"


def _refuse_nothing(course: _Course, chosen: Choice, source: str) -> None:
    """Raise if no scan was averaged, or a scan was asked for that is not there."""
    opened, scans = course.opened, chosen.scans
    if scans is not None and course.seen and not course.stopped and not _truncated(course):
        raise SpectrumError(
            message(
                source,
                found=f"{course.seen} scan{'s' if course.seen != 1 else ''}",
                expected=f"scans {scans} among them",
                do=f"Choose scans from 1 to {course.seen}.",
            )
        )
    if course.read:
        return
    if course.polarities:
        raise _other_kind(course, chosen, source)
    if course.damaged:
        first = course.damaged[0]
        found = f"{len(course.damaged)} scans, none whole; scan {first.number}: {first.reason}"
    elif opened.chromatograms:
        n = opened.chromatograms
        found = f"{n} chromatogram{'s' if n > 1 else ''} and no spectrum"
    else:
        found = "no whole scan" if opened.cut or opened.declared else "no spectrum"
        found += f" of {opened.declared} declared" if opened.declared else ""
        found += "; the file is cut off" if opened.cut else ""
    raise UnreadableSpectrum(
        message(
            source,
            found=found,
            expected="at least one mass spectrum",
            do="Export the spectrum itself again, as mzML or as two columns of text.",
        )
    )


def _other_kind(course: _Course, chosen: Choice, source: str) -> SpectrumError:
    """The scans are there, but of another polarity or level."""
    polarities = sorted(p for p in course.polarities if p)
    levels = sorted(level for level in course.levels if level is not None)
    there = [f"polarity {' and '.join(polarities)}"] if polarities else []
    there += [f"MS level {' and '.join(map(str, levels))}"] if levels else []
    asked = [f"polarity {chosen.polarity}"] if chosen.polarity else []
    asked += [f"MS level {chosen.ms_level}"] if chosen.ms_level is not None else []
    energy = chosen.collision_energy
    asked += [f"collision energy {energy:g} eV"] if energy is not None else []
    return SpectrumError(
        message(
            source,
            found=f"scans of {', '.join(there)}",
            expected=f"scans of {', '.join(asked)}, as asked for",
            do="Ask for what the file holds.",
        )
    )


def _empty(course: _Course, source: str, n_points: int) -> EmptySpectrum:
    told = " ".join(course.dropped.notes())
    found = "no intensity above zero" if n_points else "no usable point"
    return EmptySpectrum(
        message(
            source,
            found=f"{found} in {course.read} scan{'s' if course.read != 1 else ''}",
            expected="a spectrum with peaks",
            do=f"{told} Check the export.".strip(),
        )
    )


def _truncated(course: _Course) -> bool:
    """Whether the file holds fewer scans than it declares, or ends within one."""
    declared = course.opened.declared
    short = declared is not None and course.seen < declared
    return not course.stopped and (course.opened.cut or short)


def _acquisition(course: _Course, chosen: Choice, average: Average, source: str) -> Acquisition:
    opened = course.opened
    polarities = {p for p in course.polarities if p}
    return Acquisition(
        source=source,
        file_format=opened.file_format,
        polarity=chosen.polarity,
        ms_level=chosen.ms_level,
        scans_read=course.read,
        scans_in_file=opened.declared,
        time_min=(course.times[0], course.times[-1]) if course.times else None,
        precursor_mz=_shared(course.precursors),
        isolation=_shared(course.windows),
        collision_energy=_shared(course.energies),
        instrument=opened.instrument,
        analyzer=opened.analyzer,
        notes=_notes(course, chosen, average, polarities),
    )


def _shared(found: set[Value | None]) -> Value | None:
    """What all scans averaged have in common, if it is one."""
    return next(iter(found)) if len(found) == 1 else None


def _notes(
    course: _Course, chosen: Choice, average: Average, polarities: set[Polarity]
) -> tuple[str, ...]:
    """What the reader of the spectrum must know, most important first."""
    notes: list[str] = []
    if _truncated(course):
        total = f" of {course.opened.declared}" if course.opened.declared else ""
        whole = course.seen - len(course.damaged)
        notes.append(f"Truncated: {whole}{total} scans read.")
    if course.damaged:
        first = course.damaged[0]
        notes.append(
            f"{len(course.damaged)} of {course.seen} scans dropped as damaged; "
            f"scan {first.number}: {first.reason}."
        )
    left_out = sum(course.polarities.values()) - course.read - course.other_mode
    if left_out:
        level = f"MS level {chosen.ms_level}" if chosen.ms_level else None
        energy = f"{chosen.collision_energy:g} eV" if chosen.collision_energy is not None else None
        kind = " ".join(filter(None, (chosen.polarity, level, energy)))
        notes.append(f"{left_out} scans left out that are not {kind}.")
    if course.other_mode:
        notes.append(f"{course.other_mode} scans left out, not declared as {course.declared_mode}.")
    if chosen.polarity and not polarities:
        notes.append(f"The file states no polarity; {chosen.polarity} as asked for.")
    if course.choice.ms_level and not any(course.levels):
        notes.append(f"The file states no MS level; {chosen.ms_level} as asked for.")
    if course.choice.ms_level is None and (chosen.ms_level or 1) > 1:
        notes.append(f"The file's first scans are all of MS level {chosen.ms_level}; these read.")
    if len(course.precursors) > 1:
        notes.append("The scans averaged have different precursors.")
    if len(course.energies) > 1:
        notes.append("The scans averaged have different collision energies.")
    if course.read > 1:
        notes.append(average.note())
    return (*notes, *course.notes, *course.opened.notes, *course.dropped.notes())
