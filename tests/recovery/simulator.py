"""Instrument spectra of mixtures drawn at random, with all that is true of them.

`simulate(seed)` draws a mixture (`mixtures`), an instrument (`instruments`) and the noise from one
seed. Nothing of it is fitted to a file, and none of alloyscope's isotope or peak code is used.

Expected signal of point j: s_j = sum_k w_k N_k t_kj + foreign + chance ions; N_k ions of kind k,
w_k the charge on FT and 1 on TOF, t_k the pattern of k as the instrument draws it, of unit sum.
The detector turns s_j into an intensity of mean m(s_j), slope m'(s_j) and variance v_j. The
smallest sd of any unbiased estimate of N_k is that of the Fisher matrix (Cramer-Rao)

    F_kl = sum_j (m'_j w_k t_kj) (m'_j w_l t_lj) / v_j

with the line shape, the calibration, and all that is foreign known.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array

from alloyscope.chemistry import AnyIon, Ion
from alloyscope.spectra import Acquisition, ProfileSpectrum
from tests.recovery.instruments import (
    Detector,
    Floats,
    Ints,
    Lattice,
    Optics,
    Values,
    lattice,
    pattern,
    render,
)
from tests.recovery.mixtures import Mixture, draw_mixture

Generator = np.random.Generator
MOST_POINTS = 400_000
DETECTED = 3.0


@dataclass(frozen=True)
class Hints:
    """What an analyst would know; the numbers may be wrong, as in life.

    instrument           : "TOF" or "FT"
    resolving_power      : nominal, at m/z `resolving_power_at`
    mass_accuracy_ppm    : as stated
    ligands              : names of the ligand table
    """

    instrument: str
    resolving_power: float
    resolving_power_at: float
    mass_accuracy_ppm: float
    ligands: tuple[str, ...]
    polarity: str


@dataclass(frozen=True)
class TrueIon:
    """An ion that is there.

    ions_expected : number of ions
    abundance     : share of all true ions
    limit_sd      : smallest sd of its number, overlaps counted in
    detectable    : at least 3 limit_sd
    above_1pct    : at least 1 % of the strongest
    """

    ion: Ion
    ions_expected: float
    abundance: float
    limit_sd: float
    detectable: bool
    above_1pct: bool


@dataclass(frozen=True)
class Template:
    """Where among the points recorded one ion's signal lies, and how much per ion."""

    at: Ints
    values: Values


@dataclass(frozen=True, eq=False)
class Scene:
    """The expected signal and how its intensity scatters.

    signal    : (n_points,) ions a point (TOF) or complex amplitude in charges (FT), chance included
    counting  : (n_points,) variance of an FT amplitude by the counting of ions
    templates : of the true ions, in their order
    """

    optics: Optics
    detector: Detector
    lattice: Lattice
    signal: Values
    counting: Floats
    templates: tuple[Template, ...]

    def template(self, ion: AnyIon, shift_ppm: float = 0.0) -> Template:
        """Signal of one ion."""
        return _template(self.optics, self.lattice, ion, shift_ppm)

    @cached_property
    def response(self) -> tuple[Floats, Floats, Floats]:
        """Mean intensity, its slope per unit of |signal|, and its variance."""
        mean, slope, variance = self.detector.response(np.abs(self.signal), self.counting)
        return mean + self.detector.floor(self.lattice.mz), slope, variance

    @cached_property
    def jacobian(self) -> csr_array:
        """(n_points, n_true) change of mean intensity per ion."""
        _, slope, _ = self.response
        unit = direction(self.signal)
        columns = [slope[t.at] * (unit[t.at].conj() * t.values).real for t in self.templates]
        ends = np.cumsum([0, *(c.size for c in columns)])
        data = np.concatenate(columns) if columns else np.zeros(0)
        rows = np.concatenate([t.at for t in self.templates]) if columns else np.zeros(0, np.int64)
        of = np.repeat(np.arange(len(columns)), np.diff(ends))
        return csr_array((data, (rows, of)), shape=(self.signal.size, len(columns)))

    @cached_property
    def fisher(self) -> Floats:
        """(n_true, n_true) Fisher matrix of the ion numbers."""
        weighted = self.jacobian.multiply(1 / np.maximum(self.response[2], TINY)[:, None])
        return np.asarray((self.jacobian.T @ weighted.tocsr()).toarray())


TINY = 1e-9
"""Least variance of a point: where nothing is expected nothing scatters."""


@dataclass(frozen=True, eq=False)
class Simulated:
    """A spectrum and the truth about it; `hints` and `spectrum` are all a program may see.

    kind   : what was drawn: a system, "other" or "decoy"
    system : the search space that fits, "au44-ag44" or "au25-ag25"; "other" where none does
    """

    seed: int
    kind: str
    system: str
    spectrum: ProfileSpectrum
    hints: Hints
    truth: tuple[TrueIon, ...]
    foreign: tuple[str, ...]
    scene: Scene

    @property
    def instrument(self) -> tuple[Optics, Detector]:
        """All true parameters."""
        return self.scene.optics, self.scene.detector


def simulate(seed: int, kind: str | None = None) -> Simulated:
    """The spectrum of a seed, of the kind given or of one that the seed draws."""
    rng = np.random.default_rng(seed)
    mixture = draw_mixture(rng, kind)
    optics = _optics(rng, mixture)
    fewest = 6e2 if optics.kind == "TOF" else 2e4
    total = float(np.exp(rng.uniform(np.log(fewest), np.log(4e6))))
    return observe(rng, seed, mixture, optics, total)


def observe(
    rng: Generator,
    seed: int,
    mixture: Mixture,
    optics: Optics,
    total: float,
    detector: Detector | None = None,
) -> Simulated:
    """What an instrument records of a mixture, with `total` true ions in all."""
    points = lattice(optics)
    numbers = [total * share for _, share in mixture.ions]
    foreign = [(ion, total * share) for ion, share in mixture.foreign]
    templates = tuple(_template(optics, points, ion) for ion, _ in mixture.ions)
    parts = [(ion, n, t) for (ion, _), n, t in zip(mixture.ions, numbers, templates, strict=True)]
    parts += [(ion, n, _template(optics, points, ion)) for ion, n in foreign]
    signal, counting = _expected(optics, points, parts)
    detector = detector or _detector(rng, optics, np.abs(signal))
    signal = signal + detector.chance
    scene = Scene(optics, detector, points, signal, counting, templates)
    came = _arrived(rng, scene, [(ion, n) for ion, n, _ in parts])
    intensity = detector.record(rng, came, points.mz)
    return Simulated(
        seed,
        mixture.kind,
        mixture.system,
        _spectrum(rng, seed, mixture, scene, intensity),
        _hints(rng, optics, mixture),
        _truth(mixture, numbers, scene),
        mixture.foreign_names,
        scene,
    )


def direction(signal: Values) -> Values:
    """Complex amplitudes of unit size along the signal; 1 where there is none."""
    size = np.abs(signal)
    return np.where(size > 0, signal / np.where(size > 0, size, 1.0), 1.0)


def _template(optics: Optics, points: Lattice, ion: AnyIon, shift_ppm: float = 0.0) -> Template:
    mz, share = pattern(ion, optics.table)
    return Template(*points.local(*render(optics, points.step, mz, share, shift_ppm)))


def _expected(
    optics: Optics, points: Lattice, parts: list[tuple[AnyIon, float, Template]]
) -> tuple[Values, Floats]:
    """Signal, and the variance that counting lends to it."""
    signal = np.zeros(points.mz.size, complex if optics.line == "magnitude" else float)
    counting = np.zeros(points.mz.size)
    for ion, number, t in parts:
        weight = optics.weight(ion)
        signal[t.at] += weight * number * t.values
        counting[t.at] += weight**2 * number * np.abs(t.values)
    return signal, counting


def _arrived(rng: Generator, scene: Scene, numbers: list[tuple[AnyIon, float]]) -> Values:
    """The amplitude of the isotopologues that came to be trapped (FT); else what is expected."""
    if scene.optics.kind == "TOF":
        return scene.signal
    signal = np.zeros_like(scene.signal)
    for ion, number in numbers:
        mz, share = pattern(ion, scene.optics.table)
        came = scene.optics.weight(ion) * rng.poisson(number * share)
        at, values = scene.lattice.local(*render(scene.optics, scene.lattice.step, mz, came))
        signal[at] += values
    return signal


def _truth(mixture: Mixture, numbers: list[float], scene: Scene) -> tuple[TrueIon, ...]:
    if not numbers:
        return ()
    scale = 1 / np.sqrt(np.maximum(np.diag(scene.fisher), 1e-30))
    inverse = np.linalg.pinv(scene.fisher * np.outer(scale, scale), rcond=1e-12, hermitian=True)
    sds = scale * np.sqrt(np.maximum(np.diag(inverse), 0.0))
    return tuple(
        TrueIon(ion, n, share, float(sd), n >= DETECTED * sd, n >= 0.01 * max(numbers))
        for (ion, share), n, sd in zip(mixture.ions, numbers, map(float, sds), strict=True)
    )


def _optics(rng: Generator, mixture: Mixture) -> Optics:
    """An instrument and the windows it looks at."""
    table = (None, "isospec")[rng.integers(2)]
    if rng.random() < 0.75:
        kind, line, power = "TOF", "emg", float(rng.uniform(-0.05, 0.15))
        coarse = rng.random() < 0.05
        r = float(
            rng.uniform(2200, 3000) if coarse else np.exp(rng.uniform(np.log(6e3), np.log(3e4)))
        )
        tail = float(rng.uniform(0, 1)) if rng.random() < 0.75 else 0.0
        narrow, most = 1.0, 90.0
    else:
        kind, power, tail = "FT", -0.5, 0.0
        r = float(np.exp(rng.uniform(np.log(3e4), np.log(1.5e5))))
        line = str(rng.choice(("gaussian", "lorentzian", "magnitude"), p=(0.45, 0.25, 0.3)))
        line = "gaussian" if line == "magnitude" and r < 6e4 else line
        narrow, most = 0.3, 30.0
    offset = rng.normal(0.0, 12.0 * narrow)
    if rng.random() < 0.06:
        offset = rng.uniform(-most, most)
    calibration = (
        float(offset),
        float(rng.normal(0, 3 * narrow)),
        float(rng.normal(0, 0.7 * narrow)),
    )
    points = float(rng.uniform(3, 6))
    windows = _windows(rng, mixture, table)
    middle = 0.5 * (windows[0][0] + windows[-1][1])
    optics = Optics(kind, line, r, power, tail, points, calibration, middle, windows, table)
    whole = replace(optics, windows=((windows[0][0], windows[-1][1]),))
    if len(windows) > 1 and rng.random() < 0.5 and lattice(whole).mz.size < MOST_POINTS:
        return whole
    return optics


def _windows(
    rng: Generator, mixture: Mixture, table: str | None
) -> tuple[tuple[float, float], ...]:
    """m/z ranges about all true ions, or about the foreign ones of a decoy."""
    margin, ends = float(rng.uniform(12.0, 50.0)), []
    for ion, _ in mixture.ions or mixture.foreign:
        mz, share = pattern(ion, table)
        seen = mz[share > 1e-4 * share.max()]
        ends.append((seen[0] - margin, seen[-1] + margin))
    joined: list[tuple[float, float]] = []
    for low, high in sorted(ends):
        if joined and low < joined[-1][1] + 80.0:
            joined[-1] = (joined[-1][0], max(high, joined[-1][1]))
        else:
            joined.append((low, high))
    return tuple((round(max(low, 60.0), 1), round(high, 1)) for low, high in joined)


def _detector(rng: Generator, optics: Optics, signal: Floats) -> Detector:
    """A detector whose limits suit the strongest signal."""
    strongest = max(float(signal.max()), 1.0)
    saturated = rng.random() < 0.05
    if optics.kind == "FT":
        gain = float(np.exp(rng.uniform(np.log(1e1), np.log(1e4))))
        noise = strongest / float(np.exp(rng.uniform(np.log(40), np.log(2000))))
        threshold = gain * noise * rng.uniform(1.0, 3.0) if rng.random() < 0.5 else 0.0
        return Detector("FT", gain, noise=noise, threshold=float(threshold))
    chance = float(np.exp(rng.uniform(np.log(1e-4), np.log(2e-2)))) * max(1.0, strongest / 1e3)
    if rng.random() < 0.5:
        gain = 1.0 if rng.random() < 0.7 else float(rng.lognormal(2.0, 1.5))
        pushes = np.ceil(strongest / rng.uniform(0.2, 1.5)) + 1 if saturated else np.inf
        return Detector("TDC", gain, chance=chance, pushes=float(pushes))
    gain = float(np.exp(rng.uniform(np.log(5), np.log(100))))
    shape = 1.0 if rng.random() < 0.5 else float(rng.uniform(1.5, 8.0))
    noise = gain * float(rng.uniform(0.01, 0.08))
    ceiling = gain * strongest * rng.uniform(0.4, 0.9) if saturated and strongest > 100 else np.inf
    if rng.random() < 0.5:
        threshold = noise * float(rng.uniform(1.0, 3.5))
        return Detector("ADC", gain, shape, noise, chance=chance, threshold=threshold,
                        ceiling=float(ceiling))  # fmt: skip
    slope = float(rng.uniform(-0.4, 0.4)) if rng.random() < 0.4 else 0.0
    baseline = gain * float(rng.uniform(0.0, 4.0))
    return Detector("ADC", gain, shape, noise, baseline, slope, chance,
                    ceiling=float(ceiling))  # fmt: skip


def _spectrum(
    rng: Generator, seed: int, mixture: Mixture, scene: Scene, intensity: Floats
) -> ProfileSpectrum:
    """The record; in half of the files runs of zeros are left out but for one at each end."""
    kept = np.ones(intensity.size, bool)
    if rng.random() < 0.5 and intensity.any():
        kept = intensity != 0
        kept[1:] |= intensity[:-1] != 0
        kept[:-1] |= intensity[1:] != 0
    acquisition = Acquisition(f"simulated-{seed}", "text", polarity=mixture.polarity)
    return ProfileSpectrum(scene.lattice.mz[kept], intensity[kept].astype(float), acquisition)


def _hints(rng: Generator, optics: Optics, mixture: Mixture) -> Hints:
    """Nominal figures: resolving power good to 8 %, now and then 40 %; accuracy as advertised."""
    wrong = rng.normal(0.0, 0.08) if rng.random() < 0.9 else rng.uniform(-0.4, 0.35)
    nominal = float(f"{optics.resolving_power * np.exp(wrong):.2g}")
    accuracy = float(rng.choice((5, 10, 15, 20) if optics.kind == "TOF" else (2, 3, 5)))
    place = 2500.0 if optics.kind == "TOF" else 400.0
    return Hints(optics.kind, nominal, place, accuracy, mixture.ligands, mixture.polarity)
