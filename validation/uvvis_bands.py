"""How well `find_bands` recovers the bands of simulated absorption spectra.

    python -m validation.uvvis_bands                            seeds 1 to 400
    python -m validation.uvvis_bands --first-seed 2001 --number 100

Each seed is one spectrum of `tests/recovery/absorption.py`: 2 to 6 bands 0.1 to 0.5 eV wide, a
tail, an offset, noise of 0.0005 to 0.005, steps of 0.2 to 2 nm, four in ten not of Gaussian bands.
Printed for all and for each shape: of bands whose second derivative stands 3 sd above noise (a
minimum of its own, which no other band shares) the share found, and found within 3 nm; how often
the 95 % interval of the position holds the true one; bands called sure where none is, per spectrum
and per call. Last, of spectra without any band, how many bands are called.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence

import numpy as np
from tests.recovery.absorption import SHAPES, Comparison, absorbing, compare

from alloyscope.constants import EV_NM
from alloyscope.spectra.absorption_spectrum import AbsorptionSpectrum
from alloyscope.uvvis.find_bands import find_bands

NEAR_NM = 3.0


def line(name: str, found: Sequence[Comparison]) -> str:
    """One row of figures."""
    seen = sum(c.visible for c in found)
    offsets = np.array([x for c in found for x in c.offsets])
    sds = np.array([x for c in found for x in c.sds])
    alone = ~np.array([x for c in found for x in c.grouped], bool)
    false, sure = sum(c.false for c in found), sum(c.n_sure for c in found)
    within = np.abs(offsets) <= NEAR_NM
    covered = np.abs(offsets) <= 1.96 * sds
    return (
        f"{name:10} {len(found):4} spectra, {seen:4} visible bands:"
        f" found {offsets.size / seen:.3f}, within 3 nm {within.sum() / seen:.3f}"
        f" (of those found {within.mean():.3f}, alone {within[alone].mean():.3f});"
        f" median offset {np.median(np.abs(offsets)):.2f} nm;"
        f" 95 % interval holds {covered.mean():.3f} (alone {covered[alone].mean():.3f});"
        f" false {false} of {sure} = {false / sure:.4f}, {false / len(found):.4f} a spectrum"
    )


def bandless(seed: int) -> AbsorptionSpectrum:
    """A spectrum that falls smoothly: a tail of one of three forms, offset and noise."""
    rng = np.random.default_rng(seed)
    wavelength = np.arange(rng.choice([300, 350, 400]), 900, rng.choice([0.5, 1, 2]))
    energy = EV_NM / wavelength
    forms = (
        np.exp((energy - energy[0]) / rng.uniform(0.3, 1.5)),
        (wavelength / wavelength[0]) ** -rng.uniform(1, 5),
        np.exp(-(((energy - energy[0] - 1) / rng.uniform(1.0, 2.0)) ** 2)),
    )
    noise = np.exp(rng.uniform(np.log(0.0005), np.log(0.005)))
    clean = rng.uniform(0, 1.5) * forms[seed % 3] + rng.uniform(-0.02, 0.05)
    return AbsorptionSpectrum(wavelength, clean + rng.normal(0, noise, wavelength.size))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--number", type=int, default=400)
    parser.add_argument("--bandless", type=int, default=100)
    parser.add_argument("--each", action="store_true", help="a line for every spectrum")
    options = parser.parse_args()
    found: list[tuple[str, Comparison]] = []
    start = time.process_time()
    for seed in range(options.first_seed, options.first_seed + options.number):
        truth = absorbing(seed)
        one = compare(truth, find_bands(truth.spectrum))
        found.append((truth.shape, one))
        off = np.abs(one.offsets) > 1.96 * np.array(one.sds)
        if options.each and (one.false or one.missed_nm or off.any()):
            print(f"{seed} {truth.shape}: false {one.false}, missed {np.round(one.missed_nm)},"
                  f" off {np.round(np.array(one.offsets)[off], 1)}", flush=True)  # fmt: skip
        if len(found) % 40 == 0:
            print(line(f"to {seed}", [c for _, c in found]), file=sys.stderr, flush=True)
    seconds = (time.process_time() - start) / max(len(found), 1)
    print(line("all", [c for _, c in found]))
    for shape in SHAPES:
        print(line(shape, [c for s, c in found if s == shape]))
    print(f"{seconds:.2f} s of processor time a spectrum")
    first = options.first_seed
    calls = [len(find_bands(bandless(s)).sure) for s in range(first, first + options.bandless)]
    print(f"without bands: {sum(calls)} called in {len(calls)} spectra")


if __name__ == "__main__":
    main()
