"""Bruker's peak lists in XML: flexAnalysis's `<pklist>` and DataAnalysis's `<ms_peaks>`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from alloyscope.spectra.formats.markup import real_number
from alloyscope.spectra.formats.tape import ByteSource, SpectrumFile
from alloyscope.spectra.mass_spectrum import Polarity
from alloyscope.spectra.scan import DamagedScan, Scan, ScanFile

POLARITIES: dict[str, Polarity] = {
    "-": "negative",
    "+": "positive",
    "negative": "negative",
    "positive": "positive",
}
LISTS = ("pklist", "ms_peaks")


def read_bruker(file: SpectrumFile) -> ScanFile:
    """Open a Bruker peak-list XML; each list in it is a scan of centroids."""
    opened = ScanFile("Bruker peak list", iter(()))
    opened.scans = _scans(file, opened)
    return opened


def _scans(file: SpectrumFile, opened: ScanFile) -> Iterator[Scan | DamagedScan]:
    from lxml import etree

    source = file.source()
    peaks: list[tuple[float, float]] = []
    polarity: Polarity | None = None
    number = unread = 0
    try:
        for event, element in _events(source):
            name = str(element.tag).rpartition("}")[2]
            if event == "start":
                if name == "ms_spectrum":
                    polarity = POLARITIES.get(element.get("polarity", ""))
            elif name == "pk":
                pair = _pair(element)
                peaks += [pair] if pair else []
                unread += pair is None
                element.clear()
            elif name in LISTS:
                number += 1
                yield _scan(number, peaks, polarity)
                peaks = []
    except etree.XMLSyntaxError as error:
        opened.notes.append(f"The XML is cut off or damaged at line {error.lineno or 1}.")
        if peaks:
            yield _scan(number + 1, peaks, polarity)
    finally:
        source.close()
    if unread:
        peak = "peak" if unread == 1 else "peaks"
        opened.notes.append(f"{unread} {peak} without a readable m/z and intensity dropped.")
    if source.damage:
        opened.notes.append(f"{source.damage[0].upper()}{source.damage[1:]}.")


def _events(source: ByteSource) -> Iterator[tuple[str, Any]]:
    """Start and end of every element; nothing outside the file is ever fetched."""
    from lxml import etree

    return iter(
        etree.iterparse(
            source,
            events=("start", "end"),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
    )


def _pair(peak: Any) -> tuple[float, float] | None:
    """m/z and intensity of a peak, from its attributes (mz, i) or children (mass, absi)."""
    mz = real_number(peak.get("mz") or peak.findtext("mass") or peak.findtext("{*}mass"))
    intensity = real_number(peak.get("i") or peak.findtext("absi") or peak.findtext("{*}absi"))
    return (mz, intensity) if mz is not None and intensity is not None else None


def _scan(number: int, peaks: list[tuple[float, float]], polarity: Polarity | None) -> Scan:
    table = np.array(peaks, np.float64).reshape(-1, 2)
    return Scan(number, table[:, 0], table[:, 1], polarity=polarity, continuity="centroid")
