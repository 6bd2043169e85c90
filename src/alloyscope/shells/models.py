"""Models of a shell: parameters in, probabilities of k out, and where fits start."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from alloyscope.errors import SpeciationError, message
from alloyscope.shells.distribution import LigandDistribution
from alloyscope.shells.sites import LigandSites, ligand_sites
from alloyscope.shells.statistics import (
    binomial,
    cooperative_shell,
    site_shell,
    two_populations,
)

Floats = NDArray[np.float64]
ModelName = Literal["random", "two-site", "cooperative", "two populations"]
MODELS: tuple[ModelName, ...] = ("random", "two-site", "cooperative", "two populations")
EDGE = 12.0
"""Largest logit of an occupation."""

MOST_LOG_PREFERENCE, MOST_ENERGY = 8.0, 40.0


@dataclass(frozen=True)
class Coordinate:
    """One number that a fit may change, and what it is called where it is reported.

    scale : a logit times this is a number of ligands; 0 for what is reported as it is, 1 for a
            share; "log" for what is reported as its exponential
    """

    name: str
    low: float
    high: float
    unit: str = ""
    scale: float | Literal["log"] = 0.0

    def reported(self, value: float) -> float:
        """From the fitted number to the reported one."""
        if self.scale == "log":
            return float(np.exp(value))
        return float(self.scale * expit(value)) if self.scale else float(value)

    def slope(self, value: float) -> float:
        """Derivative of the reported number by the fitted one."""
        if self.scale == "log":
            return float(np.exp(value))
        share = float(expit(value))
        return float(self.scale * share * (1.0 - share)) if self.scale else 1.0


@dataclass(frozen=True, eq=False)
class Model:
    """A model of shells of N sites.

    shell  : from coordinates to (N + 1,) probabilities
    starts : of fits
    extra  : numbers that were chosen with the data, beside the coordinates
    """

    name: ModelName
    coordinates: tuple[Coordinate, ...]
    shell: Callable[[Floats], Floats]
    starts: tuple[tuple[float, ...], ...]
    extra: int = 0


def model_of(name: str, seen: LigandDistribution, sites: LigandSites | None = None) -> Model:
    """A model made ready for a distribution.

    sites : classes of ligand sites of "two-site"; those known of the framework by default
    Raises SpeciationError for a name that is none, and for classes that do not add up to N.
    """
    if name not in MODELS:
        raise SpeciationError(
            message("model", found=f'"{name}"', expected="one of " + ", ".join(MODELS))
        )
    n = seen.n_sites
    middle = float(np.clip(logit(np.clip(seen.mean / n, 1e-4, 1 - 1e-4)), -EDGE, EDGE))
    mean = Coordinate("mean", -EDGE, EDGE, "ligands", float(n))
    if name == "random":
        return Model("random", (mean,), lambda u: binomial(n, float(expit(u[0]))), ((middle,),))
    if name == "cooperative":
        energy = Coordinate("energy", -MOST_ENERGY, MOST_ENERGY, "kT")
        return Model(
            "cooperative", (mean, energy),
            lambda u: cooperative_shell(n, n * float(expit(u[0])), float(u[1])),
            ((middle, 0.0), (middle, 1.0), (middle, -3.0)),
        )  # fmt: skip
    if name == "two-site":
        return _two_site(two_classes(seen, sites), middle, mean)
    wide = 0.5 + float(np.sqrt(max(seen.variance, 0.25)) / n * 4.0)
    first = Coordinate("mean of the first", -EDGE, EDGE, "ligands", float(n))
    second = Coordinate("mean of the second", -EDGE, EDGE, "ligands", float(n))
    share = Coordinate("share of the first", -EDGE, EDGE, "", 1.0)
    return Model(
        "two populations", (first, second, share),
        lambda u: two_populations(n, (n * float(expit(u[0])), n * float(expit(u[1]))),
                                  float(expit(u[2]))),
        tuple((middle - wide * a, middle + wide * b, c)
              for a, b, c in ((1.0, 1.0, 0.0), (2.0, 0.5, -1.5), (0.5, 2.0, 1.5))),
    )  # fmt: skip


def two_classes(seen: LigandDistribution, sites: LigandSites | None) -> LigandSites:
    """The classes of a two-site model: those given, or those known of the framework.

    Raises SpeciationError where there are none, not two, or not N sites together.
    """
    known = sites or ligand_sites().get(seen.framework)
    if known is None:
        raise SpeciationError(
            message(f"two-site model of {seen.framework or 'this framework'}",
                    found="no known classes of ligand sites", expected="two classes",
                    do=f"Say them, as in --sites {seen.n_sites - seen.n_sites // 3}"
                       f"+{seen.n_sites // 3}.")
        )  # fmt: skip
    if known.whole != seen.n_sites:
        raise SpeciationError(
            message("classes of ligand sites", found=f"{known.whole} sites in all",
                    expected=f"{seen.n_sites}, the ligands of a shell")
        )  # fmt: skip
    if len(known.counts) == 2:
        return known
    if len(known.counts) < 2:
        raise SpeciationError(
            message("two-site model", found="1 class of sites", expected="2, as in 12+6")
        )
    # One distribution does not tell more than two classes apart: the largest against the rest.
    largest = known.counts.index(max(known.counts))
    return LigandSites((known.names[largest], "all others"),
                       (known.counts[largest], known.whole - known.counts[largest]))  # fmt: skip


def _two_site(sites: LigandSites, middle: float, mean: Coordinate) -> Model:
    counts = np.array(sites.counts, float)
    preference = Coordinate(f"preference for {sites.names[1]}", -MOST_LOG_PREFERENCE,
                            MOST_LOG_PREFERENCE, "", "log")  # fmt: skip

    def shell(u: Floats) -> Floats:
        held = float(expit(u[0])) * sites.whole
        return site_shell(sites.counts, class_occupations(counts, held, float(u[1])).tolist())

    return Model("two-site", (mean, preference), shell,
                 ((middle, 1.5), (middle, -1.5), (middle, 4.0), (middle, -4.0)))  # fmt: skip


def class_occupations(counts: Floats, mean: float, log_preference: float) -> Floats:
    """(2,) occupations of two classes with this mean, the second preferred by e^log_preference.

    n1 r / (1 + r) + n2 K r / (1 + K r) = mean is a quadratic equation for r.
    """
    k, whole = float(np.exp(log_preference)), float(counts.sum())
    if mean >= whole:
        return np.ones(2)
    square, line = k * (whole - mean), counts[0] + counts[1] * k - mean * (1.0 + k)
    root = float(np.sqrt(line**2 + 4.0 * square * mean))
    ratio = 2.0 * mean / (line + root) if line > 0 else (root - line) / (2.0 * square)
    return np.array([ratio / (1.0 + ratio), k * ratio / (1.0 + k * ratio)])
