"""Make `au44-ag44.mzML`: an electrospray spectrum of the Au44/Ag44 system, simulated.

Independent of alloyscope: isotopologues come one by one from IsoSpecPy with its own isotope table,
and the instrument is modelled here. What is in the spectrum, and all that the instrument does to
it, is written down below, so that the file can serve as a test with a known answer.

Mixture (p-MBA = SR, C7H5O2S as bound), shares of all ions:
  [AuxAg44-x(SR)30]4-          x = 0 to 4, and its ions with one and two Na+ for H+
  [Ag43(SR)28]3-               the fragment that has lost [Ag(SR)2]-
  [AuxAg44-x(SR)27]3-          x = 20 to 23
  [AuxAg44-x(SR)26 - H]3-      x = 41 to 44
  [Au25(SR)18 - H]2-           a known impurity
  sodium iodide clusters       foreign ions, [NanIn+1]- with n = 12 to 20

Instrument: time of flight, points evenly spaced in the square root of m/z, four to a peak width;
peaks Gaussian with an exponential tail (decay 0.5 sd), resolving power 15000 (m/z over full width
at half maximum of the Gaussian); calibrated on the peaks' centroids, but off by +6 ppm at m/z 2800
with a drift of +1.5 ppm per 1000; an ADC that gives each ion a pulse of 25 units on average,
exponentially distributed; chance counts of 0.004 ions a point; intensities below 8 units are
zeroed, and runs of zeros are left out but for one at each end. Four scans, negative mode.

    python examples/simulate.py         needs `pip install -e '.[dev]'`
"""

from __future__ import annotations

import sys
from pathlib import Path

import IsoSpecPy
import numpy as np
from numpy.typing import NDArray

ELECTRON = 0.00054857990907
SEED = 44
SCANS = 4
IONS_PER_SCAN = 150_000
RANGE = (1800.0, 4400.0)
POWER = 15_000.0
TAIL = 0.5
GAIN = 25.0
THRESHOLD = 8.0
CHANCE = 0.004


def cluster(au: int, ag: int, sr: int, charge: int, h: int = 0, na: int = 0) -> tuple[str, int]:
    atoms = {"C": 7 * sr, "H": 5 * sr + h, "O": 2 * sr, "S": sr, "Au": au, "Ag": ag, "Na": na}
    return "".join(f"{s}{n}" for s, n in atoms.items() if n), charge


def mixture() -> list[tuple[str, int, float]]:
    """(formula, charge, share of all ions)."""
    ions: list[tuple[tuple[str, int], float]] = []
    for x, share in enumerate((0.16, 0.10, 0.07, 0.04, 0.02)):
        for na, ladder in enumerate((0.78, 0.16, 0.06)):
            ions.append((cluster(x, 44 - x, 30, -4, -na, na), share * ladder))
    ions.append((cluster(0, 43, 28, -3), 0.06))
    for x, share in zip(range(20, 24), (0.03, 0.08, 0.07, 0.03), strict=True):
        ions.append((cluster(x, 44 - x, 27, -3), share))
    for x, share in zip(range(41, 45), (0.02, 0.05, 0.09, 0.08), strict=True):
        ions.append((cluster(x, 44 - x, 26, -3, -1), share))
    ions.append((cluster(25, 0, 18, -2, -1), 0.06))
    for n in range(12, 21):
        ions.append(((f"Na{n}I{n + 1}", -1), 0.004))
    total = sum(share for _, share in ions)
    return [(formula, charge, share / total) for (formula, charge), share in ions]


def isotopologues(formula: str, charge: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    found = IsoSpecPy.IsoTotalProb(0.9999, formula=formula)
    mass, share = np.array(list(found.masses)), np.array(list(found.probs))
    return (mass - charge * ELECTRON) / abs(charge), share / share.sum()


def off_calibration(mz: NDArray[np.float64]) -> NDArray[np.float64]:
    return mz * (1 + 1e-6 * (6.0 + 1.5 * (mz - 2800.0) / 1000.0))


def scan(rng: np.random.Generator, grid: NDArray[np.float64]) -> NDArray[np.float64]:
    """One scan: every ion flies by itself and leaves one pulse in one point of the grid."""
    arrivals = []
    for formula, charge, share in mixture():
        n = rng.poisson(IONS_PER_SCAN * share)
        mz, weights = isotopologues(formula, charge)
        place = off_calibration(rng.choice(mz, size=n, p=weights))
        sd = place / POWER / 2.3548
        arrivals.append(place + sd * (rng.normal(size=n) + TAIL * (rng.exponential(size=n) - 1)))
    chance = rng.poisson(CHANCE * grid.size)
    arrivals.append(rng.uniform(np.sqrt(RANGE[0]), np.sqrt(RANGE[1]), chance) ** 2)
    every = np.sqrt(np.concatenate(arrivals))
    root = np.sqrt(grid)
    point = np.rint((every - root[0]) / (root[1] - root[0])).astype(int)
    inside = (point >= 0) & (point < grid.size)
    signal = np.bincount(
        point[inside], weights=rng.exponential(GAIN, inside.sum()), minlength=grid.size
    )
    signal += rng.normal(0.0, 1.5, grid.size)
    return np.where(signal < THRESHOLD, 0.0, signal)


def grid() -> NDArray[np.float64]:
    low, high = np.sqrt(RANGE)
    middle = 0.5 * sum(RANGE)
    step = np.sqrt(middle) / POWER / 2 / 4
    return np.arange(low, high, step) ** 2


def without_zeros(signal: NDArray[np.float64]) -> NDArray[np.intp]:
    """Points that are not zero, and one zero at each side of them."""
    present = signal > 0
    beside = np.zeros_like(present)
    beside[1:] |= present[:-1]
    beside[:-1] |= present[1:]
    return np.flatnonzero(present | beside)


def write(path: Path) -> None:
    from psims.mzml import MzMLWriter

    points, rng = grid(), np.random.default_rng(SEED)
    with path.open("wb") as file, MzMLWriter(file, close=False) as out:
        out.controlled_vocabularies()
        out.file_description(["MS1 spectrum", "profile spectrum"])
        out.software_list(
            [
                {
                    "id": "simulation",
                    "version": "1",
                    "params": [
                        {"name": "custom unreleased software tool", "value": "examples/simulate.py"}
                    ],
                }
            ]
        )
        parts = [
            out.Source(1, ["electrospray ionization"]),
            out.Analyzer(2, ["time-of-flight"]),
            out.Detector(3, ["electron multiplier"]),
        ]
        out.instrument_configuration_list(
            [out.InstrumentConfiguration(id="IC1", component_list=out.ComponentList(parts))]
        )
        method = out.ProcessingMethod(
            order=1, software_reference="simulation", params=["Conversion to mzML"]
        )
        out.data_processing_list([out.DataProcessing([method], id="DP1")])
        with out.run(id="run"), out.spectrum_list(count=SCANS):
            for number in range(SCANS):
                signal = scan(rng, points)
                kept = without_zeros(signal)
                out.write_spectrum(
                    np.round(points[kept], 6), np.round(signal[kept], 1), id=f"scan={number + 1}",
                    polarity="negative scan", centroided=False, scan_start_time=0.05 * number,
                    compression="zlib",
                    params=[{"ms level": 1}, {"total ion current": float(signal.sum())}],
                )  # fmt: skip


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("au44-ag44.mzML")
    write(target)
    print(f"{target.name}: {SCANS} scans, {target.stat().st_size // 1024} kB")
