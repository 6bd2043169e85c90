"""Read a mass spectrum from a file of any format alloyscope knows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from alloyscope.errors import EmptySpectrum, UnreadableSpectrum, message
from alloyscope.spectra.formats.bruker import read_bruker
from alloyscope.spectra.formats.foreign import folder_kind, foreign_kind
from alloyscope.spectra.formats.mzml import read_mzml
from alloyscope.spectra.formats.mzxml import read_mzxml
from alloyscope.spectra.formats.tape import GZIP_MAGIC, SpectrumFile
from alloyscope.spectra.formats.text import read_text
from alloyscope.spectra.gather import Choice, Progress, gather
from alloyscope.spectra.mass_spectrum import CentroidSpectrum, Mode, Polarity, ProfileSpectrum
from alloyscope.spectra.scan import DamagedScan, ScanFile, ScanRange

HEAD = 1 << 16
ROOT = re.compile(rb"<([A-Za-z][\w:.-]*)[\s/>]")


@dataclass(frozen=True)
class Format:
    """A file format: its name, how its first bytes look, and what reads it."""

    name: str
    signature: re.Pattern[bytes]
    reader: Callable[[SpectrumFile], ScanFile]

    def sniff(self, head: bytes) -> bool:
        """Whether a file that starts with these bytes is of this format."""
        return self.signature.search(head) is not None


# By content, never by extension; the first that fits. Text fits whatever is no XML.
FORMATS = (
    Format("mzML", re.compile(rb"<(?:indexed)?mzML[\s>]|<spectrumList\s"), read_mzml),
    Format("mzXML", re.compile(rb"<mzXML[\s>]|<msRun[\s>]"), read_mzxml),
    Format(
        "Bruker peak list",
        re.compile(rb"<pklist[\s>]|<ms_peaks[\s>]|<ms_spectrum[\s>]"),
        read_bruker,
    ),
    Format("text", re.compile(rb"(?s)^(?!(?:\xef\xbb\xbf)?\s*<(?:\?xml|!--|[A-Za-z]))"), read_text),
)


def read_mass_spectrum(
    path: str | Path,
    *,
    scans: ScanRange | None = None,
    ms_level: int | None = None,
    polarity: Polarity | None = None,
    mode: Mode | None = None,
    collision_energy: float | None = None,
    progress: Progress | None = None,
) -> ProfileSpectrum | CentroidSpectrum:
    """Read a file and average its scans into one spectrum.

    path     : mzML, mzXML, a Bruker peak list in XML, or two columns of text; each may be gzipped
    scans    : scan numbers to average, counted from 1; all when None
    ms_level : of the scans to average; the lowest of the first scans when None
    polarity : of the scans to average; that of the first scan when None
    mode     : read as profile or as centroid whatever the file and the data say
    collision_energy : eV, of the scans to average, exactly as the file states it; all when None
    progress : called after each scan with the scans done and the total the file declares
    Intensities are the mean of the scans; `acquisition.scans_read` turns them into sums, and
    `acquisition.notes` says what was dropped or assumed.
    Raises UnreadableSpectrum for a file that cannot be read, SpectrumError for scans it does not
    hold, EmptySpectrum when nothing but zeros is left.
    """
    path = Path(path)
    choice = Choice(scans, ms_level, polarity, mode, collision_energy)
    return gather(open_scans(path), choice, path.name, progress)


def open_scans(path: Path) -> ScanFile:
    """Open a file in the format its content shows; raises UnreadableSpectrum if it is none."""
    if path.is_dir():
        path = path.resolve()
        raise _unreadable(path, folder_kind(path), f"Convert it: msconvert {path.name} --mzML")
    try:
        with path.open("rb") as raw:
            gzipped = raw.read(2) == GZIP_MAGIC
        file = SpectrumFile(path, gzipped)
        head = file.head(HEAD)
    except FileNotFoundError:
        raise _unreadable(path, "no such file", "Check the name and the folder.") from None
    except (OSError, ValueError) as error:
        found = f"a file that cannot be opened ({getattr(error, 'strerror', None) or error})"
        raise _unreadable(path, found, "Check its permissions.") from error
    if not head:
        found = "an empty gzip file" if gzipped else "an empty file"
        raise EmptySpectrum(message(path.name, found=found, expected="a mass spectrum"))
    return _format(head, path).reader(file)


def _format(head: bytes, path: Path) -> Format:
    foreign = foreign_kind(head)
    if foreign is not None:
        raise _unreadable(path, foreign.what, foreign.advice.format(name=path.name))
    for candidate in FORMATS:
        if candidate.sniff(head):
            return candidate
    root = ROOT.search(head)
    named = f" <{root.group(1)[:40].decode('latin-1')}>" if root else ""
    raise _unreadable(path, f"XML of another kind{named}", f"msconvert {path.name} --mzML")


def _unreadable(path: Path, found: str, do: str) -> UnreadableSpectrum:
    expected = "mzML, mzXML, a Bruker peak list or two columns of text"
    return UnreadableSpectrum(message(path.name, found=found, expected=expected, do=do))


@dataclass(frozen=True)
class FileOverview:
    """What is in a file, scan by scan but without averaging.

    scans         : number of scans that could be read; damaged: of those that could not
    scans_declared: number the file says it holds
    ms_levels     : scans of each MS level
    polarities    : scans of each polarity; None where not stated
    time_min      : first and last start time, minutes
    mz_range      : smallest and largest m/z of all scans
    """

    source: str
    file_format: str
    scans: int
    damaged: int
    scans_declared: int | None
    ms_levels: dict[int | None, int]
    polarities: dict[Polarity | None, int]
    time_min: tuple[float, float] | None
    mz_range: tuple[float, float] | None
    chromatograms: int
    instrument: str | None
    analyzer: str | None


def overview(path: str | Path, *, progress: Progress | None = None) -> FileOverview:
    """Go once through a file and count what it holds; raises UnreadableSpectrum if it is none."""
    path = Path(path)
    opened = open_scans(path)
    levels: Counter[int | None] = Counter()
    polarities: Counter[Polarity | None] = Counter()
    times: list[float] = []
    ends: list[float] = []
    n_damaged = 0
    for scan in opened.scans:
        if progress is not None:
            progress(scan.number, opened.declared)
        if isinstance(scan, DamagedScan):
            n_damaged += 1
            continue
        levels[scan.ms_level] += 1
        polarities[scan.polarity] += 1
        times += [scan.time_min] if scan.time_min is not None else []
        plausible = scan.mz[(scan.mz > 0) & (scan.mz < float("inf"))]
        if plausible.size:
            ends = [min([*ends, float(plausible.min())]), max([*ends, float(plausible.max())])]
    return FileOverview(
        source=path.name,
        file_format=opened.file_format,
        scans=sum(levels.values()),
        damaged=n_damaged,
        scans_declared=opened.declared,
        ms_levels=dict(levels),
        polarities=dict(polarities),
        time_min=(min(times), max(times)) if times else None,
        mz_range=(ends[0], ends[-1]) if ends else None,
        chromatograms=opened.chromatograms,
        instrument=opened.instrument,
        analyzer=opened.analyzer,
    )


@dataclass(frozen=True)
class Activation:
    """How ions were made to fragment in scans of one file.

    collision_energy : eV, as the file states it; None where it does not
    scans            : how many
    """

    collision_energy: float | None
    scans: int


def activations(path: str | Path, *, progress: Progress | None = None) -> tuple[Activation, ...]:
    """Collision energies of the MS/MS scans of a file, ascending; () where it has none.

    Raises UnreadableSpectrum if it is no file of spectra.
    """
    opened = open_scans(Path(path))
    found: Counter[float | None] = Counter()
    for scan in opened.scans:
        if progress is not None:
            progress(scan.number, opened.declared)
        if not isinstance(scan, DamagedScan) and (scan.ms_level or 1) > 1:
            found[scan.collision_energy] += 1
    order = sorted(found, key=lambda energy: -1.0 if energy is None else energy)
    return tuple(Activation(energy, found[energy]) for energy in order)
