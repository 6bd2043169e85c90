"""Small mzML and mzXML files, written by hand so that tests can spoil every part of them."""

from __future__ import annotations

import base64
import zlib
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

SHARED = Path(__file__).resolve().parents[2] / ".." / "shared" / "data"


@dataclass(frozen=True)
class WrittenScan:
    mz: np.ndarray
    intensity: np.ndarray
    polarity: str | None = "negative"
    ms_level: int | None = 1
    time_min: float | None = None
    continuity: str | None = "profile"
    precursor_mz: float | None = None
    extra: str = ""
    changes: dict[str, str] = field(default_factory=dict)


def _param(accession: str, name: str, value: object = "", more: str = "") -> str:
    return f'<cvParam cvRef="MS" accession="{accession}" name="{name}" value="{value}"{more}/>'


def _array(values: np.ndarray, accession: str, name: str, compress: bool) -> str:
    wide = values.dtype == np.float64
    raw = np.ascontiguousarray(values).tobytes()
    text = base64.b64encode(zlib.compress(raw) if compress else raw).decode()
    packing = ("MS:1000574", "zlib compression") if compress else ("MS:1000576", "no compression")
    number = ("MS:1000523", "64-bit float") if wide else ("MS:1000521", "32-bit float")
    return (
        f'<binaryDataArray encodedLength="{len(text)}">{_param(*packing)}{_param(*number)}'
        f"{_param(accession, name)}<binary>{text}</binary></binaryDataArray>\n"
    )


def spectrum_xml(i: int, scan: WrittenScan, compress: bool = True) -> str:
    polarity = {"negative": "MS:1000129", "positive": "MS:1000130"}
    continuity = {"profile": "MS:1000128", "centroid": "MS:1000127"}
    params = ""
    if scan.ms_level is not None:
        params += _param("MS:1000511", "ms level", scan.ms_level)
    if scan.polarity:
        params += _param(polarity[scan.polarity], f"{scan.polarity} scan")
    if scan.continuity:
        params += _param(continuity[scan.continuity], f"{scan.continuity} spectrum")
    if scan.time_min is not None:
        more = ' unitAccession="UO:0000031" unitName="minute"'
        time = _param("MS:1000016", "scan start time", scan.time_min, more)
        params += f'<scanList count="1"><scan>{time}</scan></scanList>'
    if scan.precursor_mz is not None:
        params += (
            '<precursorList count="1"><precursor><selectedIonList count="1"><selectedIon>'
            + _param("MS:1000744", "selected ion m/z", scan.precursor_mz)
            + "</selectedIon></selectedIonList></precursor></precursorList>"
        )
    text = (
        f'<spectrum index="{i}" id="scan={i + 1}" defaultArrayLength="{len(scan.mz)}">'
        f'{params}{scan.extra}<binaryDataArrayList count="2">\n'
        + _array(scan.mz, "MS:1000514", "m/z array", compress)
        + _array(scan.intensity, "MS:1000515", "intensity array", compress)
        + "</binaryDataArrayList></spectrum>\n"
    )
    for old, new in scan.changes.items():
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


HEAD = (
    '<?xml version="1.0" encoding="utf-8"?>\n'
    '<mzML xmlns="http://psi.hupo.org/ms/mzml" version="1.1.0">'
    '<instrumentConfigurationList count="1"><instrumentConfiguration id="IC1">'
    '<cvParam cvRef="MS" accession="MS:1000632" name="Q-Tof Premier" value=""/>'
    '<componentList count="1"><analyzer order="1">'
    '<cvParam cvRef="MS" accession="MS:1000084" name="time-of-flight" value=""/>'
    "</analyzer></componentList></instrumentConfiguration></instrumentConfigurationList>"
    '<run id="run">\n'
)
CHROMATOGRAM = (
    '<chromatogramList count="1"><chromatogram index="0" id="TIC" defaultArrayLength="2">'
    '<binaryDataArrayList count="1">'
    + _array(np.array([0.1, 0.2]), "MS:1000595", "time array", False)
    + "</binaryDataArrayList></chromatogram></chromatogramList>"
)


def mzml_bytes(
    scans: list[WrittenScan],
    *,
    declared: int | None = None,
    compress: bool = True,
    chromatogram: bool = False,
) -> bytes:
    count = len(scans) if declared is None else declared
    text = HEAD + f'<spectrumList count="{count}" defaultDataProcessingRef="DP">\n'
    text += "".join(spectrum_xml(i, scan, compress) for i, scan in enumerate(scans))
    text += "</spectrumList>" + (CHROMATOGRAM if chromatogram else "") + "</run></mzML>\n"
    return text.encode()


def mzxml_bytes(scans: list[WrittenScan], *, wide: bool = True, compress: bool = False) -> bytes:
    text = (
        '<?xml version="1.0" encoding="ISO-8859-1"?>\n<mzXML>'
        f'<msRun scanCount="{len(scans)}" startTime="PT0.6S"><msInstrument>'
        '<msModel category="msModel" value="micrOTOF"/><msMassAnalyzer value="TOF"/>'
        "</msInstrument>\n"
    )
    for i, scan in enumerate(scans):
        pairs = np.column_stack((scan.mz, scan.intensity)).astype(">f8" if wide else ">f4")
        raw = zlib.compress(pairs.tobytes()) if compress else pairs.tobytes()
        sign = {"negative": "-", "positive": "+"}.get(scan.polarity or "", "any")
        text += (
            f'<scan num="{i + 1}" msLevel="{scan.ms_level}" peaksCount="{len(scan.mz)}" '
            f'polarity="{sign}" retentionTime="PT{60 * (scan.time_min or 0):.4f}S" '
            f'centroided="{int(scan.continuity == "centroid")}">'
        )
        if scan.precursor_mz:
            text += f'<precursorMz precursorIntensity="1">{scan.precursor_mz}</precursorMz>'
        text += (
            f'<peaks precision="{64 if wide else 32}" byteOrder="network" '
            f'compressionType="{"zlib" if compress else "none"}" compressedLen="{len(raw)}" '
            f'pairOrder="m/z-int">{base64.b64encode(raw).decode()}</peaks></scan>\n'
        )
    return (text + "</msRun></mzXML>\n").encode()


def tof_profile(
    n: int = 4000, start: float = 500.0, seed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """A time-of-flight profile: lattice widening with sqrt(m/z), peaks and Poisson noise."""
    rng = np.random.default_rng(seed)
    mz = (np.sqrt(start) + np.arange(n) * 2.5e-4) ** 2
    intensity = rng.poisson(0.5, n).astype(float)
    for centre in np.linspace(0.1, 0.9, 9) * n:
        intensity += 500 * np.exp(-0.5 * ((np.arange(n) - centre) / 3) ** 2)
    return mz, np.round(intensity)
