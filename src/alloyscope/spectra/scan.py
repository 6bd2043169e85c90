"""One scan as a reader yields it, and the file it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from alloyscope.errors import SpectrumError, message
from alloyscope.spectra.mass_spectrum import FloatArray, Mode, Polarity


@dataclass(frozen=True, eq=False)
class Scan:
    """One scan, its numbers as they stand in the file (not yet cleaned).

    number       : place in the file, from 1
    mz           : (n_points,) m/z
    intensity    : (n_points,)
    continuity   : profile or centroid, as the file declares it
    time_min     : start time, minutes
    precursor_mz : m/z selected for MS/MS
    isolation    : lowest and highest m/z let through for MS/MS
    collision_energy : eV, as it stands in the file
    """

    number: int
    mz: FloatArray
    intensity: FloatArray
    scan_id: str = ""
    polarity: Polarity | None = None
    ms_level: int | None = None
    time_min: float | None = None
    continuity: Mode | None = None
    precursor_mz: float | None = None
    isolation: tuple[float, float] | None = None
    collision_energy: float | None = None


@dataclass(frozen=True)
class DamagedScan:
    """A scan that could not be decoded, and why."""

    number: int
    reason: str


@dataclass
class ScanFile:
    """An open file: what it declares, and its scans one at a time.

    scans         : yields each scan once, so that only one is ever in memory
    declared      : number of scans the file says it holds
    chromatograms : number of chromatograms met so far
    cut           : the file was found to end within a scan
    notes         : about the file as a whole; readers add to it while they yield
    """

    file_format: str
    scans: Iterator[Scan | DamagedScan]
    declared: int | None = None
    instrument: str | None = None
    analyzer: str | None = None
    chromatograms: int = 0
    cut: bool = False
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class ScanRange:
    """Scans first to last of a file, counted from 1, both included.

    >>> ScanRange.parse("1-20")
    ScanRange(first=1, last=20)
    >>> str(ScanRange.parse("3"))
    '3'
    """

    first: int
    last: int

    def __post_init__(self) -> None:
        if not 1 <= self.first <= self.last:
            raise SpectrumError(
                message(
                    f"scans {self.first}-{self.last}",
                    found="a range that holds no scan",
                    expected='scans counted from 1, e.g. "3" or "1-20"',
                )
            )

    @classmethod
    def parse(cls, text: str) -> ScanRange:
        """Read "3" or "1-20"; raises SpectrumError for anything else."""
        first, dash, last = (part.strip() for part in text.partition("-"))
        ends = (first, last) if dash else (first, first)
        # int() would take "1_0" and digits of other scripts, and int("9"*5000) fails on its own.
        if not all(end.isascii() and end.isdigit() and len(end) < 10 for end in ends):
            raise SpectrumError(
                message("scans", found=f'"{text}"', expected='scans such as "3" or "1-20"')
            )
        return cls(int(ends[0]), int(ends[1]))

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}"

    def __contains__(self, number: int) -> bool:
        return self.first <= number <= self.last
