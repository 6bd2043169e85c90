"""Is a shell random? Models of a measured distribution beside one another, in honest words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc

from alloyscope.errors import SpeciationError
from alloyscope.shells.distribution import LigandDistribution
from alloyscope.shells.fit import ShellFit, finite, fit_shell
from alloyscope.shells.models import MODELS
from alloyscope.shells.sites import LigandSites
from alloyscope.shells.statistics import placements, tilted

Floats = NDArray[np.float64]
Kind = Literal["random", "narrower", "broader", "another shape", "not determined"]
LEVEL = 0.04
"""p of the two tests together below which a shell is not random: 5 % of false alarms, with room for
approximations."""

AS_GOOD = 2.0
"""Difference of BIC within which one model is no better than another."""

CAUSES = {"two-site": "unequal sites", "cooperative": "cooperativity",
          "two populations": "clusters exchanged to unequal extents"}  # fmt: skip


@dataclass(frozen=True)
class ModelTest:
    """A richer model against the random one.

    gain    : of twice the log likelihood
    p_value : chance of such a gain where shells are random
    """

    model: str
    gain: float
    p_value: float


@dataclass(frozen=True, eq=False)
class ShellComparison:
    """What a measured distribution says of how ligands share the shells.

    kind    : random, narrower or broader than random, of another shape, or not determined
    p_value : of randomness: chance of a misfit or of a width as unlike, at twice the smaller
    fits    : of every model that could be fitted, the random one first
    tests   : of the richer models against it
    expected : (N + 1,) random shell of the measured mean, over the k looked at
    distance : total variation between measured and expected: share of the shells that would have to
               hold another number of foreign ligands to be random
    verdict : in words, one sentence or two
    """

    distribution: LigandDistribution
    kind: Kind
    p_value: float
    fits: tuple[ShellFit, ...]
    tests: tuple[ModelTest, ...]
    expected: Floats
    distance: float
    verdict: str
    notes: tuple[str, ...] = ()

    @property
    def random(self) -> ShellFit:
        """The fit of the random shell."""
        return self.fits[0]

    @property
    def best(self) -> ShellFit:
        """The fit of least BIC; the random one wherever nothing speaks against it."""
        if self.kind in ("random", "not determined"):
            return self.random
        return min(self.fits, key=lambda fit: fit.bic)

    def as_json(self) -> dict[str, Any]:
        """The comparison in plain types; None for what is not known."""
        seen = self.distribution

        def told(value: float) -> float | None:
            return None if seen.blurred else finite(value)

        return {
            "ligand": seen.ligand, "framework": seen.framework, "n_sites": seen.n_sites,
            "k": seen.k.tolist(), "fraction": seen.fraction.tolist(),
            "fraction_sd": seen.fraction_sd.tolist(), "covariance": seen.covariance.tolist(),
            "mean": seen.mean, "mean_sd": told(seen.mean_sd), "variance": told(seen.variance),
            "dispersion": told(seen.dispersion), "dispersion_sd": told(seen.dispersion_sd),
            "kind": self.kind, "p_random": finite(self.p_value), "distance": self.distance,
            "verdict": self.verdict, "notes": (*seen.notes, *self.notes),
            "random_at_mean": self.expected[seen.k].tolist(), "told_apart": not seen.blurred,
            "fits": [fit.as_json() for fit in self.fits],
            "tests": [{"model": one.model, "gain": one.gain, "p_value": one.p_value}
                      for one in self.tests],
        }  # fmt: skip


def compare_shells(
    distribution: LigandDistribution, sites: LigandSites | None = None, *, intervals: bool = True
) -> ShellComparison:
    """Fit every model, and say whether the shells are random, narrower or broader.

    sites : classes of ligand sites; those known of the framework by default. Without any, the
            two-site model is left out, and said to be.
    intervals : of the parameters, which take most of the time
    """
    fits, notes = _fits(distribution, sites, intervals)
    tests = tuple(_test(fits[0], fit) for fit in fits[1:])
    kind, p_value = _judged(distribution, fits, tests)
    expected = _random_at_mean(distribution)
    distance = 0.5 * float(np.abs(distribution.fraction - expected[distribution.k]).sum())
    verdict = _verdict(distribution, kind, p_value, fits, distance)
    said = tuple(note for fit in fits[1:] for note in fit.notes) if kind == "narrower" else ()
    return ShellComparison(distribution, kind, p_value, fits, tests, expected, distance, verdict,
                           (*notes, *said))  # fmt: skip


def _fits(
    seen: LigandDistribution, sites: LigandSites | None, intervals: bool
) -> tuple[tuple[ShellFit, ...], tuple[str, ...]]:
    found, notes = [], []
    for model in MODELS:
        try:
            found.append(fit_shell(seen, model, sites, intervals=intervals))
        except SpeciationError as error:
            if sites is not None:
                raise
            notes.append(f"Left out: {error}")
    return tuple(found), tuple(notes)


def _random_at_mean(seen: LigandDistribution) -> Floats:
    """(N + 1,) random shell of the measured mean over the k looked at; 0 at all others.

    A fit weighs by errors: where shells are not random, its mean is not the measured one.
    """
    ways = np.full(seen.n_sites + 1, -np.inf)
    ways[seen.k] = placements(seen.n_sites)[seen.k]
    mean = float(np.clip(seen.mean, seen.k[0], seen.k[-1]))
    return tilted(np.exp(ways - ways.max()), mean)


def _test(random: ShellFit, fit: ShellFit) -> ModelTest:
    """Against the random shell, which is at the edge of all but the cooperative model.

    Half of chi squared there; with two more numbers of which one loses its meaning, that of two.
    """
    gain = max(random.deviance - fit.deviance, 0.0)
    p = {"two-site": 0.5 * chdtrc(1, gain), "cooperative": chdtrc(1, gain)}.get(
        fit.model, chdtrc(2, gain)
    )
    return ModelTest(fit.model, gain, float(p))


def _judged(
    seen: LigandDistribution, fits: tuple[ShellFit, ...], tests: tuple[ModelTest, ...]
) -> tuple[Kind, float]:
    if seen.blurred or seen.k.size < 3 or not 0 < seen.mean < seen.n_sites:
        return "not determined", float("nan")
    width = next(one.p_value for one in tests if one.model == "cooperative")
    misfit = fits[0].p_value
    p_value = min(1.0, 2.0 * min(width, misfit if np.isfinite(misfit) else 1.0))
    if p_value > LEVEL:
        return "random", p_value
    if 2.0 * width > LEVEL:
        return "another shape", p_value
    energy = next(fit for fit in fits if fit.model == "cooperative").parameter("energy").value
    off = seen.dispersion - 1.0
    if off * energy < 0 and abs(off) > 2.0 * seen.dispersion_sd:
        return "another shape", p_value
    return ("narrower" if energy < 0 else "broader"), p_value


def _verdict(
    seen: LigandDistribution, kind: Kind, p_value: float, fits: tuple[ShellFit, ...],
    distance: float,
) -> str:  # fmt: skip
    if seen.blurred:
        return ("Neighbouring k cannot be told apart in this mass spectrum: no verdict. "
                "The mean is rough, its error unknown.")  # fmt: skip
    if kind == "not determined":
        return "Too few different shells to say how the ligands are spread."
    width = f"variance {seen.dispersion:.2f} ± {seen.dispersion_sd:.2f} of a random shell's"
    if kind == "random":
        sure = "" if seen.dispersion_sd < 0.2 else "; the data would not show less than a large one"
        return f"Nothing speaks against random exchange (p = {p_value:.2g}; {width}{sure})."
    moved = f"{100 * distance:.2g} % of the shells would need another k to be random"
    said = f"Not random ({chance(p_value)}; {width}; {moved})"
    if kind == "another shape":
        return f"{said}: neither narrower nor broader throughout, but of another shape."
    ways = [fit for fit in fits[1:] if not (kind == "narrower" and fit.model == "two populations")
            and not (kind == "broader" and fit.model == "two-site")]  # fmt: skip
    least = min(fit.bic for fit in ways)
    good = [fit for fit in ways if fit.bic - least <= AS_GOOD]
    named = CAUSES | ({"cooperative": "repulsion of like ligands"} if kind == "narrower" else {})
    causes = " or ".join(named[fit.model] for fit in good)
    told = f"{said}: {kind}, as by {causes}"
    if len(good) > 1:
        told += ", which these data cannot tell apart"
    best = min(ways, key=lambda fit: fit.bic)
    misses = np.isfinite(best.p_value) and best.p_value < LEVEL / 5
    if fits[0].bic < best.bic:
        told += "; too weakly for a richer model to pay (BIC)"
    return f"{told}." + (" No model meets it within its errors." if misses else "")


def chance(p: float) -> str:
    """A small probability in words.

    >>> chance(0.03), chance(1e-9)
    ('p = 0.03', 'p < 0.0001')
    """
    return f"p = {p:.2g}" if p >= 1e-4 else "p < 0.0001"
