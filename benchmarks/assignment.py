"""40 overlapping ions beside the peers: error of the abundances and time, in one run.

    python -m benchmarks.assignment [--rounds 3] [--long]

needs `pip install -e '.[bench]'`. The spectra are those of [Au(x)Ag(44-x)(p-MBA)30 -nH +nNa]4-,
x = 4..13, n = 0..3, from the simulator of `tests/recovery`: time of flight, counted ions, 10 ppm
off with a drift. alloyscope is told neither calibration nor resolving power, and does everything
within its time: candidates, isotope patterns, calibration, evidence, errors. It looks for every ion
of the bundled case, of a rich library (13 x, 0-5 Na, 0-2 Cl, core charge one off), or for the 40
alone. Its kernels alone, told the truth, draw the 40 and solve for their amounts.

The peers get their design matrix or peak lists for nothing, drawn by the simulator itself: NNLS is
scipy's on the dense matrix, masserstein gets the points of the profile as its spectrum. Told the
truth they know calibration and line shape exactly; else they are 10 ppm and 10 % of the width off.
Time is CPU time, that of solvers run as programs of their own counted in; the best of several
rounds. masserstein on the rich library takes minutes: only with --long.
"""

from __future__ import annotations

import argparse
import resource
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import masserstein
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls
from tests.recovery.instruments import Detector, Optics, pattern
from tests.recovery.mixtures import Mixture
from tests.recovery.simulator import Scene, Simulated, observe

from alloyscope import (
    Ion,
    IonListing,
    SearchSpace,
    assign,
    default_vocabulary,
    parse_ion,
    read_case,
    search_space,
)
from alloyscope.assignment import Framework
from alloyscope.assignment.candidates import candidates
from alloyscope.assignment.fit import library_of, templates
from alloyscope.assignment.instrument import prior_instrument
from alloyscope.assignment.trace import trace_of
from alloyscope.chemistry import AnyIon
from alloyscope.numerics.templates import gram, nonnegative, products

Floats = NDArray[np.float64]
Abundances = dict[tuple[object, int], float]
SPECTRA = ((12000.0, 3e5), (18000.0, 3e6))
"""Resolving power, and ions counted in all."""

OFF_PPM, OFF_WIDTH = 10.0, 1.1
MARGIN = 60.0
REACH = 0.3
"""m/z over which masserstein moves signal, the best of 0.05 to 0.3 here."""

AIM = 10.0
WORDS = default_vocabulary().binding("p-MBA")


def true_ions() -> tuple[tuple[Ion, float], ...]:
    """The 40 ions with their shares, strongest first."""
    rng, found = np.random.default_rng(40), []
    for x in range(4, 14):
        for n in range(4):
            added = f"+{n}Na-{n}H" if n else ""
            ion = parse_ion(f"[Au{x}Ag{44 - x}(SR)30{added}]4-", WORDS)
            bell = np.exp(-0.5 * ((x - 8.5) / 2.2) ** 2)
            found.append((ion, float(bell * 0.55**n * rng.lognormal(0.0, 0.1))))
    total = sum(share for _, share in found)
    return tuple(sorted(((ion, share / total) for ion, share in found), key=lambda e: -e[1]))


def spectrum(power: float, total: float) -> Simulated:
    """The 40 ions as an instrument sees them."""
    ions = true_ions()
    ends = [mz for ion, _ in ions for mz in pattern(ion, None)[0][[0, -1]]]
    window = (float(min(ends)) - MARGIN, float(max(ends)) + MARGIN)
    optics = Optics("TOF", "emg", power, 0.05, 0.35, 5.0, (OFF_PPM, 2.0, 0.5), 2500.0, (window,),
                    None)  # fmt: skip
    mixture = Mixture("au44-ag44", "au44-ag44", ("p-MBA",), "negative", ("Au", "Ag"), ions, (), ())
    return observe(np.random.default_rng(1), 1, mixture, optics, total,
                   Detector("TDC", 1.0, chance=1e-3))  # fmt: skip


def rich_space() -> SearchSpace:
    """One framework with all that makes plain NNLS fail."""
    framework = Framework("M44S30", 44, 30, -4, cations=5, ranges=(("Au", 3, 15),))
    return SearchSpace(
        ("Au", "Ag"), (WORDS.ligand("p-MBA"),), (framework,), charges=(-4,),
        substitutes=((WORDS.ligand("Cl"), 2),), cations=((WORDS.adduct_names["Na"], 5),),
        most_penalty=99.0,
    )  # fmt: skip


def key(ion: AnyIon) -> tuple[object, int]:
    return ion.formula, ion.charge


def total_variation(seen: Simulated, found: Abundances) -> float:
    """Half the summed difference of the ions' shares."""
    total = sum(found.values()) or 1.0
    truth = {key(t.ion): t.abundance for t in seen.truth}
    return 0.5 * sum(abs(truth.get(k, 0.0) - found.get(k, 0.0) / total) for k in {*truth, *found})


def mistaken(scene: Scene) -> Scene:
    """The instrument as someone takes it who has not calibrated it."""
    offset, drift, curvature = scene.optics.calibration
    optics = replace(scene.optics, calibration=(offset - OFF_PPM, drift, curvature),
                     resolving_power=scene.optics.resolving_power / OFF_WIDTH)  # fmt: skip
    return replace(scene, optics=optics)


def design(seen: Simulated, scene: Scene, ions: Sequence[AnyIon]) -> Floats:
    """(n_points, n_ions) the signal of one ion each."""
    every = np.zeros((seen.scene.lattice.mz.size, len(ions)))
    for column, ion in enumerate(ions):
        drawn = scene.template(ion)
        every[drawn.at, column] = np.asarray(drawn.values).real
    recorded = np.searchsorted(seen.scene.lattice.mz, seen.spectrum.mz)
    return every[recorded]


@dataclass(frozen=True)
class Method:
    """A way to abundances: `run` does all that is timed."""

    name: str
    n_candidates: int
    run: Callable[[], Abundances]
    once: bool = False


def by_assign(seen: Simulated, space: SearchSpace | IonListing) -> Callable[[], Abundances]:
    def run() -> Abundances:
        return {key(c.ion): c.abundance for c in assign(seen.spectrum, space).called}

    return run


def by_kernels(seen: Simulated, ions: Sequence[AnyIon]) -> Callable[[], Abundances]:
    """Templates drawn at the true calibration and width, and the non-negative fit of their sum."""
    trace, optics = trace_of(seen.spectrum), seen.scene.optics
    low, high = seen.spectrum.mz_range
    listed = candidates(IonListing(tuple(ions)), low, high)
    library, weight = library_of(listed), np.ones(trace.mz.size)
    expected = prior_instrument(optics.reference_mz, optics.resolving_power, 2500.0, False)
    theta = np.array([*optics.calibration, expected.theta[3], optics.power, optics.tail])
    instrument = replace(expected, theta=theta)
    names = [key(listed.ion(row)) for row in range(len(listed))]

    def run() -> Abundances:
        drawn = templates(trace, library, instrument)
        matrix = gram(*drawn, weight, np.arange(len(library)))
        vector = products(*drawn, trace.signal[None, :], weight)[0]
        amount = nonnegative(matrix, vector, np.zeros(len(library)), 200, 0.01)
        return dict(zip(names, amount.tolist(), strict=True))

    return run


def by_nnls(seen: Simulated, scene: Scene, ions: Sequence[AnyIon]) -> Callable[[], Abundances]:
    matrix, signal = design(seen, scene, ions), np.asarray(seen.spectrum.intensity)

    def run() -> Abundances:
        amount, _ = nnls(matrix, signal, maxiter=100 * len(ions))
        return dict(zip(map(key, ions), amount.tolist(), strict=True))

    return run


def by_masserstein(
    seen: Simulated, scene: Scene, ions: Sequence[AnyIon]
) -> Callable[[], Abundances]:  # fmt: skip
    lit = np.asarray(seen.spectrum.intensity) > 0
    points = zip(seen.spectrum.mz[lit].tolist(), seen.spectrum.intensity[lit].tolist(), strict=True)
    measured = masserstein.Spectrum(confs=list(points))
    measured.normalize()
    query = []
    for ion in ions:
        mz, share = pattern(ion, None)
        tall = share > 1e-4 * share.max()
        places = scene.optics.shown(mz[tall]).tolist()
        peaks = masserstein.Spectrum(confs=list(zip(places, share[tall].tolist(), strict=True)))
        peaks.normalize()
        query.append(peaks)

    def run() -> Abundances:
        found = masserstein.estimate_proportions(measured, query, MTD=REACH, progress=False)
        return dict(zip(map(key, ions), found["proportions"], strict=True))

    return run


def methods(seen: Simulated, *, long: bool) -> list[Method]:
    """All of them, ready to run."""
    truth, scene, wrong = [t.ion for t in seen.truth], seen.scene, mistaken(seen.scene)
    low, high = seen.spectrum.mz_range
    whole = search_space(read_case(Path("au44-ag44")), WORDS)
    rich = candidates(rich_space(), low, high)
    many = [rich.ion(row) for row in range(len(rich))]
    found = [
        Method("alloyscope, the bundled case", len(candidates(whole, low, high)),
               by_assign(seen, whole)),
        Method("alloyscope, the rich library", len(many), by_assign(seen, rich_space())),
        Method("alloyscope, the 40", len(truth), by_assign(seen, IonListing(tuple(truth)))),
        Method("alloyscope's kernels, the 40, told the truth", len(truth),
               by_kernels(seen, truth)),
        Method("NNLS, the 40, told the truth", len(truth), by_nnls(seen, scene, truth)),
        Method("NNLS, the 40, 10 ppm and 10 % off", len(truth), by_nnls(seen, wrong, truth)),
        Method("masserstein, the 40, told the truth", len(truth),
               by_masserstein(seen, scene, truth)),
        Method("masserstein, the 40, 10 ppm off", len(truth), by_masserstein(seen, wrong, truth)),
        Method("NNLS, the rich library, told the truth", len(many), by_nnls(seen, scene, many)),
        Method("NNLS, the rich library, 10 ppm and 10 % off", len(many),
               by_nnls(seen, wrong, many)),
    ]  # fmt: skip
    if long:
        found.append(Method("masserstein, the rich library, told the truth", len(many),
                            by_masserstein(seen, scene, many), once=True))  # fmt: skip
    return found


def spent() -> float:
    """CPU seconds of this process and of those it has waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def measured(ready: Sequence[Method], rounds: int) -> tuple[list[float], list[Abundances]]:
    """Best CPU time of each method, and what it finds; the methods take turns."""
    best, found = [np.inf] * len(ready), [Abundances()] * len(ready)
    for turn in range(rounds):
        for k, method in enumerate(ready):
            if method.once and turn > 0:
                continue
            start = spent()
            found[k] = method.run()
            best[k] = min(best[k], spent() - start)
    return best, found


def report(seen: Simulated, *, rounds: int, long: bool) -> None:
    """The table of one spectrum, and the ratios that count."""
    ready = methods(seen, long=long)
    for method in ready[:4]:
        method.run()  # compiles, or loads what was compiled
    seconds, found = measured(ready, rounds)
    off = [total_variation(seen, one) for one in found]
    print("| method | candidates | total variation | seconds | over alloyscope, same candidates |")
    print("|---|---|---|---|---|")
    own = {method.n_candidates: seconds[k] for k, method in enumerate(ready[:3])}
    for k, method in enumerate(ready):
        ratio = seconds[k] / own[method.n_candidates]
        print(f"| {method.name} | {method.n_candidates} | {off[k]:.4f} | {seconds[k]:.4f} "
              f"| {ratio:.2g} |")  # fmt: skip
    kernels = next(k for k, method in enumerate(ready) if "kernels" in method.name)
    for k, method in enumerate(ready):
        if method.name.endswith("the 40, told the truth") and k != kernels:
            print(f"{method.name}: {seconds[k] / seconds[kernels]:.3g} times the time of "
                  f"alloyscope's kernels, told the same; {seconds[k] / seconds[2]:.2g} times that "
                  f"of assign(), told nothing, on the 40 and {seconds[k] / seconds[0]:.2g} on the "
                  f"bundled case (aim: {AIM:g}); error {off[k]:.4f}, of assign() {off[2]:.4f} and "
                  f"{off[0]:.4f} (aim: no larger)")  # fmt: skip


def main() -> None:
    arguments = argparse.ArgumentParser(description="Deconvolution beside the peers")
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--long", action="store_true", help="masserstein on the rich library")
    given = arguments.parse_args()
    for power, total in SPECTRA:
        seen = spectrum(power, total)
        print(f"\n{len(seen.truth)} ions, R = {power:g}, {total:g} counts, {len(seen.spectrum)} "
              "points")  # fmt: skip
        report(seen, rounds=given.rounds, long=given.long)


if __name__ == "__main__":
    main()
