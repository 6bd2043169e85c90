"""Reading mzML: CPU time beside pymzdata's own bare loop, and the memory a large file takes.

usage: python benchmarks/reading.py [--size MB] [--large MB]

Both loops decode both arrays of every scan of the same file in the same run, best of three;
ours also cleans and averages the scans. A second, larger file is read in a process of its own.
"""

from __future__ import annotations

import argparse
import base64
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np

N_POINTS = 100_000
TARGET_RATIO = 1.5
TARGET_MEMORY_MB = 300
PEAK_MEMORY = """
import resource, sys, time
from alloyscope.spectra import read_mass_spectrum
start = time.perf_counter()
spectrum = read_mass_spectrum(sys.argv[1])
seconds = time.perf_counter() - start
unit = 1 if sys.platform == "darwin" else 1024
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
print(spectrum.acquisition.scans_read, len(spectrum), peak / 2**20, seconds)
"""


def array_xml(values: np.ndarray, accession: str, name: str, compress: bool) -> str:
    raw = zlib.compress(values.tobytes()) if compress else values.tobytes()
    text = base64.b64encode(raw).decode()
    packing = "MS:1000574" if compress else "MS:1000576"
    width = "MS:1000523" if values.dtype == np.float64 else "MS:1000521"
    return (
        f'<binaryDataArray encodedLength="{len(text)}">'
        f'<cvParam cvRef="MS" accession="{accession}" name="{name}" value=""/>'
        f'<cvParam cvRef="MS" accession="{packing}" name="compression" value=""/>'
        f'<cvParam cvRef="MS" accession="{width}" name="float" value=""/>'
        f"<binary>{text}</binary></binaryDataArray>\n"
    )


def scan_xml(i: int, mz: np.ndarray, intensity: np.ndarray, compress: bool) -> str:
    return (
        f'<spectrum index="{i}" id="scan={i + 1}" defaultArrayLength="{mz.size}">\n'
        '<cvParam cvRef="MS" accession="MS:1000511" name="ms level" value="1"/>\n'
        '<cvParam cvRef="MS" accession="MS:1000129" name="negative scan" value=""/>\n'
        '<cvParam cvRef="MS" accession="MS:1000128" name="profile spectrum" value=""/>\n'
        '<scanList count="1"><scan><cvParam cvRef="MS" accession="MS:1000016" '
        f'name="scan start time" value="{i / 60:.4f}" unitCvRef="UO" '
        'unitAccession="UO:0000031" unitName="minute"/></scan></scanList>\n'
        '<binaryDataArrayList count="2">\n'
        + array_xml(mz, "MS:1000514", "m/z array", compress)
        + array_xml(intensity, "MS:1000515", "intensity array", compress)
        + "</binaryDataArrayList></spectrum>\n"
    )


def write_mzml(path: Path, megabytes: float, *, compress: bool, suppressed: bool) -> int:
    """Write time-of-flight scans until the file is so large; returns their number.

    suppressed: leave zeros out, as detectors do, so that no two scans have the same points
    """
    rng = np.random.default_rng(1)
    lattice = (np.sqrt(500) + np.arange(N_POINTS) * 2.5e-4) ** 2
    mean = np.full(N_POINTS, 0.05)
    for centre in rng.integers(50, N_POINTS - 50, 400):
        mean[centre - 8 : centre + 9] += 200 * rng.random() * np.exp(-(np.linspace(-2, 2, 17) ** 2))
    scans: list[str] = []
    while not scans or sum(map(len, scans)) < 8e6:
        counts = rng.poisson(mean)
        keep = np.convolve(counts, (1, 1, 1), "same") > 0 if suppressed else slice(None)
        counts32 = counts[keep].astype(np.float32)
        scans.append(scan_xml(len(scans), lattice[keep], counts32, compress))
    n_scans = max(1, round(megabytes * 1e6 * len(scans) / sum(map(len, scans))))
    with path.open("w") as out:
        out.write('<?xml version="1.0"?>\n<mzML xmlns="http://psi.hupo.org/ms/mzml">')
        out.write(f'<run id="r"><spectrumList count="{n_scans}">\n')
        for i in range(n_scans):
            old = i % len(scans)
            names = f'index="{old}" id="scan={old + 1}"', f'index="{i}" id="scan={i + 1}"'
            out.write(scans[old].replace(*names, 1))
        out.write("</spectrumList></run></mzML>\n")
    return n_scans


def bare_loop(path: Path) -> int:
    import pymzdata

    n = 0
    for scan in pymzdata.MZReader(str(path)):
        n += len(scan.mz_array()) + len(scan.intensity_array())
    return n


def ours(path: Path) -> int:
    from alloyscope.spectra import read_mass_spectrum

    return len(read_mass_spectrum(path))


def cpu_seconds(read: Callable[[Path], int], path: Path, runs: int = 3) -> float:
    times = []
    for _ in range(runs):
        start = time.process_time()
        read(path)
        times.append(time.process_time() - start)
    return min(times)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=float, default=100, help="MB of the file timed")
    parser.add_argument("--large", type=float, default=1000, help="MB of the file weighed")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "timed.mzML"
        for packing, points in (("zlib", "all"), ("zlib", "no zeros"), ("none", "all")):
            write_mzml(path, given.size, compress=packing == "zlib", suppressed=points != "all")
            peer, own = cpu_seconds(bare_loop, path), cpu_seconds(ours, path)
            print(
                f"{path.stat().st_size / 1e6:.0f} MB, compression {packing}, points {points}: "
                f"pymzdata {peer:.2f} s, alloyscope {own:.2f} s, "
                f"ratio {own / peer:.2f} (aim {TARGET_RATIO})"
            )
        n_scans = write_mzml(path, given.large, compress=True, suppressed=True)
        done = subprocess.run(
            [sys.executable, "-c", PEAK_MEMORY, str(path)],
            check=True,
            capture_output=True,
            text=True,
        )
        read, n_points, peak, seconds = done.stdout.split()
        print(
            f"{path.stat().st_size / 1e6:.0f} MB, {read} of {n_scans} scans, {n_points} points: "
            f"{float(peak):.0f} MB of memory at most (aim {TARGET_MEMORY_MB}), "
            f"{float(seconds):.1f} s"
        )


if __name__ == "__main__":
    main()
