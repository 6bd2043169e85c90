"""Are the exchange of metals and that of ligands independent? x and k of the same clusters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares
from scipy.special import chdtrc, ndtr

from alloyscope.errors import SpeciationError, message
from alloyscope.shells.compare import chance
from alloyscope.shells.distribution import SILENT
from alloyscope.shells.fit import finite
from alloyscope.shells.likelihood import FREE
from alloyscope.speciation import Speciation, framework_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class JointDistribution:
    """Metals x and foreign ligands k of one framework's clusters, and whether they go together.

    x, k        : (n_x,), (n_k,) counts
    fraction    : (n_x, n_k) of the framework's amount
    correlation : of x and k among clusters, with its sd; nan where one of them does not vary
    chi2, freedom, p_value : of the product of the margins, with the amounts' covariance
    p_correlation : of no correlation
    """

    metal: str
    ligand: str
    framework: str
    x: Ints
    k: Ints
    fraction: Floats
    correlation: float
    correlation_sd: float
    p_correlation: float
    chi2: float
    freedom: int
    p_value: float

    @property
    def verdict(self) -> str:
        """In words, one sentence."""
        if not np.isfinite(self.correlation):
            return f"x of {self.metal} or the number of {self.ligand} does not vary."
        said = f"correlation {self.correlation:+.3f} ± {self.correlation_sd:.3f}"
        p = min(1.0, 2 * min(self.p_correlation, self.p_value if np.isfinite(self.p_value) else 1))
        if p > 0.05:
            return (f"Nothing speaks against independent exchange of {self.metal} and "
                    f"{self.ligand} ({said}, p = {p:.2g}).")  # fmt: skip
        way = ": where there is more of one there is " + (
            "more" if self.correlation > 0 else "less"
        )
        way = f"{way} of the other" if self.p_correlation < 0.025 else ""
        return (f"{self.metal} and {self.ligand} are not exchanged independently{way} "
                f"({said}, {chance(p)}).")  # fmt: skip

    def as_json(self) -> dict[str, Any]:
        """The joint distribution in plain types."""
        return {
            "metal": self.metal, "ligand": self.ligand, "framework": self.framework,
            "x": self.x.tolist(), "k": self.k.tolist(), "fraction": self.fraction.tolist(),
            "correlation": finite(self.correlation), "correlation_sd": finite(self.correlation_sd),
            "p_correlation": finite(self.p_correlation), "chi2": finite(self.chi2),
            "freedom": self.freedom, "p_value": finite(self.p_value), "verdict": self.verdict,
        }  # fmt: skip


def metal_and_ligand(
    speciation: Speciation, metal: str, ligand: str, framework: str, condition: int = 0
) -> JointDistribution:
    """Whether the metals and the ligands of a framework were exchanged independently.

    Raises SpeciationError where there is none of the framework.
    """
    rows = [n for n, s in enumerate(speciation.species) if framework_of(s) == framework]
    kinds = [speciation.species[n] for n in rows]
    return joint_of(
        np.array([s.count(metal) for s in kinds], np.int64),
        np.array([s.count(ligand) for s in kinds], np.int64),
        speciation.amount[condition][rows], speciation.covariance(condition)[np.ix_(rows, rows)],
        metal, ligand, framework,
    )  # fmt: skip


def joint_of(
    x: Ints, k: Ints, amount: Floats, covariance: Floats, metal: str, ligand: str, framework: str
) -> JointDistribution:
    """The joint distribution of species.

    x, k, amount : (n_species,), with (n_species, n_species) covariance of the amounts
    Raises SpeciationError for no amount at all.
    """
    if not amount.size or not amount.sum() > 0:
        raise SpeciationError(
            message(f"framework {framework}", found="none of it", expected="one that is there")
        )
    xs, ks = np.unique(x), np.unique(k)
    cell = np.searchsorted(xs, x) * ks.size + np.searchsorted(ks, k)
    pick = (cell[None, :] == np.arange(xs.size * ks.size)[:, None]).astype(float)
    own, joint = pick @ amount, pick @ covariance @ pick.T
    silent = pick.sum(axis=1) == 0
    joint[silent, silent] = (SILENT * own[own > 0].min()) ** 2
    joint[np.diag_indices_from(joint)] += (1e-6 * own.max()) ** 2
    correlation, sd = _correlation(xs, ks, own, joint)
    table = own.reshape(xs.size, ks.size)
    misfit, freedom = _product(table, joint)
    varies = np.isfinite(correlation)
    return JointDistribution(
        metal, ligand, framework, xs, ks, table / own.sum(), correlation, sd,
        float(2 * ndtr(-abs(correlation) / sd)) if varies and sd > 0 else float("nan"), misfit,
        freedom, float(chdtrc(freedom, misfit)) if freedom > 0 else float("nan"),
    )  # fmt: skip


def _correlation(xs: Ints, ks: Ints, own: Floats, joint: Floats) -> tuple[float, float]:
    """Of x and k, and its sd to first order."""
    p = own / own.sum()
    x, k = np.repeat(xs, ks.size).astype(float), np.tile(ks, xs.size).astype(float)
    x, k = x - p @ x, k - p @ k
    vx, vk = float(p @ x**2), float(p @ k**2)
    if vx < 1e-12 or vk < 1e-12:
        return float("nan"), float("nan")
    r = float(p @ (x * k)) / np.sqrt(vx * vk)
    slope = (x * k / np.sqrt(vx * vk) - 0.5 * r * (x**2 / vx + k**2 / vk)) / own.sum()
    return float(r), float(np.sqrt(max(float(slope @ joint @ slope), 0.0)))


def _product(table: Floats, joint: Floats) -> tuple[float, int]:
    """Chi squared of the best product of a column and a row, and its degrees of freedom."""
    n_x, n_k = table.shape
    if n_x < 2 or n_k < 2:
        return 0.0, 0
    data = table.ravel()
    free = FREE**2 * np.outer(data, data)
    whiten = np.linalg.inv(np.linalg.cholesky(joint + free))
    rows, columns = table.sum(axis=1), table.sum(axis=0) / table.sum()

    def residuals(u: Floats) -> Floats:
        # Both margins add up to 1; the scale of the data is free.
        rows, columns = (np.exp(part - part.max()) for part in np.split(u, [n_x]))
        model = np.outer(rows / rows.sum(), columns / columns.sum()).ravel()
        return np.asarray(whiten @ (data - data.sum() * model))

    start = np.log(np.maximum(np.concatenate([rows / rows.sum(), columns]), 1e-9))
    found = least_squares(residuals, start, x_scale="jac", max_nfev=400)
    return 2.0 * float(found.cost), (n_x - 1) * (n_k - 1)
