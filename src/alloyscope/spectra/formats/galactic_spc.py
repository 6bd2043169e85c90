"""Galactic's .SPC, through the optional package `spc-io`.

Measured of spc-io 0.2.1 (tests/spectra/formats/test_galactic_spc.py): float values, axes and
several spectra are right. Of whole-number values in a file with one spectrum it takes the exponent
from the spectrum's own header, which writers leave at 0, where the format says the main header's;
this is put right here. The unit of the times (z) is read from the header, since its upper layer
gives that of x. Its log block is not read, so that a damaged one costs nothing.
"""

from __future__ import annotations

import contextlib
import io
import struct
from itertools import pairwise
from typing import Any

import numpy as np

from alloyscope.errors import UnreadableSpectrum, message
from alloyscope.spectra.formats.absorption_trace import AbsorptionFile, Floats, Trace
from alloyscope.spectra.formats.absorption_units import XUnit, YUnit, x_unit_of, y_unit_of
from alloyscope.spectra.formats.text_encoding import decoded

HEADER_BYTES, SUBHEADER_BYTES = 512, 32
_VERSIONS = {0x4B: "new", 0x4C: "big-endian", 0x4D: "old"}
_LOG_OFFSET = 248  # of the log block's offset in the header
_FLOAT = -128
_ANY_ORDER = 0x08
_MOST_POINTS, _MOST_SPECTRA = 50_000_000, 100_000
_X_UNITS: dict[int, XUnit] = {1: "cm-1", 2: "um", 3: "nm", 14: "eV"}
_Y_UNITS: dict[int, YUnit] = {2: "absorbance", 11: "percent", 128: "transmittance"}
_UNITLESS = 0
_MINUTES = {4: 1 / 60, 5: 1.0, 11: 1440.0, 23: 1 / 60_000, 30: 60.0}


def looks_like_spc(head: bytes) -> bool:
    """Whether a file that starts with these bytes may be an .SPC."""
    return len(head) > 256 and head[1] in _VERSIONS and decoded(head[:HEADER_BYTES]) is None


def read_spc(data: bytes, name: str) -> AbsorptionFile:
    """Read every spectrum of an .SPC.

    Raises UnreadableSpectrum where spc-io is not installed, and for old and big-endian files, cut
    ones, and those whose values are no absorbances.
    """
    if data[1] != 0x4B:
        raise _unreadable(name, f"an .SPC of the {_VERSIONS[data[1]]} format")
    _refuse_impossible(data, name)
    raw = _parsed(data, name)
    header = raw.main_header
    x_unit, y_unit = _units(data, name)
    z_unit = _MINUTES.get(data[30])
    several = len(raw.subs) > 1
    z = _z(raw)
    traces = []
    for i, sub in enumerate(raw.subs):
        x = _axis(raw, sub)
        y = np.asarray(sub.yarray, np.float64) * _scale(header, sub)
        time = z[i] * z_unit if several and z_unit is not None else None
        name = f"spectrum {i + 1}" if time is None else f"{time:.6g} min"
        traces.append(Trace(x, y, name if several else "", x_unit, y_unit, time))
    notes = () if data[28] or data[29] else ("Units not stated: nm and absorbance assumed.",)
    return AbsorptionFile(tuple(traces), "Galactic SPC", notes=notes)


def _refuse_impossible(data: bytes, name: str) -> None:
    """Raise where the header promises more than the file holds."""
    if len(data) < HEADER_BYTES + SUBHEADER_BYTES:
        raise _unreadable(name, f"{len(data)} bytes, less than the header of an .SPC")
    flags, exponent = data[0], struct.unpack_from("<b", data, 3)[0]
    n_points, n_spectra = (struct.unpack_from("<I", data, at)[0] for at in (4, 24))
    if not 1 <= n_spectra <= _MOST_SPECTRA:
        raise _unreadable(name, f"an .SPC that declares {n_spectra} spectra")
    if flags & 0x40:
        return
    each = 2 if flags & 1 and exponent != _FLOAT else 4
    needed = HEADER_BYTES + n_spectra * (SUBHEADER_BYTES + each * n_points)
    needed += 4 * n_points if flags & 0x80 else 0
    if n_points > _MOST_POINTS or needed > len(data):
        rest = len(data) - HEADER_BYTES - SUBHEADER_BYTES - (4 * n_points if flags & 0x80 else 0)
        held = max(0, rest) // each
        found = f"{held} of {n_points} points" if n_spectra == 1 else f"{len(data)} bytes"
        expected = "as many points as the header declares"
        raise UnreadableSpectrum(
            message(name, found=found, expected=expected,
                    do="The file is cut off or damaged: copy or export it again.")
        )  # fmt: skip


def _parsed(data: bytes, name: str) -> Any:
    """spc-io's record of the file, its log block left out."""
    try:
        from spc_io.low_level.spc_raw import SpcRaw
    except ImportError:
        raise UnreadableSpectrum(
            message(name, found="a Galactic .SPC file", expected="spc-io installed to read it",
                    do="pip install 'alloyscope[spc]', or export the spectrum as CSV.")
        ) from None  # fmt: skip
    # Spectra at times in any order lie in the file one after another like all others.
    flags = bytes([data[0] & ~_ANY_ORDER])
    bare = flags + data[1:_LOG_OFFSET] + bytes(4) + data[_LOG_OFFSET + 4 :]
    try:
        # It warns of the bytes it leaves unread, which are the log's.
        with contextlib.redirect_stderr(io.StringIO()), np.errstate(all="ignore"):
            return SpcRaw.from_bytes_io(io.BytesIO(bare))
    except Exception as error:
        raise _unreadable(name, f"a damaged .SPC ({error})"[:120]) from error


def _units(data: bytes, name: str) -> tuple[XUnit, YUnit]:
    """Units by their codes, or by their labels where the file has its own."""
    labels = data[218:248].split(b"\0")
    own = data[0] & 0x20 and len(labels) >= 2
    x_said, y_said = (label.decode("latin-1") for label in labels[:2]) if own else ("", "")
    x = x_unit_of(x_said) or _X_UNITS.get(data[28])
    y = y_unit_of(y_said) or _Y_UNITS.get(data[29])
    if (x is None and data[28] != _UNITLESS) or y == "other":
        raise _unreadable(name, "an .SPC with an axis of another kind than wavelengths")
    if y is None and data[29] != _UNITLESS:
        raise _unreadable(name, "an .SPC whose values are no absorbances")
    return x or "nm", y or "absorbance"


def _axis(raw: Any, sub: Any) -> Floats:
    header = raw.main_header
    if header.ftflgs.TXYXYS:
        return np.asarray(sub.xarray, np.float64)
    if header.ftflgs.TXVALS:
        return np.asarray(raw.xarray, np.float64)
    return np.linspace(header.ffirst, header.flast, header.fnpts)


def _z(raw: Any) -> list[float]:
    """Place of each spectrum: its own where those ascend, otherwise as the increment says."""
    own = [float(sub.header.subfirst) for sub in raw.subs]
    if all(a < b for a, b in pairwise(own)):
        return own
    return [float(sub.z) if sub.z is not None else 0.0 for sub in raw.subs]


def _scale(header: Any, sub: Any) -> float:
    """What spc-io's whole-number values are to be multiplied with."""
    whole = header.fexp != _FLOAT and sub.header.subexp != _FLOAT
    if header.ftflgs.TMULTI or not whole:
        return 1.0
    return float(2.0 ** (header.fexp - sub.header.subexp))


def _unreadable(name: str, found: str) -> UnreadableSpectrum:
    return UnreadableSpectrum(
        message(name, found=found, expected="an absorption spectrum in an .SPC of today's format",
                do="Export the spectrum as CSV or JCAMP-DX.")
    )  # fmt: skip
