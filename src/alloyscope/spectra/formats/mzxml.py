"""mzXML: mzML's predecessor, scans nested in one another, m/z and intensity interleaved."""

from __future__ import annotations

import re
from collections.abc import Iterator

from alloyscope.spectra.formats.binary_array import Compression, DamagedArrayError, decode
from alloyscope.spectra.formats.markup import (
    Element,
    Grammar,
    attributes,
    elements,
    isolated,
    real_number,
    whole_number,
)
from alloyscope.spectra.formats.tape import SpectrumFile, Tape
from alloyscope.spectra.mass_spectrum import FloatArray, Mode, Polarity
from alloyscope.spectra.scan import DamagedScan, Scan, ScanFile

# A scan ends for us with its numbers: the scans nested in it come after them.
MZXML = Grammar(
    opening=re.compile(rb"<scan[\s>]"),
    payload=re.compile(rb"<peaks\b[^<>]*>"),
    closing=re.compile(rb"</(?:peaks|scan)\s*>"),
)
RUN = re.compile(rb"<msRun\b[^<>]*")
START_TAG = re.compile(rb"<[^<>]*")
PEAKS = re.compile(rb"<peaks\b[^<>]*")
PRECURSOR = re.compile(rb"<precursorMz\b([^<>]*)>([^<]*)<")
CENTROIDED = re.compile(rb"<dataProcessing\b[^<>]*\bcentroided\s*=\s*[\"']([^\"']*)")
DURATION = re.compile(r"P(?:T(?:([\d.]+)H)?(?:([\d.]+)M)?(?:([\d.eE+-]+)S)?)")
POLARITIES: dict[str, Polarity] = {"-": "negative", "+": "positive"}
MODES: dict[str, Mode] = {"0": "profile", "1": "centroid", "false": "profile", "true": "centroid"}


def read_mzxml(file: SpectrumFile) -> ScanFile:
    """Open an mzXML file; damaged scans are yielded as such, the others survive them."""
    source = file.source()
    try:
        tape = Tape(source)
        span = tape.find(MZXML.opening)
        header = tape.take(span[0]) if span else b""
    finally:
        source.close()
    run = RUN.search(header)
    mode = CENTROIDED.search(header)
    opened = ScanFile(
        "mzXML",
        iter(()),
        declared=whole_number(attributes(run.group()).get("scanCount")) if run else None,
        instrument=_named(header, b"msModel"),
        analyzer=_named(header, b"msMassAnalyzer"),
    )
    default = MODES.get(mode.group(1).decode("latin-1")) if mode else None
    opened.scans = _scans(file, opened, default)
    return opened


def _scans(
    file: SpectrumFile, opened: ScanFile, default: Mode | None
) -> Iterator[Scan | DamagedScan]:
    source = file.source()
    try:
        for number, element in enumerate(elements(Tape(source), MZXML), 1):
            try:
                arrays = _arrays(element)
            except DamagedArrayError as error:
                if element.cut:
                    opened.cut = True
                else:
                    yield DamagedScan(number, str(error))
                continue
            yield _scan(number, element, arrays, default)
        if source.damage:
            opened.notes.append(f"{source.damage[0].upper()}{source.damage[1:]}.")
    finally:
        source.close()


def _scan(
    number: int, element: Element, arrays: tuple[FloatArray, FloatArray], default: Mode | None
) -> Scan:
    start_tag = START_TAG.match(element.text)
    said = attributes(start_tag.group()) if start_tag else {}
    precursor = PRECURSOR.search(element.text)
    mz = real_number(precursor.group(2).decode("latin-1")) if precursor else None
    wide = real_number(attributes(precursor.group(1)).get("windowWideness")) if precursor else None
    half = wide / 2 if wide is not None else None
    return Scan(
        number,
        *arrays,
        scan_id=said.get("num", ""),
        polarity=POLARITIES.get(said.get("polarity", "")),
        ms_level=whole_number(said.get("msLevel"), most=20),
        time_min=_minutes(said.get("retentionTime", "")),
        continuity=MODES.get(said.get("centroided", ""), default),
        precursor_mz=mz,
        isolation=isolated(mz, half, half),
        collision_energy=real_number(said.get("collisionEnergy")),
    )


def _arrays(element: Element) -> tuple[FloatArray, FloatArray]:
    """m/z and intensity, (n_points,) each, from the pairs of one scan."""
    if not element.parts:
        raise DamagedArrayError("it has no peaks")
    text, payload = element.parts[0]
    tags = PEAKS.findall(text)
    said = attributes(tags[-1]) if tags else {}
    content = said.get("contentType", said.get("pairOrder", "m/z-int"))
    if content != "m/z-int":
        raise DamagedArrayError(f"its peaks hold '{content[:40]}' instead of m/z-int pairs")
    precision = said.get("precision", "32")
    if precision not in ("32", "64"):
        raise DamagedArrayError(f"its precision is '{precision[:40]}' instead of 32 or 64")
    named = said.get("compressionType", "none")
    if named not in ("none", "zlib", ""):
        raise DamagedArrayError(f"its compression is '{named[:40]}' instead of none or zlib")
    compression: Compression = "zlib" if named == "zlib" else "none"
    # mzXML allows only network byte order.
    pairs = decode(payload or b"", ">f8" if precision == "64" else ">f4", compression)
    if pairs.size % 2:
        raise DamagedArrayError(f"{pairs.size} values do not make pairs")
    return pairs[::2], pairs[1::2]


def _minutes(duration: str) -> float | None:
    """Minutes of an XML duration.

    >>> _minutes("PT1M30S")
    1.5
    """
    match = DURATION.fullmatch(duration)
    if match is None:
        return None
    parts = [real_number(part) if part else 0.0 for part in match.groups()]
    if None in parts or not any(match.groups()):
        return None
    hours, minutes, seconds = (part or 0.0 for part in parts)
    return 60 * hours + minutes + seconds / 60


def _named(header: bytes, tag: bytes) -> str | None:
    """The value attribute of a tag of the header."""
    found = re.search(rb"<" + tag + rb"\b[^<>]*", header)
    return attributes(found.group()).get("value") or None if found else None
