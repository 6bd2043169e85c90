"""What would tell two ions apart that could both be one peak."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alloyscope.chemistry.element import IsotopeTable
from alloyscope.chemistry.ligand import Adduct, default_vocabulary
from alloyscope.chemistry.species import AnyIon, Ion, charge_text
from alloyscope.isotopes.distribution import distribution

Floats = NDArray[np.float64]

NATS = 3.0
"""Odds of 20:1."""

RARE = 1e-4
"""Share of stray counts at each isotope peak, so that no single ion decides."""

SAME_PPM = 0.5
"""Peaks nearer than this coincide for every instrument."""


@dataclass(frozen=True, eq=False)
class Envelope:
    """An ion and its isotope peaks, (n_peaks,) each."""

    ion: AnyIon
    mz: Floats
    probability: Floats

    @property
    def tallest(self) -> float:
        """m/z of the most abundant peak."""
        return float(self.mz[self.probability.argmax()])

    @property
    def centre(self) -> float:
        """Mean over the peaks, m/z."""
        return float(np.average(self.mz, weights=self.probability))

    @property
    def width(self) -> float:
        """Standard deviation over the peaks, m/z."""
        away = self.mz - self.centre
        return float(np.sqrt(np.average(away**2, weights=self.probability)))


@dataclass(frozen=True)
class Distinction:
    """What would tell a rival from the likeliest ion; pairs are the first ion's and the rival's.

    spacing         : m/z between isotope peaks
    tallest, centre : m/z of the most abundant peaks, and of the envelopes' means
    width           : sd of the envelopes, m/z
    offset_ppm      : rival's peaks less the first's beside them; None for two charges
    ions_needed     : counted ions from which the envelope's shape decides 20:1, its place apart;
                      inf where the shapes are the same, None for two charges
    resolving_power : that separates their peaks; of two charges, the narrower spacing's
    """

    first: AnyIon
    rival: AnyIon
    spacing: tuple[float, float]
    tallest: tuple[float, float]
    centre: tuple[float, float]
    width: tuple[float, float]
    offset_ppm: float | None
    ions_needed: float | None
    resolving_power: float

    @property
    def signs(self) -> tuple[str, ...]:
        """What to look at."""
        power = _round(self.resolving_power)
        if self.offset_ppm is None or self.ions_needed is None:
            one, other = (charge_text(ion.charge) for ion in (self.first, self.rival))
            return (
                f"isotope peaks {self.spacing[1]:.3f} apart at {other}, not {self.spacing[0]:.3f} "
                f"as at {one}: seen from R = {power}",
            )
        if abs(self.offset_ppm) < SAME_PPM:
            place = f"peaks of both coincide within {SAME_PPM:g} ppm"
        else:
            place = (
                f"peaks {self.offset_ppm:+.1f} ppm off: told by an accuracy of "
                f"{abs(self.offset_ppm) / 2:.1f} ppm, resolved from R = {power}"
            )
        return self._shape(self.ions_needed), place

    def _shape(self, needed: float) -> str:
        if needed == float("inf"):
            return "envelopes of one shape"
        signs = (
            ("tallest peak at", self.tallest, 0.6 * self.spacing[0]),
            ("centre of the envelope at", self.centre, 0.1 * self.spacing[0]),
            ("width of the envelope, sd", self.width, -1.0),
        )
        what, (one, other), _ = next(s for s in signs if abs(s[1][0] - s[1][1]) > s[2])
        enough = _round(max(needed, 10))
        return f"{what} {other:.3f}, not {one:.3f}: shape decides from {enough} ions"


def distinguish(first: Envelope, rival: Envelope, mz: float) -> Distinction:
    """What would tell the rival from the first ion, both having a peak near `mz`.

    The shapes are compared with peaks laid on each other as they lie beside each other at `mz`.
    With P and Q the shares of the isotope peaks, n ions of the first decide by n sum P ln(P / Q)
    nats on average; each peak is given a share of 1e-4 more for stray counts.
    """
    offset = needed = None
    spacing = (1.0 / abs(first.ion.charge), 1.0 / abs(rival.ion.charge))
    power = mz / (0.7 * min(spacing))
    if first.ion.charge == rival.ion.charge:
        step = int(np.abs(rival.mz - mz).argmin()) - int(np.abs(first.mz - mz).argmin())
        places = np.arange(first.mz.size) + step
        both = (places >= 0) & (places < rival.mz.size)
        ratio = rival.mz[places[both]] / first.mz[both] - 1
        offset = float(1e6 * np.average(ratio, weights=first.probability[both]))
        needed = _ions_needed(first.probability, rival.probability, step)
        power = 1e6 / max(abs(offset), 1e-3)
    return Distinction(
        first.ion, rival.ion, spacing, (first.tallest, rival.tallest),
        (first.centre, rival.centre), (first.width, rival.width), offset, needed, power,
    )  # fmt: skip


def mates(
    ion: AnyIon, charges: Sequence[int], table: IsotopeTable
) -> tuple[tuple[AnyIon, float], ...]:
    """Ions that are expected beside this one, with their most abundant m/z.

    The one without its cations, which comes before any with, and the one of a charge less, one
    proton more.
    """
    if not isinstance(ion, Ion):
        return ()
    proton = default_vocabulary().adduct_names["H"]
    found = []
    cations = [(adduct, n) for adduct, n in ion.adducts if adduct.charge > 0 and adduct != proton]
    if cations:
        carried = sum(adduct.charge * n for adduct, n in cations)
        rest = [entry for entry in ion.adducts if entry not in cations]
        found.append(Ion.of(ion.species, [*rest, (proton, carried)], ion.charge))
    sign = 1 if ion.charge > 0 else -1
    lost = _carrier(ion, [adduct for adduct, _ in cations], proton)
    if ion.charge - sign in charges and lost is not None:
        fewer = [*ion.adducts, (lost, -sign)]
        found.append(Ion.of(ion.species, fewer, ion.charge - sign))
    return tuple((mate, _most_abundant_mz(mate, table)) for mate in found)


def _carrier(ion: Ion, cations: Sequence[Adduct], proton: Adduct) -> Adduct | None:
    """What is added to an anion, or taken from a cation, when it has one charge less."""
    if ion.charge < 0:
        return proton if ion.delta("H") < 0 else None
    if ion.delta("H") > 0:
        return proton
    return next((adduct for adduct in cations if adduct.charge == 1), None)


def _most_abundant_mz(ion: Ion, table: IsotopeTable) -> float:
    pattern = distribution(ion.formula, table)
    return float(pattern.mz(ion.charge)[pattern.probability.argmax()])


def _ions_needed(p: Floats, q: Floats, step: int) -> float:
    """Ions of the first from which its shape decides 20:1, `step` being the shift of indices."""
    low, high = min(0, -step), max(p.size, q.size - step)
    one, other = np.full(high - low, RARE), np.full(high - low, RARE)
    one[-low : -low + p.size] += p
    other[-step - low : -step - low + q.size] += q
    one, other = one / one.sum(), other / other.sum()
    nats = float((one * np.log(one / other)).sum())
    return NATS / nats if nats > 1e-9 else float("inf")


def _round(value: float) -> str:
    """A number to two digits: 1,300."""
    return f"{float(f'{value:.2g}'):,.0f}"
