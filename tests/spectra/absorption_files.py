"""Files of absorption spectra as instruments write them, from known numbers, for the tests.

Independent of the readers: each is put together here from what the exports look like.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

NM = np.arange(300.0, 801.0, 5.0)
PEAK = np.round(
    0.8 * np.exp(-0.5 * ((NM - 420) / 30) ** 2) + 0.3 * np.exp(-0.5 * ((NM - 645) / 60) ** 2), 4
)
TIMES = (0.0, 2.0, 10.0, 60.0)
COURSE = np.array([np.round(PEAK * (1 - t / 100) + 0.001 * t, 4) for t in TIMES])


def cary(names: Sequence[str], spectra: Floats, nm: Floats = NM, y: str = "Abs") -> str:
    """Cary WinUV: pairs of columns, falling wavelengths, empty cells at the end, a log below."""
    lines = [",".join(f"{name}," for name in names) + ","]
    lines.append(",".join([f"Wavelength (nm),{y}"] * len(names)) + ",")
    for i in reversed(range(nm.size)):
        lines.append(",".join(f"{nm[i]:.6f},{spectrum[i]:.9f}" for spectrum in spectra) + ",")
    log = [
        "", names[0], "Collection Time: 3/4/2021 10:32:11 AM", "Operator Name   :",
        "Scan Software Version: 4.20(468)", "Parameter List :", "Instrument,Cary 60",
        "Start (nm),800.0", "Stop (nm),300.0", "X Mode,Nanometers", "Y Mode,Abs",
        "UV-Vis Scan Rate (nm/min),600.000", "UV-Vis Ave. Time (sec),0.1000",
        "Baseline Correction,On", "", "Method Log,", "End Method Modifications",
    ]  # fmt: skip
    return "\r\n".join(lines + log) + "\r\n"


def shimadzu(name: str = "Au44", y: Floats = PEAK, unit: str = "Abs.", comma: bool = False) -> str:
    """Shimadzu UVProbe: a quoted title, quoted headings, tabs."""
    rows = [f"{a:.2f}\t{b:.3f}" for a, b in zip(NM, y, strict=True)]
    text = "\r\n".join(rows).replace(".", "," if comma else ".")
    return f'"{name} - RawData"\r\n"Wavelength nm."\t"{unit}"\r\n{text}\r\n'


def perkin_elmer(y: Floats = PEAK, unit: str = "A") -> str:
    """PerkinElmer's ASCII of Lambda instruments."""
    head = [
        "PE UV       SUBTECH     SPECTRUM    ASCII       PEDS        4.00        ", "   -1",
        "Sample13.ASC", "21/03/04", "10:32:11.00", "21/03/04", "10:40:00.00", "analyst",
        "Ag44 in DMF", "Lambda 1050", "#HDR", "-1", "-1", "#GR", "nm", unit, "1.0", "0.0",
        "800.000000", "-5.000000", str(NM.size), "6", "1.0", "0.0", "#DATA",
    ]  # fmt: skip
    rows = [f"{NM[i]:.6f}\t{y[i]:.6f}" for i in reversed(range(NM.size))]
    return "\r\n".join(head + rows) + "\r\n"


def ocean(y: Floats = PEAK, comma: bool = False, end: bool = True, header: str = "") -> str:
    """SpectraSuite and OceanView: a header, marks around the numbers."""
    head = (
        "SpectraSuite Data File\n++++++++++++++++++++++++++++++++++++\nDate: Thu Mar 04 10:32:11\n"
        "User: lab\nSpectrometers: USB4H01234\nIntegration Time (usec): 100000 (USB4H01234)\n"
        f"Correct for Electrical Dark: Yes (USB4H01234)\n{header}"
        f"Number of Sampled Component In Use: USB4H01234\n"
        f"Number of Pixels in Processed Spectrum: {NM.size}\n"
        ">>>>>Begin Processed Spectral Data<<<<<\n"
    )
    rows = "\n".join(f"{a:.2f}\t{b:.4f}" for a, b in zip(NM, y, strict=True))
    rows = rows.replace(".", "," if comma else ".")
    return head + rows + "\n" + (">>>>>End Processed Spectral Data<<<<<\n" if end else "")


def wide(
    headings: Sequence[str], spectra: Floats = COURSE, nm: Floats = NM, delimiter: str = ",",
    corner: str = "Wavelength (nm)", decimal: str = ".",
) -> str:  # fmt: skip
    """One column of wavelengths, one for each spectrum."""
    lines = [delimiter.join([corner, *headings])]
    for i in range(nm.size):
        cells = [f"{nm[i]:.1f}", *(f"{value:.4f}" for value in spectra[:, i])]
        lines.append(delimiter.join(cells).replace(".", decimal))
    return "\n".join(lines) + "\n"


def transposed(labels: Sequence[str], corner: str = "Time (min)", spectra: Floats = COURSE) -> str:
    """Wavelengths in the first row, one spectrum in each further row."""
    lines = [",".join([corner, *(f"{nm:g}" for nm in NM)])]
    lines += [
        ",".join([label, *(f"{value:.4f}" for value in spectrum)])
        for label, spectrum in zip(labels, spectra, strict=True)
    ]
    return "\n".join(lines) + "\n"


# JCAMP-DX, encoded independently of the reader.

_SQUEEZE = {"+": "@ABCDEFGHI", "-": "@abcdefghi"}
_DIFFER = {"+": "%JKLMNOPQR", "-": "%jklmnopqr"}
_REPEAT = " STUVWXYZs"


def _coded(value: int, letters: dict[str, str]) -> str:
    digits = str(abs(value))
    return letters["-" if value < 0 else "+"][int(digits[0])] + digits[1:]


def _repeated(count: int) -> str:
    return _REPEAT[int(str(count)[0])] + str(count)[1:]


def asdf(x: Sequence[float], y: Sequence[int], form: str, per_line: int = 20) -> str:
    """Lines of a table (X++(Y..Y)) as AFFN, PAC, SQZ, DUP (of squeezed), DIF or DIFDUP."""
    lines = []
    for start in range(0, len(y), per_line):
        line, ys = f"{x[start]:g}", [int(v) for v in y[start : start + per_line]]
        if form == "AFFN":
            line += "".join(f" {v}" for v in ys)
        elif form == "PAC":
            line += "".join(f"{v:+d}" for v in ys)
        elif form in ("SQZ", "SQZDUP"):
            line += _runs([_coded(v, _SQUEEZE) for v in ys], form == "SQZDUP")
        else:
            ends_before = int(y[start - 1]) if start else ys[0]
            chain = [ends_before, *ys] if start else ys
            steps = [_coded(b - a, _DIFFER) for a, b in pairwise(chain)]
            line += _coded(chain[0], _SQUEEZE) + _runs(steps, form == "DIFDUP")
        lines.append(line)
    if form in ("DIF", "DIFDUP"):  # the last check value stands on a line of its own
        lines.append(f"{x[-1]:g}{_coded(int(y[-1]), _SQUEEZE)}")
    return "\n".join(lines) + "\n"


def _runs(tokens: list[str], repeat: bool) -> str:
    if not repeat:
        return "".join(tokens)
    out, i = "", 0
    while i < len(tokens):
        n = 1
        while i + n < len(tokens) and tokens[i + n] == tokens[i]:
            n += 1
        out += tokens[i] + (_repeated(n) if n > 1 else "")
        i += n
    return out


def jcamp(
    y: Floats = PEAK, form: str = "DIFDUP", x: Floats = NM, factor: float = 1e-4, **labels: object
) -> str:
    """A JCAMP-DX file; labels with underscores for spaces override or add to the header."""
    table = asdf([float(v) for v in x], [round(v / factor) for v in y], form)
    head: dict[str, object] = {
        "TITLE": "Ag44", "JCAMP-DX": "4.24", "DATA TYPE": "UV/VIS SPECTRUM", "ORIGIN": "lab",
        "OWNER": "public", "XUNITS": "NANOMETERS", "YUNITS": "ABSORBANCE", "XFACTOR": 1,
        "YFACTOR": factor, "FIRSTX": x[0], "LASTX": x[-1], "NPOINTS": x.size,
    }  # fmt: skip
    head |= {key.replace("_", " "): value for key, value in labels.items()}
    told = "".join(f"##{key}={value}\n" for key, value in head.items())
    return f"{told}##XYDATA=(X++(Y..Y))\n{table}##END=\n"


def spc(
    spectra: Sequence[Floats], nm: Floats = NM, *, flags: int = 0, x_type: int = 3, y_type: int = 2,
    z_type: int = 0, z: Sequence[float] = (), exponent: int = -128, version: int = 0x4B,
) -> bytes:  # fmt: skip
    """A new-format .SPC, even axis unless flags say 0x80 (one list of x) or 0xC0 (x for each).

    exponent : -128 for floats, otherwise of 32-bit whole numbers; stands in the main header, and
               for several spectra in their own ones
    """
    several = len(spectra) > 1
    flags |= 4 if several else 0
    head = struct.pack(
        "<BBBbIddIBBBBI9s9sH32s130s30sIIBBHf48sfIfB187s", flags, version, 0, exponent,
        0 if flags & 0x40 else nm.size, nm[0], nm[-1], len(spectra), x_type, y_type, z_type,
        0, 0, b"", b"", 0, b"", b"", b"", 0, 0, 0, 0, 0, 0.0, b"", 0.0, 0, 0.0, 0, b"",
    )  # fmt: skip
    out = head + (nm.astype("<f4").tobytes() if flags & 0xC0 == 0x80 else b"")
    for i, y in enumerate(spectra):
        at = z[i] if z else 0.0
        own = exponent if several else (0 if exponent != -128 else -128)
        nxt = z[i + 1] if z and i + 1 < len(z) else at
        out += struct.pack("<BbHfffIIf4s", 0, own, i, at, nxt, 0.0, y.size, 1, 0.0, b"")
        if flags & 0x40:
            out += nm.astype("<f4").tobytes()
        if exponent == -128:
            out += y.astype("<f4").tobytes()
        else:
            out += np.round(y * 2.0 ** (32 - exponent)).astype("<i4").tobytes()
    return out
