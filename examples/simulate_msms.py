"""Make `au12ag32-msms.mzML`: one precursor at eight collision energies, simulated.

Not a measurement. Independent of alloyscope: every ion is drawn by itself, with isotopes of its
own from IsoSpecPy's table, passes the isolation window or not, and falls apart by rules written
down here, so that the file can serve as a test with a known answer.

Precursor  [Au12Ag32(SR)30]4-, SR = C7H5O2S as bound, isolated with a window of m/z 2601.0 to
           2604.0, narrower than its envelope.
Losses     at a collision voltage U an ion has lost [M(SR)2]- at least once with the probability
           1 / (1 + exp((18 - U) / 2)), twice with 1 / (1 + exp((27 - U) / 2.5)) (both V). Of the
           atoms M at choice gold leaves 0.40 times as readily as silver, atom for atom. One first
           loss in twelve is [M2(SR)3]- in place of [M(SR)2]-; after that nothing more leaves.
           What leaves is an ion too. Nothing else happens.
Instrument time of flight, points evenly spaced in the square root of m/z, four to a peak width;
           peaks Gaussian, resolving power 14000; off by -4 ppm at m/z 2600 with a drift of +1 ppm
           per 1000; an ADC that gives each ion a pulse of 25 units on average, exponentially
           distributed; electronic noise of 1.5 units; intensities below 8 units are zeroed, and
           runs of zeros are left out but for one at each end. One scan a voltage, negative mode.

    python examples/simulate_msms.py         needs `pip install -e '.[dev]'`
"""

from __future__ import annotations

import sys
from pathlib import Path

import IsoSpecPy
import numpy as np
from numpy.typing import NDArray
from simulate import ELECTRON, GAIN, without_zeros

Atoms = dict[str, NDArray[np.int64]]
SEED = 1232
VOLTAGES = (8.0, 12.0, 15.0, 18.0, 21.0, 24.0, 28.0, 34.0)
IONS = 14_000
WINDOW = (2601.0, 2604.0)
RANGE = (395.0, 4900.0)
POWER = 14_000.0
THRESHOLD = 8.0
GOLD, DOUBLE = 0.40, 1 / 12
ELEMENTS = ("Au", "Ag", "C", "H", "O", "S")


def isotopes() -> dict[str, tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """Masses and probabilities of each element."""
    found = {}
    for symbol in ELEMENTS:
        one = IsoSpecPy.IsoTotalProb(1.0, formula=f"{symbol}1")
        share = np.array(list(one.probs))
        found[symbol] = np.array(list(one.masses)), share / share.sum()
    return found


def whole(rng: np.random.Generator, n: int) -> Atoms:
    """(n, isotopes) atoms of each isotope in n ions of the precursor."""
    counts = {"Au": 12, "Ag": 32, "C": 210, "H": 150, "O": 60, "S": 30}
    return {s: rng.multinomial(counts[s], p, size=n) for s, (_, p) in isotopes().items()}


def mass(atoms: Atoms) -> NDArray[np.float64]:
    table = isotopes()
    return np.asarray(sum(atoms[s] @ table[s][0] for s in ELEMENTS))


def mz(atoms: Atoms, charge: int) -> NDArray[np.float64]:
    return np.asarray((mass(atoms) + charge * ELECTRON) / charge)


def taken(rng: np.random.Generator, atoms: Atoms, lost: Atoms) -> tuple[Atoms, Atoms]:
    """Split ions: atoms at random to the piece that leaves, lost[symbol] (n,) of each element."""
    left, gone = {}, {}
    for symbol, held in atoms.items():
        need, rest, piece = lost[symbol].copy(), held.copy(), np.zeros_like(held)
        pool = held.sum(axis=1)
        for k in range(held.shape[1]):
            others = pool - held[:, k]
            piece[:, k] = rng.hypergeometric(held[:, k], others, need)
            need, pool = need - piece[:, k], others
        left[symbol], gone[symbol] = rest - piece, piece
    return left, gone


def chosen(rows: Atoms, at: NDArray[np.bool_]) -> Atoms:
    return {symbol: held[at] for symbol, held in rows.items()}


def lost_atoms(rng: np.random.Generator, atoms: Atoms, metals: int, ligands: int) -> Atoms:
    """How many of each element leave with metals of random kind and so many ligands."""
    n = len(atoms["Au"])
    gold, silver = atoms["Au"].sum(axis=1), atoms["Ag"].sum(axis=1)
    taken_gold = np.zeros(n, np.int64)
    for done in range(metals):
        weight = GOLD * (gold - taken_gold)
        other = silver - (done - taken_gold)
        taken_gold += rng.random(n) < weight / (weight + other)
    whole_ones = {"C": 7, "H": 5, "O": 2, "S": 1}
    counts = {s: np.full(n, ligands * per, np.int64) for s, per in whole_ones.items()}
    return {"Au": taken_gold, "Ag": metals - taken_gold, **counts}


def ions(rng: np.random.Generator, voltage: float) -> NDArray[np.float64]:
    """m/z of all ions that reach the detector."""
    atoms = whole(rng, IONS)
    at = mz(atoms, 4)
    atoms = chosen(atoms, (at >= WINDOW[0]) & (at <= WINDOW[1]))
    n = len(atoms["Au"])
    ever = rng.random(n)
    once = ever < 1 / (1 + np.exp((18.0 - voltage) / 2.0))
    again = ever < 1 / (1 + np.exp((27.0 - voltage) / 2.5))
    double = rng.random(n) < DOUBLE
    found = [mz(chosen(atoms, ~once), 4)]
    pair = chosen(atoms, once & double)
    left, gone = taken(rng, pair, lost_atoms(rng, pair, 2, 3))
    found += [mz(left, 3), mz(gone, 1)]
    single = chosen(atoms, once & ~double)
    left, gone = taken(rng, single, lost_atoms(rng, single, 1, 2))
    more = again[once & ~double]
    found += [mz(chosen(left, ~more), 3), mz(gone, 1)]
    two = chosen(left, more)
    left, gone = taken(rng, two, lost_atoms(rng, two, 1, 2))
    return np.concatenate([*found, mz(left, 2), mz(gone, 1)])


def grid() -> NDArray[np.float64]:
    low, high = np.sqrt(RANGE)
    step = np.sqrt(2600.0) / POWER / 2 / 4
    return np.asarray(np.arange(low, high, step) ** 2)


def scan(
    rng: np.random.Generator, points: NDArray[np.float64], voltage: float
) -> NDArray[np.float64]:
    came = ions(rng, voltage)
    place = came * (1 + 1e-6 * (-4.0 + 1.0 * (came - 2600.0) / 1000.0))
    place += place / POWER / 2.3548 * rng.normal(size=place.size)
    root = np.sqrt(points)
    at = np.rint((np.sqrt(place) - root[0]) / (root[1] - root[0])).astype(int)
    inside = (at >= 0) & (at < points.size)
    pulses = rng.exponential(GAIN, int(inside.sum()))
    signal = np.bincount(at[inside], weights=pulses, minlength=points.size)
    signal = signal + rng.normal(0.0, 1.5, points.size)
    return np.where(signal < THRESHOLD, 0.0, signal)


def write(path: Path) -> None:
    from psims.mzml import MzMLWriter

    points, rng = grid(), np.random.default_rng(SEED)
    middle = sum(WINDOW) / 2
    with path.open("wb") as file, MzMLWriter(file, close=False) as out:
        out.controlled_vocabularies()
        out.file_description(["MSn spectrum", "profile spectrum"])
        said = {"name": "custom unreleased software tool", "value": "examples/simulate_msms.py"}
        out.software_list([{"id": "simulation", "version": "1", "params": [said]}])
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
        with out.run(id="run"), out.spectrum_list(count=len(VOLTAGES)):
            for number, voltage in enumerate(VOLTAGES):
                signal = scan(rng, points, voltage)
                kept = without_zeros(signal)
                out.write_spectrum(
                    np.round(points[kept], 5), np.round(signal[kept]).astype(np.float32),
                    id=f"scan={number + 1}", polarity="negative scan", centroided=False,
                    scan_start_time=0.5 * number, compression="zlib", params=[{"ms level": 2}],
                    precursor_information={
                        "mz": middle, "charge": 4,
                        "isolation_window": [middle - WINDOW[0], middle, WINDOW[1] - middle],
                        "activation": ["collision-induced dissociation",
                                       {"collision energy": voltage}],
                    },
                )  # fmt: skip


if __name__ == "__main__":
    default = Path(__file__).with_name("au12ag32-msms.mzML")
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else default
    write(target)
    print(f"{target.name}: {len(VOLTAGES)} scans, {target.stat().st_size // 1024} kB")
