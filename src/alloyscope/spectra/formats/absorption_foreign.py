"""Files of UV-vis instruments that are known but not read, and how to export from each."""

from __future__ import annotations

from dataclasses import dataclass

from alloyscope.spectra.formats.foreign import FOREIGN_FILES

CSV = "Export the spectrum as CSV: wavelength and absorbance."


@dataclass(frozen=True)
class Vendor:
    """A program whose own files hold spectra in a form that is not read.

    marks    : bytes near the start of its files that give it away
    suffixes : of its files, for those without such bytes
    what     : the file's name, with article; advice: what to do in that program
    """

    marks: tuple[bytes, ...]
    suffixes: tuple[str, ...]
    what: str
    advice: str


VENDORS = (
    Vendor(
        (b"Varian UV-VIS-NIR", b"TStoreString", b"TContinuumStore"),
        (".dsw", ".bsw", ".msw"),
        "a Cary WinUV data file",
        "In Cary WinUV: File > Save Data As, Spreadsheet ASCII (*.csv).",
    ),
    Vendor(
        (b"PEPE",),
        (".sp",),
        "a PerkinElmer binary spectrum",
        "In UV WinLab: File > Export, ASCII (*.asc) or CSV.",
    ),
    Vendor(
        (b"Data File\0", b"Method File"),
        (".sd", ".kd"),
        "an Agilent 8453 ChemStation file",
        "In ChemStation: File > Export Selected Spectrum As, CSV.",
    ),
    Vendor(
        (b"UVPC", b"SHIMADZU"),
        (".spc", ".unk", ".pho", ".kin", ".vspd"),
        "a Shimadzu UVProbe file",
        "In UVProbe: File > Save As, ASCII (*.txt).",
    ),
    Vendor(
        (b"JASCO", b"JWS"),
        (".jws", ".jwb"),
        "a JASCO Spectra Manager file",
        "In Spectra Manager: File > Export, text or JCAMP-DX.",
    ),
    Vendor((), (".sre", ".uvd", ".twbk"), "an instrument's own file", CSV),
)
_NOT_FOREIGN = b"##TITLE"


def absorption_foreign(head: bytes, suffix: str) -> tuple[str, str] | None:
    """What a file is that is not read, with what to do; None where nothing is known against it.

    head : its first bytes; suffix: of its name, which counts only for bytes that are no text
    """
    lowered = head[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if lowered.startswith((b"<!doctype html", b"<html")):
        return "a web page", CSV
    if lowered.startswith(b"<"):
        return _markup(head)
    for kind in FOREIGN_FILES:
        if kind.magic != _NOT_FOREIGN and kind.matches(head):
            vendor = _by_suffix(suffix)
            return (vendor.what, vendor.advice) if vendor else (kind.what, CSV)
    return None


def binary_kind(head: bytes, suffix: str) -> tuple[str, str]:
    """What a file of bytes that are no text is, with what to do."""
    for vendor in VENDORS:
        if any(mark in head[:4096] for mark in vendor.marks):
            return vendor.what, vendor.advice
    known = _by_suffix(suffix)
    return (known.what, known.advice) if known else ("bytes that are no text", CSV)


def _by_suffix(suffix: str) -> Vendor | None:
    return next((vendor for vendor in VENDORS if suffix.lower() in vendor.suffixes), None)


def _markup(head: bytes) -> tuple[str, str]:
    mass = (b"<mzML", b"<indexedmzML", b"<mzXML", b"<msRun", b"<pklist", b"<ms_peaks", b"<ms_spec")
    if any(tag in head for tag in mass):
        return "a mass spectrum", "Read it with alloyscope assign."
    return "XML", CSV
