"""Unknown spectra beside the peers: error and time, in one run.

    python -m benchmarks.uvvis [--rounds 3]

needs `pip install -e '.[bench]'`. A to B to C in 60 spectra from 350 to 850 nm, and four
overlapping components one after the other, noise of 0.2 % of the largest absorbance. pyMCR gets the
same data and the same first spectra (the purest rows) as alloyscope, with non-negative least
squares for both factors and up to 1000 rounds. Where one spectrum is known, pyMCR is told it too.
Errors are root mean squares against the truth, spectra scaled to a maximum of 1, profiles to the
scale that goes with it; `residual` is chi square per degree of freedom. Neither error is a
merit of a method where factors can be turned into one another, so that the last column has what
alloyscope adds: how much of the true spectra lies in the ranges that it tells. CPU time, the best
of several rounds, one thread.

pyglotaran pins an older numpy and cannot be installed beside this project. ALLOYSCOPE_GLOTARAN
may name a python that has it: then its kinetic model (A to B to C, true mechanism, rates started
at half their values) fits the first data set, and `species_spectra` gets the populations of its
rates for comparison.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import subprocess
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from alloyscope.numerics.nonnegative_factors import nonnegative_factors, purest
from alloyscope.spectra.absorption_spectrum import AbsorptionSeries
from alloyscope.uvvis.hard import species_spectra
from alloyscope.uvvis.nuisance import Nuisance
from alloyscope.uvvis.unmix import unmix

Floats = NDArray[np.float64]
Found = tuple[Floats, Floats]
WAVELENGTH = np.arange(350.0, 851.0, 2.0)
NOISE = 0.002
RATES = (0.5, 0.2)

GLOTARAN = r"""
import json, sys, time
import numpy as np, xarray as xr
from glotaran.io import load_model, load_parameters
from glotaran.optimization.optimize import optimize
from glotaran.project import Scheme
given = json.load(sys.stdin)
data = xr.DataArray(np.array(given["data"]), coords=[("time", given["time"]),
                    ("spectral", given["wavelength"])]).to_dataset(name="data")
model = load_model('''
default_megacomplex: decay
initial_concentration:
  c0:
    compartments: [A, B, C]
    parameters: [c.1, c.0, c.0]
k_matrix:
  k1:
    matrix:
      (B, A): k.1
      (C, B): k.2
      (C, C): k.0
megacomplex:
  m1:
    k_matrix: [k1]
dataset:
  d1:
    megacomplex: [m1]
    initial_concentration: c0
''', format_name="yml_str")
parameters = load_parameters(f'''
k:
  - ["1", {given["rates"][0] / 2}]
  - ["2", {given["rates"][1] / 2}]
  - ["0", 1e-6, {{"vary": False}}]
c:
  - ["0", 0, {{"vary": False}}]
  - ["1", 1, {{"vary": False}}]
''', format_name="yml_str")
start = time.process_time()
found = optimize(Scheme(model=model, parameters=parameters, data={"d1": data},
                        maximum_number_function_evaluations=30), raise_exception=True)
spent = time.process_time() - start
one = found.data["d1"].species_associated_spectra
json.dump({"seconds": spent, "spectra": one.transpose("species", "spectral").values.tolist(),
           "rates": [float(found.optimized_parameters.get(f"k.{i}").value) for i in (1, 2)]},
          sys.stdout)
"""


@dataclass(frozen=True)
class Data:
    """A simulated series and its truth; `known` first spectra are told to every method."""

    name: str
    times: Floats
    amounts: Floats
    spectra: Floats
    known: int
    seen: Floats

    @property
    def series(self) -> AbsorptionSeries:
        names = tuple(f"{t:g} min" for t in self.times)
        return AbsorptionSeries(WAVELENGTH, self.seen, names, self.times, self.name, 1.0)


def bands(*parts: tuple[float, float, float]) -> Floats:
    energy = 1239.842 / WAVELENGTH
    return np.asarray(sum(
        height * np.exp(-0.5 * ((energy - 1239.842 / centre) / width) ** 2)
        for centre, width, height in parts
    ))  # fmt: skip


SPECTRA = np.array([
    bands((420, 0.15, 1.0), (540, 0.1, 0.5), (645, 0.1, 0.3)),
    bands((390, 0.2, 0.8), (490, 0.12, 0.9), (728, 0.09, 0.2)),
    bands((480, 0.2, 0.7), (575, 0.12, 0.6), (765, 0.08, 0.5)),
    bands((400, 0.3, 0.9), (690, 0.1, 0.6), (520, 0.1, 0.3)),
])  # fmt: skip


def decay(times: Floats, k1: float, k2: float) -> Floats:
    a = np.exp(-k1 * times)
    b = k1 / (k2 - k1) * (np.exp(-k1 * times) - np.exp(-k2 * times))
    return np.stack((a, b, 1 - a - b), axis=1)


def data_sets() -> list[Data]:
    times = np.linspace(0.0, 15.0, 60)
    rng = np.random.default_rng(1)
    chain = decay(times, *RATES)
    centres = np.array([0.0, 4.5, 9.5, 15.0])
    four = np.exp(-0.5 * ((times[:, None] - centres) / 2.5) ** 2)
    return [
        Data(name, times, amounts, SPECTRA[: amounts.shape[1]], known,
             amounts @ SPECTRA[: amounts.shape[1]]
             + NOISE * rng.normal(size=(times.size, WAVELENGTH.size)))
        for name, amounts, known in (
            ("A to B to C, none known", chain, 0), ("A to B to C, A known", chain, 1),
            ("four in turn, none known", four, 0),
        )
    ]  # fmt: skip


def start_of(data: Data) -> Floats:
    """The known spectra, and rows least like mixtures of one another and of them."""
    rows = data.seen
    for known in data.spectra[: data.known]:
        rows = rows - np.outer(rows @ known / (known @ known), known)
    picked = purest(rows, len(data.spectra) - data.known)
    return np.vstack((data.spectra[: data.known], np.maximum(data.seen[picked], 1e-9)))


def by_pymcr(data: Data, start: Floats) -> Found:
    logging.getLogger("pymcr").setLevel(logging.ERROR)
    from pymcr.constraints import ConstraintNonneg
    from pymcr.mcr import McrAR
    from pymcr.regressors import NNLS

    fit = McrAR(max_iter=1000, st_regr=NNLS(), c_regr=NNLS(), tol_increase=10.0,
                tol_err_change=1e-10, tol_n_increase=50, tol_n_above_min=50,
                c_constraints=[ConstraintNonneg()],
                st_constraints=[ConstraintNonneg()])  # fmt: skip
    fixed = {"st_fix": list(range(data.known))} if data.known else {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fit.fit(data.seen, ST=start, **fixed)
    return np.asarray(fit.C_opt_), np.asarray(fit.ST_opt_)


def by_factors(data: Data, start: Floats) -> Found:
    n = data.known
    found = nonnegative_factors(data.seen, start[:n], np.zeros(n, np.bool_), len(start) - n,
                                starts=(start[n:],))  # fmt: skip
    return found.amounts, np.vstack((start[:n], found.spectra))


def errors(data: Data, found: Found) -> tuple[float, float, float]:
    """Of spectra and of profiles, in the order that fits best, and what is left."""
    amounts, spectra = found
    left = np.sum((data.seen - amounts @ spectra) ** 2) / NOISE**2
    rows, points, n = *data.seen.shape, len(spectra)
    scale = spectra.max(axis=1)
    own = data.spectra.max(axis=1)
    pure, profile = data.spectra / own[:, None], data.amounts * own
    best = min(
        (float(np.sqrt(np.mean(((spectra / scale[:, None])[list(p)] - pure) ** 2))),
         float(np.sqrt(np.mean(((amounts * scale)[:, list(p)] - profile) ** 2))))
        for p in permutations(range(n))
    )  # fmt: skip
    return *best, float(left / ((rows - n) * (points - n)))


def best_time(run: Callable[[], object], rounds: int) -> float:
    spent = []
    for _ in range(rounds):
        start = time.process_time()
        run()
        spent.append(time.process_time() - start)
    return min(spent)


def share_in_ranges(data: Data) -> tuple[float, float]:
    """Share of the true unknown spectra within the ranges told, to 2 %, and CPU seconds."""
    from alloyscope.spectra.absorption_spectrum import AbsorptionSpectrum
    from alloyscope.uvvis.reference import Reference

    references = [Reference(f"{k}", AbsorptionSpectrum(WAVELENGTH, data.spectra[k], path_cm=1.0))
                  for k in range(data.known)]  # fmt: skip
    start = time.process_time()
    found = unmix(data.series, references, unknown=len(data.spectra) - data.known,
                  nuisance=Nuisance(offset=False))  # fmt: skip
    spent = time.process_time() - start
    ranges = found.feasible
    assert ranges is not None
    height = found.component_spectra[data.known :].max()
    inside = [
        max(float(np.mean((ranges.spectra_low[j] - 0.02 * height <= pure)
                          & (pure <= ranges.spectra_high[j] + 0.02 * height)))
            for j in range(data.known, len(data.spectra)))
        for pure in height * (data.spectra / data.spectra.max(axis=1)[:, None])[data.known :]
    ]  # fmt: skip
    return float(np.mean(inside)), spent


def report(data: Data, rounds: int) -> None:
    start = start_of(data)
    print(f"\n{data.name}\n\n| method | spectra | profiles | residual | seconds |")
    print("|---|---|---|---|---|")
    for name, method in (("pyMCR", by_pymcr), ("alloyscope nonnegative_factors", by_factors)):
        off = errors(data, method(data, start))
        seconds = best_time(lambda method=method: method(data, start), rounds)  # type: ignore[misc]
        print(f"| {name} | {off[0]:.4f} | {off[1]:.4f} | {off[2]:.4f} | {seconds:.3f} |")
    inside, spent = share_in_ranges(data)
    print(f"\nunmix, with ranges: {100 * inside:.1f} % of the true spectra in them, {spent:.2f} s")


def glotaran(data: Data) -> None:
    """pyglotaran's kinetic model and `species_spectra` on the same data, where it is installed."""
    python = os.environ.get("ALLOYSCOPE_GLOTARAN")
    if not python:
        print("\npyglotaran: skipped, ALLOYSCOPE_GLOTARAN names no python that has it")
        return
    given = json.dumps({"data": data.seen.tolist(), "time": data.times.tolist(),
                        "wavelength": WAVELENGTH.tolist(), "rates": RATES})  # fmt: skip
    ran = subprocess.run([python, "-c", GLOTARAN], input=given, text=True, capture_output=True,
                         check=False)  # fmt: skip
    if ran.returncode:
        print(f"\npyglotaran: failed, {ran.stderr.strip().splitlines()[-1]}")
        return
    found = json.loads(ran.stdout[ran.stdout.index('{"seconds"') :])
    rates = sorted(found["rates"], reverse=True)
    populations = decay(data.times, *rates)
    own = species_spectra(data.series, populations)
    spent = best_time(lambda: species_spectra(data.series, populations), 3)
    off = [float(np.sqrt(np.mean((np.array(s) - data.spectra) ** 2)))
           for s in (found["spectra"], own.absorptivity)]  # fmt: skip
    print(f"\nKinetics given: pyglotaran {found['seconds']:.2f} s for rates {rates[0]:.4f} and "
          f"{rates[1]:.4f} (true {RATES[0]} and {RATES[1]}), spectra off by {off[0]:.5f}; "
          f"species_spectra at these rates {spent:.3f} s, off by {off[1]:.5f}")  # fmt: skip


def main() -> None:
    arguments = argparse.ArgumentParser(description="Unknown spectra beside the peers")
    arguments.add_argument("--rounds", type=int, default=3)
    given = arguments.parse_args()
    sets = data_sets()
    for data in sets:
        report(data, given.rounds)
    glotaran(sets[0])


if __name__ == "__main__":
    main()
