"""mzML: PSI's format, one `<spectrum>` after another."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import TypeVar

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
from alloyscope.spectra.formats.pymzdata_arrays import PymzdataArrays
from alloyscope.spectra.formats.tape import SpectrumFile, Tape
from alloyscope.spectra.mass_spectrum import FloatArray
from alloyscope.spectra.scan import DamagedScan, Scan, ScanFile

MZML = Grammar(
    opening=re.compile(rb"<(?:spectrum|chromatogram)[\s>]"),
    payload=re.compile(rb"<binary\s*/?>"),
    closing=re.compile(rb"</(?:spectrum|chromatogram)\s*>"),
)
CV_PARAM = re.compile(rb"<cvParam\b[^<>]*")
GROUP = re.compile(rb"<referenceableParamGroup\s[^<>]*>.*?</referenceableParamGroup\s*>", re.S)
GROUP_REF = re.compile(rb"<referenceableParamGroupRef\b[^<>]*")
SPECTRUM_LIST = re.compile(rb"<spectrumList\b[^<>]*")
INSTRUMENT = re.compile(rb"<instrumentConfiguration\s[^<>]*>(.*?)<componentList", re.S)
ANALYZER = re.compile(rb"<analyzer\b[^<>]*>(.*?)</analyzer", re.S)
START_TAG = re.compile(rb"<[^<>]*")
# A header with thousands of source files stays below this.
LONGEST_HEADER = 1 << 24

# Accessions of the PSI-MS and unit vocabularies.
MS_LEVEL, START_TIME = "MS:1000511", "MS:1000016"
NEGATIVE, POSITIVE = "MS:1000129", "MS:1000130"
CENTROID, PROFILE = "MS:1000127", "MS:1000128"
SELECTED_ION, ISOLATION_TARGET = "MS:1000744", "MS:1000827"
ISOLATION_BELOW, ISOLATION_ABOVE = "MS:1000828", "MS:1000829"
COLLISION_ENERGY = "MS:1000045"
MZ_ARRAY, INTENSITY_ARRAY = "MS:1000514", "MS:1000515"
SERIAL_NUMBER, INSTRUMENT_MODEL = "MS:1000529", "MS:1000031"
SECOND = "UO:0000010"
DTYPES = {"MS:1000523": "<f8", "MS:1000521": "<f4", "MS:1000522": "<i8", "MS:1000519": "<i4"}
COMPRESSIONS: dict[str, Compression] = {"MS:1000574": "zlib", "MS:1000576": "none"}

Choice = TypeVar("Choice", bound=str)
Params = dict[str, dict[str, str]]  # accession -> attributes of its cvParam


@dataclass(frozen=True)
class _Header:
    """What stands before the first spectrum."""

    groups: dict[str, Params]
    declared: int | None
    instrument: str | None
    analyzer: str | None


def read_mzml(file: SpectrumFile) -> ScanFile:
    """Open an mzML file; damaged scans are yielded as such, the others survive them."""
    header = _header(file)
    opened = ScanFile(
        "mzML",
        iter(()),
        declared=header.declared,
        instrument=header.instrument,
        analyzer=header.analyzer,
    )
    opened.scans = _scans(file, header, opened)
    return opened


def _scans(file: SpectrumFile, header: _Header, opened: ScanFile) -> Iterator[Scan | DamagedScan]:
    """Scans by pymzdata while the file is as it should be, from the first fault on by ourselves.

    pymzdata decodes twice as fast, but at a fault it stops, without a word or with a panic.
    """
    left = yield from _fast_scans(file, header, opened)
    if left is not None:
        yield from _slow_scans(file, header, opened, *left)


def _fast_scans(
    file: SpectrumFile, header: _Header, opened: ScanFile
) -> Generator[Scan, None, tuple[int, int] | None]:
    """Scans by pymzdata; returns how many, and the byte where the first fault lies, if any."""
    if file.gzipped:  # pymzdata refuses it
        return 0, 0
    number = 0
    source = file.source()
    with PymzdataArrays(file.path) as decoder:
        try:
            for element in elements(Tape(source), MZML, skip_payloads=True):
                if element.whole and element.is_a(b"chromatogram"):
                    opened.chromatograms += 1
                    continue
                start_tag = START_TAG.match(element.text)
                safe = start_tag and element.whole and _plainly_packed(element, header.groups)
                said = attributes(start_tag.group()) if start_tag and safe else {}
                arrays = decoder.next_arrays(said) if said else None
                if arrays is None:
                    return number, element.start
                number += 1
                yield _scan(number, element, arrays, header.groups)
        finally:
            source.close()
    return None


def _plainly_packed(element: Element, groups: dict[str, Params]) -> bool:
    """Whether both arrays are floats, plain or zlib, as our own decoder takes them.

    pymzdata takes the process down with it when a damaged MS-Numpress array is decoded.
    """
    if len(element.parts) != 2:
        return False
    for text, _ in element.parts:
        params = _params(text[_first_array(text) :], groups)
        packed = [key for key, p in params.items() if "ompression" in p.get("name", "")]
        numbers = [DTYPES[key] for key in params if key in DTYPES]
        if len(packed) != 1 or packed[0] not in COMPRESSIONS:
            return False
        if len(numbers) != 1 or numbers[0] not in ("<f8", "<f4"):
            return False
    return True


def _slow_scans(
    file: SpectrumFile, header: _Header, opened: ScanFile, number: int, start: int
) -> Iterator[Scan | DamagedScan]:
    """The scans from byte `start` on, each decoded by itself."""
    source = file.source(start)
    try:
        for element in elements(Tape(source, start), MZML):
            if element.is_a(b"chromatogram"):
                opened.chromatograms += 1
                continue
            number += 1
            try:
                arrays = _arrays(element, header.groups)
            except DamagedArrayError as error:
                if element.cut:
                    opened.cut = True
                else:
                    yield DamagedScan(number, str(error))
                continue
            yield _scan(number, element, arrays, header.groups)
        if source.damage:
            opened.notes.append(f"{source.damage[0].upper()}{source.damage[1:]}.")
    finally:
        source.close()


def _scan(
    number: int,
    element: Element,
    arrays: tuple[FloatArray, FloatArray],
    groups: dict[str, Params],
) -> Scan:
    """A scan's numbers with what its text says about them."""
    text = element.text
    start_tag = START_TAG.match(text)
    params = _params(text[: _first_array(text)], groups)
    return Scan(
        number,
        *arrays,
        scan_id=attributes(start_tag.group()).get("id", "") if start_tag else "",
        polarity=_one_of(params, {NEGATIVE: "negative", POSITIVE: "positive"}),
        ms_level=whole_number(_value(params, MS_LEVEL), most=20),
        time_min=_minutes(params.get(START_TIME)),
        continuity=_one_of(params, {PROFILE: "profile", CENTROID: "centroid"}),
        precursor_mz=real_number(_value(params, SELECTED_ION) or _value(params, ISOLATION_TARGET)),
        isolation=isolated(*(real_number(_value(params, accession)) for accession in
                             (ISOLATION_TARGET, ISOLATION_BELOW, ISOLATION_ABOVE))),
        collision_energy=real_number(_value(params, COLLISION_ENERGY)),
    )  # fmt: skip


def _arrays(element: Element, groups: dict[str, Params]) -> tuple[FloatArray, FloatArray]:
    """m/z and intensity of one scan; raises DamagedArrayError if either is missing or broken."""
    found: dict[str, FloatArray] = {}
    for text, payload in element.parts:
        params = _params(text[_first_array(text) :], groups)
        for accession, name in ((MZ_ARRAY, "m/z"), (INTENSITY_ARRAY, "intensity")):
            if accession in params and payload is not None:
                found[name] = _decoded(payload, params)
    missing = [name for name in ("m/z", "intensity") if name not in found]
    if missing:
        raise DamagedArrayError(f"it has no {missing[0]} array")
    mz, intensity = found["m/z"], found["intensity"]
    if mz.size != intensity.size:
        raise DamagedArrayError(f"{mz.size} m/z values but {intensity.size} intensities")
    return mz, intensity


def _decoded(payload: bytes, params: Params) -> FloatArray:
    dtype = next((DTYPES[key] for key in params if key in DTYPES), None)
    compression = next((COMPRESSIONS[key] for key in params if key in COMPRESSIONS), None)
    if compression is None:
        names = [p.get("name", "") for p in params.values() if "ompression" in p.get("name", "")]
        raise DamagedArrayError(
            f"its compression is {names[0] if names else 'not stated'}; "
            "msconvert FILE --mzML --zlib writes one that can be read"
        )
    if dtype is None:
        raise DamagedArrayError("the type of its numbers is not stated")
    return decode(payload, dtype, compression)


def _first_array(text: bytes) -> int:
    """Where the text about an array starts, in the text before its base64."""
    at = max(text.rfind(b"<binaryDataArray "), text.rfind(b"<binaryDataArray>"))
    return at if at >= 0 else len(text)


def _params(text: bytes, groups: dict[str, Params]) -> Params:
    """Accession -> attributes of every cvParam in the text, groups it refers to included."""
    params: Params = {}
    if b"<referenceableParamGroupRef" in text:
        for ref in GROUP_REF.findall(text):
            params.update(groups.get(attributes(ref).get("ref", ""), {}))
    for tag in CV_PARAM.findall(text):
        found = attributes(tag)
        # The first one counts: a scan's own start time comes before those of later sub-scans.
        params.setdefault(found.get("accession", ""), found)
    return params


def _value(params: Params, accession: str) -> str | None:
    return params[accession].get("value") if accession in params else None


def _one_of(params: Params, names: dict[str, Choice]) -> Choice | None:
    """The name of the one accession of several that is there; None for none or for two."""
    found = [name for accession, name in names.items() if accession in params]
    return found[0] if len(found) == 1 else None


def _minutes(param: dict[str, str] | None) -> float | None:
    """Start time in minutes, whatever unit it is written in."""
    if param is None:
        return None
    time = real_number(param.get("value"))
    in_seconds = param.get("unitAccession") == SECOND or param.get("unitName") == "second"
    return time / 60 if time is not None and in_seconds else time


def _header(file: SpectrumFile) -> _Header:
    """Read what stands before the first spectrum."""
    source = file.source()
    try:
        tape = Tape(source)
        span = tape.find(MZML.opening)
        text = tape.take(span[0]) if span else file.head(LONGEST_HEADER)
    finally:
        source.close()
    groups = {
        attributes(group[: group.find(b">")]).get("id", ""): _params(group, {})
        for group in GROUP.findall(text)
    }
    listed = SPECTRUM_LIST.search(text)
    return _Header(
        groups,
        declared=whole_number(attributes(listed.group()).get("count")) if listed else None,
        instrument=_instrument(INSTRUMENT.search(text), groups),
        analyzer=_analyzer(ANALYZER.search(text), groups),
    )


def _instrument(found: re.Match[bytes] | None, groups: dict[str, Params]) -> str | None:
    """Model of the instrument, as far as it is named."""
    params = _params(found.group(1), groups) if found else {}
    params.pop(SERIAL_NUMBER, None)
    names = [p.get("value") or p.get("name") for a, p in params.items() if a != INSTRUMENT_MODEL]
    names += [p.get("value") for a, p in params.items() if a == INSTRUMENT_MODEL]
    return next((name for name in names if name), None)


def _analyzer(found: re.Match[bytes] | None, groups: dict[str, Params]) -> str | None:
    params = _params(found.group(1), groups) if found else {}
    return next((p["name"] for p in params.values() if p.get("name")), None)
