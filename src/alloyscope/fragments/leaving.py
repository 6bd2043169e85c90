"""Which metal leaves first with a motif, and what that can say of the surface.

Of [M(SR)2]- lost once, n_a remainders have lost the first metal a and n_b the second one b. Against
a random choice among all N metal atoms, x of them a, the odds ratio is

    OR = (n_a / n_b) / (x / (N - x))

1 when the place and the bond of an atom make no difference to its leaving.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc, ndtr

from alloyscope.chemistry.electron_count import electrons_if_known
from alloyscope.chemistry.species import AnyIon, Ion, Species
from alloyscope.data import toml_table
from alloyscope.fragments.descendants import Fragment
from alloyscope.speciation import framework_of
from alloyscope.structures import framework_structure

Floats = NDArray[np.float64]
NINETY_FIVE = 1.96


@dataclass(frozen=True)
class Surface:
    """Metal atoms of a framework that motifs hold.

    framework : numbers of metals and of anionic ligands
    charge    : of the core that has this structure
    sites     : metal atoms of the class, of all metals of the framework
    title, short : what the class is, and a name for it
    """

    framework: str
    charge: int
    sites: int
    title: str
    short: str
    source: str

    def expected(self, x: int, n_metals: int) -> tuple[tuple[str, float], ...]:
        """Share of the first metal in the class, by where x atoms of it are."""
        inside = n_metals - self.sites
        return (
            ("elsewhere first", max(x - inside, 0) / self.sites),
            ("anywhere", x / n_metals),
            ("in this class first", min(x, self.sites) / self.sites),
        )


@dataclass(frozen=True, eq=False)
class Leaving:
    """How often the first metal leaves with a motif, compared with the second.

    metals    : the two
    piece     : what leaves, M for the metal
    ratio, log_sd : n_first / n_second, pooled over energies, and 1 sd of its logarithm
    odds_ratio : of that to a random choice among all metal atoms
    z, p      : standard deviations of ln(odds ratio) from 0, and the two-sided probability
    per_energy : (n_energies, 2) ln(ratio) and its sd at each; nan where one is not seen
    heterogeneity_p : that the ratio is the same at all energies; nan of one energy
    steps     : (losses k, mean share of the first metal among k lost pieces, its sd) on the ladder
    x, n_metals : of the precursor
    surface   : what is known of the framework; None where nothing is
    """

    metals: tuple[str, str]
    piece: str
    ratio: float
    log_sd: float
    odds_ratio: float
    z: float
    p: float
    per_energy: Floats
    heterogeneity_p: float
    steps: tuple[tuple[int, float, float], ...]
    x: int
    n_metals: int
    surface: Surface | None

    @property
    def interval(self) -> tuple[float, float]:
        """95 % interval of the odds ratio."""
        reach = math.exp(NINETY_FIVE * self.log_sd)
        return self.odds_ratio / reach, self.odds_ratio * reach

    @property
    def share(self) -> tuple[float, float]:
        """Share of the first metal among what leaves first, and 1 sd."""
        f = self.ratio / (1.0 + self.ratio)
        return f, f * (1.0 - f) * self.log_sd

    @property
    def implied(self) -> tuple[float, float] | None:
        """Atoms of the first metal in the surface class if both metals left as easily, and 1 sd."""
        if self.surface is None:
            return None
        f, sd = self.share
        return self.surface.sites * f, self.surface.sites * sd


def leaving_of(
    precursor: Ion, fragments: Sequence[Fragment], fraction: Floats, covariance: Floats
) -> Leaving | None:
    """Which of the first two metals leaves first; None where there are not two, or neither is seen.

    fraction   : (n_energies, n_fragments); covariance : (n_energies, n_fragments, n_fragments)
    """
    metals = [metal for metal, _ in precursor.species.metals]
    if len(metals) < 2:
        return None
    first, second = metals[:2]
    rows = {metal: _first_loss(fragments, metal) for metal in (first, second)}
    a, b = rows[first], rows[second]
    if a is None or b is None:
        return None
    per_energy = _log_ratios(fraction, covariance, a, b)
    seen = np.isfinite(per_energy[:, 0])
    if not seen.any():
        return None
    y, sd = per_energy[seen].T
    weight = 1.0 / sd**2
    pooled = float(y @ weight / weight.sum())
    chi2 = float(weight @ (y - pooled) ** 2)
    freedom = int(seen.sum()) - 1
    # A ratio that changes with energy is known no better than it changes.
    log_sd = float(np.sqrt(max(chi2 / freedom if freedom else 1.0, 1.0) / weight.sum()))
    x, n_metals = precursor.species.count(first), precursor.species.n_metals
    others = precursor.species.count(second)
    log_odds = pooled - math.log(x / others)
    z = log_odds / log_sd
    return Leaving(
        (first, second), _piece(fragments[a], first), math.exp(pooled), log_sd, math.exp(log_odds),
        z, float(2.0 * ndtr(-abs(z))), per_energy,
        float(chdtrc(freedom, chi2)) if freedom else math.nan,
        _ladder(fragments, fraction, covariance, first), x, n_metals, _surface(precursor),
    )  # fmt: skip


def _pure(fragment: Fragment) -> list[tuple[Species, int]]:
    """What left on the likeliest route, where it is all [M(SR)2]-like with one metal each."""
    lost = [(ion.species, n) for ion, n in fragment.route.losses if isinstance(ion, Ion)]
    single = all(s.n_metals == 1 and s.n_ligands > 0 and i.charge < 0 for (s, _), (i, _)
                 in zip(lost, fragment.route.losses, strict=False))  # fmt: skip
    whole = len(lost) == len(fragment.route.losses)
    return lost if single and whole and not fragment.leaving else []


def _first_loss(fragments: Sequence[Fragment], metal: str) -> int | None:
    """Row of what is left when one motif with this metal has gone."""
    for row, fragment in enumerate(fragments):
        lost = _pure(fragment)
        if fragment.steps == 1 and lost and lost[0][0].count(metal) == 1:
            return row
    return None


def _piece(fragment: Fragment, metal: str) -> str:
    gone: AnyIon = fragment.route.losses[0][0]
    return str(gone).replace(metal, "M", 1)


def _log_ratios(fraction: Floats, covariance: Floats, a: int, b: int) -> Floats:
    """(n_energies, 2) ln(n_a / n_b) and sd; nan where one of them is below two of its sd."""
    out = np.full((len(fraction), 2), np.nan)
    for k, (n, own) in enumerate(zip(fraction, covariance, strict=True)):
        sd_a, sd_b = math.sqrt(max(own[a, a], 0.0)), math.sqrt(max(own[b, b], 0.0))
        if n[a] > 2 * sd_a > 0 and n[b] > 2 * sd_b > 0:
            variance = (sd_a / n[a]) ** 2 + (sd_b / n[b]) ** 2 - 2 * own[a, b] / (n[a] * n[b])
            out[k] = math.log(n[a] / n[b]), math.sqrt(max(variance, 1e-12))
    return out


def _ladder(
    fragments: Sequence[Fragment], fraction: Floats, covariance: Floats, metal: str
) -> tuple[tuple[int, float, float], ...]:
    """Mean share of a metal among the pieces lost after k losses, summed over energies."""
    total, joint = fraction.sum(axis=0), covariance.sum(axis=0)
    found = []
    for k in range(1, 1 + max((f.steps for f in fragments), default=0)):
        rows = [r for r, f in enumerate(fragments) if f.steps == k and _pure(f)]
        n = total[rows].sum()
        if not rows or not n > 0:
            continue
        shares = np.array([sum(s.count(metal) * m for s, m in _pure(fragments[r])) / k
                           for r in rows])  # fmt: skip
        mean = float(shares @ total[rows] / n)
        slope = (shares - mean) / n
        sd = math.sqrt(max(float(slope @ joint[np.ix_(rows, rows)] @ slope), 0.0))
        found.append((k, mean, sd))
    return tuple(found)


def surfaces() -> tuple[Surface, ...]:
    """What `data/cleavages.toml` says of the surfaces of frameworks."""
    return tuple(_of_framework(**entry) for entry in toml_table("cleavages.toml")["surface"])


def _of_framework(framework: str, **said: str) -> Surface:
    """What motifs of a known framework hold of its metal, but for its core."""
    known = framework_structure(framework)
    sites = sum(one.count for one in known.classes if one.motif != "core")
    return Surface(framework, known.charge, sites, **said)


def _surface(precursor: Ion) -> Surface | None:
    """The surface of a precursor with the electrons of a framework that is known."""
    name, core = framework_of(precursor.species), precursor.species.charge
    if electrons_if_known(precursor) is None:
        return None
    return next((s for s in surfaces() if s.framework == name and s.charge == core), None)
