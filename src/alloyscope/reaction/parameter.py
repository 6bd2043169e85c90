"""Quantities of a reaction model that have a value, a unit, bounds and a prior."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from alloyscope.errors import ReactionError, message

Quantity = float | str
"""A number, or the name of a parameter."""

BOLTZMANN_EV = 8.617333262e-5
"""eV/K (CODATA 2018, exact)."""

SECONDS = 60.0
UNITS = ("", "kT", "eV", "1/min", "1/s", "1/(M min)", "1/(M s)")
"""Pure numbers, energies, and rate constants of first and of second order.

A rate constant in 1/min or 1/s of a step of higher order holds at the case's concentration:
amounts are then counted per cluster fed.
"""


@dataclass(frozen=True)
class Parameter:
    """A quantity of the model.

    value      : in `unit`
    unit       : one of `UNITS`
    logarithmic: whether it is fitted, and its prior stated, as log10
    low, high  : bounds, in `unit`
    prior      : centre of a normal prior, in `unit`; its spread `sd` is in decades where
                 logarithmic, else in `unit`; sd = inf is flat between the bounds
    free       : whether a fit may change it
    title      : what it is, in words
    Raises ReactionError for values outside the bounds and units that are not known.
    """

    name: str
    value: float
    unit: str = ""
    logarithmic: bool = False
    low: float = -math.inf
    high: float = math.inf
    prior: float = 0.0
    sd: float = math.inf
    free: bool = False
    title: str = ""

    def __post_init__(self) -> None:
        where = f"parameter {self.name}"
        if self.unit not in UNITS:
            raise ReactionError(
                message(where, found=f'the unit "{self.unit}"',
                        expected="one of " + ", ".join(f'"{unit}"' for unit in UNITS))
            )  # fmt: skip
        if not self.low <= self.value <= self.high:
            raise ReactionError(
                message(where, found=f"{self.value:g}",
                        expected=f"a value between its bounds, {self.low:g} and {self.high:g}")
            )  # fmt: skip
        logged = (self.value, self.low) + ((self.prior,) if math.isfinite(self.sd) else ())
        if self.logarithmic and min(logged) <= 0:
            raise ReactionError(
                message(where, found="a value, bound or prior of 0 or less",
                        expected="numbers above 0, since it is logarithmic")
            )  # fmt: skip
        if not self.sd > 0:
            raise ReactionError(
                message(where, found=f"a prior's spread of {self.sd:g}", expected="one above 0")
            )

    def coordinate(self, value: float) -> float:
        """A value on the scale of fits: its log10 where logarithmic."""
        return math.log10(value) if self.logarithmic else value

    def at(self, coordinate: float) -> float:
        """The value, in `unit`, at a coordinate of a fit."""
        return 10.0**coordinate if self.logarithmic else coordinate

    @property
    def bounds(self) -> tuple[float, float]:
        """Bounds as coordinates."""
        return self.coordinate(self.low), self.coordinate(self.high)


def internal(value: float, unit: str, temperature: float, concentration: float) -> float:
    """A value in the units the kernels use: kT; 1/min at amounts per cluster fed.

    temperature   : K
    concentration : M of clusters, the amount that counts as 1

    >>> internal(1.0, "eV", 298.15, 1e-5)  # doctest: +ELLIPSIS
    38.9...
    >>> round(internal(100.0, "1/(M s)", 298.15, 1e-5), 6)
    0.06
    """
    if unit == "eV":
        return value / (BOLTZMANN_EV * temperature)
    per_minute = value * SECONDS if unit in ("1/s", "1/(M s)") else value
    return per_minute * concentration if unit.startswith("1/(M") else per_minute


def resolved(quantity: Quantity, values: Mapping[str, float]) -> float:
    """A number, or the value of the parameter it names."""
    return values[quantity] if isinstance(quantity, str) else float(quantity)
