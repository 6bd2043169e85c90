"""What records the ions: isotope patterns, line shapes, calibration, detectors.

A spectrum lives on a lattice: points evenly spaced in c = sqrt(m/z) (TOF) or c = -1/sqrt(m/z) (FT,
frequency). The lattice is numbered globally, point i at c = i step; windows are runs of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from IsoSpecPy import IsoTotalProb
from numpy.typing import NDArray
from scipy.special import erfcx, i0e, ndtr

from alloyscope.chemistry import AnyIon, Formula, isotope_table
from alloyscope.constants import ELECTRON_MASS

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Values = NDArray[np.float64] | NDArray[np.complex128]

COVERAGE = 0.999995
FINE_BELOW = 3000.0
"""Da below which isotopologues are kept apart, not aggregated by nucleon number."""
REACH = {"emg": 12.0, "gaussian": 3.5, "lorentzian": 40.0, "magnitude": 15.0}
GAUSSIAN_SD = 1 / np.sqrt(8 * np.log(2))


@dataclass(frozen=True)
class Optics:
    """Where and how broad an ion is seen.

    kind            : "TOF" or "FT"
    line            : "emg", "gaussian", "lorentzian", or "magnitude" (apodised, with interference)
    resolving_power : m/z over the full width of the line at half height, at m/z 2500 (TOF) or 400
    power           : resolving power grows as m/z to this power (TOF); it is -1/2 on FT
    tail            : exponential tail over the Gaussian's sd ("emg")
    points          : per width, in the middle
    calibration     : offset, drift per 1000 m/z, curvature per 1000^2, ppm, from reference_mz
    windows         : m/z from .. to
    table           : isotope table, None for the bundled one
    """

    kind: str
    line: str
    resolving_power: float
    power: float
    tail: float
    points: float
    calibration: tuple[float, float, float]
    reference_mz: float
    windows: tuple[tuple[float, float], ...]
    table: str | None

    def resolution(self, mz: Floats) -> Floats:
        """Resolving power at each m/z."""
        if self.kind == "FT":
            return np.asarray(self.resolving_power * np.sqrt(400.0 / mz))
        return np.asarray(self.resolving_power * (mz / 2500.0) ** self.power)

    def shown(self, mz: Floats) -> Floats:
        """The m/z the instrument reports for a true one."""
        u = (mz - self.reference_mz) / 1000.0
        offset, drift, curvature = self.calibration
        return np.asarray(mz * (1 + 1e-6 * (offset + drift * u + curvature * u * u)))

    def place(self, mz: Floats) -> Floats:
        """The lattice coordinate c."""
        return np.sqrt(mz) if self.kind == "TOF" else -1 / np.sqrt(mz)

    def width(self, mz: Floats) -> Floats:
        """Full width at half height, in c."""
        half = 0.5 / self.resolution(mz)
        return np.asarray(half * (np.sqrt(mz) if self.kind == "TOF" else 1 / np.sqrt(mz)))

    def weight(self, ion: AnyIon) -> float:
        """Signal per ion: on FT its charge."""
        return float(abs(ion.charge)) if self.kind == "FT" else 1.0


@dataclass(frozen=True, eq=False)
class Lattice:
    """The points recorded.

    index : (n_points,) global numbers, ascending
    mz    : (n_points,)
    """

    step: float
    index: Ints
    mz: Floats

    def local(self, first: int, values: Values) -> tuple[Ints, Values]:
        """Positions among the points recorded, and the values there, of a run from `first` on."""
        at = np.searchsorted(self.index, np.arange(first, first + values.size))
        inside = at < self.index.size
        inside[inside] = self.index[at[inside]] == first + np.flatnonzero(inside)
        return at[inside], values[inside]


def lattice(optics: Optics) -> Lattice:
    """The points of the windows, `points` to a width in the middle, never below 2.5."""
    ends = np.array(optics.windows)
    middle, lowest = np.array([0.5 * (ends.min() + ends.max())]), np.array([ends.min()])
    step = float(min(optics.width(middle)[0] / optics.points, optics.width(lowest)[0] / 2.5))
    runs = [np.arange(int(np.ceil(a / step)), int(np.floor(b / step)) + 1)
            for a, b in optics.place(ends)]  # fmt: skip
    index = np.unique(np.concatenate(runs))
    c = index * step
    return Lattice(step, index, c**2 if optics.kind == "TOF" else 1 / c**2)


def pattern(ion: AnyIon, table: str | None) -> tuple[Floats, Floats]:
    """m/z and probability of an ion's isotopologues, by IsoSpecPy; those beyond 1e-7 left out."""
    mass, share = _neutral(ion.formula, table)
    return (mass - ion.charge * ELECTRON_MASS) / abs(ion.charge), share


@lru_cache(maxsize=20000)
def _neutral(formula: Formula, table: str | None) -> tuple[Floats, Floats]:
    if formula.average_mass() < FINE_BELOW:
        mass, share = _isospec(formula.atoms, table)
        groups = np.round(mass / 5e-4).astype(np.int64)
    else:
        light = tuple((s, n) for s, n in formula.atoms if s in ("C", "H", "N", "O"))
        rest = tuple((s, n) for s, n in formula.atoms if s not in ("C", "H", "N", "O"))
        blocks = [_aggregated(block, table) for block in (light, rest) if block]
        lightest = sum(block[0] for block in blocks)
        share, moment = blocks[0][1], blocks[0][2]
        for _, p, d in blocks[1:]:
            moment = np.convolve(moment, p) + np.convolve(share, d)
            share = np.convolve(share, p)
        kept = share > 1e-9
        share, moment = share[kept], moment[kept]
        mass, groups = lightest + moment / share, np.arange(share.size)
    _, at = np.unique(groups, return_inverse=True)
    total = np.bincount(at, share)
    mean = np.bincount(at, share * (mass - mass[0])) / total + mass[0]
    kept = total > 1e-7 * total.max()
    return mean[kept], total[kept] / total[kept].sum()


@lru_cache(maxsize=20000)
def _aggregated(
    atoms: tuple[tuple[str, int], ...], table: str | None
) -> tuple[float, Floats, Floats]:
    """Lightest mass, and by nucleons above it: probability, and probability x mass above it."""
    mass, share = _isospec(atoms, table)
    isotopes = isotope_table(table)
    lightest = sum(n * isotopes[s].isotopes[0].mass for s, n in atoms)
    nucleons = np.rint(mass - lightest).astype(np.int64)
    return lightest, np.bincount(nucleons, share), np.bincount(nucleons, share * (mass - lightest))


def _isospec(atoms: tuple[tuple[str, int], ...], table: str | None) -> tuple[Floats, Floats]:
    elements = [isotope_table(table)[symbol].isotopes for symbol, _ in atoms]
    found = IsoTotalProb(
        COVERAGE,
        atomCounts=[n for _, n in atoms],
        isotopeMasses=[[i.mass for i in e if i.abundance > 0] for e in elements],
        isotopeProbabilities=[[i.abundance for i in e if i.abundance > 0] for e in elements],
    )
    share = np.array(found.np_probs())
    return np.array(found.np_masses()), share / share.sum()


@lru_cache(maxsize=256)
def _line(name: str, tail: float) -> tuple[float, float, Floats]:
    """First x, step and values of a line of unit area, unit full width, apex at 0."""
    reach = REACH[name] if name != "emg" else 4.0 + 4.0 * tail
    x = np.linspace(-reach, reach, int(800 * reach) + 1)
    if name == "lorentzian":
        y = 1 / (1 + 4 * x**2)
    elif name == "emg" and tail > 0:
        x, y = _tailed(x, tail)
    else:
        y = np.exp(-0.5 * (x / GAUSSIAN_SD) ** 2)
    step = float(x[1] - x[0])
    return float(x[0]), step, y / (y.sum() * step)


def _tailed(x: Floats, tail: float) -> tuple[Floats, Floats]:
    """A Gaussian with an exponential tail on x, which is scaled to unit width, apex at 0."""

    def raw(t: Floats) -> Floats:
        u = (1 / tail - t) / np.sqrt(2)
        far = 2 * np.exp(np.minimum(0.5 / tail**2 - t / tail, 50.0))
        return np.where(u > -15, np.exp(-0.5 * t**2) * erfcx(np.maximum(u, -15.0)), far)

    t = np.linspace(-6, 6 + 8 * tail, 60001)
    y = raw(t)
    above = t[y >= 0.5 * y.max()]
    width, apex = above[-1] - above[0], t[np.argmax(y)]
    return x, raw(apex + x * width)


def _apodised(x: Floats) -> NDArray[np.complex128]:
    """Spectrum of a Hann-apodised transient, all ions in phase at its start; unit full width."""
    u = 2.0 * x
    singular = np.isclose(np.abs(u), 1.0, atol=1e-6)
    real = np.where(singular, 0.5, np.sinc(u) / np.where(singular, 1.0, 1 - u**2))
    return np.asarray(real * np.exp(-1j * np.pi * u) / APODISED_AREA)


def _apodised_area() -> float:
    u = np.linspace(-30, 30, 60001) + 1e-5
    return float(np.abs(np.sinc(u) / (1 - u**2)).sum() * (u[1] - u[0]) / 2)


APODISED_AREA = _apodised_area()


def render(
    optics: Optics, step: float, mz: Floats, weights: Floats, shift_ppm: float = 0.0
) -> tuple[int, Values]:
    """Signal of lines at true m/z: first lattice number, and values that sum to the weights."""
    shown = optics.shown(mz) * (1 + 1e-6 * shift_ppm)
    place, width = optics.place(shown) / step, optics.width(shown) / step
    reach = REACH[optics.line] if optics.line != "emg" else 4.0 + 4.0 * optics.tail
    half = int(np.ceil(reach * width.max()))
    centre = np.rint(place).astype(np.int64)
    index = centre[:, None] + np.arange(-half, half + 1)
    x = (index - place[:, None]) / width[:, None]
    scale = (weights / width)[:, None]
    first = int(index.min())
    flat, size = (index - first).ravel(), int(index.max()) - first + 1
    if optics.line == "magnitude":
        values = (_apodised(x) * scale).ravel()
        real = np.bincount(flat, values.real, size)
        return first, real + 1j * np.bincount(flat, values.imag, size)
    start, spacing, table = _line(optics.line, optics.tail)
    t = (x - start) / spacing
    inside = (t >= 0) & (t < table.size - 1)
    t = np.where(inside, t, 0.0)
    low = t.astype(np.int64)
    y = table[low] + (t - low) * (table[low + 1] - table[low])
    return first, np.bincount(flat, np.where(inside, y * scale, 0.0).ravel(), size)


@dataclass(frozen=True)
class Detector:
    """What becomes of the ions of one point.

    kind          : "TDC", "ADC" or "FT"
    gain          : intensity per ion (TOF) or per charge (FT)
    pulse_shape   : shape of the gamma distribution of pulse heights, 1 = exponential (ADC)
    noise         : sd of electronic noise; on FT per component of the complex signal, charges
    baseline      : intensity added; slope: its relative change per 1000 m/z
    chance        : ions per point that belong to nothing
    threshold     : intensities below are set to 0
    ceiling       : intensity of a flat top
    pushes        : shots added up by a TDC that counts once per point and shot
    """

    kind: str
    gain: float
    pulse_shape: float = 1.0
    noise: float = 0.0
    baseline: float = 0.0
    slope: float = 0.0
    chance: float = 0.0
    threshold: float = 0.0
    ceiling: float = np.inf
    pushes: float = np.inf

    def floor(self, mz: Floats) -> Floats:
        """Baseline at each point."""
        return self.baseline * np.maximum(1 + self.slope * (mz - mz.mean()) / 1000.0, 0.0)

    def record(
        self, rng: np.random.Generator, signal: Values, mz: Floats
    ) -> Floats:  # fmt: skip
        """Intensities for the expected ions (TOF) or the complex amplitude that came (FT)."""
        n = signal.size
        if self.kind == "TDC":
            if np.isfinite(self.pushes):
                chance = -np.expm1(-signal.real / self.pushes)
                return self.gain * rng.binomial(int(self.pushes), chance)
            return self.gain * rng.poisson(signal.real)
        if self.kind == "ADC":
            counts = rng.poisson(signal.real)
            y = np.zeros(n)
            hit = counts > 0
            y[hit] = rng.gamma(counts[hit] * self.pulse_shape, self.gain / self.pulse_shape)
            y += rng.normal(0.0, self.noise, n) + self.floor(mz)
            y = np.minimum(y, self.ceiling)
        else:
            both = rng.normal(0.0, self.noise, (2, n))
            y = self.gain * np.abs(signal + both[0] + 1j * both[1])
        return np.where(y < self.threshold, 0.0, y)

    def response(self, signal: Floats, counting: Floats) -> tuple[Floats, Floats, Floats]:
        """Mean, its slope and variance of the intensity, baseline apart.

        signal   : (n,) expected ions a point (TOF) or |amplitude| in charges (FT)
        counting : (n,) variance that ion counting lends to an FT amplitude
        """
        if self.kind == "TDC":
            return self._tdc(signal)
        if self.kind == "FT":
            mean, slope, variance = _rice(self.threshold / self.gain / self.noise)
            s = signal / self.noise
            m, d, v = (_interpolated(s, *t) for t in (mean, slope, variance))
            return (self.gain * self.noise * m, self.gain * d,
                    self.gain**2 * (self.noise**2 * v + d**2 * counting))  # fmt: skip
        m, d, v = _pulses(signal, self.pulse_shape, self.noise / self.gain,
                          self.threshold / self.gain)  # fmt: skip
        m, d, v = self.gain * m, self.gain * d, self.gain**2 * v
        return _clipped(m, d, v, self.ceiling - self.baseline)

    def _tdc(self, signal: Floats) -> tuple[Floats, Floats, Floats]:
        if not np.isfinite(self.pushes):
            return self.gain * signal, np.full(signal.shape, self.gain), self.gain**2 * signal
        slope = np.exp(-signal / self.pushes)
        hit = 1 - slope
        return (self.gain * self.pushes * hit, self.gain * slope,
                self.gain**2 * self.pushes * hit * slope)  # fmt: skip


def _interpolated(x: Floats, first: float, step: float, values: Floats, kind: int) -> Floats:
    """A table by linear interpolation; beyond it x (kind 1) or its last value (kind 0)."""
    t = np.minimum((x - first) / step, values.size - 1.000001)
    low = t.astype(np.int64)
    inside = values[low] + (t - low) * (values[low + 1] - values[low])
    end = first + step * (values.size - 1)
    return np.where(x < end, inside, values[-1] + kind * (x - end))


@lru_cache(maxsize=512)
def _rice(threshold: float) -> tuple[tuple[float, float, Floats, int], ...]:
    """Mean, slope and variance of |s + noise| with what is below the threshold set to 0."""
    s, y = np.linspace(0, 12, 241), np.linspace(0, 22, 1101)[None, :]
    density = y * np.exp(-0.5 * (y - s[:, None]) ** 2) * i0e(y * s[:, None])
    density *= y[0, 1] - y[0, 0]
    kept = np.where(y >= threshold, y, 0.0)
    mean, second = (density * kept).sum(axis=1), (density * kept**2).sum(axis=1)
    step = float(s[1])
    slope = np.gradient(mean, step)
    return ((0.0, step, mean, 1), (0.0, step, slope, 0), (0.0, step, second - mean**2, 0))


LOWEST, HIGHEST = 1e-3, 20.0


@lru_cache(maxsize=512)
def _pulse_table(shape: float, noise: float, threshold: float) -> tuple[Floats, Floats]:
    """(3, n) mean, slope, variance per pulse height at (n,) log ions, of pulses with noise.

    By the characteristic function of the compound Poisson sum, exp(l (phi - 1) - (noise t)^2 / 2).
    """
    ions = np.r_[0.0, np.geomspace(LOWEST, HIGHEST, 40)]
    reach = HIGHEST + 12 * np.sqrt(HIGHEST * (1 + 1 / shape)) + 20
    step = 0.4 * noise
    n = 1 << int(np.ceil(np.log2(reach / step)))
    t = 2 * np.pi * np.fft.rfftfreq(n, step)
    pulse = (1 - 1j * t / shape) ** (-shape)
    y = np.fft.fftfreq(n, 1 / n) * step
    y[y < -20 * noise] += n * step
    kept = np.where(y >= threshold, y, 0.0) if threshold > 0 else y
    rows = []
    for number in ions:
        spectrum = np.exp(number * (pulse - 1) - 0.5 * (noise * t) ** 2)
        p = np.fft.irfft(spectrum.conj(), n)
        change = np.fft.irfft((spectrum * (pulse - 1)).conj(), n)
        mean = p @ kept
        rows.append((mean, change @ kept, p @ kept**2 - mean**2))
    return np.log(ions[1:]), np.array(rows).T


def _pulses(
    ions: Floats, shape: float, noise: float, threshold: float
) -> tuple[Floats, Floats, Floats]:
    if threshold <= 0:
        return ions, np.ones_like(ions), ions * (1 + 1 / shape) + noise**2
    log_ions, table = _pulse_table(shape, noise, threshold)
    at, safe = np.log(np.maximum(ions, LOWEST)), np.exp(log_ions)
    per_ion = [(row[1:] - row[0]) / safe for row in (table[0], table[2])]
    small = ions < HIGHEST
    mean = np.where(small, table[0, 0] + ions * np.interp(at, log_ions, per_ion[0]), ions)
    slope = np.where(small, np.interp(at, log_ions, table[1, 1:]), 1.0)
    variance = table[2, 0] + ions * np.interp(at, log_ions, per_ion[1])
    return mean, slope, np.where(small, variance, ions * (1 + 1 / shape) + noise**2)


def _clipped(m: Floats, d: Floats, v: Floats, ceiling: float) -> tuple[Floats, Floats, Floats]:
    """Mean, slope and variance of the lesser of a normal variable and a ceiling."""
    if not np.isfinite(ceiling):
        return m, d, v
    sd = np.sqrt(np.maximum(v, 1e-12))
    z = (ceiling - m) / sd
    below, density = ndtr(z), np.exp(-0.5 * z**2) / np.sqrt(2 * np.pi)
    mean = m * below - sd * density + ceiling * (1 - below)
    second = (m**2 + v) * below - (m + ceiling) * sd * density + ceiling**2 * (1 - below)
    return mean, d * below, np.maximum(second - mean**2, 1e-6 * ceiling**2 * (1 - below)) + 1e-12
