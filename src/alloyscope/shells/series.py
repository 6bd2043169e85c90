"""Foreign ligands per shell along a series: over time, feed, or the halide added."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc, ndtr

from alloyscope.errors import SpeciationError, message
from alloyscope.shells.compare import chance
from alloyscope.shells.distribution import LigandDistribution
from alloyscope.shells.equilibrium import ExchangeConstant, exchange_constant
from alloyscope.shells.fit import finite

Floats = NDArray[np.float64]
FOREIGN = "foreign ligands"


@dataclass(frozen=True, eq=False)
class ShellSeries:
    """The mean number of foreign ligands at several conditions.

    at          : (n,) what was varied: minutes, a ratio
    mean, sd    : (n,)
    slope       : of the mean by `at`, by weighted least squares, with its sd
    p_trend     : chance of such a slope where nothing changes
    p_line      : chance of as large a scatter about the line; nan for two points
    constants   : of the exchange at every condition; empty where free ligands are not known
    constant    : their weighted mean, None
    p_constant  : chance of their scatter where they are one number
    told        : whether the errors of the means are known: neighbouring k were told apart in all
    """

    ligand: str
    at: Floats
    mean: Floats
    sd: Floats
    slope: float
    slope_sd: float
    p_trend: float
    p_line: float
    constants: tuple[ExchangeConstant, ...] = ()
    constant: ExchangeConstant | None = None
    p_constant: float = float("nan")
    told: bool = True

    @property
    def verdict(self) -> str:
        """In words, one sentence or two."""
        if not self.told:
            return ("Neighbouring k cannot be told apart in all of these spectra: the errors of "
                    "the means are unknown, and no trend is judged.")  # fmt: skip
        said = self._trend() if self.at.size > 2 else self._step()
        if self.constant is None:
            return said
        one = f"K = {plus_minus(self.constant.constant, self.constant.sd)}"
        if np.isfinite(self.p_constant) and self.p_constant < 0.05:
            return (f"{said} No one constant fits all conditions ({chance(self.p_constant)}): "
                    "no equilibrium, or the ratios of free ligands are wrong.")  # fmt: skip
        return f"{said} One constant fits all conditions: {one}."

    def _step(self) -> str:
        """Of two conditions: their difference alone, for a line always meets two points."""
        first, last = np.argsort(self.at)
        change = float(self.mean[last] - self.mean[first])
        sd = float(np.hypot(self.sd[last], self.sd[first]))
        by = f"by {plus_minus(abs(change), sd)} per shell; two conditions test no line"
        if abs(change) > 1.96 * sd:
            found = "rises" if change > 0 else "falls"
            return f"The mean number of {self.ligand or FOREIGN} {found} from first to last ({by})."
        return f"Nothing shows that the number of {self.ligand or FOREIGN} changes ({by})."

    def _trend(self) -> str:
        slope = plus_minus(self.slope, self.slope_sd, sign=True)
        trend = f"slope {slope} per shell and unit of what was varied, {chance(self.p_trend)}"
        name = self.ligand or FOREIGN
        bent = np.isfinite(self.p_line) and self.p_line < 0.05
        if self.p_trend < 0.05:
            found = "rises" if self.slope > 0 else "falls"
            said = f"The mean number of {name} {found} along the series ({trend})"
            return said + (", not along a straight line." if bent else ".")
        if bent:
            return f"The mean number of {name} varies, without a trend ({trend})."
        return f"Nothing shows that the number of {name} changes ({trend})."

    def as_json(self) -> dict[str, Any]:
        """The series in plain types."""
        whole = self.constant
        return {
            "ligand": self.ligand, "at": self.at.tolist(), "mean": self.mean.tolist(),
            "mean_sd": self.sd.tolist(), "slope": self.slope, "slope_sd": self.slope_sd,
            "p_trend": self.p_trend, "p_line": finite(self.p_line),
            "constants": [finite(one.constant) for one in self.constants],
            "constants_sd": [finite(one.sd) for one in self.constants],
            "constant": None if whole is None else finite(whole.constant),
            "constant_sd": None if whole is None else finite(whole.sd),
            "p_constant": finite(self.p_constant), "told": self.told, "verdict": self.verdict,
        }  # fmt: skip


def shell_series(
    distributions: Sequence[LigandDistribution], at: Sequence[float],
    free_ratios: Sequence[float] = (),
) -> ShellSeries:  # fmt: skip
    """The mean number of foreign ligands along a series, its trend, and constants.

    at          : what was varied, a number for each distribution
    free_ratios : free foreign over own ligand at the end of each, [Cl-] / [RSH] say
    Raises SpeciationError for fewer than two conditions or numbers that do not fit them.
    """
    n, place = len(distributions), np.array(at, float)
    if n < 2 or place.size != n or np.ptp(place) <= 0 or not np.isfinite(place).all():
        raise SpeciationError(
            message("series", found=f"{n} distributions at {place.size} conditions",
                    expected="two or more, each with its number, not all the same")
        )  # fmt: skip
    if free_ratios and len(free_ratios) != n:
        raise SpeciationError(
            message("series", found=f"{len(free_ratios)} ratios of free ligands",
                    expected=f"one for each of {n} distributions")
        )  # fmt: skip
    mean = np.array([one.mean for one in distributions])
    sd = np.array([one.mean_sd for one in distributions])
    weight = 1.0 / np.maximum(sd, 1e-9) ** 2
    centre = float(weight @ place / weight.sum())
    spread = float(weight @ (place - centre) ** 2)
    slope = float(weight @ ((place - centre) * mean)) / spread
    line = float(weight @ mean / weight.sum()) + slope * (place - centre)
    scatter = float(weight @ (mean - line) ** 2)
    constants = tuple(
        exchange_constant(one.mean, one.mean_sd, one.n_sites, ratio)
        for one, ratio in zip(distributions, free_ratios, strict=False)
    )
    whole, p_constant = _one_constant(constants)
    return ShellSeries(
        distributions[0].ligand, place, mean, sd, slope, spread**-0.5,
        float(2 * ndtr(-abs(slope) * spread**0.5)),
        float(chdtrc(n - 2, scatter)) if n > 2 else float("nan"), constants, whole, p_constant,
        not any(one.blurred for one in distributions),
    )  # fmt: skip


def _one_constant(
    constants: Sequence[ExchangeConstant],
) -> tuple[ExchangeConstant | None, float]:
    known = [one for one in constants if np.isfinite(one.constant) and one.sd > 0]
    if not known:
        return None, float("nan")
    value, sd = np.array([one.constant for one in known]), np.array([one.sd for one in known])
    weight = sd**-2.0
    mean = float(weight @ value / weight.sum())
    scatter = float(weight @ (value - mean) ** 2)
    p = float(chdtrc(len(known) - 1, scatter)) if len(known) > 1 else float("nan")
    return ExchangeConstant(mean, float(weight.sum() ** -0.5)), p


def plus_minus(value: float, sd: float, *, sign: bool = False) -> str:
    """A value and its sd, both to the sd's second digit.

    >>> plus_minus(1.00213, 0.0086), plus_minus(-0.5, 0.11), plus_minus(12.3, 2.1, sign=True)
    ('1.0021 ± 0.0086', '−0.50 ± 0.11', '+12.3 ± 2.1')
    """
    known = 1e-9 * abs(value) < sd < float("inf")
    digits = min(max(1 - int(f"{sd:.1e}".split("e")[1]), 0), 9) if known else 4
    text = f"{value:{'+' if sign else ''}.{digits}f}".replace("-", "−")
    return f"{text} ± {sd:.{digits}f}" if known else text
